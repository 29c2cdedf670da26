"""It is heard what a scan came to: found, known to nobody, refused; and nothing where sounds are off."""

import itertools
import wave
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess

from demo.simulated_cashier import Hands
from pos_app.till.till import Till
from pos_app.ui.sounds import TONES, Sound, Sounds, samples
from pos_app.ui.window import MainWindow, Settings
from tests.support.worlds.till_builder import barcode_of
from tests.ui.conftest import Opener


@pytest.fixture
def heard(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> list[Sound]:
    """What is heard at the till, in order."""
    found: list[Sound] = []
    monkeypatch.setattr(window.sounds, "play", found.append)
    return found


def test_found_unknown_and_refused_sound_otherwise(
    heard: list[Sound], selling: Hands, window: MainWindow
) -> None:
    selling.scan(barcode_of(1))
    assert heard == [Sound.FOUND]
    selling.scan("4006381333931")
    assert heard == [Sound.FOUND, Sound.UNKNOWN]
    selling.scan(barcode_of(2)[:-1] + "0")
    assert heard[2:] == [Sound.REFUSED]
    window.session.ways.drawer()
    selling.scan(barcode_of(1))
    assert Sound.FOUND not in heard[3:]


def test_they_are_switched_off_and_that_is_kept(till: Till, open_window: Opener) -> None:
    kept: list[Settings] = []
    window = open_window(till, Settings(keep=kept.append, sounds=True))
    assert window.sounds.on
    window.set_sounds(on=False)
    assert not window.sounds.on
    assert [one.sounds for one in kept] == [False]


def test_each_is_a_short_file_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[str] = []
    monkeypatch.setattr(QProcess, "startDetached", lambda _program, words: played.append(words[-1]))
    made = Sounds(on=True)
    made._player = ("aplay", "-q")
    monkeypatch.setattr("sys.platform", "linux")
    for sound in Sound:
        made.play(sound)
    lengths = []
    for path in played:
        with wave.open(path) as file:
            assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
            lengths.append(file.getnframes())
        assert Path(path).stat().st_size < 20_000
    assert len(set(lengths)) == len(Sound)
    made.on = False
    made.play(Sound.FOUND)
    assert len(played) == len(Sound)
    made.close()
    assert not Path(played[0]).exists()


def test_a_tone_neither_clicks_nor_is_cut_off() -> None:
    for tones in TONES.values():
        made = samples(tones)
        levels = [int.from_bytes(made[at : at + 2], "little", signed=True) for at in range(0, len(made), 2)]
        assert abs(levels[0]) < 100
        assert abs(levels[-1]) < 500
        assert max(levels) < 2**15 - 1
        assert max(abs(one - two) for one, two in itertools.pairwise(levels)) < 9_000
