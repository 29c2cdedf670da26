"""`bohari explain`: one balance line by line, and whether the cached one is what the lines give."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from pos_app.commands.answer import Answer
from pos_app.commands.home import Opened, opened
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import decimal_text
from pos_app.ledger.quantity import quantity_text
from pos_app.store import balances, named
from pos_app.store.balances import Step
from pos_app.store.named import Named


def explain(home: Path, what: str, code: str, *, depot: str = "") -> Answer:
    """Explain the balance of a customer, an account, a drawer or a product ("stock": at a place).

    Raises `Refused` when nothing has this code.
    """
    with opened(home) as one, one.database.read() as connection:
        found = _find(connection, one, what, code, depot)
        if found is None:
            raise Refused(f"There is no {what} “{code[:40]}” here; check the code.")
        steps = _steps(connection, found)
        value = next(iter(found.projection.values))
        cached = sum(balances.current(connection, found.projection, key)[value] for key in found.keys)

    def text(amount: int) -> str:
        if what in _GOODS:
            return quantity_text(amount).replace(",", "").replace("\u2212", "-")
        return decimal_text(amount, one.organisation.currency)

    truth = steps[-1].balance if steps else 0
    lines = [f"{found.code} {found.name}"]
    lines += [
        f"{_at(step):<20} {step.kind:<14} {step.number:<18} {text(step.change):>14} {text(step.balance):>14}"
        for step in steps
    ]
    lines.append(f"Balance {text(cached)}")
    if cached != truth:
        lines.append(f"The lines give {text(truth)}; run “bohari recalculate”.")
    if what in _GOODS and cached < 0:
        lines.append(_BELOW_NOTHING)
    values: dict[str, Any] = {
        "code": found.code,
        "name": found.name,
        "balance": text(cached),
        "lines": [
            {
                "document": step.document_id,
                "kind": step.kind,
                "number": step.number,
                "occurred_at": step.occurred_at.isoformat() if step.occurred_at else None,
                "change": text(step.change),
                "balance": text(step.balance),
            }
            for step in steps
        ],
    }
    return Answer(values, lines, cached == truth)


#: What is explained in units of goods.
_GOODS: Final = ("product", "stock")
_BELOW_NOTHING: Final = (
    "The books have less than nothing: more went out than came in with a document."
    " Receive what came without one, or count it."
)


def _find(connection: Connection, one: Opened, what: str, code: str, depot: str) -> Named | None:
    money = one.organisation.currency.code
    match what:
        case "customer":
            return named.customer(connection, one.org_id, code, money)
        case "account":
            return named.account(connection, one.org_id, code, money)
        case "drawer":
            return named.drawer(connection, one.org_id, code, money)
        case _:
            return named.product(connection, one.org_id, code, depot)


def _steps(connection: Connection, found: Named) -> list[Step]:
    """The lines of all parts of the balance, one after another in time."""
    parts = [balances.explain(connection, found.projection, key) for key in found.keys]
    steps = [step for part in parts for step in part]
    if sum(bool(part) for part in parts) < 2:
        return steps
    steps.sort(key=lambda step: (step.occurred_at is not None, step.occurred_at, step.document_id))
    merged, balance = [], 0
    for step in steps:
        balance += step.change
        merged.append(Step(step.document_id, step.kind, step.number, step.occurred_at, step.change, balance))
    return merged


def _at(step: Step) -> str:
    return f"{step.occurred_at:%Y-%m-%d %H:%M}" if step.occurred_at else "from the centre"
