"""The language in force, sentences under a code, and what becomes of one that a language lacks."""

import copy
from collections.abc import Iterator

import pytest

from pos_app.language import (
    _,
    catalogue,
    current_language,
    heard,
    paper_language,
    plural,
    printed,
    said,
    use_language,
    use_paper_language,
)
from pos_app.ledger.errors import Refused
from tests.support.refused import refused


@pytest.fixture
def swahili() -> Iterator[None]:
    use_language("sw")
    yield
    use_language("en")


@pytest.mark.usefixtures("swahili")
def test_words_and_plurals() -> None:
    assert _("Pay") == "Lipa"
    assert plural(1, "{count} line", "{count} lines") == "mstari 1"
    assert plural(1200, "{count} line", "{count} lines") == "mistari 1,200"


def test_english_needs_no_catalogue_of_the_window() -> None:
    assert current_language() == "en"
    assert _("Pay") == "Pay"
    assert plural(2, "{count} line", "{count} lines") == "2 lines"
    use_language("xx")
    assert current_language() == "en"


def test_paper_does_not_follow_the_window() -> None:
    use_language("sw")
    try:
        assert paper_language() == "en"
        assert printed("a text that nobody prints") == "a text that nobody prints"
    finally:
        use_language("en")
    use_paper_language("yy")
    assert paper_language() == "en"


@pytest.mark.usefixtures("swahili")
def test_a_code_that_nobody_here_knows_is_said_as_it_was_heard() -> None:
    refusal = Refused(heard("The moon is full.", "moon-full", {"of": "cheese"}))
    assert refusal.sentence == "The moon is full."
    assert refusal.code == "moon-full"
    assert refusal.facts == {"of": "cheese"}


def test_a_code_without_a_sentence_is_still_said() -> None:
    assert said("moon-full", of="cheese", count=3) == "moon-full of=cheese count=3"


def test_facts_are_numbers_or_text() -> None:
    class Odd:
        def __str__(self) -> str:
            return "odd"

    facts = said("moon-full", one=1, odd=Odd(), yes=True).facts
    assert facts == {"one": 1, "odd": "odd", "yes": "True"}


def test_a_sentence_is_a_text_and_keeps_its_code_in_a_copy() -> None:
    sentence = said("moon-full", of="cheese")
    assert type(str(sentence)) is str
    again = copy.copy(sentence)
    assert (again, again.code, again.facts) == (sentence, sentence.code, sentence.facts)


def test_a_test_goes_by_the_code() -> None:
    with refused("moon-full", of="cheese"):
        raise Refused("moon-full", of="cheese", night=3)
    with pytest.raises(AssertionError, match="moon-half"), refused("moon-full"):
        raise Refused("moon-half")


def test_a_catalogue_is_read_once() -> None:
    assert catalogue("errors", "sw") is catalogue("errors", "sw")
