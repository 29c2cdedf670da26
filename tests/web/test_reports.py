"""The reports in a browser: all of them answer, by link, as a table and as files that say the same."""

import csv
import io
import re
import zipfile
from html import unescape

import pytest

from pos_app.office import asked_report
from pos_app.reports.ask.registry import REPORTS
from tests.web.world import Browser, World


@pytest.fixture(scope="module")
def owner(world: World) -> Browser:
    """A browser of the owner."""
    return world.signed_in("OWNER")


#: What some are asked beside their days.
MORE = {"account-ledger": "&account=1110", "party-statement": "&party=C1"}


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_a_page_and_three_files(owner: Browser, name: str) -> None:
    assert f"/office/reports/one?name={name}" in owner.get("/reports").text
    asked = f"name={name}&from=2026-11-01&to=2026-11-30{MORE.get(name, '')}"
    assert owner.get(f"/reports/one?{asked}").status_code == 200, owner.text
    assert "<tbody>" in owner.page.text or "Nothing is here." in owner.text
    begins = {"csv": b"", "xlsx": b"PK", "pdf": b"%PDF"}
    for form, beginning in begins.items():
        sent = owner.client.get(f"/office/reports/file?{asked}&format={form}")
        assert sent.status_code == 200
        assert sent.content.startswith(beginning)
        assert sent.headers["content-disposition"].startswith(f'attachment; filename="{name}-')
        assert sent.headers["content-disposition"].endswith(f'.{form}"')
        if form == "xlsx":
            assert zipfile.ZipFile(io.BytesIO(sent.content)).testzip() is None


def test_the_page_and_the_file_say_the_same(owner: Browser) -> None:
    asked = "name=sales-by-product&from=2026-11-20&to=2026-11-20"
    owner.get(f"/reports/one?{asked}")
    rows = list(csv.reader(io.StringIO(owner.client.get(f"/office/reports/file?{asked}&format=csv").text)))
    lines = [row for row in rows if "SKU1" in row]
    assert lines
    assert "SKU1 Product 1 pc 1" in owner.text
    assert "258.62 41.38 300.00" in owner.text
    assert owner.value("from") == "2026-11-20"
    # A link stays: what is asked stands in the address alone.
    owner.get("/reports/one?name=account-ledger")
    assert "Say of whom or what" in owner.text


def test_a_chart_tells_what_it_shows_and_holds_no_style(owner: Browser) -> None:
    owner.get("/reports/one?name=sales-totals&from=2026-11-01&to=2026-11-30")
    (chart,) = re.findall(r"<svg class=\"chart time\".*?</svg>", owner.page.text, re.S)
    assert 'role="img" aria-labelledby="chart-2-title chart-2-told"' in chart
    assert '<title id="chart-2-title">Sales totals, By day</title>' in chart
    assert "the most 300.00 KES (2026-11-13)" in chart
    assert chart.count('<rect class="bar"') == 2
    assert "style=" not in owner.page.text
    # One day is no comparison.
    owner.get("/reports/one?name=sales-totals&from=2026-11-20&to=2026-11-20")
    assert 'class="chart time"' not in owner.page.text


def test_a_row_opens_into_what_makes_it(owner: Browser) -> None:
    days = "from=2026-11-01&to=2026-11-30"
    for asked, inside in (
        (f"name=cashiers&{days}", "/office/documents?"),
        (f"name=sales-by-till&{days}", "/office/reports/one?"),
        (f"name=trial-balance&{days}", "/office/reports/one?"),
        (f"name=account-ledger&account=1110&{days}", "/office/documents/one?"),
        (f"name=sales-by-product&{days}", "/office/products/thing?"),
        (f"name=margins&{days}", "/office/products/thing?"),
    ):
        owner.get(f"/reports/one?{asked}")
        rows = owner.page.text.partition("<tbody>")[2]
        found = [unescape(one) for one in re.findall(r'<td><a href="([^"]+)"', rows)]
        assert any(one.startswith(inside) for one in found), (asked, found)
        first = next(one for one in found if one.startswith(inside))
        assert owner.get(first.removeprefix("/office")).status_code == 200, first


def test_a_report_that_takes_too_much_is_a_sentence(owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "/reports/one?name=sales-totals&from=2016-01-01&to=2026-11-30"
    monkeypatch.setattr(asked_report, "MOST_ROWS", 1)
    assert owner.get(asked).status_code == 422
    assert owner.code == "report-too-long"
    assert owner.value("from") == "2016-01-01"
    monkeypatch.setattr(asked_report, "MOST_ROWS", 100_000)
    assert owner.get(asked).status_code == 200


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("name=nothing", "report-unknown"),
        ("name=tax&from=yesterday", "not-a-date"),
        ("name=tax&from=2026-12-01&to=2026-11-01", "period-ends-before-it-begins"),
        ("name=tax&business=NONE", "business-unknown"),
        ("name=account-ledger&account=nonsense", "account-not-here"),
        ("name=party-statement&party=nobody", "party-not-here"),
        ("name=balance-sheet&depot=MAIN", "report-not-by-depot"),
        ("name=cashiers&depot=NONE", "depot-unknown"),
        ("name=cashiers&till=three", "report-till-unknown"),
        ("name=slow-stock&days=0", "report-days-implausible"),
    ],
)
def test_what_cannot_be_asked_is_told_and_stays_in_the_form(owner: Browser, asked: str, code: str) -> None:
    assert owner.get(f"/reports/one?{asked}").status_code in (404, 422)
    assert owner.code.startswith(code), owner.text


def test_reports_speak_the_language_of_who_reads(owner: Browser, world: World) -> None:
    other = world.signed_in("AUD")
    other.get("/reports")
    other.send("/preferences", language="sw", theme="auto", back="/office/reports")
    other.get("/reports/one?name=profit-and-loss")
    assert "Jumla" in other.text or "Mapato" in other.text, other.text
    assert "Total" not in other.text
    sent = other.client.get("/office/reports/file?name=sales-totals&format=csv")
    assert "Total" in sent.text
