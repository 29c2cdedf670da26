"""`bohari vouchers`: vouchers and deposit slips, what is left on them and why, and deposits paid back."""

from typing import Annotated, Final

import typer

from pos_app.cli import parsing
from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer
from pos_app.cli.command import Only, command, group, noun
from pos_app.cli.explain import explain
from pos_app.cli.homes import EITHER_HOME, Opened
from pos_app.cli.needs import needs, somewhere
from pos_app.cli.options import Details, Tenders
from pos_app.cli.recorded import recorded
from pos_app.ledger.chit import barcode_of, text_of
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.day import to_date
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.office import chits
from pos_app.office.office import Office
from pos_app.store.receivables import chits as standing_chits
from pos_app.store.receivables.chits import Standing

app: Final = noun()
vouchers_app: Final = group(app, "vouchers", "Vouchers and deposit slips: what is left, and why.")

Number = Annotated[
    str, typer.Argument(metavar="NUMBER", help="As on the slip: V 4711 0815 2342, D471108152342.")
]


@command(vouchers_app, "list", EITHER_HOME, needs(Permission.SEE_REPORTS))
def outstanding(
    opened: Opened,
    *,
    spent: Annotated[bool, typer.Option("--spent", help="Those on which nothing is left too.")] = False,
) -> Answer:
    """What is owed to whoever holds vouchers and deposit slips; below zero where one was spent twice."""
    with opened.database.read() as connection:
        found = standing_chits.outstanding(connection, opened.org_id, spent=spent)
    sums: dict[tuple[str, str], int] = {}
    for one in found:
        key = (one.chit.role.value, one.currency)
        sums[key] = sums.get(key, 0) + one.left
    lines = [_line(one) for one in found]
    lines += [
        f"{_words(PartyRole(role))} in all {decimal_text(amount, find_currency(code))} {code}"
        for (role, code), amount in sums.items()
    ]
    values = {
        "chits": [_values(one) for one in found],
        "sums": [
            {"what": role, "currency": code, "left": decimal_text(amount, find_currency(code))}
            for (role, code), amount in sums.items()
        ],
    }
    return Answer(values, lines or ["No voucher and no deposit slip is outstanding."], True)


@command(vouchers_app, "show", EITHER_HOME, needs(Permission.SEE_REPORTS))
def show(opened: Opened, number: Number) -> Answer:
    """What is left on a voucher or a deposit slip, and why: issued, paid with, paid back."""
    return explain(opened, "voucher", number)


@command(vouchers_app, "pay-back", AT_WORK, somewhere(Permission.RETURNABLES))
def pay_back(
    office: Office,
    number: Number,
    *,
    paid: Tenders = None,
    said: Annotated[Details, Only("on", "business", "note")],
) -> Answer:
    """Pay a deposit back to whoever brings its slip: what is paid, all that is left or less."""
    tenders = parsing.paid(paid or (), office.organisation.currency)
    return recorded(chits.pay_back(office, number, tenders, said.occasion()))


def _words(role: PartyRole) -> str:
    return "Vouchers" if role is PartyRole.VOUCHER else "Deposits"


def _line(standing: Standing) -> str:
    chit, money = standing.chit, find_currency(standing.currency)
    until = to_date(chit.expires_on).isoformat() if chit.expires_on else ""
    number, left = text_of(chit.role, chit.number), decimal_text(standing.left, money)
    return (
        f"{number:<18} {left:>14} {standing.currency}  {until:<10}  {standing.issued_by:<14} {standing.party}"
    )


def _values(standing: Standing) -> dict[str, object]:
    chit = standing.chit
    return {
        "number": barcode_of(chit.role, chit.number),
        "what": chit.role.value,
        "left": decimal_text(standing.left, find_currency(standing.currency)),
        "currency": standing.currency,
        "good_until": to_date(chit.expires_on).isoformat() if chit.expires_on else None,
        "issued_by": standing.issued_by,
        "customer": standing.party,
    }
