"""`bohari expenses` and `transfer money`: what the office pays at once, and money between our own places."""

from typing import Annotated, Final

import typer

from pos_app.cli import parsing
from pos_app.cli.acting import AT_WORK
from pos_app.cli.answer import Answer
from pos_app.cli.command import Only, command, noun
from pos_app.cli.needs import somewhere
from pos_app.cli.options import Content, Details, Tenders
from pos_app.cli.purchasing import costs
from pos_app.cli.recorded import recorded
from pos_app.ledger.currency import currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import parse_money
from pos_app.ledger.permission import Permission
from pos_app.ledger.treasury import Exchanged
from pos_app.office import treasury, written
from pos_app.office.office import Office

app: Final = noun()


@command(app, "expenses", AT_WORK, somewhere(Permission.EXPENSE))
def expenses(
    office: Office,
    *,
    paid: Tenders = None,
    content: Content,
    vendor: Annotated[str, typer.Option(metavar="CODE", help="Of whom, where it is known.")] = "",
    said: Annotated[Details, Only("reference", "at", "on", "business", "depot", "currency", "rate", "note")],
) -> Answer:
    """Bought and paid at once.  Lines as of a bill: description,account,amount,tax,quantity,sku,business."""
    own = said.money(office)
    made = treasury.expense(
        office,
        costs(content, own),
        parsing.paid(paid or (), own),
        said.occasion(),
        vendor=vendor,
        reference=said.reference,
        location=said.at,
    )
    return recorded(made)


# In the group `transfer`, beside goods.
@command(app, "money", AT_WORK, somewhere(Permission.MOVE_MONEY))
def transfer_money(
    office: Office,
    start: Annotated[
        str, typer.Argument(metavar="FROM", help="safe, bank, mpesa, drawer:CODE or an account.")
    ],
    end: Annotated[str, typer.Argument(metavar="TO")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT")],
    *,
    to_business: Annotated[str, typer.Option(metavar="CODE", help="Another business's.")] = "",
    arrives: Annotated[
        str, typer.Option(metavar="100.00USD[@RATE]", help="What arrives, where it is exchanged.")
    ] = "",
    said: Annotated[Details, Only("reference", "on", "business", "currency", "rate", "note")],
) -> Answer:
    """Move money between our own places."""
    made = treasury.transfer(
        office,
        start,
        end,
        parse_money(amount, said.money(office)),
        said.occasion(),
        to_business=to_business,
        exchanged=_exchanged(arrives) if arrives else None,
        reference=said.reference,
    )
    return recorded(made)


def _exchanged(text: str) -> Exchanged:
    """100.00USD, or 100.00USD@129.55 where the rate is another than the day's."""
    amount, _, rate = text.strip().partition("@")
    if len(amount) < 4:
        raise Refused("not-an-amount-of-currency", text=text[:40])
    money = currency(amount[-3:])
    return Exchanged(parse_money(amount[:-3], money), money.code, written.rate(rate) if rate else None)
