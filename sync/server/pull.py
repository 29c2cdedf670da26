"""The feed as messages: one snapshot of the centre, as pages for one terminal."""

from pos_app.store.engine.engine import Database
from pos_app.store.feed import feed
from pos_app.store.feed.cursors import Position
from pos_app.store.master import enrolment
from sync.protocol.messages import Cursor, Page, PullAnswer, PullRequest


def answer(database: Database, org_id: int, terminal_no: int, request: PullRequest) -> PullAnswer:
    """The next pages.  A terminal of another epoch gets none: its cursors mean nothing here."""
    with database.read() as connection:
        epoch = enrolment.epoch(connection)
        if request.epoch != epoch:
            return PullAnswer(epoch=epoch, more=True)
        positions = {
            kind: Position(cursor.stamp, cursor.last_key) for kind, cursor in request.cursors.items()
        }
        reading = feed.read(connection, org_id, terminal_no, positions)
    pages = tuple(
        Page(
            kind=page.kind,
            columns=page.columns,
            rows=tuple(page.rows),
            before=Cursor(page.before.stamp, page.before.last_key),
            after=Cursor(page.after.stamp, page.after.last_key),
            mark=reading.mark if is_marked else None,
        )
        for page, is_marked in reading.pages
    )
    return PullAnswer(epoch=epoch, pages=pages, more=reading.more, held_back=reading.held_back)
