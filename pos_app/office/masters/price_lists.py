"""Price lists as the office keeps them: what they say from when on, and whom they are for.

Decisions
---------
2026-11-30  A price on a list that is below what the product itself says lets everybody sell cheaper, as an
agreement does: who puts it needs the right to lower prices beside that to change what the office keeps.

2026-11-30  An archived list is for nobody; brought back, it is for whom it was when it was put away.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import Price
from pos_app.ledger.pricing.rules import ScopeKind
from pos_app.office.books import Books
from pos_app.office.masters import party_groups
from pos_app.office.masters.coded import checked_code, checked_name
from pos_app.office.office import Office
from pos_app.store.master import price_lists
from pos_app.store.master.price_lists import ItemRow, ListRow, NewPrice, ScopeRow, Whom
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros


class For(NamedTuple):
    """Whom a list is for, by a code; everybody has none."""

    kind: ScopeKind
    code: str = ""


class Said(NamedTuple):
    """A price as a person says it: of a product's code, from so many on (thousandths), from a moment on.

    `from_us` None is now.
    """

    sku: str
    price: Price
    from_quantity: int = 0
    from_us: int | None = None


class Shown(NamedTuple):
    """A list with whom it is for and what it says, now and later."""

    row: ListRow
    scopes: list[ScopeRow]
    items: list[ItemRow]


def lists(office: Office) -> list[ListRow]:
    """Every list."""
    with office.read() as books:
        return price_lists.lists(books.connection, books.org_id)


def show(office: Office, code: str) -> Shown:
    """A list by its code.  Raises `Refused`."""
    with office.read() as books:
        row, now_us = _list(books, code), micros(books.now)
        of = books.connection, books.org_id, row.list_id, now_us
        return Shown(row, price_lists.scopes(*of), price_lists.items(*of))


def add(office: Office, code: str, name: str, whom: Sequence[For], *, is_contract: bool = False) -> None:
    """Add a list for somebody, from now on.  Raises `Refused` for a code that is taken.

    A contract is agreed with customers: it is for nobody else.
    """
    if is_contract and (not whom or any(one.kind is not ScopeKind.CUSTOMER for one in whom)):
        raise Refused("contract-list-for-customers")
    with office.change(Permission.EDIT_MASTER) as books:
        tidy = checked_code(code)
        known = {one.code.lower() for one in price_lists.lists(books.connection, books.org_id)}
        if tidy.lower() in known:
            raise Refused("price-list-taken", code=tidy[:40])
        connection, org_id = books.connection, books.org_id
        key = price_lists.add_coded(
            connection, org_id, master.price_list, tidy, checked_name(name), is_contract=int(is_contract)
        )
        for one in whom:
            price_lists.begin_scope(connection, org_id, key, _whom(books, one), micros(books.now))


def give(office: Office, code: str, whom: Sequence[For]) -> int:
    """A list is for these as well, from now on; says for how many it was not.

    Its prices hold for them: who gives it needs the right to lower prices.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        row = _active(books, code)
        office.need(books.connection, Permission.PRICE)
        if row.is_contract and any(one.kind is not ScopeKind.CUSTOMER for one in whom):
            raise Refused("contract-list-for-customers")
        of = books.connection, books.org_id, row.list_id
        return sum(price_lists.begin_scope(*of, _whom(books, one), micros(books.now)) for one in whom)


def take(office: Office, code: str, whom: Sequence[For]) -> int:
    """A list is not for these any more, from now on; says for how many it was."""
    with office.change(Permission.EDIT_MASTER) as books:
        row = _list(books, code)
        of = books.connection, books.org_id, row.list_id
        return sum(price_lists.end_scope(*of, _whom(books, one), micros(books.now)) for one in whom)


def put(office: Office, code: str, prices: Sequence[Said]) -> int:
    """A list says these prices, each from its moment on; says how many are new.

    Raises `Refused` for a product that nobody has, a price below nothing, and a moment that has passed.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        return put_rows(office, books, code, list(enumerate(prices, start=1)), _raised)


def _raised(_: int, error: Refused) -> None:
    raise error


def put_rows(
    office: Office,
    books: Books,
    code: str,
    rows: Sequence[tuple[int, Said]],
    refuse: Callable[[int, Refused], None],
) -> int:
    """The same of numbered rows in the caller's transaction; what is wrong with one is told to `refuse`.

    Of two rows that say another price of the same the second is refused.
    """
    row, by_moment = _active(books, code), dict[int, dict[tuple[int, int], NewPrice]]()
    for number, said in rows:
        try:
            promised = _promised(office, books, row, said)
            if promised is None:
                continue
            from_us, new = promised
            before = by_moment.setdefault(from_us, {}).setdefault((new.product_id, new.from_quantity), new)
            if before != new:
                raise Refused("price-said-twice", sku=said.sku[:40])
        except Refused as error:
            refuse(number, error)
    of = books.connection, books.org_id, row.list_id
    return sum(
        price_lists.put_prices(*of, list(new.values()), from_us) for from_us, new in sorted(by_moment.items())
    )


def _promised(office: Office, books: Books, row: ListRow, said: Said) -> tuple[int, NewPrice] | None:
    """The moment and the price that are said; None of what the list said then already."""
    now_us = micros(books.now)
    product = books.product(said.sku, books.location("").location_id, books.today)
    if said.price < 0:
        raise Refused("list-price-below-zero", sku=product.sku)
    if said.from_quantity < 0:
        raise Refused("break-below-zero", sku=product.sku)
    from_us = now_us if said.from_us is None else said.from_us
    if from_us < now_us:
        if _says(books, row, product.sku, said):
            return None
        raise Refused("price-of-the-past", sku=product.sku)
    if said.price < product.price:
        office.need(books.connection, Permission.PRICE)
    return from_us, NewPrice(product.product_id, said.from_quantity, said.price)


def end(office: Office, code: str, sku: str, from_us: int | None = None) -> None:
    """From a moment on (None: now) a list says nothing of a product.  Raises `Refused`."""
    with office.change(Permission.EDIT_MASTER) as books:
        row, now_us = _list(books, code), micros(books.now)
        product = books.product(sku, books.location("").location_id, books.today)
        at_us = now_us if from_us is None else from_us
        if at_us < now_us:
            raise Refused("price-of-the-past", sku=product.sku)
        of = books.connection, books.org_id, row.list_id
        if not price_lists.end_price(*of, product.product_id, at_us):
            raise Refused("list-says-nothing", list=row.code, sku=product.sku)


def rename(office: Office, code: str, name: str) -> None:
    """A list is called otherwise; its code stays."""
    with office.change(Permission.EDIT_MASTER) as books:
        key = _list(books, code).list_id
        price_lists.rename(books.connection, books.org_id, master.price_list, key, checked_name(name))


def archive(office: Office, code: str) -> None:
    """Put a list away: from now on it is for nobody.  Raises `Refused` where it is put away."""
    with office.change(Permission.EDIT_MASTER) as books:
        price_lists.archive(books.connection, books.org_id, _active(books, code).list_id, micros(books.now))


def restore(office: Office, code: str) -> None:
    """Bring a list back, for whom it was.  Raises `Refused` where it was never put away.

    Its prices hold for them again: who does it needs the right to lower prices.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        row = _list(books, code)
        if row.active:
            raise Refused("price-list-active", code=row.code)
        office.need(books.connection, Permission.PRICE)
        price_lists.restore(books.connection, books.org_id, row.list_id, micros(books.now))


def _says(books: Books, row: ListRow, sku: str, said: Said) -> bool:
    """Whether a list says that already, since then."""
    known = price_lists.items(books.connection, books.org_id, row.list_id, micros(books.now))
    wanted = sku, said.from_quantity, said.price
    return any((one.sku, one.from_quantity, one.price) == wanted for one in known)


def _whom(books: Books, whom: For) -> Whom:
    if whom.kind is ScopeKind.CUSTOMER:
        return whom.kind, books.party(whom.code, PartyRole.CUSTOMER).party_id
    if whom.kind is ScopeKind.DEPOT:
        return whom.kind, books.depot(whom.code).depot_id
    if whom.kind is ScopeKind.GROUP:
        return whom.kind, party_groups.group(books, whom.code).group_id
    return whom.kind, 0


def _list(books: Books, code: str) -> ListRow:
    wanted = code.strip().lower()
    found = [one for one in price_lists.lists(books.connection, books.org_id) if one.code.lower() == wanted]
    if not found:
        raise Refused("price-list-unknown", code=code[:40])
    return found[0]


def _active(books: Books, code: str) -> ListRow:
    found = _list(books, code)
    if not found.active:
        raise Refused("price-list-archived", code=found.code)
    return found
