"""A real server on a real Postgres, answering on loopback."""

from collections.abc import Iterator

import pytest

from pos_app.store.engine.engine import Database
from tests.faults import sync_process
from tests.support.worlds.sync_fixtures import Centre


@pytest.fixture
def centre(central: Database) -> Iterator[Centre]:
    """A founded centre; its tills are closed in the end."""
    centre = Centre(central)
    yield centre
    centre.close()


@pytest.fixture
def server_url(centre: Centre, central_url: str) -> Iterator[str]:
    """The URL of a real server over the centre, in a process of its own."""
    with sync_process.serving(central_url) as (url, _):
        yield url
