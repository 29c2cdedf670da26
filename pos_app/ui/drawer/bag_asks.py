"""Owns the questions of a bag for the bank: its number, its notes and coins, who counted it too, their PIN.

Decisions
---------
2026-12-01  What lies in a bag is counted by notes and coins and never typed as a sum: the bank's teller
counts them so, and its slip says what a difference is of.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.language import _
from pos_app.ledger.bank_bag import MOST_BAG
from pos_app.ledger.money import grouped_text
from pos_app.ledger.request import new_request
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Person, Proved
from pos_app.ui.arrange import SumLine, column
from pos_app.ui.drawer.pieces_grid import PiecesGrid
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.kit.pin_field import PinField
from pos_app.ui.kit.room import limit
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet

_PIN_MOST = 8
_PIN_SHOWN = 6
_WIDTH = 620


class BagSheet(Sheet):
    """What lies in the bag, note by note, and the number that is printed on it."""

    def __init__(self, session: Session) -> None:
        body = QWidget()
        self._session = session
        currency = session.till.currency
        self.pieces = PiecesGrid(currency)
        self.bag = _words(_("Number on the bag"), "bag-number", MOST_BAG)
        super().__init__(
            session.overlay_parent(),
            _("Bag for the bank"),
            _("Two have counted it"),
            _("Back"),
            body=body,
            explanation=_("Cash out of the safe, counted by two people; the slip goes into the bag."),
            dismiss_name=_("Dismiss"),
            width=px(_WIDTH),
            primary_key="F12",
        )
        self.bag.textChanged.connect(self.banner.dismiss)
        self.pieces.changed.connect(self._show)
        self.sum = SumLine(tone="text", size=Size.LEAD)
        self.sum.amount.setObjectName("bag-amount")
        body.setLayout(column(self.bag, self.pieces, self.sum, spacing=Space.S))
        self._show()

    def _show(self) -> None:
        self.banner.dismiss()
        code = self._session.till.currency.code
        amount = grouped_text(self.pieces.total(), self._session.till.currency)
        self.sum.say(_("Lies in it {currency}", currency=code), amount)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat()
        moves = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in moves and self._step(moves[Qt.Key(event.key())]):
            event.accept()
        elif enters and not event.modifiers() and self._step(1):
            # From kind to kind as at the close; behind the last one Enter ends the counting.
            event.accept()
        elif event.key() == Qt.Key.Key_F12 and not event.isAutoRepeat():
            # As at the close: from any kind, the counting is done.
            self.primary.click()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> bool:
        if by > 0 and self.bag.hasFocus():
            self.pieces.fields[0].setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return self.pieces.step(by)


class SecondSheet(Sheet):
    """The PIN of who counted the bag too."""

    def __init__(self, session: Session, person: Person, amount: str) -> None:
        body = QWidget()
        self.pin = PinField(_("PIN"), _PIN_MOST, shown=_PIN_SHOWN)
        super().__init__(
            session.overlay_parent(),
            _("{name} counted it too", name=person.name),
            _("Seal the bag"),
            _("Back"),
            body=body,
            explanation=_("{amount} lies in it: whoever counted it too types their own PIN.", amount=amount),
            dismiss_name=_("Dismiss"),
        )
        body.setLayout(column(self.pin, spacing=Space.M))
        self.pin.changed.connect(self.banner.dismiss)


def ask_bag(session: Session) -> None:
    """A bag, who counted it too, their PIN; then it is recorded and its slip is printed."""
    sheet, request = BagSheet(session), new_request()

    def answer() -> Next:
        bag, amount, counts = sheet.bag.text(), sheet.pieces.total(), sheet.pieces.counts()
        session.till.bank_bags.check(bag, amount)

        def seal(second: Proved) -> None:
            session.attempt(
                lambda: session.till.bank_bags.seal(bag, amount, second, counts=counts, request_id=request),
                sealed,
            )

        return lambda: _ask_second(session, session.money(amount), seal)

    def sealed(done: Recorded) -> None:
        session.recorded()
        amount = session.money(done.total)
        session.succeed(
            _("{number}: the bag with {amount} is on its way to the bank.", number=done.number, amount=amount)
        )

    session.ask(sheet, answer)


def _ask_second(session: Session, amount: str, then: Callable[[Proved], object]) -> None:
    own = session.till.person
    people = [one for one in session.till.sign_in.people() if own is None or one.person_id != own.person_id]
    rows = [Row(one.person_id, one.name, icon="user") for one in people]
    sheet = ChoiceSheet(session, _("Who counted it too?"), "", _("Choose"), rows)

    def answer() -> Next:
        chosen = next((one for one in people if one.person_id == sheet.value()), None)
        return None if chosen is None else lambda: _ask_pin(session, chosen, amount, then)

    session.ask(sheet, answer)


def _ask_pin(session: Session, person: Person, amount: str, then: Callable[[Proved], object]) -> None:
    sheet = SecondSheet(session, person, amount)

    def answer() -> Next:
        pin = sheet.pin.pin()
        sheet.pin.clear()
        proved = session.till.sign_in.prove(person.person_id, pin)
        return lambda: then(proved)

    session.ask(sheet, answer)
    sheet.pin.setFocus(Qt.FocusReason.TabFocusReason)


def _words(hint: str, name: str, most: int) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    field.setFont(font(Size.BODY))
    limit(field, most)
    field.setPlaceholderText(hint)
    field.setAccessibleName(hint)
    return field
