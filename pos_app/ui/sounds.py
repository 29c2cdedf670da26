"""Owns the sounds of a till: a scan that was found, one that nothing has, and a no; made here, of no file.

Decisions
---------
2026-12-01  A cashier looks at the goods, not at the screen: what a scan came to is heard.  Each is told from
the others by its pitch and its length.  Qt's own player is a hundred megabytes with its codecs; the three are
some kilobytes, which Windows plays itself and a Linux desktop by one of the players that it has.  Where there
is none the desktop's own bell rings.
"""

import math
import shutil
import sys
import tempfile
import wave
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication

_RATE: Final = 22_050
_LOUD: Final = 9_000
#: Samples over which a tone swells and fades: without it, it clicks.
_SOFT: Final = 220
_PLAYERS: Final = (("pw-play",), ("paplay",), ("aplay", "-q"))


class Sound(StrEnum):
    """What is heard."""

    FOUND = "found"
    UNKNOWN = "unknown"
    REFUSED = "refused"


#: The tones of each: how high in hertz (0 is a pause), and for how many milliseconds.
TONES: Final[dict[Sound, Sequence[tuple[int, int]]]] = {
    Sound.FOUND: ((1_760, 60),),
    Sound.UNKNOWN: ((440, 120), (0, 40), (440, 120)),
    Sound.REFUSED: ((294, 260),),
}


def samples(tones: Sequence[tuple[int, int]]) -> bytes:
    """The tones as sixteen-bit samples, the lowest byte first."""
    made = bytearray()
    for hertz, length_ms in tones:
        many = _RATE * length_ms // 1000
        for at in range(many):
            swell = min(at, many - at, _SOFT) * _LOUD // _SOFT
            level = round(swell * math.sin(2 * math.pi * hertz * at / _RATE)) if hertz else 0
            made += level.to_bytes(2, "little", signed=True)
    return bytes(made)


class Sounds:
    """Plays what is heard while it is switched on; no sound ever holds the window up."""

    def __init__(self, *, on: bool) -> None:
        self.on = on
        self.last: Sound | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._player = next((one for one in _PLAYERS if shutil.which(one[0])), None)

    def play(self, sound: Sound) -> None:
        """Let it be heard, if sounds are on."""
        if not self.on:
            return
        self.last = sound
        path = self._file(sound)
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
        elif self._player is not None:
            QProcess.startDetached(self._player[0], [*self._player[1:], str(path)])
        else:
            QApplication.beep()

    def close(self) -> None:
        """The window is closed: the files of the sounds go."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _file(self, sound: Sound) -> Path:
        """The sound as a file, written when it is first heard."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="bohari-sounds-")
        path = Path(self._folder.name) / f"{sound}.wav"
        if not path.exists():
            with wave.open(str(path), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(_RATE)
                file.writeframes(samples(TONES[sound]))
        return path
