"""Settings: defaults, then the file, then the environment, then options."""

import tomllib
from pathlib import Path

import pytest

from pos_app import bootstrap, settings
from pos_app.devices.scanner import WedgeSettings
from pos_app.ledger.errors import Damaged, Refused
from tests.support.refused import damaged, refused


def test_the_later_word_counts(tmp_path: Path) -> None:
    assert settings.load(tmp_path, {}).port == 0
    settings.write(tmp_path, port=8080, printer='file:///dev/usb/lp0?name="x"\\y')
    assert settings.load(tmp_path, {}).port == 8080
    assert settings.load(tmp_path, {}).printer == 'file:///dev/usb/lp0?name="x"\\y'
    assert settings.load(tmp_path, {"BOHARI_PORT": "8081", "BOHARI_HOST": ""}).port == 8081
    assert settings.load(tmp_path, {"BOHARI_PORT": "8081"}, port=0, host=None).port == 0
    assert settings.load(tmp_path, {"BOHARI_PORT": "8081"}).host == "127.0.0.1"


def test_writing_keeps_what_stands_there(tmp_path: Path) -> None:
    settings.write(tmp_path, kind="central")
    settings.write(tmp_path, org_id=3)
    found = settings.load(tmp_path, {})
    assert (found.kind, found.org_id) == ("central", 3)


def test_what_is_unknown_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "bohari.toml").write_text('later = "x"\n[table]\nnot = "ours"\n')
    assert settings.load(tmp_path, {"BOHARI_LATER": "y"}) == settings.Settings()


def test_wrong_values(tmp_path: Path) -> None:
    with refused("setting-malformed") as malformed:
        settings.load(tmp_path, {"BOHARI_PORT": "many"})
    assert "$.port" in str(malformed.value.facts["why"])
    (tmp_path / "bohari.toml").write_text("port = [")
    with damaged("settings-unreadable"):
        settings.load(tmp_path, {})
    (tmp_path / "bohari.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(Damaged):
        settings.load(tmp_path, {})


# -- the scanner's table -----------------------------------------------------------------------------


def scanner_of(home: Path, table: str, **environment: str) -> WedgeSettings:
    (home / "bohari.toml").write_text(f"[scanner]\n{table}\n", encoding="utf-8")
    return bootstrap.scanner_settings(settings.load(home, environment))


def test_a_till_without_the_table_has_a_scanner_as_they_come(tmp_path: Path) -> None:
    assert bootstrap.scanner_settings(settings.load(tmp_path, {})) == WedgeSettings()


def test_the_table_reaches_the_scanner_and_the_environment_goes_before_it(tmp_path: Path) -> None:
    table = 'gap_ms = 55\nterminator_gap_ms = 90\nprefix = "~"\nends_with = "tab"\nminimum_length = 6'
    assert scanner_of(tmp_path, table) == WedgeSettings(6, 55.0, 90.0, "~", "", frozenset("\t"))
    assert scanner_of(tmp_path, table, BOHARI_SCANNER_GAP_MS="50").gap_ms == 50
    assert scanner_of(tmp_path, 'ends_with = ""').terminators == frozenset()


@pytest.mark.parametrize(
    "table",
    [
        "gap_ms = 0",
        "gap_ms = 80",
        "terminator_gap_ms = 5000",
        "minimum_length = 1",
        'ends_with = "escape"',
        'prefix = "\\u0002"',
        "gap = 40",
        'gap_ms = "slow"',
    ],
)
def test_a_scanner_that_cannot_be_is_refused(tmp_path: Path, table: str) -> None:
    with pytest.raises(Refused):
        scanner_of(tmp_path, table)


def test_writing_keeps_the_tables(tmp_path: Path) -> None:
    text = 'theme = "dark"\nshops = ["a"]\n[scanner]\nprefix = "~"\n[later]\nx = 1.5\n[later."a b"]\ny = 1\n'
    (tmp_path / "bohari.toml").write_text(text, encoding="utf-8")
    settings.write(tmp_path, theme="light", org_id=3)
    found = tomllib.loads((tmp_path / "bohari.toml").read_text(encoding="utf-8"))
    assert found == {**tomllib.loads(text), "theme": "light", "org_id": 3}
    assert settings.load(tmp_path, {}).scanner.prefix == "~"
