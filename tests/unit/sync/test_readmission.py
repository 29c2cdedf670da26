"""A till that was enrolled after the backup of its centre: known again, with all that it sold."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from pos_app.cli import terminal
from pos_app.office.office import Office
from pos_app.store.organisation import terminal_card
from pos_app.store.organisation.terminal_card import Card
from sync.client.errors import ServerRefused
from tests.conftest import TILL_KEY
from tests.support.refused import refused
from tests.support.worlds.office_line import Line
from tests.support.worlds.sync_fixtures import Centre, Till


@pytest.fixture
def forgotten(centre: Centre, tmp_path: Path) -> Till:
    """A till that the centre does not know any more, since it is as it was before."""
    till = centre.till(tmp_path / "till")
    till.drain()
    (till.folder / "till.key").write_bytes(TILL_KEY)
    with centre.database.write() as connection:
        for table in ("terminal", "drawer"):
            connection.execute(
                text(f"DELETE FROM {table} WHERE org_id = :org AND terminal_no = :till"),
                {"org": centre.org_id, "till": till.who.terminal_no},
            )
    return till


def word_of(till: Till) -> str:
    ran = Line(till.folder).run("terminal", "card")
    assert ran.code == 0, ran
    return str(ran.values["card"])


def test_it_is_told_what_to_do_and_brings_all_that_it_sold(centre: Centre, forgotten: Till) -> None:
    sold = [forgotten.sell().document.document_id for _ in range(3)]
    with pytest.raises(ServerRefused) as told:
        forgotten.drain()
    assert told.value.said.code == "terminal-unknown"
    owner = Office(centre.database, centre.clock, centre.org_id, "OWNER")
    # A message breaks it into lines.
    word = word_of(forgotten)
    answer = terminal.readmit(owner, f"{word[:40]}\n {word[40:]}")
    assert answer.values["terminal"] == forgotten.who.terminal_no
    forgotten.drain()
    assert centre.documents(forgotten.who.terminal_no) == sold
    assert centre.quarantine() == []
    with refused("terminal-known-already"):
        terminal.readmit(owner, word)


def test_a_card_that_does_not_fit_is_refused(centre: Centre, forgotten: Till) -> None:
    owner = Office(centre.database, centre.clock, centre.org_id, "OWNER")
    word = word_of(forgotten)
    swapped = word[:50] + ("A" if word[50] != "A" else "B") + word[51:]
    for wrong in ("", "card", "é", word[:-4], swapped):
        with refused("terminal-card-wrong"):
            terminal.readmit(owner, wrong)
    card = terminal_card.read(word)
    bad: dict[str, Card] = {
        "terminal-card-of-others": msgspec.structs.replace(card, org_id=card.org_id + 1),
        "terminal-card-elsewhere": msgspec.structs.replace(card, depot_id=999),
        "terminal-card-wrong": msgspec.structs.replace(card, keys=()),
    }
    for code, one in bad.items():
        with refused(code):
            terminal.readmit(owner, terminal_card.written(one))
    with pytest.raises(ServerRefused):
        forgotten.drain()
