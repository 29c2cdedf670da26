"""The office's fixture: a centre with an organisation in it."""

import pytest

from pos_app.store.engine.engine import Database
from tests.support.worlds.office_fixture import Desk


@pytest.fixture
def desk(central: Database) -> Desk:
    """An organisation, the accountant at work, nothing recorded."""
    return Desk.make(central)
