"""Whether the end of each chain is where it was: what is missing there leaves no gap behind.

A till's end is held against the count of what it signed and against what the centre acknowledged; at the
centre each mark against the document under it, and every terminal's end against where it stood when a
verification found nothing wrong, which is kept outside the database.
"""

from collections.abc import Callable

from sqlalchemy import Connection, text

from pos_app.language import said
from pos_app.ledger import canonical
from pos_app.ledger.document import document_key, split_key
from pos_app.ledger.errors import BohariError, Refused
from pos_app.store.documents import identity, outbox, settings, signed_end, terminal
from pos_app.store.engine import signing
from pos_app.store.engine.engine import Database
from pos_app.store.engine.signed_count import Count, CountFile, Point
from pos_app.store.upkeep import audit_check, chain_check
from pos_app.store.upkeep.verdict import Verdict


def check(database: Database, org_id: int, verdict: Verdict) -> None:
    """Complain of every chain that ends too early, or elsewhere."""
    if database.on_till:
        _check_till(database, verdict)
        return
    with database.read() as connection:
        _check_marks(connection, org_id, verdict)
        for key in chain_check.last_keys(connection, org_id):
            _check_verified(connection, org_id, split_key(key)[0], verdict)
        _check_gone(connection, org_id, verdict)


def note(database: Database, org_id: int, until: Callable[[], bool] = lambda: False) -> None:
    """Nothing was found wrong; keep where the audit log and, at the centre, every chain ends now.

    `until` ends the signing of entries early (see `audit_runs.sign_rest`).
    """
    audit_check.note(database, org_id, until)
    if database.on_till:
        return
    with database.read() as connection:
        for key in chain_check.last_keys(connection, org_id):
            file = _verified(connection, org_id, split_key(key)[0])
            if file is None:
                return
            end = Point(split_key(key)[1], _hash(connection, org_id, key) or b"")
            file.write(Count(0, end, end))
            file.close()


def _check_till(database: Database, verdict: Verdict) -> None:
    with database.read() as connection:
        edited = identity.problem(connection)
        if edited:
            verdict.complain(edited)
        try:
            who = terminal.load(connection)
        except Refused:
            # Nothing was enrolled, nothing is signed.
            return
        file = signed_end.count_of(connection, who.org_id, who.terminal_no)
    try:
        # Read before the documents: a till at work only goes on meanwhile.
        count = None if file is None else file.read()
        with database.read() as connection:
            last = signed_end.last(connection, who.org_id, who.terminal_no)
        signed_end.refuse(count, last, is_till=file is not None)
    except BohariError as error:
        verdict.complain(error.said)
    with database.read() as connection:
        mark, hash_ = terminal.acknowledged(connection), settings.get(connection, "acknowledged_hash")
        own = outbox.hash_at(connection, who, mark)
    if own is None:
        verdict.complain(said("acknowledged-beyond-last", mark=mark))
    elif hash_ and own.hex() != hash_:
        verdict.complain(said("acknowledged-other-document", document=f"{who.terminal_no}/{mark}"))


def _check_marks(connection: Connection, org_id: int, verdict: Verdict) -> None:
    """Under each mark lies its document, in the books or in quarantine."""
    marks = connection.execute(
        text(
            "SELECT terminal_no, last_seq, last_hash FROM terminal WHERE org_id = :org ORDER BY terminal_no"
        ),
        {"org": org_id},
    )
    for terminal_no, seq, last_hash in marks.all():
        hash_ = bytes(last_hash)
        if seq == 0:
            stands = hash_ == canonical.genesis(org_id, terminal_no)
        else:
            stands = hash_ == _hash(connection, org_id, document_key(terminal_no, seq)) or _in_quarantine(
                connection, org_id, hash_
            )
        if not stands:
            verdict.complain(said("mark-without-document", document=f"{terminal_no}/{seq}"))


def _check_verified(connection: Connection, org_id: int, terminal_no: int, verdict: Verdict) -> None:
    file = _verified(connection, org_id, terminal_no)
    try:
        count = None if file is None else file.read()
    except BohariError as error:
        verdict.complain(error.said)
        return
    if count is None:
        return
    name, key = f"{terminal_no}/{count.last.seq}", document_key(terminal_no, count.last.seq)
    if _hash(connection, org_id, key) != count.last.hash:
        verdict.complain(said("verified-document-gone", document=name))


def _check_gone(connection: Connection, org_id: int, verdict: Verdict) -> None:
    """A terminal that is known and has no document left at all."""
    with_documents = {split_key(key)[0] for key in chain_check.last_keys(connection, org_id)}
    known = connection.scalars(
        text("SELECT terminal_no FROM terminal WHERE org_id = :org ORDER BY terminal_no"), {"org": org_id}
    )
    for terminal_no in known.all():
        if terminal_no not in with_documents:
            _check_verified(connection, org_id, terminal_no, verdict)


def _verified(connection: Connection, org_id: int, terminal_no: int) -> CountFile | None:
    signer = signing.of(connection)
    if signer is None:
        return None
    epoch = connection.execute(text("SELECT epoch FROM server_epoch")).scalar_one_or_none() or ""
    return signer.count(f"{org_id}-{terminal_no}-{epoch}.verified")


def _hash(connection: Connection, org_id: int, key: int) -> bytes | None:
    found = connection.scalar(
        text("SELECT hash FROM document WHERE org_id = :org AND document_id = :key"),
        {"org": org_id, "key": key},
    )
    return None if found is None else bytes(found)


def _in_quarantine(connection: Connection, org_id: int, hash_: bytes) -> bool:
    found = connection.scalar(
        text("SELECT 1 FROM quarantine WHERE org_id = :org AND hash = :hash LIMIT 1"),
        {"org": org_id, "hash": hash_},
    )
    return found is not None
