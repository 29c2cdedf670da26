"""The baskets of a till: the one that is open, and those that are parked."""

from collections.abc import Callable

from pos_app.language import Sentence
from pos_app.ledger.errors import Refused
from pos_app.ledger.pricing.reasons import Words
from pos_app.store.journal import drafts
from pos_app.store.journal.drafts import Draft
from pos_app.store.master import people
from pos_app.till.selling.basket import Basket
from pos_app.till.selling.basket_state import decoded
from pos_app.till.selling.refilling import RefillingBasket
from pos_app.till.selling.why_priced import steps_of
from pos_app.till.session.context import Context


class Baskets:
    """The basket that is open and those that are parked."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def new(self) -> RefillingBasket:
        """An empty basket with a request of its own; saved with its first line."""
        return RefillingBasket(self._context)

    def resume(self) -> RefillingBasket:
        """The basket that was open when the till last ran, or a new one."""
        with self._context.database.read() as connection:
            saved = drafts.load(connection, self._context.org_id, parked=False)
        if not saved:
            return self.new()
        basket = RefillingBasket(self._context, decoded(saved[0]))
        basket.rate_again()
        return basket

    def parked(self) -> list[Draft]:
        """The parked baskets, newest first."""
        with self._context.database.read() as connection:
            return drafts.load(connection, self._context.org_id, parked=True)

    def list_name(self, list_id: int) -> str:
        """What people call a price list; empty where there is none."""
        return self._context.price_rules.name_of(list_id)

    def person_name(self, person_id: int | None) -> str:
        """What somebody is called who set a price; empty for nobody."""
        if person_id is None:
            return ""
        with self._context.database.read() as connection:
            return people.person_name(connection, self._context.org_id, person_id)

    def why_priced(self, basket: Basket, index: int, moment: Callable[[int], str]) -> list[Sentence]:
        """Why a line costs what it costs now, step by step; `moment` writes microseconds since 1970."""
        words = Words(self._context.place.currency, moment)
        with self._context.database.read() as connection:
            return steps_of(self._context, connection, basket.state, index, words)

    def take_up(self, request_id: str) -> RefillingBasket:
        """Open a parked basket again.  Raises `Refused` when it is gone, or another one is open."""
        with self._context.database.read() as connection:
            if drafts.load(connection, self._context.org_id, parked=False):
                raise Refused("basket-open-at-taking-up")
        for draft in self.parked():
            if draft.request_id == request_id:
                basket = RefillingBasket(self._context, decoded(draft))
                basket.unpark()
                basket.rate_again()
                return basket
        raise Refused("basket-not-parked")
