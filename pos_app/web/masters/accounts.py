"""The chart of accounts in the back office: accounts, their roles, and what stands on each."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.chart import AccountRole, AccountType
from pos_app.ledger.currency import currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import Permission
from pos_app.office.masters import accounts, choices
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


def _types(_: Office) -> Choices:
    words = {
        AccountType.ASSET: web_text("asset"),
        AccountType.LIABILITY: web_text("liability"),
        AccountType.EQUITY: web_text("equity"),
        AccountType.INCOME: web_text("income"),
        AccountType.EXPENSE: web_text("expense"),
    }
    return [(one.value, words.get(one, one.value)) for one in AccountType]


def _roles(_: Office) -> Choices:
    return [(one.value, one.value) for one in AccountRole]


def _listed(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    names = accounts.business_names(office)
    types = dict(_types(office))
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "type": types[one.type.value],
            "role": "" if one.role is None else one.role.value,
            "business": names.get(one.business_id or 0, ""),
        }
        for one in accounts.everything(office)
        if one.active != wanted.archived
    ]
    return sifted(rows, wanted)


def _show(office: Office, code: str) -> Thing:
    shown = accounts.show(office, code)
    one = shown.account
    values = {
        "code": one.code,
        "name": one.name,
        "type": one.type.value,
        "role": "" if one.role is None else one.role.value,
        "business": accounts.business_names(office).get(one.business_id or 0, ""),
    }
    facts = [
        (
            web_text("Stands on it"),
            f"{grouped_text(each.amount, currency(each.currency))} {each.currency} {each.business}",
        )
        for each in shown.standing
    ]
    if one.may_overdraw:
        facts.append((web_text("Overdraft"), web_text("It may go below nothing.")))
    return Thing(one.code, one.name, values, not one.active, facts)


def _role(text: str) -> AccountRole:
    if text not in {one.value for one in AccountRole}:
        raise Refused("account-role-unknown", typed=text[:40], words=", ".join(AccountRole))
    return AccountRole(text)


def _add(office: Office, values: Values) -> str:
    kind, role = values.get("type", ""), values.get("role", "")
    if kind not in {one.value for one in AccountType}:
        raise Refused("account-type-unknown", typed=kind[:40], words=", ".join(AccountType))
    accounts.add(
        office,
        values.get("code", ""),
        values.get("name", ""),
        AccountType(kind),
        role=_role(role) if role else None,
        business=values.get("business", ""),
    )
    return ""


def _edit(office: Office, code: str, values: Values) -> bool:
    return accounts.rename(office, code, values.get("name", ""))


def _give(office: Office, code: str, values: Values) -> str:
    accounts.give_role(office, code, _role(values.get("role", "")))
    return ""


def _overdraft(office: Office, code: str, values: Values) -> str:
    accounts.let_overdraw(office, code, values.get("may", "") == "yes")
    return ""


ACCOUNTS: Final = Master(
    path="accounts",
    words=web_words("Accounts"),
    add_words=web_words("Add an account"),
    noun="accounts",
    sees=(Permission.SEE_REPORTS,),
    changes=(Permission.EDIT_MASTER,),
    columns=(
        Column("code", web_words("Code")),
        Column("name", web_words("Name")),
        Column("type", web_words("Type")),
        Column("role", web_words("Role")),
        Column("business", web_words("Business")),
    ),
    fields=(
        Field(
            "code",
            web_words("Code"),
            needed=True,
            edits=False,
            codes=("account-code-taken", "account-code-unusable"),
        ),
        Field("name", web_words("Name"), needed=True, codes=("account-name-unusable",)),
        Field(
            "type",
            web_words("Type"),
            Kind.CHOICE,
            choices=_types,
            needed=True,
            edits=False,
            codes=("account-type-unknown",),
        ),
        Field(
            "role",
            web_words("Role"),
            Kind.CHOICE,
            hint=web_words("What postings ask for it; nothing is by hand alone."),
            choices=_roles,
            edits=False,
            codes=("account-role-unknown", "account-role-of-other-type", "account-role-stays"),
        ),
        Field(
            "business",
            web_words("Business"),
            Kind.CHOICE,
            hint=web_words("Nothing is shared by all."),
            choices=choices.of_businesses,
            edits=False,
        ),
    ),
    listed=_listed,
    show=_show,
    add=_add,
    edit=_edit,
    archive=accounts.archive,
    restore=accounts.restore,
    deeds=(
        Deed(
            "role",
            web_words("Give it a role"),
            (Field("role", web_words("Role"), Kind.CHOICE, choices=_roles, needed=True),),
            _give,
        ),
        Deed(
            "overdraft",
            web_words("Overdraft"),
            (Field("may", web_words("It may go below nothing"), Kind.YES_NO),),
            _overdraft,
        ),
    ),
    sorts=True,
)
