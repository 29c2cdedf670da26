"""`bohari product`: one product at a time, as a person at the office keeps them, and what a till finds."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text

from pos_app import bootstrap
from pos_app.devices import barcode
from pos_app.store.documents import audit
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]

GTIN = "4006381333931"


def added(line: Line, sku: str, *words: str) -> dict[str, Any]:
    return line.ok(
        "product", "add", sku, "--name", f"Thing {sku}", "--price", "420", "--business", "MAIN", *words
    )


def shown(line: Line, sku: str) -> dict[str, Any]:
    found = line.ok("product", "show", sku, by="")
    found.pop("ok"), found.pop("revision")
    return found


def test_a_product_is_added_shown_changed_and_listed(line: Line) -> None:
    said = line.say(
        "product", "add", "HOSE", "--name", "Hose 2 m", "--price", "420.00", "--tax", "e", "--unit", "m",
        "--category", "Accessories", "--business", "main", "--barcode", "400-6381333931",
        "--barcode", "OWN 7",
        "--supplier", "v1", "--cost", "310", "--reorder", "MAIN=4:20", "--on-shelf", "--shelf-place", "3",
        by="ACC",
    )  # fmt: skip
    assert said.code == 0, said
    assert said.stdout.startswith("Hose 2 m is HOSE, barcode ")
    found = shown(line, "hose")
    assert set(found["barcodes"]) == {GTIN, "400-6381333931", "OWN 7"}
    found.pop("barcodes"), found.pop("barcode")
    assert found == {
        "sku": "HOSE", "name": "Hose 2 m", "price": "420.00", "tax_code": "E", "category": "Accessories",
        "unit": "m", "business": "MAIN", "active": "yes", "on_shelf": "yes", "shelf_place": "3",
        "supplier": "V1", "cost": "310.00", "type": "goods", "stocked": "yes", "empty": "", "deposit": "",
        "stock": [], "reorder": "MAIN=4:20", "packs": "", "picture": False,
    }  # fmt: skip
    # What is not said stays, an empty text takes away.
    line.ok("product", "edit", "HOSE", "--price", "430", "--category", "", "--shelf-place", "")
    found = shown(line, "HOSE")
    assert (found["name"], found["price"], found["category"]) == ("Hose 2 m", "430.00", "")
    assert (found["on_shelf"], found["shelf_place"], found["cost"]) == ("yes", "", "310.00")
    (one,) = line.ok("product", "list", "--words", "hose", by="")["products"]
    assert (one["sku"], one["price"]) == ("HOSE", "430.00")
    with bootstrap.central(line.home) as centre, centre.database.read() as connection:
        level = connection.execute(text("SELECT minimum, target FROM reorder_level")).one()
        changed = [one for one in audit.read(connection, 1, most=50) if one.action == "product.changed"]
    assert tuple(level) == (4_000, 20_000)
    assert {(one.person, one.subject) for one in changed} == {("Acc", "product HOSE")}


def test_barcodes_are_added_replaced_made_and_checked(line: Line) -> None:
    added(line, "BARS", "--barcode", "5901234123457")
    line.ok("product", "edit", "BARS", "--more-barcode", "96385074")
    found = shown(line, "BARS")["barcodes"]
    assert {"5901234123457", "0000096385074"} <= set(found)
    made = line.ok("product", "edit", "BARS", "--make-barcode")["barcodes"]
    (own,) = set(made) - set(found)
    assert own.startswith("29")
    assert len(own) == 13
    assert barcode.has_valid_check_digit(own)
    assert barcode.classify(own).gtins == (own,)
    # Asked again it is the same label.
    assert line.ok("product", "edit", "BARS", "--make-barcode")["barcodes"] == made
    assert line.ok("product", "edit", "BARS", "--barcode", "5901234123457")["barcodes"] == ["5901234123457"]
    assert "should end in 7" in line.refused("product", "edit", "BARS", "--more-barcode", "5901234123458")
    added(line, "OTHER")
    assert "on the product “BARS” already" in line.refused(
        "product", "edit", "OTHER", "--more-barcode", "5901234123457"
    )


def test_an_own_barcode_that_is_taken_makes_room_for_another(line: Line) -> None:
    key = added(line, "FIRST")["product"] + 1
    digits = f"29{key:010d}"
    line.ok("product", "edit", "FIRST", "--more-barcode", f"{digits}{barcode.check_digit(digits)}")
    (own,) = added(line, "SECOND", "--make-barcode")["barcodes"]
    assert own.startswith("29")
    assert own != f"{digits}{barcode.check_digit(digits)}"
    assert barcode.has_valid_check_digit(own)


def test_a_product_is_archived_and_brought_back(line: Line) -> None:
    added(line, "GONE")
    line.ok("product", "archive", "GONE")
    assert "There is no product “GONE”" in line.refused(
        "invoices", "new", "--customer", "C1", "--line", "GONE,1"
    )
    assert [one["sku"] for one in line.ok("product", "list", "--archived", by="")["products"]] == ["GONE"]
    assert shown(line, "GONE")["active"] == "no"
    assert "archived already" in line.refused("product", "archive", "GONE")
    line.ok("product", "restore", "GONE")
    assert "nothing to bring back" in line.refused("product", "restore", "GONE")
    line.ok("invoices", "new", "--customer", "C1", "--line", "GONE,1")


def test_what_still_lies_of_an_archived_product_is_told(line: Line) -> None:
    added(line, "LEFT")
    line.ok("adjust", "MAIN", "found", "--line", "LEFT,3", by="MGR")
    done = line.ok("product", "archive", "LEFT")
    assert done["stock"] == [{"place": "MAIN", "quantity": "3"}]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["add", "gas", "--name", "Again", "--price", "1"], "The code GAS is that of Gas 13 kg already"),
        (["add", "1E+05", "--name", "Odd", "--price", "1"], "digits are gone"),
        (["add", "4530.0", "--name", "Odd", "--price", "1"], "A spreadsheet would make another code"),
        (["add", "NEW", "--price", "1", "--business", "MAIN"], "say --name"),
        (["add", "NEW", "--name", "New", "--business", "MAIN"], "say --price"),
        (["add", "NEW", "--name", "New", "--price", "1"], "business"),
        (["add", "NEW", "--name", "New", "--price", "-1", "--business", "MAIN"], "is negative"),
        (["edit", "NIX", "--price", "1"], "There is no product “NIX”"),
        (["edit", "GAS", "--price", "dear"], "is not a number"),
        (["edit", "GAS", "--name", ""], "The name"),
        (["edit", "GAS", "--tax", "Q"], "“Q”"),
        (["edit", "GAS", "--supplier", "C1"], "vendor"),
        (["edit", "GAS", "--cost", "-1"], "cannot be below zero"),
        (["edit", "GAS", "--shelf-place", "first"], "is no place on the shelf"),
        (["edit", "GAS", "--reorder", "MAIN"], "says no level"),
        (["edit", "GAS", "--reorder", "MAIN=9:4"], "the target is not below it"),
        (["edit", "GAS", "--reorder", "NIX=1:4"], "“NIX”"),
        (["show", "NIX"], "There is no product “NIX”"),
        (["archive", "NIX"], "There is no product “NIX”"),
    ],
)
def test_what_cannot_be_said_of_a_product_is_a_sentence(line: Line, words: list[str], sentence: str) -> None:
    by = "" if words[0] == "show" else "ACC"
    assert sentence in line.refused("product", *words, by=by)


def test_a_product_tells_what_became_of_it(line: Line) -> None:
    added(line, "STORY", "--barcode", "OWN-STORY")
    line.ok("product", "edit", "STORY", "--price", "430", "--cost", "300")
    line.ok("product", "archive", "STORY")
    told = line.ok("product", "history", "STORY", by="")["history"]
    assert [(one["person"], one["action"]) for one in told] == [
        ("Acc", "product.added"),
        ("Acc", "product_barcode.added"),
        ("Acc", "product.changed"),
        ("Acc", "product_supply.added"),
        ("Acc", "product.changed"),
    ]
    assert (told[2]["before"]["price"], told[2]["after"]["price"]) == (420_00, 430_00)


def test_who_may_not_keep_the_list_changes_nothing(line: Line) -> None:
    assert "may not" in line.refused("product", "edit", "GAS", "--price", "1", by="AUD")


def test_the_shelf_stands_in_the_order_of_its_places(line: Line) -> None:
    """At the centre's own catalogue, which is the till's."""
    from pos_app.store.master import catalogue

    for sku, place in (("P-A", "2"), ("P-B", ""), ("P-C", "1"), ("P-D", "")):
        added(line, sku, "--on-shelf", "--shelf-place", place, "--category", "Shelf")
    added(line, "P-E", "--category", "Shelf")
    with bootstrap.central(line.home) as centre, centre.database.read() as connection:
        at = catalogue.Shop(1, 1, 20261130)
        first = [one.sku for one in catalogue.shelf(connection, at, None, 60) if one.sku.startswith("P-")]
        of_category = [one.sku for one in catalogue.shelf(connection, at, "Shelf", 60)]
    assert first == ["P-C", "P-A", "P-B", "P-D"]
    assert of_category == [*first, "P-E"]


# --- types ----------------------------------------------------------------------------------------------


def typed(line: Line, sku: str) -> tuple[str, str, str]:
    found = shown(line, sku)
    return found["type"], found["tax_code"], found["stocked"]


def test_a_type_writes_the_marks_and_a_mark_chooses_a_type(line: Line) -> None:
    for sku, words, told in (
        ("T-1", (), ("goods", "A", "yes")),
        ("T-2", ("--type", "service"), ("service", "A", "no")),
        ("T-3", ("--type", "Deposit"), ("deposit", "DEPOSIT", "no")),
        ("T-4", ("--tax", "VOUCHER"), ("voucher", "VOUCHER", "no")),
        ("T-5", ("--unit", "kg"), ("weighed", "A", "yes")),
        ("T-6", ("--type", "metered"), ("metered", "A", "yes")),
        ("T-7", ("--type", "metered", "--no-stock"), ("metered", "A", "no")),
        ("T-8", ("--type", "laundry", "--stocked"), ("laundry", "A", "no")),
    ):
        added(line, sku, *words)
        assert typed(line, sku) == told, sku
    # A type that is taken away takes its mark with it.
    line.ok("product", "edit", "T-3", "--type", "goods")
    assert typed(line, "T-3") == ("goods", "A", "yes")
    line.ok("product", "edit", "T-1", "--tax", "VOUCHER")
    assert typed(line, "T-1") == ("voucher", "VOUCHER", "no")
    # What is said of something else leaves it alone.
    line.ok("product", "edit", "T-7", "--price", "9")
    assert typed(line, "T-7") == ("metered", "A", "no")


def test_goods_with_stock_are_turned_into_no_service(line: Line) -> None:
    added(line, "LIES")
    line.ok("adjust", "MAIN", "found", "--line", "LIES,3", by="MGR")
    assert "3 of LIES still lie" in line.refused("product", "edit", "LIES", "--type", "service")
    assert "3 of LIES still lie" in line.refused("product", "edit", "LIES", "--tax", "DEPOSIT")
    line.ok("adjust", "MAIN", "loss", "--line", "LIES,-3", by="MGR")
    line.ok("product", "edit", "LIES", "--type", "service")
    assert typed(line, "LIES") == ("service", "A", "no")


def test_a_full_one_names_its_empty_and_its_deposit(line: Line) -> None:
    added(line, "CYL", "--type", "returnable")
    added(line, "DEP", "--type", "deposit")
    added(line, "FULL", "--type", "returnable", "--empty", "cyl", "--deposit", "DEP")
    found = shown(line, "FULL")
    assert (found["empty"], found["deposit"]) == ("CYL", "DEP")
    line.ok("product", "edit", "FULL", "--deposit", "")
    found = shown(line, "FULL")
    assert (found["empty"], found["deposit"]) == ("CYL", "")
    # What does not come back any more has no pair; nor has it one again by itself.
    line.ok("product", "edit", "FULL", "--type", "goods")
    line.ok("product", "edit", "FULL", "--type", "returnable")
    assert shown(line, "FULL")["empty"] == ""


def test_what_a_full_one_still_needs_is_not_archived(line: Line) -> None:
    added(line, "CYL-P")
    added(line, "DEP-P", "--type", "deposit")
    added(line, "FULL-P", "--type", "returnable", "--empty", "CYL-P", "--deposit", "DEP-P")
    for code in ("CYL-P", "DEP-P"):
        assert "is the empty or the deposit of FULL-P" in line.refused("product", "archive", code)
    line.ok("product", "edit", "FULL-P", "--deposit", "")
    line.ok("product", "archive", "DEP-P")
    line.ok("product", "archive", "FULL-P")
    line.ok("product", "archive", "CYL-P")
    # Nor does a full one come back to an empty that is put away, or get one.
    assert "CYL-P is archived" in line.refused("product", "restore", "FULL-P")
    added(line, "FULL-Q", "--type", "returnable")
    for words in (("--empty", "CYL-P"), ("--deposit", "DEP-P")):
        assert "is archived" in line.refused("product", "edit", "FULL-Q", *words)
    line.ok("product", "restore", "CYL-P")
    line.ok("product", "restore", "FULL-P")
    line.ok("product", "edit", "FULL-Q", "--empty", "CYL-P")


def test_a_row_that_would_have_let_go_of_an_empty_and_is_refused_keeps_it(line: Line, tmp_path: Path) -> None:
    added(line, "CYL-R")
    added(line, "FULL-R", "--type", "returnable", "--empty", "CYL-R")
    file = tmp_path / "both.csv"
    file.write_text("sku,unit,active\nCYL-R,pc,no\nFULL-R,nothing known,no\n")
    said = line.say("import", "products", str(file), by="ACC")
    assert "is the empty or the deposit of FULL-R" in said.stdout + said.stderr, said
    assert (shown(line, "CYL-R")["active"], shown(line, "FULL-R")["active"]) == ("yes", "yes")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["GAS", "--type", "rented"], "goods, service, returnable"),
        (["GAS", "--type", "service", "--tax", "DEPOSIT"], "is no service"),
        (["GAS", "--type", "deposit", "--tax", "A"], "is no deposit"),
        (["GAS", "--empty", "REFILL"], "does not come back"),
        (["GAS", "--type", "returnable", "--empty", "GAS"], "is no empty container"),
        (["GAS", "--type", "returnable", "--empty", "NIX"], "There is no product “NIX”"),
        (["GAS", "--type", "returnable", "--deposit", "REFILL"], "is no deposit"),
    ],
)
def test_a_type_that_cannot_be_is_a_sentence(line: Line, words: list[str], sentence: str) -> None:
    assert sentence in line.refused("product", "edit", *words)


def test_a_picture_and_reorder_levels_go_out_in_the_sheet_and_come_back(line: Line, tmp_path: Path) -> None:
    Image.new("RGB", (400, 300), "red").save(tmp_path / "red.jpg")
    added(line, "SHOWN", "--picture", str(tmp_path / "red.jpg"), "--reorder", "MAIN=1:9")
    assert shown(line, "SHOWN")["picture"] is True
    line.ok("export", "products", tmp_path / "out.csv", "--pictures", by="")
    line.ok("product", "edit", "SHOWN", "--picture", "")
    assert shown(line, "SHOWN")["picture"] is False
    done = line.ok("import", "products", tmp_path / "out.csv", by="")
    assert done["refused"] == 0, done
    assert shown(line, "SHOWN")["picture"] is True
    rows = "sku,reorder,picture\nSHOWN,WEST=2:5|MAIN=0:3,-\nGAS,NOWHERE=1:2,\nREFILL,MAIN=5:2,\n"
    (tmp_path / "in.csv").write_text(rows)
    done = line.run("import", "products", tmp_path / "in.csv").values
    assert (done["imported"], done["refused"]) == (1, 2), done
    assert (shown(line, "SHOWN")["reorder"], shown(line, "SHOWN")["picture"]) == ("MAIN=0:3|WEST=2:5", False)
    (tmp_path / "logo.svg").write_text("<svg><script>alert(1)</script></svg>")
    for words in (("product", "edit", "SHOWN", "--picture"), ("business", "edit", "MAIN", "--logo")):
        assert "no PNG or JPEG" in line.refused(*words, tmp_path / "logo.svg", by="OWN")
    assert line.ok("business", "edit", "MAIN", "--logo", tmp_path / "red.jpg", by="OWN")["changed"]
    assert not line.ok("business", "edit", "MAIN", "--logo", tmp_path / "red.jpg", by="OWN")["changed"]
    assert line.ok("business", "edit", "MAIN", "--logo", "", by="OWN")["changed"]
    told = line.say("product", "history", "SHOWN", by="OWN")
    assert "picture of SHOWN" in told.stdout
    assert len(told.stdout) < 8_000, "a picture is no words"


def test_categories_are_kept_by_command_and_in_a_file(line: Line, tmp_path: Path) -> None:
    added(line, "KITE", "--category", "Toys")
    (tmp_path / "shop.bohari").write_text(
        "category add Games --place 1 --colour '#2f855a'\ncategory edit toys --name 'Toys and kites'\n"
    )
    for there in ([], [1]):
        done = line.ok("apply", tmp_path / "shop.bohari", by="OWN")
        assert done["there"] == there
        line.ok("category", "edit", "toys and kites", "--name", "Toys", by="OWN")
    line.ok("category", "edit", "toys", "--place", "2", by="OWN")
    found = line.ok("category", "list", by="")["categories"]
    assert [one["name"] for one in found][:2] == ["Games", "Toys"]
    assert "Say with --into" in line.refused("category", "archive", "toys", by="OWN")
    assert line.ok("category", "archive", "toys", "--into", "games", by="OWN")["moved"] == 1
    assert shown(line, "KITE")["category"] == "Games"
    line.ok("category", "restore", "toys", by="OWN")
    told = line.ok("category", "show", "toys", by="")
    assert (told["active"], told["products"], told["place"]) == (True, 0, 2)
    stale = told["revision"]
    line.ok("category", "edit", "toys", "--place", "3", by="OWN")
    line.refused("category", "edit", "toys", "--place", "4", "--seen", str(stale), by="OWN")
    assert len(line.ok("category", "history", "toys", by="OWN")["history"]) >= 4
