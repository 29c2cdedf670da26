"""The payload of a PayNow QR: an EMVCo merchant-presented code that a customer's bank reads; pure.

    text = paynow.payload(Proxy.of("201403121W"), 12_50, "K3-7QX2", "Kedai Kopi", expires_on=20261231)

Source: EMV QR Code Specification for Payment Systems, Merchant-Presented Mode 1.1 (objects of id, length,
value; CRC-16/CCITT over all of it with its own id and length); PayNow's template 26 as public integrations
write it: 00 SG.PAYNOW, 01 kind of proxy (0 mobile, 2 UEN), 02 proxy, 03 whether the amount may be changed, 04
until when.

Decisions
---------
2026-12-01  PayNow is no tender of its own: its money lies with the bank, is known by its reference, and comes
with the bank's statement.  So it is a bank tender that carries the reference of its QR, and the statement's
line finds it by that (`bank_statement.proposals`).  The QR itself confirms nothing: whoever sells sees the
payment in the bank's app, or waits for the statement.

2026-12-01  Object 59 (the name) is of common characters: a name in another script is transliterated there and
stands as it is in the language template 64.  Lengths count characters, the CRC goes over the bytes of UTF-8.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple, Self

from anyascii import anyascii

from pos_app.ledger.errors import Refused

CURRENCY: Final = "SGD"
_SGD: Final = "702"
_CENTS: Final = 100
_MOST_NAME: Final = 25
_MOST_REFERENCE: Final = 25
#: Businesses nnnnnnnnX, companies yyyynnnnnX, others TyyPQnnnnX; and up to three of a further account.
_UEN: Final = re.compile(r"([0-9]{8}[A-Z]|[0-9]{9}[A-Z]|[TSR][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z])[A-Z0-9]{0,3}")
_MOBILE: Final = re.compile(r"(?:\+?65)?([89][0-9]{7})")
#: Languages of object 64 by the first letter that is no common character.
_SCRIPTS: Final = (("\u4e00", "\u9fff", "zh"), ("\u0b80", "\u0bff", "ta"), ("\u3040", "\u30ff", "ja"))


class Kind(StrEnum):
    """What a proxy is; the values are what stands in the code."""

    MOBILE = "0"
    UEN = "2"


class Proxy(NamedTuple):
    """Under what a business is paid: its UEN, or a mobile number with +65."""

    kind: Kind
    value: str

    @classmethod
    def of(cls, written: str) -> Self:
        """The proxy as somebody writes it.  Raises `Refused` for what is none."""
        plain = "".join(written.split()).replace("-", "").upper()
        mobile = _MOBILE.fullmatch(plain)
        if mobile is not None:
            return cls(Kind.MOBILE, f"+65{mobile[1]}")
        if _UEN.fullmatch(plain) is None:
            raise Refused("paynow-proxy-none", text=written[:40])
        return cls(Kind.UEN, plain)


def payload(proxy: Proxy, amount: int, reference: str, name: str, *, expires_on: int = 0) -> str:
    """What the QR says: `amount` in cents (0: the customer types it), `expires_on` YYYYMMDD (0: never)."""
    account = [
        ("00", "SG.PAYNOW"),
        ("01", proxy.kind.value),
        ("02", proxy.value),
        ("03", "0" if amount else "1"),
        *([("04", str(expires_on))] if expires_on else []),
    ]
    plain = _common(name)[:_MOST_NAME] or "NA"
    objects = [
        ("00", "01"),
        ("01", "12" if amount else "11"),
        ("26", _written(account)),
        ("52", "0000"),
        ("53", _SGD),
        *([("54", f"{amount // _CENTS}.{amount % _CENTS:02d}")] if amount else []),
        ("58", "SG"),
        ("59", plain),
        ("60", "Singapore"),
        *([("62", _written([("01", reference_of(reference))]))] if reference_of(reference) else []),
        *(
            [("64", _written([("00", _language(name)), ("01", name[:_MOST_NAME])]))]
            if plain != name[:_MOST_NAME]
            else []
        ),
    ]
    body = f"{_written(objects)}6304"
    return f"{body}{crc(body.encode()):04X}"


def reference_of(text: str) -> str:
    """A reference as a bank carries it: letters, digits and hyphens, 25 at most."""
    return re.sub(r"[^A-Z0-9-]", "", text.upper())[:_MOST_REFERENCE]


def crc(data: bytes) -> int:
    """CRC-16/CCITT with polynomial 0x1021, beginning with 0xFFFF."""
    found = 0xFFFF
    for byte in data:
        found ^= byte << 8
        for _ in range(8):
            found = ((found << 1) ^ 0x1021 if found & 0x8000 else found << 1) & 0xFFFF
    return found


def _written(objects: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{name}{len(value):02d}{value}" for name, value in objects)


def _common(name: str) -> str:
    """A name in the characters that every bank reads."""
    return " ".join(anyascii(name).split())


def _language(name: str) -> str:
    found = (code for letter in name for first, last, code in _SCRIPTS if first <= letter <= last)
    return next(found, "en")
