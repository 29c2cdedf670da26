"""Imports as a shop does them, again and again: what a file says changes, at the centre and at a till.

K5 and K6: each file goes through the command, the feed brings it to a real till, and the bars are scanned
there.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app import bootstrap
from pos_app.ledger.errors import BohariError
from pos_app.store.master import people
from pos_app.store.master.people import Party
from pos_app.till.selling.catalogue import Product
from tests.support.worlds.command_line import Ran, Server, bohari

FULL = "sku,barcode,name,price,tax_code,category,unit,active\n"


class Shop:
    """A centre that answers and a till that is enrolled there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.centre, self.till = folder / "centre", folder / "till"
        self.pin = bohari("init", "--org", "Depot Ltd", "--json", home=self.centre).values["pin"]
        self.server = Server(self.centre)
        code = bohari("enrol-code", "--json", home=self.centre).values["code"]
        words = ("enrol", "--server", self.server.url, "--code", code, "--json")
        assert bohari(*words, home=self.till).code == 0

    def imports(self, what: str, content: str, *words: str) -> Ran:
        """Import a file, and bring what changed to the till."""
        path = self.folder / f"{what}.csv"
        path.write_text(content, encoding="utf-8")
        done = bohari("import", what, path, "--json", *words, home=self.centre)
        assert bohari("syncd", "--once", "--json", home=self.till).code == 0
        return done

    def scan(self, *codes: str) -> list[str]:
        """The product's code that a scan of each finds at the till; "-" where it finds none."""
        return [found.sku if found else "-" for found in self._scanned(codes)]

    def product(self, code: str) -> Product:
        """The product that a scan finds at the till."""
        (found,) = self._scanned((code,))
        assert found is not None
        return found

    def _scanned(self, codes: tuple[str, ...]) -> list[Product | None]:
        till = bootstrap.open_till(self.till)
        try:
            found: list[Product | None] = []
            for code in codes:
                try:
                    found.append(till.catalogue.scan(code).product)
                except BohariError:
                    found.append(None)
            return found
        finally:
            till.close()

    def party(self, words: str) -> Party:
        """A customer as the till knows them."""
        till = bootstrap.open_till(self.till)
        try:
            with till.database.read() as connection:
                (found,) = people.customers(connection, 1, words, 9)
            return found
        finally:
            till.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    made = Shop(tmp_path_factory.mktemp("shop"))
    yield made
    assert made.server.stop() == 0


def reasons(done: Ran) -> dict[int, str]:
    return {
        row: cause["reason"] for cause in done.values["reasons"] for row in cause.get("rows", [cause["row"]])
    }


def test_k5_what_was_imported_is_found_when_its_bars_are_scanned(shop: Shop) -> None:
    done = shop.imports(
        "products",
        FULL + "OWN,0000000004530,Own code,1,A,,,\nLOST,36000291452,Lost its zero,1,A,,,\n"
        "DOTTED,4006381333931.0,With decimals,1,A,,,\nGAPS,978-0-306-40615-7,A book,1,A,,,\n"
        '="0012",,Formula,1,A,,,\nBAD1,6.16E+12,Gone,1,A,,,\nBAD2,"6,16E+12",Gone,1,A,,,\n'
        "12-Mar,,A day,1,A,,,\nBAD3,4006381333932,Typing error,1,A,,,\nEAN8,1234565,Lost its zero,1,A,,,\n",
    )
    assert (done.code, done.values["imported"], done.values["refused"]) == (0, 6, 4)
    assert sorted(reasons(done)) == [7, 8, 9, 10]
    assert "digits are gone" in reasons(done)[7]
    said = "\n".join(done.values["notes"])
    for told in ("0000000004530 in row 2", "“36000291452” in row 3", "“4006381333931.0” in row 4", "“0012”"):
        assert told in said
    assert shop.scan(
        "0000000004530", "036000291452", "0036000291452", "4006381333931", "9780306406157", "0012", "01234565"
    ) == ["OWN", "LOST", "LOST", "DOTTED", "GAPS", "0012", "EAN8"]
    assert shop.scan("6.16E+12", "4006381333932") == ["-", "-"]


def test_k5_a_telephone_that_a_spreadsheet_destroyed(shop: Shop) -> None:
    done = shop.imports(
        "customers",
        "code,name,phone,credit_limit\nP1,Gone,2.54712E+11,\nP2,Decimals,254712555418.0,\nP3,Zero,'0712555419,\n",
    )
    assert (done.values["imported"], done.values["refused"]) == (2, 1)
    assert (shop.party("P2").phone, shop.party("P3").phone) == ("254712555418", "0712555419")


def test_k6_a_list_of_prices_changes_prices(shop: Shop) -> None:
    shop.imports("products", FULL + "HOSE,5901234123457,Hose 2 m,420.00,E,Accessories,m,\n")
    done = shop.imports("products", "sku;price\nhose;500,00\nNEW;1,00\n")
    assert (done.values["imported"], done.values["refused"]) == (1, 1)
    assert "needs name" in reasons(done)[3]
    found = shop.product("5901234123457")
    assert (found.sku, found.name, found.price) == ("HOSE", "Hose 2 m", 500_00)
    assert (found.category, found.unit, found.tax_code) == ("Accessories", "m", "E")
    # Empty is "take the default", and a dash says it aloud.
    assert shop.imports("products", "sku,category,unit,tax_code\nHOSE,,-,\n").code == 0
    found = shop.product("5901234123457")
    assert (found.category, found.unit, found.tax_code, found.price) == ("", "pc", "A", 500_00)


def test_k6_a_file_that_says_nothing_is_not_called_imported(shop: Shop) -> None:
    for what, content in (("products", "sku,pirce\nHOSE,99\n"), ("customers", "code;nmae\nHOTEL;Hotel\n")):
        done = shop.imports(what, content)
        assert (done.code, "says nothing" in done.stderr) == (1, True)


def test_k6_a_list_of_names_changes_names(shop: Shop) -> None:
    shop.imports("customers", "code,name,phone,credit_limit\nHOTEL,Hotel,0722 555 418,20000.00\n")
    for role in ("customer:30", "vendor:14"):
        words = ("parties", "edit", "HOTEL", "--role", role, "--by", "OWNER", "--json")
        assert bohari(*words, home=shop.centre, BOHARI_PIN=shop.pin).code == 0
    assert bohari("syncd", "--once", home=shop.till).code == 0
    found = shop.party("HOTEL")
    assert (found.phone, found.credit_limit, found.terms_days) == ("0722 555 418", 20_000_00, 30)
    shop.imports("customers", "code,name\nhotel,Grand Hotel\n")
    found = shop.party("HOTEL")
    assert (found.name, found.phone, found.credit_limit) == ("Grand Hotel", "0722 555 418", 20_000_00)
    assert found.terms_days == 30
    shop.imports("customers", "code,phone,credit_limit\nHOTEL,-,\n")
    found = shop.party("HOTEL")
    assert (found.name, found.phone, found.credit_limit, found.terms_days) == ("Grand Hotel", "", 0, 30)


def test_k6_barcodes_are_corrected_swapped_rotated_and_removed_at_a_till_that_had_them(shop: Shop) -> None:
    codes = ("R-1", "R-2", "R-3", "R-9")
    shop.imports("products", FULL + "RA,R-1,A,1,,,,\nRB,R-2,B,1,,,,\nRC,R-3,C,1,,,,\n")
    assert shop.scan(*codes) == ["RA", "RB", "RC", "-"]
    shop.imports("products", "sku,barcode\nRA,R-2\nRB,R-1\n")
    assert shop.scan(*codes) == ["RB", "RA", "RC", "-"]
    shop.imports("products", "sku,barcode\nRA,R-1\nRB,R-3\nRC,R-2\n")
    assert shop.scan(*codes) == ["RA", "RC", "RB", "-"]
    done = shop.imports("products", "sku,barcode\nRA,R-9\nRB,\nRC,-\n")
    assert any("on no product any more" in note for note in done.values["notes"])
    assert shop.scan(*codes) == ["-", "-", "-", "RA"]
    shop.imports("products", FULL + "RD,R-1|R-2,D,1,,,,\n")
    assert shop.scan(*codes) == ["RD", "RD", "-", "RA"]


def test_k6_out_of_use_is_said_in_a_column_and_stays(shop: Shop) -> None:
    shop.imports("products", FULL + "OLD,O-1,Old,1,,,,no\n")
    assert shop.scan("O-1", "OLD") == ["-", "-"]
    done = shop.imports("products", "sku,price\nOLD,2\n")
    assert any("out of use" in note for note in done.values["notes"])
    assert shop.scan("O-1") == ["-"]
    shop.imports("products", "sku,active\nOLD,yes\n")
    assert (shop.scan("O-1"), shop.product("O-1").price) == (["OLD"], 2_00)


def test_k6_one_cause_is_one_sentence_and_nothing_done_is_not_well(shop: Shop) -> None:
    rows = "".join(f"N{number},Thing {number},x,A\n" for number in range(30_000))
    done = shop.imports("products", "sku,name,price,tax_code\n" + rows)
    assert (done.code, done.values["imported"], done.values["refused"]) == (1, 0, 30_000)
    (cause,) = done.values["reasons"]
    assert (cause["row"], cause["count"], len(cause["rows"])) == (2, 30_000, 20)
    # And a new product without a tax code takes that of the organisation.
    done = shop.imports("products", "sku,name,price,tax_code\nT1,Thing,1,\n")
    assert (done.code, done.values["imported"]) == (0, 1)
    assert any("take" in note and "A" in note for note in done.values["notes"])
    assert shop.product("T1").tax_code == "A"
    # Sentences that differ only in a name are one cause too.
    rows = "".join(f"M{number},Thing,1,Z{number}\n" for number in range(500))
    done = shop.imports("products", "sku,name,price,tax_code\n" + rows)
    assert len(done.values["reasons"]) == 21
    assert sum(cause.get("count", 1) for cause in done.values["reasons"]) == 500
