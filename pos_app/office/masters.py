"""Parties with their roles, rates, tax and businesses, as the office keeps them: rows that change.

Every change is in the audit log by itself, under the name of who acts.
"""

from typing import NamedTuple

from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.exchange_rate import minor_rate
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import Permission
from pos_app.ledger.rules.amounts import check_day, check_rate
from pos_app.office.office import Office
from pos_app.store.engine import privacy
from pos_app.store.master import codes, locations, master_edit, party_terms, rates
from pos_app.store.master.locations import Short
from pos_app.store.master.party_terms import Terms
from pos_app.store.organisation import founding, master_import
from pos_app.store.tables import master

_MOST_CODE = 64
_MOST_NAME = 200


class RoleTerms(NamedTuple):
    """A role that a party has: days of payment, and a limit in minor units of the base currency.

    None is "as it is"; of a new role it is zero.
    """

    role: PartyRole
    terms_days: int | None = None
    credit_limit: int | None = None


def add_party(office: Office, code: str, name: str, roles: list[RoleTerms], *, phone: str = "") -> int:
    """Add somebody in one role or several; gives their key.  Raises `Refused` for a code that is taken."""
    _check(code, name)
    if not roles:
        raise Refused("party-role-not-said")
    with office.change(Permission.EDIT_MASTER) as books:
        connection, org_id = books.connection, books.org_id
        if codes.party(connection, org_id, code.strip()) is not None:
            raise Refused("party-code-taken", code=code.strip()[:40])
        party_id = master_edit.next_id(connection, org_id, master.party)
        closed = privacy.of(connection).encrypt_text(org_id, privacy.PHONE, phone.strip())
        connection.execute(
            master.party.insert().values(
                org_id=org_id,
                party_id=party_id,
                code=code.strip(),
                name=name.strip(),
                phone=closed,
                active=1,
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


def edit_party(
    office: Office,
    code: str,
    *,
    name: str = "",
    phone: str | None = None,
    roles: list[RoleTerms] | None = None,
    ended: list[PartyRole] | None = None,
    active: bool | None = None,
) -> int:
    """Change what is named of a party: give or end roles, change terms.  Raises `Refused`."""
    with office.change(Permission.EDIT_MASTER) as books:
        connection, org_id = books.connection, books.org_id
        found = codes.party(connection, org_id, code)
        if found is None:
            raise Refused("party-unknown", code=code[:40])
        changes: dict[str, str | int] = {}
        if name.strip():
            _check(code, name)
            changes["name"] = name.strip()
        if phone is not None:
            changes["phone"] = phone.strip()
        if active is not None:
            changes["active"] = int(active)
        if changes:
            master_edit.change(connection, master.party, org_id, found.party_id, **changes)
        had = party_terms.roles_of(connection, org_id, found.party_id)
        for one in roles or []:
            # An edit says only what it says: other days leave the limit as it is.
            before = had.get(one.role, Terms(one.role, 0, 0))
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


def _check(code: str, name: str) -> None:
    for what, text, most in (("code", code.strip(), _MOST_CODE), ("name", name.strip(), _MOST_NAME)):
        if not text:
            raise Refused("party-needs", what=what)
        if len(text) > most or not text.isprintable():
            raise Refused("party-text-unusable", what=what)


def set_rate(office: Office, currency: str, rate_micro: int, from_day: int | None = None) -> int:
    """Say what a unit of a currency is worth from a local day (None: today), in millionths of base.

    Gives the day.  Raises `Refused` for a rate or a day that cannot be right.
    """
    foreign = find_currency(currency)
    with office.change(Permission.EDIT_MASTER) as books:
        if not books.is_foreign(foreign.code):
            raise Refused("own-currency-has-no-rate", currency=currency)
        if rate_micro <= 0:
            raise Refused("rate-not-positive")
        # What a document could not be made with must not be set either.
        check_rate(minor_rate(rate_micro, foreign, books.organisation.currency))
        day = books.today if from_day is None else from_day
        check_day(day, "The rate")
        rates.put_exchange_rate(books.connection, books.org_id, foreign.code, day, rate_micro)
    return day


def set_tax(office: Office, code: str, rate_bp: int, from_day: int) -> None:
    """Say the rate of a tax code from a local day, in basis points.  Raises `Refused`."""
    check_day(from_day, "The rate")
    with office.change(Permission.EDIT_MASTER) as books:
        rates.put_tax_rate(books.connection, books.org_id, code, from_day, rate_bp)


def add_business(office: Office, code: str, name: str, *, mpesa_till: str = "") -> int:
    """Add a business with its own accounts; gives its key.  Raises `Refused`."""
    _check(code, name)
    with office.change(Permission.EDIT_MASTER) as books:
        if code.strip() in master_import.businesses(books.connection, books.org_id):
            raise Refused("business-code-taken", code=code.strip()[:40])
        return founding.add_business(
            books.connection, books.org_id, code.strip(), name.strip(), mpesa_till=mpesa_till.strip()
        )


def set_reorder_level(office: Office, sku: str, location: str, minimum: int, target: int) -> None:
    """Say when to order a product again at a place and up to how much, in thousandths.  Raises `Refused`."""
    with office.change(Permission.EDIT_MASTER) as books:
        place = books.location(location)
        product = books.product(sku, place.location_id, books.today)
        locations.put_reorder_level(
            books.connection,
            books.org_id,
            place.location_id,
            product.product_id,
            minimum=minimum,
            target=target,
        )


def short(office: Office, location: str = "") -> list[Short]:
    """What is at or below its reorder level, everywhere or at one place."""
    with office.read() as books:
        place = books.location(location).location_id if location else None
        return locations.short(books.connection, books.org_id, place)
