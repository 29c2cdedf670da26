"""The few files that pages name: found under a hash of what they hold, so that a browser may keep them."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from resources import resource

_KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_LETTERS: Final = 16


@dataclass(frozen=True)
class StaticFile:
    """A file as it is sent; `mark` is the beginning of its SHA-256."""

    name: str
    kind: str
    mark: str
    content: bytes


@lru_cache(maxsize=1)
def every() -> dict[str, StaticFile]:
    """All of them, by name."""
    found = {}
    for path in sorted(resource("web", "static").iterdir()):
        content = path.read_bytes()
        mark = hashlib.sha256(content).hexdigest()[:_LETTERS]
        found[path.name] = StaticFile(path.name, _KINDS[path.suffix], mark, content)
    return found


def address(name: str) -> str:
    """Where a file is found below the mount: another address whenever it changes."""
    return f"/static/{every()[name].mark}/{name}"
