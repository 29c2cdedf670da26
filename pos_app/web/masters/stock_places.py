"""Places where stock lies in the back office: depots, vehicles, yards, scrap heaps."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import stock
from pos_app.office.masters import choices
from pos_app.office.office import Office
from pos_app.web.masters.declaration import (
    Choices,
    Column,
    Field,
    Kind,
    Master,
    Thing,
    Values,
    Wanted,
    sifted,
)


def _kinds(_: Office) -> Choices:
    return [
        ("vehicle", web_text("a vehicle")),
        ("supplier", web_text("a supplier's yard")),
        ("customer", web_text("a customer's place")),
        ("transit", web_text("on the way")),
        ("scrap", web_text("a scrap heap")),
        ("depot", web_text("a depot")),
    ]


def _listed(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    words = dict(_kinds(office))
    rows = [
        {"code": one.code, "name": one.name, "kind": words.get(one.kind, one.kind)}
        for one in stock.places(office)
    ]
    return sifted(rows, wanted)


def _show(office: Office, code: str) -> Thing:
    for one in stock.places(office):
        if one.code.lower() == code.strip().lower():
            values = {"code": one.code, "name": one.name, "kind": one.kind}
            return Thing(one.code, one.name, {**values, "kind": dict(_kinds(office)).get(one.kind, one.kind)})
    raise Refused("place-unknown", code=code[:40])


def _add(office: Office, values: Values) -> str:
    kind = values.get("kind", "")
    stock.add_location(
        office, values.get("code", ""), values.get("name", ""), kind, depot=values.get("depot", "")
    )
    return ""


STOCK_PLACES: Final = Master(
    path="places",
    words=web_words("Places"),
    add_words=web_words("Add a place"),
    noun="",
    sees=(Permission.SEE_REPORTS, Permission.EDIT_MASTER),
    changes=(Permission.EDIT_MASTER,),
    columns=(
        Column("code", web_words("Code")),
        Column("name", web_words("Name")),
        Column("kind", web_words("Kind")),
    ),
    fields=(
        Field(
            "code",
            web_words("Code"),
            needed=True,
            codes=("place-code-taken", "place-needs-code-and-name"),
        ),
        Field("name", web_words("Name"), needed=True),
        Field(
            "kind", web_words("Kind"), Kind.CHOICE, choices=_kinds, needed=True, codes=("place-kind-unknown",)
        ),
        Field(
            "depot",
            web_words("Depot"),
            Kind.CHOICE,
            hint=web_words("To which it belongs; nothing is to none."),
            choices=choices.of_depots,
        ),
    ),
    listed=_listed,
    show=_show,
    add=_add,
    sorts=True,
)
