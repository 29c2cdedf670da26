"""What goods cost in the office: by the lists, by contract, or as the product says (see `ledger.pricing`)."""

from collections.abc import Sequence

from pos_app.ledger.price import Price
from pos_app.ledger.pricing.listed import lists_for
from pos_app.ledger.pricing.quoting import unit_prices
from pos_app.office.books import Books
from pos_app.store.master import price_rules
from pos_app.store.master.catalogue import Product
from pos_app.store.master.price_rules import Buyer
from pos_app.store.tables.columns import micros


def listed(
    books: Books, party_id: int | None, depot_id: int, goods: Sequence[tuple[Product, int]]
) -> list[Price]:
    """What a unit of each of these goods (with thousandths) costs a customer who buys them together, now."""
    buyer = Buyer(party_id, depot_id, micros(books.now), books.organisation.time_zone)
    rules, asker, wanted = price_rules.asked(books.connection, books.org_id, buyer, goods)
    return [one.price for one in unit_prices(rules, asker, lists_for(rules, asker), wanted)]
