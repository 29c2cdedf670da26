"""Programmes that give points, in the back office: for how much, to whom, when, and what a point pays."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.errors import Refused
from pos_app.ledger.loyalty import tiers_text
from pos_app.ledger.money import decimal_text, grouped_text, parse_money
from pos_app.ledger.permission import Permission
from pos_app.ledger.pricing.rules import ENDLESS_US
from pos_app.office.masters import loyalty, party_groups, promised_when
from pos_app.office.masters.loyalty import Said, Shown
from pos_app.office.moments import moment, moment_shown
from pos_app.office.office import Office
from pos_app.web.masters.asking import state_words
from pos_app.web.masters.declaration import (
    Choices,
    Column,
    Field,
    Kind,
    Master,
    Thing,
    Values,
    Wanted,
    sifted,
)

_MOST_DIGITS: Final = 7


def _gives(shown: Shown, office: Office) -> str:
    one, money = shown.row.programme, office.organisation.currency
    return web_text("{points} for {amount}", points=one.points, amount=grouped_text(one.per_amount, money))


def _listed(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    money = office.organisation.currency
    rows = [
        {
            "code": one.row.programme.code,
            "name": one.row.programme.name,
            "gives": _gives(one, office),
            "worth": grouped_text(one.row.programme.worth, money),
            "state": state_words(one.state),
        }
        for one in loyalty.listed(office)
        if (one.row.ended_us is not None) == wanted.archived
    ]
    return sifted(rows, wanted)


def _show(office: Office, code: str) -> Thing:
    shown = loyalty.show(office, code)
    one, money, zone = shown.row.programme, office.organisation.currency, office.organisation.time_zone
    planned = shown.row.planned_to_us
    values = {
        "code": one.code,
        "name": one.name,
        "points": str(one.points),
        "per": decimal_text(one.per_amount, money),
        "worth": decimal_text(one.worth, money),
        "group": shown.group,
        "tiers": "\n".join(tiers_text([tier]) for tier in one.tiers),
        "since": moment_shown(one.from_us, zone),
        "until": "" if planned >= ENDLESS_US else moment_shown(planned, zone),
    }
    facts = [(web_text("It gives"), _gives(shown, office)), (web_text("State"), state_words(shown.state))]
    return Thing(one.code, one.name, values, shown.row.ended_us is not None, facts)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise Refused("not-a-number", what="The number", text=text[:20])
    return int(text)


def _said(office: Office, values: Values) -> Said:
    """What changed of a form."""
    money, zone = office.organisation.currency, office.organisation.time_zone
    return Said(
        name=values.get("name"),
        points=_whole(values["points"]) if "points" in values else None,
        per_amount=parse_money(values["per"], money) if "per" in values else None,
        worth=parse_money(values["worth"], money) if "worth" in values else None,
        group=values.get("group"),
        tiers=";".join(values["tiers"].split("\n")) if "tiers" in values else None,
        from_us=moment(values.get("since", ""), zone),
        to_us=promised_when.end(values["until"] or promised_when.NEVER, zone) if "until" in values else None,
    )


def _add(office: Office, values: Values) -> str:
    told = {name: text for name, text in values.items() if text}
    loyalty.add(office, values.get("code", ""), _said(office, told))
    return ""


def _edit(office: Office, code: str, values: Values) -> bool:
    return loyalty.edit(office, code, _said(office, values))


def _groups(office: Office) -> Choices:
    return [(one.row.code, one.row.name) for one in party_groups.groups(office) if one.row.active]


LOYALTY: Final = Master(
    path="loyalty",
    words=web_words("Points for customers"),
    add_words=web_words("Add a programme"),
    noun="loyalty",
    sees=(Permission.SEE_REPORTS, Permission.EDIT_MASTER),
    changes=(Permission.EDIT_MASTER,),
    columns=(
        Column("code", web_words("Code")),
        Column("name", web_words("Name")),
        Column("gives", web_words("Points")),
        Column("worth", web_words("A point pays"), is_number=True),
        Column("state", web_words("State")),
    ),
    fields=(
        Field("code", web_words("Code"), needed=True, edits=False, codes=("loyalty-code-taken",)),
        Field("name", web_words("Name"), hint=web_words("What receipts call it."), needed=True),
        Field(
            "points",
            web_words("So many points"),
            Kind.NUMBER,
            needed=True,
            codes=("not-a-number", "loyalty-not-above-zero"),
        ),
        Field(
            "per",
            web_words("for every so much paid"),
            Kind.NUMBER,
            needed=True,
            codes=("amount-too-fine", "loyalty-gives-more-than-paid"),
        ),
        Field(
            "worth",
            web_words("A point pays"),
            Kind.NUMBER,
            hint=web_words("It stays as it was said first: it is owed."),
            needed=True,
            codes=("loyalty-worth-stays", "loyalty-worth-is-one"),
        ),
        Field(
            "group",
            web_words("Only for a group of customers"),
            Kind.CHOICE,
            choices=_groups,
            codes=("group-unknown",),
        ),
        Field(
            "tiers",
            web_words("Tiers"),
            Kind.LINES,
            hint=web_words("One a line: Silver 500 120 gives 120 per cent from 500 points a year on."),
            codes=("loyalty-tiers-unreadable", "loyalty-tiers-climb"),
        ),
        Field(
            "since",
            web_words("From"),
            hint=web_words("2026-12-01 or 2026-12-01 06:00; nothing is now."),
            codes=("not-a-moment", "loyalty-of-the-past"),
        ),
        Field(
            "until",
            web_words("Until"),
            hint=web_words("The last day, 2026-12-31, or a moment; nothing is without an end."),
            codes=("not-a-moment", "loyalty-over", "loyalty-ends-before"),
        ),
    ),
    listed=_listed,
    sorts=True,
    show=_show,
    add=_add,
    edit=_edit,
    archive=loyalty.archive,
    restore=loyalty.restore,
)
