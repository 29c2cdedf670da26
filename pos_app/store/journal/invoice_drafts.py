"""Invoices and bills on their way: they may change until they are posted; their totals are stored.

`save` recomputes subtotal, tax and total on every change, in the transaction of the change, with the same
tax rule as the till.  Rows that another program left come in as they are (`put_imported`), totals missing or
wrong: `validate` says what is wrong with each, `populate` fills in what is missing, and neither changes what
is there.
Totals whose tax was rounded line by line are right, and the invoice is posted with them (`issued_shares`).
`post` makes the document and marks the row in one transaction; posting twice gives the same document.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any, Final, Literal, NamedTuple

import msgspec
from sqlalchemy import Connection, text

from pos_app.language import Sentence, said
from pos_app.ledger.chart import Accounts
from pos_app.ledger.day import day_of, later, to_date, zone
from pos_app.ledger.document import Bill, Document, Invoice
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.head import HeadFields
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making import invoicing as making_invoicing
from pos_app.ledger.making.invoicing import Due
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.tax import Taxed
from pos_app.ledger.totals import shares_of, totals_of, with_tax
from pos_app.store.documents.rows import Sealed
from pos_app.store.journal.draft_line import DraftLine, bill_line, goods_line
from pos_app.store.journal.journal import Extra, Journal
from pos_app.store.master import party_terms, place
from pos_app.store.tables.draft_tables import invoice_draft

Kind = Literal["invoice", "bill"]
KINDS: Final[tuple[Kind, ...]] = ("invoice", "bill")


class Totals(NamedTuple):
    """Subtotal, tax and total in minor units of the draft's currency; None where a row came without."""

    subtotal: int | None
    tax_total: int | None
    total: int | None

    @property
    def are_whole(self) -> bool:
        """Whether nothing is missing."""
        return None not in self

    def contradict(self, right: "Totals") -> bool:
        """Whether one of those that are there is another."""
        return any(mine not in (None, one) for mine, one in zip(self, right, strict=True))


_NONE: Final = Totals(None, None, None)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An invoice or a bill that is not posted; `dated_on` and `due_on` are local days, YYYYMMDD.

    `document_id` is what it became.
    """

    request_id: str
    kind: Kind
    party_id: int
    business_id: int
    currency: str
    rate_micro: int = RATE_ONE
    dated_on: int
    due_on: int | None = None
    terms_days: int = 0
    number: str = ""
    reference: str = ""
    lines: tuple[DraftLine, ...]
    totals: Totals = _NONE
    person_id: int
    active: bool = True
    document_id: int | None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong with one draft, in a sentence."""

    request_id: str
    number: str
    sentence: str


def computed(lines: Sequence[DraftLine], issued: Totals = _NONE) -> Totals:
    """What lines come to, with the tax that is in their prices or on top of them: see `issued_shares`."""
    return Totals(*totals_of(issued_shares(lines, issued)))


def issued_shares(lines: Sequence[DraftLine], issued: Totals) -> list[Taxed]:
    """Net and tax of lines as whoever issued them with these totals rounded it.

    Ours shares the tax on their sum out.  Another program may round it line by line: where its tax fits that,
    or is off by one minor unit a line, each line's is its own and takes one unit of what is left.
    """
    ours = shares_of(lines)
    if issued.tax_total is None or not issued.contradict(Totals(*totals_of(ours))):
        return ours
    theirs = [shares_of([line])[0] for line in lines]
    left = issued.tax_total - sum(one.tax for one in theirs)
    for index, line in enumerate(lines):
        if left and line.tax_rate_bp:
            unit = 1 if left > 0 else -1
            net, tax = theirs[index]
            theirs[index] = Taxed(net - unit if line.tax_inclusive else net, tax + unit)
            left -= unit
    return ours if issued.contradict(Totals(*totals_of(theirs))) else theirs


def save(connection: Connection, org_id: int, draft: Draft, at: datetime) -> Draft:
    """Save or change a draft with its totals made anew; gives it with them.

    One that another program issued keeps its number, and its totals as issued while its lines are taxed as
    they were.  Raises `Refused` when it is posted already.
    """
    known, issued = get(connection, org_id, draft.request_id) or draft, _NONE
    if [line.taxable() for line in known.lines] == [line.taxable() for line in draft.lines]:
        issued = known.totals
    found = replace(draft, totals=computed(draft.lines, issued), number=draft.number or known.number)
    _write(connection, org_id, found, at)
    return found


def put_imported(connection: Connection, org_id: int, draft: Draft, at: datetime) -> None:
    """Keep a draft as another program had it: its totals are not touched, whatever they are.

    Raises `Refused` when it is posted already.
    """
    _write(connection, org_id, draft, at)


def get(connection: Connection, org_id: int, request_id: str) -> Draft | None:
    """One draft, posted or not."""
    rows = _read(connection, org_id, "request_id = :request", {"request": request_id})
    return rows[0] if rows else None


def held(connection: Connection, org_id: int, request_id: str) -> Draft | None:
    """One draft, which nobody else changes until the commit; whoever is changing it is waited for."""
    # SQL for both engines.
    connection.execute(
        text("UPDATE invoice_draft SET active = active WHERE org_id = :org AND request_id = :request"),
        {"org": org_id, "request": request_id},
    )
    return get(connection, org_id, request_id)


def waiting(connection: Connection, org_id: int, kind: Kind | None = None) -> list[Draft]:
    """The drafts that are neither posted nor given up, newest first."""
    where = "document_id IS NULL AND active = 1" + (" AND kind = :kind" if kind else "")
    return _read(connection, org_id, where, {"kind": kind} if kind else {})


def give_up(connection: Connection, org_id: int, request_id: str, at: datetime) -> None:
    """Put a draft away; it stays in the table.  Raises `Refused` when it is posted or not there."""
    draft = get(connection, org_id, request_id)
    if draft is None:
        raise Refused("draft-missing")
    _write(connection, org_id, replace(draft, active=False), at)


# --- judging and filling imported rows -----------------------------------------------------------------


def validate(connection: Connection, org_id: int) -> list[Problem]:
    """What is wrong with the drafts that wait; nothing is changed."""
    found = []
    for draft in waiting(connection, org_id):
        sentences = list(_wrong(connection, org_id, draft))
        if not draft.totals.are_whole:
            sentences.append(said("draft-without-totals"))
        found += [Problem(draft.request_id, draft.number, sentence) for sentence in sentences]
    return found


def populate(connection: Connection, org_id: int, at: datetime) -> list[Draft]:
    """Fill in the totals that are missing where the lines give them; gives the drafts that got some.

    A total that is there stays, right or wrong: a draft in which one contradicts the lines is left as it
    is, and `validate` tells.
    """
    filled = []
    for draft in waiting(connection, org_id):
        if draft.totals.are_whole or not draft.lines or _absurd(draft):
            continue
        if not draft.totals.contradict(computed(draft.lines, draft.totals)):
            whole = replace(draft, totals=computed(draft.lines, draft.totals))
            _write(connection, org_id, whole, at)
            filled.append(whole)
    return filled


def _wrong(connection: Connection, org_id: int, draft: Draft) -> list[Sentence]:
    sentences = []
    if not draft.lines:
        sentences.append(said("draft-without-lines", kind=draft.kind))
    if not 0 < draft.rate_micro < 10**15:
        sentences.append(said("rate-implausible"))
    due = due_of(draft)
    if due < draft.dated_on:
        sentences.append(said("due-before-dated"))
    role = PartyRole.CUSTOMER if draft.kind == "invoice" else PartyRole.VENDOR
    if role not in party_terms.roles_of(connection, org_id, draft.party_id):
        sentences.append(said("draft-party-not-in-role", role=role.value))
    if _absurd(draft):
        sentences.append(said("draft-figures-implausible"))
        return sentences
    right = computed(draft.lines, draft.totals)
    if draft.totals.contradict(right):
        sentences.append(said("draft-totals-wrong", found=_texts(draft.totals), wanted=_texts(right)))
    return sentences


def _absurd(draft: Draft) -> bool:
    sizes = (max(abs(one.quantity), abs(one.unit_price), abs(one.extended)) for one in draft.lines)
    return max(sizes, default=0) > MOST_MINOR


def _texts(totals: Totals) -> str:
    return " + ".join("?" if one is None else str(one) for one in totals[:2]) + f" = {totals.total}"


def due_of(draft: Draft) -> int:
    """The day on which it is due: as written, or by its terms."""
    return draft.due_on if draft.due_on is not None else later(draft.dated_on, draft.terms_days)


# --- posting --------------------------------------------------------------------------------------------


class Poster(NamedTuple):
    """Who posts, where and when; `shift` where it is at a till."""

    person_id: int
    depot_id: int
    at: datetime
    shift: int | None = None
    approver_id: int | None = None


class Limit(NamedTuple):
    """By how much an invoice goes beyond the customer's credit limit (minor units), and who approved that."""

    over: int = 0
    approver_id: int | None = None


def post(
    journal: Journal,
    request_id: str,
    poster: Poster,
    *,
    first: Callable[[Connection], object] | None = None,
    settled: Callable[[Connection, Draft], Limit] | None = None,
    also: Extra | None = None,
) -> Sealed:
    """Make the document of a draft, in one transaction with the mark on the draft.

    `first` may save the draft itself in that transaction: refused, there is no draft either.
    `settled` gives what the books decide at that moment (a till's credit limit), `also` does what
    must stand or fall with it (its paper).
    Posted before, it gives the document that it became.  Raises `Refused` when there is no such draft or a
    rule says no.
    """
    org_id = journal.org_id

    def build(connection: Connection) -> Document:
        if first is not None:
            first(connection)
        # Whoever is changing it comes before or after, not in between.
        draft = held(connection, org_id, request_id)
        if draft is None or not draft.active:
            raise Refused("draft-gone")
        if draft.document_id is not None:
            raise Refused("draft-posted-and-gone")
        if wrong := _wrong(connection, org_id, draft):
            raise Refused(wrong[0])
        if not draft.totals.are_whole:
            raise Refused("draft-without-totals")
        zone_name = connection.execute(
            text("SELECT time_zone FROM organisation WHERE org_id = :org"), {"org": org_id}
        ).scalar_one()
        head = _head(org_id, draft, poster, zone_name)
        limit = Limit() if settled is None else settled(connection, draft)
        head["approver_id"] = head["approver_id"] if limit.approver_id is None else limit.approver_id
        return _made(draft, Accounts(place.chart(connection, org_id), draft.business_id), head, limit.over)

    def mark(connection: Connection, sealed: Sealed) -> None:
        connection.execute(
            text(
                "UPDATE invoice_draft SET document_id = :document"
                " WHERE org_id = :org AND request_id = :request"
            ),
            {"document": sealed.document.document_id, "org": org_id, "request": request_id},
        )
        if also is not None:
            also(connection, sealed)

    return journal.record(request_id, build, mark)


def _head(org_id: int, draft: Draft, poster: Poster, time_zone: str) -> HeadFields:
    occurred = poster.at
    if draft.dated_on != day_of(poster.at, time_zone):
        occurred = datetime.combine(to_date(draft.dated_on), time(12), zone(time_zone))
    return {
        "org_id": org_id,
        "request_id": draft.request_id,
        "occurred_at": occurred.astimezone(poster.at.tzinfo),
        "recorded_at": poster.at,
        "person_id": poster.person_id,
        "approver_id": poster.approver_id,
        "business_id": draft.business_id,
        "depot_id": poster.depot_id,
        "shift": poster.shift,
        "currency": draft.currency,
        "rate_micro": draft.rate_micro,
        "note": "",
    }


def _made(draft: Draft, accounts: Accounts, head: HeadFields, over_limit: int) -> Invoice | Bill:
    due = Due(due_of(draft), draft.terms_days, draft.reference)
    if draft.kind == "invoice":
        return making_invoicing.invoice(
            head,
            accounts,
            tuple(
                msgspec.structs.replace(goods_line(line), net=share.net, tax=share.tax)
                for line, share in zip(draft.lines, issued_shares(draft.lines, draft.totals), strict=True)
            ),
            party_id=draft.party_id,
            due=due,
            over_limit=over_limit,
        )
    lines = with_tax([bill_line(line) for line in draft.lines])
    return making_invoicing.bill(head, accounts, lines, party_id=draft.party_id, due=due)


# --- rows -----------------------------------------------------------------------------------------------

_decoder: Final = msgspec.json.Decoder(tuple[DraftLine, ...])


def _read(connection: Connection, org_id: int, where: str, values: dict[str, Any]) -> list[Draft]:
    rows = connection.execute(
        text(
            f"SELECT * FROM invoice_draft WHERE org_id = :org AND {where}"
            " ORDER BY updated_at DESC, request_id"
        ),
        {"org": org_id, **values},
    ).mappings()
    return [_draft(row) for row in rows]


def _draft(row: Any) -> Draft:
    return Draft(
        request_id=row["request_id"],
        kind=row["kind"],
        party_id=int(row["party_id"]),
        business_id=int(row["business_id"]),
        currency=row["currency"],
        rate_micro=int(row["rate_micro"]),
        dated_on=int(row["dated_on"]),
        due_on=row["due_on"],
        terms_days=int(row["terms_days"]),
        number=row["number"],
        reference=row["reference"],
        lines=_decoder.decode(row["lines"]),
        totals=Totals(row["subtotal"], row["tax_total"], row["total"]),
        person_id=int(row["person_id"]),
        active=bool(row["active"]),
        document_id=row["document_id"],
    )


def _write(connection: Connection, org_id: int, draft: Draft, at: datetime) -> None:
    if draft.kind not in KINDS:
        raise Refused("draft-kind-unknown", kind=draft.kind)
    to_date(draft.dated_on)
    values = {
        "kind": draft.kind,
        "number": draft.number,
        "party_id": draft.party_id,
        "business_id": draft.business_id,
        "currency": draft.currency,
        "rate_micro": draft.rate_micro,
        "dated_on": draft.dated_on,
        "due_on": draft.due_on,
        "terms_days": draft.terms_days,
        "reference": draft.reference,
        "lines": msgspec.json.encode(draft.lines).decode(),
        **draft.totals._asdict(),
        "person_id": draft.person_id,
        "updated_at": at,
        "active": int(draft.active),
    }
    own = (invoice_draft.c.org_id == org_id, invoice_draft.c.request_id == draft.request_id)
    changed = connection.execute(
        invoice_draft.update().where(*own, invoice_draft.c.document_id.is_(None)).values(**values)
    )
    if changed.rowcount:
        return
    if get(connection, org_id, draft.request_id) is not None:
        raise Refused("draft-posted-already")
    connection.execute(invoice_draft.insert().values(org_id=org_id, request_id=draft.request_id, **values))
