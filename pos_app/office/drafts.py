"""Invoices and bills on their way at the centre: found, changed, given up, posted, judged and filled in."""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.language import said
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.permission import Permission
from pos_app.ledger.request import new_request
from pos_app.ledger.rules.amounts import check_day
from pos_app.office.books import Books, PostingDetails
from pos_app.office.office import Office
from pos_app.store.documents import documents
from pos_app.store.journal import draft_rates, invoice_drafts, invoice_totals
from pos_app.store.journal.draft_line import DraftLine
from pos_app.store.journal.invoice_drafts import Draft, Kind, Poster, Totals
from pos_app.store.stock.recorded import Recorded

_PERMISSION = {"invoice": Permission.INVOICE, "bill": Permission.BILL}


class Terms(NamedTuple):
    """When it is due (a day, or days after it is dated; None: the party's terms) and what they call it."""

    due_on: int | None = None
    terms_days: int | None = None
    reference: str = ""


class Fault(NamedTuple):
    """What is wrong with an invoice or a bill: its number (or the draft's), and a sentence."""

    number: str
    sentence: str


def draft(
    books: Books,
    kind: Kind,
    party: tuple[int, int],
    lines: Sequence[DraftLine],
    occasion: PostingDetails,
    *,
    terms: Terms | None,
) -> Draft:
    """A draft of these lines, not saved yet; `party` is their key and their own days of payment."""
    (party_id, terms_days), terms = party, terms or Terms()
    day = books.day(occasion)
    if terms.due_on is not None:
        check_day(terms.due_on, "The due date")
    currency = occasion.currency or books.organisation.currency.code
    if occasion.business:
        business_id = books.business(occasion.business)
    elif len({line.business_id for line in lines}) == 1:
        business_id = lines[0].business_id
    else:
        business_id = books.depot(occasion.depot).business_id
    return Draft(
        request_id=occasion.request_id or new_request(),
        kind=kind,
        party_id=party_id,
        business_id=business_id,
        currency=currency,
        rate_micro=books.rate(currency, day, occasion.rate_micro),
        dated_on=day,
        due_on=terms.due_on,
        terms_days=terms_days if terms.terms_days is None else terms.terms_days,
        reference=terms.reference.strip()[:100],
        lines=tuple(lines),
        person_id=books.person_id,
    )


def save(office: Office, books: Books, draft: Draft) -> Draft:
    """Save a draft with its totals made anew, in the caller's transaction.  Raises `Refused`.

    One that is there already is changed only by who may change that one too, and stays of its kind.
    """
    for ask in office.asks_first:
        ask(books)
    known = invoice_drafts.held(books.connection, books.org_id, draft.request_id)
    if known is not None:
        office.need(books.connection, _PERMISSION[known.kind], business_id=known.business_id)
        if known.kind != draft.kind:
            raise Refused("draft-unknown", what=draft.kind, text=draft.request_id[:12])
    if not draft.lines:
        raise Refused("draft-without-lines", kind=draft.kind)
    if sum(abs(line.extended) for line in draft.lines) > MOST_MINOR:
        raise Refused("draft-figures-implausible")
    office.need(books.connection, _PERMISSION[draft.kind], business_id=draft.business_id)
    need_prices(office, books, draft)
    return invoice_drafts.save(books.connection, books.org_id, draft, books.now)


def need_prices(office: Office, books: Books, draft: Draft) -> None:
    """Raise `Refused` when who acts made a line cheaper than by the list and may not.

    What another person allowed stands in their name, and is judged when it is posted.
    """
    if any(line.price_approver_id == books.person_id for line in draft.lines):
        office.need(books.connection, Permission.PRICE, business_id=draft.business_id)


def find(books: Books, name: str, kind: Kind | None = None) -> Draft:
    """A draft that waits, by the beginning of its key or by its imported number.  Raises `Refused`."""
    waiting = invoice_drafts.waiting(books.connection, books.org_id, kind)
    wanted = name.strip()
    found = [one for one in waiting if wanted and one.number == wanted]
    if not found and len(wanted) >= 4:
        found = [one for one in waiting if one.request_id.startswith(wanted.lower())]
    if len(found) == 1:
        return found[0]
    what = kind or "invoice or bill"
    if found:
        raise Refused("draft-ambiguous", text=wanted[:40])
    raise Refused("draft-unknown", what=what, text=wanted[:40])


def give_up(office: Office, name: str) -> Draft:
    """Put a draft away; it stays in the table.  Raises `Refused`."""
    with office.read() as books:
        one = find(books, name)
    with office.change(_PERMISSION[one.kind], business_id=one.business_id) as books:
        invoice_drafts.give_up(books.connection, books.org_id, one.request_id, books.now)
    return one


def mark(draft: Draft) -> str:
    """What stands for a draft as somebody saw it."""
    return hashlib.sha256(repr(draft).encode()).hexdigest()[:32]


@contextlib.contextmanager
def as_seen(office: Office, request_id: str, seen: str) -> Iterator[None]:
    """Inside, a draft is changed, posted or given up only as who does it had seen it (see `mark`).

    Raises `Refused` with the mark that it has now where somebody changed it meanwhile, gave it up, or posted
    it in their own name.
    """

    def ask(books: Books) -> None:
        known = invoice_drafts.held(books.connection, books.org_id, request_id)
        if known is None or not known.active:
            raise Refused("draft-gone")
        if known.document_id is None and mark(known) != seen:
            raise Refused("draft-changed-meanwhile", seen=mark(known))

    with office.read() as books:
        posted = invoice_drafts.get(books.connection, books.org_id, request_id)
        if posted is not None and posted.document_id is not None:
            # Who sends a form twice is led to what it became; nobody else is told that theirs was recorded.
            made = documents.get(books.connection, books.org_id, posted.document_id)
            if made is None or made.person_id != books.person_id:
                raise Refused("draft-posted-already")
    office.asks_first.append(ask)
    try:
        yield
    finally:
        office.asks_first.remove(ask)


def redate(
    office: Office, name: str, *, on: int | None = None, terms: Terms | None = None, depot: str = ""
) -> Draft:
    """Date a draft anew, by which its rates are those of another day, or change its terms.

    Its totals are made anew too.  Raises `Refused`.
    """
    with office.read() as books:
        one = find(books, name)
    with office.change(_PERMISSION[one.kind], business_id=one.business_id) as books:
        changed = one
        if on is not None and books.day(PostingDetails(on=on)) != one.dated_on:
            changed = replace(changed, dated_on=books.day(PostingDetails(on=on)))
            changed = draft_rates.rated(books.connection, books.org_id, changed)
        if terms is not None:
            if terms.due_on is not None:
                check_day(terms.due_on, "The due date")
            changed = replace(
                changed,
                due_on=changed.due_on if terms.due_on is None and terms.terms_days is None else terms.due_on,
                terms_days=changed.terms_days if terms.terms_days is None else terms.terms_days,
                reference=terms.reference.strip()[:100] or changed.reference,
            )
        return save(office, books, changed)


def of_request(office: Office, request_id: str) -> Draft | None:
    """The draft of a request, whatever became of it; None where there is none yet."""
    with office.read() as books:
        return invoice_drafts.get(books.connection, books.org_id, request_id)


def post(office: Office, request_id: str, *, depot: str = "", kind: Kind | None = None) -> Recorded:
    """Make the document of a draft at the rates of its day (see `draft_rates`); twice gives the same one.

    Raises `Refused` with what is wrong, and where it is of another kind than is meant.
    """
    with office.read() as books:
        one = invoice_drafts.get(books.connection, books.org_id, request_id)
        seat = books.depot(depot)
        if one is None or kind not in (None, one.kind):
            raise Refused("draft-gone")
    office.make_ready(one.dated_on)
    poster = Poster(office.person.person_id, seat.depot_id, office.clock.now())

    def rate_first(connection: Connection) -> None:
        draft_rates.rate_again(connection, office.org_id, request_id, poster.at)

    return office.made_of(invoice_drafts.post(office.journal, request_id, poster, first=rate_first).document)


def post_at_once(
    office: Office, occasion: PostingDetails, make: Callable[[Books, PostingDetails], Draft]
) -> Recorded:
    """Save the draft that `make` gives and post it, in one transaction: refused, there is no draft either.

    A request that was recorded before gives that document.  Raises `Refused`.
    """
    chosen = replace(occasion, request_id=occasion.request_id or new_request())
    with office.read() as books:
        seat = books.depot(occasion.depot)
    office.make_ready(occasion.on)
    poster = Poster(office.person.person_id, seat.depot_id, office.clock.now())

    def save_first(connection: Connection) -> None:
        books = office.books(connection)
        save(office, books, make(books, chosen))

    sealed = invoice_drafts.post(office.journal, chosen.request_id, poster, first=save_first)
    return office.made_of(sealed.document)


def validate(office: Office) -> list[Fault]:
    """Every draft and every posted invoice or bill that is not the sum of its lines; nothing changes."""
    with office.read() as books:
        problems = invoice_drafts.validate(books.connection, books.org_id)
        posted = invoice_totals.wrong(books.connection, books.org_id)
    faults = [Fault(one.number or one.request_id[:12], one.sentence) for one in problems]
    for one in posted:
        faults.append(
            Fault(
                one.number,
                said("stored-totals-wrong", stored=_sum(one.stored), summed=_sum(one.summed)),
            )
        )
    return faults


def _sum(totals: tuple[int, int, int]) -> str:
    return f"{totals[0]} + {totals[1]} = {totals[2]}"


def populate(office: Office) -> list[Draft]:
    """Fill in the totals that imported drafts came without; what is there stays.  Audited."""
    with office.change(Permission.INVOICE) as books:
        before = {
            one.request_id: one.totals for one in invoice_drafts.waiting(books.connection, books.org_id)
        }
        filled = invoice_drafts.populate(books.connection, books.org_id, books.now)
        for one in filled:
            office.note(
                books,
                "invoice.populate",
                f"{one.kind} {one.number or one.request_id}",
                before=_json(before[one.request_id]),
                after=_json(one.totals),
            )
    return filled


def _json(totals: Totals) -> str:
    return json.dumps(totals._asdict())
