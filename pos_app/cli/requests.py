"""`bohari requests`: what people at tills asked for, and what becomes of it."""

from typing import Annotated, Any, Final

import typer

from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.moments import shown
from pos_app.cli.needs import needs, somewhere
from pos_app.cli.options import Reason
from pos_app.ledger.asking import CustomerAsked, PriceAsked, ProductAsked, State
from pos_app.ledger.errors import Refused
from pos_app.ledger.numbering import parse_position
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import exact, plain_price
from pos_app.office import requests
from pos_app.office.office import Office
from pos_app.store.master.requests_in import Kept
from pos_app.store.tables.columns import from_micros

app: Final = noun()
requests_app: Final = group(app, "requests", "What people at tills asked for: customers, products, prices.")

Number = Annotated[str, typer.Argument(metavar="TILL/NUMBER", help="As the list shows it: 3/17.")]


@command(requests_app, "list", LOOKING, needs(Permission.EDIT_MASTER))
def list_requests(
    office: Office,
    *,
    everything: Annotated[bool, typer.Option("--all", help="What was decided as well.")] = False,
) -> Answer:
    """What waits for a person, the newest first; whether anything does, say the rules “…-at-once”."""
    found = [(one, _row(office, one)) for one in requests.listed(office, everything=everything)]
    lines = [_line(office, one, row) for one, row in found]
    return Answer({"requests": [row for _, row in found]}, [*lines, f"{counted(len(found), 'request')}."])


@command(requests_app, "accept", AT_WORK, somewhere(Permission.EDIT_MASTER))
def accept(
    office: Office,
    number: Number,
    *,
    code: Annotated[str, typer.Option(metavar="CODE", help="Under another code.")] = "",
    without_barcode: Annotated[
        bool, typer.Option("--without-barcode", help="A product whose barcode is another's.")
    ] = False,
) -> Answer:
    """Do what was asked; the till hears of it with its next news."""
    done = requests.accept(office, *_position(number), code=code, without_barcode=without_barcode)
    return Answer(_row(office, done), [f"{number} is accepted as {done.code}."])


@command(requests_app, "refuse", AT_WORK, somewhere(Permission.EDIT_MASTER))
def refuse(office: Office, number: Number, *, reason: Reason) -> Answer:
    """Say no, and why; the till shows the reason."""
    done = requests.refuse(office, *_position(number), reason)
    return Answer(_row(office, done), [f"{number} is refused."])


def _position(number: str) -> tuple[int, int]:
    found = parse_position(number)
    if found is None:
        raise Refused("request-unknown", number=number[:20])
    return found


def _row(office: Office, kept: Kept) -> dict[str, Any]:
    request, told = kept.request, kept.said
    return {
        "number": f"{request.terminal_no}/{request.request_no}",
        "kind": request.kind,
        "asked": _asked(office, kept),
        "person_id": request.person_id,
        "at": from_micros(request.at_us).isoformat(),
        "state": (kept.state or State.WAITING).value,
        "code": kept.code,
        "why": None if told is None else {"code": told.code, "text": str(told)},
    }


def _asked(office: Office, kept: Kept) -> str:
    money = office.organisation.currency
    try:
        content = kept.request.content()
    except Refused:
        return kept.request.body[:80]
    match content:
        case CustomerAsked():
            return f"{content.name} {content.phone}".strip()
        case ProductAsked():
            price = plain_price(exact(content.price, content.price_fine), money)
            return f"{content.name} {content.barcode or content.sku} at {price}"
        case PriceAsked():
            price = plain_price(exact(content.price, content.price_fine), money)
            return f"product {content.product_id} at {price}"


def _line(office: Office, kept: Kept, row: dict[str, Any]) -> str:
    at = shown(from_micros(kept.request.at_us), office.organisation.time_zone)
    became = f"{row['state']} {row['code']}".strip()
    why = "" if kept.said is None else f": {kept.said.spoken}"
    return f"{row['number']:<8} {at}  {row['kind']:<9} {row['asked']}  {became}{why}"
