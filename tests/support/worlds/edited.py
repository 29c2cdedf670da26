"""A till and its centre with a row in every table, so that each can be edited."""

from pathlib import Path
from typing import Any

from sqlalchemy import Table

from pos_app.bootstrap import till_signing
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.office import purchasing
from pos_app.office.office import Office
from pos_app.office.purchasing import Bought
from pos_app.store.documents import audit
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.engine.pepper import Pepper
from pos_app.store.master import party_terms, pins, shell_tokens
from pos_app.store.master.people import Party, Person
from pos_app.store.tables.fiscal_tables import fiscal_receipt
from pos_app.store.tables.master import MASTER
from pos_app.store.tables.open_order_table import FED
from pos_app.store.tables.payment_tables import received_payment
from pos_app.store.tables.projections import CHECKPOINTS
from pos_app.till.till import Till as TillAtWork
from sync.client.known_centre import KnownCentre
from tests.conftest import TILL_KEY
from tests.support.worlds.sync_fixtures import NOW, Centre, DeskTransport, Till

#: What is written at the till by itself, and is not there on an ordinary day.
_LOCAL = (
    "balance_finding",
    "checkpoint_mark",
    "draft",
    "invoice_draft",
    "print_job",
    "recalculation",
    "reconciliation",
    "request_out",
    "sign_in_state",
)


def made_up(table: Table, org_id: int) -> dict[str, Any]:
    """A row of a table, of numbers and words without meaning."""
    row: dict[str, Any] = {}
    for column in table.columns:
        if column.name == "org_id":
            row[column.name] = org_id
        elif column.name == "stamp":
            continue
        elif column.primary_key or not column.nullable:
            kinds = {"TEXT": "9", "BLOB": b"9", "DATETIME": NOW, "TIMESTAMP": NOW}
            kind = str(column.type).split("(")[0]
            row[column.name] = kinds.get(kind, 9)
    return row


class Edited:
    """The till that is edited (`path` is the copy), its centre, and another till of the same depot."""

    def __init__(self, centre: Centre, folder: Path) -> None:
        self.centre = centre
        self._fill_centre()
        self.till = self._desk(folder / "till")
        self.other = self._desk(folder / "other")
        work = self._at_work(self.other)
        work.drawer.open(5_000_00)
        basket = work.baskets.new()
        basket.add(work.catalogue.scan("SKU1").product, ONE)
        taking = work.checkout(basket)
        taking.add_tender(TenderKind.MPESA, taking.total, "SLK4AOI9Z1")
        taking.complete()
        self.other.drain()
        office = Office(centre.database, SystemClock(), centre.org_id, "OWNER")
        purchasing.order(office, "C1", (Bought("SKU1", 10 * ONE, 50_00),), to="MAIN")
        own = self._at_work(self.till)
        own.drawer.open(5_000_00)
        self.till.drain()
        own.refresh()
        own.receiving.against_order(own.orders.open()[0].order, {0: 6 * ONE}, reference="DN 1")
        billed = own.baskets.new()
        billed.add(own.catalogue.scan("SKU2").product, ONE)
        billed.set_customer(Party(1, "C1", "Customer 1", "", 100_000_00, True))
        own.invoicing.issue(billed)
        for number in range(6):
            self.till.sell(customer=1 if number % 2 else None)
        self.till.drain()
        self.till.void(self.till.sell())
        # What was never sent is the other test's (`test_edits`): here nothing changes at the centre.
        self.till.drain()
        self._fill_till()
        self.base = self.till.folder / "till.db"
        self.path = folder / "edited.db"
        self.till.database.close()

    def open(self, path: Path | None = None) -> Database:
        """The edited copy, as a till's programs open it."""
        database = open_sqlite(path or self.path, TILL_KEY)
        database.sign_with(till_signing(self.till.folder))
        database.keep_pepper(Pepper(self.till.folder))
        return database

    def line(self, database: Database) -> DeskTransport:
        """The till's line to the centre, with what the edited copy believes of it."""
        way = self.till.transport
        return DeskTransport(way.desk, way.key, way.terminal_name, KnownCentre(database))

    def _desk(self, folder: Path) -> Till:
        till = self.centre.till(folder)
        pins.attach(till.database, folder)
        till.drain()
        return till

    def _at_work(self, till: Till) -> TillAtWork:
        work = TillAtWork(till.database, SystemClock())
        work._context.person = Person(self.centre.founded.owner_id, "OWNER", "Owner", "owner")
        return work

    def _fill_centre(self) -> None:
        with self.centre.database.write() as connection:
            party_terms.put_role(connection, self.centre.org_id, 1, PartyRole.VENDOR)
            for table in MASTER:
                if connection.execute(table.select().limit(1)).first() is None:
                    row = made_up(table, self.centre.org_id)
                    # What is personal lies closed at the centre.
                    row |= dict.fromkeys(privacy.OF_TABLE.get(table.name, {}), "")
                    connection.execute(table.insert().values(**row))
            signed = made_up(fiscal_receipt, self.centre.org_id)
            signed["depot_id"] = self.centre.founded.depot_id
            connection.execute(fiscal_receipt.insert().values(**signed))
            paid = made_up(received_payment, self.centre.org_id)
            # What is personal lies closed at the centre.
            paid |= dict.fromkeys(("code", "written", "phone", "payer", "reference"), "")
            connection.execute(received_payment.insert().values(**paid))

    def _fill_till(self) -> None:
        tables = {table.name: table for table in (*FED, *_tables()) if table.name in _LOCAL}
        tables |= {table.name: table for table in CHECKPOINTS.values()}
        with self.till.database.write() as connection:
            for table in tables.values():
                if connection.execute(table.select().limit(1)).first() is None:
                    connection.execute(table.insert().values(**made_up(table, self.centre.org_id)))
            _, self.shown = shell_tokens.make(
                connection,
                self.centre.org_id,
                1,
                kind=shell_tokens.TOKEN,
                name="job",
                at=NOW,
                until=NOW.replace(year=NOW.year + 1),
            )
            audit.write(
                connection,
                org_id=self.centre.org_id,
                at=NOW,
                terminal_no=self.till.who.terminal_no,
                action="backdate",
                subject="x",
            )


def _tables() -> list[Table]:
    from pos_app.store.tables.local import till_metadata
    from pos_app.store.tables.tables import ledger_metadata

    return [*ledger_metadata.sorted_tables, *till_metadata.sorted_tables]
