"""docs/security.md says what the code does: limits, times, keys, rights, open pages and closed columns."""

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import argon2
from sqlalchemy import text

from pos_app.ledger.clock import SetClock
from pos_app.ledger.permission import DEFAULT_ROLES, WORDS, Permission
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import Database
from pos_app.store.master import web_secrets
from pos_app.store.master.pin_hash import hash_pin
from pos_app.store.organisation import founding

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
UNITS: Final = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1)}
#: What makes a key, closes, signs or hashes in the product: nothing else of these libraries is used.
REVIEWED: Final = {
    "AESGCM", "AESSIV", "HKDF", "SHA256", "InvalidTag", "InvalidSignature", "Ed25519PrivateKey",
    "Ed25519PublicKey", "SigningKey", "VerifyKey", "CryptoError",
}  # fmt: skip


def _rows(heading: str) -> list[list[str]]:
    """The cells of all tables under a heading, without their heads."""
    part = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in part.splitlines()
        if line[:1] == "|"
    ]
    heads = {number for number, row in enumerate(rows) if set("".join(row)) <= set("-|")}
    return [row for number, row in enumerate(rows) if number not in heads and number + 1 not in heads]


def _constant(where: str) -> Any:
    """The value of `path::NAME` as the module has it."""
    path, name = where.strip("`").split("::")
    module = __import__(path.removesuffix(".py").replace("/", "."), fromlist=[name])
    return getattr(module, name)


def _said(value: str) -> tuple[float, timedelta | None]:
    number, _, unit = value.replace(",", "").partition(" ")
    return float(number), UNITS.get(unit)


def _valued() -> Iterator[tuple[str, str, str]]:
    for heading in ("How long", "How much", "What is costly"):
        yield from ((what, value, where) for what, value, where in _rows(heading))


def test_every_limit_and_time_is_what_the_code_has() -> None:
    rows = list(_valued())
    assert len(rows) > 25
    for what, value, where in rows:
        number, unit = _said(value)
        known = _constant(where)
        seconds = known.total_seconds() if isinstance(known, timedelta) else known
        assert seconds == (number if unit is None else number * unit.total_seconds()), what


def test_every_key_is_long_enough_and_named_with_what_it_is_drawn_by() -> None:
    rows = _rows("Keys and secrets")
    for key, _, algorithm, length, where in rows:
        assert int(length) == _constant(where), key
        assert int(length) * 8 >= 128, key
        assert "MD5" not in algorithm, key
    named = {row[0].strip("`") for row in rows}
    files = {
        node.value
        for room in ("pos_app", "sync")
        for file in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z]+\.key", node.value)
    }
    assert files
    assert files <= named


def test_only_reviewed_parts_of_cryptography_are_used() -> None:
    """No block mode without a check, no padding, no curve but those that are named."""
    used = set()
    for room in ("pos_app", "sync"):
        for file in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in (
                    "cryptography",
                    "nacl",
                ):
                    used |= {one.name for one in node.names}
    assert used == REVIEWED


def test_what_people_know_is_hashed_slowly() -> None:
    """At least the second choice of OWASP's Password Storage Cheat Sheet: argon2id, 19 MiB, two rounds."""
    for kept in (hash_pin("482915"), web_secrets._NOBODYS):
        cost = argon2.extract_parameters(kept)
        assert cost.type is argon2.Type.ID
        assert (cost.memory_cost >= 19_456, cost.time_cost >= 2, cost.salt_len >= 16) == (True, True, True)


def test_a_founding_makes_one_person_whose_pin_was_given(central: Database) -> None:
    """Nobody comes with the program: neither an account nor a PIN that others know."""
    clock, kept = SetClock(datetime(2026, 11, 30, tzinfo=UTC)), hash_pin("482915")
    made = founding.found(central, "A shop", "KES", clock, owner_pin_hash=kept)
    with central.read() as connection:
        people = connection.execute(text("SELECT person_id, code, pin_hash <> '' FROM person")).all()
        assert [tuple(one) for one in people] == [(made.owner_id, "OWNER", True)]
        for table in ("shell_token", "web_secret", "passkey", "enrolment_code"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0, table
    templates = [file.read_text("utf-8") for file in (ROOT / "resources").rglob("*.bohari")]
    assert templates
    assert not any(re.search(r"\bpin\b *=|--pin\b|password", one) for one in templates)


def test_every_right_stands_there_with_the_roles_that_have_it() -> None:
    said = {right.strip("`"): (words, roles) for right, words, roles in _rows("Who may")}
    assert said == {
        one.value: (WORDS[one], ", ".join(code for code, (_, may) in DEFAULT_ROLES.items() if one in may))
        for one in Permission
    }


def test_every_closed_column_stands_there() -> None:
    said = {name for what, _ in _rows("What is personal") for name in re.findall(r"`([\w.]+)`", what)}
    assert said == {one.name for one in vars(privacy).values() if isinstance(one, privacy.Field)}


def test_no_page_is_open_that_is_not_written_down() -> None:
    said = {tuple(row[0].strip("`").split(" ")) for row in _rows("Ways in") if row[0].startswith("`")}
    found = set()
    for file in (ROOT / "pos_app" / "web").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Way":
                if not any(word.arg == "is_open" for word in node.keywords):
                    continue
                path, _, *method = (
                    ast.literal_eval(one) if isinstance(one, ast.Constant) else "" for one in node.args
                )
                found.add((method[0] if method else "GET", path))
    assert found == said


def test_nothing_of_the_tests_is_in_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == {
        "pos_app", "sync", "resources", "migrations",
    }  # fmt: skip
    for room in ("pos_app", "sync"):
        for file in (ROOT / room).rglob("*.py"):
            assert not re.search(
                r"^\s*(from|import) (tests|pytest|demo)\b", file.read_text(encoding="utf-8"), re.M
            ), file
