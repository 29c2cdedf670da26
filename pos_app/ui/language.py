"""Owns the language of the window: English in the code, other languages from a catalogue of sentences.

The till's and the ledger's own sentences come with figures and names in them; they are translated by
templates (`The drawer holds {} only.`), and stay English where there is none.
"""

import json
import re
from functools import lru_cache
from typing import Final, NamedTuple

from resources import resource

LANGUAGES: Final = {"en": "English", "sw": "Kiswahili"}


class _Catalogue(NamedTuple):
    words: dict[str, str]
    templates: tuple[tuple[re.Pattern[str], str], ...]


class _Choice:
    """The language in force."""

    language = "en"


def use_language(language: str) -> None:
    """Speak this language from now on; an unknown one is English."""
    _Choice.language = language if language in LANGUAGES else "en"


def current_language() -> str:
    """The code of the language in force."""
    return _Choice.language


def _(text: str, **values: object) -> str:
    """The text in the language in force, with the values filled in."""
    spoken = catalogue(_Choice.language).words.get(text, text)
    return spoken.format(**values) if values else spoken


def plural(count: int, one: str, many: str, **values: object) -> str:
    """The text for one, or the one for `count`, which stands in it as ``{count}``."""
    return _(one if count == 1 else many, count=f"{count:,}", **values)


def sentence(text: str) -> str:
    """A sentence of the till in the language in force, figures and names kept."""
    known = catalogue(_Choice.language)
    if text in known.words:
        return known.words[text]
    for pattern, spoken in known.templates:
        found = pattern.fullmatch(text)
        if found is not None:
            return spoken.format(*found.groups())
    return text


@lru_cache(maxsize=4)
def catalogue(language: str) -> _Catalogue:
    """The words and templates of a language; none for English."""
    if language == "en":
        return _Catalogue({}, ())
    read = json.loads(resource("translations", f"{language}.json").read_text(encoding="utf-8"))
    templates = tuple((_pattern(text), spoken) for text, spoken in read["templates"].items())
    return _Catalogue(read["words"], templates)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(part) for part in template.split("{}")), re.DOTALL)
