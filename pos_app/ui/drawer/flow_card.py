"""Owns the card that says why that much is expected in the drawer: the cash of the shift by reason."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.till.drawer.drawer_flows import Flow
from pos_app.ui.arrange import SumLine, column
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.column import Line
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.scroll import Scroll
from pos_app.ui.session import Session

#: So high that the smallest window still holds it; more reasons than that are scrolled.
_TALLEST = 430


def flow_name(reason: str) -> str:
    """A reason for which cash came or went, in words."""
    names = {
        "float": _("Float"),
        "sale": _("Sales in cash"),
        "payment": _("Payments received"),
        "refund": _("Refunds"),
        "pay_in": _("Cash in"),
        "pay_out": _("Cash out"),
        "expense": _("Expenses"),
        "drawing": _("Drawn by the owner"),
        "deposit_return": _("Deposits paid back"),
        "employee_advance": _("Advances to staff"),
        "employee_repayment": _("Repayments of staff"),
        "member_deposit": _("Deposits of members"),
        "member_withdrawal": _("Withdrawals of members"),
        "member_share": _("Shares bought"),
        "member_share_return": _("Shares returned"),
        "customer_deposit": _("Deposits of customers"),
        "customer_deposit_return": _("Deposits given back"),
        "customer_credit_return": _("Credit paid out"),
        "vendor_prepayment_return": _("Money back from vendors"),
        "transfer_in": _("Moved into the drawer"),
        "transfer_out": _("Moved out of the drawer"),
        "safe_drop": _("To the safe"),
        "reversal": _("Voids"),
    }
    return names.get(reason, _("Other"))


class FlowCard(Card):
    """One line a reason, and below them what is expected."""

    def __init__(self, session: Session) -> None:
        super().__init__(padding=Space.XXL)
        self.setObjectName("flows")
        self._session = session
        self.body.setSpacing(Space.S)
        self.lines: list[SumLine] = []
        code = session.till.currency.code
        self.add(
            Label(_("Cash of this shift {currency}", currency=code), Size.SMALL, "muted", Weight.SEMIBOLD)
        )
        floor = QWidget()
        self._rows = column(spacing=Space.S)
        floor.setLayout(self._rows)
        self._scroll = Scroll(floor)
        self._expected = SumLine("", "text", Size.BODY)
        self.add(self._scroll)
        self.add(Line())
        self.add(self._expected)

    def show_flows(self, flows: Sequence[Flow]) -> None:
        """Show these reasons; they come to what is expected."""
        money = self._session.money
        while self.lines:
            row = self.lines.pop()
            self._rows.removeWidget(row)
            row.deleteLater()
        for flow in flows:
            row = SumLine("", "text", Size.BODY)
            name = flow_name(flow.reason)
            row.say(f"{name} ({flow.times:,})" if flow.times > 1 else name, money(flow.amount))
            # A sum is never cut: the words beside it give way.
            row.amount.setMinimumWidth(row.amount.sizeHint().width())
            self._rows.addWidget(row)
            self.lines.append(row)
        self._scroll.setFixedHeight(min(self._rows.sizeHint().height(), px(_TALLEST)))
        self._expected.say(_("Expected"), money(sum(flow.amount for flow in flows)))
