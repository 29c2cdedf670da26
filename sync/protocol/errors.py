"""What can go wrong with a message.

BohariError
`-- Damaged
    `-- Malformed    the bytes are not a message of this protocol
"""

from pos_app.ledger.errors import Damaged


class Malformed(Damaged):
    """Bytes that are no message: cut off, too large, or something else altogether."""
