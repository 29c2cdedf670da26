"""Shelf labels and price lists as PDF: what is drawn is read back by scanners' decoders."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest
import zxingcpp
from PIL import Image

from pos_app.devices.bars import best_kind
from pos_app.ledger.errors import Refused
from pos_app.office import label_goods
from pos_app.reports.draw.labels import labels_pdf
from pos_app.reports.model.label import SHEETS, Label
from tests.web.world import Browser, World

PDFTOPPM: Final = shutil.which("pdftoppm")


@pytest.fixture(scope="module")
def owner(world: World) -> Browser:
    """A browser of the owner."""
    return world.signed_in("OWNER")


def read_back(pdf: bytes, folder: Path, dots: int = 300) -> list[str]:
    """Every barcode of a PDF, as a printer of so many dots an inch would print it."""
    (folder / "labels.pdf").write_bytes(pdf)
    command = [
        str(PDFTOPPM),
        "-r",
        str(dots),
        "-gray",
        "-png",
        str(folder / "labels.pdf"),
        str(folder / "page"),
    ]
    subprocess.run(command, check=True, timeout=60)
    found = []
    for page in sorted(folder.glob("page*.png")):
        found += [one.text for one in zxingcpp.read_barcodes(Image.open(page))]
    return sorted(found)


@pytest.mark.skipif(PDFTOPPM is None, reason="poppler's pdftoppm is not installed")
@pytest.mark.parametrize("sheet", SHEETS)
def test_every_label_is_read_back(sheet: str, tmp_path: Path) -> None:
    codes = ["4006381333931", "2900000000018", "LPG-R13", "A-1", "0000000004530"]
    labels = [
        Label(f"Cylinder {code} of a long name", "KES 3,250.00", code, code, best_kind(code))
        for code in codes
    ]
    assert read_back(labels_pdf(labels, SHEETS[sheet], "Labels"), tmp_path) == sorted(codes)


def test_names_of_any_length_and_script_are_drawn() -> None:
    names = ("", "x" * 300, "煤气 13 kg", "غاز 13 كغ", "R&D <b>", "a " * 100)
    labels = [Label(name, "KES 1.00", "SKU / pc", "SKU-1") for name in names]
    assert labels_pdf(labels, SHEETS["a4-40"], "x") == labels_pdf(labels, SHEETS["a4-40"], "x")
    # What no scanner could read on so small a label is not printed at all.
    for unreadable in ("W" * 60, "ÄÖ"):
        with pytest.raises(Refused):
            labels_pdf([Label("Long", "KES 1.00", "x", unreadable)], SHEETS["roll-58"], "x")
    with pytest.raises(Refused):
        labels_pdf([], SHEETS["a4-24"], "x")


def test_a_person_prints_labels_and_a_price_list(owner: Browser, tmp_path: Path) -> None:
    owner.get("/price-lists/add")
    owner.send("/price-lists/add", code="WALL", name="On the wall", kind="all", whom="")
    owner.send("/price-lists/put", code="WALL", sku="SKU1", price="77.00", from_quantity="", since="")
    owner.get("/labels?words=SKU1&list=WALL")
    assert "77.00" in owner.text, owner.text
    page = owner.get("/labels/file?paper=labels&words=SKU&sheet=a4-24&copies=2")
    assert page.headers["content-type"] == "application/pdf"
    assert page.content.startswith(b"%PDF-")
    if PDFTOPPM is not None:
        scanned = read_back(page.content, tmp_path)
        assert len(scanned) >= 6
        assert len(scanned) == 2 * len(set(scanned))
    listed = owner.get("/labels/file?paper=list&list=WALL")
    assert listed.content.startswith(b"%PDF-")


def test_a_label_says_what_one_piece_costs(world: World, owner: Browser) -> None:
    owner.get("/price-lists/add")
    owner.send("/price-lists/add", code="STEPS", name="By so many", kind="all", whom="")
    for price, quantity in (("80.00", ""), ("66.00", "1"), ("55.00", "2"), ("44.00", "0.5")):
        owner.get("/price-lists/thing?code=STEPS")
        owner.send(
            "/price-lists/put", code="STEPS", sku="SKU1", price=price, from_quantity=quantity, since=""
        )
        assert owner.page.status_code == 200, owner.text
    owner.get("/labels?words=SKU1&list=STEPS")
    assert "66.00" in owner.text, owner.text
    assert "55.00" not in owner.text


def test_what_cannot_be_printed_is_told(world: World, owner: Browser) -> None:
    for query, code in (
        ("words=nothing+of+this+name", "labels-none"),
        ("paper=list&words=nothing+of+this+name", "labels-none"),
        ("sheet=a0", "labels-sheet-unknown"),
        ("copies=0", "labels-copies"),
        ("copies=many", "labels-copies"),
        ("copies=99999999999", "labels-copies"),
        ("list=NONE", "price-list-unknown"),
        ("depot=NOWHERE", "depot-unknown"),
        ("at=yesterday", "not-a-moment"),
        ("kind=runes", "label-kind-unknown"),
        ("words=SKU1&kind=ean8", "label-code-unfit"),
        ("words=SKU1&weight=1.5", "label-weight-needs-gs1"),
        ("lot=A", "label-weight-of-one"),
    ):
        sheet = "" if "sheet=" in query else "&sheet=a4-24"
        assert owner.get(f"/labels/file?{query}{sheet}").status_code in (404, 422), query
        assert owner.code == code, (query, owner.text)
    assert world.signed_in("CASH").get("/labels").status_code == 403


def test_a_long_catalogue_is_printed_in_parts(owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_goods, "MOST", 2)
    owner.get("/labels?words=SKU")
    assert owner.page.status_code == 200, owner.text
    assert "this part begins with SKU1" in owner.text
    lead = re.search(r'href="/office(/labels[^"]*after=SKU2[^"]*)"', owner.page.text)
    assert lead, owner.text
    owner.get(lead[1].replace("&amp;", "&"))
    assert "this part begins with SKU3" in owner.text
    assert owner.get("/labels/file?paper=list&words=SKU&after=SKU2").content.startswith(b"%PDF-")


def test_a_person_gives_codes_and_prints_what_a_depot_charges_from_tomorrow_on(
    world: World, owner: Browser, tmp_path: Path
) -> None:
    owner.get("/products/add")
    owner.send("/products/add", code="BARE-1", name="No code yet", price="10.00", type="goods")
    assert owner.page.status_code == 200, owner.text
    owner.get("/labels?words=BARE")
    assert "has no barcode" in owner.text, owner.text
    owner.send("/labels/codes", words="BARE")
    assert "barcodes of the shop's own from now on" in owner.text, owner.text
    given = re.search(r"\b29\d{11}\b", owner.text)
    assert given, owner.text
    # Pressed again there is nothing left to give.
    assert "has no barcode" not in owner.get("/labels?words=BARE").text
    owner.get("/price-lists/add")
    owner.send("/price-lists/add", code="SOON", name="From tomorrow", kind="all", whom="")
    owner.get("/price-lists/thing?code=SOON")
    owner.send(
        "/price-lists/put", code="SOON", sku="BARE-1", price="12.50", from_quantity="", since="2026-12-24"
    )
    owner.get("/labels?words=BARE-1")
    assert "10.00" in owner.text
    owner.get("/labels?words=BARE-1&at=2026-12-25")
    assert "12.50" in owner.text, owner.text
    assert "hold from 2026-12-25" in owner.text, owner.text
    page = owner.get("/labels/file?words=BARE-1&at=2026-12-25&sheet=a4&copies=3")
    assert page.headers["content-type"] == "application/pdf", owner.text
    if PDFTOPPM is not None:
        assert read_back(page.content, tmp_path) == [given[0]] * 3
    page = owner.get("/labels/file?words=BARE-1&kind=gs1-128&weight=1.25&sheet=a4-2x8")
    if PDFTOPPM is not None:
        for old in tmp_path.glob("page*"):
            old.unlink()
        assert read_back(page.content, tmp_path) == [f"(01)0{given[0]}(3103)001250"]


def test_a_code_that_was_taken_off_is_never_given_again(world: World, owner: Browser) -> None:
    owner.get("/products/add")
    owner.send("/products/add", code="TWICE", name="Twice", price="10.00", type="goods")
    owner.get("/labels?words=TWICE")
    owner.send("/labels/codes", words="TWICE")
    first = re.search(r"\b29\d{11}\b", owner.text)
    assert first, owner.text
    owner.get("/products/edit?code=TWICE")
    seen = owner.value("seen")
    owner.send("/products/edit", code="TWICE", seen=seen, name="Twice", price="10.00", barcode="-")
    owner.get("/labels?words=TWICE")
    owner.send("/labels/codes", words="TWICE")
    second = re.search(r"\b29\d{11}\b", owner.text)
    assert second, owner.text
    assert second[0] != first[0]
