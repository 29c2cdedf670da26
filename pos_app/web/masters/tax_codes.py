"""Tax codes in the back office: their rates by day, and what paper calls the tax."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.day import from_date, to_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.masters import tax_codes
from pos_app.office.office import Office
from pos_app.office.written import percent
from pos_app.reports.ask.tax import rate_text
from pos_app.reports.model.period import parse_day
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


def _treatments(_: Office) -> Choices:
    return [
        ("inclusive", web_text("in the price")),
        ("exclusive", web_text("on top of the price")),
        ("exempt", web_text("exempt")),
        ("zero", web_text("zero-rated")),
    ]


def _supplies(_: Office) -> Choices:
    return [
        ("usual", web_text("as its rate and treatment say")),
        ("export", web_text("exported")),
        ("financial", web_text("exempt: financial services")),
        ("outside", web_text("outside the tax")),
        ("import", web_text("bought abroad, tax paid to customs")),
        ("suspended", web_text("bought abroad, tax suspended by a scheme")),
        ("reverse", web_text("services bought abroad, reverse charge")),
        ("blocked", web_text("bought, the tax cannot be claimed")),
        ("unregistered", web_text("bought of who is not registered")),
    ]


def _rates(rates: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(
        f"{rate_text(rate)} ({to_date(day).isoformat()})" if day else rate_text(rate) for day, rate in rates
    )


def _listed(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "rates": _rates(one.rates),
            "treatment": dict(_treatments(office)).get(one.treatment, one.treatment),
            "products": str(one.products),
        }
        for one in tax_codes.listed(office)
        if one.active != wanted.archived
    ]
    return sifted(rows, wanted)


def _show(office: Office, code: str) -> Thing:
    found = [one for one in tax_codes.listed(office) if one.code.lower() == code.strip().lower()]
    if not found:
        raise Refused("tax-code-unknown", code=code[:20])
    one = found[0]
    values = {
        "code": one.code,
        "name": one.name,
        "printed_name": one.printed_name,
        "treatment": one.treatment,
        "supply": one.supply or "usual",
    }
    facts = [
        (web_text("Rates, with their first day"), _rates(one.rates)),
        (web_text("Products that are sold with it"), str(one.products)),
    ]
    return Thing(one.code, one.name, values, not one.active, facts)


def _add(office: Office, values: Values) -> str:
    tax_codes.add_tax(
        office,
        values.get("code", ""),
        values.get("name", ""),
        percent(values.get("rate", "")),
        treatment=values.get("treatment") or "inclusive",
        supply=values.get("supply", ""),
    )
    return ""


def _edit(office: Office, code: str, values: Values) -> bool:
    tax_codes.edit_tax(office, code, values.get("printed_name", ""), values.get("supply", ""))
    return True


def _rate(office: Office, code: str, values: Values) -> str:
    day = from_date(parse_day(values.get("since", ""), "--from"))
    tax_codes.set_tax(office, code, percent(values.get("rate", "")), day)
    return ""


_RATE: Final = Field(
    "rate",
    web_words("Rate in per cent"),
    Kind.NUMBER,
    hint=web_words("16, or 12.5; 0 where there is none."),
    needed=True,
    edits=False,
    codes=("not-a-percentage", "not-a-number"),
)

TAX_CODES: Final = Master(
    path="tax-codes",
    words=web_words("Tax codes"),
    add_words=web_words("Add a tax code"),
    noun="tax",
    sees=(Permission.SEE_REPORTS, Permission.EDIT_MASTER),
    changes=(Permission.EDIT_MASTER,),
    columns=(
        Column("code", web_words("Code")),
        Column("name", web_words("Name")),
        Column("rates", web_words("Rates")),
        Column("treatment", web_words("Treatment")),
        Column("products", web_words("Products"), is_number=True),
    ),
    fields=(
        Field("code", web_words("Code"), needed=True, edits=False, codes=("tax-code-taken",)),
        Field("name", web_words("Name"), needed=True, edits=False),
        _RATE,
        Field(
            "treatment", web_words("Treatment"), Kind.CHOICE, choices=_treatments, needed=True, edits=False
        ),
        Field(
            "supply",
            web_words("On a tax return"),
            Kind.CHOICE,
            choices=_supplies,
            codes=("tax-supply-unknown", "tax-supply-not-so"),
        ),
        Field(
            "printed_name",
            web_words("On paper"),
            hint=web_words("VAT, GST; nothing is as the country calls it."),
            adds=False,
        ),
    ),
    listed=_listed,
    sorts=True,
    show=_show,
    add=_add,
    edit=_edit,
    archive=tax_codes.archive,
    restore=tax_codes.restore,
    deeds=(
        Deed(
            "rate",
            web_words("Another rate from a day on"),
            (_RATE, Field("since", web_words("From"), Kind.DAY, needed=True)),
            _rate,
        ),
    ),
)
