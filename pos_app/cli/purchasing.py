"""`bohari bills`, `orders`, `receipts` and `landed-cost`: what is bought, what came, what is owed for it."""

from typing import Annotated, Any, Final

import typer

from pos_app.cli import drafts as shared
from pos_app.cli import parsing
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import Only, command, group, noun
from pos_app.cli.drafts import drafted
from pos_app.cli.needs import needs, somewhere
from pos_app.cli.options import All, Content, Details, DraftKey, DraftKeys, Location, Number, Post, Reason
from pos_app.cli.recorded import recorded
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.document import GoodsReceipt, PurchaseOrder, kind_of
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text, parse_money
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import plain_price
from pos_app.ledger.purchasing import OrderLine
from pos_app.ledger.quantity import ONE, quantity_text
from pos_app.office import bills, purchasing, written
from pos_app.office.bills import Cost, ForReceipt
from pos_app.office.office import Office
from pos_app.office.purchasing import Bought, Came
from pos_app.office.written import WrittenLine
from pos_app.store.documents import documents
from pos_app.store.report_queries import chart_of_accounts

app: Final = noun()
bills_app: Final = group(app, "bills", "Bills of vendors: drafts and posted ones.")
orders_app: Final = group(app, "orders", "What was ordered of vendors.")
receipts_app: Final = group(app, "receipts", "What came of vendors.")

_BOUGHT: Final = ("sku", "quantity", "cost")
#: The newest so many orders.
_MOST_ORDERS: Final = 200


# --- bills ---------------------------------------------------------------------------------------------


@command(bills_app, "list", LOOKING, needs(Permission.SEE_REPORTS))
def list_bills(office: Office) -> Answer:
    """Drafts that wait, and what we owe."""
    return shared.list_all(office, "bill")


@command(bills_app, "new", AT_WORK, somewhere(Permission.BILL))
def new_bill(
    office: Office,
    *,
    vendor: Annotated[str, typer.Option(metavar="CODE", help="Whose bill.")] = "",
    receipt: Annotated[str, typer.Option(metavar="NUMBER", help="The receipt that it is for.")] = "",
    tax: Annotated[str, typer.Option(metavar="CODE", help="With --receipt: the tax on top.")] = "",
    content: Content,
    said: Annotated[
        Details, Only("at", "on", "due", "terms", "reference", "business", "depot", "currency", "rate")
    ],
    post: Post = False,
) -> Answer:
    """Draft a bill.  Lines: description,account,amount,tax,quantity,sku,business; a sku comes to stock.

    With a quantity of 2cs the amount is that of one case.
    """
    occasion, terms = said.occasion(), said.when_due()
    if receipt:
        with office.read() as books:
            key = parsing.document(books, receipt)
            money = currency(said.currency or books.document(key, GoodsReceipt, "receipt").currency)
        how = ForReceipt(tax_code=tax, further=costs(content, money))
        if post:
            return recorded(bills.bill_for_receipt(office, key, occasion, terms=terms, how=how))
        return drafted(bills.draft_for_receipt(office, key, occasion, terms=terms, how=how))
    if not vendor:
        raise Refused("bill-of-nobody")
    found = costs(content, said.money(office))
    if post:
        return recorded(bills.bill(office, vendor, found, occasion, terms=terms, location=said.at))
    return drafted(bills.draft(office, vendor, found, occasion, terms=terms, location=said.at))


def costs(content: Content, money: Currency) -> list[Cost]:
    """The lines of a bill or an expense.  Raises `Refused`, naming the line."""

    def read(line: WrittenLine) -> Cost:
        amount = line.amount("amount", money)
        if amount is None:
            raise Refused("amount-missing")
        return Cost(
            line.text("description"),
            amount,
            line.text("account"),
            line.text("tax"),
            line.typed_quantity() if line.text("quantity") else ONE,
            line.text("sku"),
            line.text("business"),
        )

    return content.read(("description", "account", "amount", "tax", "quantity", "sku", "business"), 3, read)


@command(bills_app, "post", AT_WORK, somewhere(Permission.BILL))
def post_bills(office: Office, *, drafts: DraftKeys = None, everything: All = False) -> Answer:
    """Post drafts into the books; they do not change any more."""
    return shared.post(office, drafts, "bill", everything=everything)


@command(bills_app, "give-up", AT_WORK, somewhere(Permission.BILL))
def give_up_bill(office: Office, draft: DraftKey) -> Answer:
    """Put a draft away."""
    return shared.give_up(office, draft)


@command(bills_app, "credit", AT_WORK, somewhere(Permission.BILL))
def vendor_credit(
    office: Office,
    number: Number,
    *,
    reason: Reason,
    content: Content,
    said: Annotated[Details, Only("at", "on", "reference")],
) -> Answer:
    """The vendor takes something off a bill: lines as of a bill; a sku goes back."""
    key = parsing.document_in(office, number)
    found = costs(content, said.money(office))
    made = bills.credit(
        office, key, reason, found, said.occasion(), reference=said.reference, location=said.at
    )
    return recorded(made)


# --- orders and receipts --------------------------------------------------------------------------------


@command(orders_app, "new", AT_WORK, somewhere(Permission.PURCHASE))
def new_order(
    office: Office,
    *,
    vendor: Annotated[str, typer.Option(metavar="CODE", help="Of whom.")],
    content: Content,
    at: Location = "",
    expected: Annotated[str, typer.Option(metavar="DATE", help="When it should come: 2026-12-01.")] = "",
    said: Annotated[Details, Only("reference", "on", "business", "depot", "currency", "rate")],
) -> Answer:
    """Order goods.  Lines: sku,quantity,cost (of one, without tax).

    With a quantity of 2cs (two cases) the cost is that of one case.
    """
    made = purchasing.order(
        office,
        vendor,
        _bought(content, said.money(office)),
        said.occasion(),
        to=at,
        expected_on=written.day(expected, "--expected") if expected else None,
        reference=said.reference,
    )
    return recorded(made)


def _bought(content: Content, money: Currency) -> list[Bought]:
    """The lines of an order, or of a receipt without one."""

    def read(line: WrittenLine) -> Bought:
        cost = line.amount("cost", money)
        if cost is None:
            raise Refused("cost-missing")
        return Bought(line.text("sku"), line.typed_quantity(), cost)

    return content.read(_BOUGHT, 3, read)


@command(orders_app, "list", LOOKING, somewhere(Permission.SEE_REPORTS, Permission.PURCHASE))
def list_orders(office: Office, *, everything: All = False) -> Answer:
    """Orders of which something is still to come."""
    rows = []
    with office.read() as books:
        names = chart_of_accounts.parties(books.connection, books.org_id)
        for entry in documents.latest(books.connection, books.org_id, ("purchase_order",), _MOST_ORDERS):
            order = documents.get(books.connection, books.org_id, entry.document_id)
            if not isinstance(order, PurchaseOrder):
                continue
            voided = documents.is_voided(books.connection, books.org_id, entry.document_id)
            rest = {} if voided else purchasing.outstanding(books, entry.document_id, order)
            if not (rest or everything):
                continue
            rows.append(
                {
                    "document": entry.document_id,
                    "number": books.number(order),
                    "vendor": names[order.party_id].code if order.party_id in names else "",
                    "currency": order.currency,
                    "total": decimal_text(order.total, currency(order.currency)),
                    "state": "voided" if voided else "open" if rest else "came",
                }
            )
    lines = [
        f"{one['number']:<18} {one['vendor']:<12} {one['total']:>14} {one['currency']}  {one['state']}"
        for one in rows
    ]
    return Answer({"orders": rows}, [*lines, f"{counted(len(rows), 'order')}."])


@command(orders_app, "show", LOOKING, somewhere(Permission.SEE_REPORTS, Permission.PURCHASE))
def show_order(office: Office, number: Number) -> Answer:
    """What was ordered, and what is still to come."""
    with office.read() as books:
        key = parsing.document(books, number)
        order = books.document(key, PurchaseOrder, "order")
        rest = purchasing.outstanding(books, key, order)
        printed = books.number(order)
    money = currency(order.currency)
    rows: list[dict[str, Any]] = [
        {
            "sku": line.sku,
            "description": line.description,
            "ordered": quantity_text(line.quantity),
            "to_come": quantity_text(rest.get(place, 0)),
            "cost": plain_price(line.price, money),
            **_pack(line, money),
        }
        for place, line in enumerate(order.lines)
    ]
    lines = [
        f"  {one['sku']:<12} {one['description']:<30} {one['ordered']:>9} to come {one['to_come']:>9}"
        f" at {one['cost']}" + (f" ({one['packs']})" if "packs" in one else "")
        for one in rows
    ]
    values = {"document": key, "number": printed, "kind": kind_of(order), "lines": rows}
    return Answer(values, [printed, *lines])


def _pack(line: OrderLine, money: Currency) -> dict[str, str]:
    """How it was ordered, where that is by the case."""
    if line.pack is None:
        return {}
    count, size = quantity_text(line.packs), quantity_text(line.pack.size)
    return {"packs": f"{count} {line.pack.word} of {size} at {decimal_text(line.pack_cost, money)}"}


@command(receipts_app, "new", AT_WORK, somewhere(Permission.RECEIVE_GOODS))
def receive(
    office: Office,
    *,
    order: Annotated[str, typer.Option(metavar="NUMBER", help="The order that came.")] = "",
    vendor: Annotated[str, typer.Option(metavar="CODE", help="Without an order: whose goods.")] = "",
    content: Content,
    said: Annotated[Details, Only("at", "on", "reference", "currency", "rate")],
) -> Answer:
    """Goods came: all that was still to come, or these lines: sku,quantity,cost (cost without an order).

    With a quantity of 2cs (two cases) the cost is that of one case.
    """
    if order:
        key = parsing.document_in(office, order)
        came = content.read(_BOUGHT, 2, lambda line: Came(line.text("sku"), line.typed_quantity()))
        return recorded(purchasing.receive(office, key, came, said.occasion(), reference=said.reference))
    if not vendor:
        raise Refused("receipt-of-nothing")
    made = purchasing.receive_without_order(
        office,
        vendor,
        _bought(content, said.money(office)),
        said.occasion(),
        to=said.at,
        reference=said.reference,
    )
    return recorded(made)


@command(app, "landed-cost", AT_WORK, somewhere(Permission.BILL))
def landed_cost(
    office: Office,
    receipt: Annotated[str, typer.Argument(metavar="RECEIPT", help="As printed: M1000000-R000001.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT")],
    *,
    description: Annotated[str, typer.Option(help="Freight, duty, ...")] = "",
    said: Annotated[Details, Only("on", "currency", "rate")],
) -> Answer:
    """Freight or duty on a receipt, shared out over its goods by value; their bill goes on account 2140."""
    key = parsing.document_in(office, receipt)
    minor = parse_money(amount, said.money(office))
    return recorded(purchasing.landed_cost(office, key, minor, description, said.occasion()))
