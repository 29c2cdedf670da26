"""Owns the left of the expense screen: what was paid for, the sum, and the green way on."""

from collections.abc import Mapping, Sequence

from pos_app.language import _
from pos_app.till.drawer.expense import Spent
from pos_app.ui.arrange import SumLine, column, line
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.column import SideColumn
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.list_rows import Badge, Row, RowList
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.session import Session


class SpentColumn(SideColumn):
    """The lines of one expense."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.list = RowList(_("Expense"), empty_text=_("Choose at the right what was paid for"))
        self.list.setObjectName("spent")
        self.title = Label(_("Expense"), Size.LEAD, "text", Weight.BOLD)
        self._tax, self._rounding = SumLine(), SumLine()
        self.total = Figure("", Size.HERO, "accent")
        self.total.setObjectName("sum")
        self.action = PrimaryButton("", "F12", bind=False)
        self.action.setObjectName("record")
        self.add_layout(column(self.title, margin=Space.L))
        self.add_line()
        self.add(self.list, 1)
        self.add_line()
        words = Label(_("Total {currency}", currency=session.till.currency.code), Size.BODY, "text", 600)
        result = line(words, self.total)
        result.setStretch(1, 1)
        self.add_layout(
            column(self._tax, self._rounding, result, self.action, margin=Space.L, spacing=Space.S)
        )

    def show_lines(
        self, spent: Sequence[Spent], total: int, accounts: Mapping[str, str], rounding: int = 0
    ) -> None:
        """Show the lines, what they come to with the tax on top, and what coins pay more than that."""
        money = self._session.money
        self.list.set_rows(
            [
                Row(
                    number,
                    one.description,
                    money(one.amount),
                    accounts.get(one.account, one.account),
                    badges=tuple(Badge(word) for word in (one.tax_code, self._whose(one)) if word),
                )
                for number, one in enumerate(spent)
            ]
        )
        on_top = total - sum(one.amount for one in spent)
        self._tax.setVisible(bool(on_top))
        self._tax.say(_("Tax on top"), money(on_top))
        self._rounding.setVisible(bool(rounding))
        self._rounding.say(_("Cash rounding"), money(rounding))
        self.total.set_text(money(total + rounding))

    def _whose(self, spent: Spent) -> str:
        """The business, where it is another than the depot's."""
        place = self._session.till.place
        if spent.business_id in (None, place.business.business_id):
            return ""
        return next((one.name for one in place.businesses if one.business_id == spent.business_id), "")

    def selected(self) -> int | None:
        """The number of the marked line."""
        row = self.list.selected()
        return row.key if row is not None and isinstance(row.key, int) else None
