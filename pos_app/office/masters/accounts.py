"""The chart of accounts as the office keeps it: accounts that are added, and which account has a role.

Decisions
---------
2026-11-29  A role is given and never taken away: a posting that asks for it finds an account in any case.
What had it before keeps what stands there and is posted to by hand.  An account on which things stand open
(with parties, in drawers, in stock, between businesses) keeps its role once it is posted to: half of what is
open would stand on the one and half on the other.
"""

from typing import Final, NamedTuple

from sqlalchemy import text

from pos_app.ledger.chart import SHARED_ACCOUNTS, Account, AccountRole, AccountType, business_accounts
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.office.books import Books
from pos_app.office.office import Office
from pos_app.store.master import codes, master_edit
from pos_app.store.master.codes import AccountCode
from pos_app.store.organisation import founding, master_import
from pos_app.store.tables import master

_MOST_CODE: Final = 20
_MOST_NAME: Final = 200
#: Of which type the account of a role is.
ROLE_TYPE: Final = {
    one.role: one.type for one in (*SHARED_ACCOUNTS, *business_accounts(0, 1, "")) if one.role is not None
}
_R = AccountRole
#: Where what is open must stand in one place.
_STAYS: Final = frozenset(
    {_R.CASH, _R.RECEIVABLE, _R.PAYABLE, _R.INVENTORY, _R.GRNI, _R.LANDED_ACCRUED, _R.VOUCHER, _R.POINTS,
     _R.CLEARING, _R.EXCHANGE_CLEARING, _R.EMPLOYEE_ADVANCES, _R.MEMBER_DEPOSITS, _R.MEMBER_SHARES,
     _R.CUSTOMER_DEPOSITS}
)  # fmt: skip
#: What may be overdrawn where whoever holds it lends.
_LENDS: Final = frozenset({_R.BANK, _R.MPESA, None})
#: What stands at nothing over all businesses is shared by them.
_SHARED: Final = frozenset({_R.CLEARING, _R.EXCHANGE_CLEARING})


class Standing(NamedTuple):
    """What stands on an account of a business in a currency, in its minor units."""

    business: str
    currency: str
    amount: int


class Shown(NamedTuple):
    """An account and what stands on it."""

    account: AccountCode
    standing: list[Standing]


def add(
    office: Office,
    code: str,
    name: str,
    type_: AccountType,
    *,
    role: AccountRole | None = None,
    business: str = "",
) -> AccountCode:
    """Add an account, of one business or shared, with or without a role.

    Raises `Refused` for a code that is taken, a text that cannot be printed, and as `give_role` does.
    """
    _check(code.strip(), name.strip())
    with office.change(Permission.EDIT_MASTER) as books:
        taken = codes.account(books.connection, books.org_id, code.strip())
        if taken is not None:
            raise Refused("account-code-taken", code=taken.code, name=taken.name)
        own = books.business(business) if business else None
        made = Account(code.strip(), name.strip(), type_, None, own)
        founding.add_accounts(books.connection, books.org_id, (made,))
        if role is not None:
            _give(books, AccountCode(*made), role)
        return books.account_named(made.code)


def give_role(office: Office, code: str, role: AccountRole) -> AccountCode:
    """Let postings that ask for a role go to an account, from now on; what had the role has none any more.

    Raises `Refused` for an unknown account, one of another type, one that has another role, and where things
    stand open on the account that has the role.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        _give(books, books.account_named(code), role)
        return books.account_named(code)


def let_overdraw(office: Office, code: str, may: bool) -> AccountCode:
    """Say whether an account may go below nothing, as one may at a bank that lends.

    Raises `Refused` for an unknown account, for a safe or a drawer's cash, out of which nobody can take notes
    that are not there, and for what is no account of money.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        found = books.account_named(code)
        if found.type is not AccountType.ASSET or found.role not in _LENDS:
            raise Refused("account-cannot-lend", code=found.code, name=found.name)
        master_edit.change(books.connection, master.account, books.org_id, found.code, may_overdraw=int(may))
        return books.account_named(code)


def show(office: Office, code: str) -> Shown:
    """One account and what stands on it.  Raises `Refused` for a code that none has."""
    with office.read() as books:
        found = books.account_named(code, archived=True)
        return Shown(found, _standing(books, found))


def rename(office: Office, code: str, name: str) -> bool:
    """Call an account something else; gives whether it was called otherwise.  Raises `Refused`."""
    with office.change(Permission.EDIT_MASTER) as books:
        found = books.account_named(code, archived=True)
        _check(found.code, name.strip())
        if found.name == name.strip():
            return False
        master_edit.change(books.connection, master.account, books.org_id, found.code, name=name.strip())
        return True


def archive(office: Office, code: str) -> AccountCode:
    """Let nothing be posted to an account any more; what stands in the books stays.

    Raises `Refused` for one that has a role, for one that something stands on, and for one that is archived.
    """
    with office.change(Permission.EDIT_MASTER) as books:
        found = books.account_named(code, archived=True)
        if not found.active:
            raise Refused("account-archived", code=found.code, name=found.name)
        if found.role is not None:
            raise Refused("account-role-at-work", code=found.code, role=found.role.value)
        for one in _standing(books, found):
            amount = f"{one.currency} {decimal_text(one.amount, find_currency(one.currency))}"
            raise Refused("account-not-empty", code=found.code, name=found.name, amount=amount)
        master_edit.change(books.connection, master.account, books.org_id, found.code, active=0)
        return found


def restore(office: Office, code: str) -> AccountCode:
    """Let an archived account be posted to again.  Raises `Refused` for one that is none."""
    with office.change(Permission.EDIT_MASTER) as books:
        found = books.account_named(code, archived=True)
        if found.active:
            raise Refused("account-not-archived", code=found.code)
        master_edit.change(books.connection, master.account, books.org_id, found.code, active=1)
        return found


def _standing(books: Books, account: AccountCode) -> list[Standing]:
    rows = books.connection.execute(
        text(
            "SELECT b.code, a.currency, sum(a.amount) FROM account_balance AS a JOIN business AS b"
            " ON b.org_id = a.org_id AND b.business_id = a.business_id WHERE a.org_id = :org"
            " AND a.account_code = :code GROUP BY b.code, a.currency HAVING sum(a.amount) <> 0 ORDER BY 1, 2"
        ),
        {"org": books.org_id, "code": account.code},
    )
    return [Standing(str(row[0]), str(row[1]), int(row[2])) for row in rows]


def business_names(office: Office) -> dict[int, str]:
    """The codes of businesses by their keys, as accounts name them."""
    with office.read() as books:
        return {key: code for code, key in master_import.businesses(books.connection, books.org_id).items()}


def everything(office: Office) -> list[AccountCode]:
    """The chart, by code."""
    with office.read() as books:
        return codes.accounts(books.connection, books.org_id)


def _give(books: Books, account: AccountCode, role: AccountRole) -> None:
    if account.role is role:
        return
    if account.role is not None:
        raise Refused("account-has-role", code=account.code, role=account.role.value)
    if account.type is not ROLE_TYPE[role]:
        raise Refused("account-role-of-other-type", role=role.value, type=ROLE_TYPE[role].value)
    if role in _SHARED and account.business_id is not None:
        raise Refused("account-role-shared", role=role.value)
    change = master_edit.change
    for one in codes.accounts(books.connection, books.org_id):
        if one.role is not role:
            continue
        same = one.business_id == account.business_id
        # Of a shared account, a business that gets its own goes another way from now on.
        if (
            role in _STAYS
            and (same or None in (one.business_id, account.business_id))
            and _posted(books, one)
        ):
            raise Refused("account-role-stays", role=role.value, code=one.code, name=one.name)
        if same:
            change(books.connection, master.account, books.org_id, one.code, role=None)
    change(books.connection, master.account, books.org_id, account.code, role=role.value)


def _posted(books: Books, account: AccountCode) -> bool:
    """Whether anything was ever posted to an account."""
    found = books.connection.execute(
        text("SELECT 1 FROM account_balance WHERE org_id = :org AND account_code = :code LIMIT 1"),
        {"org": books.org_id, "code": account.code},
    ).one_or_none()
    return found is not None


def _check(code: str, name: str) -> None:
    """Raise `Refused` for a code or a name that journals and papers cannot carry."""
    if not code or len(code) > _MOST_CODE or not all(one.isalnum() or one in "-." for one in code):
        raise Refused("account-code-unusable", code=code[:40], most=_MOST_CODE)
    if not name or len(name) > _MOST_NAME or not name.isprintable():
        raise Refused("account-name-unusable", most=_MOST_NAME)
