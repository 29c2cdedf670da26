"""The peers' complaints about sync, each made impossible: tests named after them (see PRODUCT)."""

import shutil
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from pos_app.bootstrap import till_signing
from pos_app.ledger import canonical
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.travel import Packet
from pos_app.store.documents import terminal
from pos_app.store.engine.errors import Frozen
from pos_app.store.journal import journal
from pos_app.store.tables.projections import PARTY_BALANCE
from pos_app.till.history.history_import import HistoryImport
from pos_app.till.session.context import Context
from pos_app.till.session.sign_in import SignIn
from sync.client.enrol import enrol
from sync.client.errors import HistoryForked, ServerUnreachable
from sync.protocol.messages import PUSH_PATH, PushAnswer, PushRequest
from tests.conftest import prepared_till
from tests.faults import wrong_servers
from tests.support.refused import raises, refused
from tests.support.worlds.sync_fixtures import Centre, Till, bodies, cached, drift, sale, setting, waiting


def send(till: Till, packets: list[Packet]) -> PushAnswer:
    request = PushRequest(
        after_seq=packets[0].seq - 1, after_hash=packets[0].prev_hash, packets=tuple(packets)
    )
    answer: PushAnswer = till.transport.call(PUSH_PATH, request, PushAnswer)
    return answer


def test_complaint_02_receipt_printed_server_has_no_record_and_somebody_is_told(
    server_url: str, centre: Centre, tmp_path: Path
) -> None:
    till = centre.till(tmp_path / "till", server_url)
    till.drain()
    # The line is down: the till says how many documents wait, since when, and why.
    good, till.transport = till.transport, till.line("http://127.0.0.1:1")
    sold = till.sell()
    till.sell()
    with pytest.raises(ServerUnreachable):
        till.daemon().step()
    with till.database.read() as connection:
        state = terminal.sync_state(connection, till.who)
    assert (state.waiting, state.waiting_since) == (2, sold.document.recorded_at)
    assert "No server answers" in state.error
    # The line is back, but the centre cannot book one: both sides are told, and it is kept whole.
    till.transport.close()
    till.transport = good
    with centre.database.write() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " IF NEW.seq = 1 THEN RAISE EXCEPTION 'a fault of the centre'"
                " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
            )
        )
        connection.execute(
            text(
                "CREATE TRIGGER refuse_one BEFORE INSERT ON document"
                " FOR EACH ROW EXECUTE FUNCTION refuse_one()"
            )
        )
    till.drain()
    with till.database.read() as connection:
        state = terminal.sync_state(connection, till.who)
    assert (state.waiting, state.quarantined) == (0, 1)
    (kept,) = centre.quarantine()
    assert (kept.body, kept.terminal_no) == (sold.body, till.who.terminal_no)
    assert "a fault of the centre" in kept.reason


@pytest.mark.parametrize("times", [1, 3])
def test_complaint_03_lost_answer_makes_no_second_order(
    server_url: str, centre: Centre, tmp_path: Path, times: int
) -> None:
    till = centre.till(tmp_path / "till", server_url)
    sold = [till.sell(customer=1) for _ in range(3)]
    with wrong_servers.losing_answers(server_url, "/v1/push", times) as line:
        way = till.line(line)
        till.daemon(way).drain()
        way.close()
    assert centre.documents() == [one.document.document_id for one in sold]
    assert waiting(till) == 0
    assert centre.quarantine() == []
    assert drift(centre.database) == drift(till.database) == []


def test_complaint_05_reused_number_does_not_drop_the_next_sale(
    server_url: str, centre: Centre, tmp_path: Path
) -> None:
    till = centre.till(tmp_path / "till", server_url)
    # A damaged till gives the second sale the printed number and the third the request of the first.
    request_id = "ab" * 16
    packets, before = [], canonical.genesis(till.who.org_id, till.who.terminal_no)
    for seq, number, request in ((1, 1, request_id), (2, 1, None), (3, 3, request_id), (4, 4, None)):
        draft = msgspec.structs.replace(
            sale(till.who, request_id=request), terminal_no=till.who.terminal_no, seq=seq, number=number
        )
        sealed = journal.seal(draft, before)
        before = sealed.hash
        packets.append(Packet(seq, sealed.prev_hash, sealed.hash, sealed.posting_digest, sealed.body))
    answer = send(till, packets)
    assert answer.mark == 4
    assert [key & 0xFF for key in centre.documents()] == [1, 4]
    assert {one.seq: one.reason for one in answer.set_aside} == {
        2: "Its printed number is on another document already.",
        3: "Its request is on another document already.",
    }
    assert sorted(one.body for one in centre.quarantine()) == sorted(one.body for one in packets[1:3])
    assert drift(centre.database) == []


def test_complaint_05_the_same_number_imported_at_two_tills_is_two_sales(
    server_url: str, centre: Centre, tmp_path: Path
) -> None:
    for price in (10, 20):
        till = centre.till(tmp_path / f"till{price}", server_url)
        till.drain()
        path = till.folder / "sales.csv"
        path.write_text(
            "number,occurred_at,customer,sku,description,quantity,unit_price\n"
            f"1,2026-01-05,C1,SKU1,,1,{price}\n"
        )
        context = Context(till.database, SystemClock())
        context.person = next(one for one in SignIn(context).people() if "import_history" in one.may)
        history = HistoryImport(context)
        assert (history.run(path).imported, history.run(path).already) == (1, 1)
        till.drain()
    assert centre.quarantine() == []
    assert cached(centre.database, PARTY_BALANCE)[centre.org_id, "customer", 1, "KES"] == (30_00, 30_00)


def _at(folder: Path, till: Till) -> Till:
    """The till as it stands in a folder."""
    database = prepared_till(folder)
    database.sign_with(till_signing(folder))
    return Till(database, till.who, till.transport, folder)


def test_complaint_06_recovery_never_deletes_the_unsent_queue(
    server_url: str, centre: Centre, tmp_path: Path
) -> None:
    till = centre.till(tmp_path / "till", server_url)
    till.sell()
    till.drain()
    till.database.close()
    shutil.copytree(till.folder, tmp_path / "image")
    # Life goes on; then somebody puts the old image back, and sells on it.
    till = _at(till.folder, till)
    till.sell(quantity=2000)
    till.drain()
    till.database.close()
    old = _at(tmp_path / "image", till)
    unsent = [old.sell(quantity=3000), old.sell(quantity=4000)]
    with pytest.raises(HistoryForked):
        old.drain()
    # It records no more, it says why, it keeps everything, and the centre has a copy to look at.
    with raises(Frozen, "till-is-old-copy"):
        old.sell()
    with pytest.raises(HistoryForked):
        old.drain()
    assert "old copy" in setting(old.database, "sync_error")
    assert [bodies(old.database)[one.document.document_id] for one in unsent] == [one.body for one in unsent]
    assert sorted(one.body for one in centre.quarantine()) == sorted(one.body for one in unsent)
    # Nor does enrolling again over it clear anything.
    with refused("enrolled-already"):
        enrol(old.database, old.folder / "terminal.key", server_url, centre.code())
    assert len(bodies(old.database)) == 3
    assert len(centre.documents()) == 2


def test_complaint_06_a_till_behind_the_centre_freezes_and_keeps_what_it_has(
    server_url: str, centre: Centre, tmp_path: Path
) -> None:
    till = centre.till(tmp_path / "till", server_url)
    till.sell()
    till.drain()
    till.database.close()
    shutil.copytree(till.folder, tmp_path / "image")
    till = _at(till.folder, till)
    till.sell()
    till.drain()
    old = _at(tmp_path / "image", till)
    with pytest.raises(HistoryForked):
        old.drain()
    with pytest.raises(Frozen):
        old.sell()
    assert len(bodies(old.database)) == 1
    assert centre.quarantine() == []
    # The till that the numbers belong to is not disturbed.
    till.sell()
    till.drain()
    assert len(centre.documents()) == 3


def test_complaint_07_sync_does_not_change_the_sale_on_its_way(
    server_url: str, centre: Centre, tmp_path: Path
) -> None:
    till = centre.till(tmp_path / "till", server_url)
    for quantity in (1000, 2500, 333, 999_000):
        till.sell(quantity=quantity, customer=2, products=(1, 2, 3, 4, 5))
    till.void(till.sell())
    till.drain()
    assert bodies(centre.database) == bodies(till.database)
    for table in ("journal_line", "stock_move", "document_line", "tender"):
        with till.database.read() as here, centre.database.read() as there:
            sql = text(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
            assert [tuple(row) for row in here.execute(sql)] == [tuple(row) for row in there.execute(sql)]


def test_complaint_08_one_poisoned_document_blocks_nothing(
    server_url: str, centre: Centre, tmp_path: Path
) -> None:
    till = centre.till(tmp_path / "till", server_url)
    packets, before = [], canonical.genesis(till.who.org_id, till.who.terminal_no)
    for seq in range(1, 21):
        draft = msgspec.structs.replace(sale(till.who), terminal_no=till.who.terminal_no, seq=seq, number=seq)
        body = b'{"type":"from the future"}' if seq % 5 == 0 else canonical.encode(draft)
        sealed = journal.seal(draft, before)
        hash_ = canonical.chain(before, body)
        packets.append(Packet(seq, before, hash_, sealed.posting_digest, body))
        before = hash_
    answer = send(till, packets)
    assert (answer.mark, answer.quarantined) == (20, 4)
    assert len(centre.documents()) == 16
    assert {one.seq for one in centre.quarantine()} == {5, 10, 15, 20}
