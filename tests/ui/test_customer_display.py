"""The customer's window: their sale and nothing else, on their screen while it is there, never in the way."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from pyzbar import pyzbar
from sqlalchemy import text

from demo.simulated_cashier import Hands
from pos_app.devices.reading_back import Read, symbols
from pos_app.ledger.document import Sale
from pos_app.ledger.line import TenderKind
from pos_app.store.master import place
from pos_app.till.till import Till
from pos_app.ui import customer_display
from pos_app.ui.customer_display import CustomerDisplay
from pos_app.ui.customer_view import ANY_OTHER, IDLE
from pos_app.ui.kit.theme import apply_theme
from pos_app.ui.kit.tokens import PALETTES
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow, Settings
from tests.support.painted_text import painted_texts
from tests.support.seen_text import texts_of
from tests.support.worlds.money_builder import last
from tests.support.worlds.till_builder import barcode_of
from tests.ui.conftest import Opener
from tests.ui.test_kit_theme import contrast

Key = Qt.Key


@pytest.fixture
def shown(window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> CustomerDisplay:
    """The customer's window; the one screen of a test is the second one here."""
    monkeypatch.setattr(customer_display, "screen_named", lambda _name, _own: QGuiApplication.primaryScreen())
    window.second.choose(ANY_OTHER)
    display = window.second.display
    assert display is not None
    qtbot.addWidget(display)
    return display


def picture(display: CustomerDisplay, to: Path) -> Image.Image:
    assert display.grab().save(str(to))
    return Image.open(to)


def test_it_follows_the_sale_and_ends_with_its_receipt(
    shown: CustomerDisplay,
    selling: Hands,
    window: MainWindow,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    till = window.session.till
    # The till of this world signs nothing: its documents have no proof of their own.
    monkeypatch.setattr(till.receipts, "proof_of", lambda _key: "0123456789abcdef-fedcba9876543210")
    shown.refresh()
    assert shown.view() == IDLE
    assert "LPG & retail" in painted_texts(shown)
    selling.scan(barcode_of(2))
    selling.scan(barcode_of(11))
    shown.refresh()
    assert [one.what for one in shown.view().lines] == ["LPG refill 13 kg", "Lighter"]
    assert shown.view().figure == "3,310.00"
    assert {"LPG refill 13 kg", "3,310.00", "Total KES"} <= set(painted_texts(shown))
    selling.press(Key.Key_F12)
    selling.type("4000")
    shown.refresh()
    assert shown.view().figure == "3,310.00"
    tender = window.current()
    assert isinstance(tender, TenderScreen)
    selling.until(tender.settled)
    selling.press(Key.Key_Return)
    selling.until(lambda: isinstance(window.current(), DoneScreen))
    shown.refresh()
    assert (shown.view().words, shown.view().figure) == ("Change", "690.00")
    code = f"{till.printed(till.receipts.latest(1)[0])} 0123456789abcdef-fedcba9876543210"
    assert shown.view().code == code
    seen = picture(shown, tmp_path / "seen.png")
    assert Read("qr", code) in symbols(seen)
    assert code.encode() in {one.data for one in pyzbar.decode(seen)}


def test_it_tells_nothing_of_anybody(
    shown: CustomerDisplay, selling: Hands, window: MainWindow, till: Till
) -> None:
    selling.scan(barcode_of(2))
    party = till.customers.search("mama")[0]
    window.session.basket.set_customer(party)
    window.session.home()
    for screen in (None, "depot", "drawer", "customers"):
        if screen == "customers":
            window.session.ways.customers(party)
        elif screen is not None:
            getattr(window.session.ways, screen)()
        shown.refresh()
        said = " ".join(painted_texts(shown)) + shown.accessibleName()
        assert "Mama" not in said
        assert "C-0142" not in said
        assert "LPG refill 13 kg" in said
    window.lock.lock()
    shown.refresh()
    assert shown.view() == IDLE


def test_the_screen_is_unplugged_and_comes_back(
    shown: CustomerDisplay, selling: Hands, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    selling.scan(barcode_of(2))
    here: list[QScreen | None] = [None]
    monkeypatch.setattr(customer_display, "screen_named", lambda _name, _own: here[0])
    window.second.place()
    assert not shown.isVisible()
    selling.scan(barcode_of(11))
    assert len(window.session.basket.lines) == 2
    here[0] = QGuiApplication.primaryScreen()
    window.second.place()
    assert shown.isVisible()
    assert len(shown.view().lines) == 2


def test_it_takes_no_keyboard_and_no_scan(shown: CustomerDisplay, selling: Hands, window: MainWindow) -> None:
    shown.refresh()
    window.activateWindow()
    assert QApplication.focusWidget() is not shown
    assert shown.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert shown.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    selling.scan(barcode_of(2))
    assert len(window.session.basket.lines) == 1


def test_the_tills_own_screen_is_nobodys_second_one(window: MainWindow) -> None:
    own = window.screen()
    assert customer_display.screen_named(ANY_OTHER, own) is None
    assert customer_display.screen_named(own.name(), own) is None
    assert customer_display.screen_named("gone", None) is None
    window.second.choose(ANY_OTHER)
    assert window.second.display is None


@pytest.mark.parametrize("size", [(800, 480), (1024, 768), (1920, 1080), (1080, 1920)])
def test_two_hundred_lines_and_long_names_are_read_in_every_theme(
    shown: CustomerDisplay, selling: Hands, window: MainWindow, qapp: QApplication, size: tuple[int, int]
) -> None:
    for number in range(40):
        selling_product = window.session.till.catalogue.scan(barcode_of(1 + number % 11)).product
        window.session.basket.add(selling_product, 1000 * (1 + number))
    shown.resize(*size)
    shown.refresh()
    assert len(shown.view().lines) >= 11
    for mode in PALETTES:
        apply_theme(qapp, mode)
        texts = texts_of(shown)
        assert all(one.whole for one in texts if one.text == shown.view().figure)
        assert [one for one in texts for ground in one.grounds if contrast(one.colour, ground) < 4.5] == []
    apply_theme(qapp, "light")


def test_a_choice_opens_it_and_is_kept(till: Till, open_window: Opener) -> None:
    kept: list[Settings] = []
    window = open_window(till, Settings(keep=kept.append))
    hands = Hands(window)
    for on in (ANY_OTHER, ""):
        window.show_keys()
        sheet = window.session.sheet
        assert sheet is not None
        hands.tap(next(one for one in sheet.others if one.text() == "Customer's window"))  # type: ignore[attr-defined]
        assert kept[-1].customer_screen == on


@pytest.fixture
def singapore(till: Till) -> None:
    """The same shop in dollars of Singapore, paid under its UEN."""
    with till.database.write() as connection:
        connection.execute(text("UPDATE organisation SET base_currency = 'SGD'"))
        connection.execute(text("UPDATE business SET paynow = '201403121W' WHERE business_id = 1"))
        till._context.place = place.load(connection, till._context.terminal)


def test_a_customer_scans_paynow_and_the_sale_keeps_its_reference(
    singapore: None, shown: CustomerDisplay, selling: Hands, window: MainWindow, tmp_path: Path
) -> None:
    selling.scan(barcode_of(11))
    selling.press(Key.Key_F12)
    tender = window.current()
    assert isinstance(tender, TenderScreen)
    shown.refresh()
    assert not shown.view().code
    selling.press(Key.Key_F5)
    reference = tender.reference.text()
    shown.refresh()
    assert shown.view().words == "PayNow"
    assert shown.view().detail == reference
    assert [one.what for one in shown.view().lines] == ["Lighter"]
    (read,) = pyzbar.decode(picture(shown, tmp_path / "paynow.png"))
    code = read.data.decode()
    assert code == shown.view().code
    assert "540560.00" in code
    assert f"01{len(reference):02d}{reference}" in code
    # A part of it is asked with a part of the sum; another way of paying takes the code away.
    selling.type("20")
    shown.refresh()
    assert "540520.00" in shown.view().code
    selling.press(Key.Key_F5)
    shown.refresh()
    assert (tender.reference.text(), shown.view().code) == ("", "")
    selling.press(Key.Key_F2)
    selling.press(Key.Key_F5)
    assert tender.reference.text() == reference
    selling.type("60")
    selling.until(tender.settled)
    selling.press(Key.Key_Return)
    selling.until(lambda: isinstance(window.current(), DoneScreen))
    sale = last(window.session.till)
    assert isinstance(sale, Sale)
    (tendered,) = sale.tenders
    assert (tendered.kind, tendered.reference) == (TenderKind.BANK, reference)
