"""Promotions as the office keeps them: what is off, of which goods, when, where and for whom.

Decisions
---------
2026-11-30  A promotion takes off what everybody's prices say, so whoever makes, edits or brings one back
needs the right to lower prices beside that to change what the office keeps; putting one away gives nothing
away.

2026-11-30  What is edited ends now and goes on as another row from now on: receipts of before keep what they
were given, and a till that has not heard is known to have told the truth of then.

2026-11-30  Promotions may overlap: of each line the customer gets the best one (`ledger.pricing.offers`), so
nobody has to be asked which of two was meant.  What can be only a slip of the hand is refused: a bundle that
is no cheaper than its goods, an amount above the price, three for three.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, Protocol

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import Price
from pos_app.ledger.pricing.rules import OfferKind, Promotion
from pos_app.ledger.quantity import ONE, extend
from pos_app.ledger.tax import NO_SALE, WHOLE_BP
from pos_app.office.books import Books
from pos_app.office.masters import party_groups
from pos_app.office.masters.coded import checked_code, checked_name
from pos_app.office.office import Office
from pos_app.store.master import codes, price_lists, product_list, promotions, unknown
from pos_app.store.master.product_list import Kept
from pos_app.store.master.promotion_rules import PromotionRow
from pos_app.store.master.promotions import Good, GoodRow
from pos_app.store.organisation import master_import
from pos_app.store.tables.columns import micros

#: So many pieces at most are laid in a row for "three for two".
_MOST_TAKEN: Final = 1_000


class Of(NamedTuple):
    """A product by its code, and how much of it a bundle holds (thousandths)."""

    sku: str
    quantity: int = ONE


class Off(NamedTuple):
    """What is off: so many basis points, so much of each unit, so many for so many, or all at one price."""

    kind: OfferKind
    percent_bp: int = 0
    amount: Price = 0
    take: int = 0
    pay: int = 0


class Said(NamedTuple):
    """What is said of a promotion; what is None is not said.

    `depot` and `group` are codes, empty of all; `days` and `hours` as in `ledger.pricing.hours`; moments are
    microseconds since 1970, `to_us` `ENDLESS_US` of what has no end.
    """

    name: str | None = None
    off: Off | None = None
    products: Sequence[Of] | None = None
    categories: Sequence[str] | None = None
    depot: str | None = None
    group: str | None = None
    on_contracts: bool | None = None
    days: int | None = None
    hours: tuple[int, int] | None = None
    from_us: int | None = None
    to_us: int | None = None


class _Priced(Protocol):
    """As much of a product as a promotion is checked against."""

    @property
    def product_id(self) -> int: ...
    @property
    def sku(self) -> str: ...
    @property
    def price(self) -> Price: ...


class Shown(NamedTuple):
    """A promotion, its goods, and the codes of the depot and the group that it is for."""

    row: PromotionRow
    goods: list[GoodRow]
    depot: str
    group: str
    now_us: int


def listed(office: Office) -> list[Shown]:
    """Every promotion as it stands, those that are over or put away too."""
    with office.read() as books:
        return [_shown(books, row) for row in promotions.latest(books.connection, books.org_id)]


def show(office: Office, code: str) -> Shown:
    """A promotion by its code.  Raises `Refused`."""
    with office.read() as books:
        return _shown(books, _found(books, code))


def add(office: Office, code: str, said: Said) -> None:
    """Promise something, from now on or from a moment to come.  Raises `Refused` for what cannot be meant."""
    with _change(office, Permission.PRICE) as books:
        tidy = checked_code(code)
        if promotions.by_code(books.connection, books.org_id, tidy) is not None:
            raise Refused("promotion-code-taken", code=tidy[:40])
        if said.off is None:
            raise Refused("promotion-kind-one")
        plain = Promotion(0, tidy, checked_name(said.name or ""), said.off.kind, {})
        _put(books, plain, said, [])


def edit(office: Office, code: str, said: Said) -> bool:
    """From now on it is promised otherwise; what is not said stays.  Says whether anything is other.

    Raises `Refused` for one that is put away, or over where no other end is said.
    """
    with _change(office, Permission.PRICE) as books:
        row = _found(books, code)
        if row.ended_us is not None:
            raise Refused("promotion-archived", code=row.promotion.code)
        return _again(books, row, said)


def archive(office: Office, code: str) -> None:
    """Put a promotion away: from now on it takes nothing off.  Raises `Refused` where it is put away."""
    with _change(office) as books:
        row = _found(books, code)
        if row.ended_us is not None:
            raise Refused("promotion-archived", code=row.promotion.code)
        promotions.end(books.connection, books.org_id, row.promotion.promotion_id, micros(books.now))


def restore(office: Office, code: str, to_us: int | None = None) -> None:
    """Bring a promotion back as it was, until the end that it had or another.

    Raises `Refused` where it was never put away, and where it is over by now.
    """
    with _change(office, Permission.PRICE) as books:
        row = _found(books, code)
        if row.ended_us is None:
            raise Refused("promotion-active", code=row.promotion.code)
        _again(books, row, Said(to_us=to_us))


@contextlib.contextmanager
def _change(office: Office, also: Permission | None = None) -> Iterator[Books]:
    """One at a time: of two who edit one promotion the second edits what the first has left."""
    with office.change(Permission.EDIT_MASTER) as books:
        if also is not None:
            office.need(books.connection, also)
        master_import.lock(books.connection, books.org_id)
        yield books


def _again(books: Books, row: PromotionRow, said: Said) -> bool:
    """End what was promised and promise the next; says whether that is another."""
    connection, org_id, now_us = books.connection, books.org_id, micros(books.now)
    key = row.promotion.promotion_id
    if row.planned_to_us <= now_us and said.to_us is None:
        raise Refused("promotion-over", code=row.promotion.code)
    kept = promotions.kept_goods(connection, org_id, key)
    before = replace(row.promotion, promotion_id=0, to_us=row.planned_to_us)
    if row.ended_us is None:
        after, goods = _meant(books, before, said, kept)
        if (after, goods) == (replace(before, from_us=after.from_us), kept) and said.from_us is None:
            return False
        promotions.end(connection, org_id, key, now_us)
    _put(books, replace(before, from_us=max(before.from_us, now_us)), said, kept)
    return True


def _put(books: Books, before: Promotion, said: Said, kept: Sequence[Good]) -> None:
    after, goods = _meant(books, before, said, kept)
    promotions.add(books.connection, books.org_id, after, goods)


def _meant(books: Books, before: Promotion, said: Said, kept: Sequence[Good]) -> tuple[Promotion, list[Good]]:
    """What a promotion is once this is said of it, and its goods.  Raises `Refused`."""
    off = said.off or Off(before.kind, before.percent_bp, before.amount, before.take, before.pay)
    goods, products = _goods(books, off, said, kept)
    if said.off is not None and not products:
        # Another price of goods that stay is as much a slip of the hand as other goods at one price.
        products = _still(books, goods)
    _check_off(off, products)
    now_us = micros(books.now)
    from_us = now_us if said.from_us is None else said.from_us
    if said.from_us is None and before.from_us > now_us:
        from_us = before.from_us
    to_us = before.to_us if said.to_us is None else said.to_us
    if from_us < now_us or to_us <= now_us:
        raise Refused("promotion-of-the-past")
    if to_us <= from_us:
        raise Refused("promotion-ends-before")
    hours = said.hours or (before.from_minute, before.to_minute)
    contracts = before.on_contracts if said.on_contracts is None else said.on_contracts
    after = replace(
        before,
        name=before.name if said.name is None else checked_name(said.name),
        kind=off.kind,
        percent_bp=off.percent_bp,
        amount=off.amount,
        take=off.take,
        pay=off.pay,
        depot_id=_key(said.depot, before.depot_id, lambda code: books.depot(code).depot_id),
        group_id=_key(said.group, before.group_id, lambda code: party_groups.group(books, code).group_id),
        on_contracts=contracts,
        days=before.days if said.days is None else said.days,
        from_minute=hours[0],
        to_minute=hours[1],
        from_us=from_us,
        to_us=to_us,
    )
    return after, goods


def _key(code: str | None, before: int, find: Callable[[str], int]) -> int:
    if code is None:
        return before
    return find(code) if code.strip() else 0


def _goods(
    books: Books, off: Off, said: Said, kept: Sequence[Good]
) -> tuple[list[Good], list[tuple[_Priced, int]]]:
    """The goods of a promotion, and those that are named now as products with their quantities."""
    if said.products is None and said.categories is None:
        if not kept:
            raise Refused("promotion-without-goods")
        if off.kind is OfferKind.BUNDLE and any(not one.product_id for one in kept):
            raise Refused("promotion-bundle-of-category")
        if off.kind is OfferKind.BUNDLE and len(kept) == 1 and kept[0].quantity <= ONE:
            raise Refused("promotion-bundle-of-one")
        return list(kept), []
    named: list[tuple[_Priced, int]] = [
        (_product(books, one.sku), one.quantity) for one in said.products or ()
    ]
    keys = [product.product_id for product, _ in named]
    if len(set(keys)) < len(keys):
        raise Refused("promotion-product-twice")
    if off.kind is not OfferKind.BUNDLE and any(quantity != ONE for _, quantity in named):
        raise Refused("promotion-quantity-of-bundle")
    categories = [_category(books, one) for one in said.categories or ()]
    if off.kind is OfferKind.BUNDLE and categories:
        raise Refused("promotion-bundle-of-category")
    if not named and not categories:
        raise Refused("promotion-without-goods")
    goods = [Good(product.product_id, "", quantity) for product, quantity in named]
    return [*goods, *(Good(0, one, ONE) for one in dict.fromkeys(categories))], named


def _still(books: Books, goods: Sequence[Good]) -> list[tuple[_Priced, int]]:
    """The products of a promotion that are sold still, with their quantities."""
    found = [
        (books.known_product(one.product_id, 0, books.today), one.quantity) for one in goods if one.product_id
    ]
    return [(product, quantity) for product, quantity in found if product is not None]


def _product(books: Books, sku: str) -> Kept:
    found = product_list.by_sku(books.connection, books.org_id, sku.strip())
    if found is None:
        raise unknown.product(books.connection, books.org_id, sku)
    if not found.active:
        raise Refused("promotion-product-archived", sku=found.sku)
    if found.tax_code in NO_SALE:
        raise Refused("promotion-no-sale", sku=found.sku)
    return found


def _category(books: Books, category: str) -> str:
    found = promotions.has_category(books.connection, books.org_id, category.strip())
    if found is None or not category.strip():
        raise Refused("promotion-category-unknown", category=category[:40])
    return found


def _check_off(off: Off, named: Sequence[tuple[_Priced, int]]) -> None:
    """Raise `Refused` for what takes nothing off, or can only be a slip of the hand."""
    if off.kind is OfferKind.PERCENT:
        if not 0 < off.percent_bp <= WHOLE_BP:
            raise Refused("promotion-percent-implausible")
    elif off.kind is OfferKind.N_FOR_M:
        if not 1 <= off.pay < off.take <= _MOST_TAKEN:
            raise Refused("promotion-pay-not-below-take", take=off.take, pay=off.pay)
    elif off.amount <= 0:
        raise Refused("promotion-amount-not-above-zero")
    elif off.kind is OfferKind.AMOUNT:
        for product, _ in named:
            if off.amount > product.price:
                raise Refused("promotion-amount-above-price", sku=product.sku)
    elif named:
        if any(quantity <= 0 for _, quantity in named):
            raise Refused("promotion-bundle-of-nothing")
        if len(named) == 1 and named[0][1] <= ONE:
            raise Refused("promotion-bundle-of-one")
        if extend(off.amount, ONE) >= sum(extend(product.price, quantity) for product, quantity in named):
            raise Refused("promotion-bundle-not-cheaper")


def _found(books: Books, code: str) -> PromotionRow:
    found = promotions.by_code(books.connection, books.org_id, code.strip())
    if found is None:
        raise Refused("promotion-unknown", code=code[:40])
    return found


def _shown(books: Books, row: PromotionRow) -> Shown:
    connection, org_id, one = books.connection, books.org_id, row.promotion
    depot = codes.depot_of(connection, org_id, one.depot_id) if one.depot_id else None
    groups = {group.group_id: group.code for group in price_lists.groups(connection, org_id)}
    return Shown(
        row,
        promotions.goods(connection, org_id, one.promotion_id),
        "" if depot is None else depot.code,
        groups.get(one.group_id, ""),
        micros(books.now),
    )
