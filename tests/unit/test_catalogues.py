"""The catalogues are whole: all that is said stands in every language, and nothing is kept beside it."""

import ast
from pathlib import Path

import pytest

from pos_app.language import ENGLISH, LANGUAGES
from tests.catalogues import (
    KEPT,
    as_text,
    brought_up_to_date,
    compiled,
    entries,
    faults,
    fields,
    forms,
    msgid,
    path_of,
    read,
    words,
)
from tests.support.spoken import ROOT, modules, raised, uncoded, window_texts

KEEP = pytest.mark.parametrize(("domain", "language"), KEPT)
#: Texts that are the same in both languages.
SAME = {"M-Pesa", "PIN", "VAT", "{count} × {price}"}


@KEEP
def test_every_sentence_stands_in_every_language(domain: str, language: str) -> None:
    assert list(faults(domain, language)) == []


@KEEP
def test_what_the_product_reads_is_what_the_translator_wrote(domain: str, language: str) -> None:
    kept = path_of(domain, language, "mo").read_bytes()
    assert kept == compiled(read(domain, language)), "run python -m tests.catalogues"


@KEEP
def test_a_catalogue_is_in_order(domain: str, language: str) -> None:
    kept = path_of(domain, language).read_bytes()
    assert kept == as_text(brought_up_to_date(domain, language)), "run python -m tests.catalogues"


def test_the_words_in_a_sentence_are_the_same_in_every_language() -> None:
    english = {msgid(one): one for one in entries(read("errors", ENGLISH)) if not one.context}
    for language in LANGUAGES:
        for message in entries(read("errors", language)):
            if message.context:
                continue
            mine, theirs = forms(message), forms(english[msgid(message)])
            assert {name for form in mine for name in words(form)} == {
                name for form in theirs for name in words(form)
            }, msgid(message)
            used = frozenset[str]().union(*(fields(form) for form in mine))
            known = frozenset[str]().union(*(fields(form) for form in theirs))
            assert used - {"count"} == known - {"count"}, msgid(message)


def test_no_error_is_made_of_a_sentence() -> None:
    assert list(uncoded()) == []


def test_one_code_has_the_same_facts_wherever_it_is_raised() -> None:
    facts: dict[str, dict[frozenset[str], str]] = {}
    for one in raised():
        facts.setdefault(one.code, {})[one.facts] = one.where
    assert {code: found for code, found in facts.items() if len(found) > 1} == {}


def test_what_is_looked_for_is_found() -> None:
    assert len(modules()) > 300
    assert len(window_texts()) > 500


def test_nothing_of_the_product_reads_the_catalogues_at_its_start() -> None:
    babel = [path for path, tree in modules() if "babel" in imports(tree)]
    assert babel == []


def imports(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_a_module_that_does_not_parse_is_no_silence(tmp_path: Path) -> None:
    assert all(path.is_relative_to(ROOT) for path, _ in modules())
    with pytest.raises(SyntaxError):
        ast.parse("raise Refused(", str(tmp_path / "broken.py"))
