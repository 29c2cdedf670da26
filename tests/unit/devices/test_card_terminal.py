"""A card terminal over a real socket: every way in which an answer comes, comes late, or does not come."""

import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pos_app.devices.card_stand_in import CardStandIn
from pos_app.devices.card_terminal import CardAnswer, CardResult, SocketTerminal, card_terminal
from tests.support.refused import refused

UNKNOWN = CardAnswer(CardResult.UNKNOWN)


def terminal_of(stand_in: CardStandIn, answer_s: float = 5.0) -> SocketTerminal:
    host, port = stand_in.address.removeprefix("tcp://").split(":")
    return SocketTerminal(host, int(port), connect_s=1.0, answer_s=answer_s)


def test_approved_and_the_same_request_is_the_same_payment() -> None:
    with CardStandIn() as stand_in:
        terminal = terminal_of(stand_in)
        first = terminal.pay("a" * 32, 42_000, "KES")
        assert first == CardAnswer(CardResult.APPROVED, "000001")
        assert terminal.pay("a" * 32, 42_000, "KES") == first
        assert terminal.ask("a" * 32) == first
        assert stand_in.charged == {"a" * 32: 42_000}


def test_declined_says_why() -> None:
    with CardStandIn(["decline"]) as stand_in:
        answer = terminal_of(stand_in).pay("a" * 32, 42_000, "KES")
        assert answer == CardAnswer(CardResult.DECLINED, words="No money on it")
        assert stand_in.charged == {}


def test_slow_is_waited_for() -> None:
    with CardStandIn(["slow"], pause_s=0.3) as stand_in:
        assert terminal_of(stand_in).pay("a" * 32, 42_000, "KES").result is CardResult.APPROVED


@pytest.mark.parametrize("manner", ["late", "cut", "garbage"])
def test_what_is_not_answered_is_not_known_and_then_asked(manner: str) -> None:
    with CardStandIn([manner], pause_s=1.0) as stand_in:
        terminal = terminal_of(stand_in, answer_s=0.3)
        assert terminal.pay("a" * 32, 42_000, "KES") == UNKNOWN
        assert terminal.ask("a" * 32) == CardAnswer(CardResult.APPROVED, "000001")
        assert stand_in.charged == {"a" * 32: 42_000}


def test_a_terminal_that_is_off_was_sent_nothing_but_asked_it_says_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        terminal = SocketTerminal("127.0.0.1", taken.getsockname()[1], connect_s=0.5)
        assert terminal.pay("a" * 32, 1, "KES").result is CardResult.UNSENT
        assert terminal.ask("a" * 32) == UNKNOWN


def test_what_was_never_heard_of_stays_unpaid() -> None:
    with CardStandIn() as stand_in:
        terminal = terminal_of(stand_in)
        assert terminal.ask("b" * 32).result is CardResult.DECLINED
        # The request comes after all, by a way that was slower than the question.
        assert terminal.pay("b" * 32, 42_000, "KES").result is CardResult.DECLINED
        assert stand_in.charged == {}


@pytest.mark.parametrize(
    "line",
    [
        b'{"request": "other", "result": "approved", "amount": 42000, "slip": "1"}\n',
        b'{"request": "r", "result": "approved", "amount": 41999, "slip": "1"}\n',
        b'{"request": "r", "result": "approved", "amount": 42000, "slip": ""}\n',
        b'{"request": "r", "result": "approved", "amount": "42000", "slip": "1"}\n',
        b'{"request": "r", "result": "approved", "amount": true, "slip": "1"}\n',
        b'{"request": "r", "result": "waiting"}\n',
        b'["request"]\n',
        b"x" * 10_000 + b"\n",
        b"",
    ],
)
def test_any_other_answer_is_none(line: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def once() -> None:
            link, _from = server.accept()
            with link:
                link.recv(4_096)
                link.sendall(line)

        threading.Thread(target=once, daemon=True).start()
        terminal = SocketTerminal("127.0.0.1", server.getsockname()[1], answer_s=2.0)
        assert terminal.pay("r", 42_000, "KES").result is CardResult.UNKNOWN


def test_addresses() -> None:
    assert card_terminal("") is None
    assert isinstance(card_terminal(" tcp://10.0.0.7:9400 "), SocketTerminal)
    for wrong in ("10.0.0.7:9400", "http://10.0.0.7:9400", "tcp://10.0.0.7", "tcp://:9400", "tcp://h:99999"):
        with refused("card-terminal-unknown"):
            card_terminal(wrong)


def test_the_command_stands_in(tmp_path: Path) -> None:
    line = [
        sys.executable,
        "-m",
        "pos_app",
        "stand-in",
        "card",
        "--port",
        "0",
        "--manners",
        "decline approve",
    ]
    with subprocess.Popen([*line, "--seconds", "60"], stderr=subprocess.PIPE, text=True, cwd=tmp_path) as run:
        assert run.stderr is not None
        terminal = card_terminal(run.stderr.readline())
        assert terminal is not None
        assert terminal.pay("a" * 32, 5, "KES").result is CardResult.DECLINED
        assert terminal.pay("b" * 32, 5, "KES").result is CardResult.APPROVED
        run.terminate()
