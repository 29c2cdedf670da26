"""Masks what has the shape of a secret in text from elsewhere: sentences, tracebacks, other libraries.

The first lock is that facts are declared (`event`); this is the second.  It masks too much rather than too
little: a bar code and a hash go too.
"""

import re
from typing import Final

_MASKED: Final = "[…]"
#: In this order; each with what it leaves.
_SHAPES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    # What Postgres and SQLAlchemy add to an error: the row that failed, the values that were bound.
    (re.compile(r"(?m)(^\s*DETAIL:|\[parameters:|\[SQL:).*$"), rf"\1 {_MASKED}"),
    # A password in a URL, a bearer's token.
    (re.compile(r"(?<=://)[^\s/@]+@"), f"{_MASKED}@"),
    (re.compile(r"(?i)\b(bearer|password|passwd|token|secret)([=: ]+)\S+"), rf"\1\2{_MASKED}"),
    # A PIN beside its name.
    (re.compile(r"(?i)\b(pin)\b(\W{1,5})\d{4,8}\b"), rf"\1\2{_MASKED}"),
    (re.compile(r"\$argon2\S+"), _MASKED),
    # Keys and hashes: hexadecimal, or base64 of 32 bytes and more.
    (re.compile(r"\b(?:0x)?[0-9a-fA-F]{32,}\b"), _MASKED),
    (re.compile(r"(?<![\w+/-])(?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])(?=[\w+/-]*\d)[\w+/-]{43,}=*"), _MASKED),
    # A one-time code of enrolment: five, a hyphen, five.
    (re.compile(r"\b[A-Z0-9]{5}-[A-Z0-9]{5}\b"), _MASKED),
    # Telephone numbers: +254 712 345 678, 0712 345 678, 254712345678.
    (re.compile(r"\+\d[\d ()-]{7,16}\d"), _MASKED),
    (re.compile(r"\b0\d{2,3}[ -]\d{3}[ -]?\d{3,4}\b"), _MASKED),
    (re.compile(r"(?<![\w.])\d{9,15}(?![\w.])"), _MASKED),
    # Codes of mobile money: eight to twelve capitals and digits, some of each.
    (re.compile(r"\b(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{8,12}\b(?!-)"), _MASKED),
)


def redacted(text: str) -> str:
    """The text with every secret that can be told by its shape masked."""
    for shape, instead in _SHAPES:
        text = shape.sub(instead, text)
    return text
