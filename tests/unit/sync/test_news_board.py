"""Requests that are held open, without a server: who is told when, and what is heard of a busy database."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from sync.server import news
from sync.server.errors import Busy
from sync.server.news import News
from sync.server.news_watch import _over


def within_loop(body: Callable[[News], Awaitable[None]]) -> None:
    async def whole() -> None:
        board = News(chance=lambda: 0.5)
        board.listen(100)
        await body(board)

    asyncio.run(asyncio.wait_for(whole(), 10))


async def begun(
    board: News, org_id: int, terminal_no: int, since: int, wait_s: float = 5
) -> asyncio.Task[int]:
    task = asyncio.ensure_future(board.wait(org_id, terminal_no, since, wait_s))
    await asyncio.sleep(0)
    return task


def test_the_tills_of_the_organisation_that_moved_are_told() -> None:
    async def body(board: News) -> None:
        ours = [await begun(board, 1, number, 100) for number in (1, 2)]
        other = await begun(board, 2, 1, 100, wait_s=0.05)
        board.moved({1: 120})
        assert await asyncio.gather(*ours) == [120, 120]
        assert await other == 0
        assert not board.present()

    within_loop(body)


def test_what_moved_before_the_request_came_is_told_at_once() -> None:
    async def body(board: News) -> None:
        board.moved({1: 120})
        assert await board.wait(1, 1, 119, 5) == 120
        # Below the floor nobody here heard anything.
        assert await board.wait(2, 1, 99, 5) == 100
        assert await board.wait(1, 1, 120, 0.05) == 0

    within_loop(body)


def test_a_second_request_of_a_terminal_ends_the_first() -> None:
    async def body(board: News) -> None:
        first = await begun(board, 1, 1, 100)
        second = await begun(board, 1, 1, 100)
        assert await first == 0
        assert board.present() == {1: [1]}
        board.moved({1: 101})
        assert await second == 101
        assert not board.present()

    within_loop(body)


def test_a_shop_that_never_rests_is_told_at_a_pace() -> None:
    async def body(board: News) -> None:
        loop, told = asyncio.get_running_loop(), 0
        end_s = loop.time() + 0.5
        since = 100
        while loop.time() < end_s:
            board.moved({1: since + 1})
            since = await board.wait(1, 1, since, 5)
            told += 1
        assert told <= 0.5 / news.PACE_S + 2

    within_loop(body)


def test_many_tills_are_told_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "EACH_S", 0.001)

    async def body(board: News) -> None:
        board._chance = iter(number / 200 for number in range(200)).__next__
        waiting = [await begun(board, 1, number, 100) for number in range(200)]
        board.moved({1: 101})
        await asyncio.sleep(0.1)
        done = sum(task.done() for task in waiting)
        assert 0 < done < 200
        assert await asyncio.gather(*waiting) == [101] * 200

    within_loop(body)


def test_no_more_are_held_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "MOST_HELD", 2)

    async def body(board: News) -> None:
        kept = [await begun(board, 1, number, 100) for number in (1, 2)]
        with pytest.raises(Busy):
            await board.wait(1, 3, 100, 5)
        board.stop()
        assert await asyncio.gather(*kept) == [0, 0]
        # Nobody listens: nothing is held.
        assert await board.wait(1, 3, 100, 5) == 0
        # Whoever was let go makes room.
        board.listen(100)
        kept = [await begun(board, 1, number, 100) for number in (1, 2)]
        board.stop()
        assert await asyncio.gather(*kept) == [0, 0]

    within_loop(body)


def test_what_was_heard_is_told_when_nothing_older_is_open() -> None:
    assert _over({1: (120, 120)}, 119) == ({}, {1: (120, 120)})
    assert _over({1: (120, 120)}, 120) == ({1: 120}, {})
    # It went on moving: the first part is told, the rest when it is over.
    assert _over({1: (120, 150)}, 130) == ({1: 120}, {1: (150, 150)})
    assert _over({1: (120, 150)}, 150) == ({1: 150}, {})
