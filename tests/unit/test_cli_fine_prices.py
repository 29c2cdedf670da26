"""Prices of more decimals than the currency through the commands: lists, invoices, credit notes, papers."""

from pathlib import Path

from sqlalchemy import text

from pos_app import bootstrap
from tests.support.worlds.office_line import Line, line

__all__ = ["line"]


def listed(line: Line) -> tuple[int, int]:
    """Minor units and ten-thousandths of one of the price of GAS."""
    with bootstrap.central(line.home) as centre, centre.database.read() as connection:
        row = connection.execute(text("SELECT price, price_fine FROM product WHERE sku = 'GAS'")).one()
    return int(row[0]), int(row[1])


def test_a_list_of_prices_keeps_every_decimal(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    for price, kept in (("0.265", (26, 5_000)), ("0.2651", (26, 5_100)), ("0.27", (27, 0))):
        file.write_text(f"sku,price\nGAS,{price}\nREFILL,100.00\n")
        line.ok("import", "products", file, by="")
        assert listed(line) == kept
    file.write_text("sku,price\nGAS,0.2650001\n")
    assert line.run("import", "products", file).values["refused"] == 1
    assert listed(line) == (27, 0)


def test_an_invoice_at_the_list_and_at_a_price_of_its_own(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("sku,price\nGAS,0.265\nREFILL,100.00\n")
    line.ok("import", "products", file, by="")
    made = line.ok("invoices", "new", "--customer", "C1", "--line", "GAS,133", "--post")
    assert made["total"] == "35.25"
    own = line.ok("invoices", "new", "--customer", "C1", "--line", "GAS,1000,0.2655", "--post", by="MGR")
    assert own["total"] == "265.50"
    line.ok("invoices", "credit", own["number"], "--line", "1,1000,0.0005", "--reason", "agreed", by="MGR")
    assert line.ok("invoices", "show", own["number"], by="")["open"] == "265.00"
    paper = tmp_path / "invoice.pdf"
    line.ok("invoices", "pdf", made["number"], "--output", paper, by="")
    assert paper.read_bytes().startswith(b"%PDF")
    said = line.refused("invoices", "new", "--customer", "C1", "--line", "GAS,1,0.2650001", by="MGR")
    assert "more decimals than a price may have (6)" in said


def test_imported_invoices_at_a_fine_price(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "old.csv"
    head = "number,customer,date,sku,quantity,unit_price,subtotal,tax_total,total\n"
    file.write_text(head + "A1,C1,2026-10-01,GAS,133,0.265,30.39,4.86,35.25\n")
    line.ok("import", "invoices", file)
    made = line.ok("invoices", "post", "--all")["documents"]
    assert [one["total"] for one in made] == ["35.25"]


def test_a_contract_rate_with_more_decimals(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("sku,price\nGAS,0.2649\nREFILL,100.00\n")
    line.ok("import", "products", file, by="")
    assert line.ok("prices", "contract", "C1", "GAS", "0.265")["price"] == "0.265"
    (agreed,) = line.ok("prices", "list", by="")["prices"]
    assert (agreed["price"], agreed["list_price"]) == ("0.265", "0.2649")
    made = line.ok("invoices", "new", "--customer", "C1", "--line", "GAS,133", "--post")
    assert made["total"] == "35.25"
