"""`bohari pack`: goods by the case, as a person at the office keeps them, in commands and in files."""

import csv
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from pos_app import bootstrap
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]

CASE, OTHER = "16001234567896", "26001234567893"
GTIN = "4006381333931"


def packs(line: Line, sku: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = line.ok("pack", "show", sku, by="")["packs"]
    return found


@pytest.fixture
def soda(line: Line, tmp_path: Path) -> Line:
    """Soda as it is at first, whatever a test before made of it: by the piece and by the case of twelve."""
    file = tmp_path / "at-first.csv"
    file.write_text(
        "sku,name,price,business,unit,active,barcode,packs\n"
        f"SODA,Thing SODA,25,MAIN,pc,yes,{GTIN},\nBREAD,Thing BREAD,25,MAIN,pc,yes,,\n"
    )
    line.ok("import", "products", file)
    file.write_text("sku,packs\nGAS,\n")
    line.ok("import", "products", file)
    line.ok("pack", "add", "soda", "case", "--pieces", "12", "--price", "250", "--barcode", CASE)
    return line


def test_a_pack_is_added_shown_changed_and_archived(soda: Line) -> None:
    case = {
        "sku": "SODA", "name": "Thing SODA", "pack": "cs", "code": "CS", "pieces": "12", "unit": "pc",
        "price": "250.00", "barcode": CASE,
    }  # fmt: skip
    assert packs(soda, "SODA") == [case]
    soda.ok("pack", "add", "SODA", "dz", "--pieces", "12")
    soda.ok("pack", "edit", "SODA", "cs", "--pieces", "24", "--price", "480")
    dozen = {**case, "pack": "dz", "code": "DZN", "price": "", "barcode": ""}
    assert packs(soda, "SODA") == [dozen, {**case, "pieces": "24", "price": "480.00"}]
    assert soda.ok("pack", "list", by="")["packs"] == packs(soda, "SODA")
    soda.ok("pack", "edit", "SODA", "cs", "--price", "", "--barcode", "")
    assert packs(soda, "SODA")[1] == {**case, "pieces": "24", "price": "", "barcode": ""}
    # What is changed of the product leaves its packs alone.
    soda.ok("product", "edit", "SODA", "--price", "26")
    assert [one["pack"] for one in packs(soda, "SODA")] == ["dz", "cs"]
    soda.ok("pack", "archive", "SODA", "cs")
    assert packs(soda, "SODA") == [dozen]
    soda.ok("pack", "add", "SODA", "cs", "--pieces", "6")
    told = soda.ok("product", "history", "SODA", by="")["history"]
    mine = [one for one in told if one["subject"].startswith("product_pack ")]
    assert {one["person"] for one in mine} == {"Acc"}
    assert {"product_pack.changed", "product_pack.added"} <= {one["action"] for one in mine}, mine


_CANNOT_BE: Final = (
    (["add", "SODA", "cs", "--pieces", "12"], "packed by cs already"),
    (["add", "SODA", "carton"], "How many are in one carton"),
    (["add", "SODA", "pc", "--pieces", "12"], "is counted in pc itself"),
    (["add", "SODA", "dz", "--pieces", "10"], "One dz is 12 pc"),
    (["add", "SODA", "ells", "--pieces", "12"], "“ells”"),
    (["add", "SODA", "carton", "--pieces", "0"], "is zero"),
    (["add", "SODA", "carton", "--pieces", "1"], "another number than 1"),
    (["add", "SODA", "carton", "--pieces", "-12"], "cannot be right"),
    (["add", "SODA", "carton", "--pieces", "99999999999"], "cannot be right"),
    (["add", "SODA", "carton", "--pieces", "5001"], "at most 5,000"),
    (["add", "SODA", "carton", "--pieces", "2.5"], "decimals"),
    (["add", "SODA", "carton", "--pieces", "a dozen"], "is not a number"),
    (["add", "SODA", "carton", "--pieces", "24", "--price", "0"], "cannot be right"),
    (["add", "SODA", "carton", "--pieces", "24", "--price", "-3"], "cannot be right"),
    (["add", "SODA", "carton", "--pieces", "24", "--price", "9" * 30], "is not a number"),
    (["add", "SODA", "carton", "--pieces", "24", "--barcode", CASE], "on a pack (CS) of “SODA”"),
    (["add", "SODA", "carton", "--pieces", "24", "--barcode", GTIN], "on the product “SODA”"),
    (["add", "SODA", "carton", "--pieces", "24", "--barcode", "16001234567899"], "should end in 6"),
    (["add", "SODA", "carton", "--pieces", "24", "--barcode", f"{OTHER}|{GTIN}"], "on the product “SODA”"),
    (["add", "SODA", "carton", "--pieces", "24", "--barcode", "BOX:1"], "has a colon in it"),
    (["edit", "SODA", "cs", *(word for one in range(21) for word in ("--more-barcode", f"BOX-{one}"))],
     "more than 20 barcodes"),
    (["edit", "SODA", "cs", "--less-barcode", OTHER], "is not on the pack cs"),
    (["add", "GAS", "carton", "--pieces", "24", "--barcode", CASE], "on a pack (CS) of “SODA”"),
    (["add", "NIX", "cs", "--pieces", "12"], "There is no product “NIX”"),
    (["edit", "SODA", "carton", "--pieces", "12"], "not packed by “carton”"),
    (["archive", "SODA", "carton"], "not packed by “carton”"),
)  # fmt: skip


def test_what_cannot_be_a_pack_is_a_sentence(soda: Line) -> None:
    before = packs(soda, "SODA")
    for words, sentence in _CANNOT_BE:
        assert sentence in soda.refused("pack", *words), words
    assert packs(soda, "SODA") == before


def test_what_is_packed_stays_what_it_is(soda: Line) -> None:
    assert "on a pack (CS) of “SODA”" in soda.refused("product", "edit", "BREAD", "--barcode", CASE)
    assert "only what lies on a shelf" in soda.refused("product", "edit", "SODA", "--type", "service")
    assert "is packed by the pc" in soda.refused("product", "edit", "SODA", "--unit", "kg")
    assert "cs" in soda.refused("unit", "archive", "cs")
    soda.ok("product", "archive", "SODA")
    assert "bring it back first" in soda.refused("pack", "add", "SODA", "carton", "--pieces", "24")
    # A barcode that is free again is anybody's.
    soda.ok("product", "restore", "SODA")
    soda.ok("pack", "edit", "SODA", "cs", "--barcode", "")
    soda.ok("product", "edit", "BREAD", "--barcode", CASE)
    assert "on the product “BREAD”" in soda.refused("pack", "edit", "SODA", "cs", "--barcode", CASE)


def test_packs_go_out_and_come_back_in_a_file(soda: Line, tmp_path: Path) -> None:
    soda.ok("pack", "add", "SODA", "dz", "--pieces", "12")
    soda.ok("pack", "add", "BREAD", "crate", "--pieces", "20", "--price", "480", "--barcode", OTHER)
    before = soda.ok("pack", "list", by="")["packs"]
    for name in ("products.csv", "products.xlsx"):
        file = tmp_path / name
        soda.ok("export", "products", file, by="")
        again = soda.ok("import", "products", file)
        assert (again["unchanged"], again["refused"]) == (again["imported"], 0), again
    with (tmp_path / "products.csv").open(newline="", encoding="utf-8-sig") as opened:
        cells = {row["sku"]: row["packs"] for row in csv.DictReader(opened)}
    assert cells["SODA"] == f"cs=12:250.00:{CASE}|dz=12"
    assert cells["BREAD"] == f"crate=20:480.00:{OTHER}"
    # Two that swap their barcodes in one file do; a file that does not speak of packs leaves them alone.
    file = tmp_path / "swap.csv"
    file.write_text(f"sku,packs\nSODA,cs=12:250.00:{OTHER}\nBREAD,crate=20:480.00:{CASE}\n")
    soda.ok("import", "products", file)
    assert [one["barcode"] for one in soda.ok("pack", "list", by="")["packs"]] == [CASE, OTHER]
    file.write_text("sku,price\nSODA,27\n")
    soda.ok("import", "products", file)
    assert len(packs(soda, "SODA")) == 1
    assert before != soda.ok("pack", "list", by="")["packs"]


def test_a_pack_has_every_barcode_that_is_printed_on_it(soda: Line, tmp_path: Path) -> None:
    """The maker's, the importer's, one of our own; each is on one thing, and goes where it is wanted."""
    edit = ("pack", "edit", "SODA", "cs")
    assert (
        soda.ok(*edit, "--more-barcode", OTHER, "--more-barcode", "BOX-A")["barcode"]
        == f"{CASE}|{OTHER}|BOX-A"
    )
    # Said again it is one, and what is said of the rest leaves them alone.
    soda.ok(*edit, "--more-barcode", OTHER, "--price", "240")
    assert packs(soda, "SODA")[0]["barcode"] == f"{CASE}|{OTHER}|BOX-A"
    assert "on a pack (CS) of “SODA”" in soda.refused("product", "edit", "BREAD", "--barcode", OTHER)
    assert "on a pack (CS) of “SODA”" in soda.refused(
        "pack", "add", "BREAD", "crate", "--pieces", "20", "--barcode", "BOX-A"
    )
    for name in ("products.csv", "products.xlsx"):
        soda.ok("export", "products", tmp_path / name, by="")
        again = soda.ok("import", "products", tmp_path / name)
        assert (again["unchanged"], again["refused"]) == (again["imported"], 0), again
    with (tmp_path / "products.csv").open(newline="", encoding="utf-8-sig") as opened:
        cells = {row["sku"]: row["packs"] for row in csv.DictReader(opened)}
    assert cells["SODA"] == f"cs=12:240.00:{CASE}:{OTHER}:BOX-A"
    # One file takes one of the case's for bread, and the bread's for the case.
    soda.ok("product", "edit", "BREAD", "--barcode", "BUN-1")
    file = tmp_path / "about.csv"
    file.write_text(f"sku,barcode,packs\nSODA,{GTIN},cs=12:240.00:{CASE}:BUN-1\nBREAD,{OTHER},\n")
    ran = soda.ok("import", "products", file)
    assert (ran["imported"], ran["refused"]) == (2, 0), ran
    assert packs(soda, "SODA")[0]["barcode"] == f"{CASE}|BUN-1"
    assert soda.ok(*edit, "--less-barcode", "BUN-1")["barcode"] == CASE
    told = soda.ok("product", "history", "SODA", by="")["history"]
    assert any(one["subject"] == "pack_barcode BUN-1" for one in told), told
    # Archived, its barcodes are free.
    soda.ok("pack", "archive", "SODA", "cs")
    soda.ok("product", "edit", "BREAD", "--barcode", CASE)


def test_the_database_keeps_a_barcode_on_one_thing(soda: Line) -> None:
    """Whoever writes the row, and whichever of the two is first."""
    say = {
        "product_barcode": "INSERT INTO product_barcode (org_id, barcode, product_id)"
        " SELECT org_id, :code, product_id FROM product WHERE sku = 'BREAD'"
        " ON CONFLICT (org_id, barcode) DO UPDATE SET product_id = excluded.product_id",
        "pack_barcode": "INSERT INTO pack_barcode (org_id, barcode, product_id, unit_code)"
        " SELECT org_id, :code, product_id, 'CS' FROM product WHERE sku = 'BREAD'",
    }
    with bootstrap.central(soda.home) as centre:
        for table, code in (("product_barcode", CASE), ("pack_barcode", GTIN)):
            with (
                pytest.raises(IntegrityError, match="on a product and on a pack"),
                centre.database.write() as connection,
            ):
                connection.execute(text(say[table]), {"code": code})


_NO_PACKS: Final = (
    "cs", "cs=", "=12", "cs=12::x|cs=24", "12", "cs:12", "😀=12", "cs=1e9", "|".join(["cs=12"] * 30),
    "cs=12:1:4006381333932",
)  # fmt: skip


def test_a_cell_that_is_no_pack_refuses_its_row_alone(soda: Line, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    for size, cell in enumerate(_NO_PACKS, 2):
        with file.open("w", newline="") as opened:
            csv.writer(opened).writerows([["sku", "packs"], ["SODA", cell], ["GAS", f"cs={size}"]])
        ran = soda.ok("import", "products", file)
        assert (ran["imported"], ran["refused"]) == (1, 1), (cell, ran)
    assert packs(soda, "SODA")[0]["price"] == "250.00"
    assert packs(soda, "GAS")[0]["pieces"] == str(len(_NO_PACKS) + 1)


def test_it_is_explained_what_a_case_costs(soda: Line) -> None:
    found = soda.ok("explain", "price", "SODA", "--quantity", "2cs", by="")
    assert (found["quantity"], found["price"], found["total"]) == ("24", "20.833333", "500.00")
    assert found["steps"][0]["code"] == "price-by-pack"
    assert soda.ok("explain", "price", "SODA", "--quantity", "2 dz", by="")["total"] == "600.00"
    assert soda.ok("explain", "price", "SODA", "--quantity", "24", by="")["total"] == "600.00"
    assert "only whole ones" in soda.run("explain", "price", "SODA", "--quantity", "0.5cs").stderr
    assert "unit-of-other-measure" in soda.run("explain", "price", "SODA", "--quantity", "2kg").stdout


def test_cases_are_ordered_by_line_and_file_and_come(soda: Line, tmp_path: Path) -> None:
    soda.ok("parties", "add", "COLA", "--name", "Cola Ltd", "--role", "vendor")
    file = tmp_path / "order.csv"
    file.write_text("sku,quantity,cost\nSODA,2cs,200.05\nGAS,3,100\n")
    made = soda.ok("orders", "new", "--vendor", "COLA", "--lines", file)
    lines = soda.ok("orders", "show", made["number"], by="")["lines"]
    assert [(one["sku"], one["ordered"], one["cost"], one.get("packs")) for one in lines] == [
        ("SODA", "24", "16.670833", "2 cs of 12 at 200.05"),
        ("GAS", "3", "100.00", None),
    ]
    came = soda.ok("receipts", "new", "--order", made["number"], "--line", "SODA,1cs", by="MGR")
    bill = soda.ok("bills", "new", "--receipt", came["number"], "--post")
    assert bill["total"] == "200.05"
