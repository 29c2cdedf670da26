"""Promotions in the back office: what is off, of which goods, when, where and for whom."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import price_text
from pos_app.ledger.pricing.rules import ENDLESS_US, OfferKind, Promotion
from pos_app.office.masters import choices, promised_when, promotion_texts, promotions
from pos_app.office.masters.promotions import Said
from pos_app.office.office import Office
from pos_app.web.masters.asking import state_words
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


def _kinds(_: Office) -> Choices:
    return [
        (OfferKind.PERCENT.value, web_text("a per cent off")),
        (OfferKind.AMOUNT.value, web_text("an amount off each")),
        (OfferKind.N_FOR_M.value, web_text("so many for so many")),
        (OfferKind.BUNDLE.value, web_text("all together at one price")),
    ]


def _takes(promotion: Promotion, office: Office) -> str:
    money = office.organisation.currency
    if promotion.kind is OfferKind.PERCENT:
        return web_text("{percent} % off", percent=promotion_texts.percent_text(promotion))
    if promotion.kind is OfferKind.AMOUNT:
        return web_text("{amount} off each", amount=price_text(promotion.amount, money))
    if promotion.kind is OfferKind.N_FOR_M:
        return web_text("{take} for {pay}", take=promotion.take, pay=promotion.pay)
    return web_text("together {amount}", amount=price_text(promotion.amount, money))


def _listed(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    rows = [
        {
            "code": one.row.promotion.code,
            "name": one.row.promotion.name,
            "takes": _takes(one.row.promotion, office),
            "state": state_words(promised_when.state(one)),
        }
        for one in promotions.listed(office)
        if (one.row.ended_us is not None) == wanted.archived
    ]
    return sifted(rows, wanted)


def _show(office: Office, code: str) -> Thing:
    shown = promotions.show(office, code)
    one, values = shown.row.promotion, promotion_texts.texts(office, shown)
    facts = [
        (web_text("It takes"), _takes(one, office)),
        (web_text("State"), state_words(promised_when.state(shown))),
    ]
    return Thing(one.code, one.name, values, shown.row.ended_us is not None, facts)


def _add(office: Office, values: Values) -> str:
    told = {name: text for name, text in values.items() if text}
    promotions.add(office, values.get("code", ""), promotion_texts.said(office, told, values))
    return ""


def _edit(office: Office, code: str, values: Values) -> bool:
    before = _show(office, code).values
    return promotions.edit(office, code, promotion_texts.said(office, values, {**before, **values}))


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
