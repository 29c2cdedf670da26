"""Customer groups in the back office: customers who get the same prices and offers."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.permission import Permission
from pos_app.office.masters import party_groups
from pos_app.office.masters.party_groups import Shown
from pos_app.office.office import Office
from pos_app.web.masters.declaration import Column, Deed, Field, Master, Thing, Values, Wanted, sifted

#: So many codes of customers are told on a page.
_MOST_MEMBERS: Final = 500


def _listed(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    rows = [
        {"code": one.row.code, "name": one.row.name, "customers": str(len(one.members))}
        for one in party_groups.groups(office)
        if bool(one.row.active) != wanted.archived
    ]
    return sifted(rows, wanted)


def _found(office: Office, code: str) -> Shown:
    with office.read() as books:
        found = party_groups.group(books, code)
    return next(one for one in party_groups.groups(office) if one.row.code == found.code)


def _show(office: Office, code: str) -> Thing:
    shown = _found(office, code)
    row, told = shown.row, shown.members[:_MOST_MEMBERS]
    facts = [(web_text("Who is in it"), ", ".join(told) or web_text("nobody"))]
    return Thing(row.code, row.name, {"code": row.code, "name": row.name}, not row.active, facts)


def _add(office: Office, values: Values) -> str:
    party_groups.add(office, values.get("code", ""), values.get("name", ""))
    return ""


def _edit(office: Office, code: str, values: Values) -> bool:
    party_groups.rename(office, code, values.get("name", ""))
    return True


def _join(office: Office, code: str, values: Values) -> str:
    party_groups.join(office, code, values.get("customer", ""))
    return ""


def _leave(office: Office, code: str, values: Values) -> str:
    party_groups.leave(office, code, values.get("customer", ""))
    return ""


_CUSTOMER: Final = (
    Field(
        "customer",
        web_words("Customer"),
        hint=web_words("Their code."),
        needed=True,
        codes=("party-unknown",),
    ),
)

GROUPS: Final = Master(
    path="customer-groups",
    words=web_words("Customer groups"),
    add_words=web_words("Add a customer group"),
    noun="customer-group",
    sees=(Permission.EDIT_MASTER,),
    changes=(Permission.EDIT_MASTER,),
    columns=(
        Column("code", web_words("Code")),
        Column("name", web_words("Name")),
        Column("customers", web_words("Customers"), is_number=True),
    ),
    fields=(
        Field("code", web_words("Code"), needed=True, edits=False, codes=("group-taken",)),
        Field("name", web_words("Name"), needed=True),
    ),
    listed=_listed,
    show=_show,
    add=_add,
    edit=_edit,
    archive=party_groups.archive,
    restore=party_groups.restore,
    deeds=(
        Deed("join", web_words("A customer joins"), _CUSTOMER, _join),
        Deed("leave", web_words("A customer leaves"), _CUSTOMER, _leave),
    ),
    sorts=True,
)
