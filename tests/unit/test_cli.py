"""The command line as a contract: a bare set-up in four commands, then every command on both homes."""

import csv
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app import bootstrap
from pos_app.store.engine.engine import open_sqlite
from tests.support.worlds.command_line import COMMAND, Server, bohari, owners_environment

PRODUCTS = (
    "sku,barcode,name,price,tax_code,category,unit,business,colour\n"
    "GAS13,4006381333931,LPG refill 13 kg,3250.00,A,Gas,pc,MAIN,blue\n"
    "WAT20,036000291452|WATER-20,Water 20 L refill,180,E,Water,pc,,\n"
    "BAD1,4006381333932,Wrong check digit,1,A,Gas,pc,,\n"
    "BAD2,,No such tax,1,ZZ,Gas,pc,,\n"
    "BAD3,,Bad price,x,A,Gas,pc,,\n"
    "BAD4,WATER-20,Taken barcode,1,A,Gas,pc,,\n"
    "BAD5,,No business,1,A,Gas,pc,NONE,\n"
    "GAS13,,Twice,1,A,Gas,pc,,\n"
    ",,No code,1,A,Gas,pc,,\n"
)
CUSTOMERS = (
    "code,name,phone,credit_limit\nC1,Mama Kanini Hotel,0722 555 418,20000.00\nC2,,1,1\nC3,Ngong School,,\n"
)
SALES = (
    "number,occurred_at,customer,sku,description,quantity,unit_price\n"
    "1,2026-01-05 09:00,C1,GAS13,,4,3250\n"
    "2,2026-01-06 09:00,C1,GAS13,,-1,3250\n"
    "3,2026-01-07,,WAT20,Refill,3,180\n"
    "4,2026-01-07,,NOPE,,1,1\n"
)


class World:
    """A centre that answers and a till that enrolled there, made by the four commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.centre, self.till = folder / "centre", folder / "till"
        made = bohari("init", "--org", "Depot Ltd", "--json", home=self.centre)
        self.pin = made.values["pin"]
        self.server = Server(self.centre)
        for name, content in (("products", PRODUCTS), ("customers", CUSTOMERS), ("sales", SALES)):
            (folder / f"{name}.csv").write_text(content)
        self.products = bohari("import", "products", folder / "products.csv", "--json", home=self.centre)
        self.customers = bohari("import", "customers", folder / "customers.csv", "--json", home=self.centre)
        code = bohari("enrol-code", "--json", home=self.centre).values["code"]
        words = ("enrol", "--server", self.server.url, "--code", code, "--json")
        self.enrolled = bohari(*words, home=self.till)
        self.synced = bohari("syncd", "--once", "--json", home=self.till)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("world"))
    yield made
    assert made.server.stop() == 0


@pytest.fixture(scope="module")
def sold(world: World) -> World:
    """History was imported and has reached the centre."""
    done = bohari("import", "sales", world.folder / "sales.csv", "--json", home=world.till)
    assert done.code == 0
    assert (done.values["imported"], done.values["refused"]) == (3, 1)
    assert done.values["reasons"] == [
        {"row": 5, "number": "4", "reason": "This till knows no product “NOPE”."}
    ]
    assert bohari("syncd", "--once", "--json", home=world.till).code == 0
    return world


def test_the_four_commands(world: World) -> None:
    assert len(world.pin) == 6
    assert world.pin.isdigit()
    assert world.server.url.startswith("http://127.0.0.1:")
    assert world.enrolled.code == 0
    assert world.enrolled.values["terminal"] == 1
    assert world.synced.values["waiting"] == 0


def test_products(world: World) -> None:
    values = world.products.values
    assert (values["imported"], values["refused"]) == (2, 7)
    assert values["notes"] == ["Ignored columns: colour."]
    reasons = {reason["row"]: reason["reason"] for reason in values["reasons"]}
    assert sorted(reasons) == [4, 5, 6, 7, 8, 9, 10]
    for row, said in ((4, "should end in 1"), (5, "tax code"), (6, "not a number"), (7, "“WAT20” already")):
        assert said in reasons[row]
    for row, said in ((8, "no business"), (9, "row 2 already"), (10, "code (sku) is missing")):
        assert said in reasons[row]


def test_customers(world: World) -> None:
    assert (world.customers.values["imported"], world.customers.values["refused"]) == (2, 1)


def test_strict(world: World) -> None:
    path = world.folder / "strict.csv"
    path.write_text(PRODUCTS.replace("GAS13", "NEW13"))
    done = bohari("import", "products", path, "--strict", "--json", home=world.centre)
    # The barcode of the new product is on GAS13, so it is refused as well.
    assert (done.code, done.values["imported"], done.values["refused"]) == (1, 0, 8)
    path.write_text(SALES.replace("\n1,", "\n91,"))
    done = bohari("import", "sales", path, "--strict", "--json", home=world.till)
    assert (done.code, done.values["imported"]) == (1, 0)


def test_a_till_does_nothing_for_nobody(sold: World) -> None:
    (sold.folder / "more.csv").write_text(SALES.replace("\n1,", "\n77,"))
    words: tuple[str | Path, ...]
    before = bohari("status", "--json", home=sold.till).values["documents"]
    for words in (
        ("import", "sales", sold.folder / "more.csv"),
        ("explain", "customer", "C1"),
        ("backup",),
    ):
        done = bohari(*words, "--json", home=sold.till, BOHARI_TOKEN="")
        assert (done.code, done.values["code"]) == (1, "nobody-named")
    wrong = ("import", "sales", sold.folder / "more.csv", "--by", "OWNER", "--json")
    done = bohari(*wrong, home=sold.till, BOHARI_PIN="0000")
    assert done.values["code"] == "pin-wrong"
    assert bohari("status", "--json", home=sold.till).values["documents"] == before


def test_sales_twice(sold: World) -> None:
    again = bohari("import", "sales", sold.folder / "sales.csv", "--json", home=sold.till)
    assert (again.values["imported"], again.values["already"], again.values["refused"]) == (0, 3, 1)


@pytest.mark.parametrize("side", ["till", "centre"])
def test_verify(sold: World, side: str) -> None:
    values = bohari("verify", "--json", home=getattr(sold, side)).values
    assert values["documents"] == 3
    assert values["projections"]["party_balance"] == {"rows": 1, "drift": 0}


@pytest.mark.parametrize("side", ["till", "centre"])
def test_explain(sold: World, side: str) -> None:
    home = getattr(sold, side)
    values = bohari("explain", "customer", "C1", "--json", home=home).values
    assert values["balance"] == "9750.00"
    assert values["lines"][-1]["balance"] == "9750.00"
    if side == "centre":
        assert [line["change"] for line in values["lines"]] == ["13000.00", "-3250.00"]
        assert bohari("explain", "account", "1300", "--json", home=home).values["balance"] == "9750.00"
        assert bohari("explain", "product", "GAS13", "--json", home=home).values["balance"] == "-3"
        below = bohari("explain", "stock", "GAS13", home=home)
        assert (below.code, "less than nothing" in below.stdout) == (0, True)
    assert bohari("explain", "customer", "C99", "--json", home=home).code == 1


def test_recalculate_finds_mends_and_logs(sold: World) -> None:
    with bootstrap.central(sold.centre) as centre, centre.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE party_balance SET amount = amount + 100, base_amount = base_amount + 100"
        )
    looked = bohari("recalculate", "--kind", "customers", "--dry-run", "--json", home=sold.centre)
    assert looked.code == 1
    assert (looked.values["checked"], looked.values["mended"]) == (1, 0)
    (drift,) = looked.values["drifted"]
    assert drift["projection"] == "party_balance"
    assert drift["key"]["party_id"] == 1
    assert (drift["cached"]["amount"], drift["calculated"]["amount"]) == ("9751.00", "9750.00")
    assert bohari("verify", "--json", home=sold.centre).code == 1
    mended = bohari("recalculate", "--all", "--json", home=sold.centre)
    assert (mended.code, mended.values["mended"], len(mended.values["drifted"])) == (0, 1, 1)
    assert mended.values["kinds"]["invoices"] == 0
    assert bohari("verify", "--json", home=sold.centre).code == 0
    with bootstrap.central(sold.centre) as centre, centre.database.read() as connection:
        said = connection.exec_driver_sql(
            "SELECT count(*) FROM audit_log WHERE action = 'recalculate'"
        ).scalar()
    assert said == 1


def test_export(sold: World) -> None:
    plain = bohari("export", "journal", home=sold.centre)
    assert plain.code == 0
    assert "(M1-S000001) Sale Mama Kanini Hotel" in plain.stdout
    as_json = bohari("export", "journal", "--format", "hledger", "--json", home=sold.centre)
    assert as_json.values["journal"] == plain.stdout
    target = sold.folder / "journal.csv"
    bohari("export", "journal", "--format", "csv", "-o", target, home=sold.centre)
    rows = list(csv.DictReader(io.StringIO(target.read_text())))
    assert {row["party"] for row in rows} == {"", "C1"}
    assert bohari("export", "journal", "--format", "xml", "--json", home=sold.centre).code == 2
    bean = bohari("export", "journal", "--format", "beancount", "--in", "base", home=sold.centre)
    assert '* "Mama Kanini Hotel" "Sale"' in bean.stdout
    assert bohari("export", "journal", "--in", "gold", "--json", home=sold.centre).code == 2
    assert (
        bohari("export", "journal", "--format", "csv", "--in", "base", "--json", home=sold.centre).code == 2
    )


@pytest.mark.parametrize("side", ["till", "centre"])
def test_status_backup_and_doctor(sold: World, side: str) -> None:
    home = getattr(sold, side)
    assert bohari("status", "--json", home=home).values["documents"] == 3
    copy = bohari("backup", "--to", sold.folder / "copies", "--plain", "--json", home=home).values
    assert Path(copy["file"]).stat().st_size == copy["bytes"] > 10_000
    found = bohari("doctor", "--json", home=home)
    assert found.code == 0, found.values


def test_a_till_backup_opens_with_the_tills_key(sold: World, tmp_path: Path) -> None:
    copy = bohari("backup", "--to", tmp_path, "--plain", "--json", home=sold.till).values["file"]
    database = open_sqlite(Path(copy), (sold.till / "till.key").read_bytes())
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM document").scalar() == 3
    database.close()


@pytest.mark.parametrize("side", ["till", "centre"])
def test_a_backup_is_closed_to_a_key_and_opens_with_the_other_half(
    sold: World, tmp_path: Path, side: str
) -> None:
    home, identity, opened = getattr(sold, side), tmp_path / "backup.key", tmp_path / "opened"
    recipient = bohari("backup-key", "--to", identity, "--json").values["recipient"]
    plain = bohari("backup", "--to", tmp_path / "copies", "--json", home=home)
    assert plain.values["code"] == "backup-needs-recipient"
    assert not (tmp_path / "copies").exists()
    made = bohari("backup", "--to", tmp_path / "copies", "--recipient", recipient, "--json", home=home)
    closed = Path(made.values["file"])
    assert (closed.stat().st_mode & 0o777, closed.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert closed.read_bytes().startswith(b"age-encryption.org/v1\n")
    done = bohari("backup-open", closed, "--identity", identity, "--to", opened, "--json")
    assert done.values["bytes"] == opened.stat().st_size > 10_000
    assert side == "till" or opened.read_bytes().startswith(b"PGDMP")


# --- wrong use and known errors ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nonsense",),
        ("verify",),
        ("init", "--org", "X"),
        ("recalculate", "--home", "x"),
        ("recalculate", "--home", "x", "--all", "--kind", "stock"),
        ("recalculate", "--home", "x", "--kind", "nonsense"),
        ("server", "--home", "x", "--port", "70000"),
        ("import", "sales", "--home", "x"),
        ("explain", "--home", "x"),
        ("verify", "--home", "x", "--nonsense"),
    ],
)
def test_wrong_use(words: tuple[str, ...]) -> None:
    done = bohari(*words, "--json")
    assert done.code == 2
    assert done.values["error"] == done.stderr.strip()


def test_bytes_that_are_no_text(sold: World) -> None:
    for words in (("explain", "customer", "\udcff"), ("enrol-code", "--depot", "\udcff")):
        done = bohari(*words, "--json", home=sold.till)
        assert (done.code, done.stderr.strip()) == (2, done.values["error"])
        assert "is not text" in done.stderr


def test_a_till_explains_a_price_as_the_centre_does(sold: World) -> None:
    """Of lists that came by the feed; what nobody can answer is a sentence there too."""
    for words in (
        ["add", "TOWN", "--name", "Town", "--everybody"],
        ["price", "TOWN", "GAS13", "3400"],
        ["price", "TOWN", "GAS13", "3300", "--from-quantity", "10"],
    ):
        assert bohari("price-list", *words, "--json", home=sold.centre).code == 0
    assert bohari("syncd", "--once", "--json", home=sold.till).code == 0
    asked = ("explain", "price", "GAS13", "--customer", "C1", "--quantity", "10", "--json")
    here, there = (bohari(*asked, home=home).values for home in (sold.till, sold.centre))
    assert (here["price"], here["total"]) == ("3300.00", "33000.00")
    assert [step["code"] for step in here["steps"]] == [
        "price-by-list", "price-break-reached", "price-passed-over", "price-comes-to",
    ]  # fmt: skip
    assert {**here, "at": ""} == {**there, "at": ""}
    for nonsense, code in (
        (["NIX"], "product-unknown"),
        (["GAS13", "--customer", "C9"], "party-unknown"),
        (["GAS13", "--quantity", "many"], "not-a-number"),
    ):
        ran = bohari("explain", "price", *nonsense, "--json", home=sold.till)
        assert (ran.code, ran.values["code"], ran.stderr.count("\n")) == (1, code, 1)
    past = bohari("explain", "price", "GAS13", "--at", "2026-01-01", "--json", home=sold.till).values
    assert (past["price"], past["steps"][0]["code"]) == ("3250.00", "price-then-by-today")


def test_any_alphabet_on_any_terminal(sold: World) -> None:
    done = bohari("explain", "customer", "漢", "--json", home=sold.till, PYTHONIOENCODING="ascii")
    assert done.code == 1
    assert "“漢”" in done.values["error"]


def test_what_does_not_hold_is_said_beside_the_json(sold: World) -> None:
    path = sold.folder / "refused.csv"
    path.write_text(SALES.replace("\n1,", "\n92,"))
    done = bohari("import", "sales", path, "--strict", "--json", home=sold.till)
    assert (done.code, done.values["ok"]) == (1, False)
    assert "Nothing was imported: --strict." in done.stderr


def test_a_bare_command_says_what_there_is() -> None:
    done = bohari()
    assert (done.code, done.stdout) == (2, "")
    assert "recalculate" in done.stderr


def test_homes_that_are_none_or_the_other_kind(sold: World, tmp_path: Path) -> None:
    a_file = tmp_path / "file"
    a_file.touch()
    for home, words, said in (
        (tmp_path, ("verify",), "There is no home in"),
        (a_file, ("verify",), "There is no home in"),
        (a_file, ("init", "--org", "X"), "cannot be written"),
        (tmp_path / ("x" * 300), ("status",), "cannot be read"),
        (sold.centre, ("syncd", "--once"), "is a central home; this needs a till home"),
        (sold.till, ("enrol-code",), "is a till home; this needs a central home"),
        (sold.till, ("init", "--org", "X"), "is a till home"),
        (sold.centre, ("init", "--org", "X"), "central home already"),
        (sold.centre, ("enrol", "--server", "http://127.0.0.1:9", "--code", "X"), "central home"),
        (sold.till, ("enrol", "--server", "http://127.0.0.1:9", "--code", "X"), "enrolled already"),
        (tmp_path / "new", ("init", "--org", " "), "needs a name"),
        (tmp_path / "new", ("init", "--org", "X", "--currency", "shilling"), "not a currency code"),
    ):
        done = bohari(*words, "--json", home=home)
        assert done.code == 1, done
        assert said in done.values["error"]
        assert done.stderr.strip() == done.values["error"]
    assert not (tmp_path / "new").exists()


def test_the_home_of_the_environment(sold: World) -> None:
    assert bohari("status", "--json", BOHARI_HOME=str(sold.till)).values["terminal"] == 1


def test_a_damaged_database_is_said_and_left_as_it_is(sold: World, tmp_path: Path) -> None:
    home = tmp_path / "till"
    shutil.copytree(sold.till, home)
    path = home / "till.db"
    path.write_bytes(os.urandom(path.stat().st_size))
    before = path.read_bytes()
    for words in (("verify",), ("status",), ("import", "sales", str(sold.folder / "sales.csv"))):
        done = bohari(*words, "--json", home=home)
        assert done.code == 1
        assert "damaged or has another key" in done.values["error"]
    assert path.read_bytes() == before
    assert any(not one["ok"] for one in bohari("doctor", "--json", home=home).values["findings"])


def test_a_missing_or_short_key(sold: World, tmp_path: Path) -> None:
    home = tmp_path / "till"
    shutil.copytree(sold.till, home)
    (home / "till.key").write_bytes(b"short")
    assert "5 bytes" in bohari("status", "--json", home=home).values["error"]
    (home / "till.key").unlink()
    assert "is missing" in bohari("status", "--json", home=home).values["error"]
    shutil.copyfile(sold.till / "till.key", home / "till.key")
    (home / "till.db").unlink()
    assert "database is missing" in bohari("status", "--json", home=home).values["error"]
    assert not (home / "till.db").exists()


def test_files_that_are_none(sold: World) -> None:
    empty = sold.folder / "empty.csv"
    empty.write_bytes(b"")
    for words in (
        ("import", "products", empty),
        ("import", "customers", empty),
        ("import", "products", "no.csv"),
    ):
        done = bohari(*words, "--json", home=sold.centre)
        assert done.code == 1
        assert done.values["error"]
    assert bohari("import", "sales", empty, "--json", home=sold.till).code == 1


def test_bad_settings(sold: World, tmp_path: Path) -> None:
    home = tmp_path / "till"
    shutil.copytree(sold.till, home)
    (home / "bohari.toml").write_text("kind = [")
    done = bohari("status", "--json", home=home)
    assert done.code == 0 or "cannot be read" in done.values["error"]
    assert bohari("server", "--json", home=sold.centre, BOHARI_PORT="many").code == 1


def test_who_reads_us_may_stop(sold: World) -> None:
    done = subprocess.run(
        f"{' '.join(COMMAND)} export journal --home {sold.centre} | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        env=owners_environment(sold.centre),
    )
    assert done.stderr == ""
    assert done.stdout != ""


def test_help_is_quick_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; from pos_app import cli\n"
        "heavy = {'PySide6', 'fastapi', 'alembic', 'sqlalchemy', 'pydantic', 'rich', 'httpx'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
