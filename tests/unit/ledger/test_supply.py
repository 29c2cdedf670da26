"""Which kind of supply a tax code can be, by how it treats a price."""

import pytest

from pos_app.ledger.supply import Supply, check_supply, supply_of
from tests.support.refused import refused


@pytest.mark.parametrize(
    ("word", "treatment", "kind"),
    [
        ("", "inclusive", Supply.USUAL),
        ("usual", "none", Supply.USUAL),
        (" Export ", "zero", Supply.EXPORT),
        ("import", "exclusive", Supply.IMPORT),
        ("blocked", "exempt", Supply.BLOCKED),
    ],
)
def test_a_word_names_a_kind(word: str, treatment: str, kind: Supply) -> None:
    assert check_supply(word, treatment) is kind
    assert supply_of(kind.value) is kind


@pytest.mark.parametrize(
    ("word", "treatment", "code"),
    [
        ("exports", "zero", "tax-supply-unknown"),
        ("x" * 5_000, "zero", "tax-supply-unknown"),
        ("export", "inclusive", "tax-supply-not-so"),
        ("financial", "zero", "tax-supply-not-so"),
        # What cannot be claimed back has no rate: the bill is entered with its whole amount.
        ("blocked", "inclusive", "tax-supply-not-so"),
        ("import", "none", "tax-supply-not-so"),
    ],
)
def test_what_a_code_cannot_be_is_refused(word: str, treatment: str, code: str) -> None:
    with refused(code):
        check_supply(word, treatment)


def test_a_kind_of_tomorrow_is_as_usual() -> None:
    assert supply_of("barter") is Supply.USUAL
