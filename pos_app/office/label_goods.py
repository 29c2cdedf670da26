"""Which goods labels are printed of, at whose prices, as of when; and codes for those that have none.

Decisions
---------
2026-12-01  A label says what a till of the depot would charge anybody for one at that moment: the lists that
are for the depot or for everybody, else what the product says (`ledger.pricing`).  Promotions stand on no
shelf label, for they end.  Labels of tomorrow's prices are printed today: they say from which day they hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from pos_app.devices.bars import best_kind
from pos_app.devices.element_string import element_string
from pos_app.devices.errors import InvalidBarcode
from pos_app.devices.paper import BarcodeKind
from pos_app.language import printed
from pos_app.ledger.currency import Currency
from pos_app.ledger.day import zone
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import divide_half_up, grouped_text
from pos_app.ledger.pack import PackTerms, each_of
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import FINE, Price, fine_parts, price_text
from pos_app.ledger.pricing.listed import Wanted, lists_for
from pos_app.ledger.pricing.quoting import unit_prices
from pos_app.ledger.pricing.rules import Asker, Rules, Scope, ScopeKind
from pos_app.ledger.product_type import ProductType
from pos_app.ledger.quantity import ONE, extend, parse_quantity, quantity_text
from pos_app.ledger.units import Unit
from pos_app.office.books import Books
from pos_app.office.masters import products
from pos_app.office.moments import moment
from pos_app.office.office import Office
from pos_app.reports.model.label import Label
from pos_app.store.master import codes, price_lists, price_rules, product_list, units, unknown
from pos_app.store.master.product_list import Kept
from pos_app.store.tables.columns import from_micros, micros

#: So many products, and so many labels, on one paper.
MOST: Final = 2_000
#: What a person may ask the bars to be; empty: what suits the code.
KINDS: Final[tuple[BarcodeKind, ...]] = ("ean13", "ean8", "code128", "gs1-128", "qr")


class Asked(NamedTuple):
    """Which products (their name or code, a category), and whose prices, as it was written.

    `price_list` is the code of a list that is meant and no other; else what anybody pays at the `depot`
    (empty: at none in particular), at `at` (empty: now).  `packs`: their cases too.  `kind` of `KINDS`, or
    empty.  A GS1-128 of one product also says its `weight` (kilograms) and `lot`.
    `after` is the code of the last product of the part before.
    """

    words: str = ""
    category: str = ""
    price_list: str = ""
    after: str = ""
    depot: str = ""
    at: str = ""
    packs: bool = False
    kind: str = ""
    weight: str = ""
    lot: str = ""


class Priced(NamedTuple):
    """A product, or a case of it, with its price as it is read; `each` is what one unit costs where the
    price is not that of one (empty: it is), `has_code` whether it has a barcode of its own.
    """

    sku: str
    name: str
    unit: str
    category: str
    price: str
    barcode: str
    each: str = ""
    weighed: bool = False
    has_code: bool = True


class Part(NamedTuple):
    """Products of one paper, and whether more come after them; `since` is the day from which the prices
    hold, where that is not yet.
    """

    products: list[Priced]
    goes_on: bool
    since: str = ""


def part(office: Office, asked: Asked) -> Part:
    """The products by their codes, as many as one paper takes.  Raises `Refused` for a list or a depot that
    is none, and a moment that cannot be read.
    """
    with office.read() as books:
        wanted = product_list.Wanted(
            asked.words, asked.category.strip() or None, archived=False, after=asked.after, batch=MOST + 1
        )
        found: list[Kept] = []
        for one in product_list.all_of(books.connection, books.org_id, wanted):
            found.append(one)
            if len(found) > MOST:
                break
        at_us = moment(asked.at, books.organisation.time_zone) or micros(books.now)
        prices = _prices(books, asked, found[:MOST], at_us)
        each = [line for one in found[:MOST] for line in _lines(books, one, prices, packs=asked.packs)]
        return Part(each, len(found) > MOST, _since(books, at_us))


def labels(office: Office, asked: Asked) -> list[Label]:
    """One label of each.  Raises `Refused` for a kind that is none, and where a code is not of that kind."""
    if asked.kind and asked.kind not in KINDS:
        raise Refused("label-kind-unknown", kinds=", ".join(KINDS))
    found = part(office, asked)
    if (asked.weight.strip() or asked.lot.strip()) and len(found.products) != 1:
        raise Refused("label-weight-of-one")
    currency = office.organisation.currency.code
    return [_label(one, asked, currency, found.since) for one in found.products]


def give_codes(office: Office, asked: Asked) -> list[Kept]:
    """Give every product that fits and has no barcode one of the shop's own.  Raises `Refused`."""
    with office.change(Permission.EDIT_MASTER) as books:
        wanted = product_list.Wanted(asked.words, asked.category.strip() or None, archived=False)
        bare = []
        for one in product_list.all_of(books.connection, books.org_id, wanted):
            if not any(_is_code(code) for code in one.barcodes):
                bare.append(one.sku)
            if len(bare) > MOST:
                raise Refused("labels-too-many", most=MOST)
        return [products.edit_in(books, sku, products.Said(makes_barcode=True)) for sku in bare]


# --- parts ----------------------------------------------------------------------------------------------


class _Prices(NamedTuple):
    """What is ruled of these goods, and who asks where and when."""

    rules: Rules
    asker: Asker

    def of(self, wanted: Sequence[Wanted]) -> list[Price]:
        lists = lists_for(self.rules, self.asker)
        return [one.price for one in unit_prices(self.rules, self.asker, lists, wanted)]


def _prices(books: Books, asked: Asked, goods: Sequence[Kept], at_us: int) -> _Prices:
    org_id, depot_id = books.org_id, 0
    rules = price_rules.load(books.connection, org_id, [one.product_id for one in goods])
    if asked.depot.strip():
        depot = codes.depot(books.connection, org_id, asked.depot.strip())
        if depot is None:
            raise unknown.depot(books.connection, org_id, asked.depot)
        depot_id = depot.depot_id
    if asked.price_list.strip():
        meant = asked.price_list.strip().lower()
        lists = price_lists.lists(books.connection, org_id)
        key = next((one.list_id for one in lists if one.code.lower() == meant), None)
        if key is None:
            raise Refused("price-list-unknown", code=asked.price_list[:40])
        # As if it were for everybody, and the only one.
        rules = replace(rules, scopes={(ScopeKind.EVERYBODY, 0): (Scope(key),)})
    return _Prices(rules, Asker(at_us, depot_id, time_zone=books.organisation.time_zone))


def _lines(books: Books, product: Kept, prices: _Prices, *, packs: bool) -> list[Priced]:
    """The product, and its cases where they are wanted."""
    money = books.organisation.currency
    price = prices.of([Wanted(product.product_id, ONE, product.price)])[0]
    own = next((code for code in product.barcodes if _is_code(code)), "")
    line = Priced(
        product.sku,
        product.name,
        product.unit,
        product.category,
        price_text(price, money),
        own or product.sku,
        weighed=product.type == ProductType.WEIGHED,
        has_code=bool(own),
    )
    words = units.all_of(books.connection, books.org_id) if packs and product.packs else {}
    cases = product.packs if packs else ()
    return [line, *(_case(product, pack, words, prices, money) for pack in cases)]


def _case(
    product: Kept, pack: PackTerms, words: Mapping[str, Unit], prices: _Prices, money: Currency
) -> Priced:
    base = each_of(pack.price, pack.size) if pack.price else product.price
    each = prices.of([Wanted(product.product_id, pack.size, base)])[0]
    whole = pack.price if pack.price and each == base else extend(each, pack.size)
    word = words[pack.unit].word if pack.unit in words else pack.unit
    return Priced(
        product.sku,
        product.name,
        f"{word} = {quantity_text(pack.size)} {product.unit}".strip(),
        product.category,
        grouped_text(whole, money),
        pack.barcode or product.sku,
        each=_rounded(each, money),
        has_code=bool(pack.barcode),
    )


def _label(goods: Priced, asked: Asked, currency: str, since: str) -> Label:
    if goods.each and not goods.has_code:
        # With the code of the piece on it, a case would be rung up as one.
        raise Refused("label-case-without-code", name=goods.name[:60], case=goods.unit)
    code = goods.barcode
    kind = next((kind for kind in KINDS if kind == asked.kind), None) or best_kind(code)
    weight = parse_quantity(asked.weight) if asked.weight.strip() else 0
    if kind == "gs1-128":
        try:
            code = element_string(code, weight=weight, lot=asked.lot.strip())
        except InvalidBarcode as error:
            raise Refused("label-code-unfit", name=goods.name[:60], why=error.sentence) from error
    elif weight or asked.lot.strip():
        raise Refused("label-weight-needs-gs1")
    price = f"{currency} {goods.price}"
    said = [goods.sku]
    if goods.weighed and goods.unit:
        price = f"{price} / {goods.unit}"
    elif goods.unit:
        said.append(goods.unit)
    if goods.each:
        said.append(printed("{price} each", price=goods.each))
    if weight:
        said.append(f"{quantity_text(weight)} kg")
    if asked.lot.strip():
        said.append(printed("Lot {lot}", lot=asked.lot.strip()))
    if since:
        said.append(printed("from {day}", day=since))
    return Label(goods.name, price, " / ".join(said), code, kind)


def _rounded(price: Price, money: Currency) -> str:
    """What one costs of a case, to the smallest coin of account: on a shelf nobody reads the rest."""
    return grouped_text(divide_half_up(fine_parts(price), FINE), money)


def _since(books: Books, at_us: int) -> str:
    """The day of a moment that has not come yet."""
    if at_us <= micros(books.now):
        return ""
    return f"{from_micros(at_us).astimezone(zone(books.organisation.time_zone)):%Y-%m-%d}"


def _is_code(code: str) -> bool:
    """Whether a barcode is one; a file says with a hyphen that there is none."""
    return code.strip() not in ("", "-")
