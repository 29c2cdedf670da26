"""Cards at the till: what was asked of the terminal is kept with the basket before a byte of it is sent.

Decisions
---------
2026-12-01  A payment that was asked for stays with the basket until it is known what became of it: through a
kill, a lock and another screen.  Until then the basket is neither finished nor parked, and the same request
is asked about, never a second one.  Where the terminal cannot say, a person who looked at its slip does, and
that stands in the log.

2026-12-01  A tender that the terminal took is not taken out of a basket: the card was charged.  The sale is
finished and the money goes back as a refund, so that both stand in the books.
"""

from pos_app.devices.card_terminal import CardAnswer, CardResult, CardTerminal
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import reference_of
from pos_app.ledger.money import grouped_text
from pos_app.till.selling.basket_state import CardAsked
from pos_app.till.selling.checkout import Checkout
from pos_app.till.session.context import Context, new_request

__all__ = ["CardAnswer", "CardAsked", "CardDesk", "CardResult"]


class CardDesk:
    """The card terminal of this till, if it has one."""

    def __init__(self, context: Context, terminal: CardTerminal | None) -> None:
        self._context, self._terminal = context, terminal

    @property
    def is_there(self) -> bool:
        """Whether cards are asked here; without it the number of the slip is typed."""
        return self._terminal is not None

    def begin(self, checkout: Checkout, amount: int) -> CardAsked:
        """Keep that an amount, in minor units, is asked for; then it may be sent.

        Raises `Refused` for no amount, for more than is due, and while another is open.
        """
        state = checkout.basket.state
        if state.card is not None:
            raise Refused("card-payment-open", amount=self._money(state.card.amount))
        if amount <= 0:
            raise Refused("amount-not-positive")
        if amount > checkout.exact_due():
            raise Refused("more-than-due", due=self._money(checkout.exact_due()))
        asked = CardAsked(request=new_request(), amount=amount)
        checkout.basket.ask_card(asked)
        return asked

    def pay(self, asked: CardAsked) -> CardAnswer:
        """Ask the card; waits for the answer and touches no book, so that the window can draw meanwhile."""
        if self._terminal is None:
            return CardAnswer(CardResult.UNSENT)
        return self._terminal.pay(asked.request, asked.amount, self._context.place.currency.code)

    def ask(self, asked: CardAsked) -> CardAnswer:
        """Ask the terminal what became of it; waits as `pay` does."""
        if self._terminal is None:
            return CardAnswer(CardResult.UNKNOWN)
        return self._terminal.ask(asked.request)

    def settle(self, checkout: Checkout, asked: CardAsked, answer: CardAnswer) -> bool:
        """Take what was approved as a tender, or forget what was not; says whether it is known now.

        Raises `Refused` where the basket takes it no more: it stays open then.
        """
        if answer.result is CardResult.UNKNOWN:
            return False
        if answer.result is CardResult.APPROVED:
            checkout.take_card(asked, reference_of(answer.slip))
        else:
            checkout.basket.ask_card(None)
        return True

    def decide(self, checkout: Checkout, asked: CardAsked, slip: str) -> None:
        """A person looked: it was paid with a slip of this number, or (empty) it was not.  Audited."""
        result = CardResult.APPROVED if slip.strip() else CardResult.DECLINED
        self.settle(checkout, asked, CardAnswer(result, slip.strip()))
        with self._context.database.write() as connection:
            self._context.note(
                connection,
                "card_decided",
                f"card payment {asked.request}",
                before=str(asked.amount),
                after=f"{result.value} {slip.strip()[:40]}".strip(),
            )

    def _money(self, minor: int) -> str:
        return grouped_text(minor, self._context.place.currency)
