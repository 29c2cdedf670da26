"""The message types, version 2.  Unknown fields of a newer side are ignored by an older one.

Version 2 is what travels with signed answers and numbered requests (see `signature`); the messages of 1 are
the same, and are heard during one release (see `first_signature`).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta, Struct

from pos_app.ledger.travel import AuditPacket, Cell, Cursor, Packet

VERSION: Final = 2
#: What a server of this version answers.
HEARD_VERSIONS: Final = (1, 2)
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
#: Since 2.1: a server of before answers 404.
AUDIT_PATH: Final = "/v1/audit"
KEY_PATH: Final = "/v1/key"
#: Since 2.2.
ASK_PATH: Final = "/v1/ask"
#: Since 2.3.
NEWS_PATH: Final = "/v1/news"
#: Since 2.4.
DAY_PATH: Final = "/v1/day"
#: No request is held open for longer.
MOST_HELD_S: Final = 300
#: The most requests of people in one message.
MOST_ASKED: Final = 100
#: The most runs of audit entries in one request, and the most entries but for a run that has more.
MOST_AUDIT_RUNS: Final = 200
MOST_AUDIT_ENTRIES: Final = 1_000

#: The most bytes of one request, as it travels and unpacked: only a push carries documents.
MOST_REQUEST_BYTES: Final[Mapping[str, int]] = {
    ENROL_PATH: 16_384,
    HELLO_PATH: 16_384,
    PULL_PATH: 1_000_000,
    AUDIT_PATH: 16_000_000,
    KEY_PATH: 65_536,
    ASK_PATH: 1_000_000,
    NEWS_PATH: 4_096,
    DAY_PATH: 4_096,
    PUSH_PATH: MOST_MESSAGE_BYTES,
}


class Code(StrEnum):
    """Why a request was turned away."""

    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    VERSION = "version"
    UNSIGNED = "unsigned"
    REPLAYED = "replayed"
    CLOCK = "clock"
    UNKNOWN_TERMINAL = "unknown_terminal"
    REVOKED = "revoked"
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
    """A new till shows its one-time code and the key that it will sign with.

    `replaces` is the number of a lost till in whose place it comes, of `replaces_org` where that is known; 0
    for none.  A server of before does not know them.
    """

    version: int = VERSION
    code: str
    public_key: bytes
    name: str = ""
    replaces_org: int = 0
    replaces: int = 0


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


#: What a start of a daemon is known by; a NUL is the one character that Postgres cannot keep in a text.
Token = Annotated[str, Meta(max_length=64, pattern="^[^\\x00]*$")]


class HelloRequest(Struct, frozen=True, kw_only=True):
    """What the terminal has recorded: its last sequence and that document's hash.

    `acknowledged` is the last mark that it heard of: an answer with a later one may have got lost.
    `starts` counts the starts of its daemon, `start` is the token of this one, and `starts_since` are those
    since the last that it knows the server to have heard of.  `program` is the version that it runs.
    """

    version: int = VERSION
    last_seq: int
    last_hash: bytes
    acknowledged: int | None = None
    starts: int = 0
    start: Token = ""
    starts_since: Annotated[tuple[Token, ...], Meta(max_length=64)] = ()
    program: Token = ""


class HelloAnswer(Struct, frozen=True, kw_only=True):
    """What the server has taken of the terminal, in which life of the central database.

    `set_aside` is what went into quarantine between the mark that the terminal heard of and this one.
    `revoked`: this terminal is no longer ours; it may hand over what it recorded, and gets nothing more.
    `twice`: another home speaks as this terminal.
    """

    version: int = VERSION
    epoch: str
    mark: int
    mark_hash: bytes
    quarantined: int = 0
    set_aside: tuple[SetAside, ...] = ()
    revoked: bool = False
    twice: bool = False


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


class Held(Struct, frozen=True, array_like=True):
    """A line of a receipt: the centre has the document with this hash, in the books or in quarantine."""

    seq: int
    hash: bytes


class PushAnswer(Struct, frozen=True, kw_only=True):
    """After the commit: everything up to `mark` is taken; `forked` says that nothing was, and why.

    `quarantined` counts all documents of the terminal that wait for a decision at the centre.  `held` is the
    receipt for what was handed over (`diverged`): each packet that the centre now has.
    """

    version: int = VERSION
    epoch: str
    mark: int
    mark_hash: bytes
    quarantined: int = 0
    set_aside: tuple[SetAside, ...] = ()
    forked: str = ""
    held: tuple[Held, ...] = ()


class AuditRequest(Struct, frozen=True, kw_only=True):
    """Runs of the terminal's own audit log in order; `after` is the last entry that it knows to be taken."""

    version: int = VERSION
    after: int
    runs: Annotated[tuple[AuditPacket, ...], Meta(max_length=2 * MOST_AUDIT_RUNS)]


class AuditAnswer(Struct, frozen=True, kw_only=True):
    """After the commit: the centre has all entries up to `mark`; so many runs were kept as evidence."""

    version: int = VERSION
    epoch: str
    mark: int
    mark_hash: bytes
    strange: int = 0


class Asked(Struct, frozen=True, array_like=True):
    """What somebody asked for at the terminal (`ledger.asking`), signed by it.

    `at_us` are microseconds since 1970, `body` is JSON.
    """

    request_no: int
    kind: str
    person_id: int
    at_us: int
    body: str
    signature: bytes


class AskRequest(Struct, frozen=True, kw_only=True):
    """What waits for an answer of the centre; the same again is answered as said."""

    version: int = VERSION
    asked: Annotated[tuple[Asked, ...], Meta(max_length=2 * MOST_ASKED)]


class AskAnswer(Struct, frozen=True, kw_only=True):
    """After the commit: the centre has these; what becomes of them comes with the feed (`request_answer`)."""

    version: int = VERSION
    epoch: str
    taken: tuple[int, ...] = ()


class DayRequest(Struct, frozen=True, kw_only=True):
    """Somebody at the terminal asks for the day (YYYYMMDD) of its depot, all tills of it, in a language."""

    version: int = VERSION
    person_id: int
    day: int
    language: str


class DayAnswer(Struct, frozen=True, kw_only=True):
    """The day as a page of texts (JSON, `reports.model.page`), or why not: a sentence's code and facts."""

    version: int = VERSION
    epoch: str
    page: str = ""
    refused: str = ""


class KeyStep(Struct, frozen=True, array_like=True):
    """A key of a terminal: the first sequence that it signs, and the key before it under both."""

    seq: int
    public_key: bytes
    handover: bytes


class KeyRequest(Struct, frozen=True, kw_only=True):
    """All keys of the terminal in their order; the request is signed by the last."""

    version: int = VERSION
    keys: Annotated[tuple[KeyStep, ...], Meta(min_length=1, max_length=200)]


class KeyAnswer(Struct, frozen=True, kw_only=True):
    """After the commit: the centre knows so many keys of this terminal."""

    version: int = VERSION
    known: int


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
    """Pages of one snapshot.  `more`: ask again at once; `held_back`: rows wait for an open transaction.

    `horizon`: all transactions below this one are in the snapshot; what a `NewsRequest` waits from.  0 where
    the server holds none open.
    """

    version: int = VERSION
    epoch: str
    pages: tuple[Page, ...] = ()
    more: bool = False
    held_back: bool = False
    horizon: int = 0


class NewsRequest(Struct, frozen=True, kw_only=True):
    """Held open until something of the feed moved beyond `since`, or for `wait_s` seconds."""

    version: int = VERSION
    since: int
    wait_s: int


class NewsAnswer(Struct, frozen=True, kw_only=True):
    """`moved`: up to this transaction something is new; 0 when nothing is known to be."""

    version: int = VERSION
    moved: int = 0
