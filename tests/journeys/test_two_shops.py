"""Two shops from an empty centre, by commands and files alone, and a day at a real till, offline and back.

An LPG distributor in Singapore and an owner of three businesses in Kenya: founded with shipped templates;
their own numbers, people, customers and stock by command.  The till is enrolled at a server that runs, sells
while no server does, and pushes when it is back; then the independent model of the books judges both sides.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pos_app import bootstrap
from pos_app.ledger import canonical
from pos_app.ledger.clock import SetClock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import Database
from pos_app.store.master import letterheads
from pos_app.store.tables.projections import PROJECTIONS
from pos_app.till.session.sign_in import Action, Approval
from pos_app.till.till import Till
from tests.support.documents.specimens import ORG
from tests.support.oracle.counter_sums import Bought, bill
from tests.support.oracle.model import Model
from tests.support.worlds.command_line import Server, bohari
from tests.support.worlds.office_line import Line
from tests.support.worlds.sync_fixtures import cached
from tests.support.worlds.till_fixture import Shop


@dataclass
class Founded:
    """A centre and a till that are homes of their own; `pins` are the PINs that `person add` printed."""

    folder: Path
    template: str
    line: Line = field(init=False)
    pins: dict[str, str] = field(default_factory=dict)
    port: int = 0

    def __post_init__(self) -> None:
        self.line = Line(self.folder / "centre")
        made = self.line.run("init", "--org", "My shop", "--template", self.template)
        assert made.code == 0, made
        self.pins["OWNER"] = made.values["pin"]

    @property
    def till(self) -> Path:
        return self.folder / "till"

    def do(self, *commands: str) -> None:
        """Play these commands as a file, as the owner would write it."""
        file = self.folder / "own.bohari"
        file.write_text("\n".join(commands), encoding="utf-8")
        played = self.line.run("apply", file)
        assert played.code == 0, played
        for one in played.values["lines"]:
            if "pin" in one["answer"]:
                self.pins[one["answer"]["code"]] = one["answer"]["pin"]

    def stock(self, depot: str, cost: str, *skus: str) -> None:
        """Twenty of each lie at a depot since before the first day."""
        file = self.folder / "opening.csv"
        rows = "".join(f",,,,{sku},{depot},20,{cost}\n" for sku in skus)
        file.write_text("account,debit,credit,business,sku,location,quantity,cost\n" + rows)
        opened = self.line.run("opening", file)
        assert opened.code == 0, opened

    def enrol(self, depot: str) -> None:
        """A till comes to the depot, while the server runs."""
        server = Server(self.line.home)
        try:
            self.port = int(server.url.rpartition(":")[2].strip("/"))
            code = bohari("enrol-code", "--depot", depot, "--json", home=self.line.home).values["code"]
            enrolled = bohari("enrol", "--server", server.url, "--code", code, home=self.till)
            assert enrolled.code == 0, enrolled
        finally:
            server.stop()

    def sync(self) -> None:
        """The server is back: the till pushes and pulls until nothing is left, and it goes again."""
        server = Server(self.line.home, port=self.port)
        try:
            synced = bohari("syncd", "--once", home=self.till)
            assert synced.code == 0, synced
        finally:
            server.stop()

    @contextlib.contextmanager
    def at_till(self, person: str) -> Iterator[Shop]:
        """Somebody at the till, signed in with the PIN that they were told."""
        database = bootstrap.till_database(self.till)
        try:
            clock = SetClock(datetime.now(UTC))
            shop = Shop(self.till, clock, database, Till(database, clock))
            who = next(one for one in shop.till.sign_in.people() if one.code == person)
            shop.till.sign_in.sign_in(who.person_id, self.pins[person])
            yield shop
        finally:
            database.close()

    def judged(self) -> None:
        """Both sides say what pencil and paper say of the documents, all of them at the centre."""
        with bootstrap.central(self.line.home) as centre:
            database, model = centre.database, Model()
            found = _documents(database)
            for document in found:
                model.add(document)
            shown = {one.name: cached(database, one) for one in PROJECTIONS}
            assert model.differences(shown) == []
        till = bootstrap.till_database(self.till)
        try:
            with till.read() as connection:
                here = int(connection.execute(text("SELECT count(*) FROM document")).scalar_one())
                balances = connection.execute(
                    text("SELECT account_code, business_id, amount FROM account_balance WHERE amount <> 0")
                ).all()
        finally:
            till.close()
        assert here == sum(one.terminal_no != SERVER_TERMINAL_NO for one in found) > 0
        there = {(key[2], key[1]): values[0] for key, values in shown["account_balance"].items()}
        assert {(row[0], row[1]): row[2] for row in balances}.items() <= there.items()

    def account(self, code: str) -> int:
        """What stands on an account at the centre, over all businesses."""
        with bootstrap.central(self.line.home) as centre, centre.database.read() as connection:
            found = connection.execute(
                text("SELECT sum(amount) FROM account_balance WHERE account_code = :code"), {"code": code}
            ).scalar_one()
        return int(found or 0)


def _documents(database: Database) -> list[Any]:
    with database.read() as connection:
        private = privacy.of(connection)
        rows = connection.execute(
            text("SELECT org_id, body FROM document ORDER BY recorded_at, terminal_no, seq")
        ).all()
        return [canonical.decode(private.decrypt_bytes(row.org_id, bytes(row.body))) for row in rows]


def pay(shop: Shop, kind: TenderKind, reference: str, *skus: str) -> int:
    """Sell by M-Pesa or another exact way; gives what was paid."""
    basket = shop.basket(*skus)
    checkout = shop.till.checkout(basket)
    total = basket.totals().total
    checkout.add_tender(kind, total, reference)
    checkout.complete()
    return total


def close(shop: Shop, approver: str, amount: int) -> int:
    """Close the drawer with this counted; gives what is over or short."""
    who = next(one for one in shop.till.sign_in.people() if one.code == approver)
    counts = (CashCount(value=amount, pieces=1),)
    return shop.till.drawer.close(counts, approval=Approval(who, Action.CLOSE_DRAWER)).variance


@pytest.fixture(scope="module")
def gas(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    """The distributor in Singapore."""
    shop = Founded(tmp_path_factory.mktemp("gas"), "lpg-singapore")
    shop.do(
        'business edit GAS --legal-name "My Gas Pte. Ltd. (UEN 201912345A)" \\',
        '  --tax-number-name "GST Reg. No." --tax-number M20191234A',
        'person add TAN --name "Tan K. H." --role cashier --depot HSH-KB',
        'person add LIM --name "Lim S." --role manager --depot HSH-KB',
        'parties add C-001 --name "Maxwell Coffee" --role customer:30:2000',
        "prices contract C-001 CYL-12.7 29.8050",
    )
    shop.stock("HSH-KB", "18.00", "CYL-9", "CYL-12.7", "CYL-14", "REG-LP")
    shop.enrol("HSH-KB")
    return shop


def test_a_day_in_singapore(gas: Founded) -> None:
    with gas.at_till("TAN") as shop:
        place = shop.till.place
        assert (place.currency.code, place.time_zone, place.cash_step) == ("SGD", "Asia/Singapore", 5)
        shop.open_drawer(200_00)
        first = shop.document(shop.sell("CYL-12.7", "SRV-DELIVERY").document_id)
        told = bill([Bought(31_00, ONE, 0, 900, True), Bought(5_00, ONE, 0, 900, True)])
        assert (first.total, first.tax_total) == (told.total, told.tax) == (36_00, 2_97)
        # Gas by meter at 4.8650 for a cubic metre: 12.345 of them are 60.058, in the drawer 60.05.
        basket = shop.till.baskets.new()
        basket.add_metered(shop.till.catalogue.scan("GAS-M3").product, 100_000, 112_345)
        metered = shop.document(shop.pay_cash(basket).document_id)
        assert (metered.total, metered.rounding) == (60_06, -1)
        deposit = shop.sell("DEP-12.7")
        assert shop.slip(deposit)
        # By agreement and on account: two cylinders at 29.8050.
        (customer,) = shop.till.customers.search("Maxwell")
        owed = shop.document(shop.sell_on_account(customer, "CYL-12.7", quantity=2 * ONE).document_id)
        assert owed.total == 59_61
        drawer = 200_00 + 36_00 + 60_05 + 50_00
        assert close(shop, "LIM", drawer) == 0
        with shop.database.read() as connection:
            (paper,) = letterheads.sellers(connection, ORG).values()
        assert (paper.tax_number_name, paper.tax_number) == ("GST Reg. No.", "M20191234A")
    gas.sync()
    gas.judged()
    assert gas.account("1300") == 59_61
    assert gas.account("2200") == -(2_97 + 4_96 + 4_92)
    assert gas.account("2320") == -50_00
    assert gas.account("6910") == 1


@pytest.fixture(scope="module")
def depots(tmp_path_factory: pytest.TempPathFactory) -> Founded:
    """The owner of three businesses in Kenya, each with its till number and its PIN of the tax office."""
    shop = Founded(tmp_path_factory.mktemp("depots"), "depots-kenya")
    shop.do(
        "business edit WATER --mpesa-till 5120441 --tax-number-name PIN --tax-number P051000001A",
        "business edit LAUNDRY --mpesa-till 5120442 --tax-number-name PIN --tax-number P051000002B",
        "business edit RETAIL --mpesa-till 5120443 --tax-number-name PIN --tax-number P051000003C",
        'person add JM --name "Joseph M." --role cashier --depot MAIN',
        'person add WN --name "Wanjiku N." --role manager --depot MAIN',
        'parties add C-001 --name "Mama Kanini Hotel" --role customer:30:20000',
        'parties add M-001 --name "Wairimu Muthoni" --role member',
        'parties add E-JM --name "Joseph M." --role employee::15000',
    )
    shop.stock("MAIN", "1000.00", "LPG-R06", "LPG-R13", "SIM-X6", "REG-C")
    shop.enrol("MAIN")
    return shop


def test_a_day_in_kenya(depots: Founded) -> None:
    with depots.at_till("JM") as shop:
        place = shop.till.place
        assert (place.currency.code, place.time_zone) == ("KES", "Africa/Nairobi")
        shop.open_drawer(5_000_00)
        # Each business is paid at its own till number.
        pay(shop, TenderKind.MPESA, "SLK4AB9Z01", "WAT-20R")
        pay(shop, TenderKind.MPESA, "SLK4AB9Z02", "LAU-KG")
        pay(shop, TenderKind.MPESA, "SLK4AB9Z03", "LPG-R06")
        # A basket of all three for cash, another brand's empty among it: refill 3,250, exchange 1,570, ...
        mixed = shop.document(shop.sell("LPG-R13", "SIM-X6", "WAT-5R", "LAU-DUV2").document_id)
        assert mixed.total == 3_250_00 + 1_570_00 + 50_00 + 650_00
        (customer,) = shop.till.customers.search("Kanini")
        shop.sell_on_account(customer, "REG-C")
        shop.sell("DEP-06")
        assert close(shop, "WN", 5_000_00 + mixed.total + 2_000_00) == 0
        with shop.database.read() as connection:
            papers = {one.code: one for one in letterheads.sellers(connection, ORG).values()}
        assert {code: (one.mpesa_till, one.tax_number) for code, one in papers.items()} == {
            "WATER": ("5120441", "P051000001A"),
            "LAUNDRY": ("5120442", "P051000002B"),
            "RETAIL": ("5120443", "P051000003C"),
        }
    depots.sync()
    depots.judged()
    assert [depots.account(code) for code in ("1140", "1141", "1142")] == [180_00, 120_00, 1_420_00]
    # Water is exempt; of everything else 16 of 116 are the tax office's, receipt by receipt.
    receipts = ((120_00,), (1_420_00,), (3_250_00, 1_570_00, 650_00), (850_00,))
    told = [bill([Bought(one, ONE, 0, 1600, True) for one in receipt]) for receipt in receipts]
    assert depots.account("2200") == -sum(one.tax for one in told)
    assert depots.account("4100") == -(180_00 + 50_00)
    assert depots.account("2320") == -2_000_00


def test_a_fourth_business_is_a_command_and_sells_at_the_till_that_is_there(depots: Founded) -> None:
    depots.do(
        'business add WASH --name "Car wash" --mpesa-till 5120444',
        'product add CAR --name "Car, inside and out" --price 580.00 --tax A --business WASH',
        "business edit WATER --mpesa-till 5120449",
    )
    depots.sync()
    with depots.at_till("JM") as shop:
        shop.open_drawer(1_000_00)
        pay(shop, TenderKind.MPESA, "SLK4AB9Z09", "CAR")
        assert close(shop, "WN", 1_000_00) == 0
        with shop.database.read() as connection:
            papers = {one.code: one for one in letterheads.sellers(connection, ORG).values()}
    assert (papers["WASH"].mpesa_till, papers["WATER"].mpesa_till) == ("5120444", "5120449")
    depots.sync()
    depots.judged()
    assert (depots.account("4400"), depots.account("1143")) == (-500_00, 580_00)
