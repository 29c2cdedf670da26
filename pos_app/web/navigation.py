"""Where one can go from every page: the sections that this person may see, the one they are in marked."""

from collections.abc import Callable
from typing import Final, NamedTuple

from pos_app.language import web_said, web_words
from pos_app.ledger.permission import Permission
from pos_app.web import static_files
from pos_app.web.masters.registry import MASTERS
from pos_app.web.work.registry import SEES

#: Whether somebody may do one of these.
May = Callable[..., bool]


class Section(NamedTuple):
    """A section: where it begins, what it is called, and whether this page lies in it."""

    path: str
    title: str
    is_here: bool


#: Path, words, and who sees it: one of these permissions.
_Row = tuple[str, str, tuple[Permission, ...]]
_SECTIONS: Final[tuple[_Row, ...]] = (
    ("/today", web_words("Today"), (Permission.SEE_REPORTS,)),
    ("/work", web_words("Work"), SEES),
    ("/documents", web_words("Documents"), (Permission.SEE_REPORTS,)),
    ("/reports", web_words("Reports"), (Permission.SEE_REPORTS,)),
    *((f"/{one.path}", one.words, one.sees) for one in MASTERS if one.path in ("products", "customers")),
)
#: What the shop is made of: all of it stands on one page, which is the last section.
_SHOP: Final[tuple[_Row, ...]] = (
    *((f"/{one.path}", one.words, one.sees) for one in MASTERS),
    ("/organisation", web_words("The organisation"), (Permission.EDIT_MASTER,)),
    ("/prices", web_words("What it costs, and why"), (Permission.SEE_REPORTS,)),
    ("/papers", web_words("Is this paper true?"), (Permission.SEE_REPORTS,)),
    ("/approve", web_words("Approve from afar"), (Permission.APPROVE,)),
    ("/labels", web_words("Labels and price lists"), (Permission.SEE_REPORTS, Permission.EDIT_MASTER)),
    ("/together", web_words("Many products at once"), (Permission.EDIT_MASTER,)),
    (
        "/import",
        web_words("Bring a file in"),
        (Permission.EDIT_MASTER, Permission.INVOICE, Permission.STOCK_COUNT, Permission.MOVE_MONEY),
    ),
    (
        "/tills",
        web_words("Tills"),
        (Permission.OPERATE, Permission.EDIT_PEOPLE, Permission.SEE_AUDIT),
    ),
    ("/messages", web_words("Messages to customers"), (Permission.OPERATE,)),
    ("/webhooks", web_words("Webhooks"), (Permission.OPERATE,)),
    ("/fiscal", web_words("What the tax authority signs"), (Permission.SEE_REPORTS,)),
)
_WHOLE: Final = web_words("The shop")
SHOP: Final = "/shop"


def _of(rows: tuple[_Row, ...], may: May, here: str) -> list[Section]:
    return [
        Section(path, web_said(words), here == path or here.startswith(f"{path}/"))
        for path, words, permissions in rows
        if may(*permissions)
    ]


def shop(may: May, here: str = "") -> list[Section]:
    """What the shop is made of, as far as this person sees it."""
    return _of(_SHOP, may, here)


def sections(may: May, here: str = "") -> list[Section]:
    """The sections of this person, in their order; `here` is the address of the page."""
    own, tiles = _of(_SECTIONS, may, here), shop(may, here)
    if not tiles:
        return own
    is_here = here == SHOP or (any(one.is_here for one in tiles) and not any(one.is_here for one in own))
    return [*own, Section(SHOP, web_said(_WHOLE), is_here)]


def first(may: May) -> str:
    """Where somebody begins: the first section that is theirs, or their own account."""
    seen = sections(may)
    return seen[0].path if seen else "/account"


def static(name: str) -> str:
    """Where a file of the pages is found."""
    return static_files.address(name)
