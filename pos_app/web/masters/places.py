"""Businesses and depots in the back office: what papers and receipts say of them."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.masters import businesses, choices, depots
from pos_app.office.office import Office
from pos_app.web.masters.declaration import Column, Field, Kind, Master, Thing, Values, Wanted, sifted

_OF_BUSINESS: Final = (
    "legal_name", "address", "phone", "tax_number_name", "tax_number", "bank_details", "mpesa_till",
    "mpesa_paybill",
)  # fmt: skip
_OF_DEPOT: Final = ("address", "phone", "receipt_head", "receipt_footer")


def _businesses(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    rows = [
        {"code": one.code, "name": one.name, "phone": one.phone, "tax_number": one.tax_number}
        for one in businesses.businesses(office)
    ]
    return sifted(rows, wanted)


def _business(office: Office, code: str) -> Thing:
    found = [one for one in businesses.businesses(office) if one.code.lower() == code.strip().lower()]
    if not found:
        raise Refused("business-unknown", code=code[:40])
    one = found[0]
    told = {name: str(getattr(one, name)) for name in _OF_BUSINESS}
    return Thing(one.code, one.name, {"code": one.code, "name": one.name, **told})


def _add_business(office: Office, values: Values) -> str:
    told = {name: text for name, text in values.items() if name in _OF_BUSINESS and text}
    businesses.add_business(office, values.get("code", ""), values.get("name", ""), told)
    return ""


def _depots(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    rows = [{"code": one.code, "name": one.name, "phone": one.phone} for one in depots.depots(office)]
    return sifted(rows, wanted)


def _depot(office: Office, code: str) -> Thing:
    shown = depots.show(office, code)
    head = shown.head
    told = {name: str(getattr(head, name)) for name in _OF_DEPOT}
    own = {"code": head.code, "name": head.name, "business": shown.business, "letter": shown.letter}
    return Thing(head.code, head.name, {**own, **told})


def _add_depot(office: Office, values: Values) -> str:
    made = depots.add_depot(
        office,
        values.get("code", ""),
        values.get("name", ""),
        {name: text for name, text in values.items() if name in _OF_DEPOT and text},
        business=values.get("business", ""),
        letter=values.get("letter", ""),
    )
    return web_text("Its numbers begin with {letter}.", letter=made.number_prefix)


def _edit_depot(office: Office, code: str, values: Values) -> bool:
    told = {name: text for name, text in values.items() if name not in ("business", "letter")}
    return depots.edit_depot(
        office, code, told, business=values.get("business", ""), letter=values.get("letter", "")
    )


BUSINESSES: Final = Master(
    path="businesses",
    words=web_words("Businesses"),
    add_words=web_words("Add a business"),
    noun="business",
    sees=(Permission.SEE_REPORTS, Permission.EDIT_MASTER),
    changes=(Permission.EDIT_MASTER,),
    columns=(
        Column("code", web_words("Code")),
        Column("name", web_words("Name")),
        Column("phone", web_words("Telephone")),
        Column("tax_number", web_words("Tax number")),
    ),
    fields=(
        Field("code", web_words("Code"), needed=True, edits=False, codes=("business-code-taken",)),
        Field("name", web_words("Name"), needed=True),
        Field("legal_name", web_words("Registered name")),
        Field("address", web_words("Address"), Kind.LINES),
        Field("phone", web_words("Telephone")),
        Field("tax_number_name", web_words("What the tax number is called")),
        Field("tax_number", web_words("Tax number")),
        Field("bank_details", web_words("Bank details"), Kind.LINES),
        Field("mpesa_till", web_words("M-Pesa till number")),
        Field("mpesa_paybill", web_words("M-Pesa paybill")),
    ),
    listed=_businesses,
    sorts=True,
    show=_business,
    add=_add_business,
    edit=businesses.edit_business,
)

DEPOTS: Final = Master(
    path="depots",
    words=web_words("Depots"),
    add_words=web_words("Add a depot"),
    noun="depot",
    sees=(Permission.SEE_REPORTS, Permission.EDIT_MASTER),
    changes=(Permission.EDIT_MASTER,),
    columns=(
        Column("code", web_words("Code")),
        Column("name", web_words("Name")),
        Column("phone", web_words("Telephone")),
    ),
    fields=(
        Field(
            "code",
            web_words("Code"),
            needed=True,
            edits=False,
            codes=("depot-code-taken", "depot-code-of-place"),
        ),
        Field("name", web_words("Name"), needed=True),
        Field("business", web_words("Business"), Kind.CHOICE, choices=choices.of_businesses),
        Field(
            "letter",
            web_words("Letter"),
            hint=web_words("What its printed numbers begin with; nothing is the beginning of its code."),
            codes=("receipt-letter-taken", "receipt-letter-not-said"),
        ),
        Field("address", web_words("Address"), Kind.LINES),
        Field("phone", web_words("Telephone")),
        Field("receipt_head", web_words("Above every receipt"), Kind.LINES),
        Field("receipt_footer", web_words("Below every receipt"), Kind.LINES),
    ),
    listed=_depots,
    sorts=True,
    show=_depot,
    add=_add_depot,
    edit=_edit_depot,
)
