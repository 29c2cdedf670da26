"""`bohari archive`, `bohari db check` and TLS as scripts call them, on a home with a key of its own."""

import os
from pathlib import Path

import pytest

from tests.faults.test_tls import certificate
from tests.support.worlds.command_line import Ran, bohari


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A central home whose key lies in its file, as it does outside of tests."""
    home = tmp_path_factory.mktemp("keeping") / "SERVER"
    made = run("init", "--org", "Keepers", "--json", home=home)
    assert made.code == 0, made
    return home


def run(*words: str | Path, home: Path | None = None, **environment: str) -> Ran:
    """Without the tests' key."""
    return bohari(*words, home=home, **({"BOHARI_PRIVACY_KEY": ""} | environment))


def test_the_key_of_a_home_is_a_file_of_its_owner(centre: Path) -> None:
    key = centre / "privacy.key"
    assert key.stat().st_mode & 0o777 == 0o600
    aside = key.rename(centre / "aside")
    try:
        lost = run("status", home=centre)
    finally:
        aside.rename(key)
    assert lost.code == 1
    assert "privacy.key" in lost.stderr
    assert "Put it back" in lost.stderr
    assert lost.stderr.count("\n") == 1
    other = run("status", home=centre, BOHARI_PRIVACY_KEY=os.urandom(32).hex())
    assert "is not the one" in other.stderr


def test_a_home_needs_nothing_done(centre: Path) -> None:
    answer = run("db", "check", "--json", home=centre)
    assert answer.code == 0, answer
    assert {"partitions ahead", "feed", "bloat"} <= {one["name"] for one in answer.values["findings"]}


def test_a_new_life_is_begun_by_command(centre: Path) -> None:
    first, second = (run("db", "new-life", "--json", home=centre) for _ in range(2))
    assert (first.code, second.code) == (0, 0), first
    assert first.values["epoch"] != second.values["epoch"]
    assert second.values["restamped"] == 0
    assert run("db", "check", "--json", home=centre).code == 0


def test_an_archive_is_made_and_verified(centre: Path, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    made = run("archive", "--to", folder, "--json", home=centre)
    assert made.code == 0, made
    assert made.values["documents"] == 0
    alone, held = (
        run("archive", "verify", folder, "--json"),
        run("archive", "verify", folder, "--json", home=centre),
    )
    assert (alone.code, held.code) == (0, 0)
    assert alone.values["signed_by"] == held.values["signed_by"] != ""
    (folder / "org-1" / "audit.jsonl.zst").write_bytes(b"")
    damaged = run("archive", "verify", folder, "--json")
    assert damaged.code == 1
    assert damaged.values["problems"]
    assert run("archive", "--json", home=centre).code == 2
    early = run("archive", "--to", tmp_path / "early", "--before", "2026", home=centre)
    assert (early.code, "stays at hand" in early.stderr) == (1, True)


def test_a_server_with_half_its_certificate_does_not_start(centre: Path, tmp_path: Path) -> None:
    pem, _ = certificate(tmp_path, "office")
    answer = run("server", home=centre, BOHARI_TLS_CERTIFICATE=str(pem))
    assert (answer.code, answer.stderr) == (1, "TLS needs both tls_certificate and tls_key.\n")
