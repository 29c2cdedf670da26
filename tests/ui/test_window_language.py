"""Every word of the window has its Swahili; the till's sentences keep their figures in it."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pos_app.ui
from pos_app.ui.language import _, catalogue, current_language, plural, sentence, use_language
from resources import resource

UI = Path(pos_app.ui.__file__).parent
#: Words that are the same in both languages.
SAME = {"M-Pesa", "PIN", "VAT"}


def spoken(path: Path) -> Iterator[str]:
    """Every text that a module hands to the catalogue."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        places = {"_": (0,), "plural": (1, 2)}.get(node.func.id, ())
        for place in places:
            argument = node.args[place]
            if path.name == "language.py":
                continue
            assert isinstance(argument, ast.Constant), f"{path.name}:{node.lineno}: say it in one piece"
            assert isinstance(argument.value, str)
            yield argument.value


ALL = {text for path in sorted(UI.rglob("*.py")) if "kit" not in path.parts for text in spoken(path)}


def words() -> dict[str, str]:
    read = json.loads(resource("translations", "sw.json").read_text(encoding="utf-8"))
    found = read["words"]
    assert isinstance(found, dict)
    return found


def test_every_text_has_its_swahili() -> None:
    assert ALL - words().keys() == set()


def test_nothing_is_kept_that_nobody_says() -> None:
    assert {text for text in words() if not text.endswith(".")} - ALL == set()


def test_the_fields_of_a_translation_are_those_of_its_text() -> None:
    for text, translated in words().items():
        assert set(re.findall(r"\{\w*\}", text)) == set(re.findall(r"\{\w*\}", translated)), text
        assert translated
        assert text == translated or text not in SAME


@pytest.fixture
def swahili() -> Iterator[None]:
    use_language("sw")
    yield
    use_language("en")


@pytest.mark.usefixtures("swahili")
def test_sentences_of_the_till_keep_their_figures() -> None:
    assert sentence("The drawer holds 1,250.00 only.") == "Droo ina 1,250.00 tu."
    assert "4006381333931" in sentence("Nothing here has the code “4006381333931”; search it by name.")
    assert sentence("A sentence that nobody translated.") == "A sentence that nobody translated."


@pytest.mark.usefixtures("swahili")
def test_words_and_plurals() -> None:
    assert _("Pay") == "Lipa"
    assert plural(1, "{count} line", "{count} lines") == "mstari 1"
    assert plural(1200, "{count} line", "{count} lines") == "mistari 1,200"


def test_english_needs_no_catalogue() -> None:
    assert current_language() == "en"
    assert _("Pay") == "Pay"
    assert catalogue("en").words == {}
    use_language("xx")
    assert current_language() == "en"
