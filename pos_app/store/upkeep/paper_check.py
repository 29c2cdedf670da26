"""Whether a paper tells of a document that these books have, whole and signed: a receipt, or a Z years later.

A paper shows the number, the total, and the beginning of the hash and of the signature (its proof).
Whoever prints another total on one needs the number and the proof of a document of that total.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from pos_app.language import Sentence, said
from pos_app.ledger import canonical
from pos_app.ledger.document import TYPES, Document, DrawerClose, document_key
from pos_app.ledger.drawer import Stretch
from pos_app.ledger.errors import Refused
from pos_app.ledger.numbering import parse_printed
from pos_app.store.documents import documents, other_money, stretches
from pos_app.store.upkeep import signature_check


@dataclass(frozen=True)
class Checked:
    """The document that a paper tells of, its proof, and what does not hold (nothing: all does)."""

    document: Document
    proof: str
    problems: tuple[Sentence, ...]

    @property
    def stretch(self) -> Stretch | None:
        """What it closes, where it is a Z."""
        return self.document.stretch if isinstance(self.document, DrawerClose) else None

    @property
    def total(self) -> int:
        """What stands on the paper as its sum, in minor units: of a Z the grand total of receipts."""
        if self.stretch is not None:
            return self.stretch.grand_total
        _subtotal, _tax, total, rounding = TYPES.of(self.document).totals(self.document)
        return total + rounding


def check(connection: Connection, org_id: int, told: str, own_terminal_no: int | None = None) -> Checked:
    """Check what a paper says of itself: its printed number, and behind it its proof where it is typed too.

    What a QR of one holds is such a text.  Raises `Refused` for what is no number, and for a document that
    these books do not have (a till has its own alone).
    """
    number, _, proof = told.strip().partition(" ")
    key = documents.key_of_number(connection, org_id, *parse_printed(number))
    found = None if key is None else documents.body(connection, org_id, key)
    if key is None or found is None:
        raise Refused("document-unknown", number=number[:24])
    document = canonical.decode(found)
    true_proof = documents.proof_of(connection, org_id, key)
    problems = _sealed(connection, org_id, key, found, own_terminal_no)
    if proof.strip() and proof.strip().lower() != true_proof:
        problems.append(said("paper-proof-differs", number=number))
    if isinstance(document, DrawerClose) and document.stretch is not None:
        problems += _stretch(connection, org_id, document, document.stretch)
    return Checked(document, true_proof, tuple(problems))


def _sealed(
    connection: Connection, org_id: int, key: int, body: bytes, own_terminal_no: int | None
) -> list[Sentence]:
    """Whether the document is what was chained and signed at its place."""
    row = connection.execute(
        text("SELECT prev_hash, hash, signature FROM document WHERE org_id = :org AND document_id = :key"),
        {"org": org_id, "key": key},
    ).one()
    problems = []
    if canonical.chain(bytes(row.prev_hash), body) != bytes(row.hash):
        problems.append(said("archive-hash-wrong"))
    signatures = signature_check.load(connection, org_id, own_terminal_no)
    wrong = "" if signatures is None else signatures.wrong(key, bytes(row.hash), row.signature)
    return [*problems, said(wrong)] if wrong else problems


def _stretch(connection: Connection, org_id: int, close: DrawerClose, stretch: Stretch) -> list[Sentence]:
    """Whether a Z closes what lies behind the Z before, whole, and its totals are those of the receipts."""
    terminal_no, problems = close.terminal_no, []
    before = stretches.before(connection, org_id, terminal_no, close.shift or 0)
    if stretch.first_seq != before.seq + 1:
        problems.append(said("z-not-behind-the-last", first=stretch.first_seq, last=before.seq))
    here = connection.execute(
        text(
            "SELECT count(*) FROM document WHERE org_id = :org AND document_id >= :first"
            " AND document_id <= :last"
        ),
        {"org": org_id, "first": document_key(terminal_no, stretch.first_seq), "last": close.document_id},
    ).scalar_one()
    missing = close.seq - stretch.first_seq + 1 - int(here)
    if missing:
        problems.append(said("z-documents-missing", count=missing))
    sales = stretches.sold(
        connection, org_id, terminal_no, close.currency, after_seq=stretch.first_seq - 1, upto_seq=close.seq
    )
    if before.stretch is not None:
        total = before.stretch.grand_total + sales
    else:
        total = stretches.sold(connection, org_id, terminal_no, close.currency, upto_seq=close.seq)
    if (sales, total) != (stretch.sales, stretch.grand_total):
        problems.append(said("z-totals-differ"))
    taken = other_money.payments(connection, org_id, terminal_no, before.seq + 1, close.seq)
    held = other_money.sums((one.kind, one.amount) for one in taken)
    problems += [
        said("z-money-differs", role=kind.value)
        for kind, _said, _here in other_money.differing(close.other_money, held)
    ]
    return problems
