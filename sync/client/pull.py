"""Pulling: master data and balances of the centre into the till's database, page by page.

Each page and its cursor are one short transaction, so that a sale never waits long and a kill in
between repeats at most one page.
"""

from pos_app.ledger.travel import Cursor
from pos_app.store.documents import outbox, settings
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine.engine import Database
from pos_app.store.feed import baseline, cursors, intake
from pos_app.store.orders import open_orders_till
from pos_app.store.tables.open_order_table import arrival
from pos_app.store.tables.projections import BASELINES
from sync.client.errors import StartAgain
from sync.client.transport import Transport
from sync.protocol.messages import PULL_PATH, Page, PullAnswer, PullRequest

#: What this version knows what to do with.
KINDS = (*intake.TABLES, *BASELINES)
#: What means something only together with our mark inside it.
_MARKED = frozenset({*BASELINES, "".join(arrival.name)})


def pull(database: Database, who: Terminal, transport: Transport) -> tuple[int, bool]:
    """Fetch until the centre has no more; gives the rows applied, and whether some are held back.

    Raises `StartAgain` when the centre began a new life or knows more of us than we do, `Damaged`
    for rows that do not belong here, and what the transport raises.
    """
    applied = 0
    while True:
        with database.read() as connection:
            stands = cursors.read_all(connection)
            epoch = settings.get(connection, "epoch")
        request = PullRequest(epoch=epoch, cursors={kind: stands.get(kind, Cursor()) for kind in KINDS})
        answer = transport.call(PULL_PATH, request, PullAnswer)
        if answer.epoch != epoch:
            raise StartAgain("centre-began-anew")
        for page in answer.pages:
            applied += _apply(database, who, page)
        if not answer.more or not answer.pages:
            return applied, answer.held_back


def _apply(database: Database, who: Terminal, page: Page) -> int:
    with database.write() as connection:
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
