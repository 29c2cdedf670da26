"""Owns what the window still reads from sentences of the till that carry no code: templates with holes.

The language itself is `pos_app.language`.
"""

import json
import re
from functools import lru_cache
from typing import Final, NamedTuple

from pos_app.language import LANGUAGES, _, current_language, plural, use_language
from resources import resource

__all__: Final = ["LANGUAGES", "_", "current_language", "plural", "sentence", "use_language"]


class _Catalogue(NamedTuple):
    words: dict[str, str]
    templates: tuple[tuple[re.Pattern[str], str], ...]


def sentence(text: str) -> str:
    """A sentence of the till in the language in force, figures and names kept."""
    known = _catalogue(current_language())
    if text in known.words:
        return known.words[text]
    for pattern, spoken in known.templates:
        found = pattern.fullmatch(text)
        if found is not None:
            return spoken.format(*found.groups())
    return _(text)


@lru_cache(maxsize=4)
def _catalogue(language: str) -> _Catalogue:
    """The words and templates of a language; none for English."""
    if language == "en":
        return _Catalogue({}, ())
    read = json.loads(resource("translations", f"{language}.json").read_text(encoding="utf-8"))
    templates = tuple((_pattern(text), spoken) for text, spoken in read["templates"].items())
    return _Catalogue(read["words"], templates)


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(part) for part in template.split("{}")), re.DOTALL)
