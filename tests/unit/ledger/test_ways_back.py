"""No way brings back more than came by it, in whatever order a person chooses, and nothing stays behind."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger.line import Chit, PartyRole, Tender, TenderKind
from pos_app.ledger.ways_back import Purse, came_by, cash_instead, exact_parts, left_by, most_cash, open_ways
from tests.support.documents.specimens import Item, change, sale

CASH, CARD, MPESA, VOUCHER = TenderKind.CASH, TenderKind.CARD, TenderKind.MPESA, TenderKind.VOUCHER
ACCOUNTS = {
    TenderKind.ACCOUNT: ("1300",),
    CARD: ("1160",),
    TenderKind.BANK: ("1170",),
    # Two businesses with a number each.
    MPESA: ("1140", "1141"),
    CASH: ("1110",),
}
PURSES = [Purse(kind, account) for kind, accounts in ACCOUNTS.items() for account in accounts]
MONEY = st.dictionaries(st.sampled_from(PURSES), st.integers(1, 10_000), min_size=1)


@given(MONEY, st.lists(st.tuples(st.sampled_from(list(TenderKind)), st.integers(1, 9_000)), max_size=8))
def test_any_parts_in_any_order(came: dict[Purse, int], parts: list[tuple[TenderKind, int]]) -> None:
    """Judged by a purse that is emptied coin by coin: what is exact, then what is left for cash."""
    gone: dict[Purse, int] = {}
    whole = sum(came.values())
    for first, wanted in parts:
        goods = min(wanted, whole - sum(gone.values()))
        left = left_by(came, gone)
        exact = exact_parts(left, goods, first)
        assert len({part.purse for part in exact}) == len(exact)
        for purse, amount in exact:
            assert amount > 0
            gone[purse] = gone.get(purse, 0) + amount
            assert gone[purse] <= came[purse]
            assert purse.kind is not CASH
        rest = goods - sum(part.amount for part in exact)
        # Cash is asked for only when nothing else is left, and never more of it than came.
        if rest:
            gone[PURSES[-1]] = gone.get(PURSES[-1], 0) + rest
            assert gone[PURSES[-1]] <= came[PURSES[-1]]
            assert cash_instead(left, rest) == 0
        if exact and any(purse.kind is first for purse, amount in left.items() if amount):
            assert first is CASH or exact[0].purse.kind is first


def test_cash_stands_for_all_but_the_account() -> None:
    left = left_by(
        {Purse(MPESA, "1140"): 600, Purse(TenderKind.ACCOUNT, "1300"): 300, Purse(CASH, "x"): 100}, {}
    )
    assert most_cash(left) == 700
    assert cash_instead(left, 650) == 550
    assert open_ways(left, has_party=False) == (TenderKind.ACCOUNT, MPESA, CASH)


def test_change_comes_off_the_cash_then_off_mpesa() -> None:
    tenders = (
        Tender(kind=MPESA, amount=30_000, account="1140", reference="SLK4AB9Z01"),
        Tender(kind=CASH, amount=1_000, account="1110"),
    )
    paid = msgspec.structs.replace(sale(Item(11_600)), tenders=tenders, change=change(19_400))
    assert came_by(paid) == {Purse(MPESA, "1140"): 11_600, Purse(CASH, "1110"): 0}


def test_a_voucher_is_given_back_to_itself() -> None:
    chit = Chit(role=PartyRole.VOUCHER, number=471108152342, business_id=1, document_id=7)
    tenders = (
        Tender(kind=VOUCHER, amount=6_600, account="2400", reference="V471108152342", chit=chit),
        Tender(kind=VOUCHER, amount=5_000, account="2400", reference="OLD PAPER"),
    )
    came = came_by(msgspec.structs.replace(sale(Item(11_600)), tenders=tenders))
    mine = Purse(VOUCHER, "V471108152342")
    assert came == {mine: 6_600, Purse(VOUCHER, ""): 5_000}
    left = left_by(came, {mine: 1_600})
    assert [tuple(part) for part in exact_parts(left, 11_600, VOUCHER)] == [(mine, 5_000)]
    # A voucher of before there were numbers has nothing to go back to: cash, with leave.
    assert open_ways(left, has_party=False) == (VOUCHER, CASH)
