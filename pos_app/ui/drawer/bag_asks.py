"""Owns the questions of a bag for the bank: its number and how much, who counted it too, and their PIN."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from pos_app.language import _
from pos_app.ledger.bank_bag import MOST_BAG
from pos_app.ledger.request import new_request
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Person, Proved
from pos_app.ui.arrange import column
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.keypad import DECIMAL, Keypad
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.lettering import font
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.kit.pin_field import PinField
from pos_app.ui.kit.room import limit
from pos_app.ui.kit.tokens import Size, Space
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet

_PIN_MOST = 8
_PIN_SHOWN = 6


class BagSheet(Sheet):
    """What lies in the bag, and the number that is printed on it."""

    def __init__(self, session: Session) -> None:
        body = QWidget()
        currency = session.till.currency
        self.amount = AmountField(_("Amount"), currency.exponent, Size.FIGURE)
        self.amount.setObjectName("bag-amount")
        self.bag = _words(_("Number on the bag"), "bag-number", MOST_BAG)
        super().__init__(
            session.overlay_parent(),
            _("Bag for the bank"),
            _("Two have counted it"),
            _("Back"),
            body=body,
            explanation=_("Cash out of the safe, counted by two people; the slip goes into the bag."),
            dismiss_name=_("Dismiss"),
        )
        pad = Keypad(DECIMAL, backspace_name=_("Take back"))
        pad.digit.connect(self.amount.type_digits)
        pad.backspace.connect(self.amount.backspace)
        self.bag.textChanged.connect(self.banner.dismiss)
        caption = Label(_("Lies in it {currency}", currency=currency.code), Size.SMALL, "muted")
        body.setLayout(column(self.bag, caption, self.amount, pad, spacing=Space.S))


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
        bag, amount = sheet.bag.text(), sheet.amount.minor() or 0
        session.till.bank_bags.check(bag, amount)

        def seal(second: Proved) -> None:
            session.attempt(
                lambda: session.till.bank_bags.seal(bag, amount, second, request_id=request),
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
