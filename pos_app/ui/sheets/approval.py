"""Owns the approval: whoever may approve types their PIN, and the action is tried again in their name."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from pos_app.language import _, kept_code, said
from pos_app.ledger.errors import BohariError
from pos_app.till.session.sign_in import Action, Approval
from pos_app.ui.arrange import column
from pos_app.ui.kit.button import QuietButton
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.keypad import PIN, Keypad
from pos_app.ui.kit.pin_field import PinField
from pos_app.ui.kit.tokens import Space
from pos_app.ui.session import Session
from pos_app.ui.sheets.afar import AfarSheet, Asking

_PIN_MOST = 8
_PIN_SHOWN = 6
_LOOK_MS = 10
#: What asks somebody who is not here.
_AFAR_KEY = "F2"
#: The code where there is no more to say than that a manager is needed.
_GENERAL = kept_code("needs-approval")
#: Who may change prices may sell these too; it is no price that is asked about.
_PAST_EXPIRY = "past-expiry-needs-approval"


@cache
def _checks() -> ThreadPoolExecutor:
    """Where PINs are looked at, one after the other."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="approval")


def _title(action: Action, code: str) -> str:
    if code == _PAST_EXPIRY:
        return _("Past its day needs a manager")
    titles = {
        Action.REFUND: _("A refund needs a manager"),
        Action.VOID: _("A void needs a manager"),
        Action.PRICE: _("Another price needs a manager"),
        Action.OVER_LIMIT: _("Beyond the credit limit"),
        Action.CLOSE_DRAWER: _("The close needs a manager"),
        Action.CASH_OUT: _("Cash out needs a manager"),
        Action.PURCHASE: _("An order needs a manager"),
        Action.RECEIVE_GOODS: _("Goods in needs a manager"),
        Action.TRANSFER_STOCK: _("A transfer needs a manager"),
        Action.ADJUST_STOCK: _("An adjustment needs a manager"),
        Action.STOCK_COUNT: _("A stock count needs a manager"),
        Action.EXPENSE: _("An expense needs a manager"),
        Action.MOVE_MONEY: _("Moving money needs a manager"),
        Action.CREDIT_NOTE: _("A credit note needs a manager"),
        Action.PARTY_MONEY: _("Paying out needs a manager"),
        Action.BACKDATE: _("The date needs a manager"),
    }
    # What no screen asks for yet has no title of its own.
    return titles.get(action, said(_GENERAL).spoken)


class ApprovalSheet(Sheet):
    """A PIN, and why it is asked; whose PIN it is need not be said."""

    #: Nobody who may approve it is here: they are asked from afar.
    from_afar = Signal()

    def __init__(self, session: Session, asking: Asking, approved: Callable[[Approval], object]) -> None:
        reason, action = asking.reason, asking.action
        self._session, self._action, self._approved = session, action, approved
        self._check_running: Future[Approval] | None = None
        body = QWidget()
        hint = _("Whoever may approve it types their PIN.")
        self.pin = PinField(_("PIN"), _PIN_MOST, shown=_PIN_SHOWN)
        self.afar = QuietButton(_("Nobody is here: ask from afar"), _AFAR_KEY, "smartphone")
        self.afar.clicked.connect(self._ask_from_afar)
        super().__init__(
            session.overlay_parent(),
            _title(action, reason.code),
            _("Approve"),
            _("Back"),
            body=body,
            explanation=hint if reason.code == _GENERAL else f"{reason.spoken} {hint}",
            dismiss_name=_("Dismiss"),
        )
        self.pad = Keypad(PIN, backspace_name=_("Take back"), enter_name=_("Approve"))
        self.pad.enter.connect(self.primary.click)
        self.pad.digit.connect(self.pin.type_digits)
        self.pad.backspace.connect(self.pin.backspace)
        body.setLayout(column(self.pin, self.pad, self.afar, spacing=Space.M))
        # Shown before it had its place, it would be a window of its own for a moment.
        self.afar.setVisible(bool(asking.request_id))
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._looked)
        # What was said of the last PIN stays until another is typed.
        self.pin.changed.connect(self.banner.dismiss)
        self.accepted.connect(self._check)

    def checking(self) -> bool:
        """Whether a PIN is being looked at; what is typed meanwhile is kept."""
        return self._check_running is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F2 and self.afar.isVisible() and not event.isAutoRepeat():
            self.afar.click()
            event.accept()
            return
        super().keyPressEvent(event)

    def _ask_from_afar(self) -> None:
        """Close without giving up: the question goes on in another sheet."""
        if self.checking():
            return
        self.close_sheet()
        self.from_afar.emit()

    def take_typed(self, text: str) -> None:
        self.pin.setFocus()
        self.pin.type_digits(text)

    def _check(self) -> None:
        """Look whose PIN it is, beside the window: every hash takes its time, and there may be many."""
        pin = self.pin.pin()
        if self._check_running is not None or not pin:
            return
        self.pin.clear()
        self.banner.dismiss()
        self.primary.set_text(_("One moment"))
        self._check_running = _checks().submit(self._session.till.sign_in.approve, pin, self._action)
        self._look.start()

    def _looked(self) -> None:
        running = self._check_running
        if self.isHidden():
            # Given up: Qt takes the sheet away a moment later, and what is found is nobody's answer.
            self._look.stop()
            return
        if running is None or not running.done():
            return
        self._look.stop()
        self._check_running = None
        self.primary.set_text(_("Approve"))
        try:
            approval = running.result()
        except BohariError as error:
            self.refuse(error.sentence)
            return
        self.close_sheet()
        self._approved(approval)


def show_approval(
    session: Session,
    asking: Asking,
    approved: Callable[[Approval], object],
    given_up: Callable[[], object] | None,
) -> None:
    """Ask for a manager's PIN, or on their key for an answer from afar; `given_up` is called for neither."""
    sheet = ApprovalSheet(session, asking, approved)

    def afar() -> None:
        try:
            other = AfarSheet(session, asking, _title(asking.action, asking.reason.code), approved)
        except BohariError as error:
            session.refuse(error.sentence)
            if given_up is not None:
                given_up()
            return
        _show(session, other, given_up)

    sheet.from_afar.connect(afar)
    _show(session, sheet, given_up)


def _show(session: Session, sheet: Sheet, given_up: Callable[[], object] | None) -> None:
    if given_up is not None:
        sheet.rejected.connect(given_up)
    session.show_sheet(sheet)
