"""What a document follows, and whether its date lies before that: a question to a person who may say yes.

A document follows the last one of its terminal, the opening of its shift, and what it goes on from (its
origins): a refund its sale, a payment the invoices that it pays, credit that is used the invoice on which it
lies, a deposit that is paid back and a voucher that pays what issued them, a void what it voids.

Decisions
---------
2026-11-29  A date before any of these is a wrong clock or a slip of the hand, and now and then it is right (a
clock that ran ahead was set back).  Only a person can tell, so it is asked: who may do it (`BACKDATE`) says
yes, by a PIN in the window or `--allow-date` with a command, and stands on the document as `dated_by`.

2026-11-29  A clock that is set back a little (`HELD`: the network's time does that) is no question: the
document takes the moment of the last one, so that nothing is dated before it.  What another terminal made is
compared with some patience (`SKEW`), because no two clocks are alike.

2026-11-29  A date by hand is noon of its day by custom and not a moment that anybody saw, so it is compared
by days: those of the place's own time zone.

2026-11-29  It is asked where a document is recorded, and never again at the centre: what a till took is
there, and what an older program recorded without asking is too.  History keeps its dates, it follows nothing.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from pos_app.language import Sentence, said
from pos_app.ledger.day import day_of, zone
from pos_app.ledger.document import (
    TYPES,
    Bill,
    DepositReturn,
    Head,
    PartyMoney,
    Payment,
    Reversal,
    Settlement,
    VendorPayment,
    WriteOff,
)

#: By so much a clock may be set back without anybody being asked.
HELD: Final = timedelta(minutes=2)
#: By so much the clocks of two terminals may differ.
SKEW: Final = timedelta(minutes=15)
#: After so long a silence of a terminal its clock has rather run away: a shop of one season a year is not
#: asked, nor is the office that only closes its years.
MOST_SILENT: Final = timedelta(days=400)


class Followed(NamedTuple):
    """A document that another one follows: its printed number, when it was and when that was recorded."""

    number: str
    occurred_at: datetime
    recorded_at: datetime
    is_own: bool = True


class Follows(NamedTuple):
    """What a document follows, as far as the books here know.

    `last` is when the terminal's last one was recorded, `newest` when the newest before this moment was.
    """

    last: datetime | None
    newest: datetime | None
    shift: Followed | None
    origins: tuple[Followed, ...]


def origins_of(document: Head) -> set[int]:
    """The keys of the documents that this one goes on from."""
    found: set[int | None] = set()
    named = TYPES.of(document).continues
    if named:
        found.add(getattr(document, named))
    match document:
        case Reversal():
            found.add(document.original_id)
        case Payment() | VendorPayment() | WriteOff():
            found |= {one.invoice_id for one in document.allocations}
        case Settlement():
            found |= {one.invoice_id for one in (*document.allocations, *document.credits)}
        case PartyMoney():
            found |= {one.invoice_id for one in document.credits}
        case DepositReturn():
            found.add(document.chit.document_id)
        case Bill():
            found |= {line.receipt_id for line in document.lines}
    # A voucher is not paid with before it was bought; what a document issues itself has no key.
    found |= {one.chit.document_id for one in getattr(document, "tenders", ()) if one.chit is not None}
    return {key for key in found if key}


def held(now: datetime, last: datetime | None) -> datetime:
    """The moment of recording by a clock that says `now`: never a little before the last document."""
    return last if last is not None and now < last <= now + HELD else now


def question(document: Head, follows: Follows, time_zone: str) -> Sentence | None:
    """What a person has to say yes to before the document may have its date; None where all is in order."""
    recorded, last = document.recorded_at, follows.last
    if last is not None and recorded < last:
        return said("dated-before-last", dated=_local(recorded, time_zone), last=_local(last, time_zone))
    shift = follows.shift
    if shift is not None and _is_before(document, shift, time_zone):
        return said(
            "dated-before-shift",
            dated=_local(document.occurred_at, time_zone),
            opened=_local(shift.occurred_at, time_zone),
        )
    for origin in follows.origins:
        if _is_before(document, origin, time_zone):
            return said(
                "dated-before-origin",
                dated=_local(document.occurred_at, time_zone),
                number=origin.number,
                origin=_local(origin.occurred_at, time_zone),
            )
    newest = follows.newest
    if newest is not None and recorded - newest > MOST_SILENT:
        return said(
            "dated-long-after-last",
            dated=_local(recorded, time_zone),
            last=_local(newest, time_zone),
            days=(recorded - newest).days,
        )
    return None


def _is_before(document: Head, followed: Followed, time_zone: str) -> bool:
    mine, other = document.occurred_at, followed.occurred_at
    if _is_by_hand(mine, document.recorded_at, time_zone) or _is_by_hand(
        other, followed.recorded_at, time_zone
    ):
        return day_of(mine, time_zone) < day_of(other, time_zone)
    return mine < other - (HELD if followed.is_own else SKEW)


def _is_by_hand(occurred: datetime, recorded: datetime, time_zone: str) -> bool:
    """Whether somebody wrote the day: it is not the one on which it was recorded."""
    return occurred != recorded and day_of(occurred, time_zone) != day_of(recorded, time_zone)


def _local(moment: datetime, time_zone: str) -> str:
    return moment.astimezone(zone(time_zone)).strftime("%Y-%m-%d %H:%M")
