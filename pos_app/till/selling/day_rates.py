"""The taxes of the day: what the lines of a basket are taxed by is the law's, on the day of its document.

Decisions
---------
2026-11-29  A line does not keep the rate of the moment at which it was scanned: a basket is parked at 16 %
and paid when 14 % holds, an order is taken in before the change and collected after, the feed brings a rate
while the customer looks for a note, midnight passes.  The rates are taken anew with every scan, when a
basket is opened or its payment begins, and once more in the transaction that records, by the day of the
document.  Where the total is another then, nothing is recorded: the person is told, and presses once more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.line_parts import Agreed
from pos_app.ledger.tax import TaxTerms
from pos_app.store.master import rates
from pos_app.store.master.catalogue import Product, Shop
from pos_app.till.selling.basket_state import BasketLine


class Due(NamedTuple):
    """A line whose tax is another on that day; `agreed` where it is a part of an order."""

    line: BasketLine
    terms: TaxTerms
    agreed: Agreed | None = None

    def take(self) -> None:
        """Tax the line by it."""
        line = self.line
        line.tax_code, line.tax_rate_bp, line.tax_inclusive = self.terms
        line.agreed = self.agreed


def due(
    connection: Connection, shop: Shop, lines: Sequence[BasketLine], terms: Mapping[int, TaxTerms]
) -> list[Due]:
    """What of these lines is taxed by another rate than the shop's day has; `terms` as `catalogue.tax_of`."""
    found = []
    for line in lines:
        if line.agreed is not None:
            found += _due_of_part(connection, shop, line, line.agreed)
            continue
        known = terms.get(line.product_id)
        if known is not None and known != (line.tax_code, line.tax_rate_bp, line.tax_inclusive):
            found.append(Due(line, known))
    return found


def taxed_by(product: Product, terms: TaxTerms | None) -> Product:
    """A product with its tax of today, however long ago it was looked up."""
    if terms in (None, (product.tax_code, product.tax_rate_bp, product.tax_inclusive)):
        return product
    return replace(product, tax_code=terms.code, tax_rate_bp=terms.rate_bp, tax_inclusive=terms.inclusive)


def _due_of_part(connection: Connection, shop: Shop, line: BasketLine, agreed: Agreed) -> list[Due]:
    """A part of an order keeps its tax code and its price as agreed; the rate is the day's."""
    now = agreed_on(connection, shop.org_id, agreed, shop.day)
    if now.tax_rate_bp == agreed.tax_rate_bp == line.tax_rate_bp:
        return []
    return [Due(line, TaxTerms(line.tax_code, now.tax_rate_bp, line.tax_inclusive), now)]


def agreed_on(connection: Connection, org_id: int, agreed: Agreed, day: int) -> Agreed:
    """What was agreed, at the rate of a day: the price is the same, with the tax in it or before it."""
    found = rates.tax_terms(connection, org_id, agreed.tax_code, day)
    if found is None or found.rate_bp == agreed.tax_rate_bp:
        return agreed
    return agreed.at_rate(found.rate_bp)
