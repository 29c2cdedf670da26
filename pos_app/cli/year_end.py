"""`bohari lock` and `year-end`: when nothing may change any more, and a year that is closed."""

from typing import Annotated, Any, Final

import typer

from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer
from pos_app.cli.command import command, noun
from pos_app.cli.needs import somewhere
from pos_app.cli.recorded import values
from pos_app.ledger.day import to_date
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.ledger.rules.amounts import check_day
from pos_app.office import written, year_end
from pos_app.office.office import Office

app: Final = noun()


@command(app, "lock", AT_WORK, somewhere(Permission.PERIOD_LOCK))
def lock(
    office: Office,
    *,
    through: Annotated[str, typer.Option(metavar="DATE", help="The last locked day: 2026-10-31.")],
    business: Annotated[str, typer.Option(metavar="CODE", help="Only of this business.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
) -> Answer:
    """Nothing may be dated on or before a day any more; an earlier day opens what lies after it."""
    day = written.day(through, "--through")
    year_end.lock(office, day, business=business, reason=reason)
    of = business or "all businesses"
    return Answer(
        {"through": to_date(day).isoformat(), "business": business},
        [f"The books of {of} are locked through {to_date(day).isoformat()}."],
    )


@command(app, "year-end", AT_WORK, somewhere(Permission.JOURNAL_ENTRY))
def close_year(
    office: Office,
    *,
    year: Annotated[int, typer.Option(help="A year that is over, locked and valued.")],
) -> Answer:
    """Income and expense to retained earnings, business by business, once."""
    check_day(max(year, 1) * 10_000 + 1231, "--year")
    money = office.organisation.currency
    closed = year_end.year_end(office, year)
    rows: list[dict[str, Any]] = [
        values(one.made) | {"business": one.business, "profit": decimal_text(one.profit, money)}
        for one in closed
    ]
    lines = [f"{one['business']}: {one['profit']} {money.code} to retained earnings" for one in rows]
    return Answer({"year": year, "businesses": rows}, lines)
