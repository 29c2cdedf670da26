"""`bohari demo` and `demo-month`: the demonstration, which is no part of the installed product."""

import importlib
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from pos_app.cli.answer import Answer
from pos_app.cli.command import TOLD_HOME, TOLD_NOTHING, Call, command, noun
from pos_app.cli.needs import open_to_all
from pos_app.ledger.errors import Refused

app: Final = noun()


def _from_checkout(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise Refused("demo-not-installed") from error


@command(app, "demo", TOLD_NOTHING, open_to_all("It makes homes of its own."))
def demo(
    call: Call,
    headless: Annotated[bool, typer.Option("--headless", help="A scripted cashier, offscreen.")] = False,
    output: Annotated[Path, typer.Option(help="Where pictures and receipts go.")] = Path("demo-out"),
) -> Answer:
    """See a depot trade: a server, a till, its daemon and its window."""
    run = _from_checkout("demo.run").run
    ok = run(headless=headless, output=output, as_json=call.as_json)
    return Answer({"output": str(output)}, [], ok=ok)


@command(app, "demo-month", TOLD_HOME, open_to_all("It makes homes of its own."))
def demo_month(
    call: Call,
    seed: Annotated[int, typer.Option(help="Another seed is another month; the same is the same.")] = 1,
    documents: Annotated[int, typer.Option(min=1, help="At least so many.")] = 5_000,
) -> Answer:
    """Play a month of three businesses on four tills into a new home, lock it, and prove its books."""
    answer: Answer = _from_checkout("demo.month.month").play_aloud(call.home, seed=seed, documents=documents)
    return answer
