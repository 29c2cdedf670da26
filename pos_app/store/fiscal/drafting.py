"""What is sent of a row: its document read back, with what master data says of goods, taxes and people."""

from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from pos_app.fiscal.invoice import Facts, FiscalInvoice, lines_of, paid_by, parts_of
from pos_app.ledger.errors import Damaged
from pos_app.ledger.product_type import behaviour
from pos_app.store.documents import documents
from pos_app.store.engine import privacy
from pos_app.store.fiscal.receipts import Kept
from pos_app.store.master import organisations, people


def invoice_of(connection: Connection, kept: Kept, number: int, original_number: int) -> FiscalInvoice:
    """The invoice of a row under a device's number; the same at every try, but for what master data says.

    Raises `Damaged` where its document is not in the books as it was.
    """
    org_id = kept.org_id
    document = documents.get(connection, org_id, kept.document_id)
    organisation = organisations.get(connection, org_id)
    wanted = (kept.receipt.business_id, kept.receipt.part)
    part = next(
        (
            each
            for each in (parts_of(document) if document is not None else [])
            if (each.business_id, each.part) == wanted
        ),
        None,
    )
    if document is None or organisation is None or part is None:
        raise Damaged("fiscal-document-missing", number=kept.trader_no)
    keys = sorted({line.product_id for line in part.lines})
    name, pin = _buyer(connection, org_id, getattr(document, "party_id", None))
    return FiscalInvoice(
        trader_no=kept.trader_no,
        takes_back=kept.takes_back,
        at=document.occurred_at.astimezone(ZoneInfo(organisation.time_zone)),
        person=people.person_name(connection, org_id, document.person_id),
        lines=lines_of(part, document.rate_micro, _facts(connection, org_id, keys)),
        paid_by=paid_by(document),
        buyer=name,
        buyer_pin=pin,
        reason=getattr(document, "reason", ""),
        number=number,
        original_number=original_number,
    )


def _facts(connection: Connection, org_id: int, keys: list[int]) -> Facts:
    types = connection.execute(
        text("SELECT product_id, type FROM product WHERE org_id = :org AND product_id = ANY (:keys)"),
        {"org": org_id, "keys": keys},
    )
    taxes = connection.execute(
        text("SELECT code, treatment FROM tax_code WHERE org_id = :org"), {"org": org_id}
    )
    return Facts(
        frozenset(int(key) for key, type_ in types if behaviour(type_).stocked is False),
        {str(code): str(treatment) for code, treatment in taxes},
    )


def _buyer(connection: Connection, org_id: int, party_id: int | None) -> tuple[str, str]:
    """Name and tax number of who bought; the number only where it has a PIN's form of letters and digits."""
    if party_id is None:
        return "", ""
    row = connection.execute(
        text("SELECT name, tax_number FROM party WHERE org_id = :org AND party_id = :party"),
        {"org": org_id, "party": party_id},
    ).one_or_none()
    if row is None:
        return "", ""
    number = privacy.of(connection).decrypt_text(org_id, privacy.TAX_NUMBER, row[1]) if row[1] else ""
    return str(row[0]), number.strip().upper()
