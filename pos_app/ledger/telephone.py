"""A telephone number as the whole world dials it, of one that people wrote as they dial it at home; pure."""

from typing import Final

#: Figures of a number with its country (ITU-T E.164), and the least that reach anybody.
_MOST: Final = 15
_LEAST: Final = 7


def international(written: str, country: int) -> str:
    """`+` and figures; `country` is the code of where the depot is (0: none is said).

    What cannot be told stays as it was written, without its blanks.

    >>> international("0712 345-678", 254), international("+65 91234567", 254), international("9123 4567", 65)
    ('+254712345678', '+6591234567', '+6591234567')
    """
    bare = "".join(written.split())
    figures = "".join(one for one in bare if one.isascii() and one.isdigit())
    code = str(country)
    if bare.startswith("+"):
        told = figures
    elif figures.startswith("00"):
        told = figures[2:]
    elif not country:
        return bare
    elif figures.startswith("0"):
        told = code + figures[1:]
    else:
        # As it is dialled from abroad already, only without its sign; a shorter one is of here.
        is_whole = figures.startswith(code) and len(figures) - len(code) >= _LEAST
        told = figures if is_whole else code + figures
    return f"+{told}" if _LEAST <= len(told) <= _MOST else bare
