"""`bohari transfer stock`, `transfer receive`, `adjust`, `locations`, `reorder` and `value-stock`.

Goods: how they move, where they lie, when they run short and what they cost.
"""

from typing import Annotated, Final

import typer

from pos_app.cli import parsing
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer
from pos_app.cli.command import Code, Only, command, group, noun
from pos_app.cli.needs import open_to_all, somewhere
from pos_app.cli.options import Content, Details, Name, Number
from pos_app.cli.progress import progress
from pos_app.cli.recorded import recorded
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.ledger.quantity import parse_quantity, plain_quantity
from pos_app.ledger.stock import AdjustmentReason
from pos_app.office import stock
from pos_app.office.masters import reorder_levels
from pos_app.office.office import Office
from pos_app.office.stock import Quantity
from pos_app.office.written import WrittenLine
from pos_app.store.master import catalogue, locations
from pos_app.store.master.catalogue import Shop
from pos_app.store.stock.valuation import Valuation

app: Final = noun()
locations_app: Final = group(app, "locations", "Where stock lies.")
reorder_app: Final = group(app, "reorder", "What runs short.")

MovedOn = Annotated[Details, Only("on", "note")]


# --- goods that move -----------------------------------------------------------------------------------


def _quantities(content: Content) -> list[Quantity]:
    return content.read(("sku", "quantity"), 2, _quantity)


def _quantity(line: WrittenLine) -> Quantity:
    return Quantity(line.text("sku"), line.quantity())


@command(app, "stock", AT_WORK, somewhere(Permission.TRANSFER_STOCK))
def transfer_stock(
    office: Office,
    start: Annotated[str, typer.Argument(metavar="FROM", help="A place's code.")],
    end: Annotated[str, typer.Argument(metavar="TO", help="Another place's.")],
    *,
    content: Content,
    said: MovedOn,
) -> Answer:
    """Send goods to another place.  Lines: sku,quantity."""
    made = stock.send(office, start, end, _quantities(content), said.occasion())
    return recorded(made, "is on its way")


@command(app, "receive", AT_WORK, somewhere(Permission.TRANSFER_STOCK))
def receive_transfer(office: Office, number: Number, *, content: Content, said: MovedOn) -> Answer:
    """Goods of a transfer came: all that was on its way, or these lines: sku,quantity."""
    key = parsing.document_in(office, number)
    return recorded(stock.receive(office, key, _quantities(content), said.occasion()), "came")


@command(app, "adjust", AT_WORK, somewhere(Permission.ADJUST_STOCK))
def adjust(
    office: Office,
    place: Annotated[str, typer.Argument(metavar="PLACE", help="A place's code.")],
    reason: Annotated[str, typer.Argument(metavar="REASON", help="damage, loss, found, use or other.")],
    *,
    content: Content,
    said: MovedOn,
) -> Answer:
    """Correct the stock of a place.  Lines: sku,quantity (negative takes)."""
    reasons = tuple(one.value for one in AdjustmentReason)
    if reason not in reasons:
        raise Refused("money-reason-unknown", reason=reason[:20], reasons=", ".join(reasons))
    made = stock.adjust(office, place, AdjustmentReason(reason), _quantities(content), said.occasion())
    return recorded(made)


@command(app, "value-stock", AT_WORK, somewhere(Permission.VALUE_STOCK))
def value_stock(office: Office) -> Answer:
    """Value what moved since the last time, by moving average; the server does it by itself too."""
    with progress("Documents") as say:
        with office.read() as books:
            office.need(books.connection, Permission.VALUE_STOCK)
        done = Valuation(office.database, office.clock, office.org_id).run(lambda count: say(count, 0))
    return Answer(
        {"documents": done.documents, "valuations": done.valuations},
        [f"{done.documents} documents looked at, {done.valuations} valuations made."],
    )


# --- places and levels ---------------------------------------------------------------------------------


@command(locations_app, "list", LOOKING, open_to_all("The places of goods, without what lies there."))
def list_locations(office: Office) -> Answer:
    """Every place where stock lies."""
    with office.read() as books:
        found = locations.all_of(books.connection, books.org_id)
    rows = [{"code": one.code, "name": one.name, "kind": one.kind} for one in found]
    return Answer({"locations": rows}, [f"{one.code:<12} {one.kind:<10} {one.name}" for one in found])


@command(locations_app, "add", AT_WORK, somewhere(Permission.EDIT_MASTER))
def add_location(
    office: Office,
    code: Code,
    *,
    name: Name,
    kind: Annotated[str, typer.Option(help="depot, vehicle, customer, supplier, transit or scrap.")],
    depot: Annotated[str, typer.Option(metavar="CODE", help="The depot that it belongs to.")] = "",
) -> Answer:
    """A vehicle, a scrap heap, or another place."""
    key = stock.add_location(office, code, name, kind, depot=depot)
    return Answer({"location": key, "code": code.strip()}, [f"{name.strip()} is a place ({kind}) now."])


@command(reorder_app, "list", LOOKING, somewhere(Permission.SEE_REPORTS, Permission.PURCHASE))
def list_short(
    office: Office,
    *,
    at: Annotated[str, typer.Option("--at", metavar="CODE", help="Only at this place.")] = "",
) -> Answer:
    """What is at or below its reorder level, and how much to order."""
    found = reorder_levels.short(office, at)
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
                    "in_stock": plain_quantity(one.quantity),
                    "minimum": plain_quantity(one.minimum),
                    "order": plain_quantity(one.order),
                }
            )
    lines = [
        f"{one['location']:<12} {one['sku']:<16} {one['in_stock']:>10} of {one['minimum']:>8}"
        f"  order {one['order']}"
        for one in rows
    ]
    return Answer({"short": rows}, lines or ["Nothing runs short."])


@command(reorder_app, "set", AT_WORK, somewhere(Permission.EDIT_MASTER))
def set_reorder(
    office: Office,
    sku: Annotated[str, typer.Argument(metavar="SKU")],
    *,
    minimum: Annotated[str, typer.Option("--min", help="Order again at so many.")],
    target: Annotated[str, typer.Option("--target", help="Up to so many.")],
    at: Annotated[str, typer.Option("--at", metavar="CODE", help="The place; the depot of the centre.")] = "",
) -> Answer:
    """When a product is ordered again at a place."""
    place = reorder_levels.set_reorder_level(
        office, sku, at, _level(minimum, "The minimum"), _level(target, "The target")
    )
    return Answer({"sku": sku, "minimum": minimum, "target": target}, [f"{sku} is watched at {place}."])


def _level(text: str, what: str) -> int:
    return 0 if text.strip() == "0" else parse_quantity(text, what)
