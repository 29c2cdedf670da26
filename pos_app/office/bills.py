"""Bills of vendors and what they take back: for expenses, for goods that come with them, for receipts.

Decisions
---------
2026-11-21  A bill for a receipt is priced without tax, as orders are, and its tax comes on top; every other
line of a bill follows its tax code.  What the vendor charges more or less than was received goes to the
price differences, and what the currency did between receipt and bill to the exchange differences.

2026-11-21  A line of a receipt is billed once, all of it: a second bill of it is refused.  A vendor who bills
half of a delivery is rarer than one who bills it twice.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, TypedDict

from pos_app.ledger.chart import AccountRole, AccountType
from pos_app.ledger.document import Bill, Document, GoodsReceipt
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import RATE_ONE
from pos_app.ledger.invoicing import BillLine
from pos_app.ledger.line import PartyRole
from pos_app.ledger.making import invoicing as making_invoicing
from pos_app.ledger.making.invoicing import Known
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.pack import Packed, each_of
from pos_app.ledger.posting import rules as posting_rules
from pos_app.ledger.price import split
from pos_app.ledger.purchasing import ReceiptLine
from pos_app.ledger.tax import check_bought
from pos_app.ledger.totals import with_tax
from pos_app.office import drafts, typed_quantities
from pos_app.office.books import Books, PostingDetails
from pos_app.office.drafts import Terms
from pos_app.office.office import Office
from pos_app.store.journal.draft_line import DraftLine, bill_line
from pos_app.store.journal.invoice_drafts import Draft
from pos_app.store.master.catalogue import Product
from pos_app.store.orders import purchasing
from pos_app.store.receivables import open_items
from pos_app.store.stock.recorded import Recorded

#: What a bill may be for by an account: what is spent, owned, or owed already (freight that was accrued).
_BILLABLE = (AccountType.EXPENSE, AccountType.ASSET, AccountType.LIABILITY)


class Cost(NamedTuple):
    """One line of a vendor's paper: an amount (the price of one, minor units) on an account, or a product.

    A product (`sku`) with a quantity in thousandths comes to stock; its account is the inventory's.  A
    quantity of it that names a unit ("2cs") is a text (`typed_quantities.read`), and the price is of a case.
    """

    description: str
    amount: int
    account: str = ""
    tax_code: str = ""
    quantity: int | str = 1000
    sku: str = ""
    business: str = ""


def draft(
    office: Office,
    vendor: str,
    costs: Sequence[Cost],
    occasion: PostingDetails | None = None,
    *,
    terms: Terms | None = None,
    location: str = "",
    replaces: str = "",
) -> Draft:
    """Save a draft of a bill; goods come to `location` (a code; else the depot's).  Raises `Refused`."""
    occasion = occasion or PostingDetails()
    with office.database.write() as connection:
        books = office.books(connection)
        if replaces:
            occasion = replace(occasion, request_id=drafts.find(books, replaces, "bill").request_id)
        return drafts.save(
            office, books, _built(books, vendor, costs, occasion, terms=terms, location=location)
        )


def _built(
    books: Books,
    vendor: str,
    costs: Sequence[Cost],
    occasion: PostingDetails,
    *,
    terms: Terms | None,
    location: str,
) -> Draft:
    party = books.party(vendor, PartyRole.VENDOR)
    place = books.location(location, occasion.depot).location_id
    business = _business(books, occasion)
    lines = [draft_line(books, one, place, books.day(occasion), business) for one in costs]
    days = books.terms_days(party.party_id, PartyRole.VENDOR)
    return drafts.draft(books, "bill", (party.party_id, days), lines, occasion, terms=terms)


def _business(books: Books, occasion: PostingDetails) -> int:
    if occasion.business:
        return books.business(occasion.business)
    return books.depot(occasion.depot).business_id


def draft_line(books: Books, cost: Cost, place: int, day: int, business_id: int) -> DraftLine:
    """A line as a draft keeps it; `business_id` is meant where the line names none.  Raises `Refused`."""
    taxed = books.tax(cost.tax_code, day)
    check_bought(taxed.code)
    product: Product | None
    pack = None
    if cost.sku:
        product = books.product(cost.sku, place, day)
        if not product.stocked:
            raise Refused("not-stock-to-bill", sku=product.sku)
        business_id, description = product.business_id, cost.description or product.name
        account = books.account(AccountRole.INVENTORY, business_id)
        typed = typed_quantities.bought(books.connection, books.org_id, product, cost.quantity)
        quantity, pack = typed.quantity, typed.pack
    else:
        if not isinstance(cost.quantity, int):
            raise Refused("unit-of-no-product", text=cost.quantity[:40])
        quantity = cost.quantity
        business_id = books.business(cost.business) if cost.business else business_id
        account = expense_account(books, cost.account, business_id)
        description, product = cost.description, None
    return DraftLine(
        description=description.strip()[:200],
        business_id=business_id,
        account=account,
        quantity=quantity,
        unit_price=cost.amount if pack is None else split(each_of(cost.amount, pack.size))[0],
        tax_code=taxed.code,
        tax_rate_bp=taxed.rate_bp,
        tax_inclusive=taxed.inclusive,
        tax_account=books.account(AccountRole.INPUT_TAX, business_id) if taxed.rate_bp else "",
        location_id=place if cost.sku else None,
        product_id=None if product is None else product.product_id,
        sku="" if product is None else product.sku,
        unit="pc" if product is None else product.unit,
        pack=pack,
        pack_cost=0 if pack is None else cost.amount,
    )


def expense_account(books: Books, code: str, business_id: int) -> str:
    """The account that something bought goes to.  Raises `Refused` for one that only documents post to."""
    if not code:
        raise Refused("bill-line-without-account")
    found = books.account_named(code, business_id)
    if found.type not in _BILLABLE or found.role in _NOT_BY_HAND:
        raise Refused("not-an-account-to-buy-on", code=found.code, name=found.name)
    return found.code


_NOT_BY_HAND = frozenset(
    {
        AccountRole.RECEIVABLE,
        AccountRole.PAYABLE,
        AccountRole.INVENTORY,
        AccountRole.GRNI,
        AccountRole.CLEARING,
        AccountRole.EXCHANGE_CLEARING,
        AccountRole.EMPLOYEE_ADVANCES,
        AccountRole.MEMBER_DEPOSITS,
        AccountRole.CUSTOMER_DEPOSITS,
    }
)


def bill(
    office: Office,
    vendor: str,
    costs: Sequence[Cost],
    occasion: PostingDetails | None = None,
    *,
    terms: Terms | None = None,
    location: str = "",
) -> Recorded:
    """Make a bill and post it at once.  Raises `Refused`; then nothing is left of it."""

    def make(books: Books, chosen: PostingDetails) -> Draft:
        return _built(books, vendor, costs, chosen, terms=terms, location=location)

    return drafts.post_at_once(office, occasion or PostingDetails(), make)


# --- the bill of a receipt ------------------------------------------------------------------------------


class ForReceipt(NamedTuple):
    """How a receipt is billed: at the prices received or others (line to price of one), with a tax on top.

    `further` lines (freight on the same paper) follow.
    """

    prices: dict[int, int] | None = None
    tax_code: str = ""
    further: Sequence[Cost] = ()


def draft_for_receipt(
    office: Office,
    receipt_id: int,
    occasion: PostingDetails | None = None,
    *,
    terms: Terms | None = None,
    how: ForReceipt | None = None,
) -> Draft:
    """Save a draft of the vendor's bill for a receipt.  Raises `Refused`, also when it is billed already."""
    with office.database.write() as connection:
        books = office.books(connection)
        made = _built_for(books, receipt_id, occasion or PostingDetails(), terms, how or ForReceipt())
        return drafts.save(office, books, made)


def bill_for_receipt(
    office: Office,
    receipt_id: int,
    occasion: PostingDetails | None = None,
    *,
    terms: Terms | None = None,
    how: ForReceipt | None = None,
) -> Recorded:
    """Make the vendor's bill for a receipt and post it at once.  Raises `Refused`."""

    def make(books: Books, chosen: PostingDetails) -> Draft:
        return _built_for(books, receipt_id, chosen, terms, how or ForReceipt())

    return drafts.post_at_once(office, occasion or PostingDetails(), make)


def _built_for(
    books: Books, receipt_id: int, occasion: PostingDetails, terms: Terms | None, how: ForReceipt
) -> Draft:
    receipt = books.document(receipt_id, GoodsReceipt, "receipt")
    if not occasion.currency:
        occasion = replace(occasion, currency=receipt.currency)
    lines = _receipt_lines(books, receipt, occasion, how.prices or {}, how.tax_code)
    day, place = books.day(occasion), receipt.location_id
    lines += [draft_line(books, one, place, day, receipt.business_id) for one in how.further]
    days = books.terms_days(receipt.party_id, PartyRole.VENDOR)
    return drafts.draft(books, "bill", (receipt.party_id, days), lines, occasion, terms=terms)


def _receipt_lines(
    books: Books, receipt: GoodsReceipt, occasion: PostingDetails, prices: dict[int, int], tax_code: str
) -> list[DraftLine]:
    billed = purchasing.billed(books.connection, books.org_id, receipt.party_id, receipt.document_id)
    rest = [number for number in range(len(receipt.lines)) if number not in billed]
    if not rest:
        raise Refused("receipt-billed-already")
    unknown = [number for number in prices if number not in rest]
    if unknown:
        raise Refused("receipt-line-not-billable", line=unknown[0] + 1)
    bases = [cost.value for cost in posting_rules.post(receipt).costs]
    day = books.day(occasion)
    rate = books.rate(occasion.currency, day, occasion.rate_micro)
    taxed = books.tax(tax_code, day)
    check_bought(taxed.code)
    lines = []
    for number in rest:
        line = receipt.lines[number]
        same = (occasion.currency, rate) == (receipt.currency, receipt.rate_micro)
        # In another currency the goods are worth what they were received at in base currency.
        received = (
            line.net
            if occasion.currency == receipt.currency
            else divide_half_up(bases[number] * RATE_ONE, rate)
        )
        lines.append(
            DraftLine(
                description=line.description or f"Product {line.product_id}",
                business_id=line.business_id,
                account=line.grni_account,
                quantity=line.quantity,
                unit_price=prices.get(number, _price(line.unit_cost, received, line.quantity, line.net)),
                **_in_packs(line, received, is_priced=number in prices),
                tax_code=taxed.code,
                tax_rate_bp=taxed.rate_bp,
                tax_inclusive=False,
                tax_account=books.account(AccountRole.INPUT_TAX, line.business_id) if taxed.rate_bp else "",
                product_id=line.product_id,
                receipt_id=receipt.document_id,
                receipt_line=number,
                received_net=received,
                received_base=None if same else bases[number],
                price_variance_account=books.account(AccountRole.PRICE_VARIANCE, line.business_id),
            )
        )
    return lines


class _Packs(TypedDict, total=False):
    """What a draft's line says of packs."""

    pack: Packed
    pack_cost: int


def _in_packs(line: ReceiptLine, received: int, *, is_priced: bool) -> _Packs:
    """Goods that came by the case are billed by the case, unless somebody says what a piece costs."""
    if line.pack is None or is_priced or received != line.net:
        return {}
    return {"pack": line.pack, "pack_cost": line.pack_cost}


def _price(unit_cost: int, received: int, quantity: int, net: int) -> int:
    """The price of one at which the goods were received, in the bill's currency."""
    return unit_cost if received == net else divide_half_up(received * 1000, quantity)


# --- what a vendor takes back ---------------------------------------------------------------------------


def credit(
    office: Office,
    bill_id: int,
    reason: str,
    costs: Sequence[Cost],
    occasion: PostingDetails | None = None,
    *,
    reference: str = "",
    location: str = "",
) -> Recorded:
    """The vendor takes something off a bill: lines on accounts, or products that leave `location` again."""
    occasion = occasion or PostingDetails()

    def build(books: Books) -> Document:
        original = books.document(bill_id, Bill, "bill")
        place = books.location(location, occasion.depot).location_id
        head = books.head_fields(occasion, depot_id=original.depot_id, business_id=original.business_id)
        own = head["business_id"]
        found = [draft_line(books, one, place, books.day(occasion), own) for one in costs]
        items = open_items.of_invoice(books.connection, books.org_id, bill_id)
        return making_invoicing.vendor_credit(
            head,
            books.accounts(own),
            original,
            Known(books.number(original), items[0].open if items else None),
            with_tax([bill_line(one) for one in found]),
            reason=reason,
            reference=reference,
        )

    return office.record(occasion, build)


def bill_lines(
    books: Books, costs: Sequence[Cost], place: int, day: int, business_id: int
) -> tuple[BillLine, ...]:
    """The lines of an expense before their tax.  Raises `Refused`."""
    return tuple([bill_line(draft_line(books, one, place, day, business_id)) for one in costs])
