"""A terminal's new key at the centre: handed over by the one before it, and vouched for from then on.

What was signed before keeps its key; what comes from the new key's first sequence on must be signed by it,
and so must every request.  The same again changes nothing, so a copy of it does no harm.
"""

import hashlib

from pos_app.ledger.clock import Clock
from pos_app.store.documents import audit
from pos_app.store.engine import own_keys, signatures
from pos_app.store.engine.engine import Database
from pos_app.store.engine.signing import KeyFrom
from pos_app.store.journal import centre_journal
from pos_app.store.master import terminal_keys
from pos_app.store.master.enrolment import KnownTerminal
from sync.protocol.messages import Code, KeyAnswer, KeyRequest
from sync.server.errors import TurnedAway


def take(
    database: Database, clock: Clock, who: KnownTerminal, request: KeyRequest, address: str
) -> KeyAnswer:
    """Vouch for every key that follows the one that is known.  Raises `TurnedAway` where one may not."""
    org_id, terminal_no = who.org_id, who.terminal_no
    with database.write() as connection:
        mark, _, active, _ = centre_journal.lock_terminal(connection, org_id, terminal_no)
        present = terminal_keys.public_key(connection, org_id, terminal_no)
        if request.keys[-1].public_key == present:
            return KeyAnswer(known=len(request.keys))
        if not active:
            raise TurnedAway(403, Code.REVOKED, "till-revoked")
        known = [place for place, one in enumerate(request.keys) if one.public_key == present]
        keys = terminal_keys.of_terminal(connection, org_id, terminal_no)
        if not known:
            raise TurnedAway(401, Code.UNSIGNED, "signature-wrong")
        if not keys:
            if known[-1]:
                raise TurnedAway(409, Code.REFUSED, "terminal-key-signed-nothing")
            # Restored from before its first signed document: all that it signed is still to come.
            keys = [KeyFrom(mark + 1, present)]
            terminal_keys.add(connection, org_id, terminal_no, keys[0], clock.now())
        last = keys[-1]
        for one in request.keys[known[-1] + 1 :]:
            text = own_keys.handover_text(org_id, terminal_no, one.seq, one.public_key)
            if not signatures.holds(last.public_key, one.handover, text):
                raise TurnedAway(401, Code.UNSIGNED, "signature-wrong")
            if one.seq <= max(mark, last.seq):
                raise TurnedAway(409, Code.REFUSED, "terminal-key-too-late", seq=one.seq, mark=mark)
            last = KeyFrom(one.seq, one.public_key)
            terminal_keys.add(connection, org_id, terminal_no, last, clock.now())
            audit.write(
                connection,
                org_id=org_id,
                at=clock.now(),
                terminal_no=terminal_no,
                address=address,
                action="terminal.key_followed",
                subject=f"terminal {terminal_no}",
                before=hashlib.sha256(present).hexdigest(),
                after=hashlib.sha256(one.public_key).hexdigest(),
            )
        terminal_keys.use(connection, org_id, terminal_no, last.public_key)
    return KeyAnswer(known=len(request.keys))
