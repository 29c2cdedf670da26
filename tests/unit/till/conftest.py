"""A shop for every test: see `tests.till_fixture`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.till_fixture import CASHIER, Shop


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
