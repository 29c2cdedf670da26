"""Owns the languages of the house: the catalogues of sentences, and which language is in force.

Four catalogues a language lie below `resources/locale` as gettext files.  `errors` has every sentence
with which something is refused, under its code; `window`, `paper` and `web` have the texts of the screens, of
what is printed and of the pages in a browser, under their English.  A sentence of the window or on paper
names its figures in braces (`Due in {count} days`), and so does an error (`Only {left} is left.`), whose
figures are its facts.

The lowest room: everybody may ask it and it asks nobody but `resources`.  A catalogue is read when the first
sentence of it is wanted, so that a till starts without any.

Decisions
---------
2026-11-29  An error is a code with facts, and no English: 522 sentences were recognised by their words, in
tests and by patterns for the Swahili.  English is a catalogue like every other, so that mending a sentence
breaks nobody who reads the code.
2026-11-29  Which of the forms of a number stands (one line, five lines) is decided by the fact that is
called `count`, in every language by its own rule.  A fact that is itself a word of the language says so
in the sentence that holds it, `{what:word}`, and is looked up under its name: whoever raises passes it as
it is.
2026-11-29  Paper has a language of its own: a receipt is the customer's, not the cashier's, and does
not change because somebody signs in who reads another.
2026-11-30  A till speaks one language at a time; a server answers many people at once.  What it says while it
answers one of them is said within `speaking`, screens and paper alike: a report on a page is read by them.
"""

import contextlib
import gettext as standard
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

from resources import resource

#: Every language that the house speaks, under its code, by its own name.
LANGUAGES: Final = {"en": "English", "sw": "Kiswahili"}
#: In which the code is written, and what is not translated stands.
ENGLISH: Final = "en"

Domain: TypeAlias = Literal["errors", "window", "paper", "web"]
#: What an error knows beside its code: figures, and names or amounts as they shall be read.
Facts: TypeAlias = Mapping[str, "int | str"]

#: How a sentence takes in a word of the language: as it is, or beginning the sentence.
WORDS: Final = ("word", "Word")


class _Choice:
    """The languages in force."""

    language = ENGLISH
    paper = ENGLISH


#: The language of whoever is answered just now; empty where nobody in particular is.
_ASKED: Final[ContextVar[str]] = ContextVar("language", default="")


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Everything that this thread says in the block is in this language; an unknown one is English."""
    token = _ASKED.set(language if language in LANGUAGES else ENGLISH)
    try:
        yield
    finally:
        _ASKED.reset(token)


def use_language(language: str) -> None:
    """Speak this language from now on; an unknown one is English."""
    _Choice.language = language if language in LANGUAGES else ENGLISH


def current_language() -> str:
    """The code of the language in force."""
    return _ASKED.get() or _Choice.language


def use_paper_language(language: str) -> None:
    """Print in this language from now on; an unknown one is English."""
    _Choice.paper = language if language in LANGUAGES else ENGLISH


def paper_language() -> str:
    """The code of the language in which is printed."""
    return _ASKED.get() or _Choice.paper


def _(text: str, **values: object) -> str:
    """The text of a screen in the language in force, with the values filled in."""
    spoken = catalogue("window", current_language()).gettext(text)
    return spoken.format(**values) if values else spoken


def plural(count: int, singular: str, many: str, **values: object) -> str:
    """The text of a screen for one, or for `count`, which stands in it as ``{count}``."""
    spoken = catalogue("window", current_language()).ngettext(singular, many, count)
    return spoken.format(count=f"{count:,}", **values)


def word(text: str, of: str) -> str:
    """A word of the house (`cash`, `customer deposit`) in the language in force; `of` says of which kind."""
    return catalogue("errors", current_language()).pgettext(of, text)


def printed(text: str, **values: object) -> str:
    """The text of a paper in the language of paper, with the values filled in."""
    spoken = catalogue("paper", paper_language()).gettext(text)
    return spoken.format(**values) if values else spoken


def web_text(text: str, **values: object) -> str:
    """The text of a page in the language in force, with the values filled in."""
    spoken = catalogue("web", current_language()).gettext(text)
    return spoken.format(**values) if values else spoken


def web_count(count: int, singular: str, many: str, **values: object) -> str:
    """The text of a page for one, or for `count`, which stands in it as ``{count}``."""
    spoken = catalogue("web", current_language()).ngettext(singular, many, count)
    return spoken.format(count=f"{count:,}", **values)


def web_words(text: str) -> str:
    """A text of a page that is looked up later, by `web_said`; the catalogues see it here."""
    return text


def web_said(text: str) -> str:
    """A text of `web_words` in the language in force."""
    return catalogue("web", current_language()).gettext(text)


@lru_cache(maxsize=len(LANGUAGES) * 4)
def catalogue(domain: Domain, language: str) -> standard.NullTranslations:
    """The sentences of a domain in a language; none where the code itself has them."""
    path = resource("locale", language, "LC_MESSAGES", f"{domain}.mo")
    if language == ENGLISH and domain != "errors":
        return standard.NullTranslations()
    with path.open("rb") as file:
        return standard.GNUTranslations(file)


class Sentence(str):
    """What is said to a person under a code: English as it stands, and in another language when asked.

    A text like any other (it can be stored, joined, compared) that still knows what it says.
    A message of the wire takes `str(sentence)`, since msgspec packs no subclass of text.
    """

    __slots__ = ("code", "facts")
    code: str
    facts: Facts

    @property
    def spoken(self) -> str:
        """The sentence in the language in force; as it was heard where that language does not know it."""
        language = current_language()
        if not self.code or language == ENGLISH:
            return str(self)
        return _filled(self.code, self.facts, language) or str(self)

    def __str__(self) -> str:
        return "".join((self,))

    def __reduce__(self) -> tuple[Any, ...]:
        return heard, (str(self), self.code, dict(self.facts))


def said(code: str, /, **facts: object) -> Sentence:
    """The sentence under a code, with its facts; whole numbers stay such, all else becomes text."""
    plain = {name: _plain(value) for name, value in facts.items()}
    return _sentence(_filled(code, plain, ENGLISH) or _untold(code, plain), code, plain)


def kept_code(code: str, *_facts: str) -> str:
    """A code that is kept for later, with the names of its facts; the catalogues see it here."""
    return code


def heard(text: str, code: str = "", facts: Facts | None = None) -> Sentence:
    """A sentence that somebody else put in words: what it says under a code that we may know too."""
    return _sentence(text, code, dict(facts or {}))


def _sentence(text: str, code: str, facts: Facts) -> Sentence:
    made = Sentence(text)
    made.code, made.facts = code, facts
    return made


def _plain(value: object) -> int | str:
    if isinstance(value, Sentence) or type(value) is int:
        return value
    return str(value)


def _untold(code: str, facts: Facts) -> str:
    """A code without a sentence, as it comes from a newer server that put none beside it."""
    return " ".join((code, *(f"{name}={value}" for name, value in facts.items())))


def _filled(code: str, facts: Facts, language: str) -> str | None:
    """The sentence of a language with its facts in it; None when it has none, or one for other facts."""
    form = _form(code, facts.get("count"), language)
    if form is None:
        return None
    shown = {
        name: value if type(value) is int else _Fact(name, value, language) for name, value in facts.items()
    }
    try:
        return form.format_map(shown)
    except (LookupError, ValueError):
        return None


def _form(code: str, count: int | str | None, language: str) -> str | None:
    known = catalogue("errors", language)
    if isinstance(count, int):
        form = known.ngettext(code, "", count)
        if form not in ("", code):
            return form
    form = known.gettext(code)
    return None if form == code else form


class _Fact:
    """A fact on its way into a sentence: a word of the language where the sentence says so."""

    __slots__ = ("_language", "_name", "_value")

    def __init__(self, name: str, value: int | str, language: str) -> None:
        self._name, self._value, self._language = name, value, language

    def __format__(self, how: str) -> str:
        value = self._value
        if isinstance(value, Sentence):
            return _filled(value.code, value.facts, self._language) or str(value)
        if how in WORDS:
            # The name of the fact is the context: one refuses (kurudisha) a refund (marejesho).
            word = catalogue("errors", self._language).pgettext(self._name, str(value))
            return word if how == "word" else word[:1].upper() + word[1:]
        return format(value, how)
