"""Owns the approval: a manager is chosen, types their PIN, and the action is tried again in their name."""

from collections.abc import Callable

from PySide6.QtWidgets import QGridLayout, QWidget

from pos_app.language import Sentence, _, kept_code, said
from pos_app.ledger.errors import BohariError
from pos_app.till.session.sign_in import Action, Approval
from pos_app.ui.arrange import column
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.keypad import TELEPHONE, Keypad
from pos_app.ui.kit.pin_field import PinField
from pos_app.ui.kit.tokens import Space
from pos_app.ui.session import Session

_PIN_MOST = 8
_PIN_SHOWN = 6
#: The code where there is no more to say than that a manager is needed.
_GENERAL = kept_code("needs-approval")


def _title(action: Action) -> str:
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
    }
    # What no screen asks for yet has no title of its own.
    return titles.get(action, said(_GENERAL).spoken)


class ApprovalSheet(Sheet):
    """Managers, a PIN, and why it is asked."""

    def __init__(
        self, session: Session, reason: Sentence, action: Action, approved: Callable[[Approval], object]
    ) -> None:
        self._session, self._action, self._approved = session, action, approved
        self._people = session.till.sign_in.approvers()
        body = QWidget()
        hint = _("Choose a manager, then type their PIN.")
        self.pin = PinField(_("PIN"), _PIN_MOST, shown=_PIN_SHOWN)
        super().__init__(
            session.overlay_parent(),
            _title(action),
            _("Approve"),
            _("Back"),
            body=body,
            explanation=hint if reason.code == _GENERAL else reason.spoken,
            dismiss_name=_("Dismiss"),
        )
        self.pad = Keypad(TELEPHONE, backspace_name=_("Take back"), enter_name=_("Approve"))
        self.pad.enter.connect(self.primary.click)
        self.pad.digit.connect(self.pin.type_digits)
        self.pad.backspace.connect(self.pin.backspace)
        self._tiles: list[OptionTile] = []
        grid = QGridLayout()
        grid.setSpacing(Space.M)
        for number, person in enumerate(self._people):
            tile = OptionTile(person.name, initials_of=person.name, height=56)
            tile.clicked.connect(lambda _checked=False, at=number: self.choose(at))
            tile.setObjectName(f"approver-{person.code}")
            grid.addWidget(tile, number // 2, number % 2)
            self._tiles.append(tile)
        body.setLayout(column(grid, self.pin, self.pad, spacing=Space.M))
        self.choose(0)
        self.accepted.connect(self._check)

    def choose(self, number: int) -> None:
        """Say which manager approves."""
        self._chosen = number
        for at, tile in enumerate(self._tiles):
            tile.set_selected(at == number)
        self.pin.clear()
        self.pin.setFocus()

    def _check(self) -> None:
        if not self._people:
            self.refuse(_("Nobody here may approve this; ask the office."))
            return
        person = self._people[self._chosen]
        try:
            approval = self._session.till.sign_in.approve(person.person_id, self.pin.pin(), self._action)
        except BohariError as error:
            self.pin.clear()
            self.refuse(error.sentence)
            return
        self.close_sheet()
        self._approved(approval)
