"""Owns the opening of the drawer: the float that is put in."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_app.language import _
from pos_app.ui.arrange import column, line
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.keypad import DECIMAL, Keypad
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.session import Session

_WIDTH = 700


class OpenPage(QWidget):
    """How much lies in the drawer when the shift begins?"""

    #: An amount in minor units: Qt's int is C's, and 50,000,000.00 would arrive as another sum.
    opened = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("drawer-open")
        self._session = session
        currency = session.till.currency
        self.amount = AmountField(_("Float"), currency.exponent, Size.FIGURE)
        self.amount.setObjectName("float")
        self.open_button = PrimaryButton(_("Open the drawer"), "F12", bind=False)
        self.open_button.setObjectName("open-drawer")
        self.open_button.clicked.connect(self.open)
        pad = Keypad(DECIMAL, backspace_name=_("Take back"))
        pad.digit.connect(self.amount.type_digits)
        pad.backspace.connect(self.amount.backspace)
        title = Paragraph(_("Open the drawer"), Size.TITLE, "text", Weight.BOLD)
        text = Paragraph(
            _("Count what lies in the drawer and enter it as the float. It comes out of the safe."),
            Size.BODY,
        )
        caption = Label(_("Float {currency}", currency=currency.code), Size.SMALL, "muted")
        words = column(title, text, Space.L, caption, self.amount, 1, self.open_button)
        card = Card(padding=px(32))
        sides = line(words, pad, spacing=px(32))
        sides.setStretch(0, 1)
        sides.setStretch(1, 1)
        card.add_layout(sides)
        card.setFixedWidth(px(_WIDTH))
        card.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        whole = column(1, card, 1)
        whole.setAlignment(card, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(whole)

    def begin(self) -> None:
        """Take the keyboard; what the depot opens its drawers with stands there, to be typed over."""
        self.amount.set_minor(self._session.till.drawer.wanted_float())
        self.amount.setFocus()

    def open(self) -> None:
        """Say that the drawer is to be opened with what stands in the field."""
        self.opened.emit(self.amount.minor() or 0)
