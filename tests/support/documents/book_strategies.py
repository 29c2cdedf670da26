"""Documents of the books by Hypothesis: any that keeps the rules, one at a time.

Histories, in which one document follows from those before, are made elsewhere; here each stands alone.
"""

from typing import Any, Final

from hypothesis import strategies as st
from msgspec.structs import replace

from pos_app.ledger.document import CreditNote, Document, Invoice
from pos_app.ledger.invoicing import BillLine
from pos_app.ledger.journal_entry import EntryLine
from pos_app.ledger.line import Tender, TenderKind
from pos_app.ledger.service_orders import Step
from pos_app.ledger.settlement import Allocation
from pos_app.ledger.stock import AdjustmentReason, ValuationCause
from pos_app.ledger.treasury import CREDIT_BACK, PartyReason
from tests.support.documents import book_specimens as books
from tests.support.documents import service_specimens as services
from tests.support.documents.book_specimens import R
from tests.support.documents.specimens import (
    BUSINESSES,
    CUSTOMER,
    LOCATION,
    TAX_CODES,
    Item,
    account,
    goods,
    items,
    tender,
)

_amounts: Final = st.integers(1, 5_000_000)
_quantities: Final = st.one_of(st.integers(1, 20).map(lambda n: n * 1000), st.integers(1, 50_000))
_products: Final = st.integers(1, 4)
_businesses: Final = st.sampled_from(BUSINESSES)
_clearing: Final = account(R.CLEARING)
_rates: Final = st.sampled_from([1_000_000, 129_550_000, 7_700, 333_333])


def _comes_to_something(chosen: list[Item]) -> bool:
    return sum(line.gross for line in goods(chosen)) > 0


def _sold() -> st.SearchStrategy[list[Item]]:
    """Lines that come to something."""
    return st.lists(items(), min_size=1, max_size=5).filter(_comes_to_something)


@st.composite
def _invoices(draw: st.DrawFn, rate: int) -> Invoice | CreditNote:
    chosen = draw(_sold())
    if draw(st.booleans()):
        given = draw(st.integers(-3_000, 3_000).filter(bool))
        return books.invoice(*chosen, rate_micro=rate, returnables=(books.returnable_line(given),))
    return books.credit_note(*chosen, rate_micro=rate, base_amount=draw(_amounts))


@st.composite
def _bill_lines(draw: st.DrawFn, with_receipt: bool) -> BillLine:
    price, business = draw(_amounts), draw(_businesses)
    code = draw(st.sampled_from(sorted(TAX_CODES)))
    kind = draw(st.integers(0, 2 if with_receipt else 1))
    if kind == 0:
        return books.bill_line(price, code, business)
    if kind == 1:
        return books.bill_line(
            price,
            code,
            business,
            account=account(R.INVENTORY, business),
            product_id=draw(_products),
            quantity=draw(_quantities),
            location_id=LOCATION,
        )
    base = draw(st.one_of(st.none(), _amounts))
    line = books.receipt_bill_line(price, draw(_amounts), draw(_amounts), code=code, received_base=base)
    return replace(line, business_id=business)


@st.composite
def _bought(draw: st.DrawFn, rate: int) -> Document:
    kind = draw(st.sampled_from(["bill", "credit", "expense"]))
    lines = draw(st.lists(_bill_lines(kind == "bill"), min_size=1, max_size=4))
    if kind == "bill":
        # Each line of a receipt is billed once.
        lines = [
            replace(line, receipt_line=place) if line.receipt_id else line for place, line in enumerate(lines)
        ]
        return books.bill(*lines, rate_micro=rate)
    if kind == "credit":
        return books.vendor_credit(*lines, rate_micro=rate, base_amount=draw(_amounts))
    total = sum(line.gross for line in lines)
    return books.expense(*lines, rate_micro=rate, **draw(_paid(total)))


@st.composite
def _paid(draw: st.DrawFn, total: int) -> dict[str, Any]:
    """Tenders of a total, some of it in another currency; nothing where the builder's own will do."""
    if draw(st.booleans()):
        return {}
    foreign = draw(st.integers(1, total))
    tenders: list[Tender] = [books.foreign_tender(draw(_amounts), foreign, draw(_rates))]
    if total > foreign:
        tenders.append(tender(TenderKind.BANK, total - foreign))
    return {"tenders": tuple(tenders)}


@st.composite
def _allocations(draw: st.DrawFn) -> tuple[Allocation, ...]:
    keys = draw(st.lists(st.integers(1, 2**50), min_size=1, max_size=4, unique=True))
    return tuple(
        books.allocation(
            draw(_amounts), key, base_amount=draw(_amounts), business_id=draw(st.sampled_from((0, 1, 2, 3)))
        )
        for key in keys
    )


def altered_credit(paid: Allocation, amount: int) -> Allocation:
    """Credit of another invoice, that pays a part of this one."""
    return books.allocation(
        amount, paid.invoice_id + 2**51, base_amount=amount // 3, business_id=paid.business_id
    )


@st.composite
def _settled(draw: st.DrawFn, rate: int) -> Document:
    allocations = draw(_allocations())
    total = sum(one.amount for one in allocations)
    kind = draw(st.sampled_from(["payment", "vendor", "settlement", "write off"]))
    if kind == "settlement":
        changes: dict[str, Any] = {"rate_micro": rate, "base_amount": draw(_amounts)}
        if draw(st.booleans()):
            return books.settlement(*allocations, deposit=draw(st.booleans()), **changes)
        used = tuple(altered_credit(one, draw(st.integers(1, one.amount))) for one in allocations)
        return books.settlement(*allocations, credits_=used, **changes)
    if kind == "write off":
        return books.write_off(*allocations, rate_micro=rate)
    total += draw(st.integers(0, 10_000))
    paid = draw(_paid(total))
    if kind == "payment":
        return books.allocated_payment(total, *allocations, rate_micro=rate, **paid)
    return books.vendor_payment(total, *allocations, rate_micro=rate, **paid)


@st.composite
def _stock(draw: st.DrawFn) -> Document:
    product, quantity, cost = draw(_products), draw(_quantities), draw(st.integers(0, 500_000))
    match draw(st.integers(0, 8)):
        case 0:
            return books.opening_count((product, quantity, cost), (9, 0, 5), business_id=draw(_businesses))
        case 1:
            return books.transfer_sent((product, quantity))
        case 2:
            return books.transfer_received((product, quantity, draw(st.integers(0, quantity))))
        case 3:
            reason = draw(st.sampled_from(AdjustmentReason))
            sign = 1 if reason is AdjustmentReason.FOUND else -1
            return books.stock_adjustment(reason, (product, sign * quantity))
        case 4:
            return books.returnable((product, quantity), (9, -quantity))
        case 5:
            return books.purchase_order((product, quantity, cost))
        case 6:
            code = draw(st.sampled_from(sorted(TAX_CODES)))
            items = [Item(cost, quantity, code, product, one) for one in BUSINESSES]
            return services.service_order(*items, party_id=draw(st.sampled_from([None, CUSTOMER])))
        case 7:
            step = draw(st.sampled_from(Step))
            back = () if step is Step.READY else ((0, product, quantity), (3, 9, 5))
            return services.service_step(step, *back)
        case _:
            cause = draw(st.sampled_from(ValuationCause))
            lines = [books.valued(product, quantity, cost, cause, one) for one in BUSINESSES]
            return books.stock_valuation(*lines)


@st.composite
def _money(draw: st.DrawFn, rate: int) -> Document:
    amount = draw(_amounts)
    match draw(st.integers(0, 4)):
        case 0:
            base = draw(st.one_of(st.none(), _amounts))
            changes: dict[str, Any] = {
                "base_amount": base,
                "difference_account": account(R.EXCHANGE_DIFFERENCE),
            }
            paid = draw(_paid(amount))
            reason = draw(st.sampled_from(PartyReason))
            if reason in CREDIT_BACK and draw(st.booleans()):
                one = books.allocation(amount, business_id=draw(st.sampled_from((0, 1, 2, 3))))
                changes |= {"credits": (altered_credit(one, draw(st.integers(1, amount))),)}
                changes |= {"base_amount": draw(_amounts), "clearing_account": _clearing}
            return books.party_money(reason, amount, rate_micro=rate, **changes, **paid)
        case 1:
            business = draw(_businesses)
            return books.money_transfer(
                amount,
                to_account=account(R.MPESA, business),
                to_business_id=business,
                clearing_account=_clearing,
                rate_micro=rate,
            )
        case 2:
            return books.money_transfer(
                amount,
                rate_micro=rate,
                to_amount=draw(_amounts),
                to_currency="USD",
                to_rate_micro=draw(_rates),
                exchange_account=account(R.EXCHANGE_CLEARING),
                difference_account=account(R.EXCHANGE_DIFFERENCE),
            )
        case 3:
            return books.landed_cost((1, amount), (2, draw(_amounts)), rate_micro=rate)
        case _:
            return books.goods_receipt(
                (draw(_products), draw(_quantities), amount // 100),
                (4, draw(_quantities), 3),
                business_id=draw(_businesses),
                rate_micro=rate,
            )


@st.composite
def _entries(draw: st.DrawFn, rate: int) -> Document:
    lines: list[EntryLine] = []
    for business in draw(st.lists(_businesses, min_size=1, unique=True)):
        amounts = draw(st.lists(st.integers(-100_000, 100_000).filter(bool), min_size=1, max_size=4))
        if sum(amounts):
            amounts.append(-sum(amounts))
        elif not amounts:
            continue
        lines += [books.entry_line("6100", amount, business) for amount in amounts]
    return books.journal_entry(*lines, rate_micro=rate)


def book_documents(rates: st.SearchStrategy[int]) -> st.SearchStrategy[Document]:
    """Any document of the books that keeps the rules, at any of these rates."""
    return rates.flatmap(
        lambda rate: st.one_of(
            _invoices(rate), _bought(rate), _settled(rate), _stock(), _money(rate), _entries(rate)
        )
    )
