"""The posting rules: golden examples worked out by hand, and sums that hold for every document."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from pos_app.ledger import canonical
from pos_app.ledger.document import (
    Bill,
    CashReason,
    CreditNote,
    Document,
    Invoice,
    JournalEntry,
    Payment,
    Refund,
    Sale,
    Settlement,
    VendorCredit,
    VendorPayment,
    WriteOff,
)
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.posting import rules as posting_rules
from pos_app.ledger.posting.posting import Posting
from pos_app.ledger.purchasing import share_by_value
from pos_app.ledger.rules import rules
from pos_app.ledger.settlement import Open, allocate
from tests.posting_mutations import MUTATIONS, Mutation
from tests.support.documents import specimens
from tests.support.documents.book_specimens import DUE, allocated_payment
from tests.support.documents.book_strategies import book_documents
from tests.support.documents.specimens import (
    CUSTOMER,
    DRAWER,
    LOCATION,
    Item,
    cash_movement,
    drawer_close,
    drawer_open,
    payment,
    refund,
    reversal,
    sale,
    stock_count,
    tender,
)

RATES = st.one_of(
    st.just(1_000_000), st.integers(1, 200_000_000), st.sampled_from([129_550_000, 7_700, 333_333])
)

# The accounts of the first business, by name: the examples below read like a ledger.
CASH, MPESA, REVENUE, WATER_REVENUE = "1110", "1140", "4100", "4200"
SAFE, RECEIVABLE, CLEARING, VAT, OTHER_INCOME = "1150", "1300", "1900", "2200", "4900"
PETTY_CASH, OVER_SHORT, ROUNDING = "6200", "6900", "6910"
EXCHANGE, DIFFERENCE, INVENTORIES = "1910", "6950", {"1210", "1220", "1230"}

EVERY = st.one_of(specimens.documents(RATES), book_documents(RATES))


def flat(posted: Posting) -> list[tuple[int, str, int]]:
    """Business, account, amount of every line, in order."""
    return [(line.business_id, line.account, line.amount) for line in posted.lines]


def moved(posted: Posting) -> list[tuple[int, int, int]]:
    return [(move.location_id, move.product_id, move.quantity) for move in posted.moves]


def test_a_cash_sale_with_change() -> None:
    # One cylinder at 2,320.00 including 16 % VAT; 2,500 tendered, 180 back.
    document = sale(
        Item(232_000, product_id=9),
        tenders=[tender(TenderKind.CASH, 250_000)],
        change=specimens.change(18_000),
    )
    posted = posting_rules.post(document)
    assert flat(posted) == [
        (1, REVENUE, -200_000),
        (1, VAT, -32_000),
        (1, CASH, 250_000),
        (1, CASH, -18_000),
    ]
    assert [line.drawer_id for line in posted.lines] == [None, None, DRAWER, DRAWER]
    assert moved(posted) == [(LOCATION, 9, -1000)]


def test_a_mixed_tender_keeps_each_tender_apart() -> None:
    document = sale(
        Item(50_000, code="Z"),
        tenders=[
            tender(TenderKind.CASH, 10_000),
            tender(TenderKind.MPESA, 15_000, "SLK4AB9Z01"),
            tender(TenderKind.ACCOUNT, 25_000),
        ],
        party_id=CUSTOMER,
    )
    posted = posting_rules.post(document)
    assert flat(posted) == [
        (1, REVENUE, -50_000),
        (1, CASH, 10_000),
        (1, MPESA, 15_000),
        (1, RECEIVABLE, 25_000),
    ]
    assert [(line.party_role, line.party_id) for line in posted.lines] == [
        (None, None),
        (None, None),
        (None, None),
        (PartyRole.CUSTOMER, CUSTOMER),
    ]


def test_goods_of_two_businesses_balance_in_each() -> None:
    document = sale(Item(11_600), Item(5_000, code="Z", business_id=2, stocked=False))
    posted = posting_rules.post(document)
    assert sorted(flat(posted)) == sorted(
        [
            (1, REVENUE, -10_000),
            (1, VAT, -1_600),
            (1, CASH, 16_600),
            (1, CLEARING, -5_000),
            (2, WATER_REVENUE, -5_000),
            (2, CLEARING, 5_000),
        ]
    )
    assert moved(posted) == [(LOCATION, 1, -1000)]


def test_cash_rounding_goes_to_its_own_account() -> None:
    document = sale(Item(10_040, code="Z"), rounding=-40, rounding_account=ROUNDING, cash_step=100)
    assert flat(posting_rules.post(document)) == [(1, REVENUE, -10_040), (1, CASH, 10_000), (1, ROUNDING, 40)]


def test_a_return_within_a_sale_comes_back_to_stock() -> None:
    document = sale(Item(30_000, code="Z", product_id=1), Item(10_000, -2000, code="Z", product_id=2))
    posted = posting_rules.post(document)
    assert flat(posted) == [(1, REVENUE, -10_000), (1, CASH, 10_000)]
    assert moved(posted) == [(LOCATION, 1, -1000), (LOCATION, 2, 2000)]


def test_a_refund_is_a_sale_backwards() -> None:
    posted = posting_rules.post(refund(Item(11_600, product_id=4)))
    assert flat(posted) == [(1, REVENUE, 10_000), (1, VAT, 1_600), (1, CASH, -11_600)]
    assert moved(posted) == [(LOCATION, 4, 1000)]


def test_a_payment_lowers_what_the_customer_owes() -> None:
    posted = posting_rules.post(payment(70_000, back=30_000))
    assert flat(posted) == [(1, RECEIVABLE, -70_000), (1, CASH, 100_000), (1, CASH, -30_000)]
    assert posted.lines[0].party_id == CUSTOMER
    assert posted.moves == ()


def test_cash_in_and_out() -> None:
    for reason, contra, sign in (
        (CashReason.FLOAT, SAFE, 1),
        (CashReason.PAY_IN, OTHER_INCOME, 1),
        (CashReason.PAY_OUT, PETTY_CASH, -1),
        (CashReason.SAFE_DROP, SAFE, -1),
    ):
        posted = posting_rules.post(cash_movement(reason, 5_000))
        assert flat(posted) == [(1, CASH, sign * 5_000), (1, contra, -sign * 5_000)]
        assert [line.drawer_id for line in posted.lines] == [DRAWER, None]


def test_a_drawer_opens_out_of_the_safe() -> None:
    assert flat(posting_rules.post(drawer_open(500_000))) == [(1, CASH, 500_000), (1, SAFE, -500_000)]
    assert posting_rules.post(drawer_open(0)).lines == ()


def test_a_short_drawer_costs_and_a_full_one_earns() -> None:
    # 4,990.00 counted of 5,000.00 expected; 10.00 short; all of it to the safe.
    assert flat(posting_rules.post(drawer_close(499_000, 500_000))) == [
        (1, CASH, -1_000),
        (1, OVER_SHORT, 1_000),
        (1, CASH, -499_000),
        (1, SAFE, 499_000),
    ]
    assert flat(posting_rules.post(drawer_close(500_100, 500_000, removed=0))) == [
        (1, CASH, 100),
        (1, OVER_SHORT, -100),
    ]


def test_a_count_moves_the_difference_only() -> None:
    posted = posting_rules.post(stock_count((1, 10_000, 9_000), (2, 5_000, 5_000), (3, 0, 4_000)))
    assert posted.lines == ()
    assert moved(posted) == [(LOCATION, 1, -1000), (LOCATION, 3, 4000)]


def test_a_foreign_sale_keeps_its_rate() -> None:
    # 10.01 dollars at 129.55 shillings: 1,296.7955, and nothing is lost on the way.
    document = sale(Item(1_001, code="Z"), currency="USD", rate_micro=129_550_000)
    assert [(line.amount, line.base_amount) for line in posting_rules.post(document).lines] == [
        (-1_001, -129_680),
        (1_001, 129_680),
    ]


# --- what holds for every document ----------------------------------------------------------------


@given(EVERY)
def test_every_document_sums_to_zero_in_every_business(document: Document) -> None:
    rules.check(document)
    sums: Counter[tuple[int, str]] = Counter()
    for line in posting_rules.post(document).lines:
        assert line.amount or line.base_amount
        sums[line.business_id, line.currency] += line.amount
        sums[line.business_id, "base"] += line.base_amount
    assert not any(sums.values())


@given(specimens.documents(RATES))
def test_a_base_amount_is_never_a_unit_away_from_its_own(document: Document) -> None:
    """Cumulative rounding: nothing is lost and nothing piles up on one line."""
    for line in posting_rules.post(document).lines:
        if document.rate_micro == 1_000_000:
            assert line.base_amount == line.amount
        else:
            assert abs(line.base_amount * 1_000_000 - line.amount * document.rate_micro) <= 1_000_000


@given(EVERY)
def test_what_is_passed_through_stands_at_nothing(document: Document) -> None:
    """Between businesses over all of them, in both currencies; between currencies in base currency."""
    through: Counter[str] = Counter()
    for line in posting_rules.post(document).lines:
        if line.account == CLEARING:
            through["clearing"] += line.amount
            through["clearing in base"] += line.base_amount
        if line.account == EXCHANGE:
            through["exchange in base"] += line.base_amount
    assert not any(through.values())


@given(EVERY)
def test_a_difference_in_base_alone_is_an_exchange_difference(document: Document) -> None:
    if isinstance(document, JournalEntry):
        return
    alone = [line.account for line in posting_rules.post(document).lines if not line.amount]
    own = {document.account} if isinstance(document, Settlement) else set()
    between = {CLEARING} if isinstance(document, Settlement | Payment | VendorPayment) else set()
    assert set(alone) <= {DIFFERENCE} | own | between
    assert alone.count(DIFFERENCE) <= 1


@pytest.mark.parametrize("document", specimens.one_of_each(), ids=lambda d: type(d).__name__)
def test_a_void_of_each_type_is_its_exact_opposite(document: Document) -> None:
    is_undone(document)


@given(EVERY)
def test_a_reversal_is_the_exact_opposite(document: Document) -> None:
    is_undone(document)


def is_undone(document: Document) -> None:
    """The void of a document posts every part of it with the other sign, and nothing else."""
    placed = replace(document, terminal_no=specimens.TILL, seq=1, number=1)
    before, after = posting_rules.post(placed), posting_rules.post(reversal(placed))
    assert [
        replace(line, amount=-line.amount, base_amount=-line.base_amount) for line in before.lines
    ] == list(after.lines)
    assert [replace(move, quantity=-move.quantity) for move in before.moves] == list(after.moves)
    assert [
        replace(item, amount=-item.amount, base_amount=-item.base_amount) for item in before.open_items
    ] == list(after.open_items)
    assert [replace(cost, quantity=-cost.quantity, value=-cost.value) for cost in before.costs] == list(
        after.costs
    )


@given(EVERY)
def test_open_items_are_what_the_parties_account_says(document: Document) -> None:
    """What is open in a business changes by what its receivable or payable does, but for what is not
    allocated.
    """
    posted = posting_rules.post(document)
    opened: dict[int, Counter[str]] = defaultdict(Counter)
    owed: dict[int, Counter[str]] = defaultdict(Counter)
    for item in posted.open_items:
        opened[item.business_id].update({"amount": item.amount, "base": item.base_amount})
    for line in posted.lines:
        if line.party_role in (PartyRole.CUSTOMER, PartyRole.VENDOR) and not line.currency:
            sign = 1 if line.party_role is PartyRole.CUSTOMER else -1
            owed[line.business_id].update({"amount": sign * line.amount, "base": sign * line.base_amount})
    if isinstance(document, Invoice | CreditNote | Bill | VendorCredit | WriteOff):
        assert opened == owed
    if isinstance(document, Payment | VendorPayment | Settlement | WriteOff):
        allocated: dict[int, Counter[str]] = defaultdict(Counter)
        # A credit closes as an invoice does, from the other side.
        credits = document.credits if isinstance(document, Settlement) else ()
        for sign, parts in ((-1, document.allocations), (1, credits)):
            for one in parts:
                figures = {"amount": sign * one.amount, "base": sign * one.base_amount}
                allocated[one.business_id or document.business_id].update(figures)
        assert opened == allocated


@given(EVERY)
def test_cost_lines_are_what_the_inventory_accounts_say(document: Document) -> None:
    posted = posting_rules.post(document)
    valued: Counter[int] = Counter()
    for line in posted.lines:
        if line.account in INVENTORIES and not isinstance(document, JournalEntry):
            valued[line.business_id] += line.base_amount
    for cost in posted.costs:
        valued[cost.business_id] -= cost.value
    assert not any(valued.values())


@given(
    st.integers(1, 10**9),
    st.integers(1, 10**9),
    st.lists(st.integers(1, 5), min_size=1, max_size=6),
    st.integers(1, 200_000_000),
)
def test_a_fully_allocated_invoice_is_closed_in_both_currencies(
    total: int, base: int, parts: list[int], rate: int
) -> None:
    """However it is paid in parts, the items sum to nothing, and so does the receivable."""
    left, left_base = total, base
    items: Counter[str] = Counter({"amount": total, "base": base})
    account: Counter[str] = Counter({"amount": total, "base": base})
    shares = share_by_value(total, tuple(parts))
    for share in shares:
        for one in allocate(share, [Open(7, "", DUE, left, left_base)]):
            left, left_base = left - one.amount, left_base - one.base_amount
            posted = posting_rules.post(allocated_payment(share, one, rate_micro=rate, currency="USD"))
            for item in posted.open_items:
                items.update({"amount": item.amount, "base": item.base_amount})
            for line in posted.lines:
                if line.party_id is not None:
                    account.update({"amount": line.amount, "base": line.base_amount})
    assert (left, left_base) == (0, 0)
    assert not any(items.values())
    assert not any(account.values())


@given(EVERY)
def test_posting_twice_gives_the_same_digest_and_so_do_the_bytes(document: Document) -> None:
    first = posting_rules.post(document)
    again = posting_rules.post(canonical.decode(canonical.encode(document)))
    assert first == again
    assert posting_rules.digest(first) == posting_rules.digest(again)
    for name, part in zip(first._fields, first, strict=True):
        for place, one in enumerate(part):
            changed = replace(one, **_another(one))
            parts: dict[str, Any] = {name: (*part[:place], changed, *part[place + 1 :])}
            tampered = first._replace(**parts)
            assert posting_rules.digest(tampered) != posting_rules.digest(first)


def _another(part: Struct) -> dict[str, int]:
    """The same part with its last figure one more."""
    name = {"JournalLine": "base_amount", "StockMove": "quantity", "OpenItem": "base_amount"}
    field = name.get(type(part).__name__, "value")
    return {field: getattr(part, field) + 1}


@given(specimens.trades())
def test_tender_and_change_are_lines_of_their_own(document: Sale | Refund) -> None:
    """Change is not netted against the cash taken (erpnext#23125)."""
    cash = [line.amount for line in posting_rules.post(document).lines if line.drawer_id is not None]
    taken = [one.amount for one in document.tenders if one.kind is TenderKind.CASH]
    back = [document.change.amount] if document.change else []
    assert sorted(map(abs, cash)) == sorted(taken + back)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.what)
def test_every_lie_has_the_line_that_it_would_change(mutation: Mutation) -> None:
    """`tests.mutate_postings` takes long and runs seldom; a rule that was rewritten is noticed here."""
    source = (
        Path(posting_rules.__file__).parents[1].joinpath(f"{mutation.file}.py").read_text(encoding="utf-8")
    )
    assert mutation.old in source
