"""The answer of a command that recorded something: the number on its paper, its key, what it comes to."""

from collections.abc import Sequence
from typing import Any

from pos_app.cli.answer import Answer
from pos_app.cli.parsing import amount_text
from pos_app.ledger.currency import currency
from pos_app.ledger.document import kind_of
from pos_app.ledger.money import decimal_text
from pos_app.store.stock.recorded import Recorded


def values(made: Recorded) -> dict[str, Any]:
    """One document for a program."""
    document = made.document
    found: dict[str, Any] = {
        "document": made.document_id,
        "number": made.number,
        "kind": kind_of(document),
        "currency": document.currency,
    }
    total = _total(made)
    if total is not None:
        found["total"] = decimal_text(total, currency(document.currency))
    return found


def recorded(made: Recorded, said: str = "") -> Answer:
    """The answer for one document; `said` follows its number."""
    total = _total(made)
    worth = "" if total is None else f": {amount_text(total, made.document.currency)}"
    return Answer(values(made), [f"{made.number}{worth}{f' {said}' if said else ''}"])


def all_recorded(documents: Sequence[Recorded]) -> Answer:
    """The answer for several documents."""
    lines = [line for made in documents for line in recorded(made).lines]
    return Answer({"documents": [values(made) for made in documents], "count": len(documents)}, lines)


def _total(made: Recorded) -> int | None:
    total = getattr(made.document, "total", None)
    return getattr(made.document, "amount", None) if total is None else total
