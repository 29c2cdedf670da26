"""A receipt shows the beginning of its document's hash and signature, to read and in its QR."""

from pathlib import Path

from sqlalchemy import text

from pos_app.devices.escpos_layout import to_escpos
from pos_app.devices.paper import Barcode, Text
from pos_app.devices.pdf import to_pdf
from pos_app.devices.picture import to_png
from pos_app.store.journal import print_jobs
from pos_app.till.paper.paperwork import paper_of
from tests.support.worlds.till_fixture import CASHIER, Shop


def test_the_proof_is_on_the_paper_in_every_form(tmp_path: Path) -> None:
    shop = Shop.make(tmp_path)
    shop.be(CASHIER)
    shop.open_drawer()
    sold = shop.sell("SOAP")
    with shop.database.read() as connection:
        row = connection.execute(
            text("SELECT hash, signature FROM document WHERE document_id = :key"), {"key": sold.document_id}
        ).one()
        job = next(one for one in print_jobs.everything(connection) if one.document_id == sold.document_id)
    proof = f"{bytes(row.hash).hex()[:16]}-{bytes(row.signature).hex()[:16]}"
    paper = paper_of(shop.till._context, job)
    said = [block.text for block in paper.blocks if isinstance(block, Text) and proof in block.text]
    codes = [block.text for block in paper.blocks if isinstance(block, Barcode) and block.kind == "qr"]
    assert len(said) == 1
    assert [code.endswith(proof) for code in codes] == [True]
    assert proof.encode() in to_escpos(paper, "text")
    assert all((to_escpos(paper, "raster"), to_pdf(paper), to_png(paper)))
    shop.database.close()
