"""The feed as messages: one snapshot of the centre, as pages for one terminal."""

from pos_app.store.engine.engine import Database
from pos_app.store.feed import feed
from pos_app.store.master import enrolment
from sync.protocol.messages import Page, PullAnswer, PullRequest


def answer(
    database: Database,
    org_id: int,
    terminal_no: int,
    request: PullRequest,
    *,
    codes_from: int = 0,
    holds: bool = False,
) -> PullAnswer:
    """The next pages.  A terminal of another epoch gets none: its cursors mean nothing here.

    `holds` says that requests for news are held open here.
    """
    with database.read() as connection:
        epoch = enrolment.epoch(connection)
        if request.epoch != epoch:
            return PullAnswer(epoch=epoch, more=True)
        reading = feed.read(connection, org_id, terminal_no, request.cursors, codes_from=codes_from)
    pages = tuple(
        Page(
            kind=page.kind,
            columns=page.columns,
            rows=tuple(page.rows),
            before=page.before,
            after=page.after,
            mark=reading.mark if is_marked else None,
        )
        for page, is_marked in reading.pages
    )
    return PullAnswer(
        epoch=epoch,
        pages=pages,
        more=reading.more,
        held_back=reading.held_back,
        horizon=reading.horizon if holds else 0,
    )
