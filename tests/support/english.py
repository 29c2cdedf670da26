"""Owns the search for English where another language should stand: texts of a catalogue nobody looked up."""

import re
from collections.abc import Iterable

from tests.catalogues import entries, forms, msgid, read

#: Shorter texts ("For", "To") stand inside words of every language.
_LEAST_LETTERS = 5


def english_in(texts: Iterable[str], domain: str, language: str = "sw") -> list[str]:
    """The texts that hold an English text of the catalogue which is another in the language."""
    shown = [text for text in texts if text.strip()]
    found = []
    for message in entries(read(domain, language)):
        name = msgid(message)
        if message.context or forms(message)[0] == name:
            continue
        # Another text's translation may be the same word (Total, Lines of nobody): that is no English.
        pattern = _pattern(name)
        found += [f"{text!r} says {name!r}" for text in shown if pattern.search(text)]
    return found


def _pattern(name: str) -> re.Pattern[str]:
    """The text as it would stand in a line: whole, or as words of it where it is long enough."""
    parts = re.split(r"(\{\w*\})", name)
    inside = "".join(".+?" if part.startswith("{") else re.escape(part) for part in parts)
    letters = sum(letter.isalpha() for part in parts if not part.startswith("{") for letter in part)
    if letters < _LEAST_LETTERS:
        return re.compile(rf"\A\W*{inside}\W*\Z")
    return re.compile(rf"(?<!\w){inside}(?!\w)")
