"""How a pack is called in the window: "case of 12"."""

from pos_app.language import _
from pos_app.ledger.pack import Packed
from pos_app.ledger.quantity import quantity_text


def pack_words(packed: Packed) -> str:
    """The word of the pack, and how many are in it."""
    return _("{pack} of {count}", pack=packed.word, count=quantity_text(packed.size))
