"""What is left on vouchers and deposit slips: the open items of what issues them or takes from them."""

from collections.abc import Iterable

from pos_app.ledger.chit import Moved
from pos_app.ledger.head import Head
from pos_app.ledger.posting.posting import OpenItem


def chit_items(document: Head, moved: Iterable[Moved]) -> tuple[OpenItem, ...]:
    """One item for each chit that is issued, taken from or given back to; in base currency, as all chits."""
    return tuple(
        [
            OpenItem(
                business_id=chit.business_id,
                party_role=chit.role,
                party_id=chit.number,
                invoice_id=chit.document_id or document.document_id,
                due_on=chit.expires_on,
                amount=amount,
                base_amount=amount,
            )
            for chit, amount in moved
        ]
    )
