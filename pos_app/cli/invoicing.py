"""`bohari invoices`: drafts and posted invoices of customers, and what is wrong with imported ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pos_app.cli import parsing
from pos_app.cli.acting import Who, looking
from pos_app.cli.answer import Answer
from pos_app.cli.parsing import RawDetails, amount_text
from pos_app.cli.recorded import all_recorded, recorded
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.day import to_date
from pos_app.ledger.document import Invoice
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import decimal_text
from pos_app.ledger.quantity import quantity_text
from pos_app.office import drafts, invoicing
from pos_app.office.books import Books
from pos_app.office.drafts import Terms
from pos_app.office.invoicing import Credited, Goods
from pos_app.store.journal import invoice_drafts
from pos_app.store.journal.invoice_drafts import Draft, Kind
from pos_app.store.receivables import open_items
from pos_app.store.receivables.open_items import OpenOf
from pos_app.store.report_queries import chart_of_accounts

COLUMNS = ("sku", "quantity", "price", "discount", "description", "tax")


@dataclass(frozen=True)
class Due:
    """When it is due, and what they call it, as it was written."""

    due: str = ""
    terms: int | None = None
    reference: str = ""

    def read(self) -> Terms:
        """The same, read.  Raises `Refused`."""
        return Terms(parsing.day(self.due, "--due") if self.due else None, self.terms, self.reference)


def list_all(home: Path, kind: Kind = "invoice") -> Answer:
    """Drafts that wait, and what is open, what is due first first."""
    role = PartyRole.CUSTOMER if kind == "invoice" else PartyRole.VENDOR
    with looking(home) as office, office.read() as books:
        names = {
            key: one.code for key, one in chart_of_accounts.parties(books.connection, books.org_id).items()
        }
        waiting = invoice_drafts.waiting(books.connection, books.org_id, kind)
        opens = open_items.of_role(books.connection, books.org_id, role)
        found = [_draft_row(one, names) for one in waiting]
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
    lines.append(f"{len(found)} drafts, {len(open_rows)} open.")
    return Answer({"drafts": found, "open": open_rows}, lines)


def _draft_row(one: Draft, names: dict[int, str]) -> dict[str, Any]:
    money = currency(one.currency)
    return {
        "draft": one.request_id,
        "imported_as": one.number,
        "party": names.get(one.party_id, str(one.party_id)),
        "dated": to_date(one.dated_on).isoformat(),
        "due": to_date(invoice_drafts.due_of(one)).isoformat(),
        "currency": one.currency,
        "total": None if one.totals.total is None else decimal_text(one.totals.total, money),
    }


def _open_row(one: OpenOf, names: dict[int, str]) -> dict[str, Any]:
    return {
        "document": one.open.invoice_id,
        "number": one.open.invoice_number,
        "party": names.get(one.party_id, str(one.party_id)),
        "due": to_date(one.open.due_on).isoformat(),
        "currency": one.currency,
        "open": decimal_text(one.open.amount, currency(one.currency)),
    }


def show(home: Path, name: str) -> Answer:
    """One draft or one posted invoice, line by line."""
    with looking(home) as office, office.read() as books:
        if "-" not in name and "/" not in name:
            return _draft_answer(drafts.find(books, name))
        document = books.document(parsing.document(books, name), Invoice, "invoice")
        open_ = sum(
            one.open.amount
            for one in open_items.of_invoice(books.connection, books.org_id, document.document_id)
        )
        number = books.number(document)
    money = currency(document.currency)
    rows = [
        _line_values(line.sku, line.description, line.quantity, line.net + line.tax, money)
        for line in document.lines
    ]
    values: dict[str, Any] = {
        "document": document.document_id,
        "number": number,
        "due": to_date(document.due_on).isoformat(),
        "currency": document.currency,
        "total": decimal_text(document.total, money),
        "open": decimal_text(open_, money),
        "lines": rows,
    }
    lines = [f"{number}, due {values['due']}", *map(_line_text, rows)]
    lines.append(f"Total {values['total']} {document.currency}, open {values['open']}")
    return Answer(values, lines)


def _draft_answer(one: Draft) -> Answer:
    money = currency(one.currency)
    rows = [
        _line_values(line.sku, line.description, line.quantity, line.extended, money) for line in one.lines
    ]
    total = None if one.totals.total is None else decimal_text(one.totals.total, money)
    values = _draft_row(one, {}) | {"lines": rows, "total": total, "reference": one.reference}
    lines = [f"Draft {one.request_id}", *map(_line_text, rows), f"Total {total or 'missing'} {one.currency}"]
    return Answer(values, lines)


def _line_values(sku: str, description: str, quantity: int, amount: int, money: Currency) -> dict[str, str]:
    return {
        "sku": sku,
        "description": description,
        "quantity": quantity_text(quantity).replace(",", "").replace("\u2212", "-"),
        "amount": decimal_text(amount, money),
    }


def _line_text(row: dict[str, str]) -> str:
    return f"  {row['sku']:<12} {row['description']:<30} {row['quantity']:>9} {row['amount']:>14}"


# --- writing ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Content:
    """The lines as they were written: a file, `--line` options, and where goods leave."""

    file: Path | None = None
    lines: Sequence[str] = ()
    location: str = ""


def new(who: Who, customer: str, content: Content, said: RawDetails, *, due: Due, post: bool) -> Answer:
    """Draft an invoice; with `post`, post it at once."""
    with who.at_work() as office:
        goods = _goods(content, said.money(office))
        occasion, terms = said.occasion(), due.read()
        if post:
            made = invoicing.invoice(
                office, customer, goods, occasion, terms=terms, location=content.location
            )
            return recorded(made)
        one = invoicing.draft(office, customer, goods, occasion, terms=terms, location=content.location)
    return drafted(one)


def edit(
    who: Who, name: str, content: Content, said: RawDetails, *, customer: str, due: Due, give_up: bool
) -> Answer:
    """Give a draft other lines (with its customer), another day or other terms, or give it up."""
    with who.at_work() as office:
        if give_up:
            one = drafts.give_up(office, name)
            return Answer({"draft": one.request_id}, [f"The draft {one.request_id[:12]} is put away."])
        if content.file is None and not content.lines:
            on = said.occasion().on
            return drafted(drafts.redate(office, name, on=on, terms=due.read()))
        if not customer:
            raise Refused("Say the customer again, with --customer, when you change the lines.")
        return drafted(
            invoicing.draft(
                office,
                customer,
                _goods(content, said.money(office)),
                said.occasion(),
                terms=due.read(),
                location=content.location,
                replaces=name,
            )
        )


def drafted(one: Draft) -> Answer:
    """The answer for a draft that was saved."""
    total = one.totals.total or 0
    return Answer(
        _draft_row(one, {}) | {"party": one.party_id},
        [f"Draft {one.request_id[:12]}: {amount_text(total, one.currency)}"],
    )


def _goods(content: Content, money: Currency) -> list[Goods]:
    found = []
    for line in parsing.lines(content.file, content.lines, COLUMNS, needed=2):
        with line.blamed():
            found.append(
                Goods(
                    line.text("sku"),
                    line.quantity(),
                    line.amount("price", money),
                    line.amount("discount", money) or 0,
                    line.text("description"),
                    line.text("tax"),
                )
            )
    return found


def post(who: Who, names: Sequence[str], kind: Kind, *, everything: bool) -> Answer:
    """Post drafts, each in a transaction of its own; what cannot be posted is named and waits."""
    if bool(names) == everything:
        raise Refused("Name the drafts, or say --all.")
    made, refused = [], []
    with who.at_work() as office:
        with office.read() as books:
            chosen = _chosen(books, names, kind)
        for one in chosen:
            try:
                made.append(drafts.post(office, one.request_id))
            except Refused as error:
                refused.append({"draft": one.number or one.request_id, "reason": error.sentence})
    answer = all_recorded(made)
    lines = [*answer.lines, *(f"{one['draft'][:20]}: {one['reason']}" for one in refused)]
    return Answer(answer.values | {"refused": refused}, lines, not refused)


def _chosen(books: Books, names: Sequence[str], kind: Kind) -> list[Draft]:
    if names:
        return [drafts.find(books, name, kind) for name in names]
    return list(reversed(invoice_drafts.waiting(books.connection, books.org_id, kind)))


def validate(home: Path) -> Answer:
    """Every draft and posted invoice or bill that is not the sum of its lines."""
    with looking(home) as office:
        faults = drafts.validate(office)
    lines = [f"{one.number}: {one.sentence}" for one in faults] or ["All invoices and bills add up."]
    return Answer({"faults": [one._asdict() for one in faults]}, lines, not faults)


def populate(who: Who) -> Answer:
    """Fill in the totals that imported drafts came without."""
    with who.at_work() as office:
        filled = drafts.populate(office)
    rows = [_draft_row(one, {}) for one in filled]
    lines = [f"{one['imported_as'] or one['draft'][:12]}: {one['total']} {one['currency']}" for one in rows]
    return Answer({"filled": rows, "count": len(rows)}, [*lines, f"{len(rows)} filled in."])


def pdf(home: Path, name: str, output: Path) -> Answer:
    """An invoice or a credit note as a file."""
    from pos_app.reports.slips import invoice_pdf

    with looking(home) as office, office.read() as books:
        key = parsing.document(books, name)
        drawn = invoice_pdf.of_key(books.connection, books.org_id, key)
    making = output.with_name(output.name + ".making")
    try:
        making.write_bytes(drawn)
        making.replace(output)
    except OSError as error:
        raise Unavailable(f"{output} cannot be written: {error.strerror}.") from error
    return Answer({"file": str(output), "document": key}, [f"Written to {output}."])


def credit(who: Who, name: str, lines: Sequence[str], *, reason: str, restock: str, on: str) -> Answer:
    """Credit an invoice, whole or some of its lines (`--line NUMBER,QUANTITY[,PRICE]`)."""
    with who.at_work() as office:
        with office.read() as books:
            key = parsing.document(books, name)
            money = currency(books.document(key, Invoice, "invoice").currency)
        credited = []
        for line in parsing.lines(None, lines, ("line", "quantity", "price"), needed=1):
            with line.blamed():
                number = line.text("line")
                if not number.isdecimal() or int(number) < 1:
                    raise Refused("Begin it with the line's number on the invoice, 1 for the first.")
                quantity = line.quantity() if line.text("quantity") else None
                credited.append(Credited(int(number) - 1, quantity, line.amount("price", money)))
        occasion = RawDetails(on=on).occasion()
        made = invoicing.credit(office, key, reason, credited, occasion, restock=restock)
    return recorded(made)


def write_off(who: Who, customer: str, named: Sequence[str], said: RawDetails, *, reason: str) -> Answer:
    """A customer will not pay what is named, or anything that is open."""
    with who.at_work() as office:
        with office.read() as books:
            wanted = parsing.wanted(books, named, said.money(office))
        return recorded(invoicing.write_off(office, customer, reason, wanted, said.occasion()))
