"""Staff and members in the real window: who, what stands between us, advances, deposits, shares, refusals."""

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.document import PartyMoney
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.treasury import PartyReason
from pos_app.till.till import Till
from pos_app.ui.depot.screen import DepotScreen
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.treasury.party.screen import PartyScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.money_people import EMPLOYEE, MEMBER, VENDOR, add_people

Key = Qt.Key


def party_screen(window: MainWindow) -> PartyScreen:
    screen = window.current()
    assert isinstance(screen, PartyScreen)
    return screen


def recorded(till: Till) -> list[PartyMoney]:
    """What was recorded, oldest first."""
    found = [till.receipts.document(entry.document_id) for entry in till.receipts.latest()[::-1]]
    return [one for one in found if isinstance(one, PartyMoney)]


def facts(window: MainWindow) -> list[tuple[str, str]]:
    side = party_screen(window).page.side
    return [(fact.what.text(), fact.amount.text()) for fact in side.facts if fact.isVisible()]


@pytest.fixture
def people(selling: Hands, till: Till, window: MainWindow) -> Hands:
    """Hands at the list of staff and members."""
    add_people(till)
    selling.press(Key.Key_F2)
    selling.type("c")
    assert isinstance(window.current(), PartyScreen)
    return selling


def next_one(hands: Hands, window: MainWindow) -> None:
    """From the calm after a recording back to the list."""
    done = window.current()
    assert isinstance(done, DoneScreen)
    hands.until(done.settled)
    hands.press(Key.Key_Return)
    hands.press(Key.Key_F2)
    hands.type("c")


def test_an_advance_and_its_repayment(window: MainWindow, people: Hands, till: Till) -> None:
    assert [row.title for row in party_screen(window).list.list.rows()] == [
        "Halima Abdalla",
        "Juma Otieno",
        "Wanjiru Kamau",
    ]
    people.type("juma")
    people.press(Key.Key_Return)
    assert facts(window) == [("Advance", ""), ("Now owes nothing", "0.00"), ("May draw up to", "5,000.00")]
    people.press(Key.Key_Return)  # an advance
    people.type("1500")
    assert ("Then owes", "1,500.00") in facts(window)
    assert party_screen(window).busy()
    people.press(Key.Key_F12)
    people.approve("Joseph M.", "2222")
    done = window.current()
    assert isinstance(done, DoneScreen)
    assert done.figure.text() == "1,500.00"
    next_one(people, window)
    people.type("e-014")
    screen = party_screen(window)
    people.until(lambda: len(screen.list.list.rows()) == 1)
    (row,) = screen.list.list.rows()
    assert (row.amount, row.badges[0].text) == ("1,500.00", "owes")
    people.press(Key.Key_Return)
    people.type("2")  # a repayment
    people.press(Key.Key_Return)
    people.type("500")
    people.press(Key.Key_F12)  # money that comes needs no manager
    assert isinstance(window.current(), DoneScreen)
    advance, repayment = recorded(till)
    assert (advance.reason, advance.total, advance.approver_id) == (
        PartyReason.EMPLOYEE_ADVANCE,
        150_000,
        2,
    )
    assert (repayment.reason, repayment.total) == (PartyReason.EMPLOYEE_REPAYMENT, 50_000)
    assert till.party_money.balance(PartyRole.EMPLOYEE, EMPLOYEE) == 100_000
    till.sign_in.sign_in(2, "2222")
    assert till.drawer.expected() == 500_000 - 150_000 + 50_000


def test_an_advance_beyond_the_limit_is_a_sentence(window: MainWindow, people: Hands, till: Till) -> None:
    people.type("juma")
    people.press(Key.Key_Return)
    people.type("1")
    people.press(Key.Key_Return)
    people.type("5000.50")
    people.press(Key.Key_F12)
    people.approve("Joseph M.", "2222")
    assert "5,000.00 is left that this employee may draw" in window.banner().text()
    assert recorded(till) == []
    assert party_screen(window).page.amount.minor() == 500_050


def member(hands: Hands, window: MainWindow, figure: str, amount: str) -> None:
    """Choose the member, what is recorded by its figure, and how much; a manager approves where asked."""
    hands.press(Key.Key_F4)
    hands.type("wanjiru")
    hands.press(Key.Key_Return)
    hands.type(figure)
    hands.press(Key.Key_Return)
    hands.type(amount)
    hands.press(Key.Key_F12)
    if window.session.sheet is not None:
        hands.approve("Joseph M.", "2222")


def test_deposit_withdrawal_and_shares_of_a_member(window: MainWindow, people: Hands, till: Till) -> None:
    for figure, amount in (("1", "3000"), ("2", "1000"), ("3", "500"), ("4", "200")):
        member(people, window, figure, amount)
        next_one(people, window)
    assert [one.reason for one in recorded(till)] == [
        PartyReason.MEMBER_DEPOSIT,
        PartyReason.MEMBER_WITHDRAWAL,
        PartyReason.MEMBER_SHARE,
        PartyReason.MEMBER_SHARE_RETURN,
    ]
    assert till.party_money.balance(PartyRole.MEMBER, MEMBER) == -200_000
    assert till.party_money.balance(PartyRole.SHAREHOLDER, MEMBER) == -30_000
    people.press(Key.Key_F4)
    (row,) = party_screen(window).list.list.rows()
    assert (row.amount, row.badges[0].text) == ("2,000.00", "has on deposit")
    assert "has shares of 300.00" in row.detail


def test_more_than_a_member_has_is_refused(window: MainWindow, people: Hands, till: Till) -> None:
    member(people, window, "2", "10")
    assert "More is paid out than this party has with us" in window.banner().text()
    assert recorded(till) == []


def test_a_customers_deposit_comes_by_mpesa_and_goes_back(
    window: MainWindow, people: Hands, till: Till
) -> None:
    people.press(Key.Key_F5)
    people.type("mama")
    people.press(Key.Key_Return)
    people.type("1")
    people.press(Key.Key_Return)
    people.type("4000")
    people.press(Key.Key_Return)
    people.type("2")  # M-Pesa
    people.press(Key.Key_Return)
    people.type("SLK4AB9Z01")
    people.press(Key.Key_F12)
    next_one(people, window)
    people.press(Key.Key_F5)
    people.type("mama")
    people.press(Key.Key_Return)
    assert ("Now has on deposit", "4,000.00") in facts(window)
    people.type("2")
    people.press(Key.Key_Return)
    people.type("4000")
    people.press(Key.Key_F12)
    people.approve("Joseph M.", "2222")
    came, went = recorded(till)
    assert (came.tenders[0].kind, came.tenders[0].reference) == (TenderKind.MPESA, "SLK4AB9Z01")
    assert (went.reason, went.tenders[0].kind) == (PartyReason.CUSTOMER_DEPOSIT_RETURN, TenderKind.CASH)
    assert till.party_money.balance(PartyRole.DEPOSITOR, 1) == 0


def test_money_back_from_a_vendor(window: MainWindow, people: Hands, till: Till) -> None:
    with till._context.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO party_balance (org_id, party_role, party_id, currency, amount, base_amount, stamp)"
            " VALUES (?, 'vendor', ?, 'KES', 30000, 30000, 0)",
            (till._context.org_id, VENDOR),
        )
    people.press(Key.Key_F6)
    people.press(Key.Key_Return)
    people.press(Key.Key_Return)
    people.type("250")
    people.press(Key.Key_F12)
    (back,) = recorded(till)
    assert (back.reason, back.party_id, back.total) == (PartyReason.VENDOR_PREPAYMENT_RETURN, VENDOR, 25_000)


def test_nobody_by_that_name(window: MainWindow, people: Hands) -> None:
    people.type("zzz")
    people.press(Key.Key_Return)
    assert "Nobody here" in window.banner().text()
    assert isinstance(window.current(), PartyScreen)


def test_a_scanned_card_finds_its_group(window: MainWindow, people: Hands) -> None:
    people.scan("M-003")
    screen = party_screen(window)
    assert screen.page.party is not None
    assert screen.page.party.name == "Wanjiru Kamau"
    people.press(Key.Key_Escape)
    people.scan("NOBODY-99")
    assert "Nobody here has the code" in window.banner().text()


def test_no_amount_and_a_double_press(window: MainWindow, people: Hands, till: Till) -> None:
    till.sign_in.sign_in(2, "2222")
    people.type("juma")
    people.press(Key.Key_Return)
    people.press(Key.Key_F12)
    assert "more than zero" in window.banner().text()
    screen = party_screen(window)
    people.type("1")
    people.press(Key.Key_Return)
    people.type("10")
    request = screen.request_id
    screen.finish()
    screen.finish()
    (advance,) = recorded(till)[:1]
    assert advance.request_id == request


def test_esc_goes_back_step_by_step(window: MainWindow, people: Hands, till: Till) -> None:
    people.type("juma")
    people.press(Key.Key_Return)
    people.type("1")
    people.press(Key.Key_Return)
    people.type("10")
    people.press(Key.Key_Escape)
    assert not party_screen(window).busy()
    people.press(Key.Key_Escape)
    assert isinstance(window.current(), DepotScreen)
    assert recorded(till) == []
