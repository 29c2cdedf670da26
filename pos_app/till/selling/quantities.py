"""How much of a product a line of a basket may be."""

from pos_app.ledger.errors import Refused
from pos_app.ledger.pack import Pack, check_whole
from pos_app.ledger.quantity import MOST_ON_A_LINE, ONE
from pos_app.ledger.tax import NO_SALE, VOUCHER_CODE


def check_quantity(quantity: int, pack: Pack | None = None) -> None:
    """Raise `Refused` for nothing, for more than any basket holds, and for parts of a pack."""
    if quantity == 0:
        raise Refused("quantity-zero")
    if abs(quantity) > MOST_ON_A_LINE:
        raise Refused("basket-quantity-implausible")
    if pack is not None:
        check_whole(pack, quantity)


def check_no_sale(tax_code: str, quantity: int) -> None:
    """A deposit comes back by its slip, which says how much it was; a voucher is one piece of paper."""
    if tax_code in NO_SALE and quantity < 0:
        raise Refused("no-sale-comes-back-by-slip")
    if tax_code == VOUCHER_CODE and quantity != ONE:
        raise Refused("voucher-one-by-one")
