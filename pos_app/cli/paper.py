"""`bohari paper`: any document of the books as a PDF."""

from typing import Annotated, Final

import typer

from pos_app.cli import parsing
from pos_app.cli.acting import LOOKING
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, noun
from pos_app.cli.needs import somewhere
from pos_app.cli.options import Number, Output
from pos_app.files.whole_file import write_whole
from pos_app.ledger.permission import Permission
from pos_app.office import papers
from pos_app.office.office import Office
from pos_app.reports.slips import any_pdf, e_invoice

app: Final = noun()


@command(app, "paper", LOOKING, somewhere(Permission.SEE_REPORTS, Permission.INVOICE))
def paper(
    office: Office,
    number: Number,
    output: Output,
    *,
    delivery_note: Annotated[bool, typer.Option(help="The goods of an invoice, without prices.")] = False,
    peppol: Annotated[
        bool, typer.Option("--peppol", help="As an e-invoice: XML for InvoiceNow (PINT-SG), else EN 16931.")
    ] = False,
    buyer_uen: Annotated[
        str, typer.Option(metavar="UEN", help="For --peppol: the buyer's, where their tax number is none.")
    ] = "",
) -> Answer:
    """A document as a PDF: invoices, orders, transfers and what came on A4, all else as its slip."""
    with office.read() as books:
        key = parsing.document(books, number)
        if peppol:
            xml = e_invoice.of_key(books.connection, books.org_id, key, buyer_uen)
            write_whole(output, [xml])
            return Answer({"file": str(output), "document": key}, [f"Written to {output}."])
        copy_no = 0 if delivery_note else papers.copy_number(office, key)
        drawn = any_pdf.of_key(books.connection, books.org_id, key, copy_no, delivery_note=delivery_note)
    write_whole(output, [drawn])
    if not delivery_note:
        papers.note_drawn(office, key, copy_no)
    said = f"Written to {output}." if not copy_no else f"Written to {output}, as copy {copy_no}."
    return Answer({"file": str(output), "document": key, "copy": copy_no}, [said])
