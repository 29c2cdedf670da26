"""The type of a void: what it needs and posts follows from the document that it holds."""

from typing import Final

from pos_app.ledger import document_words as words
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Need, Permission
from pos_app.ledger.posting.posting import Posting
from pos_app.ledger.reversal import Reversal
from pos_app.ledger.types.document_type import TYPES, DocumentType


def _check(document: Reversal) -> None:
    if not document.reason.strip():
        raise Refused("void-without-reason")
    original = TYPES.decode(bytes(document.original))
    if isinstance(original, Reversal):
        raise Refused("void-of-void")
    named = (document.org_id, document.original_id, document.currency, document.rate_micro)
    if named != (original.org_id, original.document_id, original.currency, original.rate_micro):
        raise Refused("void-without-document")


def _post(document: Reversal) -> Posting:
    """The exact opposite of all that the voided document posted."""
    voided = TYPES.decode(bytes(document.original))
    posting: Posting = TYPES.of(voided).post(voided)
    return posting.reversed()


def _needs(document: Reversal) -> tuple[Need, ...]:
    original = TYPES.decode(bytes(document.original))
    type_ = TYPES.of(original)
    if type_.at_the_till:
        return (Need(Permission.SELL), Need(Permission.VOID, document.approver_id))
    return tuple([Need(permission, document.approver_id) for permission, _ in type_.needs(original)])


REVERSAL: Final = DocumentType(
    struct=Reversal,
    series="V",
    check=_check,
    post=_post,
    needs=_needs,
    describe=words.reason,
    has_receipt=True,
)
