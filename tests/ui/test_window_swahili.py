"""Every screen in Swahili: no text of the catalogue is painted in English."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from sqlalchemy import text

from demo.pictures import Look, draw_screens
from pos_app.language import use_language
from pos_app.till.till import Till
from pos_app.ui.window import MainWindow
from tests.support.english import english_in
from tests.support.painted_text import painted_texts
from tests.ui.test_window_pictures import prepare


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    use_language("en")


def name_in_no_language(till: Till) -> None:
    """Names of the shop are data, and would be taken for the window's words."""
    with till.database.write() as connection:
        for table in ("product", "depot", "business", "location", "account"):
            connection.execute(text(f"UPDATE {table} SET name = 'Zyx ' || rowid"))
        connection.execute(text("UPDATE product SET category = 'Zyx'"))
    place = till.place
    till._context.place = type(place)(**{**vars(place), "depot_name": "Zyx"})


def test_no_screen_says_english(till: Till, tmp_path: Path, qapp: QApplication) -> None:
    name_in_no_language(till)
    prepare(till)
    seen: dict[str, list[str]] = {}

    def look_at(name: str, window: MainWindow) -> None:
        seen[name] = painted_texts(window)

    draw_screens(till, 1, "1111", tmp_path, (Look("light", "sw", 1024, 768),), look_at=look_at)
    assert len(seen) > 40
    assert all(len(texts) > 5 for texts in seen.values())
    assert {name: found for name, texts in seen.items() if (found := english_in(texts, "window"))} == {}
    # On the smallest of the screens that tills have, in the longer of the languages.
    assert {name: found for name, texts in seen.items() if (found := cut_in(texts))} == {}


def cut_in(texts: list[str]) -> list[str]:
    """What did not find its room and was cut: it ends in "…", and no sentence of ours does."""
    return [text for text in texts if text.endswith("…") and not text.startswith("Zyx")]


def test_what_is_painted_is_heard(qapp: QApplication) -> None:
    label = QLabel("Pay")
    label.show()
    assert painted_texts(label) == ["Pay"]
    assert english_in(painted_texts(label), "window") == ["'Pay' says 'Pay'"]
