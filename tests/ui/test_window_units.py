"""Quantities in units at the window: two dozen by ``2dz*``, and nothing finer than its unit is counted in."""

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from demo.simulated_cashier import Hands
from pos_app.ledger.errors import Refused
from pos_app.store.master import units
from pos_app.till.till import Till
from pos_app.ui.parts.typed_code import TypedCode, read_typed
from pos_app.ui.window import MainWindow
from tests.support.refused import refused

Key = Qt.Key


@pytest.fixture
def known(till: Till) -> Till:
    """A till that the feed has brought the units; hoses are cut by the metre."""
    with till.database.write() as connection:
        org_id = int(connection.execute(text("SELECT org_id FROM organisation")).scalar_one())
        units.found(connection, org_id)
        connection.execute(text("UPDATE product SET unit = 'm' WHERE sku = 'REG-C'"))
    return till


def quantities(window: MainWindow) -> list[tuple[str, int]]:
    return [(line.sku, line.quantity) for line in window.session.basket.lines]


@pytest.mark.parametrize(("text", "found"), [
    ("3*A", TypedCode(3000, "A")),
    ("2 dz * A", TypedCode(2000, "A", "dz")),
    ("-1,5kg×A", TypedCode(-1500, "A", "kg")),
    ("250cm*", TypedCode(250_000, "", "cm")),
    ("2dz", TypedCode(1000, "2dz")),
    ("7up", TypedCode(1000, "7up")),
])  # fmt: skip
def test_a_unit_is_read_behind_the_number(text: str, found: TypedCode) -> None:
    assert read_typed(text) == found


def test_two_dozen_are_sold_as_pieces(window: MainWindow, selling: Hands, known: Till) -> None:
    selling.type("2dz*LPG-R13")
    selling.press(Key.Key_Return)
    selling.type("250cm*REG-C")
    selling.press(Key.Key_Return)
    assert quantities(window) == [("LPG-R13", 24_000), ("REG-C", 2500)]


@pytest.mark.parametrize(("typed", "code"), [
    ("1.5*LPG-R13", "quantity-finer-than-unit"),
    ("1.5dz*LPG-R13", "quantity-finer-than-unit"),
    ("2kg*LPG-R13", "unit-of-other-measure"),
    ("2cs*LPG-R13", "unit-of-other-measure"),
    ("2ells*LPG-R13", "unit-unknown"),
    ("99999*LPG-R13", ""),
    ("999999dz*LPG-R13", "quantity-implausible-text"),
])  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_is_added(
    window: MainWindow, selling: Hands, known: Till, typed: str, code: str
) -> None:
    if code:
        wanted, own = read_typed(typed), known.catalogue.scan("LPG-R13").product.unit
        with refused(code):
            known.catalogue.counted(own, wanted.quantity, wanted.unit)
    selling.type(typed)
    selling.press(Key.Key_Return)
    assert bool(window.session.basket.lines) is (not code)


def test_a_till_that_knows_no_units_counts_as_before(till: Till) -> None:
    assert till.catalogue.counted("pc", 1500) == 1500
    with pytest.raises(Refused):
        till.catalogue.counted("pc", 2000, "dz")
