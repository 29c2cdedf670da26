"""PINs in the real window: what is said stays, the window keeps its size, anybody's PIN approves."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from sqlalchemy import select, update

from demo.simulated_cashier import Hands
from pos_app.ledger import approving, remote_approval
from pos_app.ledger.approving import Told
from pos_app.ledger.clock import SetClock
from pos_app.store.engine import pepper
from pos_app.store.master.pin_hash import given_pin
from pos_app.store.tables import master
from pos_app.store.tables.tables import document as table
from pos_app.till.session.sign_in import hash_pin
from pos_app.till.till import Till
from pos_app.ui.sheets import approval
from pos_app.ui.sheets.afar import AfarSheet
from pos_app.ui.sheets.approval import ApprovalSheet
from pos_app.ui.window import MainWindow, Settings
from tests.support.worlds.till_builder import barcode_of
from tests.ui.conftest import Opener

Key = Qt.Key
PLACED = 1024, 768


def add_managers(till: Till, count: int) -> None:
    """So many more managers, each with a PIN of their own."""
    with till.database.write() as connection:
        for number in range(100, 100 + count):
            for table, changed in (
                (
                    master.person,
                    {"person_id": number, "code": f"M{number}", "name": f"Manager namba {number}"},
                ),
                (master.person_role, {"assignment_id": number, "person_id": number}),
            ):
                row = connection.execute(select(table).where(table.c.person_id == 2)).mappings().one()
                pin = {"pin_hash": hash_pin(f"7{number}")} if table is master.person else {}
                connection.execute(table.insert().values({**row, **changed, **pin}))
    till.refresh()


def size(window: MainWindow) -> tuple[int, int]:
    return window.width(), window.height()


@pytest.mark.parametrize("language", ["en", "sw"])
def test_a_wrong_pin_makes_no_window_taller(till: Till, open_window: Opener, language: str) -> None:
    add_managers(till, 8)
    window = open_window(till, Settings(language=language))
    hands = Hands(window)
    assert size(window) == PLACED
    hands.type("9999")
    hands.press(Key.Key_Return)
    assert window.banner().text()
    assert size(window) == PLACED
    assert window.current().minimumSizeHint().height() <= PLACED[1] - window.strip.height() - 60


def test_what_is_said_of_a_wrong_pin_stays_until_the_next_key(
    window: MainWindow, hands: Hands, till: Till
) -> None:
    clock = till._context.clock
    assert isinstance(clock, SetClock)
    hands.type("9999")
    hands.press(Key.Key_Return)
    clock.advance(timedelta(minutes=1))
    QTest.qWait(1_100)
    assert "wrong" in window.banner().text()
    hands.type("1")
    assert window.banner().text() == ""


@pytest.fixture
def asked(window: MainWindow, selling: Hands) -> Hands:
    """Hands at the sheet that asks for an approval of another price."""
    selling.scan(barcode_of(2))
    selling.press(Key.Key_F5)
    selling.type("100")
    selling.press(Key.Key_Return)
    assert isinstance(window.session.sheet, ApprovalSheet)
    return selling


def sheet_of(window: MainWindow) -> ApprovalSheet:
    sheet = window.session.sheet
    assert isinstance(sheet, ApprovalSheet)
    return sheet


def test_whoevers_pin_it_is_approves_without_a_name(window: MainWindow, asked: Hands) -> None:
    asked.type("2222")
    asked.press(Key.Key_Return)
    assert window.session.sheet is None
    assert window.session.basket.lines[0].unit_price == 10_000


def test_a_wrong_approval_says_so_until_the_next_key_and_locks_nobody(
    window: MainWindow, asked: Hands, till: Till
) -> None:
    clock = till._context.clock
    assert isinstance(clock, SetClock)
    for _attempt in range(5):
        asked.type("9999")
        asked.press(Key.Key_Return)
        clock.advance(timedelta(seconds=20))
    assert sheet_of(window).banner.text()
    assert size(window) == PLACED
    QTest.qWait(50)
    assert sheet_of(window).banner.text()
    asked.type("9")
    assert sheet_of(window).banner.text() == ""
    till.sign_in.sign_in(2, "2222")


def test_the_window_goes_on_while_a_pin_is_looked_at(window: MainWindow, asked: Hands) -> None:
    ticks: list[bool] = []
    timer = QTimer(window)
    timer.timeout.connect(lambda: ticks.append(sheet_of(window).checking()))
    timer.start(1)
    sheet = sheet_of(window)
    asked.type("9999")
    sheet.primary.click()
    assert sheet.checking()
    sheet.primary.click()  # pressed twice it is one
    asked.type("2222")  # for the next attempt, and not lost
    asked.until(lambda: not sheet.checking())
    timer.stop()
    assert any(ticks)
    assert sheet.pin.pin() == "2222"
    assert sheet.banner.text()


def test_a_sheet_that_is_gone_approves_nothing(window: MainWindow, asked: Hands) -> None:
    sheet = sheet_of(window)
    asked.type("2222")
    sheet.primary.click()
    sheet.escape.click()
    # However long the look at the PIN takes, it is over before the till is closed.
    approval._checks().submit(lambda: None).result(60)
    QTest.qWait(50)
    assert window.session.basket.lines[0].unit_price != 10_000


def test_the_pin_at_the_sheet_proves_what_is_recorded_then(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    given, org_id = given_pin("2222"), till._context.org_id
    with till.database.write() as connection:
        wrap = pepper.close(connection, org_id, 2, "approval_wrap", given.wrap)
        connection.execute(
            update(master.person).where(master.person.c.person_id == 2).values(approval_wrap=wrap)
        )
    selling.scan(barcode_of(2))
    selling.press(Key.Key_F5)
    selling.type("100")
    selling.press(Key.Key_Return)
    assert isinstance(window.session.sheet, ApprovalSheet)
    selling.type("2222")
    selling.press(Key.Key_Return)
    selling.until(lambda: window.session.sheet is None)
    selling.press(Key.Key_F12)
    selling.type("100")
    selling.press(Key.Key_Return)
    document = till.receipts.document(till.receipts.latest(1)[0].document_id)
    with till.database.read() as connection:
        row = connection.execute(
            select(table.c.prev_hash, table.c.body).where(table.c.document_id == document.document_id)
        ).one()
    told = Told(document, bytes(row.prev_hash), bytes(row.body), 0)
    assert approving.named(document) == (2,)
    assert approving.is_proved(told, 2, given.secret)


def answers(till: Till, window: MainWindow, pin: str = "2222") -> remote_approval.Keys:
    """The manager has a secret, and a phone that holds what it makes."""
    given, org_id = given_pin(pin), till._context.org_id
    with till.database.write() as connection:
        wrap = pepper.close(connection, org_id, 2, "approval_wrap", given.wrap)
        connection.execute(
            update(master.person).where(master.person.c.person_id == 2).values(approval_wrap=wrap)
        )
    return remote_approval.keys_of(given.secret, given.wrap)


def afar_of(window: MainWindow) -> AfarSheet:
    sheet = window.session.sheet
    assert isinstance(sheet, AfarSheet)
    return sheet


def test_somebody_who_is_not_here_approves_with_a_code(window: MainWindow, asked: Hands, till: Till) -> None:
    keys = answers(till, window)
    asked.press(Key.Key_F2)
    sheet = afar_of(window)
    assert size(window) == PLACED
    shown = remote_approval.read(sheet.figures.text())
    line = window.session.basket.lines[0]
    assert (shown.action, shown.person_id, shown.amount) == ("price", 1, line.list_price - 10_000)
    asked.type(remote_approval.answered(keys, sheet.question.challenge))
    asked.press(Key.Key_Return)
    assert window.session.sheet is None
    assert window.session.basket.lines[0].unit_price == 10_000
    asked.press(Key.Key_F12)
    asked.type("100")
    asked.press(Key.Key_Return)
    document = till.receipts.document(till.receipts.latest(1)[0].document_id)
    assert (document.person_id, [one.person_id for one in document.from_afar]) == (1, [2])


def test_a_wrong_code_says_so_and_the_question_stays(window: MainWindow, asked: Hands, till: Till) -> None:
    answers(till, window)
    asked.press(Key.Key_F2)
    sheet = afar_of(window)
    before = sheet.figures.text()
    asked.type("123456789012")
    asked.press(Key.Key_Return)
    assert "code" in sheet.banner.text()
    assert (afar_of(window).figures.text(), sheet.code.selectedText()) == (before, "123456789012")
    asked.press(Key.Key_Escape)
    assert window.session.sheet is None
    assert window.session.basket.lines[0].unit_price != 10_000
