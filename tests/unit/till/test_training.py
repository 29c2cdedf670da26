"""Training: a home of its own with the masters of the till, that nobody mistakes and that reaches nobody."""

from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app import bootstrap, settings
from pos_app.cli import training as command
from pos_app.devices.paper import Kick, Text
from pos_app.ledger.clock import SetClock
from pos_app.ledger.line import TenderKind
from pos_app.store.documents import training
from pos_app.store.engine import key, key_store
from pos_app.store.journal import print_jobs
from pos_app.till.till import Till
from tests.support.documents.specimens import MOMENT
from tests.support.refused import refused
from tests.support.worlds.command_line import bohari
from tests.support.worlds.till_fixture import CASHIER, KEY, PINS, Shop


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A till's home at work: a shift is open, and something was sold."""
    folder = tmp_path / "till"
    folder.mkdir()
    shop = Shop.make(folder)
    shop.be(CASHIER)
    shop.open_drawer(5_000_00)
    shop.sell("GAS13")
    shop.database.close()
    key_store.keep(folder, key.FILE, KEY)
    settings.write(folder, kind="till", printer="tcp://127.0.0.1:9100", card_terminal="tcp://127.0.0.1:9")
    return folder


def opened(home: Path) -> Till:
    return Till(bootstrap.till_database(home), SetClock(MOMENT))


def sell(till: Till) -> str:
    """Somebody signs in with the PIN that they have at the real one, opens the drawer, and sells."""
    till.sign_in.sign_in(CASHIER.person_id, PINS[CASHIER.person_id])
    till.drawer.open(100_00)
    basket = till.baskets.new()
    basket.add(till.catalogue.scan("GAS13").product)
    taking = till.checkout(basket)
    taking.add_tender(TenderKind.CASH, taking.total)
    return taking.complete().number


def test_what_is_tried_counts_nowhere_and_says_so(home: Path) -> None:
    apart = command.made(home)
    till = opened(apart)
    assert (till.is_training, till.terminal_no) == (True, training.TERMINAL_NO)
    assert training.MARK in till.place.depot_name
    assert till.shift is None
    number = sell(till)
    # A number of its own, that no till has: the first sale, whatever the real one sold.
    assert number.endswith("999999-S000001")
    with till.database.read() as connection:
        (job,) = [one for one in print_jobs.unfinished(connection) if one.what == "receipt"]
        url = connection.scalar(text("SELECT value FROM setting WHERE name = 'server_url'"))
        numbers = connection.execute(text("SELECT tax_number, mpesa_till, mpesa_paybill FROM business")).all()
    assert url is None
    assert {tuple(row) for row in numbers} == {("", "", "")}
    paper = till.paper_of(job)
    marks = [one for one in paper.blocks if isinstance(one, Text) and one.text == training.MARK]
    assert len(marks) >= 2
    assert paper.blocks[0] == marks[0]
    assert not [one for one in paper.blocks if isinstance(one, Kick)]
    till.close()
    # Looked at and never written: neither documents nor anything else of the real one.
    real = opened(home)
    assert not real.is_training
    assert len(real.receipts.latest(10)) == 1
    real.close()


def test_its_printer_and_card_terminal_are_none_of_the_real_ones(home: Path) -> None:
    chosen = settings.load(command.made(home), {})
    assert (chosen.printer, chosen.card_terminal, chosen.kind) == ("", "", "till")


def test_prices_come_anew_and_what_was_tried_stays(home: Path) -> None:
    till = opened(command.made(home))
    sell(till)
    till.close()
    real = bootstrap.till_database(home)
    with real.write() as connection:
        connection.execute(text("UPDATE product SET price = 12300 WHERE sku = 'GAS13'"))
    real.close()
    till = opened(command.made(home))
    assert till.catalogue.scan("GAS13").product.price == 123_00
    assert till.shift is not None
    till.close()


def test_one_command_throws_it_away(home: Path) -> None:
    apart = command.made(home)
    till = opened(apart)
    sell(till)
    till.close()
    told = bohari("training", "discard", "--json", home=home)
    assert (told.code, told.values["discarded"]) == (0, True)
    assert not apart.exists()
    assert (home / bootstrap.TILL_DATABASE).exists()
    assert bohari("training", "discard", "--json", home=home).values["discarded"] is False


def test_what_lies_in_its_place_is_left_alone(home: Path, tmp_path: Path) -> None:
    (tmp_path / "till-training").mkdir()
    (tmp_path / "till-training" / "accounts.xlsx").write_text("mine")
    with refused("training-place-taken"):
        command.made(home)
    assert (tmp_path / "till-training" / "accounts.xlsx").read_text() == "mine"


def test_a_real_till_in_its_place_is_never_written_nor_thrown_away(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "till-training"
    other.mkdir()
    Shop.make(other).database.close()
    key_store.keep(other, key.FILE, KEY)
    settings.write(other, kind="till")
    with refused("training-place-taken"):
        command.made(home)
    assert bohari("training", "discard", home=home).code != 0
    assert (other / bootstrap.TILL_DATABASE).exists()
