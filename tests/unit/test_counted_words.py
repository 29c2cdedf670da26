"""What a command counts, it names in words that fit the number."""

import re
from pathlib import Path

import pytest

import pos_app.cli
from pos_app.cli.answer import counted

#: A figure, and right behind it the plural of a noun: wrong for one of them.
_FIXED_PLURAL = re.compile(r"\{len\(\w+\)\} [a-z ]*[a-z]s\b(?! taken)")


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 flags"), (1, "1 flag"), (2, "2 flags"), (1_000, "1000 flags")]
)
def test_so_many_in_words(number: int, words: str) -> None:
    assert counted(number, "flag") == words


def test_a_plural_of_its_own() -> None:
    assert [counted(number, "party", "parties") for number in (1, 2)] == ["1 party", "2 parties"]


def test_no_command_says_one_flags() -> None:
    folder = Path(pos_app.cli.__file__).parent
    wrong = [
        f"{path.name}: {found}"
        for path in sorted(folder.glob("*.py"))
        for found in _FIXED_PLURAL.findall(path.read_text(encoding="utf-8"))
    ]
    assert not wrong
