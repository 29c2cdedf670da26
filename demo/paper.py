"""Every receipt of a till as PNG, PDF and ESC/POS bytes, named by its printed number."""

from pathlib import Path

from pos_app import bootstrap
from pos_app.devices.escpos_layout import to_escpos, to_pdf, to_png
from pos_app.store.journal import print_jobs


def write_receipts(home: Path, folder: Path) -> int:
    """Write the receipts of all print jobs; gives how many."""
    folder.mkdir(parents=True, exist_ok=True)
    till = bootstrap.open_till(home)
    try:
        with till.database.read() as connection:
            jobs = [job for job in print_jobs.everything(connection) if job.what == "receipt"]
        for job in jobs:
            paper = till.paper_of(job)
            number = till.printed(till.receipts.document(job.document_id or 0))
            name = f"{number}-copy{job.copy_no}" if job.copy_no else number
            (folder / f"{name}.png").write_bytes(to_png(paper, margin_dots=24))
            (folder / f"{name}.pdf").write_bytes(to_pdf(paper, number))
            (folder / f"{name}.bin").write_bytes(to_escpos(paper))
    finally:
        till.close()
    return len(jobs)
