"""What a till says of itself, so that a centre that forgot it knows it again: one word to send in a message.

Decisions
---------
2026-11-30  A till that was enrolled after the backup of which its centre came back is taken in again under
its own number, drawer and keys: all that it sold carries them, and a life of the centre gives out no number
of one before it (`enrolment.first_number`).  Nothing in a card is secret; whoever takes it in says that
the till is theirs, as with a code for a new one.
"""

import base64
import binascii
import hashlib
from typing import Final

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, text

from pos_app.ledger.clock import Clock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.errors import Refused
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.signing import KeyFrom
from pos_app.store.master import enrolment, terminal_keys

_CHECK_BYTES: Final = 4
_KEY_BYTES: Final = 32
#: Terminals rotate their key a few times in their life.
_MOST_BYTES: Final = 8_192


class Card(Struct, frozen=True, array_like=True):
    """Who a till is.  `keys` are the public keys that it signs with, each from which own sequence on; the
    last one it signs with now.
    """

    org_id: int
    terminal_no: int
    depot_id: int
    drawer_id: int
    keys: tuple[tuple[int, bytes], ...]

    @property
    def terminal(self) -> Terminal:
        """Who it is, as a till knows itself."""
        return Terminal(self.org_id, self.terminal_no, self.depot_id, self.drawer_id)


def written(card: Card) -> str:
    """The card as one word, of letters that every message carries."""
    raw = msgspec.msgpack.encode(card)
    return base64.urlsafe_b64encode(_check(raw) + raw).decode().rstrip("=")


def read(word: str) -> Card:
    """The card that was written so.  Raises `Refused` for a word that is none, or lost a letter."""
    plain = "".join(word.split())
    try:
        raw = base64.urlsafe_b64decode(plain[:_MOST_BYTES] + "=" * (-len(plain) % 4))
        card = msgspec.msgpack.decode(raw[_CHECK_BYTES:], type=Card)
    except (ValueError, binascii.Error, msgspec.MsgspecError) as error:
        raise Refused("terminal-card-wrong") from error
    whole = raw[:_CHECK_BYTES] == _check(raw[_CHECK_BYTES:])
    if not whole or not card.keys or not all(len(key) == _KEY_BYTES for _, key in card.keys):
        raise Refused("terminal-card-wrong")
    return card


def take_in(connection: Connection, org_id: int, card: Card, clock: Clock) -> None:
    """Know a terminal again, with its chain at the beginning: it sends all that it has.

    Raises `Refused` for a card of another organisation, a terminal that is known (or was taken away), and a
    depot or drawer that is none of this till's.
    """
    if card.org_id != org_id or not 0 < card.terminal_no < SERVER_TERMINAL_NO:
        raise Refused("terminal-card-of-others")
    enrolment.lock_organisation(connection, org_id)
    if enrolment.find(connection, org_id, card.terminal_no) is not None:
        raise Refused("terminal-known-already", terminal=card.terminal_no)
    if not _fits(connection, card):
        raise Refused("terminal-card-elsewhere", terminal=card.terminal_no)
    now = clock.now()
    enrolment.add_with_drawer(connection, card.terminal, card.keys[-1][1], now)
    # One alone is noted with the first document that it signed, as that of a new till is.
    for seq, key in card.keys if len(card.keys) > 1 else ():
        terminal_keys.add(connection, org_id, card.terminal_no, KeyFrom(seq, key), now)


def _fits(connection: Connection, card: Card) -> bool:
    """Whether its depot is there and its drawer is nobody's."""
    found = connection.execute(
        text(
            "SELECT (SELECT count(*) FROM depot WHERE org_id = :org AND depot_id = :depot),"
            " (SELECT count(*) FROM drawer WHERE org_id = :org AND drawer_id = :drawer)"
        ),
        {"org": card.org_id, "depot": card.depot_id, "drawer": card.drawer_id},
    ).one()
    return tuple(found) == (1, 0)


def _check(raw: bytes) -> bytes:
    return hashlib.sha256(b"bohari terminal card 1" + raw).digest()[:_CHECK_BYTES]
