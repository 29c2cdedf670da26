"""`bohari report` as a script calls it: every report in every format, its file, its exit code."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pos_app import bootstrap
from pos_app.cli.command import Call
from pos_app.reports.ask.registry import REPORTS
from tests.support.worlds.command_line import bohari

FORMATS = ("table", "csv", "xlsx", "pdf", "json")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A centre that was only just made: its reports are empty, and whole.

    It is held open, or each of some hundred openings would start a Postgres and stop it.
    """
    folder = tmp_path_factory.mktemp("centre")
    made = bohari("init", "--org", "Depot Ltd", "--demo", "--json", home=folder)
    assert made.code == 0, made.stderr
    with bootstrap.central(folder):
        yield folder


@pytest.mark.parametrize("form", FORMATS)
def test_every_report_in_every_format(home: Path, tmp_path: Path, form: str) -> None:
    """In one process: a command a report would take a minute to start."""
    from pos_app.cli import report

    party = a_party(home)
    for name in REPORTS:
        target = tmp_path / f"{name}.{form}"
        asked = report.Asked(account="1300", party=party, last="2026-11-30")
        answer = report.report(Call(home), name, asked, form, target)
        assert answer.ok, (name, answer.lines)
        data = target.read_bytes()
        if form == "csv":
            assert next(csv.reader(io.StringIO(data.decode(), newline="")))[:2] == ["section", "row"]
        elif form == "xlsx":
            assert load_workbook(io.BytesIO(data)).sheetnames
        elif form == "pdf":
            assert data.startswith(b"%PDF")
        elif form == "json":
            assert json.loads(data)["report"] == name
        else:
            assert "30 November 2026" in data.decode()
        assert list(tmp_path.glob("*.making")) == []


def a_party(home: Path) -> str:
    from sqlalchemy import text

    from pos_app.cli.homes import opened

    with opened(home) as one, one.database.read() as connection:
        return str(connection.execute(text("SELECT min(code) FROM party")).scalar_one())


def test_as_a_script_calls_it(home: Path, tmp_path: Path) -> None:
    ran = bohari("report", "trial-balance", "--json", home=home)
    assert ran.values["agrees"] is True
    assert ran.values["sections"][0]["columns"][0]["title"] == "Code"
    ran = bohari("report", "balance-sheet", "--by-business", "--to", "2026-11-30", home=home)
    assert ran.code == 0
    assert "Balance sheet, as of 30 November 2026" in ran.stdout
    ran = bohari("report", "sales-totals", "--output", str(tmp_path / "x.pdf"), "--json", home=home)
    assert ran.values["format"] == "pdf"
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


def test_a_person_reads_the_language_asked_for_and_a_program_english(home: Path, tmp_path: Path) -> None:
    words = ("report", "balance-sheet", "--to", "2026-11-30")
    read = bohari(*words, home=home, BOHARI_LANGUAGE="sw")
    assert "Mizania, hadi 30 Novemba 2026" in read.stdout
    assert "Jumla ya mali" in read.stdout
    of_the_home = bohari(*words, home=home, BOHARI_RECEIPT_LANGUAGE="sw")
    assert of_the_home.stdout == read.stdout
    for form in ("csv", "json"):
        told = bohari(*words, "--format", form, home=home, BOHARI_LANGUAGE="sw")
        assert told.stdout == bohari(*words, "--format", form, home=home).stdout
        assert "Total assets" in told.stdout


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("nonsense",), 2, "no report “nonsense”; choose one of trial-balance"),
        (("tax", "--format", "doc"), 2, "no format “doc”"),
        (("tax", "--format", "pdf"), 2, "--output tax.pdf"),
        (("tax", "--business", "ZZ"), 1, "no business “ZZ”"),
        (("tax", "--from", "30.11.2026"), 1, "is not a date; write it like 2026-11-30"),
        (("tax", "--to", "0001-01-01"), 1, "The year 1 cannot be right"),
        (("tax", "--from", "2026-12-01", "--to", "2026-11-30"), 1, "ends on 2026-11-30 before it begins"),
        (("balance-sheet", "--from", "2026-12-01", "--to", "2026-11-30"), 1, "before it begins"),
        (("account-ledger",), 1, "--account"),
        (("account-ledger", "--account", "x" * 50), 1, "no account “xxxx"),
        (("party-statement", "--party", "'; DROP TABLE party; --"), 1, "no party"),
        (("tax", "--output", "/proc/nowhere/x.csv"), 1, "cannot be written"),
    ],
)
def test_what_it_refuses(home: Path, words: tuple[str, ...], code: int, sentence: str) -> None:
    ran = bohari("report", *words, home=home)
    assert ran.code == code
    assert sentence in ran.stderr
    assert "Traceback" not in ran.stderr


def test_what_does_not_agree_is_printed_and_exits_1(home: Path) -> None:
    with bootstrap.central(home) as centre, centre.database.write() as connection:
        from sqlalchemy import text

        connection.execute(
            text(
                "INSERT INTO account_balance"
                " (org_id, business_id, account_code, currency, amount, base_amount)"
                " SELECT org_id, min(business_id), '1150', 'KES', 5, 5 FROM business GROUP BY org_id"
            )
        )
    ran = bohari("report", "trial-balance", home=home)
    assert ran.code == 1
    assert "DOES NOT AGREE: Debits and credits differ by 0.05." in ran.stdout
    assert "differ by 0.05" in ran.stderr
    ran = bohari("report", "trial-balance", "--json", home=home)
    assert ran.code == 1
    assert ran.values["agrees"] is False
