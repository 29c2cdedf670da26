"""One thing that a program can ask: declared once, and routes, checks and the OpenAPI document follow."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import msgspec

from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import WORDS, Permission
from pos_app.office.api_door import Caller
from pos_app.office.office import Office
from pos_app.web.api import cursor
from pos_app.web.api.problem import Failed, missing

#: Things on a page, where nothing else is asked for, and at most.
PAGE: Final = 50
MOST_PAGE: Final = 200

Schema = Mapping[str, Any]
TEXT: Final[Schema] = {"type": "string", "maxLength": 200}
FLAG: Final[Schema] = {"type": "boolean"}
DAY: Final[Schema] = {"type": "string", "format": "date"}


class Parameter(NamedTuple):
    """A parameter of the address after the question mark."""

    name: str
    words: str
    schema: Schema = TEXT


CURSOR: Final = Parameter(
    "cursor", "Where the page before ended: its `next`.", {"type": "string", "maxLength": 600}
)
LIMIT: Final = Parameter(
    "limit",
    "How many at most.",
    {"type": "integer", "minimum": 1, "maximum": MOST_PAGE, "default": PAGE},
)


class Answer(NamedTuple):
    """What is answered: a value of the operation's type.  `next` is the cursor of the page after a list's."""

    content: Any
    next: str = ""
    location: str = ""
    status: int = 0


def mark_of(content: bytes) -> str:
    """The ETag of a representation."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


@dataclass(frozen=True)
class Operation:
    """A method of a path.  `needs`: one of these rights, in the whole organisation; none is every token.

    `answer` is the type of what is answered with `status`, `body` of what is sent.  `pages`: a list with a
    cursor.  `once`: an Idempotency-Key makes a repetition the same.  `must_match`: If-Match says which
    representation the caller had seen; `matches`: it may.
    """

    method: str
    path: str
    name: str
    words: str
    tag: str
    handle: Callable[["Call"], Answer]
    answer: Any
    needs: tuple[Permission, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: Any = None
    status: int = 200
    pages: bool = False
    once: bool = False
    matches: bool = False
    must_match: bool = False
    is_open: bool = False

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.method != "GET"

    @property
    def all_parameters(self) -> tuple[Parameter, ...]:
        """Those of a list beside its own."""
        return (*self.parameters, CURSOR, LIMIT) if self.pages else self.parameters

    @cached_property
    def decoder(self) -> "msgspec.json.Decoder[Any]":
        """What reads its body."""
        return msgspec.json.Decoder(self.body)


@dataclass
class Call:
    """A request of a program whose token counts."""

    operation: Operation
    caller: Caller
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    root: str
    body: Any = None
    #: Of which request this is the repetition, for documents: 32 hex digits, or empty.
    request_id: str = ""

    @property
    def office(self) -> Office:
        """The office with the person of the token at work in it."""
        return self.caller.office

    @property
    def limit(self) -> int:
        """How many things a page has at most."""
        return int(self.query.get("limit", PAGE))

    def text(self, name: str) -> str:
        """A parameter as it was written, or nothing."""
        return self.query.get(name, "")

    def flag(self, name: str) -> bool:
        """Whether a parameter says true."""
        return self.query.get(name, "") == "true"

    def after(self, *kinds: type) -> tuple[Any, ...]:
        """Where the page before ended.  Raises `Refused` for a cursor of elsewhere."""
        return cursor.unpacked(self.text("cursor"), self.operation.name, *kinds)

    def at(self, *parts: int | str) -> str:
        """The cursor of this list at this place."""
        return cursor.packed(self.operation.name, *parts)

    def found(self, look: Callable[[], Any]) -> Any:
        """What `look` finds of what the address names.  Raises `Failed` where it is not there."""
        try:
            return look()
        except Refused as error:
            raise missing(error) from error

    def need_match(self, content: Any) -> None:
        """Raise `Failed` unless If-Match names what is there now; nothing said asks nothing."""
        told = self.headers.get("if-match", "").strip()
        if not told:
            if self.operation.must_match:
                raise Failed(Refused("api-if-match-missing"), 428)
            return
        if told != "*" and mark_of(msgspec.json.encode(content)) not in [
            one.strip() for one in told.split(",")
        ]:
            raise Failed(Refused("api-changed-meanwhile"), 412)

    def link(self, *parts: str) -> str:
        """An address of this API."""
        return self.root + "/" + "/".join(quote(one, safe="") for one in parts)

    def need(self) -> None:
        """Raise `Failed` unless the token may do what the operation needs."""
        needs = self.operation.needs
        if needs and not any(one.value in self.caller.may for one in needs):
            raise Failed(Refused("api-token-may-not", deed=WORDS[needs[0]]), 403)


def checked(operation: Operation, pairs: list[tuple[str, str]]) -> dict[str, str]:
    """The parameters of an address.  Raises `Refused` for one that is not asked for, is there twice, or is
    not of its kind.
    """
    known = {one.name: one for one in operation.all_parameters}
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in known:
            raise Refused("api-parameter-unknown", name=name[:40], names=", ".join(known) or "-")
        if name in found or not _fits(known[name].schema, value):
            raise Refused("api-parameter-wrong", name=name[:40])
        found[name] = value
    return found


def _fits(schema: Schema, value: str) -> bool:
    if schema["type"] == "integer":
        whole = value.isascii() and value.isdecimal() and len(value) < 10
        return whole and schema["minimum"] <= int(value) <= schema["maximum"]
    if schema["type"] == "boolean":
        return value in ("true", "false")
    if "enum" in schema and value not in schema["enum"]:
        return False
    if schema.get("format") == "date":
        return _is_day(value)
    return len(value) <= schema.get("maxLength", 200) and "\x00" not in value


def _is_day(text: str) -> bool:
    try:
        return bool(msgspec.convert(text, date)) and len(text) == 10
    except msgspec.ValidationError:
        return False
