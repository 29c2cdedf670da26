"""Pulling: master data and balances of the centre into the till's database, page by page.

A page and its cursor are in one short transaction, so that a sale never waits long and a kill in between
repeats little.

Decisions
---------
2026-12-01  Small pages of one answer come in together: what sisters sold is a row or two of each balance, and
a commit for each of them kept the disk from the sale that is just paid.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.language import kept_code
from pos_app.ledger.clock import Clock, SystemClock
from pos_app.ledger.errors import Damaged
from pos_app.ledger.travel import Cursor
from pos_app.log import events
from pos_app.store.documents import outbox, settings, terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.feed import baseline, cursors, intake, replacing
from pos_app.store.orders import open_orders_till
from pos_app.store.tables.open_order_table import arrival
from pos_app.store.tables.projections import BASELINES
from pos_app.store.upkeep import comparison
from sync.client.errors import ServerRefused, StartAgain
from sync.client.transport import Transport
from sync.protocol.messages import PULL_PATH, Page, PullAnswer, PullRequest

#: What the centre says to a position that it never gave.
_NEVER_GIVEN = kept_code("feed-position-unknown", "source")
#: What this version knows what to do with.
KINDS = (*intake.TABLES, *BASELINES)
#: Rows that one transaction brings in, where they are of several pages.
_MOST_TOGETHER: Final = 100
#: What means something only together with our mark inside it.
_MARKED = frozenset({*BASELINES, "".join(arrival.name)})


class Pulled(NamedTuple):
    """The rows that were applied, whether some are held back, and below which transaction all came (0 where
    the centre holds no requests open).
    """

    rows: int
    held_back: bool
    horizon: int = 0


def pull(
    database: Database,
    who: Terminal,
    transport: Transport,
    clock: Clock | None = None,
    heard: Callable[[int], object] | None = None,
) -> Pulled:
    """Fetch until the centre has no more.

    After each answer `heard` is told how many rows came so far.

    What stood here before the centre began a new life and did not come again goes with the last page.

    Raises `StartAgain` when the centre began a new life or knows more of us than we do, `Damaged`
    for rows that do not belong here, and what the transport raises.
    """
    applied = 0
    while True:
        with database.read() as connection:
            stands = cursors.read_all(connection)
            epoch, coming = settings.several(connection, "epoch", terminal.COMING)
            is_doubting = replacing.is_doubting(connection)
        request = PullRequest(epoch=epoch, cursors={kind: stands.get(kind, Cursor()) for kind in KINDS})
        try:
            answer = transport.call(PULL_PATH, request, PullAnswer)
        except ServerRefused as refused:
            if refused.said.code != _NEVER_GIVEN or not stands:
                raise
            _begin_anew(database)
            raise StartAgain("centre-began-anew") from refused
        if answer.epoch != epoch:
            raise StartAgain("centre-began-anew")
        for some in _together(answer.pages):
            applied += _take(database, who, some)
        if heard is not None:
            heard(applied)
        _note_coming(database, coming, applied if answer.more else 0)
        if is_doubting and not answer.more:
            _replace(database, who, transport, answer, clock or SystemClock())
        if not answer.more or not answer.pages:
            return Pulled(applied, answer.held_back, answer.horizon)


def _note_coming(database: Database, before: str, rows: int) -> None:
    """What the till shows while more rows are on their way than one answer has; 0 when all have come."""
    shown = str(rows or "")
    if shown != before:
        with database.write() as connection:
            settings.put(connection, **{terminal.COMING: shown})


def _begin_anew(database: Database) -> None:
    """Some position was never the centre's: it is another life of it to us, whatever it calls itself."""
    events.FEED_BEGUN_ANEW.log()
    with database.write() as connection:
        settings.put(connection, epoch="")


def _replace(database: Database, who: Terminal, transport: Transport, last: PullAnswer, clock: Clock) -> None:
    """After a new life of the centre, and when all has come: take out what it does not know any more.

    Not while rows are held back at the centre: they would be taken for none.  Of balances some always are.
    """
    if last.held_back:
        with database.read() as connection:
            stands = cursors.read_all(connection)
        request = PullRequest(
            epoch=last.epoch, cursors={kind: stands.get(kind, Cursor()) for kind in replacing.KINDS}
        )
        answer = transport.call(PULL_PATH, request, PullAnswer)
        if answer.epoch != last.epoch or answer.held_back or answer.more or answer.pages:
            return
    with database.write() as connection:
        gone = replacing.settle(connection)
        told = [comparison.gone(kind, row) for kind, row in gone]
        comparison.tell(connection, who, told, clock.now(), is_edit=False)
    events.FEED_REPLACED.log(count=len(gone), kinds=sorted({kind for kind, _ in gone}))


def _together(pages: Sequence[Page]) -> Iterator[list[Page]]:
    """The pages of an answer by transactions, in their order."""
    some: list[Page] = []
    rows = 0
    for page in pages:
        if some and rows + len(page.rows) > _MOST_TOGETHER:
            yield some
            some, rows = [], 0
        some.append(page)
        rows += len(page.rows)
    if some:
        yield some


def _take(database: Database, who: Terminal, pages: Sequence[Page]) -> int:
    """Bring in pages in one transaction; gives how many rows that were.  Before one that is wrong the others
    come in all the same.
    """
    try:
        with database.write() as connection:
            return sum(_apply(connection, who, page) for page in pages)
    except (Damaged, StartAgain):
        if len(pages) == 1:
            raise
    return sum(_take(database, who, [page]) for page in pages)


def _apply(connection: Connection, who: Terminal, page: Page) -> int:
    if page.kind not in KINDS or not cursors.advance(connection, page.kind, page.before, page.after):
        return 0
    if page.kind not in _MARKED:
        intake.upsert(connection, page.kind, who.org_id, page.columns, page.rows)
        return len(page.rows)
    if page.mark is None or page.mark < 0:
        raise StartAgain("centre-without-our-mark")
    if page.mark > outbox.last(connection, who)[0]:
        raise StartAgain("centre-knows-more")
    if page.kind in BASELINES:
        baseline.apply(connection, page.kind, who, page.columns, page.rows, mark=page.mark)
    else:
        open_orders_till.take(connection, who, page.columns, page.rows, mark=page.mark)
    return len(page.rows)
