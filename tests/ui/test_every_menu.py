"""Every row of every menu is chosen by its keys, and leads where it says."""

import ast
from collections.abc import Callable
from typing import Final, NamedTuple

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from demo.simulated_cashier import Hands
from pos_app.till.till import Till
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.sheets.keys import KeysSheet
from pos_app.ui.window import MainWindow
from tests.support.presses import pressed_in
from tests.support.window_face import face_of
from tests.support.worlds.cylinders import deal_in_cylinders
from tests.support.worlds.goods_rows import REFILL13, REGULATOR, all_of
from tests.support.worlds.meters import put_meters
from tests.support.worlds.money_builder import put_rate
from tests.support.worlds.money_people import add_business, add_people
from tests.support.worlds.till_builder import barcode_of
from tests.ui.pressed_states import (
    a_deposit_and_credit,
    a_parked_basket,
    a_request,
    a_sale,
    two_meters,
)
from tests.ui.test_booked_as_typed import take
from tests.ui.test_every_key import ROOT
from tests.ui.typed_screens import (
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F12,
    Step,
    laundry_of_otieno,
    nothing,
)

Key = Qt.Key


class Menu(NamedTuple):
    """How a menu is called from the basket, and what a person sees after each of its rows."""

    way: tuple[Step, ...]
    rows: dict[str, str]
    given: Callable[[Till], object] = nothing


def a_second_currency(till: Till) -> None:
    put_rate(till, "EUR", 140_000_000)


MENUS: Final = {
    "More": Menu(
        (REGULATOR, Key.Key_F10),
        {
            "Discount": "sheet: Discount",
            "Discount in %": "sheet: Discount in %",
            "Give a cylinder": "sheet: Give a cylinder",
            "Take a cylinder back": "sheet: Take a cylinder back",
            "By meter": "sheet: By meter",
            "Discount on all": "sheet: Discount on all",
            "Discount on all in %": "sheet: Discount on all in %",
            "What it comes to": "sheet: What it comes to",
            "What all comes to": "sheet: What all comes to",
            "Note": "sheet: Note",
            "Why this price": "sheet: Why this price",
        },
    ),
    "What comes back?": Menu(
        (REFILL13, Key.Key_F11, Key.Key_F11),
        {
            "Its empty": "empty in 1",
            "Another brand's empty": "sheet: Which empty came?",
            "None: a deposit": "",
            "None: lent": "lent",
        },
        deal_in_cylinders,
    ),
    "Why is it less?": Menu(
        (F3, "mama", Key.Key_Return, "50", Key.Key_Return),
        {
            "It was read wrong": "",
            "It turned over": "sheet: It turned over",
            "The meter was changed": "sheet: The meter was changed",
        },
        put_meters,
    ),
    "Which meter?": Menu(
        (REGULATOR, F3, "mama", Key.Key_Return, Key.Key_F10, *[Key.Key_Down] * 4, Key.Key_Return),
        {"K-1": "sheet: By meter", "K-2": "sheet: By meter"},
        two_meters,
    ),
    "Buy again": Menu(
        ("mama", Key.Key_Return, Key.Key_PageUp),
        {"Of 20.11.26 14:05": "2 × 850.00"},
        a_sale,
    ),
    "Parked baskets": Menu((F6,), {"Njeri": "Mama Kanini Hotel"}, a_parked_basket),
    "Deposit, credit": Menu(
        (F3, "mama", F4, F4),
        {
            "Take a deposit": "sheet: Take a deposit",
            "Give KES back": "sheet: Give the deposit back",
            "Pay KES credit out": "sheet: Pay the credit out",
        },
        a_deposit_and_credit,
    ),
    "Which money?": Menu(
        (F3, "mama", F4, F3, F5),
        {
            "Credit: paid or credited earlier": "sheet: Settle with their credit?",
            "Deposit": "sheet: Settle with the deposit?",
        },
        a_deposit_and_credit,
    ),
    "In which currency?": Menu(
        (REGULATOR, F12, F7), {"KES": "", "EUR": "EUR", "USD": "USD"}, a_second_currency
    ),
    "Currency": Menu((F2, "2", F7), {"KES": "", "USD": "USD"}),
    "Why is it adjusted?": Menu(
        (F2, "6", F4),
        {one: one for one in ("Damaged", "Lost", "Used here", "Found", "Other, less", "Other, more")},
    ),
    "Which barcode?": Menu(
        (F2, "e", F4),
        {
            "What suits the code": "",
            **{one: one for one in ("EAN-13", "EAN-8", "Code 128", "GS1-128", "QR")},
        },
    ),
    "For which days?": Menu(
        (F2, "w", F4),
        {
            "Today": "",
            **{one: one for one in ("Yesterday", *(f"The last {days} days" for days in (7, 30, 365)))},
        },
    ),
    "What is counted?": Menu((F2, "5", F4), {"Kilimani depot": "", "Van KBX 412D": "Van KBX 412D"}),
    "How": Menu(
        (F2, "0", F7),
        {"Cash": "", "M-Pesa": "sheet: M-Pesa", "Bank": "Bank", "On account": "On account"},
    ),
    "Give it back?": Menu(
        (F2, "9", F6),
        {
            "Given back as it came": "sheet: Why is it given back?",
            "Cancelled": "sheet: Why is it cancelled?",
        },
        laundry_of_otieno,
    ),
    "Currency of the money": Menu((F2, "b", F7), {"KES": "", "USD": "USD"}),
    "Currency in which it arrives": Menu((F2, "b", F6), {"KES": "", "USD": "USD"}),
    "Requests": Menu((F2, "r"), {"Asha": ""}, a_request),
    "To which business?": Menu((F2, "b", F5), {"LPG & retail": "", "Water": "Water"}, add_business),
    "For which business?": Menu(
        (F8, F2), {"LPG & retail": "sheet: Cash in", "Water": "sheet: Cash in"}, add_business
    ),
}
EVERY: Final = [(title, row) for title, menu in MENUS.items() for row in menu.rows]


def call(window: MainWindow, hands: Hands, till: Till, title: str) -> tuple[ChoiceSheet, set[str]]:
    """The menu, and the face of the window before it was called."""
    menu = MENUS[title]
    add_people(till)
    menu.given(till)
    window.home()
    take(hands, window, menu.way[:-1])
    before = face_of(window)
    take(hands, window, menu.way[-1:])
    sheet = window.session.sheet
    assert isinstance(sheet, ChoiceSheet), window.banner().text()
    assert sheet.accessibleName() == title
    return sheet, before


@pytest.mark.parametrize(("title", "row"), EVERY, ids=[f"{title}: {row}" for title, row in EVERY])
def test_a_row_leads_where_it_says(
    window: MainWindow, storing: Hands, till: Till, title: str, row: str
) -> None:
    sheet, before = call(window, storing, till, title)
    rows = [one.title for one in sheet.list.rows()]
    assert rows == list(MENUS[title].rows)
    documents = len(all_of(till))
    marked = sheet.list.selected()
    assert marked is not None
    steps = rows.index(row) - rows.index(marked.title)
    for _step in range(abs(steps)):
        storing.press(Key.Key_Down if steps > 0 else Key.Key_Up)
    storing.press(Key.Key_Return)
    QApplication.processEvents()
    new = face_of(window) - before
    assert window.session.sheet is not sheet
    seen = MENUS[title].rows[row]
    # Of what was chosen already nothing new is seen.
    assert not seen or any(seen in words for words in new), sorted(new)
    assert len(all_of(till)) == documents


#: Menus behind a device or a count, the test in which their rows are chosen, and what it looks for of that.
ELSEWHERE: Final = {
    "Was the card charged {amount}?": (
        "test_window_card.py::test_a_terminal_that_died_leaves_it_to_a_person", "ChoiceSheet",
    ),
    "Who takes the drawer over?": (
        "test_window_close.py::test_a_drawer_is_handed_over_in_one_flow", "handed_to_id",
    ),
    "M-Pesa that came": (
        "test_window_mpesa_came.py::test_what_fits_is_first_and_enter_takes_it", "Key_F8",
    ),
    "Who counted it too?": (
        "test_window_bank_bag.py::test_a_cashier_and_a_manager_seal_a_bag", "BankBag",
    ),
}  # fmt: skip


def test_a_menu_that_is_chosen_elsewhere_is_chosen_there() -> None:
    for where, what in ELSEWHERE.values():
        source = pressed_in(where)
        assert what in source, where
        assert ".press(" in source, where


def test_every_menu_in_the_source_is_here() -> None:
    titles = set()
    for file in ROOT.rglob("*.py"):
        for one in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "ChoiceSheet":
                said = one.args[1]
                titles.add(said.args[0].value if isinstance(said, ast.Call) else file.name)  # type: ignore[attr-defined]
    assert titles == (MENUS.keys() - {"Currency of the money", "Currency in which it arrives"}) | {
        "currency_choice.py",
        *ELSEWHERE,
    }


# -- the panel behind F1 -------------------------------------------------------------------------------


def panel(window: MainWindow, hands: Hands) -> KeysSheet:
    hands.press(Key.Key_F1)
    sheet = window.session.sheet
    assert isinstance(sheet, KeysSheet)
    return sheet


def test_every_choice_of_the_panel_by_keys(window: MainWindow, storing: Hands) -> None:
    """Tab goes to each of them, Enter takes it; a basket is kept meanwhile."""
    storing.scan(barcode_of(REGULATOR))
    for words, seen in (
        ("Dark", "chosen: Dark"),
        ("Light", "chosen: Light"),
        ("Kiswahili", "chosen: Kiswahili"),
        ("English", "chosen: English"),
    ):
        sheet = panel(window, storing)
        for _step in range(12):
            focused = QApplication.focusWidget()
            if focused is not None and focused.accessibleName() == words:
                break
            storing.press(Key.Key_Tab)
        storing.press(Key.Key_Return)
        assert window.session.sheet is not sheet
        panel(window, storing)
        assert seen in face_of(window)
        storing.press(Key.Key_Escape)
    assert len(window.session.basket.lines) == 1
    sheet = panel(window, storing)
    for _step in range(12):
        if QApplication.focusWidget() is sheet.sign_out:
            break
        storing.press(Key.Key_Tab)
    storing.press(Key.Key_Return)
    assert "screen: SignInScreen" in face_of(window)
