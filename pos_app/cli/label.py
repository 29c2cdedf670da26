"""`bohari label`: labels for shelves and goods, read back before they count; and codes for what has none."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.needs import needs, somewhere
from pos_app.devices.errors import PrinterUnavailable, PrintUncertain
from pos_app.devices.paper import WidthChars
from pos_app.devices.printer import open_printer
from pos_app.files.whole_file import write_whole
from pos_app.ledger.errors import Refused, Unavailable
from pos_app.ledger.permission import Permission
from pos_app.office import label_goods, shelf_labels
from pos_app.office.label_goods import Asked
from pos_app.office.office import Office
from pos_app.reports.model.label import Label
from pos_app.reports.slips.label_slip import label_job

app: Final = noun()
label_app: Final = group(app, "label", "Labels for shelves, goods and cases.")

_MOST_COPIES: Final = 100
#: Millimetres of a roll, and its letters.
_ROLLS: Final[dict[int, WidthChars]] = {80: 42, 58: 32}


@dataclass(frozen=True)
class Goods:
    """Of which goods, and at whose prices."""

    words: Annotated[str, typer.Option(help="Only whose name or code holds these.")] = ""
    category: Annotated[str, typer.Option(help="Only of this category.")] = ""
    after: Annotated[str, typer.Option(metavar="SKU", help="Only what comes after this code.")] = ""
    depot: Annotated[str, typer.Option(metavar="CODE", help="At the prices of this depot.")] = ""
    price_list: Annotated[str, typer.Option(metavar="CODE", help="At the prices of this list.")] = ""
    at: Annotated[str, typer.Option(metavar="DAY", help="At the prices of this day: 2026-12-24.")] = ""
    packs: Annotated[bool, typer.Option("--packs", help="The cases of each product too.")] = False
    kind: Annotated[
        str, typer.Option(help="ean13, ean8, code128, gs1-128 or qr; else what suits the code.")
    ] = ""
    weight: Annotated[str, typer.Option(metavar="KG", help="GS1-128 of one product: its weight.")] = ""
    lot: Annotated[str, typer.Option(help="GS1-128 of one product: its lot.")] = ""

    def asked(self) -> Asked:
        """As the office takes it."""
        return Asked(
            self.words, self.category, self.price_list, self.after, self.depot, self.at, self.packs,
            self.kind, self.weight, self.lot,
        )  # fmt: skip


Copies = Annotated[int, typer.Option(help="So many of each.")]


@command(label_app, "print", LOOKING, needs(Permission.SEE_REPORTS, Permission.EDIT_MASTER))
def print_labels(
    office: Office,
    *,
    goods: Goods,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE.pdf", help="Sheets or a roll as a PDF.")
    ] = None,
    sheet: Annotated[
        str, typer.Option(help="a4 (the shop's rule), a4-3x8, roll-58x40: columns x rows, or millimetres.")
    ] = shelf_labels.OWN_SHEET,
    printer: Annotated[
        str, typer.Option(metavar="URL", help="Instead onto the roll of a receipt printer.")
    ] = "",
    roll: Annotated[int, typer.Option(help="How wide its roll is: 80 or 58 mm.")] = 80,
    copies: Copies = 1,
) -> Answer:
    """Print labels, each of them read back first: to a PDF, or on a receipt printer."""
    if not 1 <= copies <= _MOST_COPIES:
        raise Refused("labels-copies", text=str(copies))
    if (output is None) is not bool(printer):
        raise Refused("label-file-or-printer")
    if output is not None:
        write_whole(output, [shelf_labels.labels(office, goods.asked(), sheet, copies)])
        return Answer({"file": str(output)}, [f"Written to {output}; every label on it was read back."])
    if roll not in _ROLLS:
        raise Refused("label-roll-width")
    each = shelf_labels.several(office, goods.asked(), copies)
    _send(each, printer, _ROLLS[roll])
    return Answer({"printed": len(each)}, [f"{counted(len(each), 'label')} printed."])


def _send(labels: list[Label], printer: str, width: WidthChars) -> None:
    """One job a label, so that a roll that ends says how far it came.  Raises `Refused`, `Unavailable`."""
    made: dict[Label, bytes] = {}
    for one in labels:
        if one not in made:
            made[one] = label_job(one, width)
    device = open_printer(printer)
    try:
        for done, one in enumerate(labels):
            try:
                device.send(made[one])
            except (PrinterUnavailable, PrintUncertain) as error:
                raise Unavailable(
                    "label-roll-ended", done=done, all=len(labels), name=one.name[:60], why=error.sentence
                ) from error
    finally:
        device.close()


@command(label_app, "codes", AT_WORK, somewhere(Permission.EDIT_MASTER))
def give_codes(
    office: Office,
    *,
    words: Annotated[str, typer.Option(help="Only whose name or code holds these.")] = "",
    category: Annotated[str, typer.Option(help="Only of this category.")] = "",
) -> Answer:
    """Give what has no barcode one of the shop's own, with its check digit; none is ever given twice."""
    given = label_goods.give_codes(office, Asked(words, category))
    lines = [f"{one.sku:<16} {', '.join(one.barcodes)}" for one in given]
    values = {"products": [{"sku": one.sku, "barcodes": list(one.barcodes)} for one in given]}
    return Answer(values, [*lines, f"{counted(len(given), 'product')} got a barcode."])
