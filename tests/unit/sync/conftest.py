"""A founded centre for tests that need no socket."""

from collections.abc import Iterator

import pytest

from pos_app.store.engine.engine import Database
from tests.support.worlds.sync_fixtures import Centre


@pytest.fixture
def centre(central: Database) -> Iterator[Centre]:
    """A founded centre; its tills are closed in the end."""
    centre = Centre(central)
    yield centre
    centre.close()
