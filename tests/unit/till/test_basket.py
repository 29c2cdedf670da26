"""The basket: what goes in, what may change, and that it is on disk at every moment."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pos_app.devices.errors import InvalidBarcode
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import MOST_ON_A_LINE, ONE
from pos_app.store.documents import settings, terminal
from pos_app.till.selling.basket import MOST_LINES
from pos_app.till.selling.basket_state import TenderEntry
from pos_app.till.session.errors import NeedsApproval, UnknownBarcode
from pos_app.till.session.sign_in import Action
from tests.support.refused import damaged, refused
from tests.support.worlds.till_fixture import CASHIER, GOOD, MANAGER, PRODUCTS, Shop

ROOT = Path(__file__).parents[3]


def in_basket(shop: Shop) -> list[tuple[str, int]]:
    return [(line.sku, line.quantity) for line in shop.till.baskets.resume().lines]


# --- finding --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sku", PRODUCTS)
def test_every_product_is_found_by_scan_and_by_code(shop: Shop, sku: str) -> None:
    product = PRODUCTS[sku]
    for code in (product.barcode, sku, sku.lower(), f" {product.barcode} "):
        scanned = shop.till.catalogue.scan(code)
        assert (scanned.product.product_id, scanned.quantity) == (product.product_id, ONE)


def test_an_unknown_code_says_what_to_do(shop: Shop) -> None:
    for code in ("", "NOTHING", "6161109999995", "x" * 5_000, "%", "GAS_3", "'; --"):
        with pytest.raises(Refused) as refused:
            shop.till.catalogue.scan(code)
        assert isinstance(refused.value, UnknownBarcode | InvalidBarcode)
        assert len(refused.value.sentence) < 200


def test_a_code_of_what_is_on_its_way_is_no_unknown_one(shop: Shop) -> None:
    for rows, code in (("500", "barcode-not-come-yet"), ("", "barcode-unknown")):
        with shop.till.database.write() as connection:
            settings.put(connection, **{terminal.COMING: rows})
        with refused(code):
            shop.till.catalogue.scan("GAS-OF-TOMORROW")


def test_a_wrong_check_digit_is_told_from_an_unknown_code(shop: Shop) -> None:
    code = PRODUCTS["GAS13"].barcode
    wrong = code[:-1] + str((int(code[-1]) + 1) % 10)
    with pytest.raises(InvalidBarcode):
        shop.till.catalogue.scan(wrong)


# --- what is in it --------------------------------------------------------------------------------


def test_the_same_product_joins_its_line(shop: Shop) -> None:
    basket = shop.basket("GAS13", "REG", "GAS13")
    assert [(line.sku, line.quantity) for line in basket.lines] == [("GAS13", 2 * ONE), ("REG", ONE)]
    assert basket.totals().total == 2 * 2_320_00 + 850_00


def test_a_return_is_a_line_of_its_own(shop: Shop) -> None:
    basket = shop.basket("GAS13")
    basket.add(shop.till.catalogue.scan("GAS13").product, -ONE)
    assert [line.quantity for line in basket.lines] == [ONE, -ONE]
    assert basket.totals().total == 0


def test_another_price_or_a_discount_keeps_its_own_line(shop: Shop) -> None:
    shop.be(MANAGER)
    basket = shop.basket("GAS13", "REG")
    basket.set_price(0, 2_000_00)
    basket.set_discount(1, 50_00)
    assert basket.add(shop.till.catalogue.scan("GAS13").product) == 2
    assert basket.add(shop.till.catalogue.scan("REG").product) == 3


@pytest.mark.parametrize("quantity", [0, MOST_ON_A_LINE + 1, -MOST_ON_A_LINE - 1, 10**30])
def test_absurd_quantities_are_refused_and_change_nothing(shop: Shop, quantity: int) -> None:
    basket = shop.basket("GAS13")
    with pytest.raises(Refused):
        basket.set_quantity(0, quantity)
    with pytest.raises(Refused):
        basket.add(shop.till.catalogue.scan("REG").product, quantity)
    assert in_basket(shop) == [("GAS13", ONE)]


def test_joining_does_not_go_past_the_limit(shop: Shop) -> None:
    basket = shop.basket("CLIP", quantity=MOST_ON_A_LINE)
    with pytest.raises(Refused):
        basket.add(shop.till.catalogue.scan("CLIP").product)
    assert in_basket(shop) == [("CLIP", MOST_ON_A_LINE)]


def test_a_basket_has_an_end(shop: Shop) -> None:
    basket = shop.till.baskets.new()
    product = shop.till.catalogue.scan("CLIP").product
    line = shop.basket("CLIP").lines[0]
    basket.state.lines = [line] * (MOST_LINES - 1)
    basket.add(shop.till.catalogue.scan("REG").product)
    with refused("basket-too-long", most=MOST_LINES):
        basket.add(product, -ONE)


@pytest.mark.parametrize("index", [-1, 1, 99])
def test_a_line_that_is_not_there_is_refused(shop: Shop, index: int) -> None:
    shop.be(MANAGER)
    basket = shop.basket("GAS13")
    with refused("no-line-chosen"):
        basket.set_quantity(index, ONE)
    with refused("no-line-chosen"):
        basket.set_price(index, 100)
    with refused("no-line-chosen"):
        basket.set_discount(index, 1)
    with refused("no-line-chosen"):
        basket.remove(index)


def test_prices_and_discounts_need_a_manager(shop: Shop) -> None:
    basket = shop.basket("GAS13")
    with pytest.raises(NeedsApproval):
        basket.set_price(0, 2_000_00)
    with pytest.raises(NeedsApproval):
        basket.set_discount(0, 100_00)
    assert basket.totals().total == 2_320_00
    basket.set_price(0, 2_000_00, shop.approval(Action.PRICE))
    assert basket.lines[0].price_approver == MANAGER.person_id
    basket.set_discount(0, 100_00, shop.approval(Action.PRICE))
    assert (basket.totals().total, basket.totals().discount) == (1_900_00, 100_00)


@pytest.mark.parametrize("price", [-1, 10**12, 10**40])
def test_absurd_prices_are_refused(shop: Shop, price: int) -> None:
    shop.be(MANAGER)
    basket = shop.basket("GAS13")
    with pytest.raises(Refused):
        basket.set_price(0, price)


@pytest.mark.parametrize("discount", [-1, 2_320_01, 10**40])
def test_a_discount_is_at_most_the_line(shop: Shop, discount: int) -> None:
    shop.be(MANAGER)
    basket = shop.basket("GAS13")
    with pytest.raises(Refused):
        basket.set_discount(0, discount)


def test_a_discount_follows_the_quantity(shop: Shop) -> None:
    shop.be(MANAGER)
    basket = shop.basket("GAS13", quantity=4 * ONE)
    basket.set_discount(0, 100_00)
    basket.set_quantity(0, 2 * ONE)
    assert basket.lines[0].discount == 50_00
    basket.set_quantity(0, -ONE)
    assert basket.lines[0].discount == 0


def test_nobody_signed_in_rings_up_nothing(closed_shop: Shop) -> None:
    with refused("nobody-signed-in"):
        closed_shop.basket("GAS13")


# --- keeping --------------------------------------------------------------------------------------


def test_every_change_survives_a_restart(shop: Shop) -> None:
    basket = shop.basket("GAS13", "REG")
    basket.set_quantity(1, 3 * ONE)
    basket.set_customer(GOOD)
    basket.set_tenders([TenderEntry(kind=TenderKind.CASH, amount=1_000_00)])
    request = basket.state.request_id
    shop.restart()
    again = shop.till.baskets.resume()
    assert again.state == basket.state
    assert again.state.request_id == request
    customer = again.customer()
    assert customer is not None
    assert customer.name == GOOD.name


def test_an_emptied_or_discarded_basket_is_gone(shop: Shop) -> None:
    basket = shop.basket("GAS13")
    basket.remove(0)
    assert shop.count("draft") == 0
    shop.basket("REG").discard()
    assert shop.count("draft") == 0
    assert in_basket(shop) == []


def test_park_and_take_up(shop: Shop) -> None:
    basket = shop.basket("GAS13")
    basket.set_tenders([TenderEntry(kind=TenderKind.CASH, amount=100_00)])
    basket.park("  lady in red  ")
    assert in_basket(shop) == []
    shop.restart()
    shop.be(CASHIER)
    parked = shop.till.baskets.parked()
    assert [draft.label for draft in parked] == ["lady in red"]
    again = shop.till.baskets.take_up(parked[0].request_id)
    assert [line.sku for line in again.lines] == ["GAS13"]
    # The money of a parked basket was given back.
    assert again.tenders == []
    assert shop.till.baskets.parked() == []
    assert in_basket(shop) == [("GAS13", ONE)]
    with refused("basket-open-at-taking-up"):
        shop.till.baskets.take_up(parked[0].request_id)
    again.discard()
    with refused("basket-not-parked"):
        shop.till.baskets.take_up(parked[0].request_id)


def test_a_parked_basket_keeps_its_customer(shop: Shop) -> None:
    basket = shop.basket("GAS13")
    basket.set_customer(GOOD)
    basket.park("fetches his purse")
    shop.restart()
    shop.be(CASHIER)
    again = shop.till.baskets.take_up(basket.state.request_id)
    customer = again.customer()
    assert customer is not None
    assert customer.party_id == GOOD.party_id
    assert [line.price for line in again.lines] == [line.price for line in basket.lines]


def test_nothing_is_not_parked(shop: Shop) -> None:
    with refused("nothing-to-park"):
        shop.till.baskets.new().park("x")


@pytest.mark.parametrize("broken", [b"\xc1\xff\x00", b"", None], ids=["no message", "empty", "one letter"])
def test_a_broken_draft_is_told_and_kept(shop: Shop, broken: bytes | None) -> None:
    """One letter that is no UTF-8 is another error of the decoder than a message that is none."""
    shop.basket("GAS13")
    with shop.database.write() as connection:
        body = connection.exec_driver_sql("SELECT body FROM draft").scalar_one()
        assert b"GAS13" in body
        broken = body.replace(b"GAS13", b"\xffAS13") if broken is None else broken
        connection.exec_driver_sql("UPDATE draft SET body = ?", (broken,))
    with damaged("saved-basket-unreadable"):
        shop.till.baskets.resume()
    assert shop.count("draft") == 1


KILLED_MID_BASKET = """
import os, signal, sys
from pathlib import Path
from tests.support.worlds.till_fixture import CASHIER, Shop
shop = Shop.at(Path(sys.argv[1]))
shop.be(CASHIER)
basket = shop.basket("GAS13", "REG")
basket.set_quantity(0, 2500)
basket.add(shop.till.catalogue.scan("SOAP").product)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_a_basket_survives_a_kill(shop: Shop) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_MID_BASKET, str(shop.path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        timeout=200,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    shop.restart()
    shop.be(CASHIER)
    assert in_basket(shop) == [("GAS13", 2500), ("REG", ONE), ("SOAP", ONE)]
    done = shop.pay_cash(shop.till.baskets.resume())
    assert done.total == 5_800_00 + 850_00 + 99_99
    assert in_basket(shop) == []


def test_the_row_of_a_paid_basket_goes_with_the_next(shop: Shop) -> None:
    parked = shop.basket("SOAP")
    parked.park("comes back")
    shop.pay_cash(shop.basket("GAS13"))
    assert (in_basket(shop), len(shop.till.baskets.parked())) == ([], 1)
    shop.basket("REG").discard()
    assert shop.count("draft") == 1
    assert [one.label for one in shop.till.baskets.parked()] == ["comes back"]


def test_a_discount_on_goods_that_come_back(shop: Shop) -> None:
    """A scratched regulator comes back without its receipt: 100.00 less is handed back, piece by piece."""
    shop.be(MANAGER)
    basket = shop.basket("REG", quantity=-ONE)
    basket.set_discount(0, 100_00)
    assert basket.totals().total == -750_00
    basket.set_quantity(0, -2 * ONE)
    assert (basket.lines[0].discount, basket.totals().total) == (-200_00, -1_500_00)
    with refused("discount-above-line"):
        basket.set_discount(0, 1_700_01)
    basket.set_quantity(0, 2 * ONE)
    assert basket.totals().total == 1_700_00
    basket.set_quantity(0, -2 * ONE)
    basket.set_discount(0, 200_00)
    taking = shop.till.checkout(basket)
    taking.add_tender(TenderKind.CASH, 1_500_00)
    refund = shop.document(taking.complete().document_id)
    assert (refund.total, refund.lines[0].discount, refund.lines[0].gross) == (1_500_00, 200_00, 1_500_00)
