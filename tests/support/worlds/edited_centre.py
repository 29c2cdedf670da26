"""A centre with a row in every table, so that each can be edited."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Table, text

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.flagging import APPROVAL_UNPROVED, Found
from pos_app.store.documents import audit_runs
from pos_app.store.engine import privacy
from pos_app.store.journal import flags, quarantine
from pos_app.store.master import approval_secrets, shell_tokens
from pos_app.store.organisation import recovery, terminals
from pos_app.store.schema import tenancy
from pos_app.store.stock.valuation import Valuation
from pos_app.store.upkeep import piece_check, verification
from pos_app.store.upkeep.verdict import Verdict
from tests.support.worlds.edited import Edited, made_up
from tests.support.worlds.sync_fixtures import NOW, Centre

Rows = dict[str, list[dict[str, Any]]]

#: What stands in a table for a moment only, or is not there on an ordinary day.
_MADE_UP = frozenset(
    {
        "audit_strange",
        "bank_account",
        "bank_line",
        "bank_match",
        "balance_finding",
        "checkpoint_mark",
        "customer_message",
        "double_code",
        "fiscal_device",
        "fiscal_entry",
        "fiscal_mark",
        "former_term",
        "invoice_draft",
        "late_document",
        "person_depot",
        "privacy_check",
        "recalculation",
        "reconciliation",
        "request_in",
        "sign_in_state",
        "unsealed",
        "valued_late",
        "passkey",
        "payment_ask",
        "payment_notice",
        "web_secret",
        "webhook",
        "webhook_delivery",
        "webhook_mark",
    }
)


class EditedCentre:
    """The centre that is edited, with two tills of one depot behind it."""

    def __init__(self, centre: Centre, folder: Path) -> None:
        self.database = centre.database
        self.org_id = centre.org_id
        vault: Any = privacy.of(centre.database.engine)
        self.check_value: bytes = vault.check_value()
        (folder / "counts").mkdir()
        centre.database.sign_with(vault.signing(folder / "counts"))
        world = Edited(centre, folder)
        self.till = world.till
        sold = world.till.who.terminal_no
        Valuation(centre.database, SystemClock(), centre.org_id).run()
        with centre.database.write() as connection:
            number = connection.scalar(
                text("SELECT min(document_id) FROM document WHERE terminal_no = :no AND kind = 'sale'"),
                {"no": sold},
            )
            self._flag(connection, int(number or 0))
            quarantine.put(
                connection,
                org_id=centre.org_id,
                terminal_no=sold,
                seq=900,
                hash_=b"h" * 32,
                prev_hash=b"p" * 32,
                body=b"not a document",
                reason="previous-hash-wrong",
                received_at=NOW,
            )
            recovery.renew(connection, centre.org_id, NOW)
            approval_secrets.add(connection, centre.org_id, 9, b"s" * 32)
            _, self.shown = shell_tokens.make(
                connection,
                centre.org_id,
                1,
                kind=shell_tokens.TOKEN,
                name="job",
                at=NOW,
                until=NOW.replace(year=NOW.year + 1),
            )
            for table in tenancy.tables():
                if table.name in _MADE_UP or table.name.endswith("_checkpoint"):
                    self._fill(connection, table)
        verification.verify(centre.database, centre.org_id)
        audit_runs.sign_rest(centre.database, centre.org_id)
        with centre.database.write() as connection:
            # What waits for its number: told, and signed by nobody yet.
            terminals.rename(connection, centre.org_id, sold, "Counter")

    def _flag(self, connection: Any, document_id: int) -> None:
        flags.put(connection, self.org_id, [Found(document_id, APPROVAL_UNPROVED, {"approver": "Nobody"}, 0)])
        seen = flags.of_document(connection, self.org_id, document_id)
        flags.mark_told(connection, self.org_id, seen, NOW)
        flags.look(connection, self.org_id, seen, person_id=1, note="she was asked", at=NOW)

    def _fill(self, connection: Any, table: Table) -> None:
        if connection.execute(table.select().limit(1)).first() is not None:
            return
        row = made_up(table, self.org_id)
        if table.name == "unsealed":
            # The trigger asks at the commit for documents that there are none of.
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            row = {"org_id": self.org_id, "year": 2026, "document_ids": [9]}
        if table.name == "audit_strange":
            row |= {"settled_at": NOW}
        if table.name == "privacy_check":
            row |= {"only": 1, "value": self.check_value}
        connection.execute(table.insert().values(**row))
        connection.exec_driver_sql("SET LOCAL session_replication_role = origin")

    def rows(self) -> Rows:
        """Every row of every table."""
        found = {}
        with self.database.read() as connection:
            for table in tenancy.tables():
                names = ", ".join(f'"{name}"' for name in table.columns.keys())  # noqa: SIM118 - a collection
                some = connection.execute(text(f"SELECT {names} FROM {table.name}"))
                found[table.name] = [dict(row._mapping) for row in some]
        return found

    def restore(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Put the rows of a table back as they were."""
        with self.database.write() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.execute(text(f"DELETE FROM {name}"))
            for row in rows:
                marks = ", ".join(f":{column}" for column in row)
                connection.execute(text(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({marks})"), row)

    def problems(self, *names: str) -> Iterator[str]:
        """What these checks of a verification find, or all of them; nothing is noted."""
        checks = verification.whole_checks(self.database)
        for name in names or checks:
            verdict = Verdict()
            if name == "pieces":
                with self.database.read() as connection:
                    pieces = piece_check.pieces(connection, self.org_id)
                for piece in pieces:
                    verdict.add(piece_check.PieceCheck(self.database, self.org_id, None).check(piece))
            else:
                checks[name](self.database, self.org_id, verdict)
            yield from verdict.problems
