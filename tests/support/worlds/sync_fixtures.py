"""A small world for sync tests: a founded centre, tills that sell, and a transport without a socket."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from pos_app.bootstrap import till_signing
from pos_app.ledger import tax
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import DrawerClose, DrawerOpen, Reversal, Sale
from pos_app.ledger.line import GoodsLine, PartyRole, Tender, TenderKind
from pos_app.ledger.quantity import extend
from pos_app.store.balances import balances
from pos_app.store.documents import settings, terminal
from pos_app.store.documents.rows import Sealed
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine import privacy
from pos_app.store.engine.engine import Database
from pos_app.store.engine.terminal_key import load
from pos_app.store.journal import quarantine
from pos_app.store.journal.quarantine import Quarantined
from pos_app.store.journal.till_journal import TillJournal
from pos_app.store.master import enrolment, party_terms
from pos_app.store.organisation import founding
from pos_app.store.tables import master
from pos_app.store.tables.projections import PROJECTIONS, Projection
from sync.client.backoff import Backoff
from sync.client.conversation import Conversation, Received
from sync.client.daemon import Daemon
from sync.client.enrol import enrol
from sync.client.errors import ServerUnreachable
from sync.client.known_centre import KnownCentre
from sync.client.transport import HttpTransport, Transport
from sync.protocol import fingerprint, signature
from sync.server import server_key
from sync.server.endpoint import Endpoint
from tests.conftest import prepared_till

Answer = TypeVar("Answer")

#: What every server of the tests signs with (see `tests.conftest`).
SERVER_KEYS = server_key.of_environment() or server_key.ServerKeys(bytes(32))

CUSTOMERS = (1, 2, 3)
PRODUCTS = (1, 2, 3, 4, 5)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class DeskTransport:
    """The transport that calls a desk in this process: the whole protocol without a socket."""

    def __init__(
        self,
        desk: Endpoint,
        key: Ed25519PrivateKey,
        terminal_name: str,
        centre: KnownCentre | None = None,
    ) -> None:
        self.desk = desk
        self.key = key
        self.terminal_name = terminal_name
        self.known_centre = centre or KnownCentre()
        self._conversation = Conversation(self.bring, key, terminal_name, self.known_centre)
        #: How often the answer of a push gets lost after the server did its work.
        self.lose_answers = 0
        self.is_down = False
        #: Called once between the server's answer to this path and its arrival.
        self.meanwhile: dict[str, Callable[[], object]] = {}

    def close(self) -> None:
        """See `Transport.close`."""

    def call(self, path: str, message: msgspec.Struct, answer_type: type[Answer]) -> Answer:
        """See `Transport.call`."""
        return self._conversation.call(path, message, answer_type)

    def bring(self, path: str, headers: dict[str, str], body: bytes) -> Received:
        """What the desk answers."""
        if self.is_down:
            raise ServerUnreachable("No server answers.")
        reply = self.desk.answer("POST", path, headers, body)
        happens = self.meanwhile.pop(path, None)
        if happens is not None:
            happens()
        if self.lose_answers and path == "/v1/push":
            self.lose_answers -= 1
            raise ServerUnreachable("The answer was lost.")
        return Received(reply.status, reply.headers, reply.body)


@dataclass
class Till:
    """An enrolled till: its database, who it is, and its way to the centre."""

    database: Database
    who: Terminal
    transport: Any
    folder: Path

    @property
    def journal(self) -> TillJournal:
        return TillJournal(self.database, self.who.org_id, self.who.terminal_no, SystemClock())

    def daemon(self, transport: Transport | None = None) -> Daemon:
        return Daemon(
            self.database,
            self.who,
            transport or self.transport,
            backoff=Backoff(first_s=0.01, longest_s=0.05),
            pull_every_s=0.1,
        )

    def line(self, url: str, **choices: Any) -> HttpTransport:
        """Another line of this till, to the server at an address."""
        name = signature.terminal_id(self.who.org_id, self.who.terminal_no)
        key = load(self.folder / "terminal.key")
        return HttpTransport(url, key, name, KnownCentre(self.database), **choices)

    def drain(self) -> None:
        self.daemon().drain()

    def sell(self, **choices: Any) -> Sealed:
        return self.journal.record_document(sale(self.who, **choices))

    def void(self, sealed: Sealed) -> Sealed:
        return self.journal.record_document(reversal(self.who, sealed))


class Centre:
    """A founded central database with its desk."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = SystemClock()
        self.founded = founding.found(database, "Depot Ltd", "KES", self.clock, owner_pin_hash="owner-hash")
        self.org_id = self.founded.org_id
        self.desk = Endpoint(database, self.clock)
        self.tills: list[Till] = []
        with database.write() as connection:
            for number in PRODUCTS:
                connection.execute(master.product.insert().values(**product(self.founded, number)))
            for number in CUSTOMERS:
                connection.execute(
                    master.party.insert().values(
                        org_id=self.org_id,
                        party_id=number,
                        code=f"C{number}",
                        name=f"Customer {number}",
                    )
                )
                party_terms.put_role(
                    connection, self.org_id, number, PartyRole.CUSTOMER, credit_limit=100_000_00
                )

    def code(self, depot: str = "MAIN") -> str:
        code = enrolment.new_code(self.database, self.org_id, depot, self.clock)
        return fingerprint.with_code(code, SERVER_KEYS.public)

    def till(self, folder: Path, url: str = "", depot: str = "MAIN") -> Till:
        """Enrol a new till at a depot; its files lie in `folder`.  Over the desk, or over HTTP with a URL."""
        folder.mkdir(parents=True, exist_ok=True)
        database = prepared_till(folder)
        key_path = folder / "terminal.key"
        database.sign_with(till_signing(folder))
        if url:
            who = enrol(database, key_path, url, self.code(depot))
            name = signature.terminal_id(who.org_id, who.terminal_no)
            way = HttpTransport(url, load(key_path), name, KnownCentre(database))
            self.tills.append(Till(database, who, way, folder))
            return self.tills[-1]
        made: list[DeskTransport] = []

        def connect(_: str, key: Ed25519PrivateKey, name: str, known: KnownCentre) -> DeskTransport:
            made.append(DeskTransport(self.desk, key, name, known))
            return made[-1]

        who = enrol(database, key_path, "http://desk", self.code(depot), connect=connect)
        name = signature.terminal_id(who.org_id, who.terminal_no)
        self.tills.append(
            Till(database, who, DeskTransport(self.desk, made[0].key, name, KnownCentre(database)), folder)
        )
        return self.tills[-1]

    def close(self) -> None:
        """Close every till's database and line."""
        for till in self.tills:
            till.transport.close()
            till.database.close()

    def documents(self, terminal_no: int | None = None) -> list[int]:
        """The keys of the documents in the books, in order."""
        with self.database.read() as connection:
            found = connection.scalars(
                text("SELECT document_id FROM document WHERE org_id = :org ORDER BY document_id"),
                {"org": self.org_id},
            ).all()
        return [key for key in found if terminal_no is None or key >> 32 == terminal_no]

    def quarantine(self) -> list[Quarantined]:
        """What waits for a decision."""
        with self.database.read() as connection:
            return quarantine.waiting(connection, self.org_id)

    def mark(self, terminal_no: int) -> int:
        with self.database.read() as connection:
            known = enrolment.find(connection, self.org_id, terminal_no)
        assert known is not None
        return known.last_seq


def product(founded: founding.Founded, number: int) -> dict[str, Any]:
    return {
        "org_id": founded.org_id,
        "product_id": number,
        "sku": f"SKU{number}",
        "name": f"Product {number}",
        "price": 100_00 * number,
        "tax_code": "A",
        "category": "Retail",
        "unit": "pc",
        "business_id": founded.business_id,
    }


def sale(
    who: Terminal,
    *,
    products: Iterable[int] = (1, 2),
    quantity: int = 1000,
    customer: int | None = None,
    request_id: str | None = None,
    occurred_at: datetime = NOW,
) -> Sale:
    """A draft sale of some products; on account when there is a customer, else in cash."""
    prices = [(number, 100_00 * number) for number in products]
    taxed = tax.share_out([tax.Taxable("A", 1600, True, extend(price, quantity)) for _, price in prices])
    lines = tuple(
        GoodsLine(
            product_id=number,
            sku=f"SKU{number}",
            description=f"Product {number}",
            quantity=quantity,
            unit_price=price,
            tax_code="A",
            tax_rate_bp=1600,
            net=net,
            tax=tax_,
            business_id=1,
            revenue_account="4100",
            tax_account="2200",
            location_id=1,
        )
        for (number, price), (net, tax_) in zip(prices, taxed, strict=True)
    )
    total = sum(line.gross for line in lines)
    if customer is None:
        tender = Tender(kind=TenderKind.CASH, amount=total, account="1110", drawer_id=who.drawer_id)
    else:
        tender = Tender(kind=TenderKind.ACCOUNT, amount=total, account="1300")
    return Sale(
        org_id=who.org_id,
        request_id=request_id or secrets.token_hex(16),
        series="S",
        occurred_at=occurred_at,
        recorded_at=occurred_at,
        person_id=1,
        business_id=1,
        depot_id=who.depot_id,
        currency="KES",
        party_id=customer,
        lines=lines,
        subtotal=sum(line.net for line in lines),
        tax_total=sum(line.tax for line in lines),
        total=total,
        tenders=(tender,),
    )


def opening(who: Terminal, float_amount: int = 5000_00) -> DrawerOpen:
    """A draft drawer opening."""
    return DrawerOpen(**_head(who, "O"), drawer_id=who.drawer_id, float_amount=float_amount,
                      cash_account="1110", safe_account="1150")  # fmt: skip


def closing(who: Terminal, shift: int, expected: int = 5000_00) -> DrawerClose:
    """A draft drawer close, counted as the books expect it."""
    return DrawerClose(**_head(who, "Z"), shift=shift, drawer_id=who.drawer_id, counted=expected,
                       expected=expected, removed=expected, cash_account="1110", safe_account="1150",
                       over_short_account="5400")  # fmt: skip


def reversal(who: Terminal, sealed: Sealed) -> Reversal:
    """A draft that voids a document."""
    return Reversal(
        **_head(who, "V"),
        original_id=sealed.document.document_id,
        original_hash=sealed.hash.hex(),
        original=msgspec.Raw(sealed.body),
        reason="wrong customer",
    )


def _head(who: Terminal, series: str) -> dict[str, Any]:
    return {
        "org_id": who.org_id,
        "request_id": secrets.token_hex(16),
        "series": series,
        "occurred_at": NOW,
        "recorded_at": NOW,
        "person_id": 1,
        "business_id": 1,
        "depot_id": who.depot_id,
        "currency": "KES",
    }


def cached(
    database: Database, projection: Projection, **limit: Any
) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """Every cached row of a projection, without rows of zeros."""
    names = (*projection.keys, *projection.values)
    with database.read() as connection:
        rows = connection.execute(text(f"SELECT {', '.join(names)} FROM {projection.name}")).all()
    count = len(projection.keys)
    return {
        tuple(row[:count]): tuple(int(value) for value in row[count:])
        for row in rows
        if any(row[count:]) and all(getattr(row, name) == value for name, value in limit.items())
    }


def drift(database: Database) -> list[balances.Drift]:
    """Every cached row of every projection that is not what its formula says."""
    with database.read() as connection:
        return [found for projection in PROJECTIONS for found in balances.drifts(connection, projection)]


def bodies(database: Database) -> dict[int, bytes]:
    """The canonical bytes of every document, in order; at the centre they lie closed."""
    with database.read() as connection:
        private = privacy.of(connection)
        rows = connection.execute(
            text("SELECT org_id, document_id, body FROM document ORDER BY org_id, document_id")
        )
        return {row.document_id: private.decrypt_bytes(row.org_id, bytes(row.body)) for row in rows}


def setting(database: Database, name: str) -> str:
    with database.read() as connection:
        return settings.get(connection, name)


def waiting(till: Till) -> int:
    with till.database.read() as connection:
        return terminal.sync_state(connection, till.who).waiting
