"""Where one can go from every page: the sections that this person may see, the one they are in marked."""

from collections.abc import Callable
from typing import Final, NamedTuple

from pos_app.language import web_said, web_words
from pos_app.ledger.permission import Permission
from pos_app.web import static_files
from pos_app.web.masters.registry import MASTERS

#: Whether somebody may do one of these.
May = Callable[..., bool]


class Section(NamedTuple):
    """A section: where it begins, what it is called, and whether this page lies in it."""

    path: str
    title: str
    is_here: bool


#: Path, words, and who sees it: one of these permissions.
_SECTIONS: Final[tuple[tuple[str, str, tuple[Permission, ...]], ...]] = (
    ("/today", web_words("Today"), (Permission.SEE_REPORTS,)),
    ("/documents", web_words("Documents"), (Permission.SEE_REPORTS,)),
    ("/reports", web_words("Reports"), (Permission.SEE_REPORTS,)),
    *((f"/{one.path}", one.words, one.sees) for one in MASTERS),
)


def sections(may: May, here: str = "") -> list[Section]:
    """The sections of this person, in their order; `here` is the address of the page."""
    return [
        Section(path, web_said(words), here == path or here.startswith(f"{path}/"))
        for path, words, permissions in _SECTIONS
        if may(*permissions)
    ]


def first(may: May) -> str:
    """Where somebody begins: the first section that is theirs, or their own account."""
    seen = sections(may)
    return seen[0].path if seen else "/account"


def static(name: str) -> str:
    """Where a file of the pages is found."""
    return static_files.address(name)
