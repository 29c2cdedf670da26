"""The days of a file are read one way, told from all of them; what may be two days is refused with both."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.files.day_notation import DayOrder, WrittenDay, order_of, plain_day
from tests.support.refused import refused


def told(*texts: str) -> DayOrder | None:
    return order_of(WrittenDay(text, row) for row, text in enumerate(texts, start=2))


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (("03/04/2026", "25/12/2026"), DayOrder.DAY),
        (("03/04/2026", "12/25/2026"), DayOrder.MONTH),
        (("3.4.2026",), DayOrder.DAY),
        (("03/04/2026", "05-05-2026"), None),
        (("2026-04-03", "", "soon", "03/04/26"), None),
    ],
)
def test_the_order_is_told_from_all_of_them(texts: tuple[str, ...], order: DayOrder | None) -> None:
    assert told(*texts) is order


def test_two_orders_in_one_file_are_refused() -> None:
    with refused("days-written-two-ways"):
        told("25/12/2026", "12/25/2026")


def test_what_may_be_two_days_is_refused_with_both() -> None:
    with refused("day-ambiguous") as error:
        plain_day("03/04/2026", None)
    assert (error.value.facts["day"], error.value.facts["month"]) == ("2026-04-03", "2026-03-04")
    assert plain_day("05/05/2026", None) == "2026-05-05"
    assert plain_day("03/04/2026 14:30", DayOrder.DAY) == "2026-04-03 14:30"
    assert plain_day("2026-04-03T10:00", None) == "2026-04-03T10:00"


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["/", "-"]))
def test_a_day_comes_back_as_it_was_written(day: date, between: str) -> None:
    first = f"{day.day}{between}{day.month:02d}{between}{day.year}"
    assert plain_day(first, DayOrder.DAY) == day.isoformat()
    month = f"{day.month}{between}{day.day:02d}{between}{day.year}"
    assert plain_day(month, DayOrder.MONTH) == day.isoformat()
