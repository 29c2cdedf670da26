"""One world for the tests of a file."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.web import world as worlds
from tests.web.world import World


@pytest.fixture(scope="module")
def world(
    postgres_url: str, central_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A centre with a till that sold, and its pages."""
    with worlds.opened(postgres_url, central_template, tmp_path_factory.mktemp("web") / "till") as made:
        yield made


@pytest.fixture
def fresh(world: World) -> World:
    """The world with nobody waiting for anything any more, and an application that has seen nobody."""
    world.clock.advance(timedelta(minutes=30))
    world.restart()
    return world
