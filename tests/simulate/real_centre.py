"""The real centre behind the door of the model: the server's own desk on a Postgres, in simulated time.

It cannot be put back to a copy here: a restore is a new life of the same database.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from pos_app.ledger.clock import NEVER, Running
from pos_app.ledger.travel import Packet
from pos_app.store.engine.engine import Database
from pos_app.store.journal import centre_journal, quarantine
from pos_app.store.master import enrolment
from pos_app.store.tables.projections import PROJECTIONS
from sync.client.conversation import Received
from sync.server.endpoint import Endpoint
from sync.server.rescue import Rescue
from sync.server.server_key import ServerKeys
from tests.simulate.clock import BEGIN, FleetTime
from tests.simulate.shop import fill, key_of, terminal_of
from tests.support.documents.specimens import ORG
from tests.support.worlds.till_fixture import MANAGER, PRODUCTS

#: What the model signs with too.
RAW_KEY: Final = bytes(range(64, 96))


class CentreClock:
    """A `Clock` of the centre: right by definition."""

    def __init__(self, time: FleetTime) -> None:
        self.time = time

    def now(self) -> datetime:
        """See `Clock.now`."""
        return BEGIN + self.time.passed

    def running(self) -> Running:
        """See `Clock.running`."""
        return NEVER


class RealCentre:
    """The desk of the server on a prepared, empty central database."""

    def __init__(self, database: Database, tills: int) -> None:
        self._database, self._tills = database, tills
        with database.write() as connection:
            enrolment.begin_epoch(connection)
            fill(connection, tills)
            # What is a party's own lies closed at a centre; nobody here calls them.
            connection.execute(text("UPDATE party SET phone = ''"))
            for number in range(tills):
                key = key_of(number).public_key().public_bytes_raw()
                enrolment.add_terminal(connection, terminal_of(number), key, BEGIN)
        self.clock = CentreClock(FleetTime())
        self.restart()

    def restart(self) -> None:
        """Another process of the server answers from now on."""
        self._desk = Endpoint(self._database, self.clock, keys=ServerKeys(RAW_KEY))

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Received:
        """See `ModelCentre.answer`."""
        reply = self._desk.answer("POST", path, headers, body)
        return Received(reply.status, reply.headers, reply.body)

    @property
    def epoch(self) -> str:
        """Which life this is."""
        with self._database.read() as connection:
            return enrolment.epoch(connection)

    def mark(self, number: int) -> tuple[int, bytes]:
        """See `ModelCentre.mark`."""
        with self._database.write() as connection:
            found = centre_journal.lock_terminal(connection, ORG, number)
        return found.seq, found.hash

    def is_active(self, number: int) -> bool:
        """See `ModelCentre.is_active`."""
        with self._database.write() as connection:
            return centre_journal.lock_terminal(connection, ORG, number).active

    def booked(self, number: int) -> dict[int, bytes]:
        """See `ModelCentre.booked`."""
        rows = self._rows(
            "SELECT seq, hash FROM document WHERE org_id = :org AND terminal_no = :no", no=number
        )
        return {int(row[0]): bytes(row[1]) for row in rows}

    def aside(self, number: int) -> set[bytes]:
        """See `ModelCentre.aside`."""
        with self._database.read() as connection:
            found = quarantine.waiting(connection, ORG)
        return {one.hash for one in found if one.terminal_no == number}

    def has(self, number: int, seq: int, hash_: bytes) -> bool:
        """See `ModelCentre.has`."""
        return self.booked(number).get(seq) == hash_ or hash_ in self.aside(number)

    def balances(self) -> dict[str, dict[tuple[Any, ...], tuple[int, ...]]]:
        """See `ModelCentre.balances`."""
        found = {}
        for one in PROJECTIONS:
            names, count = ", ".join((*one.keys, *one.values)), len(one.keys)
            rows = self._rows(f"SELECT {names} FROM {one.name} WHERE org_id = :org")
            found[one.name] = {
                tuple(row[:count]): tuple(int(value) for value in row[count:])
                for row in rows
                if any(row[count:])
            }
        return found

    def copied(self) -> object:
        """Nothing is copied: see `put_back`."""
        return None

    def put_back(self, _: object) -> None:
        """A new life begins, of the database as it is."""
        with self._database.write() as connection:
            enrolment.begin_epoch(connection)
        self.restart()

    def rescue(self, number: int, packets: Sequence[Packet]) -> None:
        """See `ModelCentre.rescue`; by what `bohari rescue` does."""
        Rescue(self._database, ORG, number, self.clock).carry(packets)

    def revoke(self, number: int) -> None:
        """See `ModelCentre.revoke`."""
        from pos_app.store.organisation import terminals

        by, now = MANAGER.person_id, self.clock.now()
        with self._database.write() as connection:
            terminals.revoke(connection, ORG, number, by=by, because="stolen", at=now)

    def set_price(self, sku: str, price: int) -> None:
        """See `ModelCentre.set_price`."""
        with self._database.write() as connection:
            connection.execute(
                text("UPDATE product SET price = :price WHERE org_id = :org AND product_id = :key"),
                {"price": price, "org": ORG, "key": PRODUCTS[sku].product_id},
            )

    def _rows(self, statement: str, **values: int) -> Any:
        with self._database.read() as connection:
            return connection.execute(text(statement), {"org": ORG, **values}).all()
