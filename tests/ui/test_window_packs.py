"""Goods by the case at the window: its barcode scanned, ``2cs*CODE`` typed, parts of it brought back."""

import json

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from demo.simulated_cashier import Hands
from pos_app.ledger.document import Refund, Sale
from pos_app.ledger.pack import Packed
from pos_app.ledger.quantity import ONE
from pos_app.store.master import units
from pos_app.till.till import Till
from pos_app.ui.refund.screen import RefundScreen
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key

CASE, IMPORTERS = "16001234567896", "26001234567893"
#: 12 lighters at 60.00 are 720.00 by the piece, 700.00 by the case.
LIGHTER = 11
LIGHTERS = Packed(unit="CS", word="cs", size=12 * ONE)


@pytest.fixture
def packed(till: Till) -> Till:
    """A till to which the feed has brought the units and a case of lighters."""
    with till.database.write() as connection:
        org_id = int(connection.execute(text("SELECT org_id FROM organisation")).scalar_one())
        units.found(connection, org_id)
        connection.execute(
            text(
                "INSERT INTO product_pack (org_id, product_id, unit_code, quantity, barcode, price,"
                " each_price, each_fine, active, stamp) SELECT :org, product_id, 'CS', 12000, :code, 70000,"
                " 5833, 3333, 1, 1 FROM product WHERE sku = 'LIGHT'"
            ),
            {"org": org_id, "code": CASE},
        )
        connection.execute(
            text(
                "INSERT INTO pack_barcode (org_id, barcode, product_id, unit_code, active, stamp)"
                " SELECT :org, value, product_id, 'CS', 1, 1 FROM product, json_each(:codes)"
                " WHERE sku = 'LIGHT'"
            ),
            {"org": org_id, "codes": json.dumps([CASE, IMPORTERS])},
        )
    return till


def lines(window: MainWindow) -> list[tuple[int, bool, int]]:
    basket = window.session.basket
    return [(one.quantity, one.packed is not None, one.extended) for one in basket.lines]


def shown(window: MainWindow) -> list[tuple[str, str]]:
    screen = window.current()
    assert isinstance(screen, SellScreen)
    return [(row.detail, row.amount) for row in screen.basket_column.list.rows()]


def paid(window: MainWindow, hands: Hands) -> Sale:
    hands.press(Key.Key_F12)
    hands.press(Key.Key_Return)
    done = window.current()
    assert isinstance(done, DoneScreen)
    hands.until(done.settled)
    hands.press(Key.Key_Return)
    till = window.session.till
    document = till.receipts.document(till.receipts.latest(1)[0].document_id)
    assert isinstance(document, Sale)
    return document


def test_a_case_is_one_line_that_says_so(window: MainWindow, selling: Hands, packed: Till) -> None:
    selling.scan(CASE)
    assert lines(window) == [(12_000, True, 700_00)]
    assert shown(window) == [("1 × cs of 12 × 700.00", "700.00")]
    # Another barcode of it is more of the same.
    selling.scan(IMPORTERS)
    assert lines(window) == [(24_000, True, 1_400_00)]
    window.session.basket.set_quantity(0, 12_000)
    # Beside it the pieces at their own price; more of the case joins its line.
    selling.scan(barcode_of(LIGHTER))
    selling.type("2cs*LIGHT")
    selling.press(Key.Key_Return)
    selling.type("3*")
    selling.scan(CASE)
    assert lines(window) == [(72_000, True, 4_200_00), (1_000, False, 60_00)]
    # Whatever was scanned: who says pieces gets pieces, who says dozens gets them.
    selling.type("2pc*")
    selling.scan(CASE)
    selling.type("1dz*LIGHT")
    selling.press(Key.Key_Return)
    assert lines(window) == [(72_000, True, 4_200_00), (15_000, False, 900_00)]
    assert shown(window)[0] == ("6 × cs of 12 × 700.00", "4,200.00")


def test_the_quantity_of_a_case_is_asked_in_cases(window: MainWindow, selling: Hands, packed: Till) -> None:
    selling.scan(CASE)
    selling.press(Key.Key_F4)
    selling.type("3")
    selling.press(Key.Key_Return)
    assert lines(window) == [(36_000, True, 2_100_00)]
    selling.press(Key.Key_F4)
    selling.type("2.5")
    selling.press(Key.Key_Return)
    assert lines(window) == [(36_000, True, 2_100_00)]
    selling.press(Key.Key_Escape)
    selling.type("0.5cs*LIGHT")
    selling.press(Key.Key_Return)
    assert "only whole ones" in window.banner().text()
    selling.press(Key.Key_Return)
    assert lines(window) == [(36_000, True, 2_100_00)]


def test_too_many_cases_get_a_sentence(window: MainWindow, selling: Hands, packed: Till) -> None:
    for typed in ("83334cs*LIGHT", "999999999cs*LIGHT"):
        selling.type(typed)
        selling.press(Key.Key_Return)
        assert window.banner().text(), typed
        assert not window.session.basket.lines
    # 2,000 cases of 12 at 58.3333 would be 80 cents short: no cent is lost, it is refused.
    selling.type("2000cs*LIGHT")
    selling.press(Key.Key_Return)
    assert "would not come to exactly" in window.banner().text()
    assert not window.session.basket.lines


def test_a_case_is_sold_and_comes_back_in_parts(window: MainWindow, selling: Hands, packed: Till) -> None:
    selling.scan(CASE)
    sale = paid(window, selling)
    (line,) = sale.lines
    assert (line.pack, line.quantity, line.gross, line.list_price) == (LIGHTERS, 12_000, 700_00, None)
    assert (line.unit_price, line.price_fine, sale.total) == (5833, 3333, 700_00)
    back: list[int] = []
    number = packed.printed(packed.receipts.latest(1)[0])
    for pieces in ("5", "6", "1"):
        selling.scan(number)
        assert isinstance(window.current(), RefundScreen)
        selling.type(pieces)
        done = refunded(window, selling)
        (part,) = done.lines
        assert (part.pack, part.quantity) == (None, int(pieces) * ONE)
        back.append(part.gross)
    assert sum(back) == 700_00
    assert back[0] in {291_66, 291_67}


def refunded(window: MainWindow, hands: Hands) -> Refund:
    screen = window.current()
    assert isinstance(screen, RefundScreen)
    screen.reason.setFocus()
    hands.type("Broken")
    hands.press(Key.Key_F12)
    if window.session.sheet is not None:
        hands.type("2222")
        hands.press(Key.Key_Return)
    till = window.session.till
    document = till.receipts.document(till.receipts.latest(1)[0].document_id)
    assert isinstance(document, Refund), window.banner().text()
    while not isinstance(window.current(), SellScreen):
        hands.press(Key.Key_Escape)
    return document
