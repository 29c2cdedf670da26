"""Owns what comes back for full ones at the sell screen: its words on the line, its key, empties by scan.

Decisions
---------
2026-12-01  The key that most often differs is one press: an empty of its kind came, or none did and a deposit
is taken (none where the kind has none: then the cylinder is lent).  Pressed again it asks which of all ways
it is, so that what is rare costs a choice and never a wrong step through the others.
"""

from collections.abc import Callable

from pos_app.language import _
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.letters import holds
from pos_app.ledger.quantity import ONE, quantity_text
from pos_app.till.selling.basket_state import BasketLine
from pos_app.till.selling.catalogue import Product
from pos_app.till.selling.refilling import Back
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.parts.typed_code import TypedCode, read_typed
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet
from pos_app.ui.sheets.finding import ask_one


def back_words(line: BasketLine) -> str:
    """What goes out and comes back with a line; empty where nothing of ours does."""
    if not line.back or line.quantity <= 0:
        return ""
    count = quantity_text(line.quantity)
    words = {
        Back.EMPTY: _("full out {count}, empty in {count}", count=count),
        Back.DEPOSIT: _("full out {count}, deposit on {count}", count=count),
        Back.OTHER: _("full out {count}, {other} in {count}", count=count, other=line.other),
        Back.SOLD: _("full out {count}, sold with it", count=count),
        Back.LENT: _("full out {count}, lent", count=count),
    }
    return words[Back(line.back)]


class RefillKeys:
    """What comes back for the marked line; `changed` is told which line was touched (None: none)."""

    def __init__(
        self,
        session: Session,
        marked: Callable[[], int | None],
        changed: Callable[[int | None], object],
    ) -> None:
        self._session, self._marked, self._changed = session, marked, changed
        self._has_cylinders: bool | None = None

    # -- the key ---------------------------------------------------------------------------------

    def _line(self) -> tuple[int, BasketLine] | None:
        """The marked line of full ones, or that to which the marked one is tied."""
        lines, number = self._session.basket.lines, self._marked()
        if number is None or number >= len(lines):
            return None
        found = number, lines[number]
        if lines[number].tie and not lines[number].cylinder_id:
            found = next(
                (at, one) for at, one in enumerate(lines) if one.tie == lines[number].tie and one.cylinder_id
            )
        return found if found[1].back and found[1].quantity > 0 else None

    def offered(self) -> str:
        """What the key does now; empty where it does nothing."""
        found = self._line()
        if found is not None:
            return _("No empty") if found[1].back == Back.EMPTY else _("What comes back")
        return _("Empty back") if self._deals_in_cylinders() else ""

    def forget(self) -> None:
        """The feed brought news: cylinders may be among it."""
        self._has_cylinders = None

    def _deals_in_cylinders(self) -> bool:
        if self._has_cylinders is None:
            try:
                self._has_cylinders = self._session.till.catalogue.deals_in_cylinders()
            except BohariError:
                return False
        return self._has_cylinders

    def press(self) -> None:
        """No empty came for the marked full ones; or, said already, which of all ways it is; or an empty
        comes without them.
        """
        found = self._line()
        if found is None:
            self.ask_empty()
        elif found[1].back == Back.EMPTY:
            has_deposit = self._session.till.catalogue.pair(found[1].product_id).deposit is not None
            self._set(found[0], Back.DEPOSIT if has_deposit else Back.LENT)
        else:
            self.ask(found[0])

    def _set(self, number: int, back: Back, other: Product | None = None) -> None:
        self._session.attempt(lambda: self._session.basket.set_back(number, back, other), self._changed)

    # -- all ways --------------------------------------------------------------------------------

    def ask(self, number: int) -> None:
        """Which of all ways is it?"""
        session = self._session
        entry = session.basket.lines[number]
        pair = session.till.catalogue.pair(entry.product_id)
        ways = {
            Back.EMPTY: (_("Its empty"), entry.cylinder),
            Back.OTHER: (_("Another brand's empty"), _("It is chosen next")),
            Back.DEPOSIT: (_("None: a deposit"), "" if pair.deposit is None else pair.deposit.name),
            Back.LENT: (_("None: lent"), _("The customer holds it")),
            Back.SOLD: (_("None: sold with its cylinder"), entry.cylinder),
        }
        if pair.deposit is None:
            ways.pop(Back.DEPOSIT)
        if pair.empty is None or not pair.empty.price:
            ways.pop(Back.SOLD)
        rows = [Row(back, words, "", detail, icon="cylinder") for back, (words, detail) in ways.items()]
        sheet = ChoiceSheet(session, _("What comes back?"), entry.description, _("Choose"), rows)
        sheet.list.select(Back(entry.back) if Back(entry.back) in ways else rows[0].key)

        def answer() -> Next:
            chosen = sheet.value()
            back = next(one for one in ways if one == chosen)
            if back is Back.OTHER:
                return lambda: self._ask_other(number)
            return lambda: self._set(number, back)

        session.ask(sheet, answer)

    def _ask_other(self, number: int) -> None:
        session = self._session
        cylinder = session.basket.lines[number].cylinder_id
        ask_one(
            session,
            (_("Which empty came?"), _("Code or name"), _("Take it")),
            lambda typed: self._of_these(typed, session.till.catalogue.cylinders(cylinder)),
            _product_row,
            lambda other: lambda: self._set(number, Back.OTHER, other),
        )

    # -- empties by themselves -------------------------------------------------------------------

    def ask_empty(self) -> None:
        """Which empty comes without a full one going out?"""
        session = self._session
        typed_last = [TypedCode(ONE, "")]

        def found(typed: str) -> list[Product]:
            typed_last[0] = read_typed(typed)
            return self._of_these(typed_last[0].code, session.till.catalogue.cylinders())

        def chosen(product: Product) -> Next:
            quantity = typed_last[0].quantity
            if quantity < 0:
                raise Refused("quantity-zero")
            return lambda: self.bring(product, quantity)

        words = _("Which empty comes back?"), _("Code or name; 2*CODE is two of them"), _("Take it")
        ask_one(session, words, found, _product_row, chosen)

    def takes(self, product: Product) -> bool:
        """Whether what was scanned is an empty that comes back."""
        return self._session.till.catalogue.is_cylinder(product)

    def bring(self, product: Product, quantity: int) -> None:
        """Empties are on the counter; below nothing they go out after all."""
        session = self._session

        def take() -> None:
            if quantity > 0:
                session.basket.bring_empty(product, quantity)
            else:
                session.basket.give_returnable(product, -quantity)

        session.attempt(take, lambda _none: self._changed(None))

    def _of_these(self, typed: str, those: list[Product]) -> list[Product]:
        """Of some products those whose code, bars or name this is."""
        wanted = typed.strip()
        if not wanted:
            return those
        try:
            scanned = self._session.till.catalogue.scan(wanted).product.product_id
        except BohariError:
            scanned = 0
        by_code = [one for one in those if one.product_id == scanned]
        return by_code or [one for one in those if holds(f"{one.sku} {one.name}", wanted)]

    # -- nothing but empties ---------------------------------------------------------------------

    def record(self) -> bool:
        """With nothing but empties in the basket, record that they changed hands; says whether it was so."""
        session = self._session
        basket = session.basket
        if basket.lines or not basket.state.returnables:
            return False
        state = basket.state
        products = {one.product_id: one.quantity for one in state.returnables}

        def done(_recorded: object) -> None:
            session.renew_basket()
            session.recorded()
            self._changed(None)
            session.succeed(_("Written: the empties are back."))

        session.attempt(
            lambda: session.till.returnables.move(state.party_id, products, request_id=state.request_id),
            done,
        )
        return True


def _product_row(product: Product) -> Row:
    return Row(product.product_id, product.name, "", product.sku, icon="cylinder")
