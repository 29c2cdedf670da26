"""`bohari explain`: the words with which one balance is asked for."""

from pathlib import Path
from typing import Annotated, Final

import typer

from pos_app.cli.command import Code, Home, Json, Org, print_answer

app: Final = typer.Typer(no_args_is_help=True, help="One balance, line by line.")
Money = Annotated[str, typer.Option("--currency", metavar="USD", help="In which currency; the books' own.")]


def _explain(home: Path, what: str, code: str, as_json: bool, *, place: str = "", currency: str = "") -> None:
    from pos_app.cli import explain

    print_answer(explain.explain(home, what, code, place=place, currency=currency), as_json)


@app.command()
def customer(code: Code, home: Home, *, currency: Money = "", as_json: Json = False, _org: Org = "") -> None:
    """What a customer owes, and why."""
    _explain(home, "customer", code, as_json, currency=currency)


@app.command()
def vendor(code: Code, home: Home, *, currency: Money = "", as_json: Json = False, _org: Org = "") -> None:
    """What stands between us and a vendor (below zero: what we owe them), and why."""
    _explain(home, "vendor", code, as_json, currency=currency)


@app.command()
def employee(code: Code, home: Home, *, currency: Money = "", as_json: Json = False, _org: Org = "") -> None:
    """What an employee has of us in advance, and why."""
    _explain(home, "employee", code, as_json, currency=currency)


@app.command()
def member(code: Code, home: Home, *, currency: Money = "", as_json: Json = False, _org: Org = "") -> None:
    """What a member has deposited (below zero: we owe it), and why."""
    _explain(home, "member", code, as_json, currency=currency)


@app.command()
def deposit(code: Code, home: Home, *, currency: Money = "", as_json: Json = False, _org: Org = "") -> None:
    """What a customer has deposited (below zero: we owe it), and why."""
    _explain(home, "deposit", code, as_json, currency=currency)


@app.command()
def share(code: Code, home: Home, *, currency: Money = "", as_json: Json = False, _org: Org = "") -> None:
    """What a member holds in shares (below zero: they are theirs), and why."""
    _explain(home, "share", code, as_json, currency=currency)


@app.command()
def invoice(
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="As printed (K3-I000012), or terminal/sequence: 3/17.")
    ],
    home: Home,
    *,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """What is open of an invoice or a bill, and why: what opened it, what was paid, credited, written off."""
    _explain(home, "invoice", number, as_json)


@app.command()
def account(code: Code, home: Home, *, currency: Money = "", as_json: Json = False, _org: Org = "") -> None:
    """What stands on an account, and why."""
    _explain(home, "account", code, as_json, currency=currency)


@app.command()
def drawer(code: Code, home: Home, *, currency: Money = "", as_json: Json = False, _org: Org = "") -> None:
    """What lies in a cash drawer, and why."""
    _explain(home, "drawer", code, as_json, currency=currency)


@app.command()
def product(
    code: Code,
    home: Home,
    depot: Annotated[str, typer.Option(help="Only the stock of this depot.")] = "",
    *,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """What is in stock of a product, and why."""
    _explain(home, "product", code, as_json, place=depot)


@app.command()
def stock(
    code: Code,
    home: Home,
    place: Annotated[str, typer.Option(help="The code of a depot, a vehicle or another place.")] = "",
    *,
    as_json: Json = False,
    _org: Org = "",
) -> None:
    """What lies of a product at a place, and why: also where the books have less than nothing."""
    _explain(home, "stock", code, as_json, place=place)
