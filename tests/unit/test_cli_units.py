"""`bohari unit`: units of measure by command, in a file, and on the product that names them."""

from pathlib import Path

from tests.support.worlds.office_line import Line, line

__all__ = ["line"]


def test_units_are_kept_by_command_and_in_a_file(line: Line, tmp_path: Path) -> None:
    (tmp_path / "shop.bohari").write_text(
        "unit add TRAY --name tray --local-name trei --is '30 pc'\nunit edit tray --decimals 1\n"
    )
    assert line.ok("apply", tmp_path / "shop.bohari", by="OWN")["there"] == []
    assert line.ok("apply", tmp_path / "shop.bohari", by="OWN")["there"] == [1]
    told = line.ok("unit", "show", "Trei", by="")
    assert (told["code"], told["is"], told["decimals"], told["products"]) == ("TRAY", "30 pc", 1, 0)
    found = {one["code"]: one for one in line.ok("unit", "list", by="")["units"]}
    assert found["KGM"]["local_name"] == "kilogramu"
    assert found["GRM"]["is"] == "0.001 kg"
    line.ok("unit", "archive", "TRAY", by="OWN")
    assert "archived" in line.refused("product", "edit", "REFILL", "--unit", "tray", by="OWN")
    line.ok("unit", "restore", "TRAY", by="OWN")
    line.ok("unit", "edit", "tray", "--decimals", "0", by="OWN")
    line.refused("unit", "edit", "tray", "--decimals", "2", "--seen", str(told["revision"]), by="OWN")
    assert len(line.ok("unit", "history", "tray", by="OWN")["history"]) >= 4
    assert "bohari unit list" in line.refused("product", "edit", "REFILL", "--unit", "ells", by="OWN")
    line.ok("product", "edit", "REFILL", "--unit", "Litre", by="OWN")
    assert line.ok("product", "show", "REFILL", by="")["unit"] == "l"


def test_a_file_of_products_is_refused_row_by_row_for_a_unit_that_there_is_not(
    line: Line, tmp_path: Path
) -> None:
    file = tmp_path / "products.csv"
    file.write_text("sku,name,price,unit,business\nU-1,Sugar,120,KGM,MAIN\nU-2,Cloth,90,ells,MAIN\n")
    ran = line.run("import", "products", file, by="OWN")
    assert "ells" in ran.stdout + ran.stderr
    assert line.ok("product", "show", "U-1", by="")["unit"] == "kg"
    line.refused("product", "show", "U-2", by="")
