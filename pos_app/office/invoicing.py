"""Invoices to customers, made in the office: drafted, posted, credited, written off.

Decisions
---------
2026-11-29  A price that is typed in the office and is lower than what the customer pays by the list or by
contract needs the right that it needs at a till, whether it is invoiced or drafted; the line says the list
price and who typed it.  A higher one needs nothing: nobody is given anything.  What another program issued is
imported as it was charged there.

2026-12-01  What promotions take off at a till they take off an invoice, by the same function: off lines that
say no price, no discount and no other tax than the product's.  A person's word stands in their place.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import msgspec

from pos_app.ledger.chart import AccountRole
from pos_app.ledger.document import Document, Invoice
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.line import GoodsLine, PartyRole
from pos_app.ledger.line_parts import left_of, parts_of
from pos_app.ledger.making import invoicing as making_invoicing
from pos_app.ledger.making import settlement as making_settlement
from pos_app.ledger.making.invoicing import Known
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.price import FINE, Price, fine_parts, list_price_fields, price_fields
from pos_app.ledger.quantity import extend
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.ledger.tax import NO_SALE, WHOLE_BP
from pos_app.ledger.totals import with_tax
from pos_app.office import drafts, listed_prices
from pos_app.office.allocating import Owed
from pos_app.office.books import Books, PostingDetails
from pos_app.office.drafts import Terms
from pos_app.office.listed_prices import Wanted
from pos_app.office.office import Office
from pos_app.store.documents import documents
from pos_app.store.journal.draft_line import DraftLine
from pos_app.store.journal.invoice_drafts import Draft
from pos_app.store.master import rates
from pos_app.store.master.catalogue import Product
from pos_app.store.receivables import open_items
from pos_app.store.stock.recorded import Recorded


class Goods(NamedTuple):
    """What is invoiced: a product's code and thousandths; without a price, what the customer pays for it."""

    sku: str
    quantity: int
    unit_price: Price | None = None
    discount: int = 0
    description: str = ""
    tax_code: str = ""


class Credited(NamedTuple):
    """What of an invoice's line (its index) is credited: thousandths (None: all that is left of it).

    With a `unit_price` only so much of the price goes back, and no goods.
    """

    line: int
    quantity: int | None = None
    unit_price: Price | None = None


def draft(
    office: Office,
    customer: str,
    goods: Sequence[Goods],
    occasion: PostingDetails | None = None,
    *,
    terms: Terms | None = None,
    location: str = "",
    replaces: str = "",
) -> Draft:
    """Save a draft; stocked goods will leave `location` (a code; else the depot's place).

    With `replaces` the draft of that name gets this content.  Raises `Refused` with what to do.
    """
    occasion = occasion or PostingDetails()
    with office.database.write() as connection:
        books = office.books(connection)
        if replaces:
            occasion = replace(occasion, request_id=drafts.find(books, replaces, "invoice").request_id)
        return drafts.save(
            office, books, built(books, customer, goods, occasion, terms=terms, location=location)
        )


def built(
    books: Books,
    customer: str,
    goods: Sequence[Goods],
    occasion: PostingDetails,
    *,
    terms: Terms | None = None,
    location: str = "",
) -> Draft:
    """The draft of these goods, not saved yet.  Raises `Refused`."""
    party = books.party(customer, PartyRole.CUSTOMER)
    place = books.location(location, occasion.depot).location_id
    day = books.day(occasion)
    currency = occasion.currency or books.organisation.currency.code
    known = {one.sku: books.product(one.sku, place, day) for one in goods}
    depot = books.depot(occasion.depot).depot_id
    wanted = [Wanted(known[one.sku], one.quantity, _is_fixed(one, known[one.sku])) for one in goods]
    quotes = listed_prices.quoted(books, party.party_id, depot, wanted)
    lines = []
    for one, quote in zip(goods, quotes, strict=True):
        listed = quote.price
        if one.unit_price is None and books.is_foreign(currency):
            raise Refused("price-not-in-currency", sku=known[one.sku].sku, currency=currency)
        price = listed if one.unit_price is None else one.unit_price
        if price < 0:
            raise Refused("line-price-negative", line=known[one.sku].name)
        line = _line(books, one._replace(unit_price=price), known[one.sku], place, day)
        if quote.promotion_id is not None:
            off = {"promotion_id": quote.promotion_id, "promotion": quote.promotion}
            lines.append(msgspec.structs.replace(line, discount=quote.discount, **off))
            continue
        worth = _in_its_money(books, listed, occasion, day)
        lines.append(_conceded(books, line, _in_its_tax(books, worth, known[one.sku], line, day)))
    days = books.terms_days(party.party_id, PartyRole.CUSTOMER)
    return drafts.draft(books, "invoice", (party.party_id, days), lines, occasion, terms=terms)


def _is_fixed(goods: Goods, product: Product) -> bool:
    """Whether no promotion takes anything off a line: a person said what it costs, or another tax."""
    is_otherwise = bool(goods.tax_code) and goods.tax_code != product.tax_code
    return goods.unit_price is not None or bool(goods.discount) or is_otherwise


def _in_its_money(books: Books, listed: Price, occasion: PostingDetails, day: int) -> Price:
    """A list price in the currency of the invoice, at the day's rate, whatever rate was typed."""
    currency = occasion.currency or books.organisation.currency.code
    if not books.is_foreign(currency):
        return listed
    known = rates.exchange_rate(books.connection, books.org_id, currency, day) is not None
    return int(listed * RATE_ONE) // books.rate(currency, day, None if known else occasion.rate_micro)


def _in_its_tax(books: Books, listed: Price, product: Product, line: DraftLine, day: int) -> Price:
    """A list price as it would be with the tax of the line in it, where that is more.

    A price without its tax is another price once the tax is said to be in it.
    """
    own = books.tax(product.tax_code, day)
    if own.inclusive or not line.tax_inclusive:
        return listed
    return divide_half_up(fine_parts(listed) * (WHOLE_BP + line.tax_rate_bp), WHOLE_BP * FINE)


def _conceded(books: Books, line: DraftLine, listed: Price) -> DraftLine:
    """A line with what the list says and who allowed it, where it is cheaper than that."""
    if extend(listed, line.quantity) <= line.extended:
        return line
    return msgspec.structs.replace(
        line,
        **list_price_fields(None if line.price == listed else listed),
        price_approver_id=books.person_id,
    )


def _line(books: Books, goods: Goods, product: Product, place: int, day: int) -> DraftLine:
    taxed = books.tax(goods.tax_code or product.tax_code, day)
    if taxed.code != product.tax_code and NO_SALE & {taxed.code, product.tax_code}:
        # Another rate is the law's or the customer's; whether something is a sale at all is the product's.
        raise Refused("line-tax-no-sale", line=product.name[:40], own=product.tax_code, code=taxed.code)
    return DraftLine(
        description=goods.description.strip()[:200] or product.name,
        business_id=product.business_id,
        account=books.accounts(product.business_id).sold(taxed.code, product.business_id),
        quantity=goods.quantity,
        **price_fields(goods.unit_price or 0),
        discount=goods.discount,
        unit=product.unit,
        tax_code=taxed.code,
        tax_rate_bp=taxed.rate_bp,
        tax_inclusive=taxed.inclusive,
        tax_account=books.account(AccountRole.TAX_PAYABLE, product.business_id),
        product_id=product.product_id,
        sku=product.sku,
        location_id=place if product.stocked else None,
    )


def invoice(
    office: Office,
    customer: str,
    goods: Sequence[Goods],
    occasion: PostingDetails | None = None,
    *,
    terms: Terms | None = None,
    location: str = "",
) -> Recorded:
    """Make an invoice and post it at once.  Raises `Refused`; then nothing is left of it."""

    def make(books: Books, chosen: PostingDetails) -> Draft:
        return built(books, customer, goods, chosen, terms=terms, location=location)

    return drafts.post_at_once(office, occasion or PostingDetails(), make)


def credit(
    office: Office,
    invoice_id: int,
    reason: str,
    credited: Sequence[Credited] = (),
    occasion: PostingDetails | None = None,
    *,
    restock: str = "",
) -> Recorded:
    """Credit all that is left of an invoice, or some of its lines; goods come back to `restock` (a code).

    Without `restock` no goods come back: what was spoilt or never left.  Raises `Refused`.
    """
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        original = books.document(invoice_id, Invoice, "invoice")
        place = books.location(restock).location_id if restock else None
        due = open_items.of_invoice(books.connection, books.org_id, invoice_id)
        head = books.head_fields(occasion, depot_id=original.depot_id, business_id=original.business_id)
        return making_invoicing.credit_note(
            head,
            books.accounts(head["business_id"]),
            original,
            Known(books.number(original), due[0].open if due else None),
            _credited_lines(books, original, credited, place),
            reason=reason,
        )

    return office.record(occasion, build)


def _credited_lines(
    books: Books, original: Invoice, credited: Sequence[Credited], place: int | None
) -> list[GoodsLine]:
    gone = documents.refunded(books.connection, books.org_id, original.document_id)
    left = left_of(original.lines, gone)
    wanted = credited or [Credited(number) for number, quantity in enumerate(left) if quantity]
    if not wanted:
        raise Refused("invoice-credited-already")
    if len({one.line for one in wanted}) < len(wanted):
        raise Refused("invoice-line-credited-twice")
    if any(not 0 <= one.line < len(left) for one in wanted):
        raise Refused("line-not-on-invoice")
    quantities = {one.line: left[one.line] if one.quantity is None else one.quantity for one in wanted}
    parts = {line.origin_line: line for line in parts_of(original.lines, gone, quantities, "invoice")}
    cheaper = with_tax(
        [_cheaper(parts[one.line], one.unit_price) for one in wanted if one.unit_price is not None]
    )
    goods = [
        msgspec.structs.replace(line, location_id=None if line.location_id is None else place)
        for line in (parts[one.line] for one in wanted if one.unit_price is None)
    ]
    return [*goods, *cheaper]


def _cheaper(line: GoodsLine, unit_price: Price) -> GoodsLine:
    """What only lowers the price of a line: no goods move, and they stay creditable."""
    return msgspec.structs.replace(
        line, **price_fields(unit_price), discount=0, location_id=None, origin_line=None
    )


def write_off(
    office: Office,
    customer: str,
    reason: str,
    wanted: Sequence[InvoiceChoice] = (),
    occasion: PostingDetails | None = None,
) -> Recorded:
    """A customer will not pay these invoices (none named: all that are open).  Raises `Refused`."""
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        party = books.party(customer, PartyRole.CUSTOMER)
        head = books.head_fields(occasion)
        own = head["business_id"]
        owed = Owed(books, PartyRole.CUSTOMER, party.party_id, head["currency"], own)
        return making_settlement.write_off(
            head,
            books.accounts(own),
            party_id=party.party_id,
            allocations=owed.named(wanted) if wanted else owed.all(),
            reason=reason,
        )

    return office.record(occasion, build)
