"""`bohari invoices`: drafts and posted invoices of customers, and what is wrong with imported ones."""

from typing import Annotated, Any, Final

import typer

from pos_app.cli import drafts as shared
from pos_app.cli import parsing
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer
from pos_app.cli.command import Only, command, group, noun
from pos_app.cli.drafts import draft_row, drafted
from pos_app.cli.needs import needs, somewhere
from pos_app.cli.options import (
    All,
    Content,
    Details,
    DraftKey,
    DraftKeys,
    GiveUp,
    InvoiceChoices,
    Number,
    On,
    Output,
    PartyCode,
    Post,
    Reason,
)
from pos_app.cli.recorded import recorded
from pos_app.files.whole_file import write_whole
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.day import to_date
from pos_app.ledger.document import Invoice
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.ledger.quantity import plain_quantity
from pos_app.office import drafts, invoicing, papers
from pos_app.office.invoicing import Credited, Goods
from pos_app.office.office import Office
from pos_app.office.written import WrittenLine
from pos_app.reports.slips import invoice_pdf
from pos_app.store.journal.invoice_drafts import Draft
from pos_app.store.receivables import open_items

app: Final = noun()
invoices_app: Final = group(app, "invoices", "Invoices to customers: drafts and posted ones.")

Drafted = Annotated[
    Details, Only("at", "on", "due", "terms", "reference", "business", "depot", "currency", "rate")
]


# --- reading -------------------------------------------------------------------------------------------


@command(invoices_app, "list", LOOKING, needs(Permission.SEE_REPORTS))
def list_all(office: Office) -> Answer:
    """Drafts that wait, and what is open."""
    return shared.list_all(office, "invoice")


@command(invoices_app, "show", LOOKING, somewhere(Permission.SEE_REPORTS, Permission.INVOICE))
def show(office: Office, name: Annotated[str, typer.Argument(metavar="NUMBER|DRAFT")]) -> Answer:
    """One invoice or draft, line by line."""
    with office.read() as books:
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


def _draft_answer(draft: Draft) -> Answer:
    money = currency(draft.currency)
    rows = [
        _line_values(line.sku, line.description, line.quantity, line.extended, money) for line in draft.lines
    ]
    total = None if draft.totals.total is None else decimal_text(draft.totals.total, money)
    values = draft_row(draft, {}) | {"lines": rows, "total": total, "reference": draft.reference}
    lines = [
        f"Draft {draft.request_id}",
        *map(_line_text, rows),
        f"Total {total or 'missing'} {draft.currency}",
    ]
    return Answer(values, lines)


def _line_values(sku: str, description: str, quantity: int, amount: int, money: Currency) -> dict[str, str]:
    return {
        "sku": sku,
        "description": description,
        "quantity": plain_quantity(quantity),
        "amount": decimal_text(amount, money),
    }


def _line_text(row: dict[str, str]) -> str:
    return f"  {row['sku']:<12} {row['description']:<30} {row['quantity']:>9} {row['amount']:>14}"


# --- writing -------------------------------------------------------------------------------------------


@command(invoices_app, "new", AT_WORK, somewhere(Permission.INVOICE))
def new(
    office: Office,
    *,
    customer: Annotated[str, typer.Option(metavar="CODE", help="For whom.")],
    content: Content,
    said: Drafted,
    post: Post = False,
) -> Answer:
    """Draft an invoice.  Lines: sku,quantity,price,discount,description,tax (sku and quantity suffice)."""
    goods, occasion, terms = _goods(content, said.money(office)), said.occasion(), said.when_due()
    if post:
        return recorded(invoicing.invoice(office, customer, goods, occasion, terms=terms, location=said.at))
    return drafted(invoicing.draft(office, customer, goods, occasion, terms=terms, location=said.at))


@command(invoices_app, "edit", AT_WORK, somewhere(Permission.INVOICE))
def edit(
    office: Office,
    draft: DraftKey,
    *,
    customer: Annotated[str, typer.Option(metavar="CODE", help="With new lines: for whom.")] = "",
    content: Content,
    said: Drafted,
    give_up: GiveUp = False,
) -> Answer:
    """Change a draft: its day and terms, or all of its lines; or give it up."""
    if give_up:
        return shared.give_up(office, draft)
    occasion, terms = said.occasion(), said.when_due()
    if not content:
        with office.read() as books:
            was = drafts.find(books, draft)
        return drafted(drafts.redate(office, draft, on=occasion.on, terms=terms), was)
    if not customer:
        raise Refused("customer-not-said-again")
    goods = _goods(content, said.money(office))
    return drafted(
        invoicing.draft(office, customer, goods, occasion, terms=terms, location=said.at, replaces=draft)
    )


def _goods(content: Content, money: Currency) -> list[Goods]:
    def read(line: WrittenLine) -> Goods:
        return Goods(
            line.text("sku"),
            line.quantity(),
            line.price("price", money),
            line.amount("discount", money) or 0,
            line.text("description"),
            line.text("tax"),
        )

    return content.read(("sku", "quantity", "price", "discount", "description", "tax"), 2, read)


@command(invoices_app, "post", AT_WORK, somewhere(Permission.INVOICE))
def post(office: Office, *, drafts: DraftKeys = None, everything: All = False) -> Answer:
    """Post drafts into the books; they do not change any more."""
    return shared.post(office, drafts, "invoice", everything=everything)


@command(invoices_app, "validate", LOOKING, somewhere(Permission.SEE_REPORTS, Permission.INVOICE))
def validate(office: Office) -> Answer:
    """Name every draft, invoice and bill that is not the sum of its lines."""
    faults = drafts.validate(office)
    lines = [f"{one.number}: {one.sentence}" for one in faults] or ["All invoices and bills add up."]
    return Answer({"faults": [one._asdict() for one in faults]}, lines, not faults)


@command(invoices_app, "populate", AT_WORK, somewhere(Permission.INVOICE))
def populate(office: Office) -> Answer:
    """Fill in the totals that imported drafts came without; nothing that is there changes."""
    rows = [draft_row(one, {}) for one in drafts.populate(office)]
    lines = [f"{one['imported_as'] or one['draft'][:12]}: {one['total']} {one['currency']}" for one in rows]
    return Answer({"filled": rows, "count": len(rows)}, [*lines, f"{len(rows)} filled in."])


@command(invoices_app, "pdf", LOOKING, somewhere(Permission.SEE_REPORTS, Permission.INVOICE))
def pdf(office: Office, number: Number, output: Output) -> Answer:
    """An invoice or a credit note on paper."""
    with office.read() as books:
        key = parsing.document(books, number)
        copy_no = papers.copy_number(office, key)
        drawn = invoice_pdf.of_key(books.connection, books.org_id, key, copy_no)
    write_whole(output, [drawn])
    papers.note_drawn(office, key, copy_no)
    said = f"Written to {output}." if not copy_no else f"Written to {output}, as copy {copy_no}."
    return Answer({"file": str(output), "document": key, "copy": copy_no}, [said])


@command(invoices_app, "credit", AT_WORK, somewhere(Permission.CREDIT_NOTE))
def credit(
    office: Office,
    number: Number,
    *,
    reason: Reason,
    line: Annotated[
        list[str] | None, typer.Option("--line", metavar="LINE,QUANTITY[,PRICE]", help="Only this of it.")
    ] = None,
    restock: Annotated[
        str, typer.Option(metavar="CODE", help="The place to which the goods came back.")
    ] = "",
    on: On = "",
) -> Answer:
    """A credit note for all that is left of an invoice, or for some of its lines."""
    with office.read() as books:
        key = parsing.document(books, number)
        money = currency(books.document(key, Invoice, "invoice").currency)

    def read(written: WrittenLine) -> Credited:
        text = written.text("line")
        if not text.isdecimal() or int(text) < 1:
            raise Refused("credit-line-not-numbered")
        quantity = written.quantity() if written.text("quantity") else None
        return Credited(int(text) - 1, quantity, written.price("price", money))

    credited = Content(line=line).read(("line", "quantity", "price"), 1, read)
    occasion = Details(on=on).occasion()
    return recorded(invoicing.credit(office, key, reason, credited, occasion, restock=restock))


@command(invoices_app, "write-off", AT_WORK, somewhere(Permission.WRITE_OFF))
def write_off(
    office: Office,
    customer: PartyCode,
    *,
    reason: Reason,
    named: InvoiceChoices = None,
    said: Annotated[Details, Only("on", "business", "currency", "note")],
) -> Answer:
    """A customer will not pay: what is named, or all that is open."""
    chosen = parsing.invoice_choices(office, named, said.money(office))
    return recorded(invoicing.write_off(office, customer, reason, chosen or (), said.occasion()))
