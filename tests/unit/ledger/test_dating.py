"""What a document follows: which dates are a question, by clock or by hand, at midnight, between tills."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from pos_app.ledger import dating
from pos_app.ledger.dating import HELD, MOST_SILENT, SKEW, Followed, Follows
from pos_app.ledger.document import Head, Sale
from pos_app.ledger.line import Chit, PartyRole, TenderKind
from tests.support.documents import specimens

NAIROBI = "Africa/Nairobi"
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def at(occurred: datetime, recorded: datetime | None = None) -> Head:
    document = specimens.one_of_each()[0]
    return msgspec.structs.replace(document, occurred_at=occurred, recorded_at=recorded or occurred)


def origin(occurred: datetime, recorded: datetime | None = None, *, own: bool = True) -> Follows:
    return Follows(None, None, None, (Followed("K3-S000001", occurred, recorded or occurred, own),))


def asked(document: Head, follows: Follows) -> str:
    found = dating.question(document, follows, NAIROBI)
    return "" if found is None else found.code


@pytest.mark.parametrize(
    ("ahead", "own", "code"),
    [
        (SECOND, True, ""),
        (HELD, True, ""),
        (HELD + SECOND, True, "dated-before-origin"),
        (HELD + SECOND, False, ""),
        (SKEW, False, ""),
        (SKEW + SECOND, False, "dated-before-origin"),
    ],
)
def test_clocks_of_two_terminals_differ_a_little(ahead: timedelta, own: bool, code: str) -> None:
    assert asked(at(NOW), origin(NOW + ahead, own=own)) == code


@pytest.mark.parametrize(("day", "code"), [(-1, "dated-before-origin"), (0, ""), (1, "")])
def test_a_date_by_hand_is_compared_by_days(day: int, code: str) -> None:
    # Noon of a day that is not the one on which it was recorded.
    noon = datetime(2026, 11, 18, 9, tzinfo=UTC)
    made = origin(datetime(2026, 11, 18, 15, tzinfo=UTC))
    assert asked(at(noon + day * DAY, NOW), made) == code


@pytest.mark.parametrize(
    ("hour", "code"),
    [
        # 20:30 UTC is 23:30 of the 18th in Nairobi, 21:30 is half past midnight of the 19th.
        (20, ""),
        (21, "dated-before-origin"),
    ],
)
def test_the_day_is_that_of_the_depot(hour: int, code: str) -> None:
    noon = datetime(2026, 11, 18, 9, tzinfo=UTC)
    assert asked(at(noon, NOW), origin(datetime(2026, 11, 18, hour, 30, tzinfo=UTC))) == code


def test_an_origin_dated_by_hand_is_of_its_whole_day() -> None:
    # Dated for today's noon yesterday: this morning is not before it.
    made = origin(datetime(2026, 11, 20, 12, tzinfo=UTC), NOW - DAY)
    assert asked(at(NOW), made) == ""


@pytest.mark.parametrize(
    ("gone", "code"), [(MOST_SILENT, ""), (MOST_SILENT + SECOND, "dated-long-after-last")]
)
def test_a_terminal_may_be_silent_for_a_year(gone: timedelta, code: str) -> None:
    assert asked(at(NOW), Follows(NOW - gone, NOW - gone, None, ())) == code


@pytest.mark.parametrize("back", [timedelta(), SECOND, HELD])
def test_a_clock_set_back_a_little_stands_until_it_has_caught_up(back: timedelta) -> None:
    assert dating.held(NOW - back, NOW) == NOW


def test_a_clock_set_back_further_is_not_held() -> None:
    assert dating.held(NOW - HELD - SECOND, NOW) == NOW - HELD - SECOND
    assert dating.held(NOW, None) == NOW
    assert asked(at(NOW - DAY), Follows(NOW, NOW, None, ())) == "dated-before-last"


def test_a_voucher_is_not_paid_with_before_it_was_bought() -> None:
    bought = Chit(role=PartyRole.VOUCHER, number=471_108_152_342, business_id=1, document_id=77)
    sale = specimens.one_of_each()[0]
    assert isinstance(sale, Sale)
    paid = msgspec.structs.replace(sale.tenders[0], kind=TenderKind.VOUCHER, chit=bought)
    assert dating.origins_of(msgspec.structs.replace(sale, tenders=(paid,))) == {77}
    # What a document issues itself follows nothing.
    issued = msgspec.structs.replace(paid, chit=msgspec.structs.replace(bought, document_id=0))
    assert dating.origins_of(msgspec.structs.replace(sale, tenders=(issued,))) == set()
