"""What customers of the demo month leave to be washed: taken in, ready, collected and paid, or given back.

Each till looks after what was taken in at it; the other tills of the depot hear of it by the feed.
"""

from typing import Final

from demo.month.counter import Counter
from pos_app.ledger.day import later
from pos_app.ledger.quantity import ONE
from pos_app.ledger.service_orders import Step
from pos_app.till.laundry.intake import Wanted
from pos_app.till.laundry.service_orders import OpenService

#: What is brought: code, how it is described, and the most of it in thousandths.
_BROUGHT: Final = (
    ("LAU-090", "shirts; stain on a collar", 6 * ONE),
    ("LAU-DUV2", "duvet, blue", 2 * ONE),
    ("LAU-KG", "sheets and towels", 8 * ONE),
)
_NAMES: Final = ("Kamau", "Atieno", "Fatuma", "Mutua")


class Laundry:
    """The shelf of one till."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.till = counter.till

    def work(self) -> None:
        """Go through what is here, then take in some more; one thing is done while they wait."""
        for one in self.till.service_orders.open():
            if self.till.own(one.order.document_id):
                self._go_on(one)
        quick = self._take_in()
        self.till.service_orders.mark_ready(quick)
        self._take_in()

    def _go_on(self, service: OpenService) -> None:
        counter, orders, key = self.counter, self.till.service_orders, service.order.document_id
        if service.is_ready:
            self._collect(service)
        elif counter.random.randrange(5) == 0:
            counter.approved(
                lambda approval: orders.give_back(
                    key, "the colour would run", step=Step.RETURNED, approval=approval
                )
            )
        else:
            orders.mark_ready(key)

    def _collect(self, service: OpenService) -> None:
        """All of it, or the first line while the rest stays."""
        chosen = {0: service.left[0]} if service.left[0] and self.counter.random.randrange(4) == 0 else None
        basket = self.till.service_orders.collect(service.order.document_id, chosen)
        checkout = self.till.checkout(basket)
        self.counter.by_mpesa(checkout)
        checkout.complete()

    def _take_in(self) -> int:
        """Somebody brings one or two kinds of things; gives the order's key."""
        counter = self.counter
        customer = counter.random.choice(counter.customers()) if counter.random.randrange(2) else None
        wanted = [
            Wanted(counter.product(code).product_id, counter.random.randint(1, most // ONE) * ONE, note)
            for code, note, most in counter.random.sample(_BROUGHT, counter.random.randint(1, 2))
        ]
        done = self.till.service_orders.take_in(
            wanted,
            promised_on=later(self.till.today, 2),
            party_id=None if customer is None else customer.party_id,
            customer_name=counter.random.choice(_NAMES) if customer is None else "",
        )
        return done.document_id
