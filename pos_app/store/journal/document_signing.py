"""Signing what a terminal records, after a look at whether the one before is what it signed last.

Decisions
---------
2026-11-29  Each signature speaks for the whole history under it, because the hash does.  So nothing is signed
on top of what this terminal did not sign: the last document is held against the count outside the file, and,
where this process did not sign it itself, against its own signature.  The centre may then take a batch by the
signature of its last document.

2026-11-29  A till whose count is gone does not go on: a file that was put back looks the same.  A centre
does: another machine that serves it has a count of its own, and a restored one begins again with its epoch.
"""

import contextlib
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger import canonical
from pos_app.ledger.errors import BohariError, Refused
from pos_app.store.documents import signed_end
from pos_app.store.documents.rows import Sealed
from pos_app.store.documents.signed_end import Before
from pos_app.store.engine import signing
from pos_app.store.engine.errors import Frozen
from pos_app.store.engine.signed_count import Count, CountFile, Point
from pos_app.store.side import on_till


class Counted(NamedTuple):
    """What was said of a transaction before its commit."""

    file: CountFile
    said: Count

    def confirm(self) -> None:
        """The commit is done: a database that ends before it is another one from now on."""
        # The documents stand, whatever this file says; the next one says it again.
        with contextlib.suppress(BohariError):
            self.file.write(self.said._replace(before=self.said.last))


class DocumentSigning:
    """Signs the documents of one terminal, in the order of its chain, under the lock of that."""

    def __init__(self, org_id: int, terminal_no: int) -> None:
        self._org_id = org_id
        self._terminal_no = terminal_no
        #: The last hash that we signed ourselves, or found to be signed.
        self._known = b""
        #: Where the transaction that runs began, and since when is signed; and the file that says so.
        self._begun: Count | None = None
        self._file: CountFile | None = None

    def begin(self) -> None:
        """A transaction begins; what the one before did may have been rolled back."""
        self._begun = self._file = None

    def sign(self, connection: Connection, before: Before, sealed: Sealed) -> Sealed:
        """The document with its signature; without one where nothing signs at this database.

        Raises `Frozen` when `before` is not what this terminal recorded last.
        """
        signer = signing.of(connection)
        if signer is None:
            if before.signature is not None:
                raise Refused("signing-key-missing")
            return sealed
        if before.hash != self._known or self._begun is None:
            self._look(connection, signer, before)
        signature = signer.sign(canonical.signed_text(sealed.hash))
        self._known = sealed.hash
        return sealed._replace(signature=signature)

    def count(self, last: Sealed) -> Counted | None:
        """Say outside the database what is about to be committed; the last thing before the commit.

        Gives what is to be confirmed after it.
        """
        begun, file = self._begun, self._file
        if begun is None or file is None:
            return None
        said = Count(begun.since, begun.before, Point(last.document.seq, last.hash))
        file.write(said)
        return Counted(file, said)

    def _look(self, connection: Connection, signer: signing.Signing, before: Before) -> None:
        end = Point(before.seq, before.hash)
        if self._begun is None:
            file = self._file = signed_end.count_of(connection, self._org_id, self._terminal_no)
            count = None if file is None else file.read()
            signed_end.refuse(count, before, is_till=on_till(connection) and file is not None)
            self._begun = Count(before.seq + 1 if count is None else count.since, end, end)
        if before.hash == self._known or before.signature is None:
            return
        # The window has loaded its key by now; the cryptography comes with it.
        from pos_app.store.engine import signatures

        key = signatures.key_at(signer.own_keys(), before.seq)
        if not signatures.holds(key, before.signature, canonical.signed_text(before.hash)):
            raise Frozen("last-document-of-others", seq=before.seq)
        self._known = before.hash
