"""One world for the tests of a file."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from sync.server.run import Serving
from tests.web import world as worlds
from tests.web.chromium import CHROMIUM
from tests.web.unsettled import set_aside, took_twice
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


@pytest.fixture(scope="module")
def served(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the world's back office, served as `bohari server` does."""
    set_aside(world, 900)
    took_twice(world, "SLK4AOI9Z1", tmp_path_factory.mktemp("twice"))
    serving = Serving(world.database, clock=world.clock, beside=world.beside)
    thread = threading.Thread(target=serving.run, name="served")
    thread.start()
    assert serving.wait_ready(30)
    # `__Host-` cookies are for names of this machine, not for its number.
    yield serving.url.replace("127.0.0.1", "localhost") + "/office"
    serving.stop()
    thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
