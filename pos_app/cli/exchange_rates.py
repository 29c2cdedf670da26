"""`bohari rates`: what currencies are worth."""

from typing import Annotated, Final

import typer

from pos_app.cli import history, parsing
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer
from pos_app.cli.command import Code, command, group, noun
from pos_app.cli.needs import open_to_all, somewhere
from pos_app.cli.options import On, Since
from pos_app.ledger.day import to_date
from pos_app.ledger.permission import Permission
from pos_app.office import written
from pos_app.office.masters import exchange_rates
from pos_app.office.office import Office
from pos_app.store.master import rates

app: Final = noun()
rates_app: Final = group(app, "rates", "What currencies are worth.")


@command(rates_app, "set", AT_WORK, somewhere(Permission.EDIT_MASTER))
def set_rate(
    office: Office,
    currency: Annotated[str, typer.Argument(metavar="USD")],
    rate: Annotated[str, typer.Argument(metavar="RATE", help="Base currency per unit: 129.55.")],
    *,
    since: Since = "",
) -> Answer:
    """What a currency is worth from a day on (today)."""
    code = currency.strip().upper()
    from_day = exchange_rates.set_rate(
        office, code, written.rate(rate), written.day(since, "--from") if since else None
    )
    said = f"{code} is worth {rate.strip()} from {to_date(from_day).isoformat()} on."
    return Answer({"currency": code, "rate": rate, "from": from_day}, [said])


@command(rates_app, "list", LOOKING, open_to_all("What currencies are worth is no secret."))
def list_rates(office: Office, *, on: On = "") -> Answer:
    """What every currency is worth on a day."""
    with office.read() as books:
        day = written.day(on, "--on") if on else office.today
        found = rates.exchange_rates(books.connection, books.org_id, day)
    base = office.organisation.currency.code
    shown = {code: parsing.rate_text(rate) for code, rate in found.items()}
    lines = [f"1 {code} = {rate} {base}" for code, rate in shown.items()] or ["No rate is set."]
    return Answer({"day": to_date(day).isoformat(), "base": base, "rates": shown}, lines)


@command(rates_app, "history", LOOKING, history.MAY_SEE)
def rates_history(office: Office, code: Code) -> Answer:
    """Who changed a rate, when, what it said before and says since."""
    return history.told(office, "rates", code)
