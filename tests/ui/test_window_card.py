"""Cards at the real window, the stand-in over a real socket: never twice; a person where nobody knows."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.devices.card_stand_in import CardStandIn
from pos_app.devices.card_terminal import SocketTerminal
from pos_app.ledger.document import Sale
from pos_app.ledger.line import TenderKind
from pos_app.till.selling.card_desk import CardDesk
from pos_app.till.till import Till
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.tender.card_payment import CardSheet
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.goods_rows import HOSE
from tests.support.worlds.money_builder import last
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key
ENTER = Key.Key_Return
Made = Callable[..., CardStandIn]


@pytest.fixture
def terminal(till: Till) -> Iterator[Made]:
    """Puts a stand-in beside the till, with these manners."""
    made: list[CardStandIn] = []

    def beside(*manners: str, answer_s: float = 5.0) -> CardStandIn:
        stand_in = CardStandIn(manners, pause_s=0.6)
        stand_in.__enter__()
        made.append(stand_in)
        host, port = stand_in.address.removeprefix("tcp://").split(":")
        till.cards = CardDesk(till._context, SocketTerminal(host, int(port), answer_s=answer_s))
        return stand_in

    yield beside
    for stand_in in made:
        stand_in.close()


def by_card(window: MainWindow, hands: Hands) -> None:
    """A hose, F12, F5 twice for the card, Enter; then what the terminal says."""
    hands.scan(barcode_of(HOSE))
    hands.press(Key.Key_F12)
    hands.press(Key.Key_F5)
    hands.press(Key.Key_F5)
    hands.press(ENTER)
    answered(window, hands)


def answered(window: MainWindow, hands: Hands) -> None:
    hands.until(lambda: not isinstance(window.session.sheet, CardSheet))


def tenders(till: Till) -> list[tuple[TenderKind, int, str]]:
    sale = last(till)
    assert isinstance(sale, Sale), sale
    return [(one.kind, one.amount, one.reference) for one in sale.tenders]


def test_an_approved_card_is_the_sale(window: MainWindow, selling: Hands, till: Till, terminal: Made) -> None:
    stand_in = terminal("approve")
    by_card(window, selling)
    assert isinstance(window.current(), DoneScreen), window.banner().text()
    assert tenders(till) == [(TenderKind.CARD, 42_000, "000001")]
    assert list(stand_in.charged.values()) == [42_000]


def test_a_part_by_card_and_the_rest_in_cash(
    window: MainWindow, selling: Hands, till: Till, terminal: Made
) -> None:
    terminal("approve")
    selling.scan(barcode_of(HOSE))
    selling.press(Key.Key_F12)
    selling.type("200")
    selling.press(Key.Key_F5)
    selling.press(Key.Key_F5)
    selling.press(ENTER)
    answered(window, selling)
    screen = window.current()
    assert isinstance(screen, TenderScreen)
    # What is on the card stays; the sale is finished.
    screen.remove_tender()
    assert "refund" in window.banner().text()
    selling.press(ENTER)
    assert tenders(till) == [(TenderKind.CARD, 20_000, "000001"), (TenderKind.CASH, 22_000, "")]


def test_a_declined_card_takes_nothing_and_another_way_does(
    window: MainWindow, selling: Hands, till: Till, terminal: Made
) -> None:
    stand_in = terminal("decline")
    by_card(window, selling)
    assert "No money on it" in window.banner().text()
    assert window.session.basket.state.card is None
    selling.press(Key.Key_F2)
    selling.press(ENTER)
    assert tenders(till) == [(TenderKind.CASH, 42_000, "")]
    assert stand_in.charged == {}


@pytest.mark.parametrize("manner", ["late", "cut"])
def test_what_nobody_knows_is_asked_of_the_terminal_again_and_never_paid_twice(
    window: MainWindow, selling: Hands, till: Till, terminal: Made, manner: str
) -> None:
    stand_in = terminal(manner, "approve", answer_s=0.2)
    by_card(window, selling)
    sheet = window.session.sheet
    assert isinstance(sheet, ChoiceSheet)
    # Neither by Esc nor by Enter is it asked of the card once more.
    selling.press(Key.Key_Escape)
    selling.press(Key.Key_F10)
    selling.press(ENTER)
    answered(window, selling)
    assert tenders(till) == [(TenderKind.CARD, 42_000, "000001")]
    assert list(stand_in.charged.values()) == [42_000]


def test_a_terminal_that_died_leaves_it_to_a_person(
    window: MainWindow, selling: Hands, till: Till, terminal: Made
) -> None:
    stand_in = terminal("cut")
    by_card(window, selling)
    stand_in.close()
    selling.press(ENTER)
    answered(window, selling)
    assert isinstance(window.session.sheet, ChoiceSheet)
    selling.press(Key.Key_Down)
    selling.press(ENTER)
    selling.press(ENTER)
    assert window.session.sheet is not None
    assert "slip" in window.session.sheet.banner.text()
    selling.type("004711")
    selling.press(ENTER)
    assert tenders(till) == [(TenderKind.CARD, 42_000, "004711")]


def test_a_payment_that_is_open_survives_a_kill_and_is_asked_about_first(
    window: MainWindow, selling: Hands, till: Till, terminal: Made
) -> None:
    stand_in = terminal("cut", "approve")
    by_card(window, selling)
    selling.press(Key.Key_Escape)
    asked = window.session.basket.state.card
    assert asked is not None
    window.session.basket = till.baskets.resume()
    assert window.session.basket.state.card == asked
    window.home()
    selling.press(Key.Key_F6)
    selling.press(ENTER)
    assert window.session.sheet is not None
    assert "card" in window.session.sheet.banner.text()
    selling.press(Key.Key_Escape)
    selling.press(Key.Key_F12)
    answered(window, selling)
    assert tenders(till) == [(TenderKind.CARD, 42_000, "000001")]
    assert list(stand_in.charged) == [asked.request]


def test_a_slip_that_is_typed_asks_no_terminal(
    window: MainWindow, selling: Hands, till: Till, terminal: Made
) -> None:
    stand_in = terminal("approve")
    selling.scan(barcode_of(HOSE))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F5)
    selling.press(Key.Key_F5)
    selling.type("SLIP9")
    selling.press(ENTER)
    assert tenders(till) == [(TenderKind.CARD, 42_000, "SLIP9")]
    assert stand_in.charged == {}
