"""What a bag for the bank means: out of the safe, onto its way, and to the bank with what was found in it."""

from pos_app.ledger.bank_bag import BagBanked, BankBag
from tests.support.oracle.model_sums import Books, worth

__all__ = ["BAGS", "BagBanked", "BankBag", "moved"]

BAGS = (BankBag, BagBanked)


def moved(model: Books, what: BankBag | BagBanked, sign: int) -> None:
    """A bag or its arrival (`sign` -1: its void)."""
    lay = worth(what.amount, what.rate_micro) * sign
    if isinstance(what, BankBag):
        model.post(what, what.safe_account, -lay)
        model.post(what, what.transit_account, lay)
        return
    arrived = worth(what.arrived, what.rate_micro) * sign
    model.post(what, what.transit_account, -lay)
    model.post(what, what.bank_account, arrived)
    model.post(what, what.over_short_account, lay - arrived)
