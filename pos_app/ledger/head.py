"""The head that every document begins with, and the key that it is known by.

A document is recorded once, on the terminal where it happened, and never changes.  Its key is the
terminal's number and a gapless sequence.
"""

from datetime import datetime
from typing import Final, NotRequired, TypedDict

from msgspec import Struct

from pos_app.ledger.exchange_rate import RATE_ONE

SEQUENCE_BITS: Final = 32
#: How many keys each terminal has: the first is its number times that.
TERMINAL_SPAN: Final = 1 << SEQUENCE_BITS

#: The centre's own chain; far above the tills, so that tills are 1, 2, 3 to the people who read them.
SERVER_TERMINAL_NO = 1_000_000


def document_key(terminal_no: int, seq: int) -> int:
    """The key of a document: `terminal_no << 32 | seq`, unique without asking anyone."""
    return terminal_no << SEQUENCE_BITS | seq


def split_key(document_id: int) -> tuple[int, int]:
    """The terminal's number and the sequence of a key."""
    return document_id >> SEQUENCE_BITS, document_id & TERMINAL_SPAN - 1


class Proof(Struct, frozen=True, array_like=True):
    """That somebody approved this very document: what only their secret makes of it (see `approving`)."""

    person_id: int
    mac: bytes


class FromAfar(Struct, frozen=True, array_like=True):
    """That somebody answered from afar for what is asked here (see `remote_approval`).

    `amount` in minor units, 0 where no sum was named; `answer` is what only their secret makes of it.
    """

    person_id: int
    action: str
    amount: int
    salt: int
    tag: int
    answer: str


class Head(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every document says of itself.

    `terminal_no`, `seq`, `number`, `recorded_at`, `dated_by`, `proofs` and `from_afar` are given by the
    journal when it records; before that they are 0, the moment of the draft and nobody.  `request_id` is
    32 hex digits, drawn when the basket was opened.  `rate_micro` is how many minor units of the base
    currency one minor unit of the document's currency is worth, in millionths (see
    `exchange_rate.minor_rate`).
    `shift` is the document key of the `DrawerOpen` that the document belongs to.
    `dated_by` is who allowed a date that lies before what the document follows (see `dating`).
    `clearing_account` is named by every document whose lines lie in several businesses.
    With `note_inside` the note is for us and stands on no paper that goes out.
    """

    org_id: int
    terminal_no: int = 0
    seq: int = 0
    request_id: str
    series: str
    number: int = 0
    occurred_at: datetime
    recorded_at: datetime
    person_id: int
    approver_id: int | None = None
    business_id: int
    depot_id: int
    shift: int | None = None
    currency: str
    rate_micro: int = RATE_ONE
    clearing_account: str = ""
    note: str = ""
    dated_by: int | None = None
    proofs: tuple[Proof, ...] = ()
    note_inside: bool = False
    from_afar: tuple[FromAfar, ...] = ()

    @property
    def document_id(self) -> int:
        """The key: see `document_key`."""
        return document_key(self.terminal_no, self.seq)

    @property
    def year(self) -> int:
        """The UTC year of `occurred_at`, by which lines and moves are partitioned."""
        return self.occurred_at.year


class HeadFields(TypedDict):
    """The fields of a head that say who records something, when, where and in which money.

    A till or the office fills them in; the makers (`making`) put the type's series and what the document
    is about beside them.
    """

    org_id: int
    request_id: str
    occurred_at: datetime
    recorded_at: datetime
    person_id: int
    approver_id: int | None
    business_id: int
    depot_id: int
    shift: int | None
    currency: str
    rate_micro: int
    note: str
    note_inside: NotRequired[bool]


#: What people write on a document is kept so far; longer texts are pasted by mistake.
MOST_NOTE: Final = 200
#: The number on a slip, a delivery note, a cheque: as long as any that was met on paper.
MOST_REFERENCE: Final = 100


def note_of(words: str) -> str:
    """A note, a reason or a description as documents keep it."""
    return words.strip()[:MOST_NOTE]


def written_note(words: str) -> str:
    """A note that a person wrote on a basket or a line of it: one line, without what no paper shows."""
    return note_of(" ".join("".join(sign if sign.isprintable() else " " for sign in words).split()))


def reference_of(words: str) -> str:
    """A reference as documents keep it, wherever it is typed."""
    return words.strip()[:MOST_REFERENCE]


def kind_of(document: Head) -> str:
    """The tag of the document's type as it stands in the tables: "sale", "drawer_close", ..."""
    return str(type(document).__struct_config__.tag)
