"""One-time codes of an authenticator: six digits of a secret and of the time (RFC 6238 over RFC 4226)."""

import base64
import hmac
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

#: A code holds so long, and so many before and after are taken: clocks and fingers are not exact.
STEP_S: Final = 30
_AROUND: Final = 1
_DIGITS: Final = 6
#: As RFC 4226 wants it: 160 bits.
SECRET_BYTES: Final = 20


def code_at(secret: bytes, step: int) -> str:
    """The code of a step: half-minutes since 1970."""
    mac = hmac.new(secret, step.to_bytes(8, "big"), "sha1").digest()
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def step_of(secret: bytes, typed: str, at: datetime, after: int) -> int | None:
    """The step whose code was typed; None for none, and for a code that is not newer than step `after`."""
    digits = "".join(typed.split())
    if len(digits) != _DIGITS or not (digits.isascii() and digits.isdecimal()):
        return None
    now = int(at.timestamp()) // STEP_S
    fitting = [
        step
        for step in range(now - _AROUND, now + _AROUND + 1)
        if hmac.compare_digest(code_at(secret, step), digits) and step > after
    ]
    return fitting[0] if fitting else None


def written(secret: bytes) -> str:
    """The secret as a person types it into an authenticator: base32."""
    return base64.b32encode(secret).decode()


def read(text: str) -> bytes:
    """The secret that was written so."""
    return base64.b32decode(text)


def uri(secret: bytes, issuer: str, account: str) -> str:
    """The address that an authenticator reads from a QR code."""
    label = quote(f"{issuer}:{account}", safe="")
    values = {"secret": written(secret), "issuer": issuer, "digits": _DIGITS, "period": STEP_S}
    return f"otpauth://totp/{label}?{urlencode(values, quote_via=quote)}"
