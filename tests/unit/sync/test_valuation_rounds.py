"""The server values stock by itself: nobody's command, documents of its own chain, the cost on the till."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app import bootstrap, settings
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.line import PartyRole
from pos_app.office import purchasing
from pos_app.office.masters import parties
from pos_app.office.masters.parties import RoleTerms
from pos_app.office.office import Office
from pos_app.office.purchasing import Bought
from pos_app.store.engine.engine import Database
from pos_app.store.engine.terminal_key import load
from pos_app.store.master import enrolment
from pos_app.store.organisation.master_import import put_products
from pos_app.store.organisation.product_row import ProductRow
from pos_app.store.stock import stock_levels
from pos_app.store.stock.valuation_rounds import ValuationRounds
from sync.client.enrol import enrol
from sync.client.known_centre import KnownCentre
from sync.client.transport import HttpTransport
from sync.protocol import signature
from tests.conftest import prepared_till
from tests.support.worlds.command_line import Server, bohari
from tests.support.worlds.sync_fixtures import Centre, Till, drift, sale

#: By then the server has valued what it was sent a second ago; a busy machine takes its time.
_PATIENCE_S = 60.0


def valuations(database: Database) -> int:
    """How many documents of valuation there are."""
    with database.read() as connection:
        return int(
            connection.scalar(text("SELECT count(*) FROM document WHERE kind = 'stock_valuation'")) or 0
        )


def soon(is_so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    ends_s = time.monotonic() + _PATIENCE_S
    while not is_so():
        assert time.monotonic() < ends_s, "it never came"
        time.sleep(0.1)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A central home with ten of a product in stock, bought at 60.00 each; it values every second."""
    made = tmp_path / "SERVER"
    assert bohari("init", "--org", "Depot Ltd", home=made).code == 0
    settings.write(made, value_stock_every_s=1)
    with bootstrap.central(made) as centre:
        office = Office(centre.database, centre.clock, 1, "OWNER")
        parties.add_party(office, "V1", "Total Gas", [RoleTerms(PartyRole.VENDOR, 30)])
        with centre.database.write() as connection:
            row = ProductRow(1, "SKU1", (), "Product 1", 100_00, "A", "Gas", "pc", 1, 1)
            assert put_products(connection, 1, [row]).refusals == []
        purchasing.receive_without_order(office, "V1", [Bought("SKU1", 10_000, 60_00)])
    return made


@pytest.fixture
def till(home: Path, tmp_path: Path) -> Iterator[Till]:
    """A till of that centre, while its server runs in a process of its own."""
    server = Server(home, tmp_path / "server.log")
    database = prepared_till(tmp_path)
    key = tmp_path / "terminal.key"
    try:
        with bootstrap.central(home) as centre:
            code = enrolment.new_code(centre.database.for_org(1), 1, "MAIN", SystemClock())
        who = enrol(database, key, server.url, code)
        transport = HttpTransport(
            server.url,
            load(key),
            signature.terminal_id(who.org_id, who.terminal_no),
            KnownCentre(database),
        )
        made = Till(database, who, transport, tmp_path)
        made.drain()
        yield made
        transport.close()
    finally:
        database.close()
        assert server.stop() == 0


def test_what_a_till_sold_costs_something_without_any_command(home: Path, till: Till) -> None:
    till.journal.record_document(sale(till.who, products=(1,), quantity=4_000))
    till.drain()

    def average() -> int | None:
        till.drain()
        with till.database.read() as connection:
            return stock_levels.average_cost(connection, 1, 1, 1)

    def left() -> int:
        till.drain()
        with till.database.read() as connection:
            return int(connection.scalar(text("SELECT sum(quantity) FROM stock_value")) or 0)

    soon(lambda: left() == 6_000)
    assert average() == 60_00
    with bootstrap.central(home) as centre:
        made = valuations(centre.database)
        assert made >= 1
        with centre.database.read() as connection:
            cost = connection.scalar(
                text("SELECT sum(amount) FROM account_balance WHERE account_code = '5100'")
            )
        assert cost == 240_00
        # Nothing moves: turn after turn nothing is written.
        time.sleep(3)
        assert valuations(centre.database) == made
        assert drift(centre.database) == []
    assert drift(till.database) == []


def _rounds(centre: Centre, every_s: int = 0) -> ValuationRounds:
    return ValuationRounds(centre.database, centre.clock, every_s=every_s)


def test_each_in_its_time_and_a_great_deal_at_once(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = centre.till(tmp_path / "a")
    till.sell()
    till.drain()
    patient = _rounds(centre, every_s=900)
    patient.turn(5_000)
    assert valuations(centre.database) == 0
    monkeypatch.setattr("pos_app.store.stock.valuation_rounds._MANY", 1)
    patient.turn(5_000)
    assert valuations(centre.database) == 1
    # Its own document was looked at too: an idle organisation has nothing above its marks.
    assert patient._waiting() == []


def test_a_small_budget_takes_a_chunk_at_a_time(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_app.store.stock.valuation_rounds._CHUNK_DOCUMENTS", 2)
    till = centre.till(tmp_path / "a")
    for _ in range(5):
        till.sell()
    till.drain()
    rounds, turns = _rounds(centre), 0
    while rounds._waiting():
        rounds.turn(1)
        turns += 1
    assert turns >= 3
    assert drift(centre.database) == []


def test_an_organisation_without_accounts_keeps_no_other_waiting(
    centre: Centre, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    till = centre.till(tmp_path / "a")
    till.sell()
    till.drain()
    with centre.database.write() as connection:
        connection.execute(text("DELETE FROM account WHERE role = 'cost_of_goods'"))
    rounds = _rounds(centre, every_s=900)
    rounds._began_s -= 1_000
    rounds.turn(5_000)
    assert "stock-not-valued" in caplog.text
    assert valuations(centre.database) == 0
    # Once in its time, not in every turn.
    caplog.clear()
    rounds.turn(5_000)
    assert caplog.text == ""
