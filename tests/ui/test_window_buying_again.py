"""What a customer bought before at the real window: one key, the usual first, at today's prices."""

from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.tables import master
from pos_app.till.selling.usual_goods import Again
from pos_app.till.till import Till
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.window import MainWindow
from tests.support.worlds.cylinders import DEPOSIT13, REFILL13, deal_in_cylinders
from tests.support.worlds.goods_rows import GRILL, HOSE, REGULATOR
from tests.support.worlds.money_builder import HOTEL
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key
ENTER = Key.Key_Return


def bought(till: Till, *goods: tuple[int, int], party: int = HOTEL) -> None:
    """A sale to the hotel: products and pieces."""
    basket = till.baskets.new()
    basket.set_customer(till.customers.get(party))
    for product, pieces in goods:
        basket.add(till.catalogue.by_id(product), pieces * ONE)
    sale = till.checkout(basket)
    sale.add_tender(TenderKind.CASH, sale.due().in_cash)
    sale.complete()


def again(window: MainWindow, hands: Hands) -> ChoiceSheet:
    hands.type("mama")
    hands.press(ENTER)
    hands.press(Key.Key_PageUp)
    sheet = window.session.sheet
    assert isinstance(sheet, ChoiceSheet), window.banner().text()
    return sheet


def in_basket(window: MainWindow) -> list[tuple[int, int]]:
    return [(one.product_id, one.quantity // ONE) for one in window.session.basket.lines]


def test_the_usual_is_in_most_baskets_in_its_middle_quantity(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    bought(till, (HOSE, 2), (REGULATOR, 1))
    bought(till, (HOSE, 3))
    bought(till, (HOSE, 9), (GRILL, 1))
    bought(till, (GRILL, 5), party=HOTEL + 1)
    sheet = again(window, selling)
    assert sheet.list.rows()[0].title == "The usual"
    assert len(sheet.list.rows()) == 4
    selling.press(ENTER)
    assert in_basket(window) == [(HOSE, 3)]


def test_the_last_basket_comes_at_the_prices_of_today(window: MainWindow, selling: Hands, till: Till) -> None:
    bought(till, (HOSE, 2), (REGULATOR, 1))
    with till.database.write() as connection:
        connection.execute(
            master.product.update().where(master.product.c.product_id == HOSE).values(price=50_000)
        )
    sheet = again(window, selling)
    assert [row.detail for row in sheet.list.rows()] == ["2 Hose 1.5 m + clips, 1 Regulator compact"]
    selling.press(ENTER)
    assert in_basket(window) == [(HOSE, 2), (REGULATOR, 1)]
    assert window.session.basket.lines[0].unit_price == 50_000


def test_what_is_not_sold_any_more_is_named(window: MainWindow, selling: Hands, till: Till) -> None:
    bought(till, (HOSE, 2), (REGULATOR, 1))
    with till.database.write() as connection:
        connection.execute(
            master.product.update().where(master.product.c.product_id == HOSE).values(active=0)
        )
    again(window, selling)
    selling.press(ENTER)
    assert in_basket(window) == [(REGULATOR, 1)]
    assert window.banner().text() == "Not sold any more: Hose 1.5 m + clips."


def test_a_deposit_comes_with_its_full_one_and_never_twice(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    till.sign_in.sign_in(2, "2222")
    deal_in_cylinders(till)
    selling.type("mama")
    selling.press(ENTER)
    selling.scan(barcode_of(REFILL13))
    selling.press(Key.Key_F11)
    assert in_basket(window) == [(REFILL13, 1), (DEPOSIT13, 1)]
    selling.press(Key.Key_F12)
    selling.press(ENTER)
    window.home()
    again(window, selling)
    selling.press(ENTER)
    # Whether an empty comes this time is asked this time.
    assert in_basket(window) == [(REFILL13, 1)]


def test_nothing_bought_yet_and_a_voided_sale_are_nothing(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    till.sign_in.sign_in(2, "2222")
    bought(till, (HOSE, 2))
    till.voids.void(till.receipts.latest(1)[0].document_id, "typed for another")
    selling.type("mama")
    selling.press(ENTER)
    selling.press(Key.Key_PageUp)
    assert window.session.sheet is None
    assert "bought nothing" in window.banner().text()


def test_other_packs_are_not_sold_any_more(till: Till) -> None:
    from pos_app.ledger.pack import Packed

    till.sign_in.sign_in(2, "2222")
    basket = till.baskets.new()
    gone = Again(HOSE, "Hose", 12 * ONE, Packed(unit="CS", word="case", size=12 * ONE))
    assert till.usual_goods.put(basket, [gone]) == ["Hose"]
    assert not basket.lines
