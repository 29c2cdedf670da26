"""Owns the founding of a shop that is one PC: with what it begins, its names, its owner and their PIN."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_app.language import _
from pos_app.ui.arrange import line
from pos_app.ui.first_start.deeds import FoundedShop, ShopWish, Step, Template
from pos_app.ui.first_start.page import Page, Wizard, line_to_write
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.scale import px

_EMPTY = "empty"
_TILE_HEIGHT = 60


class ShopPage(Page):
    """The template, which F4 changes for the next, and the lines below; Enter goes from line to line and,
    in the last one, founds.
    """

    name = "first-shop"

    def __init__(self, wizard: Wizard, founded: "FoundedKeeper") -> None:
        super().__init__(
            wizard,
            _("Your shop"),
            _("F4 changes with what it begins. Names can change later; the currency stays."),
            _("Found the shop"),
        )
        self._founded = founded
        self._templates: Sequence[Template] = wizard.deeds.templates()
        self.tile = OptionTile("", "boxes", "F4", detail=" ", height=px(_TILE_HEIGHT))
        self.tile.setObjectName("first-template")
        self.tile.clicked.connect(self.next_template)
        self.organisation = line_to_write("first-organisation", _("Name of the shop"), "store")
        self.business = line_to_write("first-business", _("Name on receipts"), "receipt")
        self.depot = line_to_write("first-depot", _("Where you sell"), "warehouse")
        self.currency = line_to_write("first-currency", _("Currency, three letters"), "banknote")
        self.zone = line_to_write("first-zone", _("Time zone: Africa/Nairobi"), "clock")
        self.owner = line_to_write("first-owner", _("Your name"), "user")
        self.pin = line_to_write("first-pin", _("A PIN, 6 to 8 figures"), "lock", hidden=True)
        self.again = line_to_write("first-pin-again", _("The same PIN again"), "lock", hidden=True)
        self.password = line_to_write(
            "first-password", _("A password for the browser, or nothing yet"), "lock", hidden=True
        )
        self.fields: tuple[QLineEdit, ...] = (
            self.organisation, self.business, self.depot, self.currency, self.zone, self.owner,
            self.pin, self.again, self.password,
        )  # fmt: skip
        self.lay_out(
            self.tile,
            line(self.organisation, self.business),
            line(self.depot, self.owner),
            line(self.currency, self.zone),
            line(self.pin, self.again),
            self.password,
        )
        self._chosen = 0
        if self._templates:
            self.choose(0)

    def choose(self, number: int) -> None:
        """Begin with this template."""
        before = self._templates[self._chosen]
        one = self._templates[number]
        self._chosen = number
        self.tile.set_text(*_words(one.name))
        self.tile.set_selected(True)
        # What the one before said is replaced; what a person typed stays.
        for field, was, new in (
            (self.business, before.business_name, one.business_name),
            (self.depot, before.depot_name, one.depot_name),
            (self.currency, before.currency, one.currency),
            (self.zone, before.time_zone, one.time_zone),
        ):
            if field.text() in ("", was):
                field.setText(new)
        for field in (self.currency, self.zone):
            field.setEnabled(one.name == _EMPTY)
        if one.name != _EMPTY:
            self.currency.setText(one.currency)
            self.zone.setText(one.time_zone)

    def next_template(self) -> None:
        """The template after the one that is chosen."""
        if not self._templates:
            return
        self.choose((self._chosen + 1) % len(self._templates))

    def entered(self) -> None:
        self.organisation.setFocus()
        if not self._templates:
            self._refuse_without()

    def _refuse_without(self) -> None:
        self.wizard.refuse(
            _("Only the till is installed on this PC. Install bohari-server too, then start again.")
        )

    def own_keys(self) -> list[KeyAction]:
        return [
            KeyAction("F4", _("Begin with"), self.next_template),
            KeyAction("Tab", _("Next line"), self._next, bind=False),
        ]

    def _next(self) -> bool:
        """The keyboard to the next line that can be written in; says whether there was one."""
        open_ = [one for one in self.fields if one.isEnabled()]
        at = next((number for number, one in enumerate(open_) if one.hasFocus()), -1)
        if at + 1 >= len(open_):
            return False
        self.show_field(open_[at + 1])
        open_[at + 1].selectAll()
        return True

    def key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._next():
            return True
        return super().key(event)

    def go_on(self) -> None:
        if not self._templates:
            self._refuse_without()
            return
        for field, words in (
            (self.organisation, _("What is the shop called?")),
            (self.owner, _("What is your name?")),
            (self.pin, _("Choose a PIN; with it you open the till.")),
        ):
            if not field.text().strip():
                self.show_field(field)
                self.wizard.refuse(words)
                return
        if self.pin.text() != self.again.text():
            self.again.clear()
            self.show_field(self.again)
            self.wizard.refuse(_("The two PINs differ; type the second one again."))
            return
        wish = ShopWish(
            self._templates[self._chosen].name,
            self.organisation.text().strip(),
            self.business.text().strip(),
            self.depot.text().strip(),
            self.currency.text().strip(),
            self.zone.text().strip(),
            self.owner.text().strip(),
            self.pin.text(),
            self.password.text(),
        )
        self.wizard.do(
            _("The shop is founded; this takes a minute…"), lambda: self.wizard.deeds.found(wish), self._done
        )

    def _done(self, made: FoundedShop) -> None:
        for field in (self.pin, self.again, self.password):
            field.clear()
        self._founded.shop = made
        self.wizard.go(Step.KEY)


class FoundedKeeper:
    """Hands what was founded from the page that founded it to the page that shows its key."""

    def __init__(self) -> None:
        self.shop: FoundedShop | None = None


def _words(template: str) -> tuple[str, str]:
    """What a template is called, and what is in it."""
    return {
        "lpg-singapore": (
            _("LPG in Singapore"),
            _("Cylinders with deposits, gas by meter, service; dollars, GST in the price."),
        ),
        "depots-kenya": (
            _("Depots in Kenya"),
            _("Water refill, laundry, LPG and retail; shillings, VAT in the price."),
        ),
        _EMPTY: (
            _("Nothing but the frame"),
            _("One business, one depot; you say the currency and the rest."),
        ),
    }.get(template, (template, ""))
