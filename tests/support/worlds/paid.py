"""A centre that is told of payments by a Daraja that is none, each over a real socket.

with paid_world(database, folder) as world:
    code = world.daraja.pay("600100", 1_250)
    world.daraja.settled()
"""

import contextlib
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import Connection, text

from pos_app import bootstrap
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.office.office import Office
from pos_app.payments.daraja import Account, Daraja
from pos_app.payments.daraja_stand_in import DarajaStandIn, Shop
from pos_app.store.engine.engine import Database
from pos_app.store.master import master_edit
from pos_app.store.master.people import Person
from pos_app.store.payments import addresses
from pos_app.store.tables import master
from pos_app.till.session.recorded import Recorded
from pos_app.till.till import Till
from sync.server import payment_door
from sync.server.payment_sender import HttpExchange, PaymentSender
from sync.server.run import Serving
from tests.support.worlds.sync_fixtures import SERVER_KEYS, Centre

NUMBER = "600100"
SHOP = Shop(NUMBER)


class Later(SystemClock):
    """A clock that can be put forward."""

    def __init__(self) -> None:
        self.by = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by


class PaidWorld:
    """The centre, its server, the provider, and whoever asks it."""

    def __init__(self, database: Database, folder: Path, daraja: DarajaStandIn) -> None:
        self.folder, self.daraja, self.clock = folder, daraja, Later()
        self.centre = Centre(database)
        self.org_id = self.centre.org_id
        with database.write() as connection:
            self.business_id = int(
                connection.execute(text("SELECT min(business_id) FROM business")).scalar_one()
            )
            master_edit.change(connection, master.business, self.org_id, self.business_id, mpesa_till=NUMBER)
        self.account = Account(
            shortcode=NUMBER, consumer_key=SHOP.consumer_key, consumer_secret=SHOP.consumer_secret,
            passkey=SHOP.passkey, initiator=SHOP.initiator, credential=SHOP.credential, url=daraja.url,
        )  # fmt: skip
        self.exchange = HttpExchange(answer_s=2.0)
        self.sender = PaymentSender(
            database, self.clock, lambda _org, _business: self.account, self.hears_at, self.exchange
        )
        self.serving = Serving(
            database,
            keys=SERVER_KEYS,
            beside=lambda served: {
                addresses.PATH: payment_door.create(
                    served, self.clock, numbers=lambda *_: frozenset({NUMBER})
                )
            },
        )
        bootstrap.let_requests_be_decided()
        self.office = Office(database, self.clock, self.org_id, "OWNER")

    @property
    def database(self) -> Database:
        return self.centre.database

    def hears_at(self, connection: Connection, org_id: int, business_id: int) -> str:
        return self.serving.url + addresses.path_of(connection, org_id, business_id)

    @property
    def address(self) -> str:
        """Where the business hears of its payments."""
        with self.database.read() as connection:
            return self.hears_at(connection, self.org_id, self.business_id)

    def speaks(self) -> Daraja:
        """The provider as the centre speaks with it."""
        return Daraja(self.account, self.exchange, self.clock, self.address)

    def post(self, what: str, body: bytes | dict[str, object], address: str = "") -> httpx.Response:
        """What somebody outside sends."""
        content = body if isinstance(body, bytes) else httpx.Request("POST", "http://x", json=body).content
        return httpx.post(f"{address or self.address}/{what}", content=content, timeout=10)

    def turn(self) -> None:
        """The sender's, as the server gives it."""
        self.sender.turn(1_000)

    def till(self, name: str) -> "PaidTill":
        return PaidTill(self, name)


class PaidTill:
    """An enrolled till at work, with an open drawer."""

    def __init__(self, world: PaidWorld, name: str) -> None:
        self.line = world.centre.till(world.folder / name)
        self.line.drain()
        self.till = Till(self.line.database, SystemClock())
        self.till._context.person = Person(world.centre.founded.owner_id, "OWNER", "Owner", "owner")
        self.till.drawer.open(5_000_00)

    def sync(self) -> None:
        self.line.drain()
        self.till.refresh()

    def pay(self, code: str, sku: str = "SKU1", amount: int = 0) -> Recorded:
        """Sell one product for what it costs, or for more, by M-Pesa."""
        basket = self.till.baskets.new()
        basket.add(self.till.catalogue.scan(sku).product, ONE)
        taking = self.till.checkout(basket)
        taking.add_tender(TenderKind.MPESA, amount or taking.total, code)
        return taking.complete()

    def price(self, sku: str = "SKU1") -> int:
        """What one costs, in whole shillings."""
        basket = self.till.baskets.new()
        basket.add(self.till.catalogue.scan(sku).product, ONE)
        total = self.till.checkout(basket).total
        assert total % 100 == 0
        return total // 100


@contextlib.contextmanager
def paid_world(database: Database, folder: Path) -> Iterator[PaidWorld]:
    """It, with the server and the provider at work."""
    with DarajaStandIn(SHOP, pause_s=0.02) as daraja:
        world = PaidWorld(database, folder, daraja)
        thread = threading.Thread(target=world.serving.run, name="server")
        thread.start()
        assert world.serving.wait_ready(10)
        try:
            assert world.speaks().register().handle
            yield world
        finally:
            world.serving.stop()
            thread.join()
            world.sender.close()
            world.centre.close()
