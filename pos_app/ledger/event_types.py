"""What other programs can be told of: the declared types of events, and words for several at once.

A document's type is its kind and `recorded`, so a kind that is added to the ledger can be told of at once.

Decisions
---------
2026-12-01  An organisation keeps the words as they were chosen ("sales") and not the types that they mean: a
kind that a later version adds to a word is told of without anybody choosing again.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from pos_app.ledger.document import TYPES
from pos_app.ledger.errors import Refused

#: How the type of a document ends.
RECORDED: Final = ".recorded"
STOCK: Final = "stock.changed"
FLAG: Final = "alert.flag"
QUARANTINE: Final = "alert.quarantine"
DOUBLE_CODE: Final = "alert.double_code"
STOPPED: Final = "alert.webhook_stopped"
#: Sent when somebody asks for it, to whatever was chosen.
TEST: Final = "webhook.test"

ALERTS: Final = (FLAG, QUARANTINE, DOUBLE_CODE, STOPPED)
DOCUMENTS: Final = tuple(f"{one.kind}{RECORDED}" for one in TYPES)
#: Every type that can be chosen.
EVERY: Final = (*DOCUMENTS, STOCK, *ALERTS)


def _recorded(*kinds: str) -> tuple[str, ...]:
    return tuple(f"{kind}{RECORDED}" for kind in kinds)


#: Words that mean several.
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "sales": _recorded("sale", "refund", "invoice", "credit_note", "reversal"),
    "closes": _recorded("drawer_close"),
    "stock": (
        STOCK,
        *_recorded("goods_receipt", "stock_count", "stock_adjustment", "transfer_sent", "transfer_received"),
    ),
    "alerts": ALERTS,
    "documents": DOCUMENTS,
    "all": EVERY,
}


def chosen(words: Iterable[str]) -> tuple[str, ...]:
    """What was chosen, each word and type once, in their order.

    Raises `Refused` for a type that there is not, and for nothing.
    """
    found = list(dict.fromkeys(one.strip().lower() for one in words if one.strip()))
    for one in found:
        if one not in WORDS and one not in EVERY:
            raise Refused("webhook-event-unknown", typed=one[:60], words=", ".join((*WORDS, *EVERY)))
    if not found:
        raise Refused("webhook-event-missing", words=", ".join((*WORDS, *EVERY)))
    return tuple(found)


def meant(words: Iterable[str]) -> frozenset[str]:
    """The types that words and types mean."""
    return frozenset(each for one in words for each in WORDS.get(one, (one,)))


def kinds(types: Iterable[str]) -> list[str]:
    """The kinds of documents among types."""
    return sorted(one.removesuffix(RECORDED) for one in types if one.endswith(RECORDED))
