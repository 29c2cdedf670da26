"""`bohari loyalty`: programmes that give points, and who has how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer

from pos_app.cli import history
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import Only, command, group, noun
from pos_app.cli.moments import moment, moment_shown
from pos_app.cli.needs import needs, somewhere
from pos_app.cli.options import Details, Reason
from pos_app.cli.recorded import recorded
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.loyalty import points_in, tiers_text
from pos_app.ledger.money import decimal_text, grouped_text, parse_money
from pos_app.ledger.permission import Permission
from pos_app.ledger.pricing.rules import ENDLESS_US
from pos_app.office import points
from pos_app.office.masters import loyalty, promised_when
from pos_app.office.masters.history import as_seen, revision
from pos_app.office.masters.loyalty import Said, Shown
from pos_app.office.office import Office
from pos_app.store.receivables.points import Holder

app: Final = noun()
loyalty_app: Final = group(app, "loyalty", "Programmes that give points, and who has how many.")

Code = Annotated[str, typer.Argument(metavar="PROGRAMME", help="The programme's code.")]
Until = Annotated[
    str | None,
    typer.Option(metavar="DAY", help="The last day, 2026-12-31, or a moment; never is without an end."),
]


@dataclass(frozen=True)
class Written:
    """What gives points, to whom and when, as it was written; None was not."""

    points: Annotated[int | None, typer.Option(help="So many points ...")] = None
    per: Annotated[str | None, typer.Option(metavar="AMOUNT", help="... for every so much paid.")] = None
    worth: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="What one point pays. It stays as it was said first.")
    ] = None
    group: Annotated[str | None, typer.Option(metavar="CODE", help="For a group of customers; all.")] = None
    tiers: Annotated[
        str | None,
        typer.Option(
            metavar="TIERS",
            help="“Silver 500 120; Gold 2000 150”: from so many points a year, so many per cent; “” is none.",
        ),
    ] = None
    since: Annotated[
        str | None, typer.Option("--from", metavar="MOMENT", help="2026-12-01 or 2026-12-01 06:00; now.")
    ] = None
    until: Until = None

    def said(self, office: Office, name: str | None) -> Said:
        """As the office takes it.  Raises `Refused` for what cannot be read."""
        money, zone_name = office.organisation.currency, office.organisation.time_zone
        return Said(
            name=name,
            points=self.points,
            per_amount=None if self.per is None else parse_money(self.per, money),
            worth=None if self.worth is None else parse_money(self.worth, money),
            group=""
            if self.group is not None and self.group.strip().lower() == promised_when.ALL
            else self.group,
            tiers=self.tiers,
            from_us=moment(self.since or "", zone_name),
            to_us=promised_when.end(self.until, zone_name),
        )


@command(loyalty_app, "list", LOOKING, needs(Permission.SEE_REPORTS))
def list_programmes(office: Office) -> Answer:
    """Every programme: those that give points, will, are over or put away."""
    found = loyalty.listed(office)
    lines = [
        f"{one.row.programme.code:<12} {one.state:<9} {_gives(one, office):<34} {one.row.programme.name}"
        for one in found
    ]
    return Answer(
        {"programmes": [_values(one, office) for one in found]},
        [*lines, f"{counted(len(found), 'programme')}."],
    )


@command(loyalty_app, "show", LOOKING, needs(Permission.SEE_REPORTS))
def show(office: Office, code: Code) -> Answer:
    """What gives points, to whom, when, and what a point pays."""
    found = loyalty.show(office, code)
    values = _values(found, office) | {"revision": revision(office, "loyalty", code)}
    lines = [f"{name:<10} {value}" for name, value in values.items() if value not in ("", None)]
    return Answer(values, lines)


@command(loyalty_app, "owed", LOOKING, needs(Permission.SEE_REPORTS))
def owed(office: Office) -> Answer:
    """Who has points, and what we owe with them; below zero where more went than a customer had."""
    found = loyalty.owed(office)
    sums: dict[str, int] = {}
    for one in found.holders:
        sums[one.currency] = sums.get(one.currency, 0) + one.owed
    lines = [_holder_line(one, found.worth) for one in found.holders]
    lines += [
        f"Points in all {decimal_text(sum_, find_currency(code))} {code}" for code, sum_ in sums.items()
    ]
    return Answer(
        {"customers": _holders(found.holders, found.worth), "sums": _sums(sums)},
        lines or ["Nobody has points."],
    )


@command(loyalty_app, "adjust", AT_WORK, somewhere(Permission.JOURNAL_ENTRY))
def adjust(
    office: Office,
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="The customer's code.")],
    *,
    give: Annotated[int | None, typer.Option(help="So many points are given ...")] = None,
    take: Annotated[int | None, typer.Option(help="... or taken.")] = None,
    reason: Reason,
    said: Annotated[Details, Only("on", "business", "note")],
) -> Answer:
    """Give a customer points by hand, or take them, with a reason: an entry at what a point pays now."""
    if (give is None) == (take is None) or (give or take or 0) <= 0:
        raise Refused("points-none-adjusted")
    return recorded(points.adjust(office, customer, give or -(take or 0), reason, said.occasion()))


@command(loyalty_app, "add", AT_WORK, somewhere(Permission.EDIT_MASTER))
def add(
    office: Office,
    code: Code,
    *,
    name: Annotated[str, typer.Option("--name", help="What receipts call it.")],
    written: Written,
) -> Answer:
    """Give points to customers from now on, at every till, offline too: --points, --per and --worth."""
    loyalty.add(office, code, written.said(office, name))
    return _told(office, code)


@command(loyalty_app, "edit", AT_WORK, somewhere(Permission.EDIT_MASTER))
def edit(
    office: Office,
    code: Code,
    *,
    name: Annotated[str | None, typer.Option("--name", help="What receipts call it.")] = None,
    written: Written,
    seen: history.Seen = None,
) -> Answer:
    """From now on it gives otherwise. What a point pays stays: it is owed already."""
    with as_seen(office, "loyalty", code, seen):
        changed = loyalty.edit(office, code, written.said(office, name))
    told = _told(office, code)
    return Answer({**told.values, "changed": changed}, told.lines)


@command(loyalty_app, "archive", AT_WORK, somewhere(Permission.EDIT_MASTER))
def archive(office: Office, code: Code) -> Answer:
    """Put a programme away: it gives no more points. Those that were given still pay."""
    loyalty.archive(office, code)
    return _told(office, code)


@command(loyalty_app, "restore", AT_WORK, somewhere(Permission.EDIT_MASTER))
def restore(office: Office, code: Code, *, until: Until = None) -> Answer:
    """Bring a programme back as it was, from now on."""
    loyalty.restore(office, code, promised_when.end(until, office.organisation.time_zone))
    return _told(office, code)


@command(loyalty_app, "history", LOOKING, history.MAY_SEE)
def programme_history(office: Office, code: Code) -> Answer:
    """Who promised what, when, before and since."""
    return history.told(office, "loyalty", code)


def _told(office: Office, code: str) -> Answer:
    found = loyalty.show(office, code)
    one = found.row.programme
    return Answer(_values(found, office), [f"{one.code} {one.name}: {_gives(found, office)}, {found.state}."])


def _gives(shown: Shown, office: Office) -> str:
    one, money = shown.row.programme, office.organisation.currency
    return (
        f"{one.points} for {grouped_text(one.per_amount, money)}, each pays {grouped_text(one.worth, money)}"
    )


def _values(shown: Shown, office: Office) -> dict[str, Any]:
    one, money = shown.row.programme, office.organisation.currency
    zone_name, planned = office.organisation.time_zone, shown.row.planned_to_us
    return {
        "code": one.code,
        "name": one.name,
        "state": shown.state,
        "points": one.points,
        "per": decimal_text(one.per_amount, money),
        "worth": decimal_text(one.worth, money),
        "group": shown.group,
        "tiers": tiers_text(one.tiers),
        "from": moment_shown(one.from_us, zone_name),
        "until": "" if planned >= ENDLESS_US else moment_shown(planned, zone_name),
    }


def _holder_line(holder: Holder, worth: int) -> str:
    amount = decimal_text(holder.owed, find_currency(holder.currency))
    count = f"{points_in(holder.owed, worth):>9} points"
    return f"{holder.code:<12} {count}  {amount:>14} {holder.currency}  {holder.name}"


def _holders(holders: Sequence[Holder], worth: int) -> list[dict[str, Any]]:
    return [
        {
            "customer": one.code,
            "name": one.name,
            "points": points_in(one.owed, worth),
            "owed": decimal_text(one.owed, find_currency(one.currency)),
            "currency": one.currency,
        }
        for one in holders
    ]


def _sums(sums: dict[str, int]) -> list[dict[str, str]]:
    return [
        {"currency": code, "owed": decimal_text(amount, find_currency(code))} for code, amount in sums.items()
    ]
