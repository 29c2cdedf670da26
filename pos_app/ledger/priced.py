"""What every line with a price can do, whatever document, basket or draft it stands on."""

from pos_app.ledger.price import Price, exact
from pos_app.ledger.quantity import HALF, ONE, extend
from pos_app.ledger.tax import Taxable


class TaxedLine:
    """A line that knows its tax and what it comes to before that; a mixin without fields of its own.

    The fields stand in each line, in the order in which its bytes have them: were they inherited, they
    would come first, and every document's bytes would be others.
    """

    __slots__ = ()

    tax_code: str
    tax_rate_bp: int
    tax_inclusive: bool

    @property
    def extended(self) -> int:
        """What it comes to, in minor units, before tax is split off or added."""
        raise NotImplementedError

    def taxable(self) -> Taxable:
        """What `tax.share_out` needs of this line."""
        return Taxable(self.tax_code, self.tax_rate_bp, self.tax_inclusive, self.extended)


class PricedLine(TaxedLine):
    """A line of so much at a price: `quantity` in thousandths, `unit_price` and `discount` in minor units.

    `price_fine` is what the price has beside them, in ten-thousandths of one (see `ledger.price`).
    """

    __slots__ = ()

    quantity: int
    unit_price: Price
    #: Of a line that knows no discount, or whose price is whole in one.
    discount: int = 0
    price_fine: int = 0

    @property
    def price(self) -> Price:
        """What one unit costs, in minor units, to the last decimal."""
        if self.price_fine and isinstance(self.unit_price, int):
            return exact(self.unit_price, self.price_fine)
        return self.unit_price

    @property
    def extended(self) -> int:
        """Price times quantity less discount, in minor units, before tax is split off or added."""
        price = self.unit_price
        if self.price_fine or not isinstance(price, int):
            return extend(self.price, self.quantity) - self.discount
        # `extend` of a whole price, written out: every check asks it of every line.
        product = price * self.quantity
        whole = (product + HALF) // ONE if product >= 0 else -((HALF - product) // ONE)
        return whole - self.discount


class SettledLine(TaxedLine):
    """A line whose `net` and `tax` are known, in minor units of its document's currency."""

    __slots__ = ()

    net: int
    tax: int

    @property
    def gross(self) -> int:
        """What is to be paid for it, in minor units."""
        return self.net + self.tax
