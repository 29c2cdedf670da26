"""Keeps the catalogues below `resources/locale` by what the code says:  python -m tests.catalogues

What is new gets an entry without a translation, what nobody says goes, and all is compiled; then it says
what is missing, and ends with 1 if anything is.  Babel reads and writes the files, but does not look for the
texts: its own extraction passes over a module that does not parse, and here that is an error.
"""

import functools
import io
import re
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from pos_app.language import ENGLISH, LANGUAGES, WORDS
from resources import resource
from tests.support.spoken import Text, paper_texts, raised, web_texts, window_texts

#: Every catalogue that there is: the code itself has the English of all but the errors.
KEPT: Final = tuple(
    (domain, language)
    for domain in ("errors", "window", "paper", "web")
    for language in LANGUAGES
    if domain == "errors" or language != ENGLISH
)
#: A file says when it was made; ours are made again and again, and differ only where a text does.
_EPOCH: Final = datetime(2026, 11, 29, tzinfo=UTC)


class Wanted(NamedTuple):
    """What a catalogue must have: texts by their msgid, and the names of the facts that each may use."""

    texts: frozenset[Text]
    facts: dict[str, frozenset[str]]


def path_of(domain: str, language: str, kind: str = "po") -> Path:
    """Where a catalogue lies."""
    return resource("locale", language, "LC_MESSAGES", f"{domain}.{kind}")


def read(domain: str, language: str) -> Catalog:
    """A catalogue as it is kept.  Raises `PoFileError` where its file is no such file."""
    with path_of(domain, language).open("rb") as file:
        return read_po(file, locale=language, domain=domain, abort_invalid=True)


@functools.cache
def wanted(domain: str) -> Wanted:
    """What the code says in a domain."""
    if domain != "errors":
        texts = {"window": window_texts, "paper": paper_texts, "web": web_texts}[domain]()
        return Wanted(frozenset(texts), {text.one: fields(text.one) | fields(text.many) for text in texts})
    facts: dict[str, frozenset[str]] = {}
    for one in raised():
        facts[one.code] = facts.get(one.code, one.facts) & one.facts
    return Wanted(frozenset(Text(code) for code in facts), facts)


def fields(text: str) -> frozenset[str]:
    """The names in braces of a text.  Raises `ValueError` where its braces do not match."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def words(text: str) -> frozenset[str]:
    """The names in braces that stand for a word of the language."""
    return frozenset(name for _, name, how, _ in string.Formatter().parse(text) if name and how in WORDS)


def entries(catalogue: Catalog) -> Iterator[Message]:
    """The texts of a catalogue, without its head."""
    return (message for message in catalogue if message.id)


def msgid(message: Message) -> str:
    """The text or code of an entry, the one for one where it counts."""
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> tuple[str, ...]:
    """What an entry says, each form of it."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def brought_up_to_date(domain: str, language: str) -> Catalog:
    """The catalogue with an entry for all that is said, and for nothing else."""
    kept = read(domain, language) if path_of(domain, language).exists() else Catalog(language, domain)
    known = {msgid(message): message for message in entries(kept) if not message.context}
    made = Catalog(
        language,
        domain,
        project="Bohari POS",
        version="1",
        fuzzy=False,
        creation_date=_EPOCH,
        revision_date=_EPOCH,
        header_comment=f"# {LANGUAGES[language]}: {domain} of Bohari POS.",
        last_translator="the house",
        language_team="the house",
        copyright_holder="",
        msgid_bugs_address="the house",
    )
    for text in sorted(wanted(domain).texts):
        before = known.get(text.one)
        # How an error counts is the translator's to say: its English is a catalogue too.
        counts = (text.one, text.many) if text.many else before.id if before else text.one
        string = before.string if before and isinstance(before.id, str) == isinstance(counts, str) else ""
        made.add(counts, string or ("" if isinstance(counts, str) else ("", "")))
    for message in sorted((one for one in entries(kept) if one.context), key=msgid):
        made.add(message.id, message.string, context=message.context)
    return made


def as_text(catalogue: Catalog) -> bytes:
    """The catalogue as its file holds it."""
    file = io.BytesIO()
    write_po(file, catalogue, width=100, no_location=True)
    return re.sub(rb"\n+\Z", b"\n", file.getvalue())


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as the product reads it."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def faults(domain: str, language: str) -> Iterator[str]:
    """What is wrong with a kept catalogue, a line each."""
    catalogue, said = read(domain, language), wanted(domain)
    known = {msgid(message) for message in entries(catalogue) if not message.context}
    yield from (f"nobody translated: {text.one}" for text in sorted(said.texts) if text.one not in known)
    for message in entries(catalogue):
        name = msgid(message)
        if not message.context and name not in said.facts:
            yield f"nobody says: {name}"
        elif message.fuzzy or not all(forms(message)):
            yield f"not translated: {name}"
        elif not message.context:
            yield from _misfits(message, said.facts[name], domain)


def _misfits(message: Message, facts: frozenset[str], domain: str) -> Iterator[str]:
    name = msgid(message)
    for form in forms(message):
        try:
            used = fields(form)
        except ValueError as error:
            yield f"{name}: {error} in {form}"
            continue
        if not used <= facts:
            yield f"{name}: no such fact: {', '.join(sorted(used - facts))}"
        if domain != "errors" and facts - used - {"count"}:
            yield f"{name}: leaves out: {', '.join(sorted(facts - used))}"
    if not isinstance(message.id, str) and "count" not in facts:
        yield f"{name}: counts, and has no fact called count"


def write_all() -> None:
    """Bring every catalogue up to date and compile it."""
    for domain, language in KEPT:
        catalogue = brought_up_to_date(domain, language)
        path_of(domain, language).parent.mkdir(parents=True, exist_ok=True)
        path_of(domain, language).write_bytes(as_text(catalogue))
        # Compiled from what was written, as the test does that looks whether it is fresh.
        path_of(domain, language, "mo").write_bytes(compiled(read(domain, language)))


def main() -> int:
    """Bring all up to date, and say what a person must do."""
    write_all()
    missing = [
        f"{language} {domain}: {line}" for domain, language in KEPT for line in faults(domain, language)
    ]
    sys.stderr.write("".join(f"{line}\n" for line in missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
