"""A line: one JSON object in UTC, masked, bounded, with an error's code and traceback."""

import json
import logging
import sys
import time
from datetime import datetime, timedelta
from typing import Any

import pytest

from pos_app.language import heard
from pos_app.ledger.errors import Damaged
from pos_app.log.lines import MOST_TEXT, MOST_TRACE, JsonLines
from pos_app.log.redaction import redacted

SECRETS = (
    "+254 712 345 678",
    "0712345678",
    "0712 345 678",
    "254712345678",
    "SKJ4X8QP2M",
    "0f" * 32,
    "$argon2id$v=19$m=32768,t=2,p=1$c2FsdHNhbHQ$aGFzaA",
    "K7QXM-2PD9A",
    "pXy4Jq0vT1n8mZk3wB5cR7dL9fG2hS6aU0eI4oYxQzE",
)


def line(message: str = "x", error: BaseException | None = None, **extra: Any) -> dict[str, Any]:
    record = logging.LogRecord("bohari.test", logging.WARNING, "a/b.py", 7, message, (), None)
    record.__dict__.update(extra)
    if error is not None:
        record.exc_info = (type(error), error, error.__traceback__)
    text = JsonLines("till").format(record)
    assert "\n" not in text
    found: dict[str, Any] = json.loads(text)
    return found


def raised(error: Exception) -> Exception:
    try:
        raise error
    except type(error):
        caught = sys.exc_info()[1]
    assert isinstance(caught, Exception)
    return caught


def test_a_line_says_when_where_and_who() -> None:
    found = line()
    at = datetime.fromisoformat(found["time"])
    assert at.utcoffset() == timedelta(0)
    assert abs(at.timestamp() - time.time()) < 5
    assert (found["level"], found["program"], found["logger"], found["message"], found["where"]) == (
        "warning",
        "till",
        "bohari.test",
        "x",
        "b:7",
    )


def test_facts_stand_beside_and_cannot_take_the_place_of_what_every_line_has() -> None:
    found = line(facts={"job": 3, "level": "fine", "key": {"org_id": 1, "none": None}, "many": (1, "a")})
    assert (found["job"], found["level"]) == (3, "warning")
    assert (found["key"], found["many"]) == ({"org_id": 1, "none": None}, [1, "a"])


def test_an_error_has_its_class_its_sentence_and_its_code() -> None:
    damaged = Damaged(heard("The file fails its check.", "file-fails"))
    found = line(error=raised(damaged))
    assert (found["error"], found["code"], found["sentence"]) == (
        "Damaged",
        "file-fails",
        "The file fails its check.",
    )
    assert "test_lines.py" in found["traceback"]
    # Another library's `code` is a number of its own.
    foreign = OSError("x")
    foreign.code = 5  # type: ignore[attr-defined]
    assert "code" not in line(error=raised(foreign))


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_is_in_a_line_wherever_it_stood(secret: str) -> None:
    sentence = f"The payment ({secret}) was refused."
    found = json.dumps(
        line(sentence, error=raised(ValueError(sentence)), facts={"reason": sentence, "all": [sentence]})
    )
    assert secret not in found
    assert found.count("was refused") == 5


def test_what_databases_add_to_an_error_is_cut() -> None:
    said = (
        "duplicate key\nDETAIL:  Failing row contains (7, Mama Kanini, 4711).\n"
        "[SQL: INSERT INTO party VALUES ('Mama Kanini')]\n[parameters: {'name': 'Mama Kanini'}]\nend"
    )
    assert redacted(said).count("Mama") == 0
    assert redacted(said).endswith("\nend")
    assert "hunter2" not in redacted("postgresql://bohari:hunter2@db/books password=hunter2 refused")
    assert "4711" not in redacted("The PIN 4711 is wrong")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-29T13:05:17.123+00:00",
        "/usr/lib/python3.11/site-packages/sqlalchemy/engine/base.py, line 1967, in _exec_single_context",
        "test_a_balance_that_is_always_busy_is_left_and_nothing_else_waits",
        "K3-S000033 of terminal 3/17, port 8400, person 42, 3,250.00 KES",
        "No printer answers at network://192.168.1.50:9100.",
    ],
)
def test_what_helps_is_left(text: str) -> None:
    assert redacted(text) == text


def test_a_line_has_an_end() -> None:
    found = line("word " * 10_000, error=raised(ValueError("word " * 50_000)))
    assert len(found["message"]) == MOST_TEXT + 1
    assert len(found["traceback"]) == MOST_TRACE


def test_what_others_write_makes_no_line_of_its_own() -> None:
    forged = 'x"}\n{"level": "error", "message": "forged"}\r\n\x1b[2J\u2028'
    found = line(forged, name_of=forged, error=raised(ValueError(forged)))
    assert found["level"] == "warning"
    assert found["message"].startswith('x"}\n')
