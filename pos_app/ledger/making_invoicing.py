"""How what is bought or sold on credit becomes a document: invoices, bills, and the notes that lower them."""

from pos_app.ledger.chart import AccountRole, Accounts
from pos_app.ledger.head import note_of
from pos_app.ledger.invoicing import BillLine
from pos_app.ledger.tax import TaxTerms


def bill_line(
    accounts: Accounts,
    description: str,
    amount: int,
    *,
    account: str,
    business_id: int,
    tax: TaxTerms,
    goods: tuple[int, int, int] | None = None,
) -> BillLine:
    """A line of a vendor's paper at `amount`, as the paper says it, before its tax (see `totals.with_tax`).

    `goods` are the product that comes with it, thousandths of it and the location where it comes to.
    """
    product_id, quantity, location_id = goods or (None, None, None)
    return BillLine(
        description=note_of(description),
        account=account,
        business_id=business_id,
        net=amount,
        tax_code=tax.code,
        tax_rate_bp=tax.rate_bp,
        tax_inclusive=tax.inclusive,
        tax_account=accounts.of(AccountRole.INPUT_TAX, business_id) if tax.rate_bp else "",
        product_id=product_id,
        quantity=quantity,
        location_id=location_id,
    )
