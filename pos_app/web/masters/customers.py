"""Customers in the back office: who they are, how they are reached, their terms, and what stands open."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.currency import currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import decimal_text, grouped_text, parse_money
from pos_app.ledger.permission import Permission
from pos_app.office.masters import parties
from pos_app.office.masters.parties import Particulars, RoleTerms
from pos_app.office.office import Office
from pos_app.web.masters import customer_terms
from pos_app.web.masters.declaration import Column, Field, Kind, Master, Thing, Values, Wanted

_MOST_DIGITS: Final = 6


def _listed(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    money = office.organisation.currency
    found = parties.page(
        office,
        PartyRole.CUSTOMER,
        wanted.words,
        archived=wanted.archived,
        after=wanted.after,
        most=wanted.most,
    )
    return [
        {
            "code": one.code,
            "name": one.name,
            "days": str(one.roles[0].terms_days),
            "limit": grouped_text(one.roles[0].credit_limit, money),
        }
        for one in found
    ]


def _show(office: Office, code: str) -> Thing:
    shown = parties.show(office, code)
    money = office.organisation.currency
    terms = next((one for one in shown.party.roles if one.role is PartyRole.CUSTOMER), None)
    values = {
        "code": shown.party.code,
        "name": shown.party.name,
        **shown.particulars,
        "days": "" if terms is None else str(terms.terms_days),
        "limit": "" if terms is None else decimal_text(terms.credit_limit, money),
    }
    facts = [
        (web_text("Stands open"), f"{grouped_text(amount, currency(unit))} {unit}")
        for role, unit, amount in shown.open
        if role is PartyRole.CUSTOMER
    ]
    if shown.party.active:
        # Nothing is agreed with who was put away, until they are brought back.
        facts += customer_terms.facts(office, shown.party.code)
    return Thing(shown.party.code, shown.party.name, values, not shown.party.active, facts)


def _terms(office: Office, values: Values) -> RoleTerms:
    days, limit = values.get("days", ""), values.get("limit", "")
    if days and not (days.isascii() and days.isdecimal() and len(days) < _MOST_DIGITS):
        raise Refused("not-a-number-of-days", text=days[:20])
    # What is emptied is nothing from now on; what the form does not name stays.
    return RoleTerms(
        PartyRole.CUSTOMER,
        int(days or 0) if "days" in values else None,
        parse_money(limit or "0", office.organisation.currency, "The limit") if "limit" in values else None,
    )


def _particulars(values: Values) -> Particulars:
    return Particulars(values.get("phone"), values.get("address"), values.get("tax_number"))


def _add(office: Office, values: Values) -> str:
    parties.add_party(
        office,
        values.get("code", ""),
        values.get("name", ""),
        [_terms(office, values)],
        _particulars(values),
    )
    return ""


def _edit(office: Office, code: str, values: Values) -> bool:
    roles = [_terms(office, values)] if {"days", "limit"} & set(values) else []
    parties.edit_party(office, code, name=values.get("name", ""), said_of=_particulars(values), roles=roles)
    return True


CUSTOMERS: Final = Master(
    path="customers",
    words=web_words("Customers"),
    add_words=web_words("Add a customer"),
    noun="parties",
    sees=(Permission.EDIT_MASTER,),
    changes=(Permission.EDIT_MASTER,),
    columns=(
        Column("code", web_words("Code")),
        Column("name", web_words("Name")),
        Column("days", web_words("Days to pay"), is_number=True),
        Column("limit", web_words("Credit limit"), is_number=True),
    ),
    fields=(
        Field("code", web_words("Code"), needed=True, edits=False, codes=("party-code-taken",)),
        Field("name", web_words("Name"), needed=True),
        Field("phone", web_words("Telephone")),
        Field("address", web_words("Address"), Kind.LINES),
        Field("tax_number", web_words("Tax number")),
        Field("days", web_words("Days to pay"), Kind.NUMBER, codes=("not-a-number-of-days",)),
        Field(
            "limit",
            web_words("Credit limit"),
            Kind.NUMBER,
            hint=web_words("What they may owe at most; nothing lets them pay at once alone."),
            codes=("not-a-number", "amount-too-fine", "amount-too-large"),
        ),
    ),
    listed=_listed,
    show=_show,
    add=_add,
    edit=_edit,
    archive=parties.archive,
    restore=parties.restore,
    deeds=customer_terms.DEEDS,
)
