"""A shop for every test: see `tests.support.worlds.till_fixture`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.store.upkeep import findings
from tests.support.documents.specimens import ORG
from tests.support.worlds.depot_fixture import with_books
from tests.support.worlds.till_fixture import CASHIER, MANAGER, Shop


@pytest.fixture
def closed_shop(tmp_path: Path) -> Iterator[Shop]:
    """Nobody is signed in and the drawer is closed."""
    made = Shop.make(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def shop(closed_shop: Shop) -> Iterator[Shop]:
    """A cashier is at the till and 5,000.00 lie in the drawer; afterwards the books must be right."""
    closed_shop.be(CASHIER)
    closed_shop.open_drawer()
    yield closed_shop
    assert closed_shop.drifts() == []
    closed_shop.documents()


@pytest.fixture
def depot(tmp_path: Path) -> Iterator[Shop]:
    """A shop with books (see `depot_fixture`): a manager is at the till, 5,000.00 lie in the drawer."""
    made = with_books(Shop.make(tmp_path))
    made.be(MANAGER)
    made.open_drawer()
    yield made
    assert made.drifts() == []
    made.documents()
    with made.database.read() as connection:
        assert findings.all_of(connection, ORG) == []
    made.database.close()
