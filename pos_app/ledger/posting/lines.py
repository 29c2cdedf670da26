"""Entries of a posting, and how they become journal lines that balance.

An entry is a journal line before its base amount is known.  `close` gives each its base amount,
closes every business over the clearing account, and books what base currency then lacks as an
exchange difference.

Decisions
---------
2026-11-21  Base amounts come from cumulative rounding over all entries at the document's rate, business
by business: amounts that sum to zero then have base amounts that do, each less than one minor unit from
its own exact value.  The clearing lines take what a business's entries came to, so that the clearing
account stands at nothing over all businesses, to the cent.

2026-11-21  An allocation, a foreign tender and what a receipt was booked at bring their base amount
along (`PostingLine.base`).  Whatever base currency lacks after all that is the realised exchange difference:
one line of amount 0, in the document's own business.  Where no difference account is named there can be
none, and a posting that finds one is refused.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE, worth_of
from pos_app.ledger.head import Head
from pos_app.ledger.line import Change, PartyRole, Tender, TenderKind
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.posting.posting import JournalLine

#: What is paid out of what stands between us and the customer.
_OF_PARTY: Final = {
    TenderKind.ACCOUNT: PartyRole.CUSTOMER,
    TenderKind.POINTS: PartyRole.POINTS,
    TenderKind.DEPOSIT: PartyRole.DEPOSITOR,
}


class PostingLine(NamedTuple):
    """A journal line before it is closed; with `base` its base amount is given, not computed.

    `currency` empty is the document's; an entry in another one must bring its base.
    """

    business_id: int
    account: str
    amount: int
    party_role: PartyRole | None = None
    party_id: int | None = None
    drawer_id: int | None = None
    currency: str = ""
    base: int | None = None


class Closed(NamedTuple):
    """Journal lines, and the base amount of each entry in the order in which they were given."""

    lines: tuple[JournalLine, ...]
    bases: tuple[int, ...]


def close(document: Head, entries: Sequence[PostingLine], difference_account: str = "") -> Closed:
    """Journal lines that sum to zero in every business, currency by currency and in base currency.

    Entries of nothing give no line.  Raises `Refused` for a difference without an account.
    """
    bases = _bases(document, entries)
    lines = [_line(entry, base) for entry, base in zip(entries, bases, strict=True) if entry.amount or base]
    own = document.business_id
    if any(line.business_id != own for line in lines):
        lines += _clearing(document, lines)
    # Each other business is closed by its clearing line: what is left is the document's own.
    left = sum(line.base_amount for line in lines)
    if left:
        if not difference_account:
            raise Refused("exchange-account-missing")
        lines.append(_line(PostingLine(own, difference_account, 0), -left))
    return Closed(tuple(lines), bases)


def lines_of(
    document: Head, entries: Sequence[PostingLine], difference_account: str = ""
) -> tuple[JournalLine, ...]:
    """The journal lines of these entries: see `close`."""
    return close(document, entries, difference_account).lines


def _line(entry: PostingLine, base: int) -> JournalLine:
    return JournalLine(
        business_id=entry.business_id,
        account=entry.account,
        amount=entry.amount,
        base_amount=base,
        party_role=entry.party_role,
        party_id=entry.party_id,
        drawer_id=entry.drawer_id,
        currency=entry.currency,
    )


def _bases(document: Head, entries: Sequence[PostingLine]) -> tuple[int, ...]:
    rate = document.rate_micro
    if rate == RATE_ONE:
        return tuple([entry.amount if entry.base is None else entry.base for entry in entries])
    order: dict[int, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        order[entry.business_id].append(place)
    bases = [0] * len(entries)
    so_far = base_so_far = 0
    for places in order.values():
        for place in places:
            entry = entries[place]
            if entry.base is not None:
                bases[place] = entry.base
                continue
            so_far += entry.amount
            upto = divide_half_up(so_far * rate, RATE_ONE)
            bases[place] = upto - base_so_far
            base_so_far = upto
    return tuple(bases)


def _clearing(document: Head, lines: Sequence[JournalLine]) -> list[JournalLine]:
    """What each business owes the others after this document, on the clearing account."""
    own = document.business_id
    amounts: dict[int, int] = defaultdict(int)
    bases: dict[int, int] = defaultdict(int)
    for line in lines:
        # Those of another currency sum to nothing within their business.
        amounts[line.business_id] += line.amount
        bases[line.business_id] += line.base_amount
    others = [business for business in bases if business != own]
    amounts[own] = -sum(amounts[business] for business in others)
    bases[own] = -sum(bases[business] for business in others)
    return [
        _line(PostingLine(business, document.clearing_account, -amounts[business]), -bases[business])
        for business in bases
        if amounts[business] or bases[business]
    ]


def tender_entries(
    document: Head,
    tenders: Iterable[Tender],
    change: Change | None,
    party_id: int | None,
    direction: int,
) -> list[PostingLine]:
    """Tenders and change, each by itself; `direction` 1 where we are paid, -1 where we pay."""
    own = document.business_id
    entries: list[PostingLine] = []
    for tender in tenders:
        if tender.paid_currency:
            entries += _foreign(own, tender, direction)
        elif tender.kind in _OF_PARTY:
            entries.append(
                PostingLine(
                    own,
                    tender.account,
                    direction * tender.amount,
                    _OF_PARTY[tender.kind],
                    party_id,
                    tender.drawer_id,
                )
            )
        else:
            entries.append(
                PostingLine(
                    tender.business_id or own,
                    tender.account,
                    direction * tender.amount,
                    drawer_id=tender.drawer_id,
                )
            )
    if change is not None:
        entries.append(
            PostingLine(own, change.account, -direction * change.amount, drawer_id=change.drawer_id)
        )
    return entries


def _foreign(business_id: int, tender: Tender, direction: int) -> list[PostingLine]:
    """Money in its own currency, and the exchange into the document's, at what it is worth in base."""
    worth = direction * worth_of(tender.paid, tender.paid_rate_micro)
    paid, currency = direction * tender.paid, tender.paid_currency
    return [
        PostingLine(
            business_id, tender.account, paid, drawer_id=tender.drawer_id, currency=currency, base=worth
        ),
        PostingLine(business_id, tender.exchange_account, -paid, currency=currency, base=-worth),
        PostingLine(business_id, tender.exchange_account, direction * tender.amount, base=worth),
    ]


def difference_account_of(tenders: Iterable[Tender]) -> str:
    """Where the exchange difference of these tenders goes; empty when none is foreign."""
    return next((tender.difference_account for tender in tenders if tender.paid_currency), "")


def merged(entries: Iterable[PostingLine]) -> list[PostingLine]:
    """Entries that say their base amount, one for each account and party, summed."""
    sums: dict[PostingLine, tuple[int, int]] = {}
    for entry in entries:
        key = entry._replace(amount=0, base=0)
        amount, base = sums.get(key, (0, 0))
        sums[key] = amount + entry.amount, base + (entry.base or 0)
    return [key._replace(amount=amount, base=base) for key, (amount, base) in sums.items()]
