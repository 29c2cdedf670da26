"""Every report in Swahili: no text of the catalogue stands on it in English, on the screen or on paper."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.language import use_paper_language
from pos_app.reports.ask.registry import REPORTS
from pos_app.reports.draw.report_pdf import report_pdf
from pos_app.reports.draw.table import table
from pos_app.reports.model.report import Report
from pos_app.store.tables import master
from tests.support.documents.specimens import BUSINESSES, ORG
from tests.support.english import english_in
from tests.support.worlds.books import Store
from tests.support.worlds.report_books import Books, written

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 18)
#: What people named: it stands on a report as they wrote it, and is no English of ours.
NAMED = (master.account, master.business, master.product, master.party, master.person, master.organisation)


@pytest.fixture
def books(store: Store) -> Iterator[Books]:
    made = written(store)
    with store.database.write() as connection:
        for one in NAMED:
            connection.execute(one.update().values(name="Jina"))
        connection.execute(master.product.update().values(category="Aina"))
    use_paper_language("sw")
    yield made
    use_paper_language("en")


def cells(drawn: str) -> list[str]:
    """What stands apart from each other in drawn text."""
    return [cell for cell in re.split(r"\s{2,}|\n", drawn) if cell]


def read_back(pdf: bytes, folder: Path) -> str:
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode()


def test_what_does_not_agree_is_said_in_swahili(books: Books) -> None:
    """Money without a document is on one side only; a till has its documents alone, and no such sums."""
    if books.store.is_sqlite:
        pytest.skip("a till keeps no such sums")
    with books.store.database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO account_balance"
                " (org_id, business_id, account_code, currency, amount, base_amount)"
                " VALUES (:org, :business, '1150', 'KES', 5, 5)"
            ),
            {"org": ORG, "business": BUSINESSES[0]},
        )
    for name in ("trial-balance", "balance-sheet"):
        report = books.ask(name, None, LAST)
        assert not report.agrees
        assert "HAIKUBALIANI: " in table(report)
        assert english_in(cells(table(report)), "paper") == []


def asked(books: Books, name: str) -> list[Report]:
    """A report as it can be asked: of all, of one business, and with a column for each."""
    return [
        books.ask(name, first, LAST, business=business, by_business=beside, account="1300", party="C501")
        for first in (None, FIRST)
        for business, beside in ((None, False), (None, True), (BUSINESSES[0], False))
    ]


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_says_no_english(books: Books, tmp_path: Path, name: str) -> None:
    for report in asked(books, name):
        assert "Novemba 2026" in table(report)
        assert english_in(cells(table(report)), "paper") == []
        if shutil.which("pdftotext"):
            paper = read_back(report_pdf(report), tmp_path)
            assert "Ukurasa 1 kati ya" in paper
            assert english_in(cells(paper), "paper") == []
