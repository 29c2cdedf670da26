"""What a till does while its disk is recorded: a day of one shop, and an old till's first start.

Each deed begins with a mark of its own, so that every point belongs to one.
"""

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pos_app import bootstrap, settings
from pos_app.ledger.clock import SetClock
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.ledger.travel import Cursor
from pos_app.store.documents import settings as till_settings
from pos_app.store.documents import terminal
from pos_app.store.engine import age_files, copies, key_store, terminal_key
from pos_app.store.engine.engine import open_sqlite
from pos_app.store.medium import keeper, medium_state, place
from pos_app.store.medium.medium_state import State
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action
from sync.client import pull
from sync.protocol.messages import Page, PullAnswer
from tests.crash_points.judge import COPIES, HOME, MEDIUM, Document, Judge, documents_of
from tests.crash_points.recording import Call, Recording, Said
from tests.simulate.shop import PRODUCT_COLUMNS, product_row
from tests.support.documents.specimens import MOMENT
from tests.support.worlds.till_fixture import CASHIER, GOOD, KEY, PRODUCTS, Shop, make_till_database

DEED: Final = "deed"
_RELEASED: Final = Path(__file__).parents[1] / "migrations" / "released"


@dataclass(frozen=True)
class Life:
    """A recording with what was in the till at the end, and the key that opens what was closed."""

    calls: list[Call]
    first: int
    documents: list[Document]
    identity: Path

    def judge(self, folder: Path) -> Judge:
        """Who looks at what is left, in a folder of its own."""
        return Judge(folder, self.documents, self.identity)

    def deeds(self) -> list[tuple[int, str]]:
        """Where each deed begins, and its name."""
        return [
            (point, str(call.fact))
            for point, call in enumerate(self.calls)
            if isinstance(call, Said) and call.what == DEED
        ]


class _Printer:
    """A printer whose paper somebody has in their hand at once."""

    def __init__(self, record: Recording) -> None:
        self._record = record

    def send(self, job: bytes) -> None:
        """A receipt comes out; what opens the drawer alone leaves no paper."""
        if job != b"None":
            self._record.say("paper", int(job))

    def close(self) -> None:
        """Nothing is held open."""


class _Centre:
    """Gives one answer: a page of prices."""

    def __init__(self, answer: PullAnswer) -> None:
        self._answer = answer

    def call(self, *_: object) -> Any:
        """The answer."""
        return self._answer


@dataclass
class _Day:
    """The people of a shop, whose every word is in the recording."""

    record: Recording
    home: Path
    medium: Path
    identity: Path
    shop: Shop

    def __post_init__(self) -> None:
        self.sold: Recorded

    def _print(self) -> None:
        spool = self.shop.till.spool(_Printer(self.record), lambda job: str(job.document_id).encode())
        spool.leave_interrupted()
        spool.work_off()

    def _confirm(self) -> None:
        """The window says that it is done, and then the paper comes."""
        self.record.say("done", documents_of(self.shop.database)[-1].document_id)
        self._print()

    def first_document(self) -> None:
        self.shop.open_drawer()
        self._confirm()

    def sale(self) -> None:
        basket = self.shop.basket("GAS13", "REG")
        basket.set_customer(GOOD)
        checkout = self.shop.till.checkout(basket)
        checkout.add_tender(TenderKind.MPESA, 500_00, "SLK7QWERT1")
        checkout.add_tender(TenderKind.CASH, checkout.cash_due() + 50_00)
        self.sold = checkout.complete()
        self._confirm()

    def refund(self) -> None:
        refunds = self.shop.till.refunds
        receipt = refunds.find(self.sold.number)
        approval = self.shop.approval(Action.REFUND)
        refunds.complete(receipt, {1: ONE}, TenderKind.CASH, "leaks", approval)
        self._confirm()

    def checkpoint(self) -> None:
        self.shop.database.checkpoint()

    def sale_after_a_checkpoint(self) -> None:
        self.shop.sell("SOAP")
        self._confirm()

    def feed_page(self) -> None:
        database = self.shop.database
        with database.read() as connection:
            who = terminal.load(connection)
            epoch = till_settings.get(connection, "epoch")
        rows = tuple(product_row(sku, product.price + 1) for sku, product in PRODUCTS.items())
        page = Page(
            kind="product",
            columns=PRODUCT_COLUMNS,
            rows=rows,
            before=Cursor(1, "[1]"),
            after=Cursor(2, "[99]"),
        )
        applied = pull.pull(database, who, _Centre(PullAnswer(epoch=epoch, pages=(page,)))).rows  # type: ignore[arg-type]
        if applied != len(rows):
            raise RuntimeError("the page was not taken")

    def choice_of_a_medium(self) -> None:
        with self.shop.database.read() as connection:
            own = terminal.load(connection)
        public = str(age_files.identities(self.identity)[0].to_public())
        made = place.make(self.medium, own, public)
        medium_state.write(self.home, State(str(self.medium), made.mark.medium))
        chosen = {"medium": str(self.medium), "medium_id": made.mark.medium, "backup_recipient": public}
        settings.write(self.home, **chosen)
        self.record.say("chosen")

    def copy_to_the_medium(self) -> None:
        self.shop.sell("MATCHES")
        keeper.turn_once(self.shop.database, self.home, lambda: bootstrap.medium_of(self.home))
        state = medium_state.read(self.home)
        if state is None or state.trouble:
            raise RuntimeError(f"the medium: {state}")
        self.record.say("brought", state.upto)

    def backup(self) -> None:
        folder = self.home.parent / COPIES
        copies.copy_till(self.shop.database, KEY, folder / "monday.db")
        self.record.say("copied", "monday.db")

    def close(self) -> None:
        self.shop.till.drawer.close((), "counted twice", self.shop.approval(Action.CLOSE_DRAWER))
        self._confirm()

    def end_of_the_program(self) -> None:
        self.shop.database.close()


#: In this order.
DAY: Final = (
    "feed page", "first document", "sale", "refund", "checkpoint", "sale after a checkpoint",
    "choice of a medium", "copy to the medium", "backup", "close", "end of the program",
)  # fmt: skip


def day(folder: Path, deeds: Sequence[str] = DAY, pragma: str = "") -> Life:
    """A till's day, from its first document to the end of the program.

    With a `pragma` SQLite works otherwise than the product has it, to see that it is found.
    """
    root = folder / "day"
    home = root / HOME
    for one in (home, root / MEDIUM, root / COPIES):
        one.mkdir(parents=True)
    identity = folder / "shop.key"
    age_files.make_key(identity)
    key_store.keep(home, key_store.DATABASE_KEY, KEY)
    settings.write(home, kind=bootstrap.HomeKind.TILL.value)
    make_till_database(home)
    # What the first opening adds stands there.
    bootstrap.open_till(home, SetClock(MOMENT)).close()
    with _recorded(root) as record:
        shop = Shop.at(home / bootstrap.TILL_DATABASE, SetClock(MOMENT))
        shop.be(CASHIER)
        if pragma:
            with shop.database.connection() as connection:
                connection.exec_driver_sql(f"PRAGMA {pragma}")
        it = _Day(record, home, root / MEDIUM, identity, shop)
        documents: list[Document] = []
        for deed in deeds:
            record.say(DEED, deed)
            getattr(it, deed.replace(" ", "_"))()
            if deed != "end of the program":
                documents = documents_of(shop.database)
    shop.database.close()
    return Life(record.calls, record.first, documents, identity)


def migration(folder: Path) -> Life:
    """The till of the first release is opened by this version; all that it had was receipted long ago."""
    root = folder / "migration"
    home = root / HOME
    home.mkdir(parents=True)
    released = sorted(_RELEASED.iterdir())[0]
    for name in ("till.db", "till.key"):
        shutil.copyfile(released / name, home / name)
    (home / "till.key").chmod(0o600)
    terminal_key.load_or_make(home / bootstrap.TERMINAL_KEY)
    identity = folder / "no.key"
    before = open_sqlite(Path(shutil.copytree(home, folder / "before")) / bootstrap.TILL_DATABASE, KEY)
    documents = documents_of(before)
    before.close()
    with _recorded(root) as record:
        for one in documents:
            record.say("done", one.document_id)
        record.say(DEED, "migration")
        till = bootstrap.open_till(home, SetClock(MOMENT))
        record.say(DEED, "end of the program")
        till.close()
    return Life(record.calls, record.first, documents, identity)


@contextlib.contextmanager
def _recorded(root: Path) -> Iterator[Recording]:
    record = Recording(root)
    with record.listening():
        yield record
