"""X and Z: which documents a close closes, what it says of them, and that each is in exactly one.

The figures are held against sums that a naive reader makes of the documents themselves.
"""

from collections.abc import Iterable

import pytest

from pos_app.devices.paper import Barcode
from pos_app.devices.typeset import Line, typeset
from pos_app.ledger import canonical
from pos_app.ledger.document import Document, DrawerClose, Refund, Reversal, Sale
from pos_app.ledger.drawer import Stretch
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import kind_of
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.ledger.rules import rules
from pos_app.reports.slips.letterhead import names_of
from pos_app.store.journal import print_jobs
from pos_app.store.report_queries.shift_figures import ShiftFigures
from pos_app.till.drawer import closing
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.session.errors import NeedsApproval
from tests.support.documents import specimens
from tests.support.worlds.till_fixture import CASHIER, MANAGER, Shop


def closed(shop: Shop) -> DrawerClose:
    """The drawer is closed on what the books expect; gives the Z."""
    counts = (CashCount(value=1, pieces=shop.till.drawer.expected()),)
    done = shop.till.drawer.close(counts).done.document
    assert isinstance(done, DrawerClose)
    return done


def figures_of(shop: Shop, close: DrawerClose) -> ShiftFigures:
    with shop.database.read() as connection:
        found = names_of(connection, close).figures
    assert found is not None
    return found


def stretch_of(close: DrawerClose) -> Stretch:
    assert close.stretch is not None
    return close.stretch


def a_day(shop: Shop) -> None:
    """Sales of two people, one voided, one taken back, one with something off; and the drawer opened."""
    shop.be(CASHIER)
    shop.sell("SOAP", "WATER20", "DEP13")
    voided = shop.sell("SOAP")
    sold = shop.sell("WATER20", "WATER20")
    shop.be(MANAGER)
    shop.sell("DEP13")
    shop.till.voids.void(voided.document_id, "wrong goods")
    receipt = shop.till.refunds.find(sold.number)
    shop.till.refunds.complete(receipt, {0: ONE}, TenderKind.CASH, "torn")
    shop.till.drawer.kick("change for a note")
    shop.till.receipts.reprint(sold.document_id)


def test_a_z_says_what_its_documents_add_up_to(shop: Shop) -> None:
    a_day(shop)
    close = closed(shop)
    figures, stretch = figures_of(shop, close), stretch_of(close)
    own = [one for one in shop.documents() if stretch.first_seq <= one.seq <= close.seq]
    assert (stretch.first_seq, figures.documents, figures.missing) == (1, len(own), 0)
    assert (stretch.openings, stretch.copies) == (1, 1)
    kinds = {part.name: part.times for part in figures.kinds}
    assert kinds == {kind: sum(kind_of(one) == kind for one in own) for kind in kinds}
    assert sum(kinds.values()) == len(own)
    sold = naive_total(own)
    no_sale = figures.no_sale.amount
    assert sum(part.amount for part in figures.cashiers) == sold
    assert sum(part.amount for part in figures.hours) == sold
    assert sum(part.amount for part in figures.businesses) + no_sale == sold
    assert sum(part.amount for part in figures.categories) + no_sale == sold
    assert sum(part.net + part.tax for part in figures.taxes) + no_sale == sold
    receipts = sum(one.total for one in own if isinstance(one, Sale))
    assert stretch.sales == stretch.grand_total == receipts == figures.of_kind("sale").amount
    approved = [(one.series, one.number) for one in own if one.approver_id is not None]
    assert [(one.series, one.number) for one in figures.approved] == approved


def naive_total(documents: Iterable[Document]) -> int:
    """What was sold less what came back, read from the documents one by one."""
    total = 0
    for one in documents:
        sign, inner = (-1, canonical.decode(bytes(one.original))) if isinstance(one, Reversal) else (1, one)
        if isinstance(inner, Sale):
            total += sign * inner.total
        elif isinstance(inner, Refund):
            total -= sign * inner.total
    return total


def test_every_document_is_in_exactly_one_z(shop: Shop) -> None:
    ends, firsts = [], []
    for _day in range(3):
        a_day(shop)
        close = closed(shop)
        ends.append(close.seq)
        firsts.append(stretch_of(close).first_seq)
        shop.open_drawer()
    assert firsts == [1, ends[0] + 1, ends[1] + 1]
    assert [one.seq for one in shop.documents()][: ends[-1]] == list(range(1, ends[-1] + 1))


def test_the_grand_total_never_goes_back(shop: Shop) -> None:
    totals = []
    for _day in range(3):
        a_day(shop)
        stretch = stretch_of(closed(shop))
        totals.append(stretch.grand_total)
        assert stretch.grand_total == sum(one.total for one in shop.documents() if isinstance(one, Sale))
        shop.open_drawer()
    # A day on which only something came back adds nothing, and takes nothing off.
    assert stretch_of(closed(shop)).grand_total == totals[-1]
    assert totals == sorted(totals)


def test_what_an_older_program_closed_counts_in_the_grand_total(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_day(shop)
    with monkeypatch.context() as older:
        older.setattr(closing, "stretch", lambda _connection, _context: None)
        bare = closed(shop)
    assert bare.stretch is None
    with shop.database.read() as connection:
        assert names_of(connection, bare).figures is None
    before = sum(one.total for one in shop.documents() if isinstance(one, Sale))
    shop.open_drawer()
    shop.sell("WATER20")
    stretch = stretch_of(closed(shop))
    assert stretch.first_seq == bare.seq + 1
    assert (stretch.sales, stretch.grand_total) == (stretch.grand_total - before, before + stretch.sales)
    assert stretch.sales > 0


def test_an_x_is_for_who_may_close_and_closes_nothing(shop: Shop) -> None:
    a_day(shop)
    shop.be(CASHIER)
    with pytest.raises(NeedsApproval):
        shop.till.drawer.x_report()
    with pytest.raises(NeedsApproval):
        shop.till.drawer.print_x()
    shop.be(MANAGER)
    before = len(shop.documents())
    printed_before = copies(shop, shop.documents()[0].document_id)
    lines = {one.words: one.figure for one in shop.till.drawer.x_report()}
    total = sum(one.total for one in shop.documents() if isinstance(one, Sale))
    assert lines["Grand total of receipts"].replace(",", "") == f"{total // 100}.{total % 100:02d}"
    shop.till.drawer.print_x()
    with shop.database.read() as connection:
        job = next(one for one in print_jobs.everything(connection) if one.what == "x")
    for width in (42, 32):
        words = [
            line.text for line in typeset(paper_of(shop.till._context, job, width)) if isinstance(line, Line)
        ]
        assert any("X REPORT" in line for line in words)
        assert all(len(line) <= width for line in words)
    assert len(shop.documents()) == before
    # The paper of the drawer's opening was not printed again by it.
    assert copies(shop, job.document_id or 0) == printed_before


def copies(shop: Shop, document_id: int) -> int:
    with shop.database.read() as connection:
        return print_jobs.copies(connection, specimens.ORG, document_id)


def test_without_a_shift_there_is_no_x(closed_shop: Shop) -> None:
    closed_shop.be(MANAGER)
    with pytest.raises(Refused) as refused:
        closed_shop.till.drawer.x_report()
    assert refused.value.code == "drawer-not-open"


def test_the_z_is_on_paper_with_its_proof_and_a_copy_is_the_same(shop: Shop) -> None:
    a_day(shop)
    close = closed(shop)
    shop.till.receipts.reprint(close.document_id)
    with shop.database.read() as connection:
        jobs = [one for one in print_jobs.everything(connection) if one.document_id == close.document_id]
    papers = [paper_of(shop.till._context, job) for job in jobs]
    lines = [[line.text for line in typeset(paper) if isinstance(line, Line)] for paper in papers]
    assert any("Grand total of receipts" in line for line in lines[0])
    assert [any(isinstance(block, Barcode) for block in paper.blocks) for paper in papers] == [True, True]
    assert [line for line in lines[1] if "COPY" not in line and line.strip()] == [
        line for line in lines[0] if line.strip()
    ]


@pytest.mark.parametrize(
    "stretch",
    [
        Stretch(first_seq=0, sales=0, grand_total=0),
        Stretch(first_seq=99, sales=0, grand_total=0),
        Stretch(first_seq=1, sales=-1, grand_total=0),
        Stretch(first_seq=1, sales=5, grand_total=4),
        Stretch(first_seq=1, sales=0, grand_total=0, confirmed_seq=7),
        Stretch(first_seq=1, sales=0, grand_total=0, openings=-1),
        Stretch(first_seq=1, sales=0, grand_total=0, copies=-1),
    ],
)
def test_a_stretch_that_cannot_be_is_refused(stretch: Stretch) -> None:
    with pytest.raises(Refused) as refused:
        rules.check(specimens.drawer_close(5, 5, seq=7, number=1, stretch=stretch))
    assert refused.value.code == "stretch-impossible"


def test_a_stretch_reads_back_as_it_was_written() -> None:
    stretch = Stretch(first_seq=3, sales=4, grand_total=9, confirmed_seq=2, openings=1, copies=5)
    close = specimens.drawer_close(5, 5, seq=7, number=1, stretch=stretch)
    assert canonical.decode(canonical.encode(close)) == close
