"""Owns the questions of a hand-over: who takes the drawer over, their PIN, and what stays as their float."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.till.drawer.drawer import TakingOver
from pos_app.till.session.sign_in import Person
from pos_app.ui.arrange import SumLine, column
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.kit.pin_field import PinField
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet

_PIN_MOST = 8
_PIN_SHOWN = 6


class TakeOverSheet(Sheet):
    """What stays in the drawer, and the PIN of who takes it over."""

    def __init__(self, session: Session, person: Person, counted: int, wanted: int | None) -> None:
        body = QWidget()
        self._session, self._counted, self._wanted = session, counted, wanted
        currency = session.till.currency
        self.left_over = AmountField(_("Float"), currency.exponent, Size.FIGURE)
        self.left_over.setObjectName("left-over")
        self.left_over.set_minor(counted if wanted is None else min(wanted, counted))
        self.pin = PinField(_("PIN"), _PIN_MOST, shown=_PIN_SHOWN)
        super().__init__(
            session.overlay_parent(),
            _("{name} takes over", name=person.name),
            _("Hand over"),
            _("Back"),
            body=body,
            explanation=_("The rest goes to the safe. Whoever takes over types their own PIN."),
            dismiss_name=_("Dismiss"),
        )
        caption = Label(_("Stays in the drawer {currency}", currency=currency.code), Size.SMALL, "muted")
        counted_line, wanted_line, self._safe = SumLine(), SumLine(), SumLine(tone="text")
        counted_line.say(_("Counted in the drawer"), session.money(counted))
        told = [counted_line]
        if wanted is not None:
            wanted_line.say(_("Float of this till"), session.money(wanted))
            told.append(wanted_line)
        #: What stays against the float, in words; nothing where it is just that.
        self.against_float = Label("", Size.SMALL, "warn", Weight.SEMIBOLD)
        self.against_float.setObjectName("against-float")
        figures = column(*told, self._safe, self.against_float, spacing=Space.XS)
        body.setLayout(column(caption, self.left_over, figures, self.pin, spacing=Space.M))
        self.left_over.changed.connect(self._show)
        self.pin.changed.connect(self.banner.dismiss)
        self._show()

    def _show(self) -> None:
        """What goes to the safe, and whether what stays is more or less than the float."""
        left = self.left_over.minor() or 0
        self._safe.say(_("To the safe"), self._session.money(max(self._counted - left, 0)))
        words = ""
        if self._wanted is not None and left != self._wanted:
            amount = self._session.money(abs(left - self._wanted))
            words = (
                _("{amount} less than the float", amount=amount)
                if left < self._wanted
                else _("{amount} more than the float", amount=amount)
            )
        self.against_float.set_text(words)


def ask_who_takes_over(session: Session, counted: int, then: Callable[[TakingOver], object]) -> None:
    """Ask who, then for their PIN and the float; `counted` is the most that can stay, in minor units."""
    own = session.till.person
    people = [one for one in session.till.sign_in.people() if own is None or one.person_id != own.person_id]
    rows = [Row(one.person_id, one.name, icon="user") for one in people]
    sheet = ChoiceSheet(session, _("Who takes the drawer over?"), "", _("Choose"), rows)

    def answer() -> Next:
        chosen = next((one for one in people if one.person_id == sheet.value()), None)
        return None if chosen is None else lambda: _ask_pin(session, chosen, counted, then)

    session.ask(sheet, answer)


def _ask_pin(session: Session, person: Person, counted: int, then: Callable[[TakingOver], object]) -> None:
    wanted = session.till.drawer.wanted_float()
    sheet = TakeOverSheet(session, person, counted, wanted)

    def answer() -> Next:
        left = sheet.left_over.minor() or 0
        pin = sheet.pin.pin()
        sheet.pin.clear()
        session.till.drawer.check_left(left, counted)
        proved = session.till.sign_in.prove(person.person_id, pin)
        return lambda: then(TakingOver(proved, left))

    session.ask(sheet, answer)
    sheet.left_over.setFocus(Qt.FocusReason.TabFocusReason)
