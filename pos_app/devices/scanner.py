"""Tells a keyboard-wedge scanner from a person by the timing of the keys, without a window.

A wedge scanner types like a keyboard, only faster: a few milliseconds between keys and usually Enter at the
end. Every key that might belong to a scan is held back until the next one (or the silence after it) decides.
What turns out to be typing is handed back in order, to be replayed into whatever has the focus.
"""

import re
from dataclasses import dataclass, field

ENTER = "\r"
TAB = "\t"

_AIM_IDENTIFIER = re.compile(r"\][A-Za-z][0-9A-Za-z]")
"""Symbology identifier: `]`, a code letter, a modifier (ISO/IEC 15424)."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A barcode was scanned.

    `text` is what the label says, without prefix, suffix, symbology identifier and terminator.
    `symbology` is the AIM identifier such as `]E0`, or empty if the scanner sends none.
    `keys` is every key that was consumed, so that nothing is ever unaccounted for.
    """

    text: str
    keys: str
    symbology: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """A person typed: `keys` are to be replayed into the focused widget, in this order."""

    keys: str


Outcome = Scan | Typed


@dataclass(frozen=True, slots=True)
class WedgeSettings:
    """How the scanner of this till is set up.

    `minimum_length`: the shortest text that counts as a scan, in characters.
    `gap_ms`: two keys of one scan are less than this apart. Fast typists need 60 ms and more.
    `terminator_gap_ms`: how long a burst that is already long and fast enough waits for its Enter. No person
    presses Enter so soon after such a burst, and some scanners pause before it.
    `prefix`, `suffix`: what the scanner is set to send around the text; removed.
    `terminators`: keys that end a scan.
    """

    minimum_length: int = 4
    gap_ms: float = 35.0
    terminator_gap_ms: float = 70.0
    prefix: str = ""
    suffix: str = ""
    terminators: frozenset[str] = frozenset({ENTER, "\n", TAB})

    def __post_init__(self) -> None:
        """Refuse settings that would hold keys for ever or call every key a scan."""
        if self.minimum_length < 2:
            raise ValueError("A scan has at least two characters.")
        if not 0 < self.gap_ms <= self.terminator_gap_ms:
            raise ValueError("The gap is positive and not longer than the terminator gap.")


@dataclass(slots=True)
class WedgeRecogniser:
    """A state machine fed with keys and their times; it owns the keys it holds.

    Times are milliseconds of one clock, the time *of the key event*, not of its handling: a window that was
    busy for a second handles a second of typing at once. Call `tick` only when no key event waits, for the
    same reason. Call `flush` before any key that is not a character (arrows, Backspace, shortcuts), or when
    the focus moves, so that held characters arrive before it.
    """

    settings: WedgeSettings = field(default_factory=WedgeSettings)
    _held: list[str] = field(default_factory=list)
    _last_ms: float = 0.0

    @property
    def due_at_ms(self) -> float | None:
        """When `tick` should be called next, or None while nothing is held."""
        if not self._held:
            return None
        return self._last_ms + self._patience_ms()

    def key(self, char: str, at_ms: float) -> list[Outcome]:
        """Take one key: a printable character, a control character of a scanner, or a terminator.

        Returns what became certain by it, oldest first; often nothing yet.
        """
        if len(char) != 1:
            raise ValueError("One key is one character.")
        ends = char in self.settings.terminators
        outcomes: list[Outcome] = []
        if self._held and not self._continues(at_ms, ends):
            outcomes = self.flush()
        if ends:
            # A lone Enter belongs to the person: it is never held, so a button reacts at once.
            self._held.append(char)
            return outcomes + self._release(complete_length=len(self._held) - 1)
        self._held.append(char)
        self._last_ms = at_ms
        return outcomes

    def tick(self, at_ms: float) -> list[Outcome]:
        """Say that it is now `at_ms` and no key came; returns what the silence has decided."""
        due_ms = self.due_at_ms
        if due_ms is None or self._last_ms <= at_ms < due_ms:
            return []
        return self.flush()

    def flush(self) -> list[Outcome]:
        """Decide now about everything held."""
        return self._release(complete_length=len(self._held))

    def _patience_ms(self) -> float:
        return self.settings.terminator_gap_ms if self._is_scan(self._held) else self.settings.gap_ms

    def _continues(self, at_ms: float, ends: bool) -> bool:
        """Whether a key at `at_ms` belongs to the burst that is held. A clock set back breaks the burst."""
        gap_ms = at_ms - self._last_ms
        return 0 <= gap_ms < (self._patience_ms() if ends else self.settings.gap_ms)

    def _is_scan(self, keys: list[str]) -> bool:
        text, _ = self._unwrap("".join(keys))
        # A key held down repeats about every 30 ms: one character over and over is a finger, not a label.
        return len(text) >= self.settings.minimum_length and len(set(text)) > 1

    def _unwrap(self, raw: str) -> tuple[str, str]:
        """The text of the label and its symbology identifier, out of what the scanner typed."""
        text = raw.removeprefix(self.settings.prefix).removesuffix(self.settings.suffix)
        found = _AIM_IDENTIFIER.match(text)
        return (text[found.end() :], found.group()) if found else (text, "")

    def _release(self, complete_length: int) -> list[Outcome]:
        keys, self._held = self._held, []
        if not keys:
            return []
        raw = "".join(keys)
        if self._is_scan(keys[:complete_length]):
            text, symbology = self._unwrap(raw[:complete_length])
            return [Scan(text=text, keys=raw, symbology=symbology)]
        return [Typed(keys=raw)]
