"""A real server on a real Postgres, answering on loopback."""

import threading
from collections.abc import Iterator

import pytest

from pos_app.store.engine import Database
from sync.server.run import Serving
from tests.sync_fixtures import Centre


@pytest.fixture
def centre(central: Database) -> Iterator[Centre]:
    """A founded centre; its tills are closed in the end."""
    centre = Centre(central)
    yield centre
    centre.close()


@pytest.fixture
def server_url(centre: Centre) -> Iterator[str]:
    """The URL of a server over the centre, in a thread of this process."""
    serving = Serving(centre.database)
    thread = threading.Thread(target=serving.run, name="server")
    thread.start()
    assert serving.wait_ready(10)
    yield serving.url
    serving.stop()
    thread.join()
