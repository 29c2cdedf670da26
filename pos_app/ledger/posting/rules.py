"""What any document posts, and the digest of that which till and server compare.

Posting is one pure function for each document type: document to what it does to the books.  Debit is
positive, credit negative.  A rule reads nothing but the document, so that it gives the same lines in ten
years.  The lines of every business sum to zero, in every currency and in base currency.  The rules stand by
family beside this file, and are named for their types in `types`.
"""

import hashlib
from typing import Final

import msgspec

from pos_app.ledger.document import TYPES
from pos_app.ledger.errors import BohariError
from pos_app.ledger.head import Head
from pos_app.ledger.posting.posting import Posting

#: What decoding and posting raise where bytes have the shape of a document and figures that are none: a rate
#: of nothing, a line that is not there, an account that nobody named.
NO_DOCUMENT: Final = (BohariError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
_encoder: Final = msgspec.msgpack.Encoder(order="deterministic")


def post(document: Head) -> Posting:
    """What any document posts.  Raises `Refused` for an exchange difference without an account."""
    return TYPES.of(document).post(document)


def digest(posting: Posting) -> bytes:
    """Sixteen bytes over what a document posted; the till and the server compare theirs.

    Open items and costs count where there are any: a sale's digest is what it was before they were.
    """
    whole = posting if posting.open_items or posting.costs else posting[:2]
    return hashlib.sha256(_encoder.encode(whole)).digest()[:16]
