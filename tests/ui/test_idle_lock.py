"""A till that nobody touches locks: what was begun waits for who began it, and another begins anew."""

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from demo.simulated_cashier import Hands
from pos_app.ledger.house_rule import HouseRule
from pos_app.till.till import Till
from pos_app.ui.drawer.screen import DrawerScreen
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.sign_in.screen import SignInScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key


def rule(till: Till, minutes: int) -> None:
    with till.database.write() as connection:
        connection.execute(
            text(
                "INSERT INTO house_rule (org_id, name, depot_id, value) VALUES (1, :name, 0, :value)"
                " ON CONFLICT (org_id, name, depot_id) DO UPDATE SET value = excluded.value"
            ),
            {"name": HouseRule.IDLE_LOCK_MINUTES.value, "value": minutes},
        )
        connection.execute(text("UPDATE feed_cursor SET stamp = stamp + 1"))
        connection.execute(
            text("INSERT OR IGNORE INTO feed_cursor (kind, stamp, last_key) VALUES ('house_rule', 99, '')")
        )


def wait(window: MainWindow, monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    """So long nobody touches the till."""
    with monkeypatch.context() as patched:
        patched.setattr(window.scans, "idle_s", lambda: minutes * 60)
        window.poll()


def sign_in(window: MainWindow, till: Till, person_id: int) -> None:
    people = [person.person_id for person in till.sign_in.people()]
    screen = window.current()
    assert isinstance(screen, SignInScreen)
    screen.choose(people.index(person_id))
    till._context.person = next(one for one in till.sign_in.people() if one.person_id == person_id)
    window.home()


def test_who_comes_back_finds_what_was_begun(
    selling: Hands, window: MainWindow, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(till, 5)
    selling.scan(barcode_of(1))
    person = till.person
    assert person is not None
    lines = len(window.session.basket.lines)
    assert lines == 1
    wait(window, monkeypatch, 4.9)
    assert isinstance(window.current(), SellScreen)
    wait(window, monkeypatch, 5)
    assert isinstance(window.current(), SignInScreen)
    assert till.person is None
    assert person.name in window.banner().text()
    sign_in(window, till, person.person_id)
    assert isinstance(window.current(), SellScreen)
    assert len(window.session.basket.lines) == lines
    assert till.baskets.parked() == []


def test_another_finds_an_empty_basket_and_the_first_one_parked(
    selling: Hands, window: MainWindow, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(till, 5)
    selling.scan(barcode_of(1))
    person = till.person
    assert person is not None
    wait(window, monkeypatch, 6)
    other = next(one for one in till.sign_in.people() if one.person_id != person.person_id)
    sign_in(window, till, other.person_id)
    assert window.session.basket.lines == []
    assert [draft.label for draft in till.baskets.parked()] == [person.name[:40]]


def test_a_sheet_goes_with_the_lock_and_the_screen_stays(
    selling: Hands, window: MainWindow, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(till, 1)
    window.session.ways.drawer()
    window.show_keys()
    person = till.person
    assert person is not None
    wait(window, monkeypatch, 1)
    assert window.session.sheet is None
    sign_in(window, till, person.person_id)
    assert isinstance(window.current(), DrawerScreen)


def test_it_waits_for_a_pin_that_is_being_looked_at(
    selling: Hands, window: MainWindow, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(till, 1)
    monkeypatch.setattr(ApprovalSheet, "checking", lambda _self: True)
    window.session.ways.drawer()
    window.session.attempt_approved(till.drawer.expected, lambda _sum: None)
    assert isinstance(window.session.sheet, ApprovalSheet)
    wait(window, monkeypatch, 60)
    assert till.person is not None
    window.session.sheet.give_up()


def test_zero_locks_never_and_a_key_begins_the_wait_anew(
    selling: Hands, window: MainWindow, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(till, 0)
    wait(window, monkeypatch, 10_000)
    assert till.person is not None
    selling.press(Key.Key_Down)
    assert window.scans.idle_s() < 60


def test_a_key_locks_at_once_and_the_sale_waits(selling: Hands, window: MainWindow, till: Till) -> None:
    selling.scan(barcode_of(1))
    person = till.person
    assert person is not None
    window.session.ways.drawer()
    selling.press(Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert till.person is None
    assert isinstance(window.current(), SignInScreen)
    assert person.name in window.banner().text()
    sign_in(window, till, person.person_id)
    assert isinstance(window.current(), DrawerScreen)
    assert len(window.session.basket.lines) == 1
    assert till.baskets.parked() == []


def test_a_locked_basket_is_kept_for_its_person_in_another_language(
    selling: Hands, window: MainWindow, till: Till
) -> None:
    """Meanwhile the screens were made anew: the screen that was in front is gone, the basket is not."""
    selling.scan(barcode_of(1))
    person = till.person
    assert person is not None
    window.lock.lock()
    window.set_language("sw")
    sign_in(window, till, person.person_id)
    assert isinstance(window.current(), SellScreen)
    assert len(window.session.basket.lines) == 1
    assert till.baskets.parked() == []
    window.set_language("en")


def test_a_key_signs_out_but_not_over_a_question(selling: Hands, window: MainWindow, till: Till) -> None:
    window.show_keys()
    selling.press(Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert till.person is not None
    selling.press(Key.Key_Escape)
    selling.press(Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert till.person is None
    selling.press(Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert till.person is None
