"""Price lists in the back office: whom they are for, and what they say of a product from when on."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from pos_app.language import web_text, web_words
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import parse_price, price_text
from pos_app.ledger.pricing.rules import ScopeKind
from pos_app.ledger.quantity import parse_quantity, quantity_text
from pos_app.office.masters import price_lists
from pos_app.office.masters.price_lists import For, Said
from pos_app.office.office import Office
from pos_app.reports.model.period import midnight, parse_day
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

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: So many prices are shown; the rest is in the file of the list.
_MOST_PRICES: Final = 200


def _kinds(_: Office) -> Choices:
    words = {
        ScopeKind.EVERYBODY: web_text("everybody"),
        ScopeKind.CUSTOMER: web_text("a customer"),
        ScopeKind.GROUP: web_text("a group of customers"),
        ScopeKind.DEPOT: web_text("a depot"),
    }
    return [(kind.value, text) for kind, text in words.items()]


def _listed(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    rows = [
        {"code": one.code, "name": one.name, "contract": "✓" if one.is_contract else ""}
        for one in price_lists.lists(office)
        if one.active != wanted.archived
    ]
    return sifted(rows, wanted)


def _show(office: Office, code: str) -> Thing:
    shown = price_lists.show(office, code)
    money, kinds = office.organisation.currency, dict(_kinds(office))
    whom = [f"{kinds.get(one.kind.value, one.kind.value)} {one.code}".strip() for one in shown.scopes]
    facts = [(web_text("For"), "\n".join(whom) or "–")]
    facts += [
        (
            f"{one.sku} {_since(office, one.from_us)}".strip(),
            f"{price_text(one.price, money)} {_from(one.from_quantity)}".strip(),
        )
        for one in shown.items[:_MOST_PRICES]
    ]
    return Thing(
        shown.row.code,
        shown.row.name,
        {"code": shown.row.code, "name": shown.row.name},
        not shown.row.active,
        facts,
    )


def _from(quantity: int) -> str:
    return web_text("from {quantity} on", quantity=quantity_text(quantity)) if quantity else ""


def _since(office: Office, at_us: int) -> str:
    if at_us <= 0:
        return ""
    at = datetime.fromtimestamp(at_us // 1_000_000, UTC)
    return f"{at.astimezone(ZoneInfo(office.organisation.time_zone)):%Y-%m-%d %H:%M}"


def _whom(values: Values) -> list[For]:
    kind = values.get("kind", "")
    return [For(ScopeKind(kind), values.get("whom", ""))] if kind in {one.value for one in ScopeKind} else []


def _add(office: Office, values: Values) -> str:
    price_lists.add(office, values.get("code", ""), values.get("name", ""), _whom(values))
    return ""


def _put(office: Office, code: str, values: Values) -> str:
    money = office.organisation.currency
    since = values.get("since", "")
    from_us = None
    if since:
        zone = ZoneInfo(office.organisation.time_zone)
        from_us = int((midnight(parse_day(since, "--from"), zone) - _EPOCH).total_seconds()) * 1_000_000
    quantity = values.get("from_quantity", "")
    price_lists.put(
        office,
        code,
        [
            Said(
                values.get("sku", ""),
                parse_price(values.get("price", ""), money),
                parse_quantity(quantity) if quantity else 0,
                from_us,
            )
        ],
    )
    return ""


def _end(office: Office, code: str, values: Values) -> str:
    price_lists.end(office, code, values.get("sku", ""))
    return ""


def _give(office: Office, code: str, values: Values) -> str:
    price_lists.give(office, code, _whom(values))
    return ""


def _take(office: Office, code: str, values: Values) -> str:
    price_lists.take(office, code, _whom(values))
    return ""


_WHOM: Final = (
    Field("kind", web_words("For"), Kind.CHOICE, choices=_kinds, needed=True),
    Field("whom", web_words("Their code"), hint=web_words("Of the customer, group or depot.")),
)
_SKU: Final = Field("sku", web_words("Product"), hint=web_words("Its code."), needed=True)

PRICE_LISTS: Final = Master(
    path="price-lists",
    words=web_words("Price lists"),
    add_words=web_words("Add a price list"),
    noun="",
    sees=(Permission.SEE_REPORTS, Permission.EDIT_MASTER),
    changes=(Permission.EDIT_MASTER,),
    columns=(
        Column("code", web_words("Code")),
        Column("name", web_words("Name")),
        Column("contract", web_words("Contract")),
    ),
    fields=(
        Field("code", web_words("Code"), needed=True, codes=("price-list-taken",)),
        Field("name", web_words("Name"), needed=True),
        *_WHOM,
    ),
    listed=_listed,
    sorts=True,
    show=_show,
    add=_add,
    archive=price_lists.archive,
    restore=price_lists.restore,
    deeds=(
        Deed(
            "put",
            web_words("Put a price"),
            (
                _SKU,
                Field("price", web_words("Price"), Kind.NUMBER, needed=True),
                Field("from_quantity", web_words("From so many on"), Kind.NUMBER),
                Field("since", web_words("From"), Kind.DAY, hint=web_words("Nothing is now.")),
            ),
            _put,
        ),
        Deed("end", web_words("Say nothing of a product"), (_SKU,), _end),
        Deed("give", web_words("Also for"), _WHOM, _give),
        Deed("take", web_words("No longer for"), _WHOM, _take),
    ),
)
