"""Promotions in the back office: what is off, of which goods, when, where and for whom."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import parse_price, plain_price, price_text
from pos_app.ledger.pricing.hours import DAYS, places_of
from pos_app.ledger.pricing.rules import ENDLESS_US, OfferKind, Promotion
from pos_app.ledger.quantity import ONE, parse_quantity, plain_quantity
from pos_app.office.masters import choices, promised_when, promotions
from pos_app.office.masters.promotions import Of, Off, Said, Shown
from pos_app.office.moments import moment, moment_shown
from pos_app.office.office import Office
from pos_app.web.masters.declaration import (
    Choices,
    Column,
    Deed,
    Field,
    Kind,
    Master,
    Thing,
    Values,
    Wanted,
    sifted,
)
from pos_app.web.masters.tax_codes import percent

_MOST_DIGITS: Final = 4


def _kinds(_: Office) -> Choices:
    return [
        (OfferKind.PERCENT.value, web_text("a per cent off")),
        (OfferKind.AMOUNT.value, web_text("an amount off each")),
        (OfferKind.N_FOR_M.value, web_text("so many for so many")),
        (OfferKind.BUNDLE.value, web_text("all together at one price")),
    ]


def _state(shown: Shown) -> str:
    words = {
        "on": web_text("on"),
        "later": web_text("later"),
        "over": web_text("over"),
        "archived": web_text("archived"),
    }
    return words[promised_when.state(shown)]


def _takes(promotion: Promotion, office: Office) -> str:
    money = office.organisation.currency
    if promotion.kind is OfferKind.PERCENT:
        return web_text("{percent} % off", percent=_percent(promotion))
    if promotion.kind is OfferKind.AMOUNT:
        return web_text("{amount} off each", amount=price_text(promotion.amount, money))
    if promotion.kind is OfferKind.N_FOR_M:
        return web_text("{take} for {pay}", take=promotion.take, pay=promotion.pay)
    return web_text("together {amount}", amount=price_text(promotion.amount, money))


def _percent(promotion: Promotion) -> str:
    whole, part = divmod(promotion.percent_bp, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".")


def _listed(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    rows = [
        {
            "code": one.row.promotion.code,
            "name": one.row.promotion.name,
            "takes": _takes(one.row.promotion, office),
            "state": _state(one),
        }
        for one in promotions.listed(office)
        if (one.row.ended_us is not None) == wanted.archived
    ]
    return sifted(rows, wanted)


def _show(office: Office, code: str) -> Thing:
    shown = promotions.show(office, code)
    one, money, zone = shown.row.promotion, office.organisation.currency, office.organisation.time_zone
    is_bundle = one.kind is OfferKind.BUNDLE
    planned = shown.row.planned_to_us
    amount = plain_price(one.amount, money) if one.amount else ""
    values = {
        "code": one.code,
        "name": one.name,
        "kind": one.kind.value,
        "amount": _percent(one) if one.kind is OfferKind.PERCENT else amount,
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
    facts = [(web_text("It takes"), _takes(one, office)), (web_text("State"), _state(shown))]
    return Thing(one.code, one.name, values, shown.row.ended_us is not None, facts)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS):
        raise Refused("not-a-number", what="The number", text=text[:20])
    return int(text)


def _off(office: Office, values: Values) -> Off | None:
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


def _of(line: str) -> Of:
    many, star, sku = line.rpartition("*")
    return Of(sku.strip(), parse_quantity(many) if star else ONE)


def _said(office: Office, values: Values, whole: Values) -> Said:
    """What changed of a form; what belongs together (`whole`) is said together."""
    zone = office.organisation.time_zone
    told = dict(values)
    is_off = bool({"kind", "amount", "take", "pay"} & set(told))
    is_goods = bool({"products", "categories"} & set(told))
    return Said(
        name=told.get("name"),
        off=_off(office, whole) if is_off else None,
        products=[_of(one) for one in _lines(whole, "products")] if is_goods else None,
        categories=_lines(whole, "categories") if is_goods else None,
        depot=told.get("depot"),
        group=told.get("group"),
        on_contracts=told["on_contracts"] == "yes" if "on_contracts" in told else None,
        days=promised_when.days(told["days"] or promised_when.ALL) if "days" in told else None,
        hours=promised_when.hours(told["hours"] or promised_when.ALL) if "hours" in told else None,
        from_us=moment(told.get("since", ""), zone),
        to_us=promised_when.end(told["until"] or promised_when.NEVER, zone) if "until" in told else None,
    )


def _lines(values: Values, name: str) -> list[str]:
    return [one.strip() for one in values.get(name, "").split("\n") if one.strip()]


def _add(office: Office, values: Values) -> str:
    told = {name: text for name, text in values.items() if text}
    promotions.add(office, values.get("code", ""), _said(office, told, values))
    return ""


def _edit(office: Office, code: str, values: Values) -> bool:
    before = _show(office, code).values
    return promotions.edit(office, code, _said(office, values, {**before, **values}))


def _depots(office: Office) -> Choices:
    return choices.of_depots(office)


def _again(office: Office, code: str, values: Values) -> str:
    until = promised_when.end(values.get("until") or None, office.organisation.time_zone)
    if promotions.show(office, code).row.ended_us is None:
        promotions.edit(office, code, Said(to_us=ENDLESS_US if until is None else until))
    return ""


_UNTIL: Final = Field(
    "until",
    web_words("Until"),
    hint=web_words("The last day, 2026-12-31, or a moment; nothing is without an end."),
    codes=("not-a-moment", "promotion-over", "promotion-ends-before"),
)

PROMOTIONS: Final = Master(
    path="promotions",
    words=web_words("Promotions"),
    add_words=web_words("Add a promotion"),
    noun="promotion",
    sees=(Permission.SEE_REPORTS, Permission.EDIT_MASTER),
    changes=(Permission.EDIT_MASTER,),
    columns=(
        Column("code", web_words("Code")),
        Column("name", web_words("Name")),
        Column("takes", web_words("What is off")),
        Column("state", web_words("State")),
    ),
    fields=(
        Field("code", web_words("Code"), needed=True, edits=False, codes=("promotion-code-taken",)),
        Field("name", web_words("Name"), hint=web_words("What receipts call it."), needed=True),
        Field(
            "kind",
            web_words("Kind"),
            Kind.CHOICE,
            choices=_kinds,
            needed=True,
            codes=("promotion-kind-one",),
        ),
        Field(
            "amount",
            web_words("Per cent, amount or price"),
            Kind.NUMBER,
            hint=web_words("So many per cent, so much off each, or the price of all together."),
            codes=("not-a-percentage", "not-a-number", "amount-too-fine", "price-too-fine"),
        ),
        Field("take", web_words("So many are taken"), Kind.NUMBER, hint=web_words("Of “three for two”: 3.")),
        Field("pay", web_words("so many are paid"), Kind.NUMBER, hint=web_words("Of “three for two”: 2.")),
        Field(
            "products",
            web_words("Products"),
            Kind.LINES,
            hint=web_words("Their codes, one a line; of a bundle also 2*CODE."),
            codes=("product-unknown",),
        ),
        Field(
            "categories",
            web_words("Categories"),
            Kind.LINES,
            hint=web_words("One a line."),
            codes=("category-unknown",),
        ),
        Field(
            "since",
            web_words("From"),
            hint=web_words("2026-12-01 or 2026-12-01 06:00; nothing is now."),
            codes=("not-a-moment",),
        ),
        _UNTIL,
        Field(
            "days",
            web_words("Days"),
            hint=web_words("mon,tue,sat; nothing is every day."),
            codes=("promotion-days-unreadable",),
        ),
        Field(
            "hours",
            web_words("Hours"),
            hint=web_words("14:00-18:00; nothing is all day."),
            codes=("promotion-hours-unreadable",),
        ),
        Field("depot", web_words("Depot"), Kind.CHOICE, choices=_depots, hint=web_words("Nothing is all.")),
        Field("group", web_words("Customer group"), hint=web_words("Its code; nothing is everybody.")),
        Field("on_contracts", web_words("Also off what is agreed with a customer"), Kind.YES_NO),
    ),
    listed=_listed,
    show=_show,
    add=_add,
    edit=_edit,
    archive=promotions.archive,
    restore=promotions.restore,
    deeds=(Deed("until", web_words("Another end"), (_UNTIL,), _again),),
    sorts=True,
)
