"""Tells a keyboard-wedge scanner from a person by the timing of the keys, without a window.

A wedge scanner types like a keyboard, only faster: a few milliseconds between keys and usually Enter at the
end. Every key that might belong to a scan is held back until the next one (or the silence after it) decides.
What turns out to be typing is handed back in order, to be replayed into whatever has the focus.

Decisions
---------
2026-11-29  FNC1 inside a label is the group separator, which scanners type as Ctrl+] or by Alt and its
number.  No person types it, so a burst that holds one is a scan for certain and goes on to its terminator,
over longer pauses too.  A scan that ends in silence although this scanner ends its scans with a key was cut
off, and so is what follows it at once: either half may be the code of something else.  It is handed on as
incomplete, and nothing is sold by it.
"""

import re
from dataclasses import dataclass, field

ENTER = "\r"
TAB = "\t"

#: How FNC1 inside a label arrives.
GROUP_SEPARATOR = "\x1d"
#: Symbologies whose labels hold element strings (GS1-128, GS1 DataMatrix, GS1 QR, GS1 DataBar, GS1 DotCode).
_GS1 = frozenset({"]C1", "]d2", "]Q3", "]e0", "]J1"})
#: So long after a scan that was cut off a burst is the rest of it.
_REST_MS = 500.0
#: How much longer a burst with a group separator waits: nobody types one.
_CERTAIN = 4

_AIM_IDENTIFIER = re.compile(r"\][A-Za-z][0-9A-Za-z]")
"""Symbology identifier: `]`, a code letter, a modifier (ISO/IEC 15424)."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A barcode was scanned.

    `text` is what the label says, without prefix, suffix, symbology identifier and terminator.
    `symbology` is the AIM identifier such as `]E0`, or empty if the scanner sends none.
    `keys` is every key that was consumed, so that nothing is ever unaccounted for.
    `complete` is False where the end of the label is missing.
    """

    text: str
    keys: str
    symbology: str = ""
    complete: bool = True

    def label(self) -> "Label":
        """What the label says, with the symbology that it was read from."""
        return Label(self.text, self.symbology)


class Label(str):
    """The text of a label; it carries from which symbology it was read, where the scanner says so."""

    __slots__ = ("symbology",)
    symbology: str

    def __new__(cls, text: str, symbology: str = "") -> "Label":
        made = super().__new__(cls, text)
        made.symbology = symbology
        return made


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
    _first_ms: float = 0.0
    #: Whether this scanner was seen to end a scan with a key.
    _ends_seen: bool = False
    #: When the last scan ended that was cut off.
    _cut_ms: float | None = None

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
            return outcomes + self._release(complete_length=len(self._held) - 1, ended=True)
        if not self._held:
            self._first_ms = at_ms
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
        if GROUP_SEPARATOR in self._held:
            return self.settings.terminator_gap_ms * _CERTAIN
        return self.settings.terminator_gap_ms if self._is_scan(self._held) else self.settings.gap_ms

    def _continues(self, at_ms: float, ends: bool) -> bool:
        """Whether a key at `at_ms` belongs to the burst that is held. A clock set back breaks the burst."""
        gap_ms = at_ms - self._last_ms
        certain = ends or GROUP_SEPARATOR in self._held
        return 0 <= gap_ms < (self._patience_ms() if certain else self.settings.gap_ms)

    def _is_scan(self, keys: list[str]) -> bool:
        text, _ = self._unwrap("".join(keys))
        # A key held down repeats about every 30 ms: one character over and over is a finger, not a label.
        return len(text) >= self.settings.minimum_length and len(set(text)) > 1

    def _unwrap(self, raw: str) -> tuple[str, str]:
        """The text of the label and its symbology identifier, out of what the scanner typed."""
        text = raw.removeprefix(self.settings.prefix).removesuffix(self.settings.suffix)
        found = _AIM_IDENTIFIER.match(text)
        return (text[found.end() :], found.group()) if found else (text, "")

    def _is_complete(self, text: str, symbology: str, *, ended: bool) -> bool:
        """Whether the end of the label came; keeps what is known of how this scanner ends its scans."""
        rest = self._cut_ms is not None and 0 <= self._first_ms - self._cut_ms < _REST_MS
        if ended:
            self._ends_seen, self._cut_ms = True, None
            return not rest
        expected = self._ends_seen or GROUP_SEPARATOR in text or symbology in _GS1
        complete = not rest and not (expected and self.settings.terminators)
        self._cut_ms = None if complete else self._last_ms
        return complete

    def _release(self, complete_length: int, *, ended: bool = False) -> list[Outcome]:
        keys, self._held = self._held, []
        if not keys:
            return []
        raw = "".join(keys)
        if self._is_scan(keys[:complete_length]):
            text, symbology = self._unwrap(raw[:complete_length])
            complete = self._is_complete(text, symbology, ended=ended)
            return [Scan(text=text, keys=raw, symbology=symbology, complete=complete)]
        return [Typed(keys=raw)]
