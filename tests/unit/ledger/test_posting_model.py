"""Every posting against the independent model: what a shopkeeper and an accountant would write."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.ledger.document import Document
from pos_app.ledger.posting import rules as posting_rules
from tests.support.documents import specimens
from tests.support.documents.book_strategies import book_documents
from tests.support.oracle.model import Model

Sums = dict[str, dict[tuple[object, ...], list[int]]]
RATES = st.one_of(
    st.just(1_000_000), st.integers(1, 200_000_000), st.sampled_from([129_550_000, 7_700, 333_333])
)
EVERY = st.one_of(specimens.documents(RATES), book_documents(RATES))


def balances(document: Document) -> dict[str, dict[tuple[object, ...], tuple[int, ...]]]:
    """The balances after one document, by plain sums over what it posts."""
    sums: Sums = defaultdict(dict)
    org, posted = document.org_id, posting_rules.post(document)

    def add(name: str, key: tuple[object, ...], *figures: int) -> None:
        held = sums[name].setdefault((org, *key), [0] * len(figures))
        for place, figure in enumerate(figures):
            held[place] += figure

    for line in posted.lines:
        currency = line.currency or document.currency
        add("account_balance", (line.business_id, line.account, currency), line.amount, line.base_amount)
        if line.party_role is not None:
            key = (line.party_role.value, line.party_id, currency)
            add("party_balance", key, line.amount, line.base_amount)
        if line.drawer_id is not None:
            add("drawer_cash", (line.drawer_id, currency), line.amount)
    for move in posted.moves:
        add("stock_level", (move.location_id, move.product_id), move.quantity)
    for item in posted.open_items:
        who = (item.party_role.value, item.party_id, item.business_id, item.invoice_id, item.due_on)
        add("open_invoice", (*who, document.currency), item.amount, item.base_amount)
    for cost in posted.costs:
        add("stock_value", (cost.business_id, cost.product_id), cost.quantity, cost.value)
    names = ("account_balance", "party_balance", "drawer_cash", "stock_level", "open_invoice", "stock_value")
    return {name: {key: tuple(held) for key, held in sums[name].items()} for name in names}


def judge(document: Document) -> None:
    model = Model()
    model.add(document)
    assert model.differences(balances(document)) == []


@pytest.mark.parametrize("document", specimens.one_of_each(), ids=lambda d: type(d).__name__)
def test_one_of_each_posts_what_an_accountant_would_write(document: Document) -> None:
    judge(document)


@given(EVERY)
def test_it_posts_what_an_accountant_would_write(document: Document) -> None:
    judge(document)
