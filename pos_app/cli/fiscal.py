"""`bohari fiscal`: what a tax authority's device signs, how it goes, and what waits for a person."""

from typing import Annotated, Any, Final

import typer

from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import Code, command, group, noun
from pos_app.cli.moments import shown
from pos_app.cli.needs import needs, somewhere
from pos_app.cli.options import Number, Reason
from pos_app.ledger.permission import Permission
from pos_app.office import fiscal
from pos_app.office.fiscal import Invoiced, Standing
from pos_app.office.office import Office
from pos_app.store.tables.columns import from_micros

app: Final = noun()
fiscal_app: Final = group(app, "fiscal", "What tax authorities sign, and what waits for a person.")

_SEES: Final = needs(Permission.SEE_REPORTS)


@command(fiscal_app, "status", LOOKING, _SEES)
def status(office: Office) -> Answer:
    """How the device of each business goes, what waits for it, and until when tills go on selling."""
    found = fiscal.standings(office)
    zone = office.organisation.time_zone
    rows = [standing_values(one) for one in found]
    lines = [line for one in found for line in standing_lines(one, zone)]
    return Answer(
        {"businesses": rows},
        lines or ["No business has a fiscal device: “business edit CODE --fiscal …”."],
        not any(one.is_stopped or one.refused for one in found),
    )


@command(fiscal_app, "list", LOOKING, _SEES)
def list_all(
    office: Office,
    *,
    state: Annotated[
        list[str] | None,
        typer.Option("--state", metavar="WORD", help="waiting, sent, signed, refused or aside; again."),
    ] = None,
    business: Annotated[str, typer.Option("--business", metavar="CODE", help="Of this one only.")] = "",
    most: Annotated[int, typer.Option("--most", min=1, max=5_000, help="So many at most.")] = 100,
) -> Answer:
    """Invoices that wait for a person or the device, the oldest first; others by their state."""
    rows = [_values(one) for one in fiscal.listed(office, state or (), business, most)]
    lines = [
        f"{row['document']:<16} {row['state']:<8} {row['cu_invoice'] or row['says']}".rstrip() for row in rows
    ]
    return Answer({"invoices": rows}, [*lines, f"{counted(len(rows), 'invoice')}."])


@command(fiscal_app, "show", LOOKING, _SEES)
def show(office: Office, document: Number) -> Answer:
    """What is signed of one document, or why not and what to do."""
    return _shown(fiscal.show(office, document))


@command(fiscal_app, "retry", AT_WORK, somewhere(Permission.DECIDE))
def retry(
    office: Office,
    document: Number,
    *,
    original: Annotated[
        str, typer.Option("--original", metavar="NUMBER", help="The receipt that a credit note takes from.")
    ] = "",
) -> Answer:
    """Send once more what was refused of a document, after what was wrong is put right."""
    return _shown(fiscal.retry(office, document, original))


@command(fiscal_app, "set-aside", AT_WORK, somewhere(Permission.DECIDE))
def set_aside(office: Office, document: Number, *, reason: Reason) -> Answer:
    """Send nothing more of what was refused of a document; the reason stays with it."""
    return _shown(fiscal.set_aside(office, document, reason))


@command(fiscal_app, "resume", AT_WORK, somewhere(Permission.DECIDE))
def resume(office: Office, code: Code) -> Answer:
    """Ask the device of a business again at once, whatever stopped it."""
    fiscal.resume(office, code.strip())
    return Answer({"code": code.strip()}, [f"The device of {code.strip()} is asked again."])


@command(fiscal_app, "item", AT_WORK, somewhere(Permission.EDIT_MASTER))
def item(
    office: Office,
    code: Code,
    *,
    sku: Annotated[str, typer.Option("--sku", help="Which product.")],
    item_class: Annotated[
        str, typer.Option("--class", metavar="DIGITS", help="Its class in the authority's list.")
    ],
) -> Answer:
    """Say what kind of goods a product is; the device is told with its next sale."""
    fiscal.classify(office, code.strip(), sku, item_class)
    return Answer({"code": code.strip(), "sku": sku.strip()}, [f"{sku.strip()} is of class {item_class}."])


def fiscal_values(office: Office, code: str) -> dict[str, Any]:
    """What a business has, as `business show` says it."""
    setting, device = fiscal.chosen(office, code.strip())
    if setting.known is None and not device.serial:
        return {"fiscal": setting.regime}
    return {
        "fiscal": setting.regime,
        "fiscal_address": device.address,
        "fiscal_branch": setting.branch,
        "fiscal_serial": device.serial,
        "fiscal_class": device.item_class,
        "fiscal_hours": setting.hours,
        "fiscal_trial": setting.is_trial,
        "fiscal_unit": device.unit,
    }


def standing_values(standing: Standing) -> dict[str, Any]:
    """How a device goes, for a program."""
    moments = ("since", "until", "answered_at")
    return {
        name: value.isoformat() if name in moments and value is not None else value
        for name, value in standing._asdict().items()
        if name != "says"
    } | {"says": "" if standing.says is None else str(standing.says)}


def standing_lines(standing: Standing, zone: str) -> list[str]:
    """How a device goes, for a person."""
    answered = shown(standing.answered_at, zone) if standing.answered_at else "never"
    waits = f"{standing.waiting} wait" + (f" since {shown(standing.since, zone)}" if standing.since else "")
    until = f", tills sell until {shown(standing.until, zone)}" if standing.until else ""
    head = f"{standing.code}: {standing.regime} {standing.unit}".rstrip()
    lines = [f"{head}: {waits}, {standing.refused} refused{until}; last answer {answered}"]
    if standing.says is not None:
        lines.append(standing.says.spoken)
    if standing.is_stopped:
        lines.append(f"It is asked nothing more until “fiscal resume {standing.code}”.")
    return lines


def _values(kept: Invoiced) -> dict[str, Any]:
    receipt = kept.receipt
    signed = bool(receipt.receipt_no)
    return {
        "document": kept.trader_no,
        "state": receipt.state,
        "credit": kept.takes_back,
        "made_at": from_micros(kept.made_us).isoformat(),
        "number": receipt.number,
        "cu_invoice": f"{receipt.unit}/{receipt.receipt_no}" if signed else "",
        "counter": f"{receipt.receipt_no}/{receipt.total_no} {receipt.label}" if signed else "",
        "internal": receipt.internal,
        "signature": receipt.signature,
        "signed_at": receipt.signed_at,
        "qr": receipt.qr,
        "original": receipt.original,
        "figures": {name: list(pair) for name, pair in kept.figures.items()},
        "says": "" if kept.said is None else kept.said.spoken,
    }


def _shown(invoices: list[Invoiced]) -> Answer:
    rows = [_values(one) for one in invoices]
    lines = [f"{name:<12} {value}" for row in rows for name, value in row.items() if value not in ("", 0, {})]
    return Answer({"invoices": rows}, lines)
