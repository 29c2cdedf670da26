"""The message types, version 1.  Unknown fields of a newer side are ignored by an older one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta, Struct

from pos_app.ledger.travel import Cell, Cursor, Packet

VERSION: Final = 1
#: The most documents and bytes of documents in one push; a single larger document goes alone.
MOST_PACKETS: Final = 500
MOST_PUSH_BYTES: Final = 8_000_000
#: The most bytes of one message, as it travels and unpacked.
MOST_MESSAGE_BYTES: Final = 64_000_000

HEALTH_PATH: Final = "/v1/health"
ENROL_PATH: Final = "/v1/enrol"
HELLO_PATH: Final = "/v1/hello"
PUSH_PATH: Final = "/v1/push"
PULL_PATH: Final = "/v1/pull"

#: The most bytes of one request, as it travels and unpacked: only a push carries documents.
MOST_REQUEST_BYTES: Final[Mapping[str, int]] = {
    ENROL_PATH: 16_384,
    HELLO_PATH: 16_384,
    PULL_PATH: 1_000_000,
    PUSH_PATH: MOST_MESSAGE_BYTES,
}


class Code(StrEnum):
    """Why a request was turned away."""

    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    VERSION = "version"
    UNSIGNED = "unsigned"
    UNKNOWN_TERMINAL = "unknown_terminal"
    NO_SUCH_CODE = "no_such_code"
    WRONG_ORGANISATION = "wrong_organisation"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    BUSY = "busy"
    NOT_FOUND = "not_found"


class ErrorAnswer(Struct, frozen=True, kw_only=True):
    """The body of every answer that is not 200: a verdict for programs, a sentence for people.

    `error` and `facts` are the sentence's own code and figures, for a terminal that has it in another
    language; they are empty where the sentence has none.
    """

    code: str
    sentence: str
    error: str = ""
    facts: dict[str, int | str] = {}


class EnrolRequest(Struct, frozen=True, kw_only=True):
    """A new till shows its one-time code and the key that it will sign with."""

    version: int = VERSION
    code: str
    public_key: bytes
    name: str = ""


class EnrolAnswer(Struct, frozen=True, kw_only=True):
    """Who the terminal is from now on."""

    version: int = VERSION
    org_id: int
    terminal_no: int
    depot_id: int
    drawer_id: int
    epoch: str


class SetAside(Struct, frozen=True, array_like=True):
    """A document that was taken into quarantine instead of the books, and why."""

    seq: int
    hash: bytes
    reason: str


class HelloRequest(Struct, frozen=True, kw_only=True):
    """What the terminal has recorded: its last sequence and that document's hash.

    `acknowledged` is the last mark that it heard of: an answer with a later one may have got lost.
    """

    version: int = VERSION
    last_seq: int
    last_hash: bytes
    acknowledged: int | None = None


class HelloAnswer(Struct, frozen=True, kw_only=True):
    """What the server has taken of the terminal, in which life of the central database.

    `set_aside` is what went into quarantine between the mark that the terminal heard of and this one.
    """

    version: int = VERSION
    epoch: str
    mark: int
    mark_hash: bytes
    quarantined: int = 0
    set_aside: tuple[SetAside, ...] = ()


class PushRequest(Struct, frozen=True, kw_only=True):
    """Documents in sequence order; `after_*` is the terminal's own document before the first.

    `diverged` says that the sender knows its history to be another one than the centre's: the
    centre keeps what it does not have as evidence, and books nothing.
    """

    version: int = VERSION
    after_seq: int
    after_hash: bytes
    # Four times what any till sends: a list without an end would cost the memory of a server.
    packets: Annotated[tuple[Packet, ...], Meta(max_length=4 * MOST_PACKETS)]
    diverged: bool = False


class PushAnswer(Struct, frozen=True, kw_only=True):
    """After the commit: everything up to `mark` is taken; `forked` says that nothing was, and why.

    `quarantined` counts all documents of the terminal that wait for a decision at the centre.
    """

    version: int = VERSION
    epoch: str
    mark: int
    mark_hash: bytes
    quarantined: int = 0
    set_aside: tuple[SetAside, ...] = ()
    forked: str = ""


class PullRequest(Struct, frozen=True, kw_only=True):
    """What the terminal has of each kind; a kind that is left out is not asked for."""

    version: int = VERSION
    epoch: str
    cursors: dict[str, Cursor]


class Page(Struct, frozen=True, kw_only=True):
    """Rows of one kind between two cursors, in the order of the feed.

    `mark` is the terminal's last sequence inside the values: set on balances, absent on master data.
    """

    kind: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    before: Cursor
    after: Cursor
    mark: int | None = None


class PullAnswer(Struct, frozen=True, kw_only=True):
    """Pages of one snapshot.  `more`: ask again at once; `held_back`: rows wait for an open transaction."""

    version: int = VERSION
    epoch: str
    pages: tuple[Page, ...] = ()
    more: bool = False
    held_back: bool = False
