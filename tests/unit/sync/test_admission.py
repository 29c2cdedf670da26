"""Admission: batches leave room for small requests, everybody waits in turn, nobody takes all places."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from sync.server import admission
from sync.server.admission import EXPRESS_BYTES, Admission
from sync.server.errors import Busy

BATCH = EXPRESS_BYTES + 1


class Works:
    """Work that lasts until the test lets it end, and who began it in which order."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.let_go = threading.Event()
        self.most_at_once = self._at_once = 0
        self._lock = threading.Lock()

    def of(self, name: str) -> Callable[[], str]:
        def work() -> str:
            with self._lock:
                self.begun.append(name)
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
            self.let_go.wait(20)
            with self._lock:
                self._at_once -= 1
            return name

        return work


async def settled(works: Works, count: int) -> None:
    """Wait until so much has begun, and a moment for what must not begin."""
    for _ in range(400):
        if len(works.begun) >= count:
            break
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)


def play(scene: Callable[[Admission, Works], Coroutine[Any, Any, None]], places: int = 8) -> None:
    works = Works()

    async def run() -> None:
        room = Admission(places)
        try:
            async with asyncio.timeout(20):
                await scene(room, works)
        finally:
            works.let_go.set()
            room.close()

    asyncio.run(run())


def test_a_small_request_passes_the_batches_that_wait() -> None:
    async def scene(room: Admission, works: Works) -> None:
        batches = [
            asyncio.create_task(room.run(f"till {n}", works.of(f"batch {n}"), size_bytes=BATCH))
            for n in range(20)
        ]
        await settled(works, 6)
        # In the order in which they came, and a quarter of the places stays free.
        assert works.begun == [f"batch {n}" for n in range(6)]
        small = [asyncio.create_task(room.run(f"till {n}", works.of(f"sale {n}"))) for n in range(3)]
        await settled(works, 8)
        assert works.begun[6:] == ["sale 0", "sale 1"]
        works.let_go.set()
        assert len(await asyncio.gather(*batches, *small)) == 23
        assert works.most_at_once <= 8

    play(scene)


@pytest.mark.parametrize("places", [1, 2, 3])
def test_few_places_serve_both(places: int) -> None:
    async def scene(room: Admission, works: Works) -> None:
        works.let_go.set()
        asked = [room.run(f"till {n}", works.of(f"{n}"), size_bytes=BATCH if n % 2 else 0) for n in range(12)]
        assert len(await asyncio.gather(*asked)) == 12
        assert works.most_at_once <= places

    play(scene, places)


def test_who_waits_too_long_is_turned_away_and_gives_his_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "WAIT_LIMIT_S", 0.05)

    async def scene(room: Admission, works: Works) -> None:
        first = [asyncio.create_task(room.run(f"till {n}", works.of(f"{n}"))) for n in range(2)]
        await settled(works, 2)
        for size_bytes in (BATCH, BATCH, 0):
            with pytest.raises(Busy):
                await room.run("late", works.of("late"), size_bytes=size_bytes)
        works.let_go.set()
        await asyncio.gather(*first)
        assert await room.run("late", works.of("batch"), size_bytes=BATCH) == "batch"

    play(scene, places=2)


def test_batches_that_wait_do_not_use_up_the_waiting_room_of_small_requests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(admission, "MOST_WAITING", 3)

    async def scene(room: Admission, works: Works) -> None:
        batches = [
            asyncio.create_task(room.run(f"till {n}", works.of(f"{n}"), size_bytes=BATCH)) for n in range(6)
        ]
        await settled(works, 3)
        with pytest.raises(Busy):
            await room.run("one more", works.of("one more"), size_bytes=BATCH)
        works.let_go.set()
        assert await room.run("a sale", works.of("a sale")) == "a sale"
        await asyncio.gather(*batches)

    play(scene, places=4)


def test_one_sender_holds_four_places_and_no_more() -> None:
    async def scene(room: Admission, works: Works) -> None:
        mine = [asyncio.create_task(room.run("till", works.of(f"{n}"))) for n in range(4)]
        await settled(works, 4)
        with pytest.raises(Busy):
            await room.run("till", works.of("fifth"))
        works.let_go.set()
        await asyncio.gather(*mine)
        assert await room.run("till", works.of("later")) == "later"

    play(scene)
