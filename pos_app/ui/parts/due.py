"""Owns the choice of the day on which an invoice is due: days from today, by tile or typed, and the date."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_app.language import _, plural
from pos_app.ledger.day import later, to_date
from pos_app.ui.arrange import column, line
from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.label import Label
from pos_app.ui.kit.scale import px
from pos_app.ui.kit.tokens import Size, Weight
from pos_app.ui.session import Session

#: Terms that depots give, in days; the customer's own come first.
_USUAL = (0, 7, 14, 30, 60)
_MOST_TILES = 5
_FIELD_WIDTH = 96
#: Two hundred years and more: a number of days, whatever was meant, is still a date.
_MOST_DIGITS = 5


def day_words(day: int) -> str:
    """A day as people write it here: 21.12.2026."""
    return to_date(day).strftime("%d.%m.%Y")


class DueDays(QWidget):
    """In how many days it is due; `changed` when another number stands there."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._terms = 0
        self._offered: list[int] = []
        self.field = AmountField(_("Due in how many days?"), 0, Size.LEAD, most_digits=_MOST_DIGITS)
        self.tiles: list[OptionTile] = []
        tiles = line()
        for number in range(_MOST_TILES):
            tile = OptionTile("", centred=True, height=px(52))
            tile.setObjectName(f"due-{number}")
            tile.clicked.connect(lambda _checked=False, at=number: self.field.set_minor(self._offered[at]))
            self.tiles.append(tile)
            tiles.addWidget(tile)
        self.field.setObjectName("due-days")
        self.field.setFixedWidth(px(_FIELD_WIDTH))
        self.field.setMinimumHeight(px(48))
        self.field.changed.connect(self._show)
        self.date = Label("", Size.LEAD, "text", Weight.SEMIBOLD, tabular=True)
        self.date.setObjectName("due-date")
        self._terms_words = Label("", Size.CAPTION, "muted")
        typed = line(Label(_("Due in days"), Size.BODY), self.field, self.date, 1)
        self.setLayout(column(self._terms_words, tiles, typed))

    def begin(self, terms_days: int) -> None:
        """Offer a customer's terms and the usual ones; theirs stand in the field."""
        self._terms = terms_days
        self._offered = list(dict.fromkeys((terms_days, *_USUAL)))[:_MOST_TILES]
        for tile, days in zip(self.tiles, self._offered, strict=False):
            tile.set_text(_("Today") if days == 0 else plural(days, "{count} day", "{count} days"))
        terms = plural(terms_days, "{count} day", "{count} days")
        self._terms_words.set_text(
            _("The terms of this customer: {terms}", terms=terms)
            if terms_days
            else _("This customer has no terms of payment; say when it is due")
        )
        self.field.set_minor(None)
        self.field.set_minor(terms_days)

    def days(self) -> int:
        """Days from today; an empty field is the customer's terms."""
        found = self.field.minor()
        return self._terms if found is None else found

    def due_on(self) -> int:
        """The day, YYYYMMDD."""
        return later(self._session.till.today, self.days())

    def _show(self) -> None:
        self.date.set_text(_("due {date}", date=day_words(self.due_on())))
        for tile, days in zip(self.tiles, self._offered, strict=False):
            tile.set_selected(days == self.days())
        self.changed.emit()
