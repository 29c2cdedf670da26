"""Documents to test with: by hand (`sale`, `refund`, ...) and by Hypothesis (`documents`, `trades`).

Those of the books (invoices, purchases, stock, treasury) are built in `book_specimens`.

Accounts come from the product's own chart for three businesses; totals and tenders are worked out
here, so that a test says only what it is about.
"""

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st
from msgspec import Raw

from pos_app.ledger import canonical, tax
from pos_app.ledger.chart import SHARED_ACCOUNTS, AccountRole, Chart, business_accounts
from pos_app.ledger.document import (
    SERIES,
    CashMovement,
    CashReason,
    CountedLine,
    Document,
    DrawerClose,
    DrawerOpen,
    Head,
    Payment,
    Refund,
    Reversal,
    Sale,
    StockCount,
)
from pos_app.ledger.line import CashCount, Change, GoodsLine, Tender, TenderKind
from pos_app.ledger.money import round_to_cash
from pos_app.ledger.quantity import extend

MOMENT: Final = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ORG: Final = 1
TILL: Final = 3
DEPOT: Final = 1
LOCATION: Final = 11
DRAWER: Final = 7
CASHIER: Final = 42
CUSTOMER: Final = 501
#: A document's `business_id` unless it says otherwise, and all of them.
BUSINESS: Final = 1
BUSINESSES: Final = (1, 2, 3)

CHART: Final = Chart(
    itertools.chain(
        SHARED_ACCOUNTS,
        business_accounts(0, 1, "LPG & retail"),
        business_accounts(1, 2, "Water"),
        business_accounts(2, 3, "Laundry"),
    )
)
#: Tax code to rate in basis points and whether the price includes it.
TAX_CODES: Final = {"V16": (1600, True), "V8": (800, True), "X16": (1600, False), "Z": (0, True)}

_ROLES: Final = {
    TenderKind.CASH: AccountRole.CASH,
    TenderKind.MPESA: AccountRole.MPESA,
    TenderKind.ACCOUNT: AccountRole.RECEIVABLE,
    TenderKind.BANK: AccountRole.BANK,
    TenderKind.CARD: AccountRole.CARD,
    TenderKind.VOUCHER: AccountRole.VOUCHER,
}
_requests: Final = itertools.count(1)


class Item(NamedTuple):
    """One line in short: a product at a price; `quantity` in thousandths, `price` in minor units."""

    price: int
    quantity: int = 1000
    code: str = "V16"
    product_id: int = 1
    business_id: int = BUSINESS
    discount: int = 0
    stocked: bool = True


def account(role: AccountRole, business_id: int = BUSINESS) -> str:
    """The account of a role."""
    return CHART.account(role, business_id)


def request() -> str:
    """A request that no other document of this run has."""
    return f"{next(_requests):032x}"


def head(kind: type[Head], **changes: Any) -> dict[str, Any]:
    """The fields that every document starts with."""
    return {
        "org_id": ORG,
        "request_id": request(),
        "series": SERIES[kind],
        "occurred_at": MOMENT,
        "recorded_at": MOMENT,
        "person_id": CASHIER,
        "business_id": BUSINESS,
        "depot_id": DEPOT,
        "currency": "KES",
    } | changes


def goods(items: Iterable[Item]) -> tuple[GoodsLine, ...]:
    """Lines with their net and tax."""
    items = tuple(items)
    taxable = [
        tax.Taxable(item.code, *TAX_CODES[item.code], extend(item.price, item.quantity) - item.discount)
        for item in items
    ]
    return tuple(
        GoodsLine(
            product_id=item.product_id,
            sku=f"P{item.product_id}",
            description=f"Product {item.product_id}",
            quantity=item.quantity,
            unit_price=item.price,
            discount=item.discount,
            tax_code=item.code,
            tax_rate_bp=TAX_CODES[item.code][0],
            tax_inclusive=TAX_CODES[item.code][1],
            net=share.net,
            tax=share.tax,
            business_id=item.business_id,
            revenue_account=account(AccountRole.REVENUE, item.business_id),
            tax_account=account(AccountRole.TAX_PAYABLE, item.business_id),
            location_id=LOCATION if item.stocked else None,
        )
        for item, share in zip(items, tax.share_out(taxable), strict=True)
    )


def tender(kind: TenderKind, amount: int, reference: str = "") -> Tender:
    """Money of one kind, cash into the drawer."""
    drawer = DRAWER if kind is TenderKind.CASH else None
    return Tender(
        kind=kind, amount=amount, account=account(_ROLES[kind]), reference=reference, drawer_id=drawer
    )


def change(amount: int) -> Change | None:
    """Cash handed back, or none of it."""
    return Change(amount=amount, account=account(AccountRole.CASH), drawer_id=DRAWER) if amount else None


def trade(
    kind: type[Sale] | type[Refund],
    items: Sequence[Item],
    tenders: Sequence[Tender] | None = None,
    **changes: Any,
) -> Sale | Refund:
    """A sale or refund of these items, paid in exact cash unless `tenders` says otherwise."""
    lines = goods(items)
    subtotal, tax_total = sum(line.net for line in lines), sum(line.tax for line in lines)
    total = subtotal + tax_total
    if tenders is None:
        due = total + changes.get("rounding", 0)
        tenders = [tender(TenderKind.CASH, due)] if due else []
    clearing = account(AccountRole.CLEARING) if any(item.business_id != BUSINESS for item in items) else ""
    fields = {
        **head(kind),
        "lines": lines,
        "subtotal": subtotal,
        "tax_total": tax_total,
        "total": total,
        "tenders": tuple(tenders),
        "clearing_account": clearing,
    }
    return kind(**(fields | changes))


def sale(*items: Item, **changes: Any) -> Sale:
    """See `trade`."""
    made = trade(Sale, items, **changes)
    assert isinstance(made, Sale)
    return made


def refund(*items: Item, **changes: Any) -> Refund:
    """See `trade`; `items` as they come back, with positive quantities."""
    made = trade(Refund, items, **({"reason": "wrong size"} | changes))
    assert isinstance(made, Refund)
    return made


def payment(amount: int, kind: TenderKind = TenderKind.CASH, back: int = 0, **changes: Any) -> Payment:
    """A customer pays `amount` of what they owe, and gets `back` out of what they gave."""
    fields = {
        **head(Payment),
        "party_id": CUSTOMER,
        "receivable_account": account(AccountRole.RECEIVABLE),
        "total": amount,
        "tenders": (tender(kind, amount + back, "SLK4AB9Z01" if kind is TenderKind.MPESA else ""),),
        "change": change(back),
    }
    return Payment(**(fields | changes))


_CONTRA: Final = {
    CashReason.FLOAT: AccountRole.SAFE,
    CashReason.SAFE_DROP: AccountRole.SAFE,
    CashReason.PAY_IN: AccountRole.OTHER_INCOME,
    CashReason.PAY_OUT: AccountRole.PETTY_CASH,
    CashReason.DRAWING: AccountRole.DRAWINGS,
}


def cash_movement(reason: CashReason, amount: int, **changes: Any) -> CashMovement:
    """Cash in or out without a sale."""
    fields = {
        **head(CashMovement),
        "reason": reason,
        "drawer_id": DRAWER,
        "amount": amount,
        "cash_account": account(AccountRole.CASH),
        "contra_account": account(_CONTRA[reason]),
    }
    return CashMovement(**(fields | changes))


def drawer_open(amount: int, **changes: Any) -> DrawerOpen:
    """A shift begins."""
    fields = {
        **head(DrawerOpen),
        "drawer_id": DRAWER,
        "float_amount": amount,
        "cash_account": account(AccountRole.CASH),
        "safe_account": account(AccountRole.SAFE),
    }
    return DrawerOpen(**(fields | changes))


def drawer_close(counted: int, expected: int, **changes: Any) -> DrawerClose:
    """A shift ends with everything going to the safe."""
    fields = {
        **head(DrawerClose),
        "shift": TILL << 32 | 1,
        "drawer_id": DRAWER,
        "counted": counted,
        "expected": expected,
        "removed": counted,
        "counts": (CashCount(value=1, pieces=counted),),
        "cash_account": account(AccountRole.CASH),
        "safe_account": account(AccountRole.SAFE),
        "over_short_account": account(AccountRole.OVER_SHORT),
    }
    return DrawerClose(**(fields | changes))


def stock_count(*lines: tuple[int, int, int], **changes: Any) -> StockCount:
    """A count: product, expected and counted thousandths."""
    fields = {
        **head(StockCount),
        "location_id": LOCATION,
        "lines": tuple(
            CountedLine(product_id=product, expected=expected, counted=counted)
            for product, expected, counted in lines
        ),
    }
    return StockCount(**(fields | changes))


def reversal(original: Document, hash_: bytes = bytes(32), **changes: Any) -> Reversal:
    """The void of a placed document."""
    fields = {
        **head(Reversal),
        "original_id": original.document_id,
        "original_hash": hash_.hex(),
        "original": Raw(canonical.encode(original)),
        "rate_micro": original.rate_micro,
        "reason": "typed twice",
    }
    return Reversal(**(fields | changes))


def one_of_each() -> list[Document]:
    """One document of every type, each with all that its type can carry.  A reversal of the first ends."""
    from tests.support.documents.book_examples import books_of_each

    first = sale(
        Item(45_000, 2000, "V16", 1),
        Item(1_999, 1500, "V8", 2, 2, 99),
        Item(30_033, 1000, "X16", 3, 3, 0, False),
        tenders=[
            tender(TenderKind.CASH, 100_000),
            tender(TenderKind.MPESA, 20_000, "SLK4AB9Z01"),
            tender(TenderKind.ACCOUNT, 10_000),
        ],
        party_id=CUSTOMER,
        rounding=-38,
        rounding_account=account(AccountRole.ROUNDING),
        cash_step=100,
        change=change(2_300),
        seq=1,
        terminal_no=TILL,
        number=1,
    )
    return [
        first,
        refund(Item(45_000, 1000), party_id=CUSTOMER, original_id=first.document_id),
        payment(70_000, back=30_000),
        cash_movement(CashReason.PAY_OUT, 12_300, note="broom"),
        drawer_open(500_000),
        drawer_close(499_000, 500_000, reason="a note is missing"),
        stock_count((1, 10_000, 9_000), (2, 0, 5_000)),
        *books_of_each(),
        reversal(first),
    ]


# --- by Hypothesis --------------------------------------------------------------------------------

#: The document's currency is the organisation's.
BASE_RATE: Final = st.just(1_000_000)


@st.composite
def items(draw: st.DrawFn) -> Item:
    """Any line that a till could make, returns and free goods included."""
    price = draw(st.one_of(st.integers(0, 5_000_000), st.sampled_from([0, 1, 3, 99, 100, 45_000])))
    quantity = draw(st.one_of(st.integers(1, 20).map(lambda n: n * 1000), st.integers(1, 50_000)))
    if draw(st.integers(0, 5)) == 0:
        quantity = -quantity
    whole = extend(price, quantity)
    discount = draw(st.integers(0, whole)) if whole > 0 and draw(st.booleans()) else 0
    return Item(
        price,
        quantity,
        draw(st.sampled_from(sorted(TAX_CODES))),
        draw(st.integers(1, 4)),
        draw(st.sampled_from(BUSINESSES)),
        discount,
        draw(st.booleans()),
    )


@st.composite
def trades(draw: st.DrawFn, rates: st.SearchStrategy[int] = BASE_RATE) -> Sale | Refund:
    """A sale, or the refund that it is when more comes back than goes out; any mix of tenders."""
    chosen = draw(st.lists(items(), min_size=1, max_size=6))
    total = sum(line.gross for line in goods(chosen))
    kind: type[Sale] | type[Refund] = Sale if total >= 0 else Refund
    if kind is Refund:
        chosen = [item._replace(quantity=-item.quantity, discount=-item.discount) for item in chosen]
        total = -total
    step = draw(st.sampled_from([1, 5, 100]))
    other = draw(st.integers(0, total))
    other_kind = draw(st.sampled_from([TenderKind.MPESA, TenderKind.ACCOUNT, TenderKind.CARD]))
    rest = total - other
    in_cash = round_to_cash(rest, step)
    tenders = [tender(other_kind, other)] if other else []
    back = 0
    if in_cash:
        back = draw(st.integers(0, 100_000)) if kind is Sale else 0
        tenders.append(tender(TenderKind.CASH, in_cash + back))
    return trade(
        kind,
        chosen,
        tenders,
        party_id=CUSTOMER + draw(st.integers(0, 2)),
        rounding=in_cash - rest,
        rounding_account=account(AccountRole.ROUNDING) if in_cash != rest else "",
        cash_step=step,
        change=change(back),
        rate_micro=draw(rates),
    )


_amounts: Final = st.integers(1, 10_000_000)


def documents(rates: st.SearchStrategy[int] = BASE_RATE) -> st.SearchStrategy[Document]:
    """Any document but a reversal, which needs another one (see `reversal`)."""
    return st.one_of(
        trades(rates),
        st.builds(
            lambda amount, kind, back, rate: payment(
                amount, kind, back if kind is TenderKind.CASH else 0, rate_micro=rate
            ),
            _amounts,
            st.sampled_from([TenderKind.CASH, TenderKind.MPESA, TenderKind.BANK]),
            st.integers(0, 5_000),
            rates,
        ),
        st.builds(
            lambda reason, amount, rate: cash_movement(reason, amount, rate_micro=rate),
            st.sampled_from(CashReason),
            _amounts,
            rates,
        ),
        st.builds(lambda amount, rate: drawer_open(amount - 1, rate_micro=rate), _amounts, rates),
        st.builds(
            lambda counted, expected, rate: drawer_close(counted - 1, expected, rate_micro=rate),
            _amounts,
            st.integers(-1_000, 10_000_000),
            rates,
        ),
        st.builds(
            stock_count,
            st.tuples(st.integers(1, 4), st.integers(-5_000, 90_000), st.integers(0, 90_000)),
            st.tuples(st.integers(5, 8), st.integers(0, 90_000), st.integers(0, 90_000)),
        ),
    )
