"""Owns how an order of a laundry is said: what it is, when it is promised, and in what state it is."""

from pos_app.language import _
from pos_app.ledger.quantity import quantity_text
from pos_app.till.laundry.service_orders import OpenService
from pos_app.ui.kit.list_rows import Badge, Row
from pos_app.ui.session import Session

_NAMED = 3


def day_words(day: int) -> str:
    """A day, YYYYMMDD, as it is written on the slip."""
    text = str(day)
    return f"{text[6:8]}.{text[4:6]}.{text[2:4]}"


def amount_words(quantity: int, unit: str) -> str:
    """Thousandths of pieces or kilograms, the unit where it is not pieces."""
    return quantity_text(quantity) if unit in ("", "pc") else f"{quantity_text(quantity)} {unit}"


def things_words(service: OpenService) -> str:
    """What of an order is still here."""
    here = [
        f"{amount_words(left, line.unit)} {line.description}"
        for line, left in zip(service.order.lines, service.left, strict=True)
        if left
    ]
    return ", ".join(here[:_NAMED] + (["…"] if len(here) > _NAMED else []))


def state_badges(service: OpenService) -> tuple[Badge, ...]:
    """Overdue, ready or in work, and whether a part is gone already."""
    badges = []
    if service.is_overdue:
        badges.append(Badge(_("overdue"), "bad"))
    badges.append(Badge(_("ready"), "ok") if service.is_ready else Badge(_("in work")))
    if any(left != line.quantity for left, line in zip(service.left, service.order.lines, strict=True)):
        badges.append(Badge(_("part is gone"), "warn"))
    return tuple(badges)


def order_row(session: Session, service: OpenService) -> Row:
    """An order in the list."""
    # The day stands first: it is what the work is chosen by, and the things may be cut.
    detail = [
        _("promised {day}", day=day_words(service.order.promised_on)),
        things_words(service),
        service.number if service.tag != service.number else "",
    ]
    icon = "circle-check" if service.is_ready else "triangle-alert" if service.is_overdue else "clock"
    return Row(
        service.order.document_id,
        f"{service.tag} · {service.customer}",
        session.money(service.due),
        " · ".join(part for part in detail if part),
        state_badges(service),
        icon=icon,
    )
