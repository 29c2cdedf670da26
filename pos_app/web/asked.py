"""What a browser asked: its address, what its form holds, its cookies, its language; read once, bounded."""

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from pos_app.language import ENGLISH, LANGUAGES
from pos_app.ledger.errors import Refused
from pos_app.office.front_door import Where

#: A form of ours is a screenful; what is larger is no form of ours.
MOST_BYTES: Final = 262_144
MOST_FIELDS: Final = 2_000
SESSION: Final = "__Host-bohari"
BEFORE: Final = "__Host-bohari-before"
LANGUAGE: Final = "__Host-bohari-language"
THEME: Final = "__Host-bohari-theme"
#: That this browser keeps what answers tills from afar (see `web.approve`).
ANSWERS: Final = "__Host-bohari-answers"
THEMES: Final = ("auto", "light", "dark")


@dataclass(frozen=True)
class Form:
    """The fields of a form or of an address, in their order."""

    fields: tuple[tuple[str, str], ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """The first value under a name."""
        return next((value for key, value in self.fields if key == name), default)

    def every(self, name: str) -> list[str]:
        """All values under a name."""
        return [value for key, value in self.fields if key == name]

    def has(self, name: str) -> bool:
        """Whether there is such a field, empty or not."""
        return any(key == name for key, _ in self.fields)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.fields)


@dataclass(frozen=True)
class Sent:
    """A file that came with a form: where it lies for now, what it is called there, and its bytes."""

    path: Path
    name: str
    size: int


@dataclass(frozen=True)
class Asked:
    """One request.  `path` is below the mount; `is_part` where a script wants a part of the page."""

    method: str
    path: str
    root: str
    scheme: str
    host: str
    query: Form
    form: Form
    cookies: Mapping[str, str]
    headers: Mapping[str, str]
    where: Where
    language: str
    theme: str
    sent: Sent | None = None

    @property
    def is_part(self) -> bool:
        """Whether a script of the page asked, not a person."""
        return self.headers.get("hx-request", "") == "true"

    @property
    def is_safe_line(self) -> bool:
        """Whether nobody on the way reads along: TLS, or this machine itself."""
        return self.scheme == "https" or is_loopback(self.host)

    @property
    def is_ours(self) -> bool:
        """Whether a page of this very address sent it, as far as the browser says."""
        site = self.headers.get("sec-fetch-site", "same-origin")
        origin = self.headers.get("origin", "")
        return site in ("same-origin", "none") and origin in ("", f"{self.scheme}://{self.host}")


def is_loopback(host: str) -> bool:
    """Whether a Host header names this machine, so that no name of elsewhere can be led here."""
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    name = name.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


async def read(request: Request, *, takes_file: bool = False) -> Asked:
    """Read a request whole, but for the body of one that has a file in it.

    Raises `Refused` for a form that is too large or no text.
    """
    form = Form()
    if request.method == "POST" and not takes_file:
        form = _fields(await _body(request))
    headers = {name.lower(): value for name, value in request.headers.items()}
    root = str(request.scope.get("root_path", ""))
    path = str(request.scope.get("path", ""))
    return Asked(
        method=request.method,
        path=path.removeprefix(root) or "/",
        root=root,
        scheme=request.url.scheme,
        host=headers.get("host", ""),
        query=_fields(request.scope.get("query_string", b"")),
        form=form,
        cookies=request.cookies,
        headers=headers,
        where=Where(
            request.client.host if request.client is not None else "",
            "".join(one for one in headers.get("user-agent", "") if one.isprintable()),
        ),
        language=language_of(request.cookies.get(LANGUAGE, ""), headers.get("accept-language", "")),
        theme=theme if (theme := request.cookies.get(THEME, "")) in THEMES else THEMES[0],
    )


async def _body(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("", "application/x-www-form-urlencoded"):
        raise Refused("web-form-unreadable")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise Refused("web-form-too-large")
    return bytes(body)


def _fields(sent: bytes) -> Form:
    try:
        pairs = parse_qsl(
            sent.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise Refused("web-form-unreadable") from None
    # No database keeps a NUL in a text; a browser ends lines as mail does.
    if any("\x00" in name or "\x00" in value for name, value in pairs):
        raise Refused("web-form-unreadable")
    return Form(tuple((name, value.replace("\r\n", "\n")) for name, value in pairs))


def language_of(chosen: str, wished: str) -> str:
    """The language that somebody chose, or the first of those that their program wishes for."""
    if chosen in LANGUAGES:
        return chosen
    for one in wished.lower().split(","):
        code = one.partition(";")[0].strip().partition("-")[0]
        if code in LANGUAGES:
            return code
    return ENGLISH
