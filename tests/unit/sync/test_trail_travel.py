"""What a push tells the audit log of: flags and quarantine, without waiting for whoever numbers entries."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.ledger.flagging import APPROVAL_UNPROVED
from pos_app.store.documents import audit, audit_runs
from pos_app.store.engine.engine import Database
from pos_app.store.journal import flags
from pos_app.store.organisation import terminals
from pos_app.store.upkeep import trail_check
from pos_app.store.upkeep.verdict import Verdict
from sync.client.errors import Revoked
from tests.support.worlds.sync_fixtures import Centre


def found(database: Database, org_id: int) -> list[str]:
    verdict = Verdict()
    trail_check.check(database, org_id, verdict)
    return verdict.problems


def test_a_push_that_flags_and_sets_aside_waits_for_no_import(centre: Centre, tmp_path: Path) -> None:
    till, taken = centre.till(tmp_path / "1"), centre.till(tmp_path / "2")
    sold = till.sell()
    for one in (till, taken):
        one.drain()
    taken.sell()
    with centre.database.write() as connection:
        number, now = taken.who.terminal_no, centre.clock.now()
        terminals.revoke(connection, centre.org_id, number, by=1, because="stolen", at=now)
    with centre.database.write() as importing:
        # As an import does to its commit: whoever wants a number now waits for that.
        audit.numbered(importing, centre.org_id)
        importing.execute(text("UPDATE product SET name = name || '.'"))
        # Both return, because nothing in them wants one.
        with pytest.raises(Revoked):
            taken.drain()
        with centre.database.for_org(centre.org_id).write() as connection:
            flags.flag(connection, sold.document, APPROVAL_UNPROVED, {"approver": "Nobody"})
        assert found(centre.database, centre.org_id) == []
    audit_runs.sign_rest(centre.database, centre.org_id)
    with centre.database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_waiting")) == 0
        (flagged,) = audit.read(connection, centre.org_id, action="flag.added", most=9)
        (aside,) = audit.read(connection, centre.org_id, action="quarantine.added", most=9)
    assert json.loads(flagged.after)["document_id"] == sold.document.document_id
    assert aside.subject == f"quarantine {taken.who.terminal_no}/1"
    assert found(centre.database, centre.org_id) == []
