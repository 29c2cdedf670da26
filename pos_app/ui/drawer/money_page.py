"""Owns what a close asks beside the cash: M-Pesa, bank, card, vouchers, cheques, ticked or as a sum."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.language import _
from pos_app.ledger.line import TenderKind
from pos_app.till.drawer.drawer import Found, Payment
from pos_app.till.drawer.money_count import PaymentKey
from pos_app.ui.arrange import SumLine, column, line
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.table import Cell, Column, Table
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.session import Session

_TICK = "✓"


def way_name(kind: TenderKind) -> str:
    """How it was paid, in words."""
    return {
        TenderKind.MPESA: _("M-Pesa"),
        TenderKind.BANK: _("Bank"),
        TenderKind.CARD: _("Card"),
        TenderKind.VOUCHER: _("Voucher"),
        TenderKind.CHEQUE: _("Cheque"),
    }.get(kind, kind.value)


class MoneyPage(QWidget):
    """Each payment that is no cash; `fixed` when the person stands by what they ticked."""

    fixed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("drawer-money")
        self._session = session
        self._payments: list[Payment] = []
        self._ticked: set[PaymentKey] = set()
        self._sure: set[PaymentKey] = set()
        self._sums: dict[TenderKind, int] = {}
        self.table = Table(
            _("Payments of this shift"),
            [
                Column("", width=34, weight=Weight.BOLD, tone="ok"),
                Column(_("how")),
                Column(_("code"), stretch=True, weight=Weight.SEMIBOLD),
                Column(_("receipt"), tone="muted"),
                Column(_("time"), tone="muted"),
                Column(session.till.currency.code, right=True, weight=Weight.SEMIBOLD),
            ],
        )
        self.table.setObjectName("payments-to-tick")
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.fix_button = PrimaryButton(_("Fix the count"), "F12", bind=False)
        self.fix_button.setObjectName("fix-money")
        self.fix_button.clicked.connect(self.fixed)
        self.sums: list[SumLine] = []
        self._sums_at = column(spacing=Space.S)
        panel = Card(padding=Space.M)
        panel.add(self.table, 1)
        whole = line(panel, self._side(), spacing=Space.XL)
        whole.setStretch(0, 2)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _side(self) -> QVBoxLayout:
        found = Card(padding=Space.XXL)
        found.add(Label(_("Found so far"), Size.SMALL, "muted"))
        found.add_layout(self._sums_at)
        self.confirmed_words = Label("", Size.SMALL, "ok", Weight.SEMIBOLD)
        self.confirmed_words.setObjectName("confirmed-payments")
        found.add(self.confirmed_words)
        found.add(
            Paragraph(
                _(
                    "Hold each payment against the telephone, the statement or the slip, and tick it. What "
                    "nobody finds is told on the Z; it stays in the books until somebody settles it."
                ),
                Size.SMALL,
            )
        )
        return column(found, 1, self.fix_button, spacing=Space.L)

    # -- what it holds ---------------------------------------------------------------------------

    def begin(self, payments: Sequence[Payment], *, anew: bool) -> None:
        """Show what is to be ticked; what was ticked stays, but for a new close."""
        if anew:
            self._ticked, self._sums, self._sure = set(), {}, set()
        self._payments = list(payments)
        # What the provider said is found already, once; the rest is looked up.
        sure_now = {one.key for one in self._payments if one.confirmed} - self._sure
        self._ticked |= sure_now
        self._sure |= sure_now
        by_code = [one for one in self._payments if one.kind is TenderKind.MPESA]
        sure = sum(one.confirmed for one in by_code)
        words = _("M-Pesa confirmed: {sure} of {all}", sure=sure, all=len(by_code))
        self.confirmed_words.setVisible(bool(sure))
        self.confirmed_words.set_text(words)
        self._show(self.table.selected() or 0)
        self.setFocus(Qt.FocusReason.TabFocusReason)

    def take(self, money: Found) -> None:
        """Go on with what was found before the till went down."""
        self._ticked, self._sums = set(money.ticked), dict(money.sums)

    def found(self) -> Found:
        """What the person found."""
        return Found(frozenset(self._ticked), dict(self._sums))

    def counted(self, kind: TenderKind) -> int:
        """What was found of a kind, in minor units."""
        if kind in self._sums:
            return self._sums[kind]
        return sum(one.amount for one in self._payments if one.kind is kind and one.key in self._ticked)

    def expected(self, kind: TenderKind) -> int:
        """What the payments of a kind come to, in minor units."""
        return sum(one.amount for one in self._payments if one.kind is kind)

    def kinds(self) -> list[TenderKind]:
        """The ways in which this shift was paid, as they stand in the list."""
        return list(dict.fromkeys(one.kind for one in self._payments))

    def differs(self) -> bool:
        """Whether something was not found, or more than there should be."""
        return any(self.counted(kind) != self.expected(kind) for kind in self.kinds())

    def marked_kind(self) -> TenderKind | None:
        """The way of the payment that is marked."""
        at = self.table.selected()
        return self._payments[at].kind if at is not None and at < len(self._payments) else None

    # -- what a person does ----------------------------------------------------------------------

    def step(self, by: int) -> None:
        """Mark the next payment, or the one before."""
        at = (self.table.selected() or 0) + by
        if 0 <= at < len(self._payments):
            self.table.select(at)

    def tick(self) -> None:
        """Tick the marked payment, or take its tick away; the next one is marked."""
        at = self.table.selected()
        if at is None or at >= len(self._payments):
            return
        one = self._payments[at]
        self._sums.pop(one.kind, None)
        self._ticked ^= {one.key}
        self._show(min(at + 1, len(self._payments) - 1) if one.key in self._ticked else at)

    def tick_all(self) -> None:
        """Everything was found."""
        self._sums.clear()
        self._ticked = {one.key for one in self._payments}
        self._show(self.table.selected() or 0)

    def tick_scanned(self, code: str) -> bool:
        """Tick the payment of a scanned voucher or receipt; says whether there is one."""
        wanted = code.strip().upper()
        for at, one in enumerate(self._payments):
            if (
                wanted
                and wanted in (one.reference.upper(), one.number.upper())
                and one.key not in self._ticked
            ):
                self.table.select(at)
                self.tick()
                return True
        return False

    def count_sum(self, kind: TenderKind, amount: int) -> None:
        """A kind was counted as a sum, in minor units, in place of its ticks."""
        self._sums[kind] = amount
        self._ticked -= {one.key for one in self._payments if one.kind is kind}
        self._show(self.table.selected() or 0)

    def _show(self, marked: int) -> None:
        money = self._session.money
        self.table.set_lines(
            [
                [
                    _TICK if one.key in self._ticked else "",
                    way_name(one.kind),
                    one.reference or "–",
                    one.number,
                    one.time,
                    Cell(money(one.amount), "bad") if one.amount < 0 else money(one.amount),
                ]
                for one in self._payments
            ]
        )
        if self._payments:
            self.table.select(marked)
        while self.sums:
            row = self.sums.pop()
            self._sums_at.removeWidget(row)
            row.hide()
            row.deleteLater()
        for kind in self.kinds():
            counted, expected = self.counted(kind), self.expected(kind)
            row = SumLine("", "ok" if counted == expected else "warn", Size.BODY)
            row.say(_("{way} of {expected}", way=way_name(kind), expected=money(expected)), money(counted))
            row.amount.setMinimumWidth(row.amount.sizeHint().width())
            self._sums_at.addWidget(row)
            self.sums.append(row)
