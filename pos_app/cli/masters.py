"""`bohari parties`, `rates`, `tax`, `business`, `locations` and `reorder`: the rows that the office keeps."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pos_app.cli import parsing
from pos_app.cli.acting import Who, looking
from pos_app.cli.answer import Answer
from pos_app.ledger.currency import Currency
from pos_app.ledger.day import to_date
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import decimal_text, parse_money
from pos_app.ledger.quantity import parse_quantity, quantity_text
from pos_app.office import masters, stock
from pos_app.office.masters import RoleTerms
from pos_app.store.master import catalogue, locations, party_list, rates
from pos_app.store.master.catalogue import Shop

#: The roles that a person gives; deposits and shares follow from being a customer or a member.
ROLES = ("customer", "vendor", "employee", "member")


def role_terms(written: Sequence[str], money: Currency) -> list[RoleTerms]:
    """Roles as `--role` says them: customer, customer:30, customer:30:20000.00 (days, limit)."""
    found = []
    for text in written:
        name, _, rest = text.partition(":")
        days, _, limit = rest.partition(":")
        if name not in ROLES:
            raise Refused(f"“{name[:20]}” is no role; choose one of {', '.join(ROLES)}.")
        if days and not days.isdecimal():
            raise Refused(f"“{days[:20]}” is no number of days; write it like customer:30.")
        worth = parse_money(limit, money, "The limit") if limit else 0
        found.append(RoleTerms(PartyRole(name), int(days or 0) if len(days) < 6 else 10**6, worth))
    return found


def add_party(who: Who, code: str, *, name: str, phone: str, roles: Sequence[str]) -> Answer:
    """Somebody new, in one role or several."""
    with who.at_work() as office:
        terms = role_terms(roles, office.organisation.currency)
        party_id = masters.add_party(office, code, name, terms, phone=phone)
    said = ", ".join(one.role.value for one in terms)
    return Answer({"party": party_id, "code": code.strip()}, [f"{name.strip()} is {said} now."])


def edit_party(
    who: Who,
    code: str,
    *,
    name: str,
    phone: str | None,
    roles: Sequence[str],
    ended: Sequence[str],
    active: bool | None,
) -> Answer:
    """Another name, telephone, role or terms; or a role that ends."""
    with who.at_work() as office:
        gone = [one.role for one in role_terms(ended, office.organisation.currency)]
        terms = role_terms(roles, office.organisation.currency)
        party_id = masters.edit_party(
            office, code, name=name, phone=phone, roles=terms, ended=gone, active=active
        )
    return Answer({"party": party_id, "code": code}, [f"{code} is changed."])


def list_parties(home: Path, role: str) -> Answer:
    """Everybody the organisation deals with, or those of a role."""
    if role and role not in ROLES:
        raise Refused(f"“{role[:20]}” is no role; choose one of {', '.join(ROLES)}.")
    with looking(home) as office, office.read() as books:
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


def set_rate(who: Who, currency: str, rate: str, *, since: str) -> Answer:
    """What a unit of a currency is worth from a day on."""
    worth = parsing.rate(rate)
    day = parsing.day(since, "--from") if since else None
    with who.at_work() as office:
        from_day = masters.set_rate(office, currency.strip().upper(), worth, day)
    said = f"{currency.strip().upper()} is worth {rate.strip()} from {to_date(from_day).isoformat()} on."
    return Answer({"currency": currency.strip().upper(), "rate": rate, "from": from_day}, [said])


def list_rates(home: Path, *, on: str) -> Answer:
    """What every currency is worth on a day."""
    with looking(home) as office, office.read() as books:
        day = parsing.day(on, "--on") if on else office.today
        found = rates.exchange_rates(books.connection, books.org_id, day)
        base = office.organisation.currency.code
    shown = {code: parsing.rate_text(rate) for code, rate in found.items()}
    lines = [f"1 {code} = {rate} {base}" for code, rate in shown.items()] or ["No rate is set."]
    return Answer({"day": to_date(day).isoformat(), "base": base, "rates": shown}, lines)


def set_tax(who: Who, code: str, rate: str, *, since: str) -> Answer:
    """The rate of a tax code from a day on."""
    bp, day = parsing.percent(rate), parsing.day(since, "--from")
    with who.at_work() as office:
        masters.set_tax(office, code, bp, day)
    return Answer(
        {"code": code, "rate_bp": bp, "from": day},
        [f"{code} is {rate.strip().rstrip('% ')} % from {to_date(day).isoformat()} on."],
    )


def add_business(who: Who, code: str, *, name: str, mpesa_till: str) -> Answer:
    """A business with its own accounts."""
    with who.at_work() as office:
        key = masters.add_business(office, code, name, mpesa_till=mpesa_till)
    said = f"{name.strip()} is a business now; give its products with “bohari import products”."
    return Answer({"business": key, "code": code.strip()}, [said])


def add_location(who: Who, code: str, *, name: str, kind: str, depot: str) -> Answer:
    """A place where stock lies."""
    with who.at_work() as office:
        key = stock.add_location(office, code, name, kind, depot=depot)
    return Answer({"location": key, "code": code.strip()}, [f"{name.strip()} is a place ({kind}) now."])


def list_locations(home: Path) -> Answer:
    """Every place where stock lies."""
    with looking(home) as office, office.read() as books:
        found = locations.all_of(books.connection, books.org_id)
    rows = [{"code": one.code, "name": one.name, "kind": one.kind} for one in found]
    return Answer({"locations": rows}, [f"{one.code:<12} {one.kind:<10} {one.name}" for one in found])


def set_reorder(who: Who, sku: str, *, location: str, minimum: str, target: str) -> Answer:
    """When a product is ordered again at a place, and up to how much."""
    low = 0 if minimum.strip() == "0" else parse_quantity(minimum, "The minimum")
    high = 0 if target.strip() == "0" else parse_quantity(target, "The target")
    with who.at_work() as office:
        masters.set_reorder_level(office, sku, location, low, high)
    return Answer({"sku": sku, "minimum": minimum, "target": target}, [f"{sku} is watched at {location}."])


def list_short(home: Path, location: str) -> Answer:
    """What is at or below its reorder level, and how much to order."""
    with looking(home) as office:
        found = masters.short(office, location)
        with office.read() as books:
            places = {one.location_id: one.code for one in locations.all_of(books.connection, books.org_id)}
            rows = []
            for one in found:
                shop = Shop(books.org_id, one.location_id, books.today)
                product = catalogue.by_id(books.connection, shop, one.product_id)
                rows.append(
                    {
                        "location": places.get(one.location_id, ""),
                        "sku": product.sku if product else str(one.product_id),
                        "in_stock": _plain(one.quantity),
                        "minimum": _plain(one.minimum),
                        "order": _plain(one.order),
                    }
                )
    lines = [
        f"{one['location']:<12} {one['sku']:<16} {one['in_stock']:>10} of {one['minimum']:>8}"
        f"  order {one['order']}"
        for one in rows
    ]
    return Answer({"short": rows}, lines or ["Nothing runs short."])


def _plain(quantity: int) -> str:
    return quantity_text(quantity).replace(",", "").replace("\u2212", "-")
