"""A cashier in a process of its own, to be killed: sells without end and says each sale once it is done.

python -m tests.faults.seller TILL.DB SEED
"""

import random
import sys
from pathlib import Path

from pos_app.ledger.line import TenderKind
from tests.support.worlds.till_fixture import CASHIER, GOOD, PRODUCTS, Shop


def say(line: str) -> None:
    """Out of this process at once: what was said before the plug is pulled counts."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(path: str, seed: str) -> None:
    """Sell until somebody pulls the plug."""
    rng = random.Random(int(seed))
    shop = Shop.at(Path(path))
    shop.be(CASHIER)
    if not shop.till.drawer.is_open():
        shop.open_drawer()
    basket = shop.till.baskets.resume()
    say("ready")
    while True:
        for _ in range(rng.randint(1, 5)):
            basket.add(shop.till.catalogue.scan(rng.choice(list(PRODUCTS))).product)
        checkout = shop.till.checkout(basket)
        if checkout.due().still_due:
            total = basket.totals().total
            if rng.random() < 0.3 and basket.state.party_id is None:
                basket.set_customer(GOOD)
                mpesa = f"SLK{rng.randrange(10**7):07d}"
                checkout.add_tender(TenderKind.MPESA, min(total, 100_00), mpesa)
            if checkout.due().still_due:
                checkout.add_tender(TenderKind.CASH, checkout.cash_due() + rng.choice([0, 0, 50_00]))
        done = checkout.complete()
        say(f"done {done.document_id} {done.total}")
        basket = shop.till.baskets.new()


if __name__ == "__main__":
    main(*sys.argv[1:])
