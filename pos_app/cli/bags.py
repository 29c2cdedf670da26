"""`bohari bags`: cash on its way to the bank, and its arrival."""

from typing import Annotated, Final

import typer

from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import Only, command, group, noun
from pos_app.cli.needs import needs, somewhere
from pos_app.cli.options import Content, Details
from pos_app.cli.recorded import recorded
from pos_app.ledger.currency import currency
from pos_app.ledger.money import decimal_text, parse_money
from pos_app.ledger.permission import Permission
from pos_app.office import bank_bags
from pos_app.office.bank_bags import StatementLine
from pos_app.office.office import Office
from pos_app.office.written import WrittenLine

app: Final = noun()
bags_app: Final = group(app, "bags", "Cash on its way to the bank, and its arrival.")


@command(bags_app, "list", LOOKING, needs(Permission.SEE_REPORTS))
def list_all(office: Office) -> Answer:
    """The bags that left a safe and that nobody has said the bank has, oldest first."""
    found = bank_bags.on_their_way(office)
    rows = [
        {
            "bag": one.name,
            "document": one.number,
            "amount": decimal_text(one.bag.bag.amount, currency(one.bag.bag.currency)),
            "currency": one.bag.bag.currency,
            "left_at": one.bag.bag.occurred_at.isoformat(),
            "counted_by": list(one.counted_by),
        }
        for one in found
    ]
    lines = [
        f"{row['bag']}  {row['amount']} {row['currency']}  {row['document']}"
        f"  counted by {', '.join(row['counted_by'])}"
        for row in rows
    ]
    return Answer({"bags": rows, "count": len(rows)}, [*lines, f"{counted(len(rows), 'bag')}."])


@command(bags_app, "banked", AT_WORK, somewhere(Permission.MOVE_MONEY))
def banked(
    office: Office,
    bag: Annotated[str, typer.Argument(metavar="BAG", help="The number on the bag, or of its slip.")],
    *,
    arrived: Annotated[
        str, typer.Option(metavar="AMOUNT", help="What the bank found in it; nothing is all of it.")
    ] = "",
    reason: Annotated[str, typer.Option(help="Why it is another sum.")] = "",
    said: Annotated[Details, Only("reference", "on", "note")],
) -> Answer:
    """The bank has a bag; what it found more or less is over or short."""
    made = bank_bags.bank(
        office,
        bag,
        parse_money(arrived, bank_bags.currency_of(office, bag)) if arrived else None,
        said.occasion(),
        reference=said.reference,
        reason=reason,
    )
    return recorded(made)


@command(bags_app, "statement", AT_WORK, somewhere(Permission.MOVE_MONEY))
def statement(office: Office, content: Content) -> Answer:
    """Bank every bag that a statement names: bag,amount,reference.  Each line by itself."""
    lines_of = content.read(("bag", "amount", "reference"), 2, _line)
    taken = bank_bags.take_statement(office, lines_of)
    rows = [
        {"bag": one.line.bag, "amount": one.line.amount, "document": one.number, "refused": one.refused}
        for one in taken
    ]
    lines = [f"{one.line.bag}  {one.line.amount}  {one.number or one.refused}" for one in taken]
    done = sum(1 for one in taken if one.number)
    return Answer(
        {"lines": rows, "banked": done},
        [*lines, f"{counted(done, 'bag')} banked of {counted(len(taken), 'line')}."],
        done == len(taken),
    )


def _line(row: WrittenLine) -> StatementLine:
    return StatementLine(row.values["bag"], row.values["amount"], row.values.get("reference", ""))
