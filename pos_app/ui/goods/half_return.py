"""Owns the return of cylinders that are partly full: each is weighed, the gas that is left is credited.

Decisions
---------
2026-11-21  Every cylinder is a line of its own, for each has its own weight and its own tare on its collar.
Under which product the cylinder itself comes back is asked once for a gas, and so is what a full one holds:
the next of the same kind has them already.
"""

from typing import Final

from pos_app.language import _
from pos_app.ledger.cylinder import gas_left
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.line import TenderKind, Weighed
from pos_app.ledger.money import round_to_cash
from pos_app.ledger.quantity import ONE
from pos_app.till.receivables.customer import Party
from pos_app.till.selling.catalogue import Product
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.till.stock.half_returns import Half
from pos_app.ui.arrange import SumLine
from pos_app.ui.entry.entry import EntryScreen, Write, check_goods, product_detail
from pos_app.ui.entry.line_row import GoodsLine
from pos_app.ui.entry.lines import FieldHead, GoodsLines
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.kit.tokens import Size
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.sheets.finding import ask_customer, ask_one
from pos_app.ui.sheets.words import WordsSheet

_GROSS, _TARE, _CONTENT = 0, 1, 2
#: No cylinder that is filled again weighs or holds less, or more (see `ledger.cylinder`).
_LEAST_G, _MOST_G = 500, 200_000
_WAYS: Final = (TenderKind.CASH, TenderKind.MPESA, TenderKind.BANK, TenderKind.ACCOUNT)


def _way_words(way: TenderKind) -> str:
    names = {
        TenderKind.CASH: _("Cash"),
        TenderKind.MPESA: _("M-Pesa"),
        TenderKind.BANK: _("Bank"),
        TenderKind.ACCOUNT: _("On account"),
    }
    return names[way]


class HalfReturnScreen(EntryScreen):
    """Gas, its cylinder, three weights in kilograms; whose it was, and how its worth is handed out."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("half-return")
        self._party: Party | None = None
        self._way, self._code, self._last_key = TenderKind.CASH, "", 0
        # By gas: the product under which its cylinder comes back, and the grams that a full one holds.
        self._cylinders: dict[int, Product] = {}
        self._contents: dict[int, int] = {}
        heads = (FieldHead(_("weighs, kg")), FieldHead(_("tare, kg")), FieldHead(_("full holds, kg")))
        lines = GoodsLines(
            _("gas"),
            (),
            heads,
            _("Scan or choose the gas; then its cylinder, and what it weighs."),
            remove_words=_("Take out"),
        )
        lines.changed.connect(self.show_worth)
        self.customer = self._tile("user", "F4", "half-customer", self.choose_customer)
        self.way = self._tile("banknote", "F7", "half-way", self.choose_way)
        self.sum = SumLine(size=Size.LEAD, tone="text")
        side = (self.customer, self.way, self.sum)
        self.build(_("Half return"), lines, _("Record the return"), side, _("Reason"))
        self._show_head()

    @staticmethod
    def _tile(icon: str, key: str, name: str, act: object) -> OptionTile:
        tile = OptionTile("", icon, key)
        tile.setObjectName(name)
        tile.setCheckable(False)
        tile.clicked.connect(act)
        return tile

    def more_keys(self) -> list[KeyAction]:
        return [
            KeyAction("F4", _("Customer"), self.choose_customer),
            KeyAction("F5", self.note.placeholderText(), self.note.setFocus),
            KeyAction("F6", _("Cylinder"), self.choose_cylinder),
            KeyAction("F7", _("How"), self.choose_way),
        ]

    def _show_head(self) -> None:
        if self._party is None:
            self.customer.set_text(_("Cash customer"), _("F4 finds one by name or code"))
        else:
            self.customer.set_text(self._party.name, self._party.code)
        self.way.set_text(_way_words(self._way), self._code or _("how its worth is handed out"))
        self.show_worth()

    # -- whose, and how --------------------------------------------------------------------------

    def choose_customer(self) -> None:
        """Who brings it back?"""
        ask_customer(self.session, lambda party: lambda: self.set_customer(party))

    def set_customer(self, party: Party | None) -> None:
        """Say who brings it back; their price is credited."""
        self._party = party
        self._show_head()
        self.search.take_keyboard()

    def choose_way(self) -> None:
        """How is its worth handed out?"""
        rows = [Row(way, _way_words(way), icon="banknote") for way in _WAYS]
        sheet = ChoiceSheet(self.session, _("How"), _("how its worth is handed out"), _("Choose"), rows)

        def answer() -> Next:
            chosen = sheet.value()
            self._way = next((way for way in _WAYS if way == chosen), TenderKind.CASH)
            self._code = ""
            return self._ask_code if self._way is TenderKind.MPESA else self._show_head

        self.session.ask(sheet, answer)

    def _ask_code(self) -> None:
        """Money that goes by M-Pesa has the code of the message that sends it."""
        self._show_head()
        hint = _("M-Pesa code of the message that sends it back")
        sheet = WordsSheet(self.session, _("M-Pesa"), hint, _("Take it"), hint)

        def answer() -> Next:
            self._code = sheet.value()
            return self._show_head

        self.session.ask(sheet, answer)

    # -- cylinders -------------------------------------------------------------------------------

    def take(self, product: Product, quantity: int) -> None:
        """Add one cylinder with this gas.  Raises `Refused` for a number of them, and for a service."""
        check_goods(product, quantity)
        if quantity != ONE:
            raise Refused("one-cylinder-at-a-time")
        self._keep_contents()
        self._last_key = key = self._last_key + 1
        self.lines.put(self._line(key, product.product_id, product.name))
        self.lines.fill(key, self._contents.get(product.product_id), _CONTENT)
        self.taken(key, 0, product.name)
        if product.product_id not in self._cylinders:
            self.choose_cylinder()

    def _keep_contents(self) -> None:
        """Remember what a full one holds, for the next with the same gas."""
        contents = self.lines.values(_CONTENT)
        for one in self.lines.lines():
            grams = contents[one.key]
            if grams:
                self._contents[one.product_id] = grams

    def _line(self, key: int, gas_id: int, name: str) -> GoodsLine:
        cylinder = self._cylinders.get(gas_id)
        below = _("F6 says which cylinder it is") if cylinder is None else cylinder.name
        return GoodsLine(key, gas_id, name, below)

    def choose_cylinder(self) -> None:
        """Under which product does the cylinder of the line at hand come back?"""
        key = self.lines.current()
        one = next((line for line in self.lines.lines() if line.key == key), None)
        if one is None:
            self.session.refuse(_("Choose a line first."))
            return
        ask_one(
            self.session,
            (_("Which cylinder comes back?"), _("Code or name"), _("Take it")),
            lambda typed: (item for item in self.offered(typed) if item.product_id != one.product_id),
            lambda item: Row(item.product_id, item.name, "", product_detail(item)),
            lambda item: lambda: self.set_cylinder(one, item),
        )

    def set_cylinder(self, goods: GoodsLine, cylinder: Product) -> None:
        """The cylinders of this gas come back under this product."""
        self._cylinders[goods.product_id] = cylinder
        for line in list(self.lines.lines()):
            if line.product_id == goods.product_id:
                self.lines.put(self._line(line.key, line.product_id, line.title))
        self.show_worth()
        self.lines.go(goods.key)

    # -- what it is worth ------------------------------------------------------------------------

    def halves(self) -> list[Half]:
        """What was entered.  Raises `Refused` for what is missing and for weights that cannot be."""
        weights = [self.lines.values(field) for field in (_GROSS, _TARE, _CONTENT)]
        made = []
        for one in self.lines.lines():
            cylinder = self._cylinders.get(one.product_id)
            if cylinder is None:
                raise Refused("no-cylinder-chosen", what=one.title)
            gross, tare, content = (values[one.key] for values in weights)
            if gross is None or tare is None or content is None:
                raise Refused("weights-missing", what=one.title)
            if min(tare, content) < _LEAST_G or max(gross, tare, content) > _MOST_G:
                # The till's own sentence asks for grams; here kilograms are written.
                raise Refused("weights-implausible", what=one.title)
            weighed = Weighed(gross_g=gross, tare_g=tare, content_g=content)
            left = gas_left(gross, tare, content)
            made.append(Half(one.product_id, cylinder.product_id, left, weighed))
        return made

    def show_worth(self) -> None:
        """Say what is credited, once all weights are there."""
        try:
            halves = self.halves()
            party_id = None if self._party is None else self._party.party_id
            total = self.session.till.half_returns.worth(halves, party_id) if halves else 0
            worth = self.session.money(self._handed_out(total)) if halves else "—"
        except BohariError:
            # Not yet: it is said when the return is to be recorded.
            worth = "—"
        code = self.session.till.currency.code
        self.sum.say(_("To hand back {currency}", currency=code), worth)

    def _handed_out(self, total: int) -> int:
        """What of a worth in minor units changes hands: cash only in coins that there are."""
        step = self.session.till.place.cash_step
        return round_to_cash(total, step) if self._way is TenderKind.CASH else total

    # -- recording -------------------------------------------------------------------------------

    def clear(self) -> None:
        super().clear()
        self._way, self._code = TenderKind.CASH, ""
        self.set_customer(None)

    def prepare(self) -> Write:
        if not len(self.lines):
            raise Refused("nothing-entered")
        halves = self.halves()
        self._keep_contents()
        party_id = None if self._party is None else self._party.party_id
        way, code, reason = self._way, self._code, self.note.text().strip() or "partly full"

        def write(approval: Approval | None) -> Recorded:
            return self.session.till.half_returns.take_back(
                halves,
                party_id=party_id,
                tender=way,
                reference=code,
                reason=reason,
                approval=approval,
                request_id=self.request_id,
            )

        return write

    def finished(self, done: Recorded, words: str) -> None:
        amount = self.session.money(done.settled)
        handed = _("Hand out {amount}.", amount=amount) if self._way is TenderKind.CASH else ""
        super().finished(done, f"{words} {handed}".strip())
