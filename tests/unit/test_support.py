"""The file for whoever helps: what is in it, that it is bounded, and what never is."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pos_app import VERSION, settings, support
from tests.support.refused import refused, unavailable
from tests.support.worlds.command_line import bohari

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
SECRETS = {
    "alert_webhook": "https://hooks.example/T0/secret-path",
    "metrics_token": "metrics-secret",
    "database_url": "postgresql://bohari:hunter2@db/books",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    (made / "logs").mkdir(parents=True)
    (made / "postgres" / "base").mkdir(parents=True)
    (made / "postgres" / "base" / "PG_VERSION").touch()
    (made / "till.key").write_text("0f" * 32)
    (made / "receipts").mkdir()
    (made / "receipts" / "000001.png").write_bytes(b"a receipt")
    settings.write(made, kind="till", theme="dark", printer="network://10.0.0.9", **SECRETS)
    (made / "logs" / "till.log").write_text('{"message": "x 0712345678"}\n{"message": "y"}\n')
    return made


def read(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        return {name: file.read(name).decode() for name in file.namelist()}


def test_findings_logs_versions_settings_and_names_are_in_it(home: Path, tmp_path: Path) -> None:
    inside = support.write(home, tmp_path / "help.zip", {"findings": [{"name": "disk"}]}, NOW)
    found = read(tmp_path / "help.zip")
    assert inside == sorted(found)
    assert json.loads(found["doctor.json"]) == {"findings": [{"name": "disk"}]}
    program = json.loads(found["program.json"])
    assert (program["bohari"], program["at"]) == (VERSION, "2026-11-29T12:00:00+00:00")
    assert "sqlalchemy" in {name.lower() for name in program["libraries"]}
    kept = json.loads(found["settings.json"])
    assert (kept["theme"], kept["printer"], kept["metrics_token"], kept["tls_key"]) == (
        "dark",
        "network://10.0.0.9",
        "set",
        "as made",
    )
    assert "till.key" in found["files.txt"]
    assert "postgres" in found["files.txt"]
    assert "PG_VERSION" not in found["files.txt"]
    assert [json.loads(line)["message"] for line in found["logs/till.log"].splitlines()] == ["x […]", "y"]


def test_no_secret_and_nothing_of_the_books_is_in_it(home: Path, tmp_path: Path) -> None:
    support.write(home, tmp_path / "help.zip", {}, NOW)
    said = "\n".join(read(tmp_path / "help.zip").values())
    for secret in ("0f0f", "hunter2", "metrics-secret", "hooks.example", "a receipt", "0712345678"):
        assert secret not in said


def test_it_fits_into_a_mail(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(support, "MOST_OF_A_LOG", 1_000)
    monkeypatch.setattr(support, "MOST_OF_ALL", 2_500)
    for number in range(6):
        (home / "logs" / f"till.log.{number}").write_text("old\n" * 1_000 + "last\n")
    support.write(home, tmp_path / "help.zip", {}, NOW)
    logs = {name: text for name, text in read(tmp_path / "help.zip").items() if name.startswith("logs/")}
    assert len(logs) <= 4
    assert sum(len(text) for text in logs.values()) <= 2_500 + 10
    # Of each the end, where it went wrong.
    assert sum(text.endswith("last\n") for text in logs.values()) >= 2


def test_a_file_that_is_there_is_not_written_over(home: Path, tmp_path: Path) -> None:
    (tmp_path / "help.zip").write_text("mine")
    with refused("file-there-already"):
        support.write(home, tmp_path / "help.zip", {}, NOW)
    with unavailable("home-unwritable"):
        support.write(home, tmp_path / "nowhere" / "help.zip", {}, NOW)
    assert (tmp_path / "help.zip").read_text() == "mine"


def test_the_doctor_writes_it_even_for_a_home_that_is_broken(home: Path, tmp_path: Path) -> None:
    (home / "till.db").write_bytes(b"no database")
    said = bohari("doctor", "--support", tmp_path / "help.zip", "--json", home=home)
    assert said.code == 1
    assert json.loads(said.stdout)["support"] == str(tmp_path / "help.zip")
    found = read(tmp_path / "help.zip")
    assert [
        one["ok"] for one in json.loads(found["doctor.json"])["findings"] if one["name"] == "database"
    ] == [False]
    assert "doctor" in found["logs/commands.log"]
