"""The organisation itself, and records of parties that may be one: what is looked after now and then."""

from collections.abc import Sequence
from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.office.masters import organisations, party_merge
from pos_app.office.office import Office
from pos_app.web.masters.declaration import Field, Kind, Values
from pos_app.web.work import reading
from pos_app.web.work.declaration import (
    Done,
    Heading,
    Line,
    Sought,
    To,
    Told,
    WorkForm,
    WorkList,
    laid_out,
)
from pos_app.web.work.invoices import WORDS


def _begun(office: Office, _: Values) -> tuple[Values, Sequence[Values]]:
    found = organisations.told(office)
    told = {
        "name": found.name,
        "time_zone": found.time_zone,
        "cash_step": decimal_text(found.cash_step, found.currency),
    }
    return told, ()


def _edit(office: Office, told: Told) -> Done:
    values = told.values
    changed = organisations.edit_organisation(
        office,
        name=values.get("name"),
        time_zone=values.get("time_zone"),
        cash_step=reading.amount(values["cash_step"], office.organisation.currency, "The coin")
        if "cash_step" in values
        else None,
    )
    return Done(To("/organisation", {}), "changed" if changed else "unchanged")


ORGANISATION: Final = WorkForm(
    path="organisation",
    words=web_words("The organisation"),
    hint=web_words("What all businesses and depots share."),
    needs=(Permission.EDIT_MASTER,),
    fields=(
        Field("name", web_words("Name"), codes=("organisation-needs-name", "party-text-unusable")),
        Field(
            "time_zone",
            web_words("Time zone"),
            hint=web_words("Africa/Nairobi; it stays once something is recorded."),
            codes=("time-zone-none", "time-zone-too-late"),
        ),
        Field(
            "cash_step",
            web_words("Smallest coin"),
            Kind.NUMBER,
            hint=web_words("To what cash is rounded: 0.05, 1."),
            codes=("cash-step-wrong", "not-a-number", "amount-too-fine"),
        ),
    ),
    do=_edit,
    begins=_begun,
    acts=(("save", web_words("Save")),),
)


def _doubles(office: Office, sought: Sought) -> list[Line]:
    by = {
        "phone": web_text("one telephone"),
        "tax number": web_text("one tax number"),
        "name": web_text("alike names"),
    }
    lines = []
    for one in party_merge.doubles(office):
        told = ", ".join(f"{code} {name}" for code, name in one.parties)
        last = one.parties[-1][0]
        lines.append(
            Line((told, by.get(one.by, one.by)), To("/customers/thing", {"code": last}), f"{one.by} {told}")
        )
    return laid_out(lines, sought)


DOUBLES: Final = WorkList(
    path="doubles",
    words=web_words("Records that may be one customer"),
    hint=web_words("Each leads to the last of them; there it is said whose double it is."),
    sees=(Permission.EDIT_MASTER,),
    headings=(Heading(web_words("Who"), sorts=True), Heading(web_words("Alike by"), sorts=True)),
    filters=(WORDS,),
    read=_doubles,
)
