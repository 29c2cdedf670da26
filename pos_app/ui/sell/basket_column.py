"""Owns the left of the sell screen: what the customer pays, line by line, and the total."""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import astuple
from PySide6.QtWidgets import QVBoxLayout

from pos_app.language import _, plural
from pos_app.ledger.day import to_date
from pos_app.ledger.pricing.rules import Level
from pos_app.ledger.quantity import ONE, extend, quantity_text
from pos_app.till.selling.basket_state import BasketLine, Totals
from pos_app.ui.arrange import SumLine, column, line
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.column import SideColumn
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.list_rows import Badge, Row, RowList
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.parts.customer_head import CustomerHead
from pos_app.ui.parts.pack_words import pack_words
from pos_app.ui.parts.promotion_words import promotion_badge
from pos_app.ui.sell.line_menu import returnable_rows
from pos_app.ui.sell.refill_keys import back_words
from pos_app.ui.session import Session

_MOST_KNOWN = 2000


#: Whose price it is, as its badge says it.
_LEVELS: Final[Mapping[Level, Callable[[], str]]] = {
    Level.CONTRACT: lambda: _("contract"),
    Level.CUSTOMER: lambda: _("customer's price"),
    Level.GROUP: lambda: _("group's price"),
    Level.DEPOT: lambda: _("depot's list"),
    Level.EVERYBODY: lambda: _("list"),
}


def note_words(note: str, *, inside: bool) -> str:
    """What is noted, and whether only we read it."""
    return _("“{note}”, not printed", note=note) if inside else f"“{note}”"


class BasketColumn(SideColumn):
    """Customer, lines, totals, and the green way to the money."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("basket-column")
        self._session = session
        self._known: dict[tuple[object, ...], Row] = {}
        self.head = CustomerHead()
        self.list = RowList(_("Basket"), empty_text=_("Scan, tap or type what is sold"))
        self.list.setObjectName("basket")
        self._items, self._tax = SumLine(), SumLine()
        self._note = Label("", Size.SMALL, "text")
        self._note.setObjectName("basket-note-shown")
        self._total_words = Label("", Size.BODY, "text", Weight.SEMIBOLD)
        self.total = Figure("", Size.FIGURE)
        self.total.setObjectName("total")
        self.pay = PrimaryButton(_("Pay"), "F12", bind=False)
        self.pay.setObjectName("pay")
        self.add(self.head)
        self.add_line()
        self.add(self.list, 1)
        self.add_line()
        self.add_layout(self._foot())

    def _foot(self) -> QVBoxLayout:
        sums = line(self._total_words, self.total)
        sums.setStretch(1, 1)
        return column(self._note, self._items, self._tax, sums, self.pay, margin=Space.L, spacing=Space.XS)

    def show_basket(self, select: int | None = None) -> None:
        """Show the lines and sums of the basket at hand; `select` is the line that was touched."""
        basket = self._session.basket
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        rows = [self._row(number, entry) for number, entry in enumerate(basket.lines)]
        self.list.set_rows([*rows, *returnable_rows(self._session)])
        if select is not None:
            self.list.select(select)
        elif rows and self.list.selected() is None:
            self.list.select(len(rows) - 1)
        self._show_totals(basket.totals())

    def selected(self) -> int | None:
        """The number of the selected line."""
        row = self.list.selected()
        return row.key if row is not None and isinstance(row.key, int) else None

    def returnable(self) -> int | None:
        """The product of the cylinder or bottle that is selected beside the goods."""
        row = self.list.selected()
        key = "" if row is None else str(row.key)
        return int(key.removeprefix("returnable-")) if key.startswith("returnable-") else None

    def _row(self, number: int, entry: BasketLine) -> Row:
        """The row of a line; only a line that changed is written anew."""
        is_past = self._session.basket.is_past(number)
        known = (number, is_past, *astuple(entry))
        row = self._known.get(known)
        if row is None:
            row = self._known[known] = self._written(number, entry, is_past=is_past)
        return row

    def _written(self, number: int, entry: BasketLine, *, is_past: bool) -> Row:
        money = self._session.money
        badges = []
        if entry.quantity < 0:
            badges.append(Badge(_("comes back"), "ok"))
        badges += self._price_badges(entry)
        if is_past:
            badges.append(Badge(_("past its date"), "warn"))
        detail = self._how_many(entry)
        back = back_words(entry)
        detail += f" · {back}" if back else ""
        # The day is of one length; a long batch is cut at its end.
        if entry.expires_on is not None:
            detail += f" · {_('until {day}', day=to_date(entry.expires_on).strftime('%d.%m.%Y'))}"
        if entry.batch:
            detail += f" · {_('lot {batch}', batch=entry.batch)}"
        name = self._session.till.baskets.list_name(entry.price_list_id)
        detail += f" · {name}" if name and self._is_listed(entry) else ""
        detail += f" · {note_words(entry.note, inside=entry.note_inside)}" if entry.note else ""
        return Row(number, entry.description, money(entry.extended), detail, tuple(badges))

    def _how_many(self, entry: BasketLine) -> str:
        """Quantity and price of one: of a pack, where the goods go in packs."""
        packed = entry.packed
        if packed is not None:
            price = self._session.money(extend(entry.price, packed.size))
            return f"{quantity_text(entry.quantity * ONE // packed.size)} × {pack_words(packed)} × {price}"
        unit = "" if entry.unit == "pc" else f" {entry.unit}"
        return f"{quantity_text(entry.quantity)}{unit} × {self._session.price(entry.price)}"

    @staticmethod
    def _is_listed(entry: BasketLine) -> bool:
        """Whether a list says what it costs, and no person."""
        return entry.unit_price == entry.list_price and entry.price_level != Level.BASE

    def _price_badges(self, entry: BasketLine) -> list[Badge]:
        """Whose price it is, where it is not the product's own: in words, so that nobody goes by colour."""
        money, found = self._session.money, []
        by = self._session.till.baskets.person_name(entry.price_approver) if entry.changed else ""
        if entry.unit_price != entry.list_price:
            found.append(Badge(_("price by {name}", name=by) if by else _("price changed"), "warn"))
        elif entry.price_level != Level.BASE:
            found.append(Badge(_LEVELS[Level(entry.price_level)](), "ok"))
            if entry.price_break:
                found.append(Badge(_("from {quantity}", quantity=quantity_text(entry.price_break)), "ok"))
        promotion_id, promotion = entry.lowered_by
        if promotion_id is not None:
            found.append(promotion_badge(promotion, money(-entry.reduction)))
        elif entry.discount:
            given = f"{money(-entry.discount)} · {by}" if by else money(-entry.discount)
            found.append(Badge(given, "warn"))
        return found

    def _show_totals(self, totals: Totals) -> None:
        money = self._session.money
        items = plural(totals.items, "{count} line", "{count} lines")
        if totals.discount:
            self._items.say(f"{items} · {_('discount')}", money(-totals.discount))
        else:
            self._items.say(items, "")
        state = self._session.basket.state
        self._note.setVisible(bool(state.note))
        self._note.set_text(note_words(state.note, inside=state.note_inside) if state.note else "")
        lines = self._session.basket.lines
        rates = {entry.tax_rate_bp for entry in lines if entry.tax_rate_bp}
        included = all(entry.tax_inclusive for entry in lines)
        rate = f" {rates.pop() / 100:g} %" if len(rates) == 1 else ""
        words = _("VAT{rate} included", rate=rate) if included else _("VAT{rate} added", rate=rate)
        self._tax.say(words, money(totals.tax_total))
        code = self._session.till.currency.code
        back = totals.total < 0
        self._total_words.set_text(
            _("To hand back {currency}", currency=code) if back else _("Total {currency}", currency=code)
        )
        self.total.set_text(money(abs(totals.total)))
        only_empties = not lines and bool(self._session.basket.state.returnables)
        self.pay.set_text(_("Hand back") if back else _("Write it down") if only_empties else _("Pay"))
        self.pay.setEnabled(bool(lines) or only_empties)
