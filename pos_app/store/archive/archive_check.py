"""Reading an archive back: every file, every document's hash and place in its chain, every posting.

Needs no database and no key.  With a database, the heads of the chains and the entries of the audit log
are held against it too (see `archive`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pos_app.language import said
from pos_app.ledger import canonical
from pos_app.ledger.errors import Damaged
from pos_app.ledger.posting import rules as posting_rules
from pos_app.store.archive import archive_file, archive_signature

_MOST_PROBLEMS: Final = 200


@dataclass
class Finding:
    """What was read back; `heads` are the last sequence and hash of each terminal by organisation.

    `signed_by` is the key under the manifest; None when nobody signed it, empty when that does not hold.
    """

    documents: int = 0
    entries: int = 0
    problems: list[str] = field(default_factory=list)
    heads: dict[int, dict[int, tuple[int, str]]] = field(default_factory=dict)
    signed_by: bytes | None = None

    @property
    def ok(self) -> bool:
        """Whether the archive is whole."""
        return not self.problems

    def complain(self, sentence: str) -> None:
        """Note one problem."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(sentence)


def check(folder: Path, own_key: bytes = b"") -> Finding:
    """Read a whole archive back; `own_key` must have signed it where it is given.

    Raises `Refused` when the folder is none.
    """
    manifest = archive_file.read_manifest(folder)
    finding = Finding(signed_by=archive_file.signed_by(folder))
    for sentence in archive_signature.problems(finding.signed_by, own_key):
        finding.complain(sentence)
    for one in manifest["organisations"]:
        try:
            _check_documents(folder, one, finding)
            _check_audit(folder, one, finding)
        except Damaged as damage:
            finding.complain(damage.sentence)
    return finding


def _whole(folder: Path, about: dict[str, Any], finding: Finding) -> Iterator[dict[str, Any]]:
    """The lines of a file, after its digest and with its count."""
    path = folder / about["file"]
    if archive_file.sha256(path) != about["sha256"]:
        finding.complain(said("archive-file-changed", file=about["file"]))
    count = 0
    for record in archive_file.read(path):
        count += 1
        yield record
    if count != about["count"]:
        finding.complain(said("archive-file-lines", file=about["file"], count=count, wanted=about["count"]))


def _check_documents(folder: Path, entry: dict[str, Any], finding: Finding) -> None:
    org_id = int(entry["org_id"])
    absent: dict[tuple[int, int], set[str]] = {}
    for terminal_no, seq, hash_ in entry["documents"]["absent"]:
        absent.setdefault((terminal_no, seq), set()).add(hash_)
    heads: dict[int, tuple[int, str]] = {}
    for record in _whole(folder, entry["documents"], finding):
        finding.documents += 1
        terminal_no, seq = int(record["terminal"]), int(record["seq"])
        genesis = (0, canonical.genesis(org_id, terminal_no).hex())
        last_seq, last_hash = heads.get(terminal_no, genesis)
        for sentence in (
            *_place(record, (last_seq, last_hash), absent),
            *_content(record, org_id),
        ):
            finding.complain(f"Document {org_id}/{terminal_no}/{seq}: {sentence}")
        heads[terminal_no] = (seq, str(record["hash"]))
    about = {
        int(number): (int(seq), str(hash_)) for number, (seq, hash_) in entry["documents"]["heads"].items()
    }
    if heads != about:
        finding.complain(said("archive-chain-end-wrong", organisation=org_id))
    finding.heads[org_id] = heads


def _place(
    record: dict[str, Any], last: tuple[int, str], absent: dict[tuple[int, int], set[str]]
) -> Iterator[str]:
    """Whether a document follows the one before it; what lay in quarantine may stand between."""
    terminal_no, seq = int(record["terminal"]), int(record["seq"])
    begun, hashes = last[0], {last[1]}
    if seq <= begun:
        yield said("archive-place-wrong")
        return
    while begun < seq - 1:
        begun += 1
        if (terminal_no, begun) not in absent:
            yield said("archive-document-missing", terminal=terminal_no, seq=begun)
            return
        hashes = absent[terminal_no, begun]
    if record["prev_hash"] not in hashes | absent.get((terminal_no, seq - 1), set()):
        yield said("archive-chain-broken")


def _content(record: dict[str, Any], org_id: int) -> Iterator[str]:
    """Whether the bytes are those of the hash, and post what they posted."""
    body = archive_file.body_of(record)
    if canonical.chain(bytes.fromhex(record["prev_hash"]), body).hex() != record["hash"]:
        yield said("archive-hash-wrong")
    try:
        document = canonical.decode(body)
        digest = posting_rules.digest(posting_rules.post(document)).hex()
    except posting_rules.NO_DOCUMENT as error:
        yield f"its bytes cannot be posted again: {error}"
        return
    if (document.org_id, document.terminal_no, document.seq) != (org_id, record["terminal"], record["seq"]):
        yield said("archive-key-of-other")
    if digest != record["posting_digest"]:
        yield said("posts-other-lines")


def _check_audit(folder: Path, entry: dict[str, Any], finding: Finding) -> None:
    years: dict[str, int] = {}
    for record in _whole(folder, entry["audit"], finding):
        finding.entries += 1
        years[str(record["year"])] = years.get(str(record["year"]), 0) + 1
    if years != entry["audit"]["years"]:
        finding.complain(said("archive-audit-not-whole", organisation=entry["org_id"], years=years))
