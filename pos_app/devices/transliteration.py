"""Puts text into the bytes that a printer's built-in character generator understands.

Only code pages that cheap printers really have are used. What none of them holds is written with similar
letters, never with a question mark: a customer reads a name without its accent, but not `?????`.
"""

import unicodedata

from anyascii import anyascii

SELECT_CODE_PAGE = b"\x1bt"
"""ESC t n (Epson ESC/POS reference)."""

CODE_PAGES: dict[str, int] = {"cp437": 0, "cp858": 19, "cp1252": 16, "cp852": 18, "cp866": 17}
"""Python codec to the number that Epson and its imitators give the page; the first that fits is taken."""

PLAIN_SIGNS: dict[str, str] = {
    "\u2018": "'", "\u2019": "'", "\u201a": ",", "\u201b": "'", "\u2032": "'", "\u02bc": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2015": "-",
    "\u2026": "...", "\u2022": "*", "\u00d7": "x", "\u2715": "x", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    "\u2122": "(TM)", "\u2192": "->", "\u2190": "<-", "\u2713": "+", "\u2714": "+", "\u2116": "No",
    "\u2260": "<>", "\u2264": "<=", "\u2265": ">=",
}  # fmt: skip
"""Typography, always made plain: the code pages that have it are the ones that imitations get wrong."""

SIMILAR_LETTERS: dict[str, str] = {
    "\u20a6": "N", "\u20b9": "Rs", "\u20b5": "GHS", "\u20bd": "RUB", "\u20bf": "BTC", "\u2117": "(P)",
    "\u0131": "i", "\u0142": "l", "\u0141": "L", "\u0111": "d", "\u0110": "D", "\u0126": "H", "\u0127": "h",
    "\u0153": "oe", "\u0152": "OE", "\u00fe": "th", "\u00de": "Th", "\u00f0": "d", "\u00d0": "D",
    "\u0259": "e", "\u018f": "E", "\u1e9e": "SS", "\u014b": "ng", "\u014a": "Ng", "\u0253": "b",
    "\u0257": "d", "\u0199": "k", "\u01b4": "y",
}  # fmt: skip
"""Money and letters to which no decomposition leads; used where no code page holds them."""

LAST_RESORT = "*"


def printable(text: str) -> str:
    """The text with every sign that no code page holds written with similar ones."""
    if text.isascii():
        return text
    return "".join(_printable(char) for char in text)


def encoded(text: str, current: str = "cp437") -> tuple[bytes, str]:
    """The text as bytes, switching code pages in between; also the code page that is then in force."""
    job = bytearray()
    for char in printable(text):
        if not _holds(current, char):
            current = next(page for page in CODE_PAGES if _holds(page, char))
            job += SELECT_CODE_PAGE + bytes([CODE_PAGES[current]])
        job += char.encode(current)
    return bytes(job), current


def _printable(char: str) -> str:
    if char in PLAIN_SIGNS:
        return PLAIN_SIGNS[char]
    if any(_holds(page, char) for page in CODE_PAGES):
        return char
    if char in SIMILAR_LETTERS:
        return SIMILAR_LETTERS[char]
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    if plain and plain != char:
        return "".join(_printable(c) for c in plain)
    if unicodedata.combining(char):
        return ""
    return "".join(sign for sign in anyascii(char) if sign.isprintable()) or LAST_RESORT


def _holds(page: str, char: str) -> bool:
    try:
        char.encode(page)
    except UnicodeEncodeError:
        return False
    return True
