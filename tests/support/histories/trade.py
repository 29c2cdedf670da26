"""Random trade: sales, refunds, invoices, credit notes, bills, vendors' credits, expenses."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from pos_app.ledger.document import (
    CreditNote,
    Document,
    GoodsReceipt,
    Invoice,
    Refund,
    Sale,
    ServiceOrder,
)
from pos_app.ledger.invoicing import BillLine
from pos_app.ledger.line import PartyRole, ReturnableLine, Tender, TenderKind
from pos_app.ledger.money import divide_half_up, round_to_cash
from pos_app.ledger.stock import location_of
from tests.support.documents import book_specimens as books
from tests.support.documents import service_specimens as services
from tests.support.documents import specimens
from tests.support.documents.book_specimens import R
from tests.support.documents.specimens import BUSINESSES, TAX_CODES, Item, account, goods
from tests.support.histories import chits
from tests.support.histories.clerk import (
    CUSTOMERS,
    ONE,
    PLACES,
    PRODUCTS,
    RETURNABLES,
    VENDORS,
    Clerk,
    altered,
)
from tests.support.histories.service import open_orders, some_of

Traded = TypeVar("Traded", bound=Sale | Refund | Invoice | CreditNote)


def _items(clerk: Clerk, most: int = 4) -> list[Item]:
    """Goods as they go out; a return among them now and then."""
    choose = clerk.choices
    made = []
    for _ in range(choose.number(1, most)):
        quantity = -clerk.quantity() if choose.now_and_then(6) else clerk.quantity()
        price = choose.number(0, 100_000)
        discount = (
            choose.number(0, price * quantity // 1_000) if quantity > 0 and choose.now_and_then(4) else 0
        )
        made.append(
            Item(
                price,
                quantity,
                choose.pick(sorted(TAX_CODES)),
                choose.pick(PRODUCTS),
                choose.pick(BUSINESSES),
                discount,
                not choose.now_and_then(4),
            )
        )
    return made


def _gross(items: list[Item]) -> int:
    return sum(line.gross for line in goods(items))


def _at(clerk: Clerk, made: Traded) -> Traded:
    """The document with its goods at one of the places."""
    place = clerk.choices.pick(PLACES)
    return altered(
        made,
        lines=tuple(
            altered(line, location_id=place) if line.location_id is not None else line for line in made.lines
        ),
    )


def _returnables(clerk: Clerk, party_id: int | None) -> tuple[ReturnableLine, ...]:
    choose = clerk.choices
    if not choose.now_and_then(3):
        return ()
    return tuple(
        ReturnableLine(
            product_id=product,
            quantity=choose.pick((1, -1)) * clerk.quantity(),
            location_id=choose.pick(PLACES),
            party_location_id=location_of(party_id),
        )
        for product in choose.some(RETURNABLES, 2)
    )


def _order(clerk: Clerk) -> ServiceOrder | None:
    """Now and then what is sold are things that were left for a service."""
    found = open_orders(clerk) if clerk.choices.now_and_then(4) else []
    return clerk.choices.pick(found) if found else None


def _trade(clerk: Clerk, kind: type[Sale] | type[Refund]) -> Document | None:
    choose = clerk.choices
    order = _order(clerk) if kind is Sale else None
    parts = [] if order is None else some_of(clerk, order)
    head = clerk.head(None if order is None else order.currency)
    chosen = _items(clerk) if order is None else services.collecting_items(order, parts)
    total = _gross(chosen)
    if total < 0:
        chosen = [item._replace(quantity=-item.quantity, discount=-item.discount) for item in chosen]
        total = -total
    party = choose.pick((None, *CUSTOMERS))
    if order is not None and order.party_id is not None:
        party = order.party_id
    on_account = choose.number(1, total) if total and party is not None and choose.now_and_then(2) else 0
    step = choose.pick((1, 5, 100))
    due = round_to_cash(total - on_account, step)
    rounding = due - (total - on_account)
    change = choose.number(1, 100_000) if kind is Sale and due and choose.now_and_then(4) else 0
    paid = clerk.money(head, due, change=change)
    tenders: tuple[Tender, ...] = paid["tenders"]
    if on_account:
        business = head["business_id"]
        tenders = (*tenders, clerk.tender(TenderKind.ACCOUNT, on_account, business))
    fields = head | {
        "party_id": party,
        "rounding": rounding,
        "rounding_account": account(R.ROUNDING) if rounding else "",
        "cash_step": step,
        "change": paid["change"],
        "returnables": _returnables(clerk, party),
    }
    made = specimens.trade(kind, chosen, tenders, **fields)
    if order is not None and isinstance(made, Sale):
        return services.collecting(made, order, parts)
    return _at(clerk, made)


def _sale(clerk: Clerk) -> Document | None:
    if clerk.choices.now_and_then(4):
        made = chits.paid_with(clerk) if clerk.choices.now_and_then(2) else None
        return made or chits.issuing(clerk)
    return _trade(clerk, Sale)


def _refund(clerk: Clerk) -> Document | None:
    return _trade(clerk, Refund)


def _invoice(clerk: Clerk) -> Document | None:
    order = _order(clerk)
    parts = [] if order is None else some_of(clerk, order)
    party = clerk.choices.pick(CUSTOMERS)
    if order is not None and order.party_id is not None:
        party = order.party_id
    chosen = _items(clerk) if order is None else services.collecting_items(order, parts)
    if _gross(chosen) <= 0:
        return None
    fields = clerk.head(None if order is None else order.currency) | {
        "party_id": party,
        "due_on": clerk.due(),
        "returnables": _returnables(clerk, party),
    }
    made = books.invoice(*chosen, **fields)
    return _at(clerk, made) if order is None else services.collecting(made, order, parts)


def _within(clerk: Clerk, most: int) -> int:
    """A price that comes to no more than `most` with any tax on top."""
    return clerk.choices.number(1, most * 100 // 116)


def _credit_note(clerk: Clerk) -> Document | None:
    choose = clerk.choices
    found = [one for one in clerk.open(PartyRole.CUSTOMER) if one.amount > 1]
    if not found:
        return None
    one = choose.pick(found)
    head = clerk.head(one.currency)
    item = Item(
        _within(clerk, one.amount),
        1_000,
        choose.pick(sorted(TAX_CODES)),
        choose.pick(PRODUCTS),
        choose.pick(BUSINESSES),
        0,
        choose.now_and_then(2),
    )
    made = books.credit_note(
        item,
        invoice_id=one.invoice_id,
        **head,
        party_id=one.party_id,
        invoice_due_on=one.due_on,
        invoice_business_id=_other(one.business_id, head),
        returnables=_returnables(clerk, one.party_id),
    )
    return _at(clerk, altered(made, base_amount=one.share(made.total)))


def _other(business: int, head: dict[str, Any]) -> int:
    """How a document names the business of an invoice: 0 where it is its own."""
    return 0 if business == head["business_id"] else business


# --- what we buy ----------------------------------------------------------------------------------


def _bill_line(clerk: Clerk, most: int = 3_000_000) -> BillLine:
    """Rent, or goods that come to a place at once."""
    choose = clerk.choices
    business, code = choose.pick(BUSINESSES), choose.pick(sorted(TAX_CODES))
    price = _within(clerk, most)
    if choose.now_and_then(2):
        return books.bill_line(price, code, business)
    return books.bill_line(
        price,
        code,
        business,
        description="Gas",
        account=account(R.INVENTORY, business),
        product_id=choose.pick(PRODUCTS),
        quantity=clerk.quantity(),
        location_id=choose.pick(PLACES),
    )


def _receipt_lines(clerk: Clerk, head: dict[str, Any]) -> list[BillLine]:
    """What came and waits for its bill, at another price at times and at the rate of then."""
    choose = clerk.choices
    waiting = [
        (receipt, place)
        for receipt in clerk.standing(GoodsReceipt)
        if receipt.currency == head["currency"]
        for place in range(len(receipt.lines))
        if (receipt.document_id, place) not in clerk.billed() and receipt.lines[place].net
    ]
    if not waiting:
        return []
    made = []
    for receipt, place in choose.some(waiting, 2):
        line = receipt.lines[place]
        price = line.net if choose.now_and_then(2) else choose.number(1, 2 * line.net)
        base = None
        if receipt.rate_micro != head["rate_micro"]:
            base = divide_half_up(line.net * receipt.rate_micro, ONE)
        made.append(
            books.receipt_bill_line(
                price,
                line.net,
                receipt.document_id,
                place,
                code=choose.pick(sorted(TAX_CODES)),
                business_id=line.business_id,
                account=line.grni_account,
                received_base=base,
            )
        )
    return made


def _bill(clerk: Clerk) -> Document | None:
    choose, head = clerk.choices, clerk.head()
    lines = _receipt_lines(clerk, head)
    while not lines or (len(lines) < 4 and choose.now_and_then(2)):
        lines.append(_bill_line(clerk))
    return books.bill(*lines, **head, party_id=choose.pick(VENDORS), due_on=clerk.due())


def _vendor_credit(clerk: Clerk) -> Document | None:
    found = [one for one in clerk.open(PartyRole.VENDOR) if one.amount > 1]
    if not found:
        return None
    one = clerk.choices.pick(found)
    head = clerk.head(one.currency)
    made = books.vendor_credit(
        _bill_line(clerk, one.amount),
        bill_id=one.invoice_id,
        **head,
        party_id=one.party_id,
        bill_due_on=one.due_on,
        bill_business_id=_other(one.business_id, head),
    )
    return altered(made, base_amount=one.share(made.total))


def _expense(clerk: Clerk) -> Document | None:
    head = clerk.head()
    lines = [_bill_line(clerk) for _ in range(clerk.choices.number(1, 3))]
    total = sum(line.gross for line in lines)
    rounding = clerk.choices.number(-min(99, total - 1), 99) if clerk.choices.now_and_then(3) else 0
    paid = clerk.money(head, total + rounding)
    return books.expense(
        *lines,
        **head,
        party_id=clerk.choices.pick((None, *VENDORS)),
        tenders=paid["tenders"],
        rounding=rounding,
        rounding_account=account(R.ROUNDING) if rounding else "",
        cash_step=100 if rounding else 1,
    )


KINDS: Final[dict[str, Callable[[Clerk], Document | None]]] = {
    "sale": _sale,
    "refund": _refund,
    "invoice": _invoice,
    "credit_note": _credit_note,
    "bill": _bill,
    "vendor_credit": _vendor_credit,
    "expense": _expense,
}
NEEDS: Final[dict[str, Callable[[Clerk], object]]] = {
    "credit_note": lambda clerk: clerk.open(PartyRole.CUSTOMER),
    "vendor_credit": lambda clerk: clerk.open(PartyRole.VENDOR),
}
