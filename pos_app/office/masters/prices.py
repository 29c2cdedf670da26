"""What a customer pays by agreement, kept at the centre: put, ended, listed; the tills follow by the feed.

Decisions
---------
2026-11-29  An agreement below the price list lets everybody sell cheaper to that customer, so whoever puts it
needs the right to lower prices beside that to change what the office keeps.  Ending one, or agreeing on more
than the list, gives nothing away.

2026-11-30  A rate is agreed from now on.  One that begins or ends at a moment to come stands on a list of the
customer's contract, which is made when it is first needed (`CONTRACT-` and the customer's code): rows there
are kept with their moments at every till, offline too.  What that list says of a product goes before the
rate, so another price from now on is put where the last one stands.
"""

from typing import Final

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import Price
from pos_app.ledger.pricing.rules import ScopeKind
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.master import party_terms, price_lists
from pos_app.store.master.codes import PartyCode
from pos_app.store.master.party_terms import Agreed
from pos_app.store.master.price_lists import ListRow, NewPrice
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros

_MOST_CODE: Final = 64


def agree(office: Office, customer: str, sku: str, price: Price, from_us: int | None = None) -> None:
    """Agree with a customer on a price in minor units of the base currency, from a moment on (None: now).

    Raises `Refused` for codes that nothing has, a negative price, a moment that has passed, and for who may
    not.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        party = books.party(customer, PartyRole.CUSTOMER)
        product = books.product(sku, books.location("").location_id, books.today)
        if price < product.price:
            office.need(books.connection, Permission.PRICE)
        if price < 0:
            raise Refused("agreed-price-below-zero")
        now_us = _not_past(books, from_us, product.sku)
        if from_us is None and not _says(books, _contract(books, party), product.sku):
            party_terms.put_contract_price(
                books.connection, books.org_id, party.party_id, product.product_id, price
            )
            return
        _put(books, party, NewPrice(product.product_id, 0, price), now_us)


def end(office: Office, customer: str, sku: str, from_us: int | None = None) -> None:
    """From a moment on (None: now) the customer pays what everybody pays.

    Raises `Refused` where nothing was agreed, and for a moment that has passed.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        party = books.party(customer, PartyRole.CUSTOMER)
        product = books.product(sku, books.location("").location_id, books.today)
        at_us = _not_past(books, from_us, product.sku)
        known = _contract(books, party)
        is_listed = _says(books, known, product.sku)
        of = books.connection, books.org_id, party.party_id, product.product_id
        rate = party_terms.contract_price(*of)
        if rate is None and not is_listed:
            raise Refused("nothing-agreed", name=party.name, sku=product.sku)
        if rate is not None:
            if from_us is not None and not _says(books, known, product.sku, now=True):
                # Only the list can say until when.
                known = _put(books, party, NewPrice(product.product_id, 0, rate), micros(books.now))
                is_listed = True
            party_terms.put_contract_price(*of, rate, active=False)
        if known is not None and is_listed:
            key = known.list_id
            price_lists.end_price(books.connection, books.org_id, key, product.product_id, at_us)


def agreed(office: Office, customer: str = "") -> list[Agreed]:
    """What is agreed now and for later, of everybody or of one customer (a code)."""
    with office.read() as books:
        party = books.party(customer, PartyRole.CUSTOMER).party_id if customer else None
        connection, org_id = books.connection, books.org_id
        return [
            *party_terms.agreed(connection, org_id, party),
            *party_terms.agreed_by_lists(connection, org_id, micros(books.now), party),
        ]


def take_over(books: Books, kept: PartyCode, lost: PartyCode) -> None:
    """What lists say for a customer who goes into another one holds for that one.

    Of a contract what is agreed with neither rate nor list of the one that stays; another list where none is
    for them, for which of two holds is theirs to say.  Raises `Refused` where their contract is put away.
    """
    connection, org_id, now_us = books.connection, books.org_id, micros(books.now)
    of_kept = price_lists.lists_of(connection, org_id, kept.party_id)
    has_list = any(not one.is_contract for one in of_kept)
    for found in price_lists.lists_of(connection, org_id, lost.party_id):
        if not found.is_contract:
            if not has_list:
                whom = ScopeKind.CUSTOMER, kept.party_id
                price_lists.begin_scope(connection, org_id, found.list_id, whom, now_us)
            continue
        missing = price_lists.products_of(connection, org_id, found.list_id, now_us)
        missing -= party_terms.products_agreed(connection, org_id, kept.party_id)
        for own in of_kept:
            if own.is_contract:
                missing -= price_lists.products_of(connection, org_id, own.list_id, now_us)
        if missing:
            key = _made(books, kept).list_id
            price_lists.copy_prices(connection, org_id, (found.list_id, key), missing, now_us)


def _not_past(books: Books, from_us: int | None, sku: str) -> int:
    """The moment that is meant.  Raises `Refused` for one that has passed."""
    now_us = micros(books.now)
    if from_us is not None and from_us < now_us:
        raise Refused("price-of-the-past", sku=sku)
    return now_us if from_us is None else from_us


def _code(party: PartyCode) -> str:
    return f"CONTRACT-{party.code}"[:_MOST_CODE]


def _contract(books: Books, party: PartyCode) -> ListRow | None:
    """The list of a customer's own contract, where there is one."""
    known = price_lists.lists(books.connection, books.org_id)
    return next((one for one in known if one.code == _code(party)), None)


def _says(books: Books, known: ListRow | None, sku: str, *, now: bool = False) -> bool:
    """Whether a contract says what a product costs, now or (not only `now`) later."""
    if known is None or not known.active:
        return False
    now_us = micros(books.now)
    found = price_lists.items(books.connection, books.org_id, known.list_id, now_us)
    return any(one.sku == sku and (not now or one.from_us <= now_us) for one in found)


def _put(books: Books, party: PartyCode, price: NewPrice, from_us: int) -> ListRow:
    """The list of a customer's contract says a price from a moment on; it is made where there is none."""
    known = _made(books, party)
    price_lists.put_prices(books.connection, books.org_id, known.list_id, [price], from_us)
    return known


def _made(books: Books, party: PartyCode) -> ListRow:
    """The list of a customer's contract, made where there is none.  Raises `Refused` for one put away."""
    connection, org_id, now_us = books.connection, books.org_id, micros(books.now)
    known = _contract(books, party)
    if known is None:
        name = f"{party.name}"[:200]
        key = price_lists.add_coded(connection, org_id, master.price_list, _code(party), name, is_contract=1)
        price_lists.begin_scope(connection, org_id, key, (ScopeKind.CUSTOMER, party.party_id), now_us)
        known = ListRow(key, _code(party), name, is_contract=True, active=True)
    if not known.active:
        raise Refused("price-list-archived", code=known.code)
    return known
