"""What is said of a promotion as the texts of a form or a file, and what the office keeps as such texts."""

from collections.abc import Mapping
from typing import Final

from pos_app.ledger.errors import Refused
from pos_app.ledger.price import parse_price, plain_price
from pos_app.ledger.pricing.hours import DAYS, places_of
from pos_app.ledger.pricing.rules import ENDLESS_US, OfferKind, Promotion
from pos_app.ledger.quantity import ONE, parse_quantity, plain_quantity
from pos_app.office.masters import promised_when
from pos_app.office.masters.promotions import Of, Off, Said, Shown
from pos_app.office.moments import moment, moment_shown
from pos_app.office.office import Office
from pos_app.office.written import percent

Texts = Mapping[str, str]
#: What is said of a promotion, each a text; of the kind `amount` is the per cent, the amount or the price.
NAMES: Final = (
    "code",
    "name",
    "kind",
    "amount",
    "take",
    "pay",
    "products",
    "categories",
    "since",
    "until",
    "days",
    "hours",
    "depot",
    "group",
    "on_contracts",
)
_MOST_DIGITS: Final = 4


def texts(office: Office, shown: Shown) -> dict[str, str]:
    """What stands of a promotion; several products or categories stand on a line each."""
    one, money, zone = shown.row.promotion, office.organisation.currency, office.organisation.time_zone
    is_bundle = one.kind is OfferKind.BUNDLE
    planned = shown.row.planned_to_us
    amount = plain_price(one.amount, money) if one.amount else ""
    return {
        "code": one.code,
        "name": one.name,
        "kind": one.kind.value,
        "amount": percent_text(one) if one.kind is OfferKind.PERCENT else amount,
        "take": str(one.take or ""),
        "pay": str(one.pay or ""),
        "products": "\n".join(
            f"{plain_quantity(good.quantity)}*{good.sku}" if is_bundle else good.sku
            for good in shown.goods
            if good.sku
        ),
        "categories": "\n".join(good.category for good in shown.goods if not good.sku),
        "since": moment_shown(one.from_us, zone),
        "until": "" if planned >= ENDLESS_US else moment_shown(planned, zone),
        "days": ",".join(DAYS[place] for place in places_of(one.days)),
        "hours": promised_when.hours_shown(one.from_minute, one.to_minute),
        "depot": shown.depot,
        "group": shown.group,
        "on_contracts": "yes" if one.on_contracts else "no",
    }


def percent_text(promotion: Promotion) -> str:
    """The per cent that it takes off, without noughts at its end."""
    whole, part = divmod(promotion.percent_bp, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".")


def said(office: Office, told: Texts, whole: Texts) -> Said:
    """What is said (`told`) of a promotion; of what belongs together `whole` has the rest.

    Raises `Refused`.
    """
    zone = office.organisation.time_zone
    is_off = bool({"kind", "amount", "take", "pay"} & set(told))
    is_goods = bool({"products", "categories"} & set(told))
    return Said(
        name=told.get("name"),
        off=_off(office, whole) if is_off else None,
        products=[of(one) for one in _lines(whole, "products")] if is_goods else None,
        categories=_lines(whole, "categories") if is_goods else None,
        depot=told.get("depot"),
        group=told.get("group"),
        on_contracts=told["on_contracts"] == "yes" if "on_contracts" in told else None,
        days=promised_when.days(told["days"] or promised_when.ALL) if "days" in told else None,
        hours=promised_when.hours(told["hours"] or promised_when.ALL) if "hours" in told else None,
        from_us=moment(told.get("since", ""), zone),
        to_us=promised_when.end(told["until"] or promised_when.NEVER, zone) if "until" in told else None,
    )


def _off(office: Office, values: Texts) -> Off | None:
    kind, money = values.get("kind", ""), office.organisation.currency
    amount, take, pay = (values.get(name, "") for name in ("amount", "take", "pay"))
    if kind not in {one.value for one in OfferKind}:
        return None
    offer = OfferKind(kind)
    if offer is OfferKind.N_FOR_M:
        return Off(offer, take=_whole(take), pay=_whole(pay))
    if offer is OfferKind.PERCENT:
        return Off(offer, percent_bp=percent(amount))
    return Off(offer, amount=parse_price(amount, money))


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS):
        raise Refused("not-a-number", what="The number", text=text[:20])
    return int(text)


def of(text: str) -> Of:
    """A product of a promotion: its code, of a bundle with how many: "2*SOAP".  Raises `Refused`."""
    many, star, sku = text.rpartition("*")
    return Of(sku.strip(), parse_quantity(many) if star else ONE)


def _lines(values: Texts, name: str) -> list[str]:
    return [one.strip() for one in values.get(name, "").split("\n") if one.strip()]
