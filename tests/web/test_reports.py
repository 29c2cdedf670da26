"""The reports in a browser: all of them answer, by link, as a table and as files that say the same."""

import csv
import io
import zipfile

import pytest

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


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("name=nothing", "report-unknown"),
        ("name=tax&from=yesterday", "not-a-date"),
        ("name=tax&from=2026-12-01&to=2026-11-01", "period-ends-before-it-begins"),
        ("name=tax&business=NONE", "business-unknown"),
        ("name=account-ledger&account=nonsense", "account-not-here"),
        ("name=party-statement&party=nobody", "party-not-here"),
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
