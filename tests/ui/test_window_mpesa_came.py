"""M-Pesa that came: a key shows what no sale took, Enter takes it, a known code has its amount."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.document import Sale
from pos_app.store.tables.columns import micros
from pos_app.store.tables.payment_tables import HELD, STANDING, received_payment
from pos_app.till.till import Till
from pos_app.ui.drawer.money_page import MoneyPage
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_builder import last
from tests.support.worlds.till_builder import barcode_of
from tests.ui.test_window_tender_mpesa import two_numbers

__all__ = ["two_numbers"]
Key = Qt.Key
REGULATOR, WATER = 7, 5
LONG = "NYAWIRA WANJIKU MUTHONI-KARANJA WA KAMAU NA FAMILIA"


def came(till: Till, code: str, amount: int, *, business_id: int = 1, who: str = "WANJIRU", minutes: int = 1,
         state: str = STANDING) -> None:  # fmt: skip
    """A payment as the feed brings it."""
    at = till.now() - timedelta(minutes=minutes)
    with till.database.write() as connection:
        connection.execute(
            received_payment.insert().values(
                org_id=till._context.org_id, payment_id=abs(hash(code)) >> 8, provider="mpesa",
                business_id=business_id, number="174444" if business_id == 1 else "522533", code=code,
                written=code, amount=amount, currency="KES", phone="2547 ***** 149", payer=who,
                paid_at_us=micros(at), received_at_us=micros(at), day=int(f"{at:%Y%m%d}"), source="told",
                state=state,
            )
        )  # fmt: skip


def shown(window: MainWindow) -> list[tuple[str, str]]:
    sheet = window.session.sheet
    assert isinstance(sheet, ChoiceSheet)
    return [(one.title, one.amount) for one in sheet.list.rows()]


@pytest.fixture
def paying(two_numbers: None, till: Till, window: MainWindow, selling: Hands) -> Hands:
    """At the tender with 850 for the gas shop; three payments came."""
    came(till, "SLK4AB9Z01", 500_00, who=LONG)
    came(till, "SLK4AB9Z02", 850_00, minutes=70)
    came(till, "SLK4AB9Z03", 9_999_999_00, business_id=2, who="", minutes=5)
    came(till, "SLK4AB9Z04", 850_00, state=HELD)
    selling.scan(barcode_of(REGULATOR))
    selling.press(Key.Key_F12)
    return selling


def test_what_fits_is_first_and_enter_takes_it(paying: Hands, window: MainWindow, till: Till) -> None:
    paying.press(Key.Key_F8)
    assert shown(window) == [
        ("WANJIRU 2547 ***** 149", "850.00"),
        (f"{LONG} 2547 ***** 149", "500.00"),
        ("2547 ***** 149", "9,999,999.00"),
        ("Ask the customer's phone", "850.00"),
    ]
    paying.press(Key.Key_Return)
    sale = last(till)
    assert isinstance(sale, Sale)
    assert [(one.amount, one.reference, one.paid_to) for one in sale.tenders] == [
        (850_00, "SLK4AB9Z02", "174444")
    ]
    # At the close nobody looks it up: it is ticked, and the page says how many are.
    payments = till.drawer.payments_to_tick()
    assert [one.confirmed for one in payments] == [True]
    page = MoneyPage(window.session)
    page.begin(payments, anew=True)
    assert page.found().ticked == {payments[0].key}
    assert page.confirmed_words.text() == "M-Pesa confirmed: 1 of 1"
    # It is of a sale now, and offered no more.
    assert "SLK4AB9Z02" not in [one.code for one in till.came_in.offered(till.checkout(till.baskets.new()))]


def test_a_part_that_came_is_a_part(paying: Hands, window: MainWindow, till: Till) -> None:
    paying.press(Key.Key_F8)
    paying.press(Key.Key_Down)
    paying.press(Key.Key_Return)
    screen = window.current()
    assert isinstance(screen, TenderScreen)
    assert screen.amount.text() == "350.00"
    # What is laid down already is not offered twice.
    paying.press(Key.Key_F8)
    assert [amount for _, amount in shown(window)] == ["9,999,999.00", "850.00", "350.00"]


def test_a_code_that_is_known_has_the_amount_of_its_payment(
    paying: Hands, window: MainWindow, till: Till
) -> None:
    paying.press(Key.Key_F3)
    paying.press(Key.Key_Return)
    paying.type("SLK4AB9ZO1")
    paying.press(Key.Key_Return)
    screen = window.current()
    assert isinstance(screen, TenderScreen)
    assert screen._job is not None
    assert [one.amount for one in screen._job.takings.tenders] == [500_00]


def test_what_waits_for_a_person_buys_nothing(paying: Hands, window: MainWindow, till: Till) -> None:
    paying.press(Key.Key_F3)
    paying.press(Key.Key_Return)
    paying.type("SLK4AB9Z04")
    paying.press(Key.Key_Return)
    assert "SLK4AB9Z04" in window.banner().text()
    screen = window.current()
    assert isinstance(screen, TenderScreen)
    assert screen._job is not None
    assert not screen._job.takings.tenders


def test_without_a_provider_there_is_no_such_key(
    two_numbers: None, window: MainWindow, selling: Hands, till: Till
) -> None:
    selling.scan(barcode_of(REGULATOR))
    selling.press(Key.Key_F12)
    assert "F8" not in [one.key for one in window.current().keys()]  # noqa: SIM118 - a screen's keys
