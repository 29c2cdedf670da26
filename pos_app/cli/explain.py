"""`bohari explain`: one balance line by line, and whether the cached one is what the lines give."""

from typing import Annotated, Any, Final

import typer
from sqlalchemy import Connection

from pos_app.cli.answer import Answer
from pos_app.cli.command import Code, command, group, noun
from pos_app.cli.explain_cylinders import explain_cylinders
from pos_app.cli.explain_price import Asked, explain_price
from pos_app.cli.homes import EITHER_HOME, Opened
from pos_app.cli.moments import local
from pos_app.cli.needs import needs
from pos_app.ledger import chit
from pos_app.ledger.currency import currency as find_currency
from pos_app.ledger.document import document_key
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import decimal_text
from pos_app.ledger.numbering import parse_position, parse_printed
from pos_app.ledger.permission import Permission
from pos_app.ledger.quantity import plain_quantity
from pos_app.store.balances import balances
from pos_app.store.balances.balances import Step
from pos_app.store.documents import documents
from pos_app.store.receivables import open_items
from pos_app.store.report_queries import balance_lookup
from pos_app.store.report_queries.balance_lookup import BalanceRef

app: Final = noun()
explain_app: Final = group(app, "explain", "One balance, line by line.")

Money = Annotated[str, typer.Option("--currency", metavar="USD", help="In which currency; the books' own.")]


def _of_code(what: str, sentence: str) -> None:
    """Add the command that explains a sum of money of whatever has a code; `sentence` is its help."""

    def explained(opened: Opened, code: Code, *, currency: Money = "") -> Answer:
        return explain(opened, what, code, currency=currency)

    explained.__doc__ = sentence
    command(explain_app, what, EITHER_HOME, needs(Permission.SEE_REPORTS))(explained)


_of_code("customer", "What a customer owes, and why.")
_of_code("vendor", "What stands between us and a vendor (below zero: what we owe them), and why.")
_of_code("employee", "What an employee has of us in advance, and why.")
_of_code("member", "What a member has deposited (below zero: we owe it), and why.")
_of_code("deposit", "What a customer has deposited (below zero: we owe it), and why.")
_of_code("share", "What a member holds in shares (below zero: they are theirs), and why.")
_of_code("points", "What a customer's points can pay (below zero: we owe it), and why.")


@command(explain_app, "invoice", EITHER_HOME, needs(Permission.SEE_REPORTS))
def invoice(
    opened: Opened,
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="As printed (K3-I000012), or terminal/sequence: 3/17.")
    ],
) -> Answer:
    """What is open of an invoice or a bill, and why: what opened it, what was paid, credited, written off."""
    return explain(opened, "invoice", number)


@command(explain_app, "voucher", EITHER_HOME, needs(Permission.SEE_REPORTS))
def voucher(
    opened: Opened,
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help="As on the slip: V 4711 0815 2342, D471108152342.")
    ],
) -> Answer:
    """What is left on a voucher or a deposit slip, and why."""
    return explain(opened, "voucher", number)


_of_code("account", "What stands on an account, and why.")
_of_code("drawer", "What lies in a cash drawer, and why.")


@command(explain_app, "product", EITHER_HOME, needs(Permission.SEE_REPORTS))
def product(
    opened: Opened,
    code: Code,
    depot: Annotated[str, typer.Option(help="Only the stock of this depot.")] = "",
) -> Answer:
    """What is in stock of a product, and why."""
    return explain(opened, "product", code, place=depot)


@command(explain_app, "stock", EITHER_HOME, needs(Permission.SEE_REPORTS))
def stock(
    opened: Opened,
    code: Code,
    place: Annotated[str, typer.Option(help="The code of a depot, a vehicle or another place.")] = "",
) -> Answer:
    """What lies of a product at a place, and why: also where the books have less than nothing."""
    return explain(opened, "stock", code, place=place)


@command(explain_app, "cylinders", EITHER_HOME, needs(Permission.SEE_REPORTS))
def cylinders(
    opened: Opened,
    sku: Annotated[
        str, typer.Argument(metavar="SKU", help="The code of a cylinder; without one, all kinds.")
    ] = "",
) -> Answer:
    """Where all cylinders are (full, empty, at customers, at suppliers, on the road), and what made them more
    or fewer.
    """
    return explain_cylinders(opened, sku)


@command(explain_app, "price", EITHER_HOME, needs(Permission.SEE_REPORTS))
def price(
    opened: Opened,
    sku: Annotated[str, typer.Argument(metavar="SKU", help="The product's code.")],
    *,
    asked: Asked,
) -> Answer:
    """What a product costs somebody at a place and a moment, and why: contract, lists, breaks."""
    return explain_price(opened, sku, asked)


def explain(opened: Opened, what: str, code: str, *, place: str = "", currency: str = "") -> Answer:
    """Explain the balance of a party in a role, an invoice, an account, a drawer or a product ("stock": at a
    place); `currency` is the organisation's own where none is named.

    Raises `Refused` when nothing has this code.
    """
    with opened.database.read() as connection:
        money = find_currency(currency.upper()) if currency else opened.organisation.currency
        found = _find(connection, opened.org_id, what, code, place if what in _GOODS else money.code)
        if found is None:
            raise Refused("no-such-code", what=what, code=code[:40])
        if found.currency:
            money = find_currency(found.currency)
        steps = _steps(connection, found)
        value = next(iter(found.projection.values))
        cached = sum(balances.current(connection, found.projection, key)[value] for key in found.keys)
        credit = _credit(connection, opened.org_id, what, found)

    def text(amount: int) -> str:
        if what in _GOODS:
            return plain_quantity(amount)
        return decimal_text(amount, money)

    truth, zone = steps[-1].balance if steps else 0, opened.organisation.time_zone
    # An invoice is called what the person called it.
    called = found.code or code.strip()
    lines = [f"{called} {found.name}"]
    lines += [
        f"{_at(step, zone):<20} {step.kind:<14} {step.number:<18}"
        f" {text(step.change):>14} {text(step.balance):>14}"
        for step in steps
    ]
    shown = f" {money.code}" if found.currency and found.currency != opened.organisation.currency.code else ""
    lines.append(f"Balance {text(cached)}{shown}")
    if credit:
        lines.append(f"Credit that is not used {text(credit)}{shown}; settle with it, or pay it out.")
    if cached != truth:
        lines.append(f"The lines give {text(truth)}; run “bohari recalculate”.")
    if what in _GOODS and cached < 0:
        lines.append(_BELOW_NOTHING)
    values: dict[str, Any] = {
        "code": called,
        "name": found.name,
        "currency": found.currency,
        "balance": text(cached),
        "credit": text(credit),
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


_ROLES: Final = {
    "customer": PartyRole.CUSTOMER,
    "vendor": PartyRole.VENDOR,
    "employee": PartyRole.EMPLOYEE,
    "member": PartyRole.MEMBER,
    "deposit": PartyRole.DEPOSITOR,
    "share": PartyRole.SHAREHOLDER,
    "points": PartyRole.POINTS,
}
#: What is explained in units of goods.
_GOODS: Final = ("product", "stock")
_BELOW_NOTHING: Final = (
    "The books have less than nothing: more went out than came in with a document."
    " Receive what came without one, or count it."
)


def _find(connection: Connection, org_id: int, what: str, code: str, where: str) -> BalanceRef | None:
    """`where` is the place of goods, and the currency of everything else."""
    if what in _ROLES:
        return balance_lookup.party(connection, org_id, _ROLES[what], code, where)
    match what:
        case "invoice":
            return _invoice(connection, org_id, code)
        case "voucher":
            wanted = chit.read(code)
            return None if wanted is None else balance_lookup.chit(connection, org_id, wanted)
        case "account":
            return balance_lookup.account(connection, org_id, code, where)
        case "drawer":
            return balance_lookup.drawer(connection, org_id, code, where)
        case _:
            return balance_lookup.product(connection, org_id, code, where)


def _credit(connection: Connection, org_id: int, what: str, ref: BalanceRef) -> int:
    """What is not used of a customer's credit (of ours with a vendor), or of what stands on an invoice."""
    if what == "invoice":
        amounts = (balances.current(connection, ref.projection, key)["amount"] for key in ref.keys)
        return -sum(min(amount, 0) for amount in amounts)
    role = _ROLES.get(what)
    if role not in (PartyRole.CUSTOMER, PartyRole.VENDOR):
        return 0
    party = int(ref.keys[0]["party_id"])
    return open_items.credit(connection, org_id, role, party, ref.currency).amount


def _invoice(connection: Connection, org_id: int, number: str) -> BalanceRef | None:
    """By the printed number where the document is here, or by terminal and sequence (3/17)."""
    position = parse_position(number)
    if position is not None:
        return balance_lookup.invoice(connection, org_id, document_key(*position))
    key = documents.key_of_number(connection, org_id, *parse_printed(number))
    return None if key is None else balance_lookup.invoice(connection, org_id, key)


def _steps(connection: Connection, ref: BalanceRef) -> list[Step]:
    """The lines of all parts of the balance, one after another in time."""
    parts = [balances.explain(connection, ref.projection, key) for key in ref.keys]
    steps = [step for part in parts for step in part]
    if sum(bool(part) for part in parts) < 2:
        return steps
    steps.sort(key=lambda step: (step.occurred_at is not None, step.occurred_at, step.document_id))
    merged, balance = [], 0
    for step in steps:
        balance += step.change
        merged.append(Step(step.document_id, step.kind, step.number, step.occurred_at, step.change, balance))
    return merged


def _at(step: Step, zone: str) -> str:
    return f"{local(step.occurred_at, zone):%Y-%m-%d %H:%M}" if step.occurred_at else "from the centre"
