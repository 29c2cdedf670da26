"""`bohari accounts`: the chart, an account that is added, and which account has a role."""

from typing import Annotated, Any, Final

import typer

from pos_app.cli import history
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer
from pos_app.cli.command import Code, command, group, noun
from pos_app.cli.needs import needs, somewhere
from pos_app.cli.options import Name
from pos_app.ledger.chart import AccountRole, AccountType
from pos_app.ledger.currency import currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.office.masters import accounts
from pos_app.office.masters.history import as_seen, revision
from pos_app.office.office import Office
from pos_app.store.master.codes import AccountCode
from pos_app.store.organisation import master_import

app: Final = noun()
accounts_app: Final = group(app, "accounts", "The chart of accounts.")


@command(accounts_app, "list", LOOKING, needs(Permission.SEE_REPORTS))
def list_accounts(office: Office) -> Answer:
    """Every account with its type, its role and the business that it is of."""
    with office.read() as books:
        names = {key: code for code, key in master_import.businesses(books.connection, books.org_id).items()}
    rows = [_row(one, names) for one in accounts.everything(office)]
    lines = [
        f"{one['code']:<8} {one['name']:<34} {one['type']:<10} {one['role'] or '-':<20} {one['business']}"
        f"{'' if one['active'] else '  archived'}"
        for one in rows
    ]
    return Answer({"accounts": rows}, [line.rstrip() for line in lines])


@command(accounts_app, "add", AT_WORK, somewhere(Permission.EDIT_MASTER))
def add_account(
    office: Office,
    code: Code,
    *,
    name: Name,
    type_: Annotated[
        str, typer.Option("--type", metavar="TYPE", help="asset, liability, equity, income, expense.")
    ],
    role: Annotated[
        str, typer.Option("--role", metavar="ROLE", help="What postings ask for it: bank, safe, ...")
    ] = "",
    business: Annotated[str, typer.Option(metavar="CODE", help="Of one business alone.")] = "",
) -> Answer:
    """An account that is new."""
    made = accounts.add(
        office,
        code,
        name,
        _type(type_),
        role=_role(role) if role else None,
        business=business,
    )
    return Answer(_row(made, {}) | {"business": business}, [f"{made.code} {made.name} is in the chart now."])


@command(accounts_app, "role", AT_WORK, somewhere(Permission.EDIT_MASTER))
def give_role(
    office: Office,
    code: Code,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="bank, safe, mpesa, card, revenue, ...")],
) -> Answer:
    """Let postings that ask for a role go to this account from now on."""
    found = accounts.give_role(office, code, _role(role))
    word = role.strip().lower()
    return Answer(
        {"code": found.code, "role": word}, [f"{found.code} {found.name} is the account for {word} now."]
    )


@command(accounts_app, "overdraft", AT_WORK, somewhere(Permission.EDIT_MASTER))
def let_overdraw(
    office: Office,
    code: Code,
    *,
    never: Annotated[bool, typer.Option("--never", help="No more is paid out than lies on it.")] = False,
) -> Answer:
    """Let more be paid out of a bank account than lies on it, where the bank lends."""
    found = accounts.let_overdraw(office, code, not never)
    said = "may be overdrawn" if found.may_overdraw else "pays out what lies on it, and no more"
    return Answer(
        {"code": found.code, "overdraft": found.may_overdraw}, [f"{found.code} {found.name} {said}."]
    )


@command(accounts_app, "show", LOOKING, needs(Permission.SEE_REPORTS))
def show_account(office: Office, code: Code) -> Answer:
    """One account, and what stands on it."""
    found = accounts.show(office, code)
    with office.read() as books:
        names = {key: own for own, key in master_import.businesses(books.connection, books.org_id).items()}
    stands = [
        {
            "business": one.business,
            "currency": one.currency,
            "amount": decimal_text(one.amount, currency(one.currency)),
        }
        for one in found.standing
    ]
    values = _row(found.account, names) | {"stands": stands, "revision": revision(office, "accounts", code)}
    lines = [f"{name:<10} {value}" for name, value in values.items() if value not in ("", None, stands)]
    lines += [f"{'stands':<10} {one['currency']} {one['amount']} of {one['business']}" for one in stands]
    return Answer(values, lines)


@command(accounts_app, "edit", AT_WORK, somewhere(Permission.EDIT_MASTER))
def rename_account(office: Office, code: Code, *, name: Name, seen: history.Seen = None) -> Answer:
    """Call an account something else, on every report from now on."""
    with as_seen(office, "accounts", code, seen):
        changed = accounts.rename(office, code, name)
    return Answer({"changed": changed}, [f"{code.strip()} is called {name.strip()}."])


@command(accounts_app, "archive", AT_WORK, somewhere(Permission.EDIT_MASTER))
def archive_account(office: Office, code: Code) -> Answer:
    """Let nothing be posted to it any more: an account without a role on which nothing stands."""
    found = accounts.archive(office, code)
    return Answer({"code": found.code}, [f"{found.code} {found.name} is archived."])


@command(accounts_app, "restore", AT_WORK, somewhere(Permission.EDIT_MASTER))
def restore_account(office: Office, code: Code) -> Answer:
    """Let an archived account be posted to again."""
    found = accounts.restore(office, code)
    return Answer({"code": found.code}, [f"{found.code} {found.name} is posted to again."])


def _type(typed: str) -> AccountType:
    """The type that a person typed.  Raises `Refused` with those that there are."""
    try:
        return AccountType(typed.strip().lower())
    except ValueError:
        raise Refused(
            "account-type-unknown", typed=typed[:20], words=", ".join(one.value for one in AccountType)
        ) from None


def _role(typed: str) -> AccountRole:
    """The role that a person typed, with - or _.  Raises `Refused` with those that there are."""
    try:
        return AccountRole(typed.strip().lower().replace("-", "_"))
    except ValueError:
        raise Refused(
            "account-role-unknown", typed=typed[:20], words=", ".join(one.value for one in AccountRole)
        ) from None


def _row(account: AccountCode, names: dict[int, str]) -> dict[str, Any]:
    business = account.business_id
    return {
        "code": account.code,
        "name": account.name,
        "type": account.type.value,
        "role": None if account.role is None else account.role.value,
        "overdraft": account.may_overdraw,
        "business": "" if business is None else names.get(business, str(business)),
        "active": account.active,
    }


@command(accounts_app, "history", LOOKING, history.MAY_SEE)
def accounts_history(office: Office, code: Code) -> Answer:
    """Who changed an account, when, what it said before and says since."""
    return history.told(office, "accounts", code)
