"""`bohari product`: what the shop sells, one product at a time; many at once by `bohari import products`."""

import itertools
from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer

from pos_app.cli import history
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.needs import needs, somewhere
from pos_app.files.identifiers import BETWEEN_BARCODES
from pos_app.files.sheet import yes
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.ledger.quantity import plain_quantity, quantity_text
from pos_app.office.masters import products
from pos_app.office.masters.history import as_seen, revision
from pos_app.office.masters.products import Said, Shown
from pos_app.office.office import Office
from pos_app.store.master.product_list import Wanted
from pos_app.store.stock.stock_levels import Lies

app: Final = noun()
product_app: Final = group(app, "product", "What the shop sells.")

Sku = Annotated[str, typer.Argument(metavar="SKU", help="The product's code.")]
#: So many are shown at once.
_MOST: Final = 1_000
#: How what a new product lacks is said.
_NEEDED: Final = {"name": "--name", "price": "--price 420.00", "business": "--business CODE"}


@dataclass(frozen=True)
class ProductDetails:
    """What is said of a product; what is not said stays, an empty text takes away."""

    name: Annotated[str | None, typer.Option(help="What it is called.")] = None
    price: Annotated[str | None, typer.Option(help="Of one, in major units: 420.00.")] = None
    tax: Annotated[str | None, typer.Option(metavar="CODE", help="Its tax code.")] = None
    category: Annotated[str | None, typer.Option(help="Where it stands on the till's shelf.")] = None
    unit: Annotated[str | None, typer.Option(help="What it is counted in: pc, kg, l.")] = None
    business: Annotated[str | None, typer.Option(metavar="CODE", help="Whose it is.")] = None
    type: Annotated[
        str | None,
        typer.Option(help="goods, service, returnable, metered, weighed, laundry, deposit or voucher."),
    ] = None
    stocked: Annotated[
        bool | None, typer.Option("--stocked/--no-stock", help="Metered goods: out of a tank of ours or not.")
    ] = None
    empty: Annotated[
        str | None, typer.Option(metavar="SKU", help="Returnable: what its empty container is kept under.")
    ] = None
    deposit: Annotated[str | None, typer.Option(metavar="SKU", help="Returnable: the deposit on it.")] = None
    barcode: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="All barcodes that it has; again for each.")
    ] = None
    more_barcode: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="One more barcode beside those that it has.")
    ] = None
    make_barcode: Annotated[
        bool, typer.Option("--make-barcode", help="One of the shop's own, for labels: 29… with check digit.")
    ] = False
    supplier: Annotated[str | None, typer.Option(metavar="CODE", help="Of whom it is bought.")] = None
    cost: Annotated[str | None, typer.Option(help="What one costs there.")] = None
    reorder: Annotated[
        list[str] | None,
        typer.Option(metavar="PLACE=LEAST:TARGET", help="When to order again, up to how much; again."),
    ] = None
    picture: Annotated[
        str | None, typer.Option(metavar="FILE", help="What stands on its tile: a PNG or JPEG; empty: none.")
    ] = None
    on_shelf: Annotated[
        bool | None, typer.Option("--on-shelf/--off-shelf", help="On the first page of the till's shelf.")
    ] = None
    shelf_place: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Where on that page: 1 is first; empty: by name.")
    ] = None

    def said(self) -> Said:
        """As the office takes it.  Raises `Refused` for a level that is none."""
        told = {
            "name": self.name,
            "price": self.price,
            "tax_code": self.tax,
            "category": self.category,
            "unit": self.unit,
            "business": self.business,
            "barcode": None if self.barcode is None else BETWEEN_BARCODES.join(self.barcode),
            "supplier": self.supplier,
            "cost": self.cost,
            "on_shelf": None if self.on_shelf is None else yes(int(self.on_shelf)),
            "shelf_place": self.shelf_place,
            "type": self.type,
            "stocked": None if self.stocked is None else yes(int(self.stocked)),
            "empty": self.empty,
            "deposit": self.deposit,
            "picture": self.picture,
        }
        cells = {name: cell for name, cell in told.items() if cell is not None}
        levels = tuple(_level(text) for text in self.reorder or ())
        return Said(cells, tuple(self.more_barcode or ()), self.make_barcode, levels)


def _level(text: str) -> tuple[str, str, str]:
    place, equals, levels = text.partition("=")
    least, colon, target = levels.partition(":")
    if not (place and equals and least and colon and target):
        raise Refused("reorder-unreadable", text=text[:40])
    return place.strip(), least, target


@command(product_app, "list", LOOKING, needs(Permission.SEE_REPORTS))
def list_products(
    office: Office,
    *,
    words: Annotated[str, typer.Option(help="Only whose name or code holds these.")] = "",
    category: Annotated[str | None, typer.Option(help="Only of this category.")] = None,
    archived: Annotated[bool, typer.Option("--archived", help="Those that are archived.")] = False,
) -> Answer:
    """The products by code, the first thousand."""
    found = list(
        itertools.islice(products.listed(office, Wanted(words, category, archived=archived)), _MOST + 1)
    )
    more = len(found) > _MOST
    del found[_MOST:]
    lines = [
        f"{one['sku']:<16} {one['name']:<34} {one['price']:>12}  {one['tax_code']:<8} {one['category']}"
        for one in found
    ]
    lines.append(
        f"{counted(len(found), 'product')}." if not more else f"The first {_MOST} products; say --words."
    )
    return Answer({"products": found, "more": more}, lines)


@command(product_app, "show", LOOKING, needs(Permission.SEE_REPORTS))
def show_product(office: Office, sku: Sku) -> Answer:
    """All that is said of one, and what lies of it."""
    found = products.show(office, sku)
    lines = [f"{name:<12} {cell}" for name, cell in found.cells.items() if cell]
    lines += [f"{'picture':<12} yes"] if found.has_picture else []
    lines += [f"{'lies':<12} {quantity_text(one.quantity)} at {_place(one)}" for one in found.lies]
    last = revision(office, "product", found.product.sku)
    return Answer({**_values(found), "revision": last}, [*lines, f"{'revision':<12} {last}"])


def _values(shown: Shown) -> dict[str, Any]:
    lies = [{"place": one.place, "quantity": plain_quantity(one.quantity)} for one in shown.lies]
    return {
        **shown.cells,
        "barcodes": list(shown.product.barcodes),
        "stock": lies,
        "picture": shown.has_picture,
    }


def _place(lies: Lies) -> str:
    return lies.place or "a party"


@command(product_app, "history", LOOKING, history.MAY_SEE)
def product_history(office: Office, sku: Sku) -> Answer:
    """Who changed it, when, what it said before and says since."""
    return history.told(office, "product", sku)


@command(product_app, "add", AT_WORK, somewhere(Permission.EDIT_MASTER))
def add_product(office: Office, sku: Sku, *, details: ProductDetails) -> Answer:
    """One more product; a name and a price it needs."""
    try:
        made = products.add(office, sku, details.said())
    except Refused as error:
        column = str(error.said.facts.get("column", ""))
        if error.said.code != "product-new-lacks" or column not in _NEEDED:
            raise
        raise Refused("product-add-needs", sku=sku[:40], option=_NEEDED[column]) from error
    values = {"product": made.product_id, "sku": made.sku, "barcodes": list(made.barcodes)}
    barcodes = f", barcode {', '.join(made.barcodes)}" if made.barcodes else ""
    return Answer(
        values, [f"{made.name} is {made.sku}{barcodes}; tills sell it as soon as they have synced."]
    )


@command(product_app, "edit", AT_WORK, somewhere(Permission.EDIT_MASTER))
def edit_product(office: Office, sku: Sku, *, seen: history.Seen = None, details: ProductDetails) -> Answer:
    """What is said of a product from now on; the rest stays."""
    with as_seen(office, "product", sku, seen):
        made = products.edit(office, sku, details.said())
    values = {"product": made.product_id, "sku": made.sku, "barcodes": list(made.barcodes)}
    return Answer(values, [f"{made.sku} is changed; tills know it as soon as they have synced."])


@command(product_app, "archive", AT_WORK, somewhere(Permission.EDIT_MASTER))
def archive_product(office: Office, sku: Sku) -> Answer:
    """Sell it no more; what was recorded with it stays, and it can be brought back."""
    lies = products.archive(office, sku)
    lines = [f"{sku} is archived; tills sell it no more as soon as they have synced."]
    lines += [f"{quantity_text(one.quantity)} of it still lie at {_place(one)}." for one in lies]
    stock = [{"place": one.place, "quantity": plain_quantity(one.quantity)} for one in lies]
    return Answer({"sku": sku, "stock": stock}, lines)


@command(product_app, "restore", AT_WORK, somewhere(Permission.EDIT_MASTER))
def restore_product(office: Office, sku: Sku) -> Answer:
    """Sell an archived product again."""
    made = products.restore(office, sku)
    return Answer({"sku": made.sku}, [f"{made.name} ({made.sku}) is sold again."])
