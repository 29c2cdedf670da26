"""The link that enrols a till: the centre's address and a one-time code in one text, to paste or to scan."""

from typing import Final
from urllib.parse import parse_qs, quote, urlsplit

_SCHEME: Final = "bohari"
_WHAT: Final = "enrol"
#: No address or code is longer; what is goes no further.
_LONGEST: Final = 600


def made(server: str, code: str) -> str:
    """The link of a centre's address and a code of it."""
    return f"{_SCHEME}://{_WHAT}?server={quote(server, safe='')}&code={quote(code, safe='')}"


def parted(text: str) -> tuple[str, str] | None:
    """Address and code of a link; None for a text that is none."""
    if len(text) > _LONGEST:
        return None
    try:
        parts = urlsplit(text.strip())
        told = parse_qs(parts.query)
    except ValueError:
        return None
    if parts.scheme.lower() != _SCHEME or parts.netloc.lower() != _WHAT:
        return None
    server, code = (told.get(name, [""])[0].strip() for name in ("server", "code"))
    return (server, code) if server else None
