"""Whatever is bought, however it is paid and in whatever parts it comes back: the parts are the whole.

Money and tax of all parts, what was handed back, and what stands in the books are judged by a person with
pencil and paper (`tests.support.oracle.counter_sums`).
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.till.selling.basket import Basket
from pos_app.till.session.sign_in import Action
from tests.support.oracle.counter_sums import Bought, bill, in_coins
from tests.support.worlds.till_fixture import MANAGER, Shop

CASH, MPESA, CARD, BANK = TenderKind.CASH, TenderKind.MPESA, TenderKind.CARD, TenderKind.BANK
#: From a hundredth to ten, in minor units; the smallest coin of the shop's currency is 1.00.
STEPS: Final = (1, 5, 10, 50, 1_00, 5_00, 10_00)
SMALLEST: Final = 1_00
#: Rates in basis points and whether prices hold them: a product of each.
TAXES: Final = {"SOAP": (1600, True), "MATCHES": (800, True), "CLIP": (0, True), "WASH": (1600, False)}
#: Revenue and tax of each business, and the rounding.
ACCOUNTS: Final = [("4100", 1), ("4300", 3), ("2200", 1), ("2200", 3), ("6910", 1)]


class Line(NamedTuple):
    """What is bought: minor units and thousandths."""

    sku: str
    price: int
    quantity: int
    discount: int


@st.composite
def _lines(draw: st.DrawFn) -> list[Line]:
    made = []
    for sku in draw(st.lists(st.sampled_from(sorted(TAXES)), min_size=1, max_size=3, unique=True)):
        price, quantity = draw(st.integers(1, 400_00)), draw(st.integers(1, 12 * ONE))
        whole = in_coins(price * quantity, 1_000) // 1_000
        made.append(Line(sku, price, quantity, draw(st.sampled_from([0, whole // 7, whole]))))
    return made


@pytest.fixture(scope="module")
def shop_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[int], Shop]]:
    """One shop a step, in which all examples are sold."""
    made: dict[int, Shop] = {}

    def shop(step: int) -> Shop:
        if step not in made:
            made[step] = Shop.make(Path(tmp_path_factory.mktemp(f"step{step}")), cash_step=step)
            made[step].be(MANAGER)
            made[step].open_drawer(1_000_000_00)
        return made[step]

    yield shop
    for one in made.values():
        assert one.drifts() == []
        one.documents()
        one.database.close()


def _basket(shop: Shop, lines: list[Line]) -> Basket:
    basket = shop.basket(*(line.sku for line in lines))
    for place, line in enumerate(lines):
        basket.set_price(place, line.price)
        basket.set_quantity(place, line.quantity)
        basket.set_discount(place, line.discount)
    return basket


_codes: Final = (f"QWE{number:07d}" for number in range(10**7))


def _pay(shop: Shop, basket: Basket, data: st.DataObject, step: int) -> tuple[int, bool]:
    """Pay by any tenders in any order; gives what was paid, and whether coins alone did."""
    taking = shop.till.checkout(basket)
    exact = coins = 0
    while taking.due().still_due:
        kind = data.draw(st.sampled_from([CASH, CASH, MPESA, CARD, BANK]))
        asked = taking.cash_due() if kind is CASH else taking.exact_due()
        assert asked == (
            in_coins(taking.total - exact, step) - coins if kind is CASH else taking.total - exact - coins
        )
        amount = data.draw(st.sampled_from([asked, max(asked // 3, 1)]))
        if kind is CASH:
            amount = -(-amount // step) * step
            coins += amount
        else:
            exact += amount
        taking.add_tender(kind, amount, next(_codes))
    due, done = taking.due(), taking.complete()
    paid = exact + coins - due.change
    assert paid == exact + (in_coins(taking.total - exact, step) if exact + coins != taking.total else coins)
    assert done.settled == paid
    return paid, exact == 0


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(lines=_lines(), step=st.sampled_from(STEPS), data=st.data())
def test_any_basket_paid_and_brought_back_in_any_way(
    shop_of: Callable[[int], Shop], lines: list[Line], step: int, data: st.DataObject
) -> None:
    shop = shop_of(step)
    before = [shop.account(*one) for one in ACCOUNTS]
    basket = _basket(shop, lines)
    expected = bill(Bought(one.price, one.quantity, one.discount, *TAXES[one.sku]) for one in lines)
    assert (basket.totals().total, basket.totals().tax_total) == expected
    paid, by_coins = _pay(shop, basket, data, step)
    number = shop.till.printed(shop.till.receipts.latest(1)[0])

    goods = taxes = handed = 0
    while any(shop.till.refunds.find(number).left):
        receipt = shop.till.refunds.find(number)
        part = {
            place: data.draw(st.sampled_from([left, (left + 1) // 2, 0]))
            for place, left in enumerate(receipt.left)
        }
        if not any(part.values()):
            part = dict(enumerate(receipt.left))
        said = shop.till.refunds.amount(receipt, part)
        done = shop.till.refunds.complete(receipt, part, CASH, "back", shop.approval(Action.REFUND))
        refund = shop.document(done.document_id)
        goods, taxes, handed = goods + refund.total, taxes + refund.tax_total, handed + done.settled
        assert done.settled == said >= 0
        assert said % min(step, SMALLEST) == 0
        # Half a coin of the receipt at most, and half of the smallest that exact money leaves.
        assert handed <= paid or (not by_coins and 2 * (handed - paid) <= min(step, SMALLEST))

    assert (goods, taxes) == expected
    assert 2 * abs(handed - paid) <= (0 if by_coins else min(step, SMALLEST))
    after = [shop.account(*one) for one in ACCOUNTS]
    assert after[:-1] == before[:-1]
    assert after[-1] - before[-1] == handed - paid
