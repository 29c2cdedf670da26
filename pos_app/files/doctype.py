"""Whether an XML file declares a document type: one that does may name things that grow when read."""

from typing import IO, Final
from xml.parsers import expat

_LOOKED_AT: Final = 65_536


def declares(raw: IO[bytes]) -> bool:
    """Whether it has a DOCTYPE, whatever stands before it and however its letters are written.

    It looks as far as the first element.  Raises `expat.ExpatError` for what is no XML up to there.
    """
    found: list[bool] = []
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: found.append(True)
    parser.StartElementHandler = lambda *_: found.append(False)
    while not found and (piece := raw.read(_LOOKED_AT)):
        parser.Parse(piece)
    return bool(found) and found[0]
