"""A manager in a process of their own, to be killed: sells, counts, closes without end, and says so.

python -m tests.faults.closer TILL.DB SEED
"""

import random
import sys
from pathlib import Path

from pos_app.ledger.line import CashCount, TenderKind
from pos_app.till.drawer.drawer import Count, Found
from tests.faults.seller import say
from tests.support.worlds.till_fixture import MANAGER, Shop


def counted(shop: Shop, rng: random.Random) -> Count:
    """A count as somebody makes it: it need not agree."""
    keys = [one.key for one in shop.till.drawer.payments_to_tick()]
    ticked = frozenset(key for key in keys if rng.random() < 0.8)
    return Count({"KES": (CashCount(value=100, pieces=rng.randint(1, 9_999)),)}, Found(ticked))


def main(path: str, seed: str) -> None:
    """Close one shift after the other until somebody pulls the plug."""
    rng = random.Random(int(seed))
    shop = Shop.at(Path(path))
    shop.be(MANAGER)
    drawer = shop.till.drawer
    say("ready")
    while True:
        if not drawer.is_open():
            shop.open_drawer(1_000_00)
        count = drawer.sealed_count()
        if count is None:
            # The plug may have been pulled before the customer paid.
            basket = shop.till.baskets.resume()
            if not basket.lines:
                basket.add(shop.till.catalogue.scan("SOAP").product)
            taking = shop.till.checkout(basket)
            if taking.due().still_due:
                taking.add_tender(TenderKind.MPESA, taking.total, f"SLK{rng.randrange(10**7):07d}")
            taking.complete()
            count = counted(shop, rng)
            drawer.fix_count(count.cash, count.money)
            say("fixed")
        drawer.close(tuple(count.cash["KES"]), "as it was counted", money=count.money)
        say("closed")


if __name__ == "__main__":
    main(*sys.argv[1:])
