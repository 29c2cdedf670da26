"""A basket as it is kept: what is in it, its figures, and the draft on disk that a kill leaves whole."""

from collections.abc import Sequence
from typing import Final

import msgspec

from pos_app.language import Sentence
from pos_app.ledger import tax
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import written_note
from pos_app.ledger.totals import shares_of, totals_of
from pos_app.store.journal import drafts
from pos_app.store.journal.drafts import Draft
from pos_app.store.master import people
from pos_app.store.master.people import Party
from pos_app.till.selling import line_prices
from pos_app.till.selling.basket_state import BasketLine, BasketState, CardAsked, TenderEntry, Totals
from pos_app.till.selling.concession import price_note
from pos_app.till.selling.line_prices import Prices
from pos_app.till.session.context import Context, new_request

_encoder: Final = msgspec.msgpack.Encoder()


class KeptBasket:
    """What is in a basket, and how it is saved, parked and forgotten."""

    def __init__(self, context: Context, state: BasketState | None = None) -> None:
        self._context = context
        self.state = state or BasketState(request_id=new_request())
        self._closed = self._is_written = False
        self._news: Sentence | None = None

    # --- what is in it -------------------------------------------------------------------------

    @property
    def lines(self) -> list[BasketLine]:
        """The lines, in the order in which they were added."""
        return self.state.lines

    @property
    def tenders(self) -> list[TenderEntry]:
        """What was tendered so far."""
        return self.state.tenders

    def taxed(self) -> list[tax.Taxed]:
        """Net and tax of each line: parts of an order have theirs, all others share it out."""
        return self._taxed(self.lines)

    @staticmethod
    def _taxed(lines: Sequence[BasketLine]) -> list[tax.Taxed]:
        if all(line.agreed is None for line in lines):
            return shares_of(lines)
        parts = [line.part() for line in lines]
        shares = iter(shares_of(line for line, part in zip(lines, parts, strict=True) if part is None))
        return [next(shares) if part is None else part for part in parts]

    def totals(self, taxed: Sequence[tax.Taxed] | None = None) -> Totals:
        """The figures below the lines; `taxed` is what `taxed()` gave, where it is at hand."""
        taxed = self.taxed() if taxed is None else taxed
        return Totals(len(self.lines), *totals_of(taxed), sum([line.taken_off for line in self.lines]))

    def customer(self) -> Party | None:
        """Who buys, where a customer was chosen."""
        if self.state.party_id is None:
            return None
        with self._context.database.read() as connection:
            return people.party(connection, self._context.org_id, self.state.party_id)

    def _line(self, index: int) -> BasketLine:
        if not 0 <= index < len(self.lines):
            raise Refused("no-line-chosen")
        return self.lines[index]

    def set_note(self, words: str, *, inside: bool) -> None:
        """Write something on the whole basket; `inside` keeps it off the paper that goes out.

        No words take what was written away.
        """
        self.state.note = written_note(words)
        self.state.note_inside = inside and bool(self.state.note)
        self._save()

    def set_line_note(self, index: int, words: str, *, inside: bool) -> None:
        """Write something on a line (see `set_note`).  Raises `Refused` for a line that is none."""
        line = self._line(index)
        line.note = written_note(words)
        line.note_inside = inside and bool(line.note)
        self._save()

    def ask_card(self, asked: CardAsked | None) -> None:
        """Keep what the card terminal is asked for; None when it is known what became of it."""
        self.state.card = asked
        self._save()

    # --- keeping -------------------------------------------------------------------------------

    def close(self) -> None:
        """The basket is paid: what is scanned from now on belongs into another one."""
        self._closed = True

    def _save(
        self,
        *,
        parked: bool = False,
        label: str = "",
        changed: tuple[BasketLine, str] | None = None,
        prices: Prices | None = None,
    ) -> None:
        """Write the basket, at these prices; `changed`, a line's price and what it was, goes into the log."""
        context = self._context
        if self._closed:
            raise Refused("basket-paid")
        if prices is not None:
            line_prices.take(self.lines, prices)
        with context.database.write() as connection:
            if changed is not None:
                before, after = changed[1], price_note(changed[0])
                context.note(connection, "price", f"product {changed[0].sku}", before=before, after=after)
            if not self._is_written:
                drafts.delete_recorded(connection, context.org_id)
            if self._is_blank() and not parked:
                drafts.delete(connection, context.org_id, self.state.request_id)
                return
            draft = Draft(
                request_id=self.state.request_id,
                person_id=context.signed_in().person_id,
                parked=parked,
                label=label,
                updated_at=context.clock.now(),
                body=_encoder.encode(self.state),
            )
            drafts.save(connection, context.org_id, draft)
        self._is_written = True

    def _is_blank(self) -> bool:
        """Whether nothing in it is worth keeping."""
        state = self.state
        return not (state.lines or state.returnables or state.note) and state.party_id is None

    def park(self, label: str) -> None:
        """Put the basket aside under a name.  Raises `Refused` when it is empty."""
        if not self.lines:
            raise Refused("nothing-to-park")
        if self.state.card is not None or any(one.terminal for one in self.tenders):
            # Parking gives back what was tendered, and nobody gives back what is on a card.
            raise Refused("card-in-basket")
        self.state.tenders = []
        self._save(parked=True, label=label.strip()[:40])

    def unpark(self) -> None:
        """This basket is at hand again."""
        self._save()

    def discard(self) -> None:
        """Forget the basket: the customer left."""
        context = self._context
        with context.database.write() as connection:
            drafts.delete(connection, context.org_id, self.state.request_id)
