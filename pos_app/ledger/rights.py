"""Who may make a document: what it needs, and what its maker and its approver lack of that.

The till asks before it seals a document and the server asks again at ingest, so both sides decide alike.

Decisions
---------
2026-11-20  Who approves must have the permission itself and `APPROVE`: a senior cashier may be trusted
with refunds of her own without being asked for those of others.
"""

from collections.abc import Callable

from pos_app.ledger.document import TYPES, Head
from pos_app.ledger.permission import Need, Permission, covering

#: Whether a person may do something where and when the document was made.
Allows = Callable[[int, Permission], bool]


def lacking(document: Head, allows: Allows) -> Need | None:
    """The first permission that neither the document's maker nor its approver has; None when all is well."""
    maker = document.person_id
    for need in needs(document):
        permission, approver = need
        if _may(allows, maker, permission):
            continue
        if approver is None or not (
            _may(allows, approver, permission) and allows(approver, Permission.APPROVE)
        ):
            return need
    return None


def _may(allows: Allows, person_id: int, permission: Permission) -> bool:
    """Whether somebody has a permission, or one that covers it."""
    return any(allows(person_id, one) for one in covering(permission))


def needs(document: Head) -> tuple[Need, ...]:
    """What a document needs, the maker's own permission first.

    Raises `TypeError` for what is no type of document.
    """
    found = TYPES.of(document).needs(document)
    if document.dated_by is None:
        return found
    return (*found, Need(Permission.BACKDATE, document.dated_by))
