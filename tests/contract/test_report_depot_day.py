"""The day of a depot against plain sums over the documents of its tills, on both engines."""

from datetime import date

import pytest

from pos_app.ledger.document import DrawerClose, DrawerOpen
from tests.support.documents import specimens
from tests.support.documents.specimens import TILL
from tests.support.documents.treasury_specimens import bag_banked, bank_bag
from tests.support.worlds.books import Store
from tests.support.worlds.report_books import Books, at, lines
from tests.support.worlds.report_history import lived

DAY = date(2026, 11, 5)
#: Cells of a line: till, state, opened, closed, person, and then figures.
STATE, EXPECTED, COUNTED, DIFFERENCE, TO_SAFE = 1, 5, 6, 7, 8


def own(books: Books, day: date) -> list[tuple[object, ...]]:
    side_by_side = books.ask("depot-day", None, day).sections[0]
    return [row.cells for row in lines(side_by_side) if row.cells[0] == f"Till {TILL}"]


def test_a_shift_is_open_then_closed_and_stands_in_one_day(store: Store) -> None:
    books = Books(store).prepare()
    # A till that was never opened is named at the centre; it does not know itself yet.
    assert [cells[STATE] for cells in own(books, DAY)] in ([], ["not opened"])
    books.record(specimens.drawer_open(10_000, **at(2026, 11, 5, 7)))
    (cells,) = own(books, DAY)
    assert (cells[STATE], cells[EXPECTED], cells[COUNTED]) == ("open", 10_000, 0)
    report = books.ask("depot-day", None, DAY)
    assert [one for one in report.findings if f"Till {TILL} is not closed" in one], report.findings
    close = books.record(specimens.drawer_close(9_950, 10_000, reason="a coin", **at(2026, 11, 5, 18)))
    (cells,) = own(books, DAY)
    assert cells[STATE] == "closed"
    assert cells[EXPECTED : TO_SAFE + 1] == (10_000, 9_950, -50, 9_950)
    assert books.ask("depot-day", None, DAY).findings == ()
    # The day before and the day after have nothing of it.
    for other in (date(2026, 11, 4), date(2026, 11, 6)):
        assert [cells[STATE] for cells in own(books, other)] == ["not opened"], other
    # A close that is taken back was none: the shift is open again.
    books.void(close, **at(2026, 11, 5, 19))
    (cells,) = own(books, DAY)
    assert cells[STATE] == "open"


def test_a_shift_that_nobody_closed_hides_from_no_later_day(store: Store) -> None:
    books = Books(store).prepare()
    books.record(specimens.drawer_open(10_000, **at(2026, 11, 5, 7)))
    for day in (DAY, date(2026, 11, 6), date(2026, 11, 30)):
        assert [cells[STATE] for cells in own(books, day)] == ["open"], day
        assert any("is not closed" in one for one in books.ask("depot-day", None, day).findings)


def test_a_bag_is_named_until_the_bank_has_it_and_when_it_found_less(store: Store) -> None:
    books = Books(store).prepare()
    bag = books.record(bank_bag(5_000_00, **at(2026, 11, 5, 18)))
    on_its_way = [one for one in books.ask("depot-day", None, DAY).findings if "KCB0012345" in one]
    assert len(on_its_way) == 1
    assert "KES 5,000.00 is on its way" in on_its_way[0]
    # It hides from no later day, and was none of the day before.
    assert any("KCB0012345" in one for one in books.ask("depot-day", None, date(2026, 11, 9)).findings)
    assert books.ask("depot-day", None, date(2026, 11, 4)).findings == ()
    banked = bag_banked(4_900_00, 5_000_00, bag_id=bag.document_id, **at(2026, 11, 6, 9))
    arrived = books.record(banked)
    (found,) = books.ask("depot-day", None, DAY).findings
    assert "found KES 4,900.00 in bag KCB0012345, which left with KES 5,000.00" in found
    (line,) = lines(books.ask("depot-day", None, DAY).sections[-1])
    assert line.cells[-2:] == ("at the bank", "−100.00")
    assert books.ask("depot-day", None, date(2026, 11, 9)).findings == ()
    books.void(arrived, **at(2026, 11, 6, 10))
    books.void(bag, **at(2026, 11, 6, 11))
    assert books.ask("depot-day", None, DAY).findings == ()


@pytest.mark.parametrize("seed", [3, 11])
def test_each_close_of_any_history_stands_in_exactly_one_day(store: Store, seed: int) -> None:
    books = lived(store, seed)
    voided = {getattr(one.document, "original_id", None) for one in books.sealed}
    closes = [
        one.document
        for one in books.sealed
        if isinstance(one.document, DrawerClose) and one.document.document_id not in voided
    ]
    assert any(isinstance(one.document, DrawerOpen) for one in books.sealed) or closes
    report = books.ask("depot-day", date(2025, 1, 1), date(2026, 12, 31))
    base = report.sections[0]
    foreign = [section for section in report.sections if section.title == "Foreign cash"]
    shown = [row.cells for row in lines(base) if row.cells[STATE] == "closed"]
    assert sorted(cells[EXPECTED:DIFFERENCE] for cells in shown) == sorted(
        (one.expected, one.counted) for one in closes if one.currency == "KES"
    )
    assert sum(len(lines(section)) for section in foreign) == sum(one.currency != "KES" for one in closes)
