"""`bohari parties`, `rates`, `tax` and `business`: the rows that the office keeps."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

import typer

from pos_app.cli import parsing
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer
from pos_app.cli.command import Code, command, group, noun
from pos_app.cli.options import Name, On
from pos_app.ledger.currency import Currency
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import decimal_text, parse_money
from pos_app.office import masters
from pos_app.office.masters import RoleTerms
from pos_app.office.office import Office
from pos_app.store.master import party_list, rates

app: Final = noun()
parties_app: Final = group(app, "parties", "Customers, vendors, employees, members.")
rates_app: Final = group(app, "rates", "What currencies are worth.")
tax_app: Final = group(app, "tax", "Rates of the tax codes.")
business_app: Final = group(app, "business", "The businesses of the organisation.")

Roles = Annotated[
    list[str] | None,
    typer.Option("--role", metavar="ROLE[:DAYS[:LIMIT]]", help="customer, vendor, employee, member; again."),
]
From = Annotated[str, typer.Option("--from", metavar="DATE", help="From this day on.")]

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


@command(parties_app, "list", LOOKING)
def list_parties(
    office: Office, *, role: Annotated[str, typer.Option("--role", help="Only in this role.")] = ""
) -> Answer:
    """Everybody, with their roles and terms."""
    if role and role not in ROLES:
        raise Refused("party-role-unknown", role=role[:20], roles=", ".join(ROLES))
    with office.read() as books:
        found = party_list.all_of(books.connection, books.org_id, role)
        money = office.organisation.currency
    rows: list[dict[str, Any]] = [
        {
            "code": one.code,
            "name": one.name,
            "active": one.active,
            "roles": [
                {
                    "role": each.role.value,
                    "terms_days": each.terms_days,
                    "credit_limit": decimal_text(each.credit_limit, money),
                }
                for each in one.roles
            ],
        }
        for one in found
    ]
    lines = [
        f"{one.code:<12} {one.name:<30} "
        + (", ".join(f"{each.role.value} ({each.terms_days} days)" for each in one.roles) or "no role")
        + ("" if one.active else ", not active")
        for one in found
    ]
    return Answer({"parties": rows}, [*lines, f"{len(rows)} parties."])


@command(parties_app, "add", AT_WORK)
def add_party(
    office: Office,
    code: Code,
    *,
    name: Name,
    role: Roles = None,
    phone: Annotated[str, typer.Option(help="The telephone.")] = "",
) -> Answer:
    """Somebody new, in one role or several: --role customer:30:20000.00 --role vendor."""
    terms = role_terms(role or (), office.organisation.currency)
    party_id = masters.add_party(office, code, name, terms, phone=phone)
    said = ", ".join(one.role.value for one in terms)
    return Answer({"party": party_id, "code": code.strip()}, [f"{name.strip()} is {said} now."])


@command(parties_app, "edit", AT_WORK)
def edit_party(
    office: Office,
    code: Code,
    *,
    name: Name = "",
    phone: Annotated[str | None, typer.Option(help="The telephone.")] = None,
    role: Roles = None,
    end: Annotated[list[str] | None, typer.Option("--end", metavar="ROLE", help="A role that ends.")] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Whether we deal with them.")
    ] = None,
) -> Answer:
    """Another name or telephone; a role given, its terms changed, or ended; what is not said stays."""
    money = office.organisation.currency
    gone = [one.role for one in role_terms(end or (), money)]
    terms = role_terms(role or (), money)
    party_id = masters.edit_party(
        office, code, name=name, phone=phone, roles=terms, ended=gone, active=active
    )
    return Answer({"party": party_id, "code": code}, [f"{code} is changed."])


@command(rates_app, "set", AT_WORK)
def set_rate(
    office: Office,
    currency: Annotated[str, typer.Argument(metavar="USD")],
    rate: Annotated[str, typer.Argument(metavar="RATE", help="Base currency per unit: 129.55.")],
    *,
    since: From = "",
) -> Answer:
    """What a currency is worth from a day on (today)."""
    code = currency.strip().upper()
    from_day = masters.set_rate(
        office, code, parsing.rate(rate), parsing.day(since, "--from") if since else None
    )
    said = f"{code} is worth {rate.strip()} from {to_date(from_day).isoformat()} on."
    return Answer({"currency": code, "rate": rate, "from": from_day}, [said])


@command(rates_app, "list", LOOKING)
def list_rates(office: Office, *, on: On = "") -> Answer:
    """What every currency is worth on a day."""
    with office.read() as books:
        day = parsing.day(on, "--on") if on else office.today
        found = rates.exchange_rates(books.connection, books.org_id, day)
    base = office.organisation.currency.code
    shown = {code: parsing.rate_text(rate) for code, rate in found.items()}
    lines = [f"1 {code} = {rate} {base}" for code, rate in shown.items()] or ["No rate is set."]
    return Answer({"day": to_date(day).isoformat(), "base": base, "rates": shown}, lines)


@command(tax_app, "set", AT_WORK)
def set_tax(
    office: Office,
    code: Code,
    rate: Annotated[str, typer.Argument(metavar="PERCENT", help="16, or 12.5.")],
    *,
    since: From,
) -> Answer:
    """The rate of a tax code from a day on; what was dated before keeps the one before."""
    bp, day = parsing.percent(rate), parsing.day(since, "--from")
    masters.set_tax(office, code, bp, day)
    return Answer(
        {"code": code, "rate_bp": bp, "from": day},
        [f"{code} is {rate.strip().rstrip('% ')} % from {to_date(day).isoformat()} on."],
    )


@command(business_app, "add", AT_WORK)
def add_business(
    office: Office,
    code: Code,
    *,
    name: Name,
    mpesa_till: Annotated[str, typer.Option(help="Its M-Pesa till number.")] = "",
) -> Answer:
    """One more business, with its own cash, M-Pesa, inventory, revenue and cost accounts."""
    key = masters.add_business(office, code, name, mpesa_till=mpesa_till)
    said = f"{name.strip()} is a business now; give its products with “bohari import products”."
    return Answer({"business": key, "code": code.strip()}, [said])
