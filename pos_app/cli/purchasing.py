"""`bohari bills`, `orders`, `receipts` and `landed-cost`: what is bought, what came, what is owed for it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pos_app.cli import parsing
from pos_app.cli.acting import Who, looking
from pos_app.cli.answer import Answer
from pos_app.cli.invoicing import Content, Due, drafted
from pos_app.cli.parsing import RawDetails
from pos_app.cli.recorded import recorded
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.document import GoodsReceipt, PurchaseOrder, kind_of
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text
from pos_app.ledger.quantity import ONE, quantity_text
from pos_app.office import bills, drafts, purchasing
from pos_app.office.bills import Cost, ForReceipt
from pos_app.office.purchasing import Bought, Came
from pos_app.store.documents import documents
from pos_app.store.report_queries import chart_of_accounts

COST_COLUMNS = ("description", "account", "amount", "tax", "quantity", "sku", "business")
BOUGHT_COLUMNS = ("sku", "quantity", "cost")
#: The newest so many orders.
_MOST_ORDERS = 200


def costs(content: Content, money: Currency) -> list[Cost]:
    """The lines of a bill or an expense.  Raises `Refused`, naming the line."""
    found = []
    for line in parsing.lines(content.file, content.lines, COST_COLUMNS, needed=3):
        with line.blamed():
            amount = line.amount("amount", money)
            if amount is None:
                raise Refused("Write the amount.")
            found.append(
                Cost(
                    line.text("description"),
                    amount,
                    line.text("account"),
                    line.text("tax"),
                    line.quantity() if line.text("quantity") else ONE,
                    line.text("sku"),
                    line.text("business"),
                )
            )
    return found


def new_bill(
    who: Who, vendor: str, content: Content, said: RawDetails, *, due: Due, receipt: str, tax: str, post: bool
) -> Answer:
    """Draft a vendor's bill, of lines or of a receipt; with `post`, post it at once."""
    with who.at_work() as office:
        occasion, terms = said.occasion(), due.read()
        if receipt:
            with office.read() as books:
                key = parsing.document(books, receipt)
                money = currency(said.currency or books.document(key, GoodsReceipt, "receipt").currency)
            further = costs(content, money)
            how = ForReceipt(tax_code=tax, further=further)
            if post:
                return recorded(bills.bill_for_receipt(office, key, occasion, terms=terms, how=how))
            return drafted(bills.draft_for_receipt(office, key, occasion, terms=terms, how=how))
        if not vendor:
            raise Refused("Say whose bill it is, or with --receipt what it is for.")
        found = costs(content, said.money(office))
        if post:
            made = bills.bill(office, vendor, found, occasion, terms=terms, location=content.location)
            return recorded(made)
        return drafted(bills.draft(office, vendor, found, occasion, terms=terms, location=content.location))


def give_up_bill(who: Who, name: str) -> Answer:
    """Put a draft of a bill away."""
    with who.at_work() as office:
        one = drafts.give_up(office, name)
    return Answer({"draft": one.request_id}, [f"The draft {one.request_id[:12]} is put away."])


def vendor_credit(
    who: Who, bill: str, content: Content, said: RawDetails, *, reason: str, reference: str
) -> Answer:
    """The vendor takes something off a bill."""
    with who.at_work() as office:
        with office.read() as books:
            key = parsing.document(books, bill)
        found = costs(content, said.money(office))
        made = bills.credit(
            office, key, reason, found, said.occasion(), reference=reference, location=content.location
        )
    return recorded(made)


# --- orders and receipts --------------------------------------------------------------------------------


def bought(content: Content, money: Currency) -> list[Bought]:
    """The lines of an order, or of a receipt without one."""
    found = []
    for line in parsing.lines(content.file, content.lines, BOUGHT_COLUMNS, needed=3):
        with line.blamed():
            cost = line.amount("cost", money)
            if cost is None:
                raise Refused("Write the cost of one.")
            found.append(Bought(line.text("sku"), line.quantity(), cost))
    return found


def new_order(
    who: Who, vendor: str, content: Content, said: RawDetails, *, expected: str, reference: str
) -> Answer:
    """Order goods of a vendor."""
    with who.at_work() as office:
        made = purchasing.order(
            office,
            vendor,
            bought(content, said.money(office)),
            said.occasion(),
            to=content.location,
            expected_on=parsing.day(expected, "--expected") if expected else None,
            reference=reference,
        )
    return recorded(made)


def list_orders(home: Path, *, everything: bool) -> Answer:
    """Orders of which something is still to come; with `everything`, the newest of all."""
    rows = []
    with looking(home) as office, office.read() as books:
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
    return Answer({"orders": rows}, [*lines, f"{len(rows)} orders."])


def show_order(home: Path, name: str) -> Answer:
    """One order: what was ordered and what is still to come."""
    with looking(home) as office, office.read() as books:
        key = parsing.document(books, name)
        order = books.document(key, PurchaseOrder, "order")
        rest = purchasing.outstanding(books, key, order)
        number = books.number(order)
    money = currency(order.currency)
    rows: list[dict[str, Any]] = [
        {
            "sku": line.sku,
            "description": line.description,
            "ordered": quantity_text(line.quantity),
            "to_come": quantity_text(rest.get(place, 0)),
            "cost": decimal_text(line.unit_cost, money),
        }
        for place, line in enumerate(order.lines)
    ]
    lines = [
        f"  {one['sku']:<12} {one['description']:<30} {one['ordered']:>9} to come {one['to_come']:>9}"
        f" at {one['cost']}"
        for one in rows
    ]
    values = {"document": key, "number": number, "kind": kind_of(order), "lines": rows}
    return Answer(values, [number, *lines])


def receive(
    who: Who, order: str, content: Content, said: RawDetails, *, vendor: str, reference: str
) -> Answer:
    """Goods came: of an order (lines, or all that was still to come), or without one."""
    with who.at_work() as office:
        if order:
            with office.read() as books:
                key = parsing.document(books, order)
            made = purchasing.receive(office, key, _came(content), said.occasion(), reference=reference)
            return recorded(made)
        if not vendor:
            raise Refused("Say which order came, or with --vendor whose goods they are.")
        found = bought(content, said.money(office))
        made = purchasing.receive_without_order(
            office, vendor, found, said.occasion(), to=content.location, reference=reference
        )
    return recorded(made)


def _came(content: Content) -> Sequence[Came]:
    found = []
    for line in parsing.lines(content.file, content.lines, BOUGHT_COLUMNS, needed=2):
        with line.blamed():
            found.append(Came(line.text("sku"), line.quantity()))
    return found


def landed_cost(who: Who, receipt: str, amount: str, said: RawDetails, *, description: str) -> Answer:
    """Freight or duty on a receipt."""
    from pos_app.ledger.money import parse_money

    with who.at_work() as office:
        with office.read() as books:
            key = parsing.document(books, receipt)
        minor = parse_money(amount, said.money(office))
        return recorded(purchasing.landed_cost(office, key, minor, description, said.occasion()))
