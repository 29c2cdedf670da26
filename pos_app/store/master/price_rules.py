"""Price lists as tables have them, read into what `ledger.pricing` answers from.

A till keeps what it read until the feed brings a page of one of these tables (`Kept`); the centre reads what
one question or one batch asks for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.price import Price, exact
from pos_app.ledger.pricing.listed import Wanted
from pos_app.ledger.pricing.rules import (
    ENDLESS_US,
    Asker,
    Item,
    PriceList,
    Promotion,
    Rules,
    Scope,
    ScopeKind,
    by_product,
    in_order,
)
from pos_app.ledger.tax import NO_SALE
from pos_app.store.engine.engine import quick
from pos_app.store.master import promotion_rules
from pos_app.store.master.catalogue import Product

_LISTS: Final = "SELECT price_list_id, code, name, is_contract FROM price_list WHERE org_id = ?"
_SCOPES: Final = (
    "SELECT kind, of_id, price_list_id, valid_from_us, valid_to_us FROM price_list_scope WHERE org_id = ?"
)
_ITEMS: Final = (
    "SELECT product_id, price_list_id, from_quantity, price, price_fine, valid_from_us, valid_to_us, item_id"
    " FROM price_list_item WHERE org_id = ? AND product_id IN ({marks})"
)
_MEMBERS: Final = (
    "SELECT group_id, valid_from_us, valid_to_us FROM party_group_member WHERE org_id = ? AND party_id = ?"
)
#: How far the feed is read of what is kept here, and which life of the centre it is.  Of products it counts
#: where a promotion names a category.
_VERSION: Final = (
    "SELECT kind, stamp, last_key FROM feed_cursor WHERE kind IN ('price_list', 'price_list_scope',"
    " 'price_list_item', 'party_group_member', 'promotion', 'promotion_item')"
    " UNION ALL SELECT name, 0, value FROM setting WHERE name = 'replaced'"
    # What stands in for a price that was asked for here (see `asked_here`).
    " UNION ALL SELECT 'asked', count(*), coalesce(sum(settled), 0) FROM request_out"
)
_PRODUCTS: Final = "SELECT stamp, last_key FROM feed_cursor WHERE kind = 'product'"
_KINDS: Final = frozenset(ScopeKind)


class Member(NamedTuple):
    """That a customer is in a group, from a moment until another (microseconds since 1970)."""

    group_id: int
    from_us: int
    to_us: int


def agreed(connection: Connection, org_id: int, party_id: int, product_id: int) -> Price | None:
    """What a customer pays for a product by a rate that was agreed; None where none is."""
    row = quick(
        connection,
        "SELECT price, price_fine FROM contract_rate WHERE org_id = ? AND party_id = ?"
        " AND product_id = ? AND active = 1",
        org_id,
        party_id,
        product_id,
    ).fetchone()
    return None if row is None else exact(int(row[0]), int(row[1]))


def load(connection: Connection, org_id: int, products: Iterable[int]) -> Rules:
    """What is ruled about these products."""
    items = _items(connection, org_id, list(products))
    if not items:
        return Rules()
    return Rules(_lists(connection, org_id), _scopes(connection, org_id), items)


def members(connection: Connection, org_id: int, party_id: int) -> list[Member]:
    """In which groups a customer is and was."""
    rows = quick(connection, _MEMBERS, org_id, party_id).fetchall()
    return [Member(int(row[0]), int(row[1]), _end(row[2])) for row in rows]


def groups_at(members: Iterable[Member], at_us: int) -> tuple[int, ...]:
    """The groups in which somebody is at a moment."""
    return tuple(one.group_id for one in members if one.from_us <= at_us < one.to_us)


class Buyer(NamedTuple):
    """Who buys (None: anybody), at which depot, when (microseconds since 1970), by a clock of which zone."""

    party_id: int | None
    depot_id: int
    at_us: int
    time_zone: str


def asked(
    connection: Connection, org_id: int, buyer: Buyer, goods: Sequence[tuple[Product, int]]
) -> tuple[Rules, Asker, list[Wanted]]:
    """What `ledger.pricing` is asked for goods, each with thousandths, that somebody buys together."""
    party_id, depot_id, at_us, time_zone = buyer
    products = {product.product_id for product, _ in goods}
    rules = load(connection, org_id, products)
    since_us = at_us - promotion_rules.KEPT_US
    promotions = promotion_rules.reaching(connection, org_id, products, since_us)
    rules = Rules(rules.lists, rules.scopes, rules.items, by_product(promotions))
    plain = [
        Wanted(product.product_id, quantity, product.price, fixed=product.tax_code in NO_SALE)
        for product, quantity in goods
    ]
    if party_id is None:
        return rules, Asker(at_us, depot_id, time_zone=time_zone), plain
    rates = {key: agreed(connection, org_id, party_id, key) for key in {one.product_id for one in plain}}
    groups = groups_at(members(connection, org_id, party_id), at_us)
    asker = Asker(at_us, depot_id, party_id, groups, time_zone)
    return rules, asker, [one._replace(agreed=rates[one.product_id]) for one in plain]


class Kept:
    """What a till has read of price lists, for as long as the feed brings no others."""

    def __init__(self, org_id: int) -> None:
        self._org_id = org_id
        self._version: tuple[Any, ...] | None = None
        self._items: dict[int, Mapping[int, tuple[Item, ...]]] = {}
        self._asked: set[int] = set()
        self._members: dict[int, list[Member]] = {}
        self._known: dict[int, Promotion] = {}
        self._promotions: dict[int, tuple[Promotion, ...]] = {}
        self._are_promotions = False
        self._rules = Rules()

    def rules(self, connection: Connection, products: Sequence[int], at_us: int) -> Rules:
        """What is ruled about these products, and whatever else was asked for; `at_us` is now."""
        version = tuple(quick(connection, _VERSION).fetchall())
        if self._are_promotions:
            version += tuple(quick(connection, _PRODUCTS).fetchall())
        if version != self._version:
            self._forget(connection)
            self._version = version
        if self._is_bare:
            return self._rules
        new = set(products) - self._asked
        if new:
            self._items.update(_items(connection, self._org_id, sorted(new)))
            if self._are_promotions:
                self._take_promotions(connection, sorted(new), at_us)
            self._asked |= new
        return self._rules

    @property
    def _is_bare(self) -> bool:
        return not self._rules.lists and not self._are_promotions

    def _forget(self, connection: Connection) -> None:
        self._items, self._asked, self._members = {}, set(), {}
        self._known, self._promotions = {}, {}
        scopes = _scopes(connection, self._org_id)
        lists = _lists(connection, self._org_id) if scopes else {}
        self._are_promotions = promotion_rules.are_any(connection, self._org_id)
        self._rules = Rules(lists, scopes, self._items, self._promotions)

    def _take_promotions(self, connection: Connection, products: Sequence[int], at_us: int) -> None:
        """What was read of a promotion for other products, and what these add to it, is one promotion."""
        since_us = at_us - promotion_rules.KEPT_US
        found = promotion_rules.reaching(connection, self._org_id, products, since_us)
        for one in found:
            known = self._known.setdefault(one.promotion_id, one)
            if known is not one:
                self._known[one.promotion_id] = replace(one, products={**known.products, **one.products})
        if found:
            self._promotions.update(by_product(list(self._known.values())))

    def name_of(self, list_id: int) -> str:
        """What people call a list, as it was read last; empty where there is none."""
        known = self._rules.lists.get(list_id)
        return "" if known is None else known.name

    def groups(self, connection: Connection, party_id: int, at_us: int) -> tuple[int, ...]:
        """The groups in which a customer is now; asked after `rules`, which sees whether there is news."""
        if self._is_bare:
            return ()
        if party_id not in self._members:
            self._members[party_id] = members(connection, self._org_id, party_id)
        return groups_at(self._members[party_id], at_us)


def _lists(connection: Connection, org_id: int) -> dict[int, PriceList]:
    rows = quick(connection, _LISTS, org_id).fetchall()
    return {int(key): PriceList(int(key), code, name, bool(agreed)) for key, code, name, agreed in rows}


def _scopes(connection: Connection, org_id: int) -> dict[tuple[ScopeKind, int], tuple[Scope, ...]]:
    found: dict[tuple[ScopeKind, int], tuple[Scope, ...]] = {}
    for kind, of_id, list_id, from_us, to_us in quick(connection, _SCOPES, org_id).fetchall():
        # A newer centre may know of others; their lists are for nobody here.
        if kind in _KINDS:
            key = ScopeKind(kind), int(of_id)
            found[key] = (*found.get(key, ()), Scope(int(list_id), int(from_us), _end(to_us)))
    return found


def _items(
    connection: Connection, org_id: int, products: Sequence[int]
) -> dict[int, Mapping[int, tuple[Item, ...]]]:
    if not products:
        return {}
    statement = _ITEMS.replace("{marks}", ", ".join("?" * len(products)))
    read: dict[int, dict[int, list[Item]]] = {}
    for row in quick(connection, statement, org_id, *products).fetchall():
        product_id, list_id, from_quantity, whole, fine, from_us, to_us, item_id = row
        item = Item(int(from_quantity), exact(int(whole), int(fine)), int(from_us), _end(to_us), int(item_id))
        read.setdefault(int(product_id), {}).setdefault(int(list_id), []).append(item)
    return {key: {each: in_order(items) for each, items in lists.items()} for key, lists in read.items()}


def _end(to_us: int | None) -> int:
    return ENDLESS_US if to_us is None else int(to_us)
