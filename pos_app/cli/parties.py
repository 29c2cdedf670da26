"""`bohari parties`: customers, vendors, employees, members."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Final

import typer

from pos_app.cli import history
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import Code, command, group, noun
from pos_app.cli.needs import needs, somewhere
from pos_app.cli.options import Name
from pos_app.ledger.currency import Currency, currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import decimal_text, parse_money
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import parse_price
from pos_app.ledger.quantity import parse_reading, plain_quantity, quantity_text
from pos_app.office.masters import parties, party_contacts, party_merge, party_meters
from pos_app.office.masters.history import as_seen, revision
from pos_app.office.masters.parties import Particulars, RoleTerms
from pos_app.office.office import Office
from pos_app.store.master import party_list
from pos_app.store.master.party_contacts import Contact
from pos_app.store.master.party_list import Listed
from pos_app.store.master.party_meters import Meter

app: Final = noun()
parties_app: Final = group(app, "parties", "Customers, vendors, employees, members.")

Roles = Annotated[
    list[str] | None,
    typer.Option("--role", metavar="ROLE[:DAYS[:LIMIT]]", help="customer, vendor, employee, member; again."),
]


@dataclass(frozen=True)
class PartyDetails:
    """What papers say of a party; what is not said stays, an empty text takes away."""

    phone: Annotated[str | None, typer.Option(help="The telephone.")] = None
    address: Annotated[
        list[str] | None, typer.Option(metavar="LINE", help="The address; again for each line.")
    ] = None
    tax_number: Annotated[str | None, typer.Option(help="Whom the tax office knows them as.")] = None

    def said(self) -> Particulars:
        """As the office takes it."""
        address = None if self.address is None else "\n".join(self.address)
        return Particulars(self.phone, address, self.tax_number)


#: The roles that a person gives; deposits and shares follow from being a customer or a member.
ROLES = ("customer", "vendor", "employee", "member")


def role_terms(written: Sequence[str], money: Currency) -> list[RoleTerms]:
    """Roles as `--role` says them: customer, customer:30, customer:30:20000.00 (days, limit).

    What is not said stays as it is: customer::20000.00 is another limit with the same days.
    """
    found = []
    for text in written:
        name, _, rest = text.partition(":")
        days, _, limit = rest.partition(":")
        if name not in ROLES:
            raise Refused("party-role-unknown", role=name[:20], roles=", ".join(ROLES))
        if days and not days.isdecimal():
            raise Refused("not-a-number-of-days", text=days[:20])
        worth = parse_money(limit, money, "The limit") if limit else None
        span = None if not days else int(days) if len(days) < 6 else 10**6
        found.append(RoleTerms(PartyRole(name), span, worth))
    return found


@command(parties_app, "list", LOOKING, needs(Permission.SEE_REPORTS))
def list_parties(
    office: Office, *, role: Annotated[str, typer.Option("--role", help="Only in this role.")] = ""
) -> Answer:
    """Everybody, with their roles and terms."""
    if role and role not in ROLES:
        raise Refused("party-role-unknown", role=role[:20], roles=", ".join(ROLES))
    with office.read() as books:
        found = party_list.all_of(books.connection, books.org_id, role)
        money = office.organisation.currency
    rows = [_row(one, money) for one in found]
    lines = [
        f"{one.code:<12} {one.name:<30} "
        + (", ".join(f"{each.role.value} ({each.terms_days} days)" for each in one.roles) or "no role")
        + ("" if one.active else ", archived")
        for one in found
    ]
    return Answer({"parties": rows}, [*lines, f"{counted(len(rows), 'party', 'parties')}."])


@command(parties_app, "show", LOOKING, needs(Permission.EDIT_MASTER))
def show_party(office: Office, code: Code) -> Answer:
    """All that is said of one, and what stands open with them."""
    found = parties.show(office, code)
    party, money = found.party, office.organisation.currency
    sums = [(role.value, code, decimal_text(amount, currency(code))) for role, code, amount in found.open]
    last = revision(office, "parties", party.code)
    contacts = party_contacts.contacts(office, party.code)
    meters = party_meters.meters(office, party.code)
    values = {
        **_row(party, money),
        **found.particulars,
        "groups": found.groups,
        "into": found.into,
        "contacts": [asdict(one) for one in contacts],
        "meters": [_meter_row(one) for one in meters],
        "revision": last,
        "open": [{"role": role, "currency": code, "amount": amount} for role, code, amount in sums],
    }
    lines = [f"{party.code} {party.name}" + ("" if party.active else ", archived")]
    lines += [
        f"{each.role.value:<12} {each.terms_days} days, limit {decimal_text(each.credit_limit, money)}"
        for each in party.roles
    ]
    lines += [
        f"{name.replace('_', ' '):<12} {', '.join(text.splitlines())}"
        for name, text in found.particulars.items()
        if text
    ]
    lines += [f"{'same as':<12} {found.into}"] * bool(found.into)
    lines += [f"{'groups':<12} {', '.join(found.groups)}"] * bool(found.groups)
    lines += [f"{'contact':<12} {_contact(one)}" for one in contacts]
    lines += [_meter(one) for one in meters]
    lines += [f"{'open':<12} {code} {amount} as {role}" for role, code, amount in sums]
    return Answer(values, [*lines, f"{'revision':<12} {last}"])


def _meter_row(meter: Meter) -> dict[str, str]:
    return {
        "meter": meter.code,
        "sku": meter.sku,
        "serial": meter.serial,
        "first_reading": plain_quantity(meter.first_reading),
    }


@command(parties_app, "add", AT_WORK, somewhere(Permission.EDIT_MASTER))
def add_party(
    office: Office,
    code: Code,
    *,
    name: Name,
    role: Roles = None,
    details: PartyDetails,
) -> Answer:
    """Somebody new, in one role or several: --role customer:30:20000.00 --role vendor."""
    terms = role_terms(role or (), office.organisation.currency)
    party_id = parties.add_party(office, code, name, terms, details.said())
    said = ", ".join(one.role.value for one in terms)
    return Answer({"party": party_id, "code": code.strip()}, [f"{name.strip()} is {said} now."])


@command(parties_app, "edit", AT_WORK, somewhere(Permission.EDIT_MASTER))
def edit_party(
    office: Office,
    code: Code,
    *,
    name: Name = "",
    details: PartyDetails,
    role: Roles = None,
    end: Annotated[list[str] | None, typer.Option("--end", metavar="ROLE", help="A role that ends.")] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Whether we deal with them.")
    ] = None,
    seen: history.Seen = None,
) -> Answer:
    """Another name, telephone, address, tax number; a role given, changed or ended; the rest stays."""
    money = office.organisation.currency
    gone = [one.role for one in role_terms(end or (), money)]
    terms = role_terms(role or (), money)
    with as_seen(office, "parties", code, seen):
        party_id = parties.edit_party(
            office,
            code,
            name=name,
            said_of=details.said(),
            roles=terms,
            ended=gone,
            active=active,
        )
    return Answer({"party": party_id, "code": code}, [f"{code} is changed."])


Label = Annotated[
    str, typer.Argument(metavar="LABEL", help="What it is for: delivery, billing, accounts, ...")
]
MeterCode = Annotated[str, typer.Argument(metavar="METER", help="The meter's code.")]
Remove = Annotated[bool, typer.Option("--remove", help="Not any more.")]


@dataclass(frozen=True)
class ContactDetails:
    """What is said of a contact; what is not said stays, an empty text takes away."""

    name: Annotated[str | None, typer.Option(help="Whom to ask for.")] = None
    phone: Annotated[str | None, typer.Option(help="Their telephone.")] = None
    email: Annotated[str | None, typer.Option(help="Their email.")] = None
    address: Annotated[list[str] | None, typer.Option(metavar="LINE", help="Where; again for each line.")] = (
        None
    )


@command(parties_app, "contact", AT_WORK, somewhere(Permission.EDIT_MASTER))
def contact(
    office: Office, code: Code, label: Label, *, remove: Remove = False, details: ContactDetails
) -> Answer:
    """Somebody to ask at a party, or a place to bring things to: one under each label."""
    if remove:
        gone = party_contacts.remove(office, code, label)
        return Answer({"code": code, "label": gone.label}, [f"{gone.label} of {code} is taken away."])
    address = None if details.address is None else "\n".join(details.address)
    told = party_contacts.Said(details.name, details.phone, details.email, address)
    made = party_contacts.put(office, code, label, told)
    return Answer({"code": code, "label": made.label}, [f"{code}, {_contact(made)}"])


@command(parties_app, "meter", AT_WORK, somewhere(Permission.EDIT_MASTER))
def meter(
    office: Office,
    code: Code,
    meter: MeterCode,
    *,
    product: Annotated[str | None, typer.Option(metavar="SKU", help="What runs through it.")] = None,
    serial: Annotated[str | None, typer.Option(help="Its serial number.")] = None,
    first: Annotated[str | None, typer.Option(help="Where it stood when it came to us: 1250.5.")] = None,
    rate: Annotated[
        str | None, typer.Option(help="Agreed with the customer for the product: 0.2650.")
    ] = None,
    remove: Remove = False,
) -> Answer:
    """A meter at a customer's place: the till asks its readings, beginning where it stood last."""
    if remove:
        gone = party_meters.remove(office, code, meter)
        return Answer({"code": code, "meter": gone.code}, [f"The meter {gone.code} of {code} is gone."])
    agreed = None if rate is None else parse_price(rate, office.organisation.currency, "The rate")
    reading = None if first is None else parse_reading(first)
    made = party_meters.put(office, code, meter, party_meters.Said(product, serial, reading, agreed))
    return Answer({"code": code, "meter": made.code}, [f"{code}, {_meter(made)}"])


def _contact(said_of: Contact) -> str:
    parts = (said_of.name, said_of.phone, said_of.email, ", ".join(said_of.address.splitlines()))
    return f"{said_of.label}: {' · '.join(part for part in parts if part)}"


def _meter(meter: Meter) -> str:
    serial = f", serial {meter.serial}" if meter.serial else ""
    first = f"{quantity_text(meter.first_reading)} {meter.unit}".strip()
    return f"meter {meter.code}: {meter.sku}{serial}, began at {first}"


@command(parties_app, "doubles", LOOKING, needs(Permission.EDIT_MASTER))
def list_doubles(office: Office) -> Answer:
    """Records that may be one customer: the same telephone, tax number, or letters of the name."""
    found = party_merge.doubles(office)
    rows = [
        {"by": one.by, "parties": [{"code": code, "name": name} for code, name in one.parties]}
        for one in found
    ]
    lines = [f"{one.by:<10}  " + " = ".join(f"{code} {name}" for code, name in one.parties) for one in found]
    return Answer({"doubles": rows}, [*lines, f"{len(rows)} that may be one."])


@command(parties_app, "merge", AT_WORK, needs(Permission.EDIT_MASTER))
def merge_parties(
    office: Office,
    keep: Annotated[str, typer.Argument(metavar="KEEP", help="The record that stays.")],
    gone: Annotated[str, typer.Argument(metavar="GONE", help="The double of it.")],
) -> Answer:
    """Two records of one customer become one: debts, credit and cylinders are carried, papers stay.

    The other is archived. Again, it carries what tills that had not heard of it brought since.
    """
    done = party_merge.merge(office, keep, gone)
    values = {
        "kept": done.kept.code,
        "gone": done.gone.code,
        "documents": [one.number for one in done.documents],
    }
    told = f"{done.gone.name} ({done.gone.code}) is {done.kept.name} ({done.kept.code}) now"
    numbers = ", ".join(one.number for one in done.documents)
    return Answer(values, [f"{told}; carried by {numbers}." if numbers else f"{told}; nothing was open."])


@command(parties_app, "archive", AT_WORK, somewhere(Permission.EDIT_MASTER))
def archive_party(office: Office, code: Code) -> Answer:
    """Deal with somebody no more; refused while anything is open with them, and they can be brought back."""
    found = parties.archive(office, code)
    told = f"{found.name} is archived; tills offer them no more as soon as they have synced."
    return Answer({"code": found.code}, [told])


@command(parties_app, "restore", AT_WORK, somewhere(Permission.EDIT_MASTER))
def restore_party(office: Office, code: Code) -> Answer:
    """Deal with an archived party again, in the roles that it had."""
    found = parties.restore(office, code)
    return Answer({"code": found.code}, [f"{found.name} is back."])


def _row(party: Listed, money: Currency) -> dict[str, Any]:
    roles = [
        {
            "role": each.role.value,
            "terms_days": each.terms_days,
            "credit_limit": decimal_text(each.credit_limit, money),
        }
        for each in party.roles
    ]
    return {"code": party.code, "name": party.name, "active": party.active, "roles": roles}


@command(parties_app, "history", LOOKING, history.MAY_SEE)
def parties_history(office: Office, code: Code) -> Answer:
    """Who changed a party, when, what it said before and says since."""
    return history.told(office, "parties", code)
