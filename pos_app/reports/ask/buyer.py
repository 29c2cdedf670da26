"""What papers say of whom they are for, beside the name: address, tax number, code and telephone.

A tax invoice names the buyer's tax number, where they have one, so that they may deduct the tax (Kenya: VAT
(Electronic Tax Invoice) Regulations, 2020).
"""

from pos_app.language import printed
from pos_app.store.report_queries.invoice_history import Addressee


def buyer_lines(to: Addressee) -> list[str]:
    """The lines below the name on an A4 sheet."""
    number = printed("Tax number: {number}", number=to.tax_number) if to.tax_number else ""
    known = " · ".join(one for one in (to.code, to.phone) if one)
    return [line for line in (*to.address.split("\n"), number, known) if line]
