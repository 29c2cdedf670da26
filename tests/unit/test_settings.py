"""Settings: defaults, then the file, then the environment, then options."""

from pathlib import Path

import pytest

from pos_app import settings
from pos_app.ledger.errors import Damaged, Refused


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
    with pytest.raises(Refused, match="port"):
        settings.load(tmp_path, {"BOHARI_PORT": "many"})
    (tmp_path / "bohari.toml").write_text("port = [")
    with pytest.raises(Damaged, match="cannot be read"):
        settings.load(tmp_path, {})
    (tmp_path / "bohari.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(Damaged):
        settings.load(tmp_path, {})
