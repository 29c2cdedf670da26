"""How many keys each errand of the counter costs, pressed in the real window: a count that grows fails here.

Every key that is pressed counts, also the Enter behind a name or a figure.  The letters and figures
themselves and what a scanner reads do not: they are what the errand is about.
"""

from typing import Final

import pytest
from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.ledger.document import Document, Refund, Sale, ServiceOrder
from pos_app.ledger.line import TenderKind
from pos_app.ledger.tax import DEPOSIT_CODE
from pos_app.till.till import Till
from pos_app.ui.window import MainWindow
from tests.support.worlds.cylinders import DEPOSIT13, EMPTY13, REFILL13, deal_in_cylinders, held
from tests.support.worlds.goods_rows import HOSE, all_of
from tests.support.worlds.meters import put_meters
from tests.support.worlds.money_builder import HOTEL, last
from tests.support.worlds.till_builder import barcode_of

Key = Qt.Key
ENTER: Final = Key.Key_Return
DUVET, REGULATOR = 14, 7


class CountingHands(Hands):
    """Hands that count the keys they press."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.pressed = 0

    def press(self, key: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.pressed += 1
        super().press(key, modifiers)

    def errand(self, *steps: Key | str) -> int:
        """Press these keys and type these words; gives how many keys it took."""
        before = self.pressed
        for step in steps:
            if isinstance(step, str):
                self.type(step)
            else:
                self.press(step)
        return self.pressed - before


@pytest.fixture
def counting(selling: Hands, window: MainWindow) -> CountingHands:
    """A cashier at the sell screen, whose keys are counted."""
    return CountingHands(window)


def recorded(till: Till, kind: type[Document]) -> Document:
    """The document that the errand ended in."""
    made = last(till)
    assert type(made) is kind, made
    return made


def ways(document: Document) -> list[TenderKind]:
    """How it was paid."""
    assert isinstance(document, Sale | Refund)
    return [one.kind for one in document.tenders]


def test_cash_exact_by_scan(counting: CountingHands, till: Till) -> None:
    counting.scan(barcode_of(HOSE))
    assert counting.errand(Key.Key_F12, ENTER) <= 2
    assert ways(recorded(till, Sale)) == [TenderKind.CASH]


def test_on_account(counting: CountingHands, till: Till) -> None:
    counting.scan(barcode_of(HOSE))
    assert counting.errand(Key.Key_F12, Key.Key_F4, "mama", ENTER, ENTER) <= 4
    sale = recorded(till, Sale)
    assert isinstance(sale, Sale)
    assert (ways(sale), sale.party_id) == ([TenderKind.ACCOUNT], HOTEL)


def test_m_pesa(counting: CountingHands, till: Till) -> None:
    counting.scan(barcode_of(HOSE))
    assert counting.errand(Key.Key_F12, Key.Key_F3, "SKJ4X8QP2M", ENTER) <= 3
    assert ways(recorded(till, Sale)) == [TenderKind.MPESA]


def test_a_refill_with_its_empty(counting: CountingHands, till: Till) -> None:
    till.sign_in.sign_in(2, "2222")
    deal_in_cylinders(till)
    full, empty = held(till, REFILL13, here=True), held(till, EMPTY13, here=True)
    counting.scan(barcode_of(REFILL13))
    assert counting.errand(Key.Key_F12, ENTER) <= 2
    assert ways(recorded(till, Sale)) == [TenderKind.CASH]
    assert (held(till, REFILL13, here=True), held(till, EMPTY13, here=True)) == (full - 1, empty)


def test_a_refill_without_an_empty_and_its_deposit(counting: CountingHands, till: Till) -> None:
    till.sign_in.sign_in(2, "2222")
    deal_in_cylinders(till)
    counting.scan(barcode_of(REFILL13))
    assert counting.errand(Key.Key_F11, Key.Key_F12, ENTER) <= 3
    sale = recorded(till, Sale)
    assert isinstance(sale, Sale)
    assert [one.product_id for one in sale.lines] == [REFILL13, DEPOSIT13]
    assert sale.lines[1].tax_code == DEPOSIT_CODE
    assert sale.lines[1].chit is not None


def test_a_customer_with_a_meter(counting: CountingHands, till: Till) -> None:
    put_meters(till, second=False)
    assert counting.errand("mama", ENTER, "4133", ENTER, Key.Key_F12, ENTER) <= 4
    sale = recorded(till, Sale)
    assert isinstance(sale, Sale)
    assert (sale.party_id, sale.lines[0].meter, sale.lines[0].quantity) == (HOTEL, "K-1", 12_500)


def test_a_discount_on_a_line(counting: CountingHands, till: Till, window: MainWindow) -> None:
    till.sign_in.sign_in(2, "2222")
    counting.scan(barcode_of(HOSE))
    before = counting.pressed
    # The sign is a key here: it is pressed and counted, not typed.
    counting.type("%")
    assert counting.errand("20", ENTER) + 1 <= 2
    assert counting.pressed - before == 1
    assert window.session.basket.lines[0].discount == 2_000


@pytest.mark.parametrize("by", ["scan", "list"])
def test_a_refund_by_its_receipt(counting: CountingHands, till: Till, window: MainWindow, by: str) -> None:
    till.sign_in.sign_in(2, "2222")
    counting.scan(barcode_of(HOSE))
    counting.errand(Key.Key_F12, ENTER)
    number = till.printed(till.receipts.latest(1)[0])
    window.home()
    back = (Key.Key_F6, "too short", Key.Key_F12)
    if by == "scan":
        counting.scan(number)
        assert counting.errand(*back) <= 4
    else:
        assert counting.errand(Key.Key_F7, ENTER, *back) <= 4
    refund = recorded(till, Refund)
    assert isinstance(refund, Refund)
    assert (refund.reason, refund.total) == ("too short", 42_000)


def test_park_and_take_up(counting: CountingHands, window: MainWindow) -> None:
    counting.scan(barcode_of(HOSE))
    assert counting.errand(Key.Key_F6, "Njeri", ENTER) <= 2
    assert not window.session.basket.lines
    assert counting.errand(Key.Key_F6, ENTER) <= 2
    assert [one.product_id for one in window.session.basket.lines] == [HOSE]


def test_laundry_is_taken_in(counting: CountingHands, till: Till) -> None:
    keys = counting.errand(Key.Key_F2)
    keys += _typed_key(counting, "l")
    keys += counting.errand(Key.Key_F4, "otieno", ENTER)
    counting.scan(barcode_of(DUVET))
    keys += counting.errand("3", Key.Key_F12)
    assert keys <= 5
    (order,) = all_of(till, "service_order")
    assert isinstance(order, ServiceOrder)
    assert (order.party_id, order.lines[0].quantity) == (HOTEL + 1, 3_000)


def _typed_key(hands: CountingHands, letter: str) -> int:
    """A letter that is a key, and counts."""
    hands.type(letter)
    return 1


def test_the_next_customer_is_nobody_we_asked_for_before(
    counting: CountingHands, till: Till, window: MainWindow
) -> None:
    """A name asked for in front of the money is the basket's, with its prices; Esc leaves cash as it was."""
    counting.scan(barcode_of(HOSE))
    counting.errand(Key.Key_F12, Key.Key_F4, Key.Key_Escape, ENTER)
    sale = recorded(till, Sale)
    assert isinstance(sale, Sale)
    assert (ways(sale), sale.party_id) == ([TenderKind.CASH], None)


@pytest.mark.parametrize("words", ["reg", "a"])
def test_words_that_find_goods_too_choose_no_customer(
    counting: CountingHands, window: MainWindow, words: str
) -> None:
    counting.type(words)
    counting.press(ENTER)
    assert window.session.basket.state.party_id is None
