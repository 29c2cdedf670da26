"""The X of the shift that runs: what a Z would say of it now, without the cash that is expected.

Decisions
---------
2026-12-01  An X is told to whom the expected cash is told: its sums by tender say how much of it came in, and
whoever closes a drawer blind could count on them.
"""

from typing import Final, NamedTuple

from sqlalchemy import Connection

from pos_app.devices.paper import Columns, Paper, Rule, Text, WidthChars
from pos_app.ledger.document import DrawerOpen
from pos_app.reports.slips.letterhead import letterhead_of
from pos_app.reports.slips.shift_report import x_report
from pos_app.store.documents import outbox, stretches
from pos_app.store.report_queries import shift_figures
from pos_app.store.report_queries.shift_figures import Stretched
from pos_app.till.session.context import Context

#: What a print job of one is called; its document is the `DrawerOpen` of the shift.
X: Final = "x"


class Shown(NamedTuple):
    """A line of it on a screen: the words, the figure at its end, and whether it is a heading.

    One without words is what parts it from the next.
    """

    words: str
    figure: str
    is_heading: bool


def paper(context: Context, connection: Connection, opened: DrawerOpen, width: WidthChars) -> Paper:
    """The X of a shift as it stands in this transaction."""
    org_id, terminal_no, place = context.org_id, context.terminal.terminal_no, context.place
    stretch = stretches.now(
        connection,
        org_id,
        terminal_no,
        opened.document_id,
        place.currency.code,
        business_day=context.business_day(opened.occurred_at),
    )
    last_seq, _hash = outbox.last(connection, context.terminal)
    whose = Stretched(org_id, terminal_no, stretch.first_seq, last_seq)
    return x_report(
        shift_figures.of_stretch(connection, whose, place.time_zone),
        stretch,
        place.currency,
        letterhead_of(connection, opened),
        at=context.clock.now(),
        shift=opened.number,
        width=width,
    )


def shown(drawn: Paper) -> list[Shown]:
    """The lines of a paper below its head, for who looks at it on a screen."""
    lines: list[Shown] = []
    begins = next((at for at, block in enumerate(drawn.blocks) if isinstance(block, Rule)), 0)
    for block in drawn.blocks[begins + 1 :]:
        match block:
            case Rule():
                lines.append(Shown("", "", is_heading=False))
            case Text(text=text, bold=bold):
                lines.append(Shown(text, "", bold))
            case Columns(left=left, right=right):
                lines.append(Shown(left, right, is_heading=False))
    return lines
