"""Where a page of a list ended: a text that means nothing to who gets it and is given back as it is."""

import base64
import binascii
from typing import Any, Final

import msgspec

from pos_app.ledger.errors import Refused

_MOST: Final = 600
_MOST_TEXT: Final = 200
_MOST_NUMBER: Final = 2**62


def packed(of: str, *parts: int | str) -> str:
    """The cursor of a list (its name) at this place."""
    return base64.urlsafe_b64encode(msgspec.json.encode([of, *parts])).decode().rstrip("=")


def unpacked(cursor: str, of: str, *kinds: type) -> tuple[Any, ...]:
    """The place of a cursor, of parts of these kinds; nothing for none.

    Raises `Refused` for what is no cursor of this list.
    """
    if not cursor:
        return ()
    try:
        if len(cursor) > _MOST or not cursor.isascii():
            raise ValueError
        padded = cursor + "=" * (-len(cursor) % 4)
        found = msgspec.json.decode(
            base64.b64decode(padded, altchars=b"-_", validate=True), type=list[int | str]
        )
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        raise Refused("api-cursor-wrong") from None
    if found[:1] != [of] or [type(one) for one in found[1:]] != list(kinds):
        raise Refused("api-cursor-wrong")
    for one in found[1:]:
        if isinstance(one, str) and (len(one) > _MOST_TEXT or "\x00" in one):
            raise Refused("api-cursor-wrong")
        if isinstance(one, int) and abs(one) > _MOST_NUMBER:
            raise Refused("api-cursor-wrong")
    return tuple(found[1:])
