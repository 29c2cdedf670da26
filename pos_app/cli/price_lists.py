"""`bohari price-list`: what lists say, from when on, and whom they are for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pos_app.cli import history
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.moments import moment, moment_shown, moment_text
from pos_app.cli.needs import needs, somewhere
from pos_app.cli.options import Name
from pos_app.files.price_sheet import PriceRow, read_prices, write_prices
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import parse_price, plain_price, price_text
from pos_app.ledger.pricing.rules import ScopeKind
from pos_app.ledger.quantity import parse_quantity, plain_quantity, quantity_text
from pos_app.office.masters import price_lists
from pos_app.office.masters.price_lists import For, Said
from pos_app.office.office import Office
from pos_app.store.master.price_lists import ListRow, ScopeRow

app: Final = noun()
lists_app: Final = group(app, "price-list", "Price lists: what they say, and whom they are for.")

ListCode = Annotated[str, typer.Argument(metavar="LIST", help="The list's code.")]
Sku = Annotated[str, typer.Argument(metavar="SKU", help="The product's code.")]
From = Annotated[
    str, typer.Option("--from", metavar="MOMENT", help="2026-12-01 or 2026-12-01 06:00; from now on.")
]
File = Annotated[Path, typer.Argument(help="A CSV or XLSX file: sku,price,from_quantity,valid_from.")]


@dataclass(frozen=True)
class Whom:
    """Whom a list is for."""

    customer: Annotated[list[str] | None, typer.Option(metavar="CODE", help="A customer; again.")] = None
    group: Annotated[list[str] | None, typer.Option(metavar="CODE", help="A group of customers; again.")] = (
        None
    )
    depot: Annotated[list[str] | None, typer.Option(metavar="CODE", help="A depot; again.")] = None
    everybody: Annotated[bool, typer.Option("--everybody", help="Everybody, everywhere.")] = False

    def said(self) -> list[For]:
        """As the office takes it."""
        named = (
            (ScopeKind.CUSTOMER, self.customer),
            (ScopeKind.GROUP, self.group),
            (ScopeKind.DEPOT, self.depot),
        )
        found = [For(kind, code) for kind, codes in named for code in codes or ()]
        return [*found, For(ScopeKind.EVERYBODY)] if self.everybody else found


@command(lists_app, "list", LOOKING, needs(Permission.SEE_REPORTS))
def list_lists(office: Office) -> Answer:
    """Every list, the archived ones too."""
    found = price_lists.lists(office)
    lines = [f"{one.code:<16} {one.name}{_marks(one)}" for one in found]
    return Answer(
        {"price_lists": [_row(one) for one in found]}, [*lines, f"{counted(len(found), 'price list')}."]
    )


@command(lists_app, "show", LOOKING, needs(Permission.SEE_REPORTS))
def show(office: Office, code: ListCode) -> Answer:
    """Whom a list is for, and what it says, now and later."""
    found, money, zone = price_lists.show(office, code), office.organisation.currency, _zone(office)
    items: list[dict[str, Any]] = [
        {
            "sku": one.sku,
            "from_quantity": plain_quantity(one.from_quantity),
            "price": plain_price(one.price, money),
            "from": moment_shown(one.from_us, zone),
            "until": "" if one.to_us is None else moment_shown(one.to_us, zone),
        }
        for one in found.items
    ]
    lines = [f"{found.row.code} {found.row.name}{_marks(found.row)}"]
    lines += [f"for {_scope(one)}" for one in found.scopes] or ["for nobody"]
    for one in found.items:
        many = f" from {quantity_text(one.from_quantity)}" if one.from_quantity else ""
        since = moment_shown(one.from_us, zone)
        lines.append(f"{one.sku:<16} {price_text(one.price, money):>14}{many}  since {since}")
    whom = [{"kind": one.kind.value, "code": one.code} for one in found.scopes]
    return Answer({**_row(found.row), "for": whom, "prices": items}, lines)


@command(lists_app, "add", AT_WORK, somewhere(Permission.EDIT_MASTER))
def add(
    office: Office,
    code: ListCode,
    *,
    name: Name,
    contract: Annotated[
        bool, typer.Option("--contract", help="Agreed with its customers: before all other lists.")
    ] = False,
    whom: Whom,
) -> Answer:
    """Add a list, for those who are named; it says nothing yet."""
    price_lists.add(office, code, name, whom.said(), is_contract=contract)
    return Answer({"code": code.strip()}, [f"{code.strip()} is a price list."])


@command(lists_app, "for", AT_WORK, somewhere(Permission.EDIT_MASTER))
def for_whom(
    office: Office,
    code: ListCode,
    *,
    end: Annotated[bool, typer.Option("--end", help="It is not for them any more.")] = False,
    whom: Whom,
) -> Answer:
    """A list is for these as well, from now on."""
    named = whom.said()
    if not named:
        raise Refused("price-list-for-whom")
    changed = price_lists.take(office, code, named) if end else price_lists.give(office, code, named)
    return Answer({"code": code.strip(), "changed": changed}, [f"{changed} changed."])


@command(lists_app, "price", AT_WORK, somewhere(Permission.EDIT_MASTER))
def price(
    office: Office,
    code: ListCode,
    sku: Sku,
    amount: Annotated[str, typer.Argument(metavar="PRICE")] = "",
    *,
    from_quantity: Annotated[
        str, typer.Option(metavar="QUANTITY", help="From so many in one basket on; any.")
    ] = "",
    since: From = "",
    end: Annotated[bool, typer.Option("--end", help="The list says nothing of it any more.")] = False,
) -> Answer:
    """What a list says of a product from a moment on, at every till and in the office."""
    if end == bool(amount.strip()):
        raise Refused("price-or-end")
    money, from_us = office.organisation.currency, moment(since, _zone(office))
    if end:
        price_lists.end(office, code, sku, from_us)
        return Answer({"list": code, "sku": sku}, [f"{code} says nothing of {sku}."])
    many = parse_quantity(from_quantity) if from_quantity.strip() else 0
    wanted = parse_price(amount, money)
    new = price_lists.put(office, code, [Said(sku, wanted, many, from_us)])
    begins = "" if from_us is None else moment_shown(from_us, _zone(office))
    said = f"{code} says {price_text(wanted, money)} {money.code} for {sku}"
    said += f" from {quantity_text(many)} in one basket on" if many else ""
    said += f", from {begins} on." if begins else ", from now on."
    return Answer(
        {
            "list": code,
            "sku": sku,
            "price": plain_price(wanted, money),
            "from_quantity": plain_quantity(many),
            "from": begins,
            "changed": new,
        },
        [said if new else f"{code} said so already."],
    )


@command(lists_app, "edit", AT_WORK, somewhere(Permission.EDIT_MASTER))
def edit(office: Office, code: ListCode, *, name: Name) -> Answer:
    """A list is called otherwise; its code stays."""
    price_lists.rename(office, code, name)
    return Answer({"code": code, "name": name.strip()}, [f"{code} is called {name.strip()}."])


@command(lists_app, "history", LOOKING, history.MAY_SEE)
def list_history(office: Office, code: ListCode) -> Answer:
    """Who changed what it says and whom it is for, when, before and since."""
    return history.told(office, "price-list", code)


@command(lists_app, "archive", AT_WORK, somewhere(Permission.EDIT_MASTER))
def archive(office: Office, code: ListCode) -> Answer:
    """Put a list away: from now on it is for nobody."""
    price_lists.archive(office, code)
    return Answer({"code": code, "active": False}, [f"{code} is put away."])


@command(lists_app, "restore", AT_WORK, somewhere(Permission.EDIT_MASTER))
def restore(office: Office, code: ListCode) -> Answer:
    """Bring a list back, for whom it was."""
    price_lists.restore(office, code)
    return Answer({"code": code, "active": True}, [f"{code} is back."])


@command(lists_app, "import", AT_WORK, somewhere(Permission.EDIT_MASTER))
def import_list(office: Office, code: ListCode, file: File, *, since: From = "") -> Answer:
    """What a file says of products; a row without valid_from holds from --from on. All of it, or nothing.

    What the list says already stays; what the file does not name stays too.
    """
    money, zone = office.organisation.currency, _zone(office)
    otherwise = moment(since, zone)
    said = [
        Said(one.sku, one.price, one.from_quantity, moment(one.valid_from, zone) or otherwise)
        for one in read_prices(file, money)
    ]
    new = price_lists.put(office, code, said)
    return Answer(
        {"list": code, "rows": len(said), "changed": new}, [f"{counted(len(said), 'row')}, {new} new prices."]
    )


@command(lists_app, "export", LOOKING, needs(Permission.SEE_REPORTS))
def export_list(office: Office, code: ListCode, file: File) -> Answer:
    """What a list says, now and later, as a file that import reads as it is."""
    zone = _zone(office)
    rows = [
        PriceRow(one.sku, one.price, one.from_quantity, moment_text(one.from_us, zone))
        for one in price_lists.show(office, code).items
    ]
    written = write_prices(file, rows, office.organisation.currency)
    return Answer({"list": code, "rows": written}, [f"{written} rows in {file}."])


def _zone(office: Office) -> str:
    return office.organisation.time_zone


def _row(row: ListRow) -> dict[str, Any]:
    return {"code": row.code, "name": row.name, "contract": row.is_contract, "active": row.active}


def _marks(row: ListRow) -> str:
    return (", by contract" if row.is_contract else "") + ("" if row.active else ", archived")


def _scope(scope: ScopeRow) -> str:
    if scope.kind is ScopeKind.EVERYBODY:
        return "everybody"
    return f"{'customer' if scope.kind is ScopeKind.CUSTOMER else scope.kind.value} {scope.code}"
