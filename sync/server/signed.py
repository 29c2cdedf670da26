"""Whether a terminal signed what it sends, by the keys that the centre knows of it.

Decisions
---------
2026-11-29  A batch is taken by the signature of its last document, and of the last one under each key where
there are several: the hash speaks for all before it, and a terminal signs nothing on top of what it did not
sign (`journal.document_signing`).  Each by itself would cost a third of the ingest; `bohari verify` does
that.  Where the last one does not hold, the batch is looked at one by one, and so is each signature.

2026-11-30  A signature that is wrong in the middle of a batch whose last one holds lets nobody in: the
document is proved by the last one, and only the proof of its own is spoilt.  It is booked as it came, and the
verification of the next night, which looks at each signature, tells it with the document's name.  Five
hundred checks at once would hold the terminal's row for as long as writing the batch does.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from pos_app.language import said
from pos_app.ledger import canonical
from pos_app.ledger.clock import Clock
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine import signatures
from pos_app.store.engine.signing import KeyFrom
from pos_app.store.master import terminal_keys


def refusal(
    connection: Connection, org_id: int, terminal_no: int, fresh: Sequence[Sealed], clock: Clock
) -> str:
    """Why documents that follow each other cannot be booked as this terminal's; empty when they can.

    With the first that is signed the terminal's key is noted: from there on all must be.
    """
    keys = terminal_keys.of_terminal(connection, org_id, terminal_no)
    is_first = not keys
    if is_first:
        begins = next((one.document.seq for one in fresh if one.signature is not None), None)
        if begins is None:
            return ""
        keys = [KeyFrom(begins, terminal_keys.public_key(connection, org_id, terminal_no))]
    signed = [one for one in fresh if one.document.seq >= keys[0].seq]
    if any(one.signature is None for one in signed):
        return said("document-unsigned")
    last_under = {signatures.key_at(keys, one.document.seq): one for one in signed}
    if not all(_is_signed_by(key, one) for key, one in last_under.items()):
        return said("document-signature-wrong")
    if is_first:
        terminal_keys.add(connection, org_id, terminal_no, keys[0], clock.now())
    return ""


def _is_signed_by(key: bytes, sealed: Sealed) -> bool:
    return signatures.holds(key, sealed.signature or b"", canonical.signed_text(sealed.hash))
