"""Whether a paper that somebody holds is true: asked by its number and proof, told with its figures."""

from typing import NamedTuple

from pos_app.language import Sentence
from pos_app.ledger.currency import currency
from pos_app.ledger.drawer import Stretch
from pos_app.ledger.head import kind_of
from pos_app.ledger.money import decimal_text
from pos_app.ledger.permission import Permission
from pos_app.office.moments import shown
from pos_app.office.office import Office
from pos_app.store.upkeep import paper_check


class PaperChecked(NamedTuple):
    """What the books have under the number of a paper; `total` as it is read, in `currency`.

    Of a Z the total is the grand total of receipts, and `stretch` what it closes, up to `last_seq`.
    """

    document_id: int
    kind: str
    recorded: str
    total: str
    currency: str
    proof: str
    problems: tuple[Sentence, ...]
    stretch: Stretch | None
    last_seq: int


def checked(office: Office, told: str) -> PaperChecked:
    """Check a paper.  Raises `Refused` for what is no number, or no document of these books."""
    with office.read() as books:
        office.need_everywhere(books.connection, Permission.SEE_REPORTS)
        found = paper_check.check(books.connection, books.org_id, told)
    document = found.document
    return PaperChecked(
        document.document_id,
        kind_of(document),
        shown(document.recorded_at, office.organisation.time_zone),
        decimal_text(found.total, currency(document.currency)),
        document.currency,
        found.proof,
        found.problems,
        found.stretch,
        document.seq,
    )
