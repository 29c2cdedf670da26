"""Categories in the back office: under which words products stand on the tiles, in which order and colour."""

from typing import Final

from pos_app.language import web_count, web_text, web_words
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.masters import categories
from pos_app.office.office import Office
from pos_app.web.masters.declaration import Column, Deed, Field, Kind, Master, Thing, Values, Wanted, sifted

_MOST_DIGITS: Final = 6


def _listed(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    rows = [
        {
            "code": one.row.name,
            "place": str(one.row.place or "–"),
            "colour": one.row.colour,
            "products": str(one.products),
        }
        for one in categories.listed(office)
        if bool(one.row.active) != wanted.archived
    ]
    return sifted(rows, wanted)


def _show(office: Office, code: str) -> Thing:
    shown = categories.show(office, code)
    row = shown.row
    values = {"code": row.name, "name": row.name, "place": str(row.place or ""), "colour": row.colour}
    facts = [(web_text("Products"), str(shown.products))]
    return Thing(row.name, row.name, values, not row.active, facts)


def _place(text: str) -> int:
    if text and not (text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS):
        raise Refused("shelf-place-wrong", text=text[:20], most=10 ** (_MOST_DIGITS - 1) - 1)
    return int(text or 0)


def _add(office: Office, values: Values) -> str:
    colour = values.get("colour", "")
    categories.add(office, values.get("code", ""), place=_place(values.get("place", "")), colour=colour)
    return ""


def _edit(office: Office, code: str, values: Values) -> str:
    categories.edit(
        office,
        code,
        rename=values.get("name"),
        place=_place(values["place"]) if "place" in values else None,
        colour=values.get("colour"),
    )
    return values.get("name", code)


def _archive(office: Office, code: str) -> int:
    return categories.archive(office, code)


def _into(office: Office, code: str, values: Values) -> str:
    moved = categories.archive(office, code, values.get("into", ""))
    return web_count(moved, "One product went there.", "{count} products went there.")


_PLACE: Final = Field(
    "place",
    web_words("Place"),
    Kind.NUMBER,
    hint=web_words("1 stands first; nothing is behind those that have one."),
    codes=("shelf-place-wrong",),
)
_COLOUR: Final = Field(
    "colour",
    web_words("Colour"),
    hint=web_words("The edge of its tiles, #2b6cb0; nothing is none."),
    codes=("colour-unreadable",),
)

CATEGORIES: Final = Master(
    path="categories",
    words=web_words("Categories"),
    add_words=web_words("Add a category"),
    noun="category",
    sees=(Permission.SEE_REPORTS, Permission.EDIT_MASTER),
    changes=(Permission.EDIT_MASTER,),
    columns=(
        Column("code", web_words("Name")),
        Column("place", web_words("Place"), is_number=True),
        Column("colour", web_words("Colour")),
        Column("products", web_words("Products"), is_number=True),
    ),
    fields=(
        Field("code", web_words("Name"), needed=True, edits=False, codes=("category-code-taken",)),
        Field(
            "name",
            web_words("Name"),
            hint=web_words("Another one changes it on all of its products."),
            needed=True,
            adds=False,
            codes=("category-code-taken",),
        ),
        _PLACE,
        _COLOUR,
    ),
    listed=_listed,
    show=_show,
    add=_add,
    edit=_edit,
    archive=_archive,
    restore=categories.restore,
    deeds=(
        Deed(
            "into",
            web_words("Archive it, its products into another one"),
            (Field("into", web_words("Category"), needed=True, codes=("category-unknown",)),),
            _into,
        ),
    ),
    sorts=True,
)
