"""The answer to a recording: the document as the screen shows it, and what stock it took below nothing."""

from dataclasses import dataclass, field

from pos_app.store.stock.stock_levels import Level


@dataclass(frozen=True)
class Done:
    """A recorded document; money in minor units.

    `short` are the products of which the books have less than nothing at their place since: sold all the
    same, to be counted or received (see `stock.Stock.explain`).  Only the first answer says so: pressed
    twice, the second one is of a document that was recorded already.
    """

    document_id: int
    number: str
    total: int
    change: int
    short: tuple[Level, ...] = field(default=(), compare=False)
