"""Owns the page that tells why so much of a product lies here: document by document, the newest first."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from pos_app.language import _
from pos_app.ledger.quantity import quantity_text
from pos_app.ui.arrange import column, line
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.table import Cell, Column, Table
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.session import Session


def kind_words(kind: str) -> str:
    """What a document is called in this list."""
    names = {
        "elsewhere": _("From the centre and other tills"),
        "sale": _("Sale"),
        "refund": _("Return"),
        "reversal": _("Void"),
        "invoice": _("Invoice"),
        "credit_note": _("Credit note"),
        "goods_receipt": _("Goods in"),
        "transfer_sent": _("Sent"),
        "transfer_received": _("Received"),
        "stock_count": _("Count"),
        "stock_adjustment": _("Adjustment"),
        "returnable": _("Cylinders and bottles"),
    }
    return names.get(kind) or kind.replace("_", " ")


class WhyPage(QWidget):
    """One product, line by line."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("stock-why-page")
        self._session = session
        self.name = Label("", Size.TITLE, "text", Weight.BOLD)
        self.here = Label("", Size.TITLE, "text", Weight.BOLD, tabular=True, right=True)
        self.table = Table(
            _("Why is it so?"),
            [
                Column(_("when"), tone="muted"),
                Column(_("document"), weight=Weight.SEMIBOLD),
                Column(_("what"), tone="muted", stretch=True),
                Column(_("change"), right=True),
                Column(_("here after it"), right=True, weight=Weight.SEMIBOLD),
            ],
            empty_text=_("Nothing ever moved here"),
        )
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        panel = Card(padding=Space.M)
        panel.add(self.table, 1)
        whole = column(line(self.name, 1, self.here), spacing=Space.L)
        whole.addWidget(panel, 1)
        self.setLayout(whole)

    def show_product(self, product_id: int, name: str, unit: str) -> None:
        """Explain a product.  Raises what the till raises."""
        steps = self._session.till.stock.explain(product_id)
        here = steps[-1].balance if steps else 0
        self.name.set_text(name)
        self.here.set_text(_("{count} {unit} here", count=quantity_text(here), unit=unit))
        self.here.set_tone("bad" if here < 0 else "text")
        lines: list[list[str | Cell]] = []
        for step in reversed(steps):
            when = ""
            if step.occurred_at is not None:
                when = self._session.local(step.occurred_at).strftime("%d.%m.%y %H:%M")
            # Only documents of this till stand here one by one: they bear the prefix of its depot.
            prefix = self._session.till.place.number_prefix if step.number else ""
            change = quantity_text(step.change)
            balance = quantity_text(step.balance)
            lines.append(
                [
                    when,
                    f"{prefix}{step.number}",
                    kind_words(step.kind),
                    change if step.change < 0 else f"+{change}",
                    Cell(balance, "bad") if step.balance < 0 else balance,
                ]
            )
        self.table.set_lines(lines)

    def step(self, by: int) -> None:
        """Mark the next line, or the one before."""
        count, at = len(self.table.lines()), self.table.selected()
        if count:
            self.table.select(max(0, min(count - 1, (-1 if at is None else at) + by)))
