"""A bank's statement in the office: its lines once each, held against the books, accepted by a person."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.ledger.line import TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.quantity import ONE
from pos_app.office import bank_bags, bank_statements, invoicing, payments, treasury, voids
from pos_app.office.bank_statements import ASIDE, MATCHED, OPEN, Kind, Line, Opened
from pos_app.office.books import PostingDetails
from pos_app.office.bringing import bank_rows
from pos_app.office.invoicing import Goods
from pos_app.store.engine.engine import open_postgres
from tests.conftest import fresh_central
from tests.support.camt import Entry, camt
from tests.support.refused import refused
from tests.support.worlds.bags import leave
from tests.support.worlds.office_fixture import Desk

NUMBER = "KE12 0102030405"


@pytest.fixture(scope="module")
def desk(postgres_url: str, central_template: str) -> Iterator[Desk]:
    """One for all of these: each test has days and amounts of its own."""
    with fresh_central(postgres_url, central_template) as url:
        database = open_postgres(url)
        made = Desk.make(database)
        bank_statements.say_account(made.office, "1170", NUMBER)
        made.fill_safe(20_000_00)
        yield made
        database.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def bring(desk: Desk, folder: Path, *entries: Entry, number: str = NUMBER) -> list[tuple[int, int]]:
    """Bring a statement in; gives its lines and how many of them were new."""
    path = folder / "statement.xml"
    path.write_text(camt(number, entries), encoding="utf-8")
    return [(one.lines, one.new) for one in bank_statements.bring_camt(desk.office, path)]


def line_of(desk: Desk, amount: int, state: str = OPEN) -> Line:
    (found,) = [one for one in bank_statements.lines(desk.office, state=state) if one.key.amount == amount]
    return found


def opened(desk: Desk, amount: int, state: str = OPEN) -> Opened:
    return bank_statements.opened(desk.office, line_of(desk, amount, state).key.name)


def transfer(desk: Desk, amount: int, day: int, reference: str = "") -> str:
    """What left the bank for the safe."""
    made = treasury.transfer(
        desk.as_("OWNER"), "bank", "safe", amount, PostingDetails(on=day), reference=reference
    )
    return made.number


def test_files_that_overlap_bring_each_line_once(desk: Desk, folder: Path) -> None:
    first = [Entry("11.00", "2026-09-01"), Entry("11.00", "2026-09-01"), Entry("12.00", "2026-09-02")]
    assert bring(desk, folder, *first) == [(3, 3)]
    assert bring(desk, folder, *first) == [(3, 0)]
    assert bring(desk, folder, Entry("12.00", "2026-09-02"), Entry("13.00", "2026-09-03")) == [(2, 1)]
    # The same days as CSV of another menu, in another encoding: the same lines.
    rows = folder / "lines.csv"
    rows.write_bytes(
        "date;credit;debit;details\n01/09/2026;11,00;;Café\n13/09/2026;;5,00;é\n".encode("cp1252")
    )
    done = bank_rows.bring(desk.office, "1170", rows)
    assert (done.rows, done.added, done.unchanged, done.refused) == (2, 1, 1, [])
    assert line_of(desk, -5_00).told.words == "é"


def test_a_statement_of_another_account_is_refused_whole(desk: Desk, folder: Path) -> None:
    with refused("statement-of-unknown-account"):
        bring(desk, folder, Entry("77.00"), number="KE99")
    path = folder / "dollars.xml"
    path.write_text(camt(NUMBER, [Entry("77.00")], currency="USD"), encoding="utf-8")
    with refused("statement-in-other-currency"):
        bank_statements.bring_camt(desk.office, path)
    rows = folder / "lines.csv"
    rows.write_text("date,amount,account\n2026-09-05,77.00,KE99\n2026-09-05,,\n2026-09-05,zero,\n")
    done = bank_rows.bring(desk.office, "1170", rows)
    assert [getattr(one.reason, "code", "") for one in done.refused][:2] == [
        "statement-of-other-account",
        "statement-row-without-amount",
    ]
    assert not done.added
    with refused("bank-account-unknown"):
        bank_rows.bring(desk.office, "1171", rows)
    with refused("bank-number-of-other"):
        bank_statements.say_account(desk.office, "1171", NUMBER)
    with refused("person-may-not-here"):
        bank_statements.say_account(desk.as_("AUD"), "1171", "KE55 66")


def test_what_is_booked_is_proposed_and_accepted_once(desk: Desk, folder: Path) -> None:
    number = transfer(desk, 2_000_00, 20261018, "CHQ 000451")
    bring(desk, folder, Entry("-2000.00", "2026-10-20", bank="FT1", words="chq 000451"))
    seen = opened(desk, -2_000_00)
    assert [(one.kind, one.number, one.is_sure, one.days) for one in seen.proposals] == [
        (Kind.BOOKED, number, True, 2)
    ]
    name = seen.line.key.name
    bank_statements.accept(desk.office, name, Kind.BOOKED, seen.proposals[0].key)
    assert [one.number for one in opened(desk, -2_000_00, MATCHED).documents] == [number]
    with refused("bank-line-not-open"):
        bank_statements.accept(desk.office, name, Kind.BOOKED, seen.proposals[0].key)
    # Another line of the same amount finds nothing: the document stands by the first.
    bring(desk, folder, Entry("-2000.00", "2026-10-21", bank="FT2", words="chq 000451"))
    other = opened(desk, -2_000_00)
    assert not other.proposals
    with refused("bank-document-matched"):
        bank_statements.match(desk.office, other.line.key.name, [number])
    bank_statements.undo(desk.office, name, "it was the other")
    bank_statements.match(desk.office, other.line.key.name, [number])
    bank_statements.set_aside(desk.office, name, "the bank took it back itself")
    assert line_of(desk, -2_000_00, ASIDE).note == "the bank took it back itself"


def test_several_documents_are_one_line_and_must_come_to_it(desk: Desk, folder: Path) -> None:
    first, second = transfer(desk, 300_00, 20261001), transfer(desk, 401_00, 20261001)
    bring(desk, folder, Entry("-701.00", "2026-10-02"))
    name = line_of(desk, -701_00).key.name
    for wrong in ([first], [first, first], []):
        with refused("bank-match-sum" if wrong else "bank-match-none"):
            bank_statements.match(desk.office, name, wrong)
    bank_statements.match(desk.office, name, [first, second])
    assert len(opened(desk, -701_00, MATCHED).documents) == 2


def test_a_customer_s_transfer_pays_the_invoice_that_it_names(desk: Desk, folder: Path) -> None:
    made = invoicing.invoice(desk.office, "C1", [Goods("GAS", ONE)])
    bring(desk, folder, Entry("2320.00", reference=made.number, payer="MAMA KANINI", bank="FT77"))
    seen = opened(desk, 2_320_00)
    assert [(one.kind, one.number, one.is_sure) for one in seen.proposals] == [
        (Kind.INVOICE, made.number, True)
    ]
    name, key = seen.line.key.name, seen.proposals[0].key
    with refused("beyond-rights"):
        bank_statements.accept(desk.as_("AUD"), name, Kind.INVOICE, key)
    bank_statements.accept(desk.office, name, Kind.INVOICE, key)
    assert desk.open(made) == 0
    (paid,) = opened(desk, 2_320_00, MATCHED).documents
    assert (paid.kind, paid.amount, paid.references, paid.day) == ("payment", 2_320_00, ("FT77",), 20261120)
    # Opened again and accepted again it is the same payment.
    bank_statements.undo(desk.office, name, "too quick")
    before = len(desk.documents())
    bank_statements.accept(desk.office, name, Kind.INVOICE, key)
    assert len(desk.documents()) == before
    assert desk.is_whole()


def test_a_bag_is_banked_by_its_line(desk: Desk, folder: Path) -> None:
    leave(desk.office, "KCB 9", 612_00)
    bring(desk, folder, Entry("611.00", words="CASH DEP KCB9"))
    seen = opened(desk, 611_00)
    assert [(one.kind, one.key, one.is_sure) for one in seen.proposals] == [(Kind.BAG, "KCB9", True)]
    bank_statements.accept(desk.office, seen.line.key.name, Kind.BAG, "KCB9")
    assert not bank_bags.on_their_way(desk.office)
    assert opened(desk, 611_00, MATCHED).documents[0].kind == "bag_banked"


def test_all_that_is_sure_is_accepted_at_once_and_nothing_else(desk: Desk, folder: Path) -> None:
    transfer(desk, 51_00, 20260801, "REF 5100")
    transfer(desk, 52_00, 20260801)
    bring(
        desk, folder, Entry("-51.00", "2026-08-02", words="ref-5100"), Entry("-52.00", "2026-08-02"),
        Entry("-53.00", "2026-08-02"),
    )  # fmt: skip
    done = [line.key.amount for line, _ in bank_statements.accept_sure(desk.office, "1170")]
    assert done == [-51_00]
    assert not bank_statements.accept_sure(desk.office)
    assert line_of(desk, -52_00).state == OPEN


def test_a_voided_document_is_nothing_that_a_line_could_be(desk: Desk, folder: Path) -> None:
    paid = [TenderInput(TenderKind.BANK, 77_00, "FT 7700")]
    made = payments.receive(desk.office, "C2", paid, prepay=True)
    bring(desk, folder, Entry("77.00", words="FT 7700"))
    assert opened(desk, 77_00).proposals
    voids.void(desk.as_("OWNER"), made.document_id, "another customer")
    assert not opened(desk, 77_00).proposals


def test_the_bank_and_the_books_stand_side_by_side(desk: Desk, folder: Path) -> None:
    path = folder / "closing.xml"
    path.write_text(camt(NUMBER, [Entry("1.00", "2026-11-19")], opening="99.00"), encoding="utf-8")
    bank_statements.bring_camt(desk.office, path)
    (found,) = bank_statements.standings(desk.office)
    assert (found.account.closing, found.account.closing_day) == (100_00, 20261119)
    assert found.open == len(bank_statements.lines(desk.office, "1170"))
    # What was recorded on the day after does not count yet.
    assert found.booked != desk.account("1170")


def test_names_of_lines_that_are_none(desk: Desk) -> None:
    for name in ("", "1170", "1170-20261120-1-1", "-1-1-1", "1170-20261120-m0-9", "x" * 500, "1170-a-b-c"):
        with refused("bank-line-unknown"):
            bank_statements.opened(desk.office, name)
    with refused("bank-line-unknown"):
        bank_statements.set_aside(desk.office, "1170-20261120-99999-1", "no such line")
