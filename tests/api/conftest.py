"""One world for the tests of a file, and programs that ask it."""

from collections.abc import Iterator

import pytest

from pos_app.ledger.permission import Permission
from pos_app.web.api.pace import Pace
from tests.api import program
from tests.api.program import Program
from tests.web import world as worlds
from tests.web.world import World


@pytest.fixture(scope="module")
def world(
    postgres_url: str, central_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A centre with a till that sold, and its API."""
    with worlds.opened(postgres_url, central_template, tmp_path_factory.mktemp("api") / "till") as made:
        yield made


@pytest.fixture(scope="module")
def owner(world: World) -> Program:
    """A program of the owner that may do all that they may, as often as it likes."""
    everything = [one.value for one in Permission]
    return Program(program.served(world, Pace(100_000, 100_000)), program.token(world, "OWNER", *everything))
