"""`bohari pack`: products that are sold and bought by the case; many at once by `bohari import products`."""

from dataclasses import asdict, dataclass
from typing import Annotated, Final

import typer

from pos_app.cli import history
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.needs import needs, somewhere
from pos_app.files.identifiers import BETWEEN_BARCODES
from pos_app.ledger.permission import Permission
from pos_app.office.masters import packs
from pos_app.office.masters.history import as_seen
from pos_app.office.masters.packs import Said, Shown
from pos_app.office.office import Office

app: Final = noun()
pack_app: Final = group(app, "pack", "Packs of products: a case of twelve, its price and its barcodes.")

Sku = Annotated[str, typer.Argument(metavar="SKU", help="The product's code.")]
Unit = Annotated[str, typer.Argument(metavar="UNIT", help="The unit of the pack: cs, carton.")]


@dataclass(frozen=True)
class PackDetails:
    """What is said of a pack; what is not said stays, an empty text takes away."""

    pieces: Annotated[
        str | None, typer.Option(help="How many of the product's unit are one: 12, or 2.5 of kilograms.")
    ] = None
    price: Annotated[
        str | None, typer.Option(help="Of the whole pack: 250.00; empty: as many times the product's.")
    ] = None
    barcode: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="A barcode of the pack; again for more; empty: none."),
    ] = None
    more_barcode: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="One more barcode beside those that it has.")
    ] = None
    less_barcode: Annotated[
        list[str] | None, typer.Option(metavar="CODE", help="A barcode that is on the pack no more.")
    ] = None

    def said(self) -> Said:
        """As the office takes it."""
        barcode = None if self.barcode is None else BETWEEN_BARCODES.join(self.barcode)
        return Said(
            self.pieces, self.price, barcode, tuple(self.more_barcode or ()), tuple(self.less_barcode or ())
        )


@command(pack_app, "list", LOOKING, needs(Permission.SEE_REPORTS))
def list_packs(
    office: Office,
    *,
    words: Annotated[str, typer.Option(help="Only of products whose name or code holds these.")] = "",
) -> Answer:
    """The packs of all products, by the products' codes."""
    found = packs.listed(office, words)
    lines = [f"{one.sku:<16} {one.name:<34} {_words(one)}" for one in found]
    return Answer({"packs": [asdict(one) for one in found]}, [*lines, f"{counted(len(found), 'pack')}."])


@command(pack_app, "show", LOOKING, needs(Permission.SEE_REPORTS))
def show_packs(office: Office, sku: Sku) -> Answer:
    """How one product is packed, the smallest pack first."""
    found = packs.of_product(office, sku)
    lines = [_words(one) for one in found]
    return Answer({"packs": [asdict(one) for one in found]}, [*lines, f"{counted(len(found), 'pack')}."])


@command(pack_app, "add", AT_WORK, somewhere(Permission.EDIT_MASTER))
def add_pack(office: Office, sku: Sku, unit: Unit, *, details: PackDetails) -> Answer:
    """Pack a product in one more unit: --pieces 12 of it are one case."""
    made = packs.add(office, sku, unit, details.said())
    return Answer(asdict(made), [f"{made.name}: {_words(made)}; tills sell it as soon as they have synced."])


@command(pack_app, "edit", AT_WORK, somewhere(Permission.EDIT_MASTER))
def edit_pack(
    office: Office, sku: Sku, unit: Unit, *, seen: history.Seen = None, details: PackDetails
) -> Answer:
    """What is said of a pack from now on; the rest stays."""
    with as_seen(office, "product", sku, seen):
        made = packs.edit(office, sku, unit, details.said())
    return Answer(asdict(made), [f"{made.name}: {_words(made)}; tills know it as soon as they have synced."])


@command(pack_app, "archive", AT_WORK, somewhere(Permission.EDIT_MASTER))
def archive_pack(office: Office, sku: Sku, unit: Unit) -> Answer:
    """Sell it so no more; what was recorded stays, and adding it again brings it back."""
    packs.archive(office, sku, unit)
    said = f"{sku} is sold by the {unit} no more, as soon as tills have synced."
    return Answer({"sku": sku, "unit": unit}, [said])


def _words(pack: Shown) -> str:
    price = f" at {pack.price}" if pack.price else ""
    codes = pack.barcode.split(BETWEEN_BARCODES) if pack.barcode else []
    barcodes = f", {'barcode' if len(codes) == 1 else 'barcodes'} {', '.join(codes)}" if codes else ""
    return f"1 {pack.pack} is {pack.pieces} {pack.unit}{price}{barcodes}"
