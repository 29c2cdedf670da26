"""The table of events against the source: all that is logged stands in it, with the facts it declares."""

import ast
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app import VERSION
from pos_app.ledger.errors import Refused
from pos_app.log import events, fiscal_events, payment_events, printing_events, recovery_events
from pos_app.log.event import Event
from pos_app.log.events import EVENTS
from pos_app.log.lines import JsonLines

ROOT = Path(__file__).parents[3]
SOURCES = sorted(path for room in ("pos_app", "sync") for path in (ROOT / room).rglob("*.py"))
#: No fact may be named for what must not be in a log.
SECRET = re.compile(r"pin$|key$|phone|mpesa|reference|body|payload|document$|password|token|code$|name")
HARMLESS = {"key", "exit_code"}


def calls() -> Iterator[tuple[str, Event, set[str]]]:
    """Every call of an event's `log`: where, which, with which facts; `**` as the fact `**`."""
    modules = (events, printing_events, payment_events, recovery_events, fiscal_events)
    every = {name: one for module in modules for name, one in vars(module).items()}
    by_variable = {name: one for name, one in every.items() if isinstance(one, Event)}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            for given in node.args:
                # Handed on to what logs it for its caller (`store.master.attempts`).
                if isinstance(given, ast.Attribute) and given.attr in by_variable:
                    yield where, by_variable[given.attr], {"**"}
            if node.func.attr != "log":
                continue
            said = [
                by_variable[one.attr]
                for one in ast.walk(node.func.value)
                if isinstance(one, ast.Attribute) and one.attr in by_variable
            ]
            for event in said:
                yield where, event, {word.arg or "**" for word in node.keywords}


def test_every_event_is_logged_somewhere_with_the_facts_that_it_declares() -> None:
    used: dict[str, set[str]] = {}
    for where, event, facts in calls():
        assert facts - {"**"} <= set(event.facts), where
        used.setdefault(event.name, set()).update(event.facts if "**" in facts else facts)
    assert used == {name: set(event.facts) for name, event in EVENTS.items()}


def test_nothing_is_logged_past_the_table() -> None:
    """A logger of its own would write what nobody declared, and the operations page would not know it."""
    past = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if re.search(r"\bgetLogger\b|\bprint\(|structlog", path.read_text(encoding="utf-8"))
    ]
    assert past == ["pos_app/log/event.py", "pos_app/log/setting_up.py"]


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.name)
def test_an_event_has_a_plain_name_a_meaning_and_no_secret_fact(event: Event) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", event.name)
    assert event.meaning.endswith(".")
    assert event.level in (logging.INFO, logging.WARNING, logging.ERROR)
    # A fact of a name that every line has would be lost.
    every = json.loads(JsonLines("till").format(logging.makeLogRecord({"error": ValueError()})))
    assert not set(event.facts) & {*every, "code", "traceback"}
    assert {fact for fact in event.facts if SECRET.search(fact)} <= HARMLESS


def test_a_fact_that_is_not_declared_is_not_written(caplog: pytest.LogCaptureFixture) -> None:
    events.SIGN_IN_REFUSED.log(person_id=7, failures=2, pin="4711")
    (record,) = caplog.records
    assert record.__dict__["facts"] == {"person_id": 7, "failures": 2}
    assert "4711" not in str(record.__dict__)


def test_known_trouble_has_no_traceback_and_a_fault_has_one(caplog: pytest.LogCaptureFixture) -> None:
    error = Refused("No.")
    events.SYNC_TROUBLE.log(error)
    events.SYNC_FAULT.log(error)
    assert [record.exc_info is not None for record in caplog.records] == [False, True]
    assert [record.__dict__["error"] for record in caplog.records] == [error, error]


def test_the_operations_page_lists_every_line() -> None:
    """Run packaging/log_lines.py when this fails."""
    script = [sys.executable, str(ROOT / "packaging" / "log_lines.py"), "--check"]
    assert (
        subprocess.run(script, check=False, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}).returncode
        == 0
    )


def test_the_version_that_is_logged_is_the_projects() -> None:
    assert f'\nversion = "{VERSION}"\n' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
