"""Roles in the back office: what each is called, and what everybody who has it may do."""

from collections.abc import Mapping
from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.permission import Permission
from pos_app.office.masters import choices, roles
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

_P: Final = Permission
#: What a role may do, as its form asks it, in the order of a day: the till, the office, the shop, the books.
WORDS: Final[Mapping[Permission, str]] = {
    _P.SELL: web_words("Sell"),
    _P.RECEIVE_PAYMENT: web_words("Take what customers pay"),
    _P.DRAWER: web_words("Open a drawer for the day"),
    _P.CLOSE_DRAWER: web_words("Close a drawer"),
    _P.NO_SALE: web_words("Open a drawer without a sale"),
    _P.CASH_OUT: web_words("Take cash out"),
    _P.REFUND: web_words("Refund"),
    _P.VOID: web_words("Void documents"),
    _P.DISCOUNT_5: web_words("Give up to 5 % off"),
    _P.DISCOUNT_10: web_words("Give up to 10 % off"),
    _P.DISCOUNT_20: web_words("Give up to 20 % off"),
    _P.DISCOUNT_30: web_words("Give up to 30 % off"),
    _P.PRICE: web_words("Sell below the price, and lower prices"),
    _P.OVER_LIMIT: web_words("Sell beyond a credit limit"),
    _P.APPROVE: web_words("Approve what others may not alone"),
    _P.RETURNABLES: web_words("Give and take cylinders and bottles"),
    _P.STOCK_COUNT: web_words("Count stock"),
    _P.ADJUST_STOCK: web_words("Correct stock"),
    _P.TRANSFER_STOCK: web_words("Send goods to other places"),
    _P.PURCHASE: web_words("Order goods"),
    _P.RECEIVE_GOODS: web_words("Receive goods"),
    _P.INVOICE: web_words("Write invoices"),
    _P.CREDIT_NOTE: web_words("Write credit notes"),
    _P.WRITE_OFF: web_words("Write debts off"),
    _P.BILL: web_words("Enter bills"),
    _P.PAY_VENDOR: web_words("Pay vendors"),
    _P.EXPENSE: web_words("Pay expenses"),
    _P.MOVE_MONEY: web_words("Move money"),
    _P.PARTY_MONEY: web_words("Pay advances and deposits out"),
    _P.SEE_REPORTS: web_words("See reports"),
    _P.SEE_AUDIT: web_words("See the audit log"),
    _P.EDIT_MASTER: web_words("Change products, prices and customers"),
    _P.EDIT_PEOPLE: web_words("Change people and what they may do"),
    _P.DECIDE: web_words("Decide about what does not fit"),
    _P.JOURNAL_ENTRY: web_words("Make entries by hand"),
    _P.VALUE_STOCK: web_words("Value stock"),
    _P.PERIOD_LOCK: web_words("Lock periods"),
    _P.BACKDATE: web_words("Date documents before what they follow"),
    _P.IMPORT_HISTORY: web_words("Import history"),
    _P.OPERATE: web_words("Look after the machines"),
}


def _listed(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    rows = [
        {"code": one.code, "name": one.name, "may": str(len(one.may)), "people": str(one.people)}
        for one in roles.listed(office)
        if one.active != wanted.archived
    ]
    return sifted(rows, wanted)


def _show(office: Office, code: str) -> Thing:
    one = roles.show(office, code)
    may = {permission.value: "yes" if permission.value in one.may else "no" for permission in WORDS}
    facts = [(web_text("People who have it"), str(one.people))]
    return Thing(one.code, one.name, {"code": one.code, "name": one.name, **may}, not one.active, facts)


def _add(office: Office, values: Values) -> str:
    roles.add_role(office, values.get("code", ""), values.get("name", ""), values.get("like", ""))
    return ""


def _edit(office: Office, code: str, values: Values) -> bool:
    # A box without a tick says no as a sentence does: what the form does not name stays.
    may = {one: values[one.value] == "yes" for one in WORDS if one.value in values}
    return roles.edit_role(office, code, name=values.get("name"), may=may)


def _others(office: Office) -> Choices:
    return choices.of_roles(office)


ROLES: Final = Master(
    path="roles",
    words=web_words("Roles"),
    add_words=web_words("Add a role"),
    noun="role",
    sees=(Permission.EDIT_PEOPLE, Permission.SEE_AUDIT),
    changes=(Permission.EDIT_PEOPLE,),
    columns=(
        Column("code", web_words("Code")),
        Column("name", web_words("Name")),
        Column("may", web_words("Rights"), is_number=True),
        Column("people", web_words("People"), is_number=True),
    ),
    fields=(
        Field(
            "code",
            web_words("Code"),
            hint=web_words("Small letters: night-cashier."),
            needed=True,
            edits=False,
            codes=("role-code-taken", "role-code-unusable"),
        ),
        Field("name", web_words("Name"), needed=True, codes=("role-name-unusable",)),
        Field(
            "like",
            web_words("It may do what this one may"),
            Kind.CHOICE,
            hint=web_words("Nothing is nothing yet; then say what it may do."),
            choices=_others,
            edits=False,
            codes=("right-above-own",),
        ),
        *(Field(one.value, words, Kind.YES_NO, adds=False) for one, words in WORDS.items()),
    ),
    listed=_listed,
    sorts=True,
    show=_show,
    add=_add,
    edit=_edit,
    archive=roles.archive_role,
    restore=roles.restore_role,
)
