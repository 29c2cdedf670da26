"""What belongs to one customer in the back office: contacts (of vendors too), meters, and agreed prices."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.price import parse_price, price_text
from pos_app.ledger.quantity import parse_quantity, quantity_text
from pos_app.office.masters import party_contacts, party_meters, prices
from pos_app.office.moments import moment, moment_shown
from pos_app.office.office import Office
from pos_app.web.masters.declaration import Deed, Field, Kind, Values


def contacts(office: Office, code: str) -> list[tuple[str, str]]:
    """How else a party is reached."""
    found = []
    for contact in party_contacts.contacts(office, code):
        told = (contact.name, contact.phone, contact.email, contact.address)
        words = web_text("Contact {label}", label=contact.label)
        found.append((words, "\n".join(one for one in told if one)))
    return found


def facts(office: Office, code: str) -> list[tuple[str, str]]:
    """What is told of a customer beside their own fields."""
    found = contacts(office, code)
    for meter in party_meters.meters(office, code):
        stood = web_text(
            "stood at {reading} {unit}", reading=quantity_text(meter.first_reading), unit=meter.unit
        )
        told_of = " ".join(one for one in (meter.sku, meter.serial, stood) if one)
        found.append((web_text("Meter {code}", code=meter.code), told_of))
    money, zone = office.organisation.currency, office.organisation.time_zone
    for one in prices.agreed(office, code):
        price, usual = price_text(one.price, money), price_text(one.list_price, money)
        parts = [web_text("{price} instead of {list}", price=price, list=usual)]
        if one.from_quantity:
            parts.append(web_text("from {quantity} on", quantity=quantity_text(one.from_quantity)))
        if one.from_us:
            parts.append(web_text("since {moment}", moment=moment_shown(one.from_us, zone)))
        if one.to_us is not None:
            parts.append(web_text("until {moment}", moment=moment_shown(one.to_us, zone)))
        found.append((web_text("Agreed for {product}", product=one.sku), ", ".join(parts)))
    return found


def _put_contact(office: Office, code: str, values: Values) -> str:
    told = {name: text for name, text in values.items() if name != "label" and text}
    party_contacts.put(office, code, values.get("label", ""), party_contacts.Said(**told))
    return ""


def _remove_contact(office: Office, code: str, values: Values) -> str:
    party_contacts.remove(office, code, values.get("label", ""))
    return ""


def _put_meter(office: Office, code: str, values: Values) -> str:
    money = office.organisation.currency
    reading, rate = values.get("first_reading", ""), values.get("rate", "")
    said = party_meters.Said(
        values.get("sku") or None,
        values.get("serial") or None,
        parse_quantity(reading) if reading else None,
        parse_price(rate, money) if rate else None,
    )
    party_meters.put(office, code, values.get("meter", ""), said)
    return ""


def _remove_meter(office: Office, code: str, values: Values) -> str:
    party_meters.remove(office, code, values.get("meter", ""))
    return ""


def _agree(office: Office, code: str, values: Values) -> str:
    price = parse_price(values.get("price", ""), office.organisation.currency)
    since = moment(values.get("since", ""), office.organisation.time_zone)
    prices.agree(office, code, values.get("sku", ""), price, since)
    return ""


def _end_agreed(office: Office, code: str, values: Values) -> str:
    since = moment(values.get("since", ""), office.organisation.time_zone)
    prices.end(office, code, values.get("sku", ""), since)
    return ""


_LABEL: Final = Field(
    "label",
    web_words("What for"),
    hint=web_words("delivery, billing, night: one contact under each word."),
    needed=True,
    codes=("contact-needs-label", "contact-unknown"),
)
_METER: Final = Field(
    "meter", web_words("Code of the meter"), needed=True, codes=("meter-unknown", "meter-sold-by")
)
_SKU: Final = Field(
    "sku",
    web_words("Product"),
    hint=web_words("Its code."),
    needed=True,
    codes=("product-unknown", "nothing-agreed", "meter-of-other-goods"),
)
_SINCE: Final = Field(
    "since",
    web_words("From"),
    hint=web_words("2026-12-01 or 2026-12-01 06:00; nothing is now."),
    codes=("not-a-moment", "price-of-the-past"),
)
_MONEY: Final = ("not-a-number", "price-negative", "price-too-fine", "agreed-price-below-zero")

CONTACTS: Final = (
    Deed(
        "contact",
        web_words("Put a contact"),
        (
            _LABEL,
            Field("name", web_words("Name")),
            Field("phone", web_words("Telephone")),
            Field("email", web_words("Email"), codes=("email-unusable",)),
            Field("address", web_words("Address"), Kind.LINES),
        ),
        _put_contact,
    ),
    Deed("contact-away", web_words("Take a contact away"), (_LABEL,), _remove_contact),
)
DEEDS: Final = (
    *CONTACTS,
    Deed(
        "meter",
        web_words("Put a meter"),
        (
            _METER,
            Field("sku", web_words("Product"), hint=web_words("What runs through it."), codes=_SKU.codes),
            Field("serial", web_words("Number on the meter")),
            Field(
                "first_reading",
                web_words("It stood at"),
                Kind.NUMBER,
                hint=web_words("When it came to us."),
                codes=("meter-reading-implausible",),
            ),
            Field(
                "rate",
                web_words("Agreed price"),
                Kind.NUMBER,
                hint=web_words("Of one unit; nothing is as everybody pays."),
                codes=_MONEY,
            ),
        ),
        _put_meter,
    ),
    Deed("meter-away", web_words("Take a meter away"), (_METER,), _remove_meter),
    Deed(
        "agree",
        web_words("Agree on a price"),
        (_SKU, Field("price", web_words("Price"), Kind.NUMBER, needed=True, codes=_MONEY), _SINCE),
        _agree,
    ),
    Deed("agreed-no-more", web_words("End what was agreed"), (_SKU, _SINCE), _end_agreed),
)
