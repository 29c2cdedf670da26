"""Owns what ordering and receiving without an order share: a vendor, a currency, and what one costs."""

from functools import partial

from pos_app.language import _
from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import grouped_text
from pos_app.ledger.quantity import extend
from pos_app.till.purchasing.ordering import Ordered
from pos_app.till.receivables.customer import Party
from pos_app.till.selling.catalogue import Product
from pos_app.till.session.exchange import Rate
from pos_app.ui.arrange import SumLine
from pos_app.ui.entry.entry import EntryScreen
from pos_app.ui.entry.lines import FieldHead, GoodsLines
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.kit.tokens import Size
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.sheets.finding import ask_one, party_row


class PricedScreen(EntryScreen):
    """Lines with a quantity and a unit cost in the vendor's currency."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._vendor: Party | None = None
        self._rate: Rate | None = None
        self.vendor = OptionTile("", "store", "F4")
        self.vendor.setObjectName("goods-vendor")
        self.vendor.setCheckable(False)
        self.vendor.clicked.connect(self.choose_vendor)
        self.sum = SumLine(size=Size.LEAD, tone="text")

    def make_lines(self, quantity: str, empty_text: str, *more: FieldHead) -> GoodsLines:
        """Lines with a quantity and a cost field in the currency at hand, and `more` fields behind them."""
        places = self.currency.exponent
        lines = GoodsLines(
            _("product"),
            (),
            (FieldHead(quantity), FieldHead(_("cost of one"), places), *more),
            empty_text,
            remove_words=_("Take out"),
        )
        lines.changed.connect(self.show_sum)
        return lines

    # -- whom, and in which currency -------------------------------------------------------------

    @property
    def currency(self) -> Currency:
        """The currency of the costs."""
        return self.session.till.currency if self._rate is None else self._rate.currency

    def vendor_keys(self) -> list[KeyAction]:
        """The keys of vendor, paper and currency."""
        keys = [
            KeyAction("F4", _("Vendor"), self.choose_vendor),
            KeyAction("F5", self.note.placeholderText(), self.note.setFocus),
        ]
        if self.session.till.rates():
            keys.append(KeyAction("F7", _("Currency"), self.choose_currency))
        return keys

    def choose_vendor(self) -> None:
        """Of whom?"""

        def chosen(vendor: Party) -> Next:
            self._vendor = vendor
            return self._chosen

        ask_one(
            self.session,
            (_("Which vendor?"), _("Code or name"), _("Choose")),
            lambda words: self.session.till.parties.search(PartyRole.VENDOR, words),
            lambda vendor: party_row(vendor, "store"),
            chosen,
        )

    def choose(self, vendor: Party) -> None:
        """It is this vendor."""
        self._vendor = vendor
        self.show_vendor()

    def _chosen(self) -> None:
        self.show_vendor()
        self.search.take_keyboard()

    def show_vendor(self) -> None:
        """Say who it is, and in which currency."""
        if self._vendor is None:
            self.vendor.set_text(_("Choose a vendor"), _("F4 finds one by name or code"))
        else:
            self.vendor.set_text(self._vendor.name, self._vendor.code)
        self.show_sum()

    def choose_currency(self) -> None:
        """In which currency are the costs?"""
        rates = self.session.till.rates()
        home = self.session.till.currency.code
        rows = [Row(-1, home, icon="banknote")]
        rows += [
            Row(number, rate.currency.code, "", rate.text(rate.currency.scale), icon="banknote")
            for number, rate in enumerate(rates)
        ]
        sheet = ChoiceSheet(self.session, _("Currency"), "", _("Choose"), rows)

        def answer() -> Next:
            chosen = sheet.value()
            at = chosen if isinstance(chosen, int) else -1
            return partial(self.use_rate, None if at < 0 else rates[at])

        self.session.ask(sheet, answer)

    def use_rate(self, rate: Rate | None) -> None:
        """From now on costs are in this currency; those that were entered are turned into it."""
        before, self._rate = self._rate, rate
        costs = self.lines.values(1)
        for key, cost in costs.items():
            home = cost if cost is None or before is None else before.in_home(cost)
            self.set_cost(key, home)
        self.show_sum()
        self.search.take_keyboard()

    def set_cost(self, key: int, home_cost: int | None) -> None:
        """Fill in what one costs, given in the home currency."""
        field = self.lines.field(key, 1)
        field.set_places(self.currency.exponent)
        if home_cost is None:
            field.clear()
        else:
            field.set_minor(home_cost if self._rate is None else self._rate.from_home(home_cost))

    # -- lines -----------------------------------------------------------------------------------

    def started(self, product: Product) -> None:
        try:
            cost = self.session.till.receiving.last_cost(product.product_id)
        except BohariError as error:
            self.session.refuse(error.sentence)
            cost = None
        self.set_cost(product.product_id, cost)

    def total(self) -> int:
        """What all lines cost, in minor units of the currency at hand."""
        quantities, costs = self.lines.values(), self.lines.values(1)
        return sum(extend(costs[key] or 0, quantity or 0) for key, quantity in quantities.items())

    def show_sum(self) -> None:
        """Say what all lines cost."""
        code = self.currency.code
        self.sum.say(_("Total {currency}", currency=code), grouped_text(self.total(), self.currency))

    def clear(self) -> None:
        super().clear()
        self._vendor, self._rate = None, None
        self.show_vendor()

    def needed(self) -> tuple[Party, dict[int, Ordered], str]:
        """Vendor, lines and currency code.  Raises `Refused` for what is missing."""
        quantities, costs = self.quantities(), self.lines.values(1)
        if self._vendor is None:
            raise Refused("no-vendor-chosen")
        products = {}
        for one in self.lines.lines():
            cost = costs[one.key]
            if cost is None:
                self.lines.go(one.key, 1)
                raise Refused("line-without-cost", what=one.title)
            products[one.product_id] = Ordered(quantities[one.key], cost)
        return self._vendor, products, "" if self._rate is None else self._rate.currency.code
