"""The posting rules: golden examples worked out by hand, and sums that hold for every document."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pos_app.ledger import posting, rules
from pos_app.ledger.document import CashReason, Document, Refund, Sale
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.posting import Posting
from tests import specimens
from tests.model import Model, without_zeros
from tests.specimens import (
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
    posted = posting.post(document)
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
    posted = posting.post(document)
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
    posted = posting.post(document)
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
    assert flat(posting.post(document)) == [(1, REVENUE, -10_040), (1, CASH, 10_000), (1, ROUNDING, 40)]


def test_a_return_within_a_sale_comes_back_to_stock() -> None:
    document = sale(Item(30_000, code="Z", product_id=1), Item(10_000, -2000, code="Z", product_id=2))
    posted = posting.post(document)
    assert flat(posted) == [(1, REVENUE, -10_000), (1, CASH, 10_000)]
    assert moved(posted) == [(LOCATION, 1, -1000), (LOCATION, 2, 2000)]


def test_a_refund_is_a_sale_backwards() -> None:
    posted = posting.post(refund(Item(11_600, product_id=4)))
    assert flat(posted) == [(1, REVENUE, 10_000), (1, VAT, 1_600), (1, CASH, -11_600)]
    assert moved(posted) == [(LOCATION, 4, 1000)]


def test_a_payment_lowers_what_the_customer_owes() -> None:
    posted = posting.post(payment(70_000, back=30_000))
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
        posted = posting.post(cash_movement(reason, 5_000))
        assert flat(posted) == [(1, CASH, sign * 5_000), (1, contra, -sign * 5_000)]
        assert [line.drawer_id for line in posted.lines] == [DRAWER, None]


def test_a_drawer_opens_out_of_the_safe() -> None:
    assert flat(posting.post(drawer_open(500_000))) == [(1, CASH, 500_000), (1, SAFE, -500_000)]
    assert posting.post(drawer_open(0)).lines == ()


def test_a_short_drawer_costs_and_a_full_one_earns() -> None:
    # 4,990.00 counted of 5,000.00 expected; 10.00 short; all of it to the safe.
    assert flat(posting.post(drawer_close(499_000, 500_000))) == [
        (1, CASH, -1_000),
        (1, OVER_SHORT, 1_000),
        (1, CASH, -499_000),
        (1, SAFE, 499_000),
    ]
    assert flat(posting.post(drawer_close(500_100, 500_000, removed=0))) == [
        (1, CASH, 100),
        (1, OVER_SHORT, -100),
    ]


def test_a_count_moves_the_difference_only() -> None:
    posted = posting.post(stock_count((1, 10_000, 9_000), (2, 5_000, 5_000), (3, 0, 4_000)))
    assert posted.lines == ()
    assert moved(posted) == [(LOCATION, 1, -1000), (LOCATION, 3, 4000)]


def test_a_foreign_sale_keeps_its_rate() -> None:
    # 10.01 dollars at 129.55 shillings: 1,296.7955, and nothing is lost on the way.
    document = sale(Item(1_001, code="Z"), currency="USD", rate_micro=129_550_000)
    assert [(line.amount, line.base_amount) for line in posting.post(document).lines] == [
        (-1_001, -129_680),
        (1_001, 129_680),
    ]


# --- what holds for every document ----------------------------------------------------------------


@given(specimens.documents(RATES))
def test_every_document_sums_to_zero_in_every_business(document: Document) -> None:
    rules.check(document)
    sums: Counter[tuple[int, str]] = Counter()
    for line in posting.post(document).lines:
        assert line.amount
        sums[line.business_id, "amount"] += line.amount
        sums[line.business_id, "base"] += line.base_amount
        if document.rate_micro == 1_000_000:
            assert line.base_amount == line.amount
        else:
            # Cumulative rounding: never more than a unit away from the line's own exact value.
            assert abs(line.base_amount * 1_000_000 - line.amount * document.rate_micro) <= 1_000_000
    assert not any(sums.values())


@given(specimens.documents(RATES))
def test_a_reversal_is_the_exact_opposite(document: Document) -> None:
    placed = replace(document, terminal_no=specimens.TILL, seq=1, number=1)
    before, after = posting.post(placed), posting.post(reversal(placed))
    assert [
        replace(line, amount=-line.amount, base_amount=-line.base_amount) for line in before.lines
    ] == list(after.lines)
    assert [replace(move, quantity=-move.quantity) for move in before.moves] == list(after.moves)


@given(specimens.documents())
def test_it_posts_what_a_shopkeeper_would_write(document: Document) -> None:
    model = Model()
    model.add(document)
    accounts: Counter[tuple[object, ...]] = Counter()
    drawers: Counter[tuple[object, ...]] = Counter()
    parties: Counter[tuple[object, ...]] = Counter()
    stock: Counter[tuple[object, ...]] = Counter()
    posted = posting.post(document)
    for line in posted.lines:
        accounts[document.org_id, line.business_id, line.account, document.currency] += line.amount
        if line.drawer_id is not None:
            drawers[document.org_id, line.drawer_id, document.currency] += line.amount
        if line.party_role is not None:
            key = (document.org_id, line.party_role.value, line.party_id, document.currency)
            parties[key] += line.amount
    for move in posted.moves:
        stock[document.org_id, move.location_id, move.product_id] += move.quantity
    assert without_zeros(accounts) == without_zeros(model.accounts)
    assert without_zeros(drawers) == without_zeros(model.drawers)
    assert without_zeros(parties) == without_zeros(model.parties)
    assert without_zeros(stock) == without_zeros(model.stock)


@given(specimens.documents(RATES))
def test_posting_twice_gives_the_same_digest(document: Document) -> None:
    first, second = posting.post(document), posting.post(document)
    assert posting.digest(first) == posting.digest(second)
    if first.lines:
        tampered = replace(first.lines[0], amount=first.lines[0].amount + 1)
        assert posting.digest(Posting((tampered, *first.lines[1:]), first.moves)) != posting.digest(first)


@given(specimens.trades())
def test_tender_and_change_are_lines_of_their_own(document: Sale | Refund) -> None:
    """Change is not netted against the cash taken (erpnext#23125)."""
    cash = [line.amount for line in posting.post(document).lines if line.drawer_id is not None]
    taken = [one.amount for one in document.tenders if one.kind is TenderKind.CASH]
    back = [document.change.amount] if document.change else []
    assert sorted(map(abs, cash)) == sorted(taken + back)
