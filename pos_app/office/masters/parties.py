"""Parties with their roles, as the office keeps them."""

from typing import Final, NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.ledger.tax_number import tax_number
from pos_app.office.books import Books
from pos_app.office.masters.printed_text import check_code_and_name
from pos_app.office.office import Office
from pos_app.store.engine import privacy
from pos_app.store.master import codes, master_edit, party_list, party_terms, price_lists
from pos_app.store.master.codes import PartyCode
from pos_app.store.master.party_list import Listed
from pos_app.store.master.party_terms import Terms
from pos_app.store.organisation import party_doubles, party_standing
from pos_app.store.tables import master


class RoleTerms(NamedTuple):
    """A role that a party has: days of payment, and a limit in minor units of the base currency.

    None is "as it is", or as it was of a role that had ended; of a new role it is zero.
    """

    role: PartyRole
    terms_days: int | None = None
    credit_limit: int | None = None


class Particulars(NamedTuple):
    """How to reach a party, and who the tax office says they are; None stays as it is.

    `address` has lines parted by a line feed.
    """

    phone: str | None = None
    address: str | None = None
    tax_number: str | None = None

    def told(self) -> dict[str, str]:
        """What is said, without blanks around it.  Raises `Refused` for what no paper has room for."""
        said_of = {name: value.strip() for name, value in self._asdict().items() if value is not None}
        for name, value in said_of.items():
            if len(value) > _MOST_OF[name] or not value.replace("\n", "").isprintable():
                raise Refused("party-particulars-wrong", what=name.replace("_", " "), most=_MOST_OF[name])
        return said_of


_MOST_OF: Final = {"phone": 40, "address": 200, "tax_number": 40}
_NOTHING_TOLD: Final = Particulars()


class Shown(NamedTuple):
    """A party, telephone, address and tax number, the groups that it is in, of whom it was a double, and what
    stands open: role, currency, minor units (debit positive).
    """

    party: Listed
    particulars: dict[str, str]
    groups: list[str]
    into: str
    open: list[tuple[PartyRole, str, int]]


def show(office: Office, code: str) -> Shown:
    """All that is said of a party, archived or not.  Raises `Refused` for an unknown code."""
    with office.read() as books:
        connection, org_id, found = books.connection, books.org_id, _found(books, code)
        roles = party_terms.roles_of(connection, org_id, found.party_id)
        return Shown(
            Listed(found.code, found.name, found.active, tuple(roles.values())),
            party_list.particulars(connection, org_id, found.party_id),
            price_lists.groups_of(connection, org_id, found.party_id),
            party_doubles.into_code(connection, org_id, found.party_id),
            party_standing.balances(connection, org_id, found.party_id),
        )


def page(
    office: Office,
    role: PartyRole,
    words: str,
    *,
    archived: bool,
    after: str,
    most: int,
    backwards: bool = False,
) -> list[Listed]:
    """At most so many parties who have a role, by code, from the one after a code on (`backwards` before)."""
    with office.read() as books:
        return party_list.page(
            books.connection,
            books.org_id,
            role.value,
            words=words,
            archived=archived,
            after=after,
            most=most,
            backwards=backwards,
        )


def of_role(office: Office, role: PartyRole) -> list[Listed]:
    """Everybody who has a role, by name; archived ones too."""
    with office.read() as books:
        return party_list.all_of(books.connection, books.org_id, role.value)


def archive(office: Office, code: str) -> PartyCode:
    """Offer a party for nothing new any more; what was recorded with it stays.

    Raises `Refused` for an archived one, and while anything is open with it (`party_standing`).
    """
    with office.change(Permission.EDIT_MASTER) as books:
        found = _found(books, code)
        if not found.active:
            raise Refused("party-archived-already", name=found.name)
        _check_settled(books, found)
        master_edit.change(books.connection, master.party, books.org_id, found.party_id, active=0)
        return found


def restore(office: Office, code: str) -> PartyCode:
    """Bring an archived party back, in the roles that it had.  Raises `Refused` for one that is none."""
    with office.change(Permission.EDIT_MASTER) as books:
        found = _found(books, code)
        if found.active:
            raise Refused("party-not-archived", name=found.name)
        # Who was merged into another one stands for themselves again: tills sell to them.
        key = found.party_id
        master_edit.change(books.connection, master.party, books.org_id, key, active=1, into_id=None)
        return found


def _found(books: Books, code: str) -> PartyCode:
    found = codes.party(books.connection, books.org_id, code.strip())
    if found is None:
        raise Refused("party-unknown", code=code[:40])
    return found


def _check_settled(books: Books, party: PartyCode) -> None:
    """Raise `Refused` with what is open with a party."""
    open_ = party_standing.unsettled(books.connection, books.org_id, {party.party_id: party.name})
    for sentence in open_.values():
        raise Refused(sentence)


def add_party(
    office: Office, code: str, name: str, roles: list[RoleTerms], said_of: Particulars = _NOTHING_TOLD
) -> int:
    """Add somebody in one role or several; gives their key.  Raises `Refused` for a code that is taken."""
    with office.change(Permission.EDIT_MASTER) as books:
        return add_in(books, code, name, roles, said_of)


def add_in(
    books: Books,
    code: str,
    name: str,
    roles: list[RoleTerms],
    said_of: Particulars = _NOTHING_TOLD,
    *,
    key: int | None = None,
) -> int:
    """The same in the caller's transaction, who has asked who may; `key` is one that a till gave.

    Raises `Refused`.
    """
    check_code_and_name(code, name)
    if not roles:
        raise Refused("party-role-not-said")
    told = said_of.told()
    _check_number(books, told, "")
    connection, org_id = books.connection, books.org_id
    if codes.party(connection, org_id, code.strip()) is not None:
        raise Refused("party-code-taken", code=code.strip()[:40])
    party_id = key or master_edit.next_id(connection, org_id, master.party)
    private = privacy.of(connection)
    closed = {
        column: private.encrypt_text(org_id, privacy.OF_PARTY[column], value)
        for column, value in told.items()
    }
    connection.execute(
        master.party.insert().values(
            org_id=org_id, party_id=party_id, code=code.strip(), name=name.strip(), active=1, **closed
        )
    )
    for one in roles:
        party_terms.put_role(
            connection,
            org_id,
            party_id,
            one.role,
            terms_days=one.terms_days or 0,
            credit_limit=one.credit_limit or 0,
        )
    return party_id


def _check_number(books: Books, told: dict[str, str], stands: str) -> None:
    """Write the tax number as it is kept; what stands already is not asked again.  Raises `Refused`."""
    number = told.get("tax_number", "")
    if number and number != stands:
        told["tax_number"] = tax_number(number, books.organisation.currency.code)


def edit_party(
    office: Office,
    code: str,
    *,
    name: str = "",
    said_of: Particulars = _NOTHING_TOLD,
    roles: list[RoleTerms] | None = None,
    ended: list[PartyRole] | None = None,
    active: bool | None = None,
) -> int:
    """Change what is named of a party: give or end roles, change terms.  Raises `Refused`."""
    with office.change(Permission.EDIT_MASTER) as books:
        connection, org_id = books.connection, books.org_id
        found = _found(books, code)
        told = said_of.told()
        if told.get("tax_number"):
            stands = party_list.particulars(connection, org_id, found.party_id)["tax_number"]
            _check_number(books, told, stands)
        changes: dict[str, str | int | None] = {**told}
        if name.strip():
            check_code_and_name(code, name)
            changes["name"] = name.strip()
        if active is not None:
            if found.active and not active:
                _check_settled(books, found)
            changes["active"] = int(active)
            if active and not found.active:
                changes["into_id"] = None
        if changes:
            master_edit.change(connection, master.party, org_id, found.party_id, **changes)
        had = party_terms.roles_of(connection, org_id, found.party_id)
        ended_before = party_terms.roles_of(connection, org_id, found.party_id, active=0)
        for one in roles or []:
            # An edit says only what it says: other days leave the limit as it is, also of a role given again.
            before = had.get(one.role) or ended_before.get(one.role, Terms(one.role, 0, 0))
            had[one.role] = Terms(
                one.role,
                before.terms_days if one.terms_days is None else one.terms_days,
                before.credit_limit if one.credit_limit is None else one.credit_limit,
            )
            party_terms.put_role(
                connection,
                org_id,
                found.party_id,
                one.role,
                terms_days=had[one.role].terms_days,
                credit_limit=had[one.role].credit_limit,
            )
        for role in ended or []:
            if role not in had:
                raise Refused("party-has-not-role", name=found.name, role=role.value)
            terms = had[role]
            party_terms.put_role(
                connection,
                org_id,
                found.party_id,
                role,
                terms_days=terms.terms_days,
                credit_limit=terms.credit_limit,
                active=False,
            )
    return found.party_id
