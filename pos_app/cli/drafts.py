"""What invoices and bills share: their list, the answer for a draft, posting drafts and giving one up."""

from collections.abc import Sequence
from typing import Any

from pos_app.cli.answer import Answer, counted
from pos_app.cli.parsing import amount_text
from pos_app.cli.recorded import all_recorded
from pos_app.ledger.currency import currency
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import decimal_text
from pos_app.office import drafts
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.journal import invoice_drafts
from pos_app.store.journal.invoice_drafts import Draft, Kind
from pos_app.store.receivables import open_items
from pos_app.store.receivables.open_items import OpenOf
from pos_app.store.report_queries import chart_of_accounts


def list_all(office: Office, kind: Kind) -> Answer:
    """Drafts that wait, and what is open, what is due first first."""
    role = PartyRole.CUSTOMER if kind == "invoice" else PartyRole.VENDOR
    with office.read() as books:
        names = {
            key: one.code for key, one in chart_of_accounts.parties(books.connection, books.org_id).items()
        }
        waiting = invoice_drafts.waiting(books.connection, books.org_id, kind)
        opens = open_items.of_role(books.connection, books.org_id, role)
        found = [draft_row(one, names) for one in waiting]
        open_rows = [_open_row(one, names) for one in opens]
    lines = [
        f"{one['draft'][:12]:<18} draft       {one['party']:<12} {one['total'] or 'no totals':>16}"
        f" {one['currency']}  {one['imported_as']}"
        for one in found
    ]
    lines += [
        f"{one['number']:<18} due {one['due']}  {one['party']:<12} {one['open']:>12} {one['currency']}"
        for one in open_rows
    ]
    lines.append(f"{counted(len(found), 'draft')}, {len(open_rows)} open.")
    return Answer({"drafts": found, "open": open_rows}, lines)


def draft_row(draft: Draft, names: dict[int, str]) -> dict[str, Any]:
    """A draft for a program; `names` are the codes of the parties that are known."""
    money = currency(draft.currency)
    return {
        "draft": draft.request_id,
        "imported_as": draft.number,
        "party": names.get(draft.party_id, str(draft.party_id)),
        "dated": to_date(draft.dated_on).isoformat(),
        "due": to_date(invoice_drafts.due_of(draft)).isoformat(),
        "currency": draft.currency,
        "total": None if draft.totals.total is None else decimal_text(draft.totals.total, money),
    }


def _open_row(item: OpenOf, names: dict[int, str]) -> dict[str, Any]:
    return {
        "document": item.open.invoice_id,
        "number": item.open.invoice_number,
        "party": names.get(item.party_id, str(item.party_id)),
        "due": to_date(item.open.due_on).isoformat(),
        "currency": item.currency,
        "open": decimal_text(item.open.amount, currency(item.currency)),
    }


def drafted(draft: Draft, was: Draft | None = None) -> Answer:
    """The answer for a draft that was saved; `was` is what it was before it was dated anew."""
    total = draft.totals.total or 0
    lines = [f"Draft {draft.request_id[:12]}: {amount_text(total, draft.currency)}"]
    if was is not None:
        lines += _rated(was, draft.totals.total, draft.rate_micro, draft.dated_on)
    return Answer(draft_row(draft, {}) | {"party": draft.party_id}, lines)


def _rated(was: Draft, total: int | None, rate_micro: int, day: int) -> list[str]:
    """What the rates of its day did to a draft: nothing, or a line each."""
    on, lines = to_date(day).isoformat(), []
    if was.totals.total is not None and total is not None and was.totals.total != total:
        before = amount_text(was.totals.total, was.currency)
        lines.append(
            f"The rates of {on} hold: the total was {before}, it is {amount_text(total, was.currency)}."
        )
    if was.rate_micro != rate_micro:
        lines.append(f"The exchange rate of {was.currency} is that of {on}.")
    return lines


def post(office: Office, names: Sequence[str] | None, kind: Kind, *, everything: bool) -> Answer:
    """Post drafts, each in a transaction of its own; what cannot be posted is named and waits."""
    if bool(names) == everything:
        raise Refused("drafts-not-named")
    made, refused, told = [], [], []
    with office.read() as books:
        chosen = _chosen(books, names or (), kind)
    for one in chosen:
        try:
            done = drafts.post(office, one.request_id)
            made.append(done)
            told += _rated(one, done.total, done.document.rate_micro, one.dated_on)
        except Refused as error:
            refused.append({"draft": one.number or one.request_id, "reason": error.sentence})
    answer = all_recorded(made)
    lines = [*answer.lines, *told, *(f"{one['draft'][:20]}: {one['reason']}" for one in refused)]
    return Answer(answer.values | {"refused": refused, "rated": told}, lines, not refused)


def _chosen(books: Books, names: Sequence[str], kind: Kind) -> list[Draft]:
    if names:
        return [drafts.find(books, name, kind) for name in names]
    return list(reversed(invoice_drafts.waiting(books.connection, books.org_id, kind)))


def give_up(office: Office, name: str) -> Answer:
    """Put a draft away."""
    one = drafts.give_up(office, name)
    return Answer({"draft": one.request_id}, [f"The draft {one.request_id[:12]} is put away."])
