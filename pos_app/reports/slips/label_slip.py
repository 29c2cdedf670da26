"""One label on the roll of the receipt printer, cut off behind itself."""

from pos_app.devices.errors import InvalidBarcode
from pos_app.devices.escpos_layout import Mode, to_escpos
from pos_app.devices.paper import Barcode, Cut, Paper, Text, WidthChars
from pos_app.devices.preview import picture
from pos_app.devices.reading_back import is_read
from pos_app.ledger.errors import Refused
from pos_app.reports.model.label import Label


def label_paper(label: Label, width: WidthChars = 42) -> Paper:
    """What stands on it."""
    return Paper(
        width,
        (
            Text(label.name, "centre", bold=True),
            Text(label.price, "centre", bold=True, size=2),
            *([Text(label.below, "centre")] if label.below else []),
            Barcode(label.barcode, label.kind),
            Cut(),
        ),
    )


def label_job(label: Label, width: WidthChars = 42, mode: Mode = "raster") -> bytes:
    """What the printer is sent, once a reader read the barcode out of it.

    Raises `Refused` where none does: the roll is too narrow for the code, or no bars can say it.
    """
    job = to_escpos(label_paper(label, width), mode)
    try:
        good = is_read(picture(job, width), label.barcode, label.kind)
    except InvalidBarcode as error:
        raise Refused("label-code-unfit", name=label.name[:60], why=error.sentence) from error
    if not good:
        raise Refused("label-too-narrow", name=label.name[:60], barcode=label.barcode[:60])
    return job
