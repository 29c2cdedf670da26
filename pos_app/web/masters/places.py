"""Businesses and depots in the back office: what papers and receipts say of them, and how a depot works."""

from collections.abc import Mapping
from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.errors import Refused
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.permission import Permission
from pos_app.office import fiscal
from pos_app.office.fiscal import FiscalChoice
from pos_app.office.masters import businesses, choices, depot_rules, depots
from pos_app.office.office import Office
from pos_app.web.masters.declaration import (
    Choices,
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

_OF_BUSINESS: Final = (
    "legal_name", "address", "phone", "tax_number_name", "tax_number", "company_number", "bank_details",
    "paynow", "mpesa_till", "mpesa_paybill",
)  # fmt: skip
_OF_DEPOT: Final = ("address", "phone", "receipt_head", "receipt_footer")
#: How a depot works: the fields of `depot_rules`, each with what the form calls it.
RULES: Final = (
    Field(
        "receipt_width",
        web_words("Width of the receipt roll"),
        Kind.NUMBER,
        hint=web_words("In millimetres: 58 or 80."),
        adds=False,
        codes=("depot-number-wrong",),
    ),
    Field(
        "float",
        web_words("Float of a drawer"),
        Kind.NUMBER,
        hint=web_words("What a drawer begins a day with; 0.00 is whatever is counted."),
        adds=False,
        codes=("depot-amount-negative", "amount-too-fine"),
    ),
    Field(
        "blind_close",
        web_words("Who closes a drawer counts before they see what should be in it"),
        Kind.YES_NO,
        adds=False,
    ),
    Field(
        "reason_from",
        web_words("A difference of so much needs a reason"),
        Kind.NUMBER,
        hint=web_words("0.01 is every difference."),
        adds=False,
    ),
    Field(
        "count_other_money",
        web_words("Who closes a drawer ticks M-Pesa, bank, card and vouchers too"),
        Kind.YES_NO,
        adds=False,
    ),
    Field(
        "count_cylinders",
        web_words("Who closes a drawer counts cylinders and bottles too"),
        Kind.YES_NO,
        adds=False,
    ),
    Field(
        "drawer_most",
        web_words("Most cash in a drawer"),
        Kind.NUMBER,
        hint=web_words("From so much on a till asks to bring some to the safe; 0.00 is never."),
        adds=False,
    ),
    Field(
        "drawer_of_person",
        web_words("A drawer is one person's until they hand it over"),
        Kind.YES_NO,
        adds=False,
    ),
    Field(
        "voucher_days",
        web_words("Days that a voucher is good"),
        Kind.NUMBER,
        hint=web_words("0 is without an end."),
        adds=False,
    ),
    Field(
        "paid_at_intake",
        web_words("Per cent of a laundry order that are paid when it is taken in"),
        Kind.NUMBER,
        hint=web_words("0 is nothing, 100 all of it; what is paid lies on deposit until it is collected."),
        adds=False,
    ),
    Field(
        "day_starts",
        web_words("A day of business starts at"),
        hint=web_words("00:00 is midnight; 04:00 counts the small hours to the evening before."),
        adds=False,
        codes=("depot-hour-wrong",),
    ),
)


def _businesses(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    gone = businesses.archived_businesses(office)
    rows = [
        {"code": one.code, "name": one.name, "phone": one.phone, "tax_number": one.tax_number}
        for one in businesses.businesses(office)
        if (one.code in gone) == wanted.archived
    ]
    return sifted(rows, wanted)


def _types(_: Office) -> Choices:
    words = {
        "retail": web_text("retail"),
        "gas": web_text("gas"),
        "water": web_text("water"),
        "laundry": web_text("laundry"),
        "service": web_text("services"),
        "wholesale": web_text("wholesale"),
        "food": web_text("food"),
        "other": web_text("something else"),
    }
    return [(one, words[one]) for one in businesses.TYPES]


def _business(office: Office, code: str) -> Thing:
    shown = businesses.show(office, code)
    one = shown.seller
    told = {name: str(getattr(one, name)) for name in _OF_BUSINESS}
    facts = [
        (web_text("What it does"), dict(_types(office)).get(shown.type, "")),
        (web_text("Its depots"), ", ".join(shown.depots)),
        (web_text("Products"), str(shown.products)),
        *_signed_by(office, code),
    ]
    values = {"code": one.code, "name": one.name, **told}
    return Thing(one.code, one.name, values, not shown.active, [fact for fact in facts if fact[1]])


def _regime_words(name: str) -> str:
    """What a regime is called on pages."""
    return {
        "none": web_text("nobody"),
        "etims-oscu": web_text("KRA eTIMS, online (OSCU)"),
        "etims-vscu": web_text("KRA eTIMS, in the shop (VSCU)"),
    }.get(name, name)


def _signed_by(office: Office, code: str) -> list[tuple[str, str]]:
    """Who signs its sales, and with what."""
    setting, device = fiscal.chosen(office, code)
    if setting.known is None:
        return []
    named = " · ".join(part for part in (setting.branch, device.serial, device.unit, device.address) if part)
    return [(web_text("Its sales are signed by"), _regime_words(setting.regime)), (web_text("Device"), named)]


def _type(office: Office, code: str, values: Values) -> str:
    businesses.set_type(office, code, values.get("type", ""))
    return ""


def _regimes(_: Office) -> Choices:
    return [(name, _regime_words(name)) for name in fiscal.regime_names()]


def _fiscal(office: Office, code: str, values: Values) -> str:
    told = {
        name: values.get(name, "").strip() or None for name in ("address", "branch", "serial", "item_class")
    }
    hours = values.get("hours", "").strip()
    if hours and not (hours.isascii() and hours.isdecimal() and len(hours) < 4):
        raise Refused("fiscal-hours-wrong", most=24)
    choice = FiscalChoice(
        regime=values.get("regime", ""),
        hours=int(hours) if hours else None,
        is_trial=values.get("is_trial") == "yes",
        **told,
    )
    fiscal.choose(office, code, choice)
    return ""


def _add_business(office: Office, values: Values) -> str:
    told = {name: text for name, text in values.items() if name in _OF_BUSINESS and text}
    businesses.add_business(office, values.get("code", ""), values.get("name", ""), told)
    return ""


def _depots(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    gone = depots.archived_depots(office)
    rows = [
        {"code": one.code, "name": one.name, "phone": one.phone}
        for one in depots.depots(office)
        if (one.code in gone) == wanted.archived
    ]
    return sifted(rows, wanted)


def _depot(office: Office, code: str) -> Thing:
    shown = depots.show(office, code)
    head = shown.head
    told = {name: str(getattr(head, name)) for name in _OF_DEPOT}
    own = {"code": head.code, "name": head.name, "business": shown.business, "letter": shown.letter}
    return Thing(head.code, head.name, {**own, **told, **shown.rules}, not shown.active)


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
    told = {
        name: text
        for name, text in values.items()
        if name not in ("business", "letter") and name not in depot_rules.NAMES
    }
    return depots.edit_depot(
        office,
        code,
        told,
        business=values.get("business", ""),
        letter=values.get("letter", ""),
        rules=_ruled(office, values),
    )


def _ruled(office: Office, values: Values) -> Mapping[HouseRule, int]:
    said = {name: text for name, text in values.items() if name in depot_rules.NAMES}
    return depot_rules.read(said, office.organisation.currency)


#: What stays empty stays as it is.
_FISCAL: Final = (
    Field(
        "regime",
        web_words("Its sales are signed by"),
        Kind.CHOICE,
        choices=_regimes,
        needed=True,
        codes=("fiscal-regime-unknown", "fiscal-still-open", "etims-pin-wrong"),
    ),
    Field(
        "address",
        web_words("Where the device answers"),
        hint=web_words("https://… of the authority, or http://… of the control unit in the shop."),
        codes=("fiscal-address-wrong", "fiscal-address-plain"),
    ),
    Field(
        "branch",
        web_words("Branch"),
        hint=web_words("The authority's number of it; 00 is the head office."),
        codes=("etims-branch-wrong",),
    ),
    Field("serial", web_words("Serial number of the device"), codes=("etims-serial-missing",)),
    Field(
        "item_class",
        web_words("Class of goods"),
        hint=web_words("For goods that have none of their own: eight or ten digits."),
        codes=("etims-class-wrong",),
    ),
    Field(
        "hours",
        web_words("Most hours without a signature"),
        Kind.NUMBER,
        hint=web_words("0 is as long as the law lets it."),
        codes=("fiscal-hours-wrong",),
    ),
    Field("is_trial", web_words("It is the authority's sandbox"), Kind.YES_NO),
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
        Field("company_number", web_words("Number in the register of companies")),
        Field("bank_details", web_words("Bank details"), Kind.LINES),
        Field(
            "paynow",
            web_words("PayNow"),
            hint=web_words("In Singapore: the UEN, or the mobile number, under which it is paid."),
            codes=("paynow-proxy-none",),
        ),
        Field("mpesa_till", web_words("M-Pesa till number")),
        Field("mpesa_paybill", web_words("M-Pesa paybill")),
    ),
    listed=_businesses,
    sorts=True,
    show=_business,
    add=_add_business,
    edit=businesses.edit_business,
    archive=businesses.archive_business,
    restore=businesses.restore_business,
    links=((web_words("Logo on its papers"), "/businesses/logo"),),
    deeds=(
        Deed(
            "type",
            web_words("Say what it does"),
            (
                Field(
                    "type",
                    web_words("What it does"),
                    Kind.CHOICE,
                    choices=_types,
                    needed=True,
                    codes=("business-type-unknown",),
                ),
            ),
            _type,
        ),
        Deed("fiscal", web_words("Say who signs its sales"), _FISCAL, _fiscal),
    ),
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
        *RULES,
    ),
    listed=_depots,
    sorts=True,
    show=_depot,
    add=_add_depot,
    edit=_edit_depot,
    archive=depots.archive_depot,
    restore=depots.restore_depot,
)
