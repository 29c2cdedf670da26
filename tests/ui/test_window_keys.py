"""Keys as a person presses them in the real window: no figure is dropped, taken twice or put elsewhere."""

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from demo.simulated_cashier import Hands
from pos_app.ledger.document import CashMovement, CashReason, Document, DrawerClose, PartyMoney, Sale
from pos_app.ledger.line import TenderKind
from pos_app.till.till import Till
from pos_app.ui.customer.screen import CustomerScreen
from pos_app.ui.entry.entry import EntryScreen
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_builder import last
from tests.support.worlds.money_people import add_people
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key


def tenders(till: Till) -> list[tuple[TenderKind, int, str]]:
    """The tenders of the last sale."""
    sale = last(till)
    assert isinstance(sale, Sale)
    return [(one.kind, one.amount, one.reference) for one in sale.tenders]


def every_document(till: Till) -> list[Document]:
    """All that was recorded at this till, oldest first."""
    with till.database.read() as connection:
        keys = connection.execute(text("SELECT document_id FROM document ORDER BY document_id")).scalars()
        return [till.receipts.document(int(key)) for key in keys]


# -- the tender screen ---------------------------------------------------------------------------------


def test_an_amount_typed_before_the_way_of_paying_is_kept(selling: Hands, till: Till) -> None:
    selling.scan(barcode_of(2))
    selling.press(Key.Key_F12)
    selling.type("1000")
    selling.press(Key.Key_F3)
    selling.press(Key.Key_Return)
    selling.type("SKJ4X8QP2M")
    selling.press(Key.Key_Return)
    selling.press(Key.Key_Return)
    assert tenders(till) == [
        (TenderKind.MPESA, 100_000, "SKJ4X8QP2M"),
        (TenderKind.CASH, 225_000, ""),
    ]


@pytest.mark.parametrize("way", [Key.Key_F2, Key.Key_F3, Key.Key_F4, Key.Key_F5])
def test_every_way_of_paying_keeps_what_was_typed(window: MainWindow, selling: Hands, way: Qt.Key) -> None:
    selling.type("mama")
    selling.press(Key.Key_Return)
    selling.scan(barcode_of(2))
    selling.press(Key.Key_F12)
    selling.type("1000")
    selling.press(way)
    screen = window.current()
    assert isinstance(screen, TenderScreen)
    assert screen.amount.minor() == 100_000
    selling.type("2")
    assert screen.amount.minor() == 200


@pytest.mark.parametrize("code", ["SKJ4X8QP2M", "7QGH61RT2A"])
def test_a_code_typed_at_the_amount_is_no_amount(selling: Hands, till: Till, code: str) -> None:
    selling.scan(barcode_of(2))
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F3)
    selling.type(code)
    selling.press(Key.Key_Return)
    assert tenders(till) == [(TenderKind.MPESA, 325_000, code)]


def test_a_code_typed_into_cash_takes_no_money(window: MainWindow, selling: Hands) -> None:
    selling.scan(barcode_of(2))
    selling.press(Key.Key_F12)
    selling.type("SKJ4X8QP2M")
    selling.press(Key.Key_Return)
    assert isinstance(window.current(), TenderScreen)
    assert not window.session.basket.state.tenders
    assert "no amount" in window.banner().text()


# -- choices -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", ["1500", "1\r1500", "²1500", "\r1500"])
def test_an_advance_is_what_was_typed(window: MainWindow, selling: Hands, till: Till, keys: str) -> None:
    add_people(till)
    selling.press(Key.Key_F2)
    selling.type("c")
    selling.type("juma")
    selling.press(Key.Key_Return)
    selling.type(keys)
    selling.press(Key.Key_F12)
    selling.approve("Joseph M.", "2222")
    advance = last(till)
    assert isinstance(advance, PartyMoney)
    assert advance.total == 150_000


# -- customers -----------------------------------------------------------------------------------------


def test_another_customer_is_chosen_while_one_is_chosen(window: MainWindow, selling: Hands) -> None:
    for name in ("kanini", "otieno"):
        selling.press(Key.Key_F3)
        selling.type(name)
        selling.press(Key.Key_Return)
        party = window.session.basket.customer()
        assert party is not None
        assert name in party.name.casefold()
    selling.press(Key.Key_F3)
    selling.press(Key.Key_Return)
    assert window.session.basket.customer() == party
    selling.press(Key.Key_F3)
    selling.press(Key.Key_F4)
    screen = window.current()
    assert isinstance(screen, CustomerScreen)
    selling.type("kanini")
    selling.press(Key.Key_Return)
    party = window.session.basket.customer()
    assert party is not None
    assert "kanini" in party.name.casefold()


# -- goods ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry", ["3", "5", "6"])
def test_a_look_at_the_keys_leaves_the_figure_to_be_replaced(
    window: MainWindow, storing: Hands, entry: str
) -> None:
    storing.press(Key.Key_F2)
    storing.type(entry)
    screen = window.current()
    assert isinstance(screen, EntryScreen)
    storing.scan(barcode_of(2))
    storing.press(Key.Key_F1)
    storing.press(Key.Key_Escape)
    storing.type("50")
    assert list(screen.lines.values().values()) == [50_000]


def test_a_code_typed_at_the_figure_is_no_figure(window: MainWindow, storing: Hands) -> None:
    storing.press(Key.Key_F2)
    storing.type("5")
    screen = window.current()
    assert isinstance(screen, EntryScreen)
    storing.scan(barcode_of(2))
    storing.type("13KG")
    assert list(screen.lines.values().values()) == [1_000]
    assert screen.search.text() == "13KG"


# -- the drawer ----------------------------------------------------------------------------------------


def test_a_close_with_a_difference_asks_for_its_reason(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    till.sign_in.sign_in(2, "2222")
    selling.press(Key.Key_F8)
    selling.press(Key.Key_F12)
    selling.type("4")
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F12)
    assert till.drawer.is_open()
    assert "say why" in window.banner().text()
    selling.type("one note went to the bank")
    selling.press(Key.Key_F12)
    assert not till.drawer.is_open()
    close = every_document(till)[-1]
    assert isinstance(close, DrawerClose)
    assert close.reason == "one note went to the bank"


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (Key.Key_F2, CashReason.PAY_IN),
        (Key.Key_F3, CashReason.PAY_OUT),
        (Key.Key_F4, CashReason.SAFE_DROP),
        (Key.Key_F5, CashReason.FLOAT),
    ],
)
def test_every_key_of_the_drawer_does_what_it_says(
    selling: Hands, till: Till, key: Qt.Key, reason: CashReason
) -> None:
    till.sign_in.sign_in(2, "2222")
    selling.press(Key.Key_F8)
    selling.press(key)
    selling.type("250.50")
    selling.press(Key.Key_Tab)
    selling.type("7 bags")
    selling.press(Key.Key_Return)
    (moved,) = [one for one in every_document(till) if isinstance(one, CashMovement)]
    assert (moved.reason, moved.amount, moved.note) == (reason, 25_050, "7 bags")


def test_enter_on_the_depots_menu_opens_its_first_entry(window: MainWindow, storing: Hands) -> None:
    storing.press(Key.Key_F2)
    first = window.current()
    storing.press(Key.Key_Return)
    assert window.current() is not first
    storing.press(Key.Key_Escape)
    assert window.current() is first
    # What an arrow chose is opened, not the first.
    opened = []
    for keys in ((Key.Key_Down, Key.Key_Return), (Key.Key_Down, Key.Key_Right, Key.Key_Return)):
        for key in keys:
            storing.press(key)
        opened.append(window.current())
        storing.press(Key.Key_Escape)
    assert opened[0] is not opened[1]
