"""What a person at the till asks the centre for, and sells by meanwhile: a customer, a product, a price.

See `ledger.asking` for the keys and `store.master.asked_here` for what stands in until the answer comes.
"""

from collections.abc import Callable
from datetime import datetime, time
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Connection

from pos_app.devices import barcode
from pos_app.language import Sentence
from pos_app.ledger.asking import (
    MOST_OPEN,
    NEEDS,
    Content,
    CustomerAsked,
    PriceAsked,
    ProductAsked,
    Request,
    State,
    Wanted,
    key_of,
)
from pos_app.ledger.day import later, to_date, zone
from pos_app.ledger.errors import Refused
from pos_app.ledger.letters import folded
from pos_app.ledger.money import MOST_MINOR
from pos_app.ledger.price import Price, split
from pos_app.store.master import asked_here, catalogue, codes, people
from pos_app.store.master.catalogue import Product
from pos_app.store.master.people import Party
from pos_app.store.tables.columns import from_micros, micros
from pos_app.till.session.context import Context

_Content = Callable[[Connection, int], Content]
_MOST_NAME: Final = 200
_MOST_PHONE: Final = 40


class Shown(NamedTuple):
    """A request as the list shows it: `state` None waits to be sent, `code` is what it is called now."""

    number: str
    wanted: Wanted
    name: str
    person: str
    at: datetime
    state: State | None
    code: str
    said: Sentence | None


class Requests:
    """The requests of this till."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def customer(self, name: str, phone: str = "") -> Party:
        """Somebody who buys from now on; they have no credit until the centre gives them some.

        Who has this telephone already, as far as this till knows, is given instead.  Raises `Refused`.
        """
        called, number = _clean("name", name, _MOST_NAME), phone.strip()
        if len(number) > _MOST_PHONE or not (number or " ").isprintable():
            raise Refused("party-particulars-wrong", what="phone", most=_MOST_PHONE)

        def content(connection: Connection, request_no: int) -> Content:
            who = self._context.terminal
            prefix = self._context.place.number_prefix
            return CustomerAsked(
                key=key_of(who.terminal_no, request_no),
                code=f"{prefix}{who.terminal_no}-C{request_no}",
                name=called,
                phone=number,
            )

        self._context.need(NEEDS[Wanted.CUSTOMER])
        known = self._with_phone(number)
        if known is not None:
            return known
        made = self._ask(Wanted.CUSTOMER, content)
        found = None
        with self._context.database.read() as connection:
            found = people.party(connection, self._context.org_id, made.key)
        if found is None:
            raise Refused("party-gone")
        return found

    def product(self, name: str, price: Price, code: str = "") -> Product:
        """Goods that are sold from now on at this price; `code` is the barcode that was scanned, or a code.

        Raises `Refused` for a code that something has, and without the right to change prices.
        """
        self._context.need(NEEDS[Wanted.PRODUCT])
        called = _clean("name", name, _MOST_NAME)
        if not 0 < price <= MOST_MINOR:
            raise Refused("request-needs-price")
        text = _code(code)

        def content(connection: Connection, request_no: int) -> Content:
            context = self._context
            key = key_of(context.terminal.terminal_no, request_no)
            sku = text or f"{context.place.number_prefix}{context.terminal.terminal_no}-P{request_no}"
            if catalogue.by_barcode(connection, context.shop(), text) or catalogue.by_sku(
                connection, context.shop(), sku
            ):
                raise Refused("request-product-there", code=sku)
            whole, fine = split(price)
            return ProductAsked(
                key=key,
                sku=sku,
                name=called,
                barcode=text,
                price=whole,
                price_fine=fine,
                tax_code=self._tax_code(connection),
                business_id=context.place.business.business_id,
            )

        made = self._ask(Wanted.PRODUCT, content)
        with self._context.database.read() as connection:
            found = catalogue.by_id(connection, self._context.shop(), made.key)
        if found is None:
            raise Refused("product-not-at-till")
        return found

    def price(self, product: Product, price: Price) -> None:
        """What a product costs here until midnight.  Raises `Refused`."""
        self._context.need(NEEDS[Wanted.PRICE])
        if not 0 < price <= MOST_MINOR:
            raise Refused("request-needs-price")
        day = to_date(later(self._context.today, 1))
        midnight = datetime.combine(day, time(), tzinfo=zone(self._context.place.time_zone))

        def content(connection: Connection, request_no: int) -> Content:
            del connection
            whole, fine = split(price)
            return PriceAsked(
                key=key_of(self._context.terminal.terminal_no, request_no),
                product_id=product.product_id,
                price=whole,
                price_fine=fine,
                until_us=micros(midnight),
            )

        self._ask(Wanted.PRICE, content)

    def listed(self) -> list[Shown]:
        """What was asked here, the newest first, with its answers."""
        context = self._context
        with context.database.read() as connection:
            return [
                Shown(
                    str(one.request.request_no),
                    one.request.wanted if one.request.kind in set(Wanted) else Wanted.PRODUCT,
                    self._name_of(connection, asked_here.readable(one.request)),
                    people.person_name(connection, context.org_id, one.request.person_id),
                    from_micros(one.request.at_us),
                    one.state,
                    one.code,
                    one.said,
                )
                for one in asked_here.listed(connection, context.terminal)
            ]

    def waits(self, party_id: int) -> bool:
        """Whether the centre has not answered for this customer yet."""
        with self._context.database.read() as connection:
            return asked_here.is_waiting(connection, self._context.terminal, party_id)

    # --- parts ----------------------------------------------------------------------------------------

    def _ask(self, wanted: Wanted, content_of: _Content) -> Content:
        context = self._context
        with context.database.write() as connection:
            if asked_here.open_count(connection, context.terminal) >= MOST_OPEN:
                raise Refused("requests-wait-too-many", most=MOST_OPEN)
            number = asked_here.next_no(connection, context.terminal)
            content = content_of(connection, number)
            request = Request(
                context.terminal.terminal_no,
                number,
                wanted.value,
                context.signed_in().person_id,
                micros(context.clock.now()),
                msgspec.json.encode(content).decode(),
            )
            # What the centre could not read is said before anything stands in for it.
            request.content()
            asked_here.put(connection, context.terminal, request, content, context.terminal.depot_id)
            name = self._name_of(connection, content)
            context.note(connection, f"request.{wanted.value}", f"request {number}", after=name)
        return content

    def _with_phone(self, phone: str) -> Party | None:
        digits = _digits(phone)
        if not digits:
            return None
        with self._context.database.read() as connection:
            found = people.customers(connection, self._context.org_id, digits[-6:], 50)
            found += people.customers(connection, self._context.org_id, phone.strip(), 50)
        return next((one for one in found if _digits(one.phone) == digits), None)

    def _tax_code(self, connection: Connection) -> str:
        """The code that most goods here have: of a new product nobody at a till knows a better one."""
        found = codes.usual_tax_code(
            connection, self._context.org_id, self._context.place.business.business_id
        )
        if found is None:
            raise Refused("import-tax-codes-none")
        return found

    def _name_of(self, connection: Connection, content: Content | None) -> str:
        if content is None:
            return "?"
        if isinstance(content, PriceAsked):
            found = catalogue.by_id(connection, self._context.shop(), content.product_id)
            return "" if found is None else found.name
        return content.name


def _clean(what: str, text: str, most: int) -> str:
    tidy = " ".join(text.split())
    if not folded(tidy):
        raise Refused("coded-needs", what=what)
    if len(tidy) > most or not tidy.isprintable():
        raise Refused("coded-text-unusable", what=what)
    return tidy


def _digits(phone: str) -> str:
    return "".join(one for one in phone if one.isdigit())[-9:]


def _code(code: str) -> str:
    """A code as products carry it.  Raises `Refused` for one that nobody could scan again."""
    text = code.strip()
    if not text:
        return ""
    read = barcode.classify(text)
    if len(read.text) > 64 or read.measures or not read.text.isprintable():
        raise Refused("request-code-unusable", code=text[:40])
    return read.text
