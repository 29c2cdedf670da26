"""What a medium does to whoever writes it: it fails, lies, hangs, and stands between two histories."""

import errno
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos_app.bootstrap import till_signing
from pos_app.ledger.errors import Unavailable
from pos_app.store.medium import medium_state, segment
from pos_app.store.medium.copier import Copier
from pos_app.store.medium.keeper import Chosen, Keeper
from pos_app.store.medium.medium_state import Keep
from tests.conftest import prepared_till
from tests.support.refused import raises
from tests.unit.store.test_medium import Till, made, standing


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    one = made(tmp_path / "till", tmp_path / "stick")
    yield one
    one.database.close()


def test_a_medium_that_fails_takes_no_handle_with_it(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    till.sell()
    copy, handles = till.copier(), Path("/proc/self/fd")
    before = len(list(handles.iterdir()))
    with monkeypatch.context() as broken:
        broken.setattr(segment, "sync_folder", fails)
        for _ in range(20):
            with raises(Unavailable, "medium-fails"):
                copy.catch_up()
    assert len(list(handles.iterdir())) <= before + 1
    copy.catch_up()
    assert till.held() == till.own()


def fails(*_: object) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_what_was_not_synced_is_written_again(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel reads back what it could not write."""
    till.sell()
    copy = till.copier()
    copy.catch_up()
    till.sell()
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fails)
        with raises(Unavailable, "medium-fails"):
            copy.catch_up()
    assert [one.seq for one in till.held()] == [1]
    assert copy.catch_up() == 2
    assert till.held() == till.own()


def test_what_a_lost_history_never_sent_is_not_let_go(till: Till, tmp_path: Path) -> None:
    till.sell(2)
    till.acknowledge(2)
    shutil.copytree(till.home, tmp_path / "old")
    till.sell(3)
    till.copier().catch_up()
    lost = {one.hash for one in till.held() if one.seq > 2}
    database = prepared_till(tmp_path / "old")
    database.sign_with(till_signing(tmp_path / "old"))
    again = replace(till, database=database, home=tmp_path / "old")
    again.sell(4)
    again.copier().catch_up()
    again.acknowledge(6)
    again.copier(Keep(30, 1)).catch_up()
    assert lost <= {one.hash for one in again.held()}
    database.close()


def test_what_cannot_be_deleted_or_read_there_stops_no_copy(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.sell(2)
    till.copier().catch_up()
    till.acknowledge(2)
    (old,) = till.files()
    os.utime(old, (time.time() - 31 * 86_400,) * 2)
    till.sell(3)
    with monkeypatch.context() as locked:
        locked.setattr(Path, "unlink", denied)
        assert till.copier().catch_up() == 5
    till.sell()
    opens = Path.open

    def opened(path: Path, *how: Any, **more: Any) -> Any:
        if path == old:
            fails()
        return opens(path, *how, **more)

    with monkeypatch.context() as worn:
        worn.setattr(Path, "open", opened)
        assert till.copier().catch_up() == 6
    assert [one.seq for one in till.held()] == [1, 2, 3, 4, 5, 6]


def denied(*_: object, **__: object) -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def test_what_was_ended_while_it_hung_leaves_no_warning(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[Chosen | None] = [till.chosen()]
    keeping = Keeper(till.database, till.home, lambda: chosen[0])
    till.sell()
    keeping.turn()

    def hangs(_: Copier) -> int:
        chosen[0] = None
        raise Unavailable("medium-missing", folder="x")

    with monkeypatch.context() as hung:
        hung.setattr(Copier, "catch_up", hangs)
        keeping.turn()
    keeping.turn()
    assert standing(till)[0] == ""
    assert medium_state.read(till.home) is None
