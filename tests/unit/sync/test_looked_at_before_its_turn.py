"""What master data say of a batch is asked while the one before it is written: the same is found, once."""

import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from pos_app.store.journal import centre_journal
from pos_app.store.rules import judges
from sync.server.push_order import PushOrder, Turn
from tests.support.worlds.judged_desk import Desk, kinds
from tests.support.worlds.sync_fixtures import Centre, Till, drift, sale
from tests.unit.sync.test_ingest import as_packets, chained, push
from tests.unit.sync.test_rights_at_ingest import by, hire


@pytest.fixture
def till(centre: Centre, tmp_path: Path) -> Till:
    return centre.till(tmp_path / "till")


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every push meets one before it at work; gives how many documents each look was at."""
    looks: list[int] = []
    look = judges.look

    def counted(connection: Any, org_id: int, batch: Any, held: Any) -> judges.Looked:
        looks.append(len(batch))
        return look(connection, org_id, batch, held)

    monkeypatch.setattr(PushOrder, "is_at_work", lambda *_: True)
    monkeypatch.setattr(judges, "look", counted)
    return looks


def test_an_edited_price_is_flagged_by_one_look(centre: Centre, tmp_path: Path, ahead: list[int]) -> None:
    desk = Desk(centre, tmp_path / "1")
    desk.edit("UPDATE product SET price = 1")
    desk.sell()
    desk.sell("SKU2")
    ahead.clear()
    desk.sync()
    assert kinds(centre) == ["price-foreign"] * 2
    assert len(ahead) == 1


def test_who_had_no_right_is_refused_and_the_rest_go_on(centre: Centre, till: Till, ahead: list[int]) -> None:
    auditor = hire(centre, "AMINA", "auditor")
    forged = msgspec.structs.replace(sale(till.who), depot_id=77)
    drafts = [sale(till.who), by(sale(till.who), auditor), forged, sale(till.who)]
    answer = push(centre, till, as_packets(chained(drafts, till)))
    assert [one.reason for one in answer.set_aside] == [
        "Amina may not sell at this depot.",
        "It says that it was made at another depot than its terminal's.",
    ]
    assert ahead[0] == len(drafts)
    assert drift(centre.database) == []


def test_all_of_a_batch_made_at_another_depot_is_refused(
    centre: Centre, till: Till, ahead: list[int]
) -> None:
    drafts = [msgspec.structs.replace(sale(till.who), depot_id=77) for _ in range(2)]
    answer = push(centre, till, as_packets(chained(drafts, till)))
    assert len(answer.set_aside) == 2
    assert centre.documents() == []


def test_rights_that_change_meanwhile_are_asked_again(centre: Centre, till: Till, ahead: list[int]) -> None:
    person = hire(centre, "AMINA", "cashier")
    at_turn = centre_journal.lock_terminal

    def changed(*arguments: Any, **named: Any) -> Any:
        with centre.database.write() as connection:
            connection.execute(
                text("UPDATE person_role SET role = 'auditor' WHERE person_id = :person"), {"person": person}
            )
        return at_turn(*arguments, **named)

    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setattr(centre_journal, "lock_terminal", changed)
        answer = push(centre, till, as_packets(chained([by(sale(till.who), person)], till)))
    assert len(answer.set_aside) == 1
    assert centre.documents() == []


def test_a_batch_of_which_some_is_known_is_looked_at_anew(
    centre: Centre, till: Till, ahead: list[int]
) -> None:
    sealed = chained([sale(till.who) for _ in range(5)], till)
    push(centre, till, as_packets(sealed[:2]))
    ahead.clear()
    push(centre, till, as_packets(sealed))
    # Before its turn all five, then the three that are new.
    assert ahead == [5, 3]
    assert len(centre.documents()) == 5


def test_who_waits_for_nobody_asks_in_its_own_transaction(
    centre: Centre, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "sync.server.ingest._Batch.look", lambda *_: pytest.fail("a lone push looked before its turn")
    )
    push(centre, till, as_packets(chained([sale(till.who)], till)))
    assert len(centre.documents()) == 1


def test_a_push_is_at_work_until_it_ends() -> None:
    turns, end = PushOrder(), Turn(1, 1, 7)
    inside, leave = threading.Event(), threading.Event()

    def work() -> None:
        with turns.at_work(end):
            inside.set()
            leave.wait(5)

    worker = threading.Thread(target=work)
    worker.start()
    inside.wait(5)
    assert turns.is_at_work(end)
    leave.set()
    worker.join()
    assert not turns.is_at_work(end)
