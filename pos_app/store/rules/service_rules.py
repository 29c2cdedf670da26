"""What only the books can judge of service orders: whose it is, what was agreed, what is left of it.

Asked by `book_rules`, inside the transaction that records and again at ingest.

Decisions
---------
2026-11-21  Unlike a payment or a receipt of goods, a collection is judged at the centre too: things that were
left with us exist once. When two tills both say that they gave the same shirts out, one of them is wrong,
whatever lies in the drawers, and the second sale waits in quarantine for somebody who knows. Two tills that
heard of each other by the feed never come to that.
"""

from collections.abc import Iterator

from pos_app.language import said
from pos_app.ledger.canonical import decode
from pos_app.ledger.document import Document, Invoice, Reversal, Sale, ServiceOrder, ServiceStep
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.line_parts import MOST_SHARE_OFF
from pos_app.ledger.price import Price
from pos_app.ledger.service_orders import ServiceLine
from pos_app.store.rules.books import Books


def taken(document: Document, order_id: int) -> dict[int, int]:
    """What a document takes of an order, by line; nothing when it is of another order or of none."""
    match document:
        case Sale() | Invoice() if document.order_id == order_id:
            named = [(line.origin_line, line.quantity) for line in document.lines]
        case ServiceStep() if document.order_id == order_id:
            named = [(line.order_line, line.quantity) for line in document.lines]
        case _:
            return {}
    return {place: quantity for place, quantity in named if place is not None}


def left(books: Books, order: ServiceOrder) -> dict[int, int]:
    """What is still here of each line of an order, in thousandths; the documents of the batch count."""
    found = {place: line.quantity for place, line in enumerate(order.lines)}
    came = books.came_of(order.document_id, "origin_line")
    for place, quantity in came.items():
        found[place] = found.get(place, 0) - quantity
    for document, sign in _of_the_batch(books):
        for place, quantity in taken(document, order.document_id).items():
            found[place] = found.get(place, 0) - sign * quantity
    return found


def _of_the_batch(books: Books) -> Iterator[tuple[Document, int]]:
    """Documents that come before and are not written yet; -1 for one in the books that they void."""
    voided = {one.original_id for one in books.here.values() if isinstance(one, Reversal)}
    for one in books.here.values():
        if isinstance(one, Reversal):
            if one.original_id not in books.here:
                yield decode(bytes(one.original)), -1
        elif one.document_id not in voided:
            yield one, 1


def collection_identity(books: Books, document: Sale | Invoice) -> str:
    """Why a sale or an invoice cannot be of the order that it names, in a sentence; else empty."""
    if document.order_id is None:
        return ""
    order, wrong = _order(books, document.order_id)
    if order is None:
        return wrong
    if order.party_id is not None and order.party_id != document.party_id:
        return said("order-of-other-customer")
    if order.currency != document.currency:
        return said("order-in-other-currency", currency=order.currency)
    for line in document.lines:
        if line.origin_line is None:
            continue
        if line.origin_line >= len(order.lines):
            return said("order-line-unknown")
        agreed = order.lines[line.origin_line]
        if _terms(agreed) != _terms(line) or not _is_its_share(agreed, line):
            return said("order-price-changed", line=line.description[:60])
    return ""


def step_identity(books: Books, document: ServiceStep) -> str:
    """Why a step cannot be of the order that it names, in a sentence; else empty."""
    order, wrong = _order(books, document.order_id)
    if order is None:
        return wrong
    for line in document.lines:
        if line.order_line >= len(order.lines):
            return said("order-line-unknown")
        if order.lines[line.order_line].product_id != line.product_id:
            return said("order-line-other-service")
    return ""


def refusal(books: Books, document: Document) -> str:
    """Why a document takes more of its order than is here, or of one that was voided; else empty.

    Judged where it is recorded and at the centre, where two people can decide otherwise.
    """
    if not isinstance(document, Sale | Invoice | ServiceStep) or document.order_id is None:
        return ""
    order, _ = _order(books, document.order_id)
    if order is None:
        return ""
    if books.is_voided(order.document_id):
        return said("service-order-voided")
    return _too_much(books, order, taken(document, order.document_id))


def ready_refusal(books: Books, document: ServiceStep) -> str:
    """As `refusal`; and why an order cannot be marked ready: nothing of it is here any more."""
    wrong = refusal(books, document)
    order, _ = _order(books, document.order_id)
    if wrong or order is None or any(quantity > 0 for quantity in left(books, order).values()):
        return wrong
    return said("nothing-of-order-left")


def _order(books: Books, order_id: int) -> tuple[ServiceOrder | None, str]:
    """The order, or why there is none; a till may not know another's (the centre does)."""
    order = books.document(order_id)
    if order is None:
        return None, books.missing(said("order-not-in-books"))
    if not isinstance(order, ServiceOrder):
        return None, said("order-named-is-none")
    return order, ""


def _too_much(books: Books, order: ServiceOrder, wanted: dict[int, int]) -> str:
    still = left(books, order) if wanted else {}
    for place, quantity in wanted.items():
        if quantity > still.get(place, 0):
            name = order.lines[place].description[:60]
            if still.get(place, 0) <= 0:
                return said("order-line-gone", name=name)
            return said("less-left-of-order", name=name)
    return ""


def _is_its_share(agreed: ServiceLine, line: GoodsLine) -> bool:
    """Whether what is off a part is its share of what the promotion of the order takes off; what a person
    takes off stands in its place, and needs their right.
    """
    if line.promotion_id is None and line.price_approver_id is not None:
        return True
    if agreed.promotion_id is None:
        return line.promotion_id is None
    # A part that is so small that nothing is off it names no promotion.
    is_theirs = line.promotion_id in (None, agreed.promotion_id)
    off = line.discount * agreed.quantity - agreed.discount * line.quantity
    return is_theirs and abs(off) <= MOST_SHARE_OFF * agreed.quantity


def _terms(line: ServiceLine | GoodsLine) -> tuple[int, int, Price, str, bool]:
    """What was agreed of a line.  The rate of its tax is the law's, on the day of the collection."""
    return line.product_id, line.business_id, line.price, line.tax_code, line.tax_inclusive
