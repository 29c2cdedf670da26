"""People in the back office: hired with a role, given and taken roles, a new PIN, a password; leaving."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office import pins, second_proofs
from pos_app.office.masters import choices, hiring, people
from pos_app.office.masters.people import Said
from pos_app.office.office import Office
from pos_app.web.masters.declaration import (
    Column,
    Deed,
    Field,
    Kind,
    Master,
    Thing,
    Values,
    Wanted,
    sifted,
)


def _listed(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "title": one.title,
            "roles": ", ".join(
                f"{role.role} ({role.business or role.depot})" if role.business or role.depot else role.role
                for role in one.roles
            ),
        }
        for one in hiring.everybody(office)
        if one.active != wanted.archived
    ]
    return sifted(rows, wanted)


def _show(office: Office, code: str) -> Thing:
    shown = people.show(office, code)
    person = shown.person
    roles = [
        f"{one.role}: {one.business or one.depot or web_text('everywhere')}" for one in person.roles
    ] or [web_text("none")]
    where = shown.depot or ", ".join(shown.works_at or ()) or web_text("everywhere")
    values = {"code": person.code, "name": person.name, "title": person.title, "depot": shown.depot}
    facts = [(web_text("Roles"), "\n".join(roles)), (web_text("Signs in at"), where)]
    return Thing(person.code, person.name, values, not person.active, facts)


def _add(office: Office, values: Values) -> str:
    pin = hiring.hire(
        office,
        values.get("code", ""),
        values.get("name", ""),
        values.get("role", ""),
        values.get("depot", ""),
    )
    return web_text("Their PIN is {pin}; it is shown this once.", pin=pin)


def _edit(office: Office, code: str, values: Values) -> bool:
    people.edit(office, code, Said(values.get("name"), values.get("title"), values.get("depot")))
    return True


def _give(office: Office, code: str, values: Values) -> str:
    hiring.give_role(
        office,
        code,
        values.get("role", ""),
        business=values.get("business", ""),
        depot=values.get("depot", ""),
    )
    return ""


def _take(office: Office, code: str, values: Values) -> str:
    hiring.take_role(
        office,
        code,
        values.get("role", ""),
        business=values.get("business", ""),
        depot=values.get("depot", ""),
    )
    return ""


def _pin(office: Office, code: str, _: Values) -> str:
    return web_text("Their PIN is {pin}; it is shown this once.", pin=pins.draw(office, code))


def _password(office: Office, code: str, values: Values) -> str:
    password = values.get("password", "")
    if not password.strip():
        # An empty one takes theirs away: by a command that says so, and by no field that was left empty.
        raise Refused("password-short", least=second_proofs.LEAST_SIGNS)
    name = second_proofs.give_password(office, code, password)
    return web_text("{name} signs in here with this password from now on.", name=name)


_ROLE: Final = (
    Field("role", web_words("Role"), Kind.CHOICE, choices=choices.of_roles, needed=True),
    Field("business", web_words("Only in this business"), Kind.CHOICE, choices=choices.of_businesses),
    Field("depot", web_words("Only at this depot"), Kind.CHOICE, choices=choices.of_depots),
)

PEOPLE: Final = Master(
    path="people",
    words=web_words("People"),
    add_words=web_words("Add a person"),
    noun="person",
    sees=(Permission.EDIT_PEOPLE, Permission.SEE_AUDIT),
    changes=(Permission.EDIT_PEOPLE,),
    columns=(
        Column("code", web_words("Code")),
        Column("name", web_words("Name")),
        Column("title", web_words("Title")),
        Column("roles", web_words("Roles")),
    ),
    fields=(
        Field("code", web_words("Code"), needed=True, edits=False, codes=("person-code-taken",)),
        Field("name", web_words("Name"), needed=True),
        Field(
            "title",
            web_words("Title"),
            hint=web_words("What they are called; it allows nothing."),
            adds=False,
        ),
        Field(
            "role",
            web_words("Role"),
            Kind.CHOICE,
            choices=choices.of_roles,
            needed=True,
            edits=False,
            codes=("role-unknown",),
        ),
        Field(
            "depot",
            web_words("Depot"),
            Kind.CHOICE,
            hint=web_words("Where they sign in; nothing is at no one depot."),
            choices=choices.of_depots,
        ),
    ),
    listed=_listed,
    sorts=True,
    show=_show,
    add=_add,
    edit=_edit,
    archive=people.archive,
    restore=people.restore,
    deeds=(
        Deed("give", web_words("Give a role"), _ROLE, _give),
        Deed("take", web_words("Take a role"), _ROLE, _take),
        Deed("pin", web_words("Draw a new PIN"), (), _pin),
        Deed(
            "password",
            web_words("Give a password"),
            (Field("password", web_words("New password"), Kind.HIDDEN_TEXT, needed=True),),
            _password,
        ),
    ),
)
