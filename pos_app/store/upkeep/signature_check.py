"""Whether each document is signed by its terminal, with the key that signed at its place in the chain."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, text

from pos_app.language import said
from pos_app.ledger import canonical
from pos_app.ledger.document import SERVER_TERMINAL_NO, split_key
from pos_app.store.documents import signed_end
from pos_app.store.engine import signing
from pos_app.store.engine.signing import KeyFrom
from pos_app.store.side import on_till
from pos_app.store.upkeep.chain_check import name_of
from pos_app.store.upkeep.document_check import HASH, SIGNATURE
from pos_app.store.upkeep.verdict import Verdict

_NOBODY: Final[tuple[KeyFrom, ...]] = ()


class SignatureCheck:
    """Checks documents of every terminal whose keys are known here: at a till those of its own.

    `keys` are those keys; `accepted` the hashes that two people took out of quarantine as they were.
    """

    def __init__(
        self, keys: Mapping[int, Sequence[KeyFrom]], accepted: frozenset[bytes], own_terminal_no: int | None
    ) -> None:
        self._keys = keys
        self._accepted = accepted
        self._own_terminal_no = own_terminal_no

    def follow(self, row: tuple[Any, ...], verdict: Verdict) -> None:
        """Complain when a document is not signed as it must be; what is older than signatures has none."""
        wrong = self.wrong(row[1], bytes(row[HASH]), row[SIGNATURE])
        if wrong:
            verdict.complain(f"Document {name_of(row[1])}: {said(wrong)}")

    def wrong(self, document_id: int, hash_: bytes, signature: bytes | None) -> str:
        """The code of what is wrong with a document's signature; empty where it holds or cannot be known."""
        terminal_no, seq = split_key(document_id)
        keys = self._keys.get(terminal_no, _NOBODY)
        if self._own_terminal_no not in (None, terminal_no):
            return ""
        if signature is None and (not keys or seq < keys[0].seq):
            return ""
        # With the first document that is looked at: the cryptography is loaded for nothing else.
        from pos_app.store.engine import signatures

        key = signatures.key_at(keys, seq)
        if signature is not None and signatures.holds(key, bytes(signature), canonical.signed_text(hash_)):
            return ""
        if hash_ in self._accepted:
            return ""
        return "document-unsigned" if signature is None else "document-signature-wrong"


def load(connection: Connection, org_id: int, own_terminal_no: int | None) -> SignatureCheck | None:
    """What documents of this database are checked with; None where nothing signs."""
    signer = signing.of(connection)
    if signer is None:
        return None
    if on_till(connection):
        if own_terminal_no is None:
            return None
        return SignatureCheck(
            _own_keys(connection, signer, org_id, own_terminal_no), frozenset(), own_terminal_no
        )
    from pos_app.store.master import terminal_keys

    keys = terminal_keys.all_of(connection, org_id)
    own = keys.get(SERVER_TERMINAL_NO)
    if own:
        # Its key is not a question of what stands in the database.
        keys[SERVER_TERMINAL_NO] = [KeyFrom(own[0].seq, signer.public_key())]
    accepted = connection.scalars(
        text("SELECT hash FROM quarantine WHERE org_id = :org AND decision = 'accepted'"), {"org": org_id}
    )
    return SignatureCheck(keys, frozenset(bytes(one) for one in accepted), None)


def _own_keys(
    connection: Connection, signer: signing.Signing, org_id: int, terminal_no: int
) -> dict[int, list[KeyFrom]]:
    """The till's keys, from the first sequence that it signed."""
    file = signed_end.count_of(connection, org_id, terminal_no)
    count = None if file is None else file.read()
    begins = _first_signed(connection, org_id) if count is None else count.since
    if begins is None:
        return {}
    first, *later = signer.own_keys()
    return {terminal_no: [KeyFrom(max(first.seq, begins), first.public_key), *later]}


def _first_signed(connection: Connection, org_id: int) -> int | None:
    found: int | None = connection.scalar(
        text("SELECT min(seq) FROM document WHERE org_id = :org AND signature IS NOT NULL"), {"org": org_id}
    )
    return found
