"""The page for integrators: what it says to type is typed, with curl, at a server that runs."""

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.ledger.permission import Permission
from pos_app.office.api_door import ApiDoor
from pos_app.web.api import application, operations
from sync.server.run import Serving
from tests.api import program
from tests.web.world import World

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
#: Each block of a shell, played whole: what one line makes the next one uses.
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.S)


@pytest.fixture(scope="module")
def url(world: World) -> Iterator[str]:
    """The API of a server on this machine."""
    serving = Serving(
        world.database,
        clock=world.clock,
        beside=lambda lent: {application.PATH: application.create(ApiDoor(lent, world.clock))},
    )
    thread = threading.Thread(target=serving.run, daemon=True)
    thread.start()
    assert serving.wait_ready(30)
    yield f"{serving.url}{application.PATH}"
    serving.stop()
    thread.join(10)


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl on this machine")
@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_what_the_page_says_to_type_works(world: World, url: str, block: str) -> None:
    assert "curl" in block
    token = program.token(world, "OWNER", *(one.value for one in Permission))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        env={**os.environ, "URL": url, "TOKEN": token},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
    assert done.stdout


def test_every_path_that_is_read_stands_on_the_page() -> None:
    for one in operations.every():
        path = one.path.partition("/{")[0]
        assert f"`{path}`" in PAGE or f"{path}" in PAGE, path
