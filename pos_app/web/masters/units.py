"""Units of measure in the back office: what things are counted and packed in."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.permission import Permission
from pos_app.office.masters import units
from pos_app.office.masters.units import Said
from pos_app.office.office import Office
from pos_app.web.masters.declaration import Column, Field, Kind, Master, Thing, Values, Wanted, sifted

_SAID: Final = ("word", "name", "local_name", "decimals", "is_so_much")


def _listed(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    known = units.all_known(office)
    rows = [
        {
            "code": one.unit.code,
            "name": one.unit.name,
            "word": one.unit.word,
            "is_so_much": units.so_much(one.unit, known),
            "products": str(one.products),
        }
        for one in units.listed(office)
        if bool(one.unit.active) != wanted.archived
    ]
    return sifted(rows, wanted)


def _show(office: Office, code: str) -> Thing:
    shown = units.show(office, code)
    one = shown.unit
    values = {
        "code": one.code,
        "word": one.word,
        "name": one.name,
        "local_name": one.local_name,
        "decimals": str(one.decimals),
        "is_so_much": units.so_much(one, units.all_known(office)),
    }
    facts = [
        (web_text("Products that are counted in it"), str(shown.products)),
        (web_text("Products that are packed in it"), str(shown.packs)),
    ]
    return Thing(one.code, one.name, values, not one.active, facts)


def _add(office: Office, values: Values) -> str:
    units.add(office, values.get("code", ""), Said(**{name: values.get(name) or None for name in _SAID}))
    return ""


def _edit(office: Office, code: str, values: Values) -> bool:
    return units.edit(office, code, Said(**{name: values.get(name) for name in _SAID}))


UNITS: Final = Master(
    path="units",
    words=web_words("Units"),
    add_words=web_words("Add a unit"),
    noun="unit",
    sees=(Permission.SEE_REPORTS, Permission.EDIT_MASTER),
    changes=(Permission.EDIT_MASTER,),
    columns=(
        Column("code", web_words("Code")),
        Column("name", web_words("Name")),
        Column("word", web_words("On products and papers")),
        Column("is_so_much", web_words("One of it is")),
        Column("products", web_words("Products"), is_number=True),
    ),
    fields=(
        Field(
            "code",
            web_words("Code"),
            hint=web_words("Of UN/ECE Recommendation 20 (KGM, LTR), or the shop's own."),
            needed=True,
            edits=False,
            codes=("unit-code-taken", "unit-code-unusable"),
        ),
        Field(
            "word",
            web_words("On products and papers"),
            hint=web_words("kg, cs, tray."),
            needed=True,
            codes=("unit-word-unusable", "unit-in-use"),
        ),
        Field("name", web_words("Name"), needed=True, codes=("unit-name-unusable",)),
        Field("local_name", web_words("In the shop's other language")),
        Field(
            "decimals",
            web_words("Decimals of a quantity"),
            Kind.NUMBER,
            hint=web_words("0 to 3."),
            codes=("unit-decimals-wrong",),
        ),
        Field(
            "is_so_much",
            web_words("One of it is"),
            hint=web_words("12 pc, 0.001 kg; nothing is nothing of another unit."),
            codes=("unit-conversion-unreadable", "unit-unknown", "unit-conversion-circle"),
        ),
    ),
    listed=_listed,
    sorts=True,
    show=_show,
    add=_add,
    edit=_edit,
    archive=units.archive,
    restore=units.restore,
)
