"""What goods cost in the office: by the lists, by contract, or as the product says (see `ledger.pricing`)."""

from collections.abc import Sequence
from typing import NamedTuple

from pos_app.ledger.pricing.quoting import Quote, quote
from pos_app.office.books import Books
from pos_app.store.master import price_rules
from pos_app.store.master.catalogue import Product
from pos_app.store.master.price_rules import Buyer
from pos_app.store.tables.columns import micros


class Wanted(NamedTuple):
    """So much of a product (thousandths); off what is `fixed` no promotion takes anything."""

    product: Product
    quantity: int
    fixed: bool = False


def quoted(books: Books, party_id: int | None, depot_id: int, goods: Sequence[Wanted]) -> list[Quote]:
    """What each of these goods costs a customer who buys them together now, promotions taken off."""
    buyer = Buyer(party_id, depot_id, micros(books.now), books.organisation.time_zone)
    pairs = [(one.product, one.quantity) for one in goods]
    rules, asker, wanted = price_rules.asked(books.connection, books.org_id, buyer, pairs)
    meant = [one._replace(fixed=one.fixed or said.fixed) for one, said in zip(wanted, goods, strict=True)]
    return quote(rules, asker, meant)
