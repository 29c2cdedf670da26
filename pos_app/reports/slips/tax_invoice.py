"""Where the law wants the words "tax invoice" on a paper, and what the tax is called.

The business's tax number decides: who has none is not registered, and may not issue one.  The country is that
of the base currency; where no law is written down here, a paper shows the tax number, the rates and the tax
and calls itself what it is, an invoice or a receipt.

Kenya.  Value Added Tax Act 2013, s. 42: a registered person who makes a taxable supply (zero-rated ones are
taxable) furnishes a tax invoice, at a counter too; Tax Procedures (Electronic Tax Invoice) Regulations 2024
(L.N. 64 of 2024), reg. 7: what stands on it (name, address and PIN of the seller, number, date, quantity,
rate, tax, total).  That a control unit signs it is no matter of paper.

Singapore.  Goods and Services Tax (General) Regulations, reg. 11: the words "tax invoice" in a prominent
place, name, address and registration number of the seller, name and address of the customer, the rate, the
totals without and with tax, and exempt and zero-rated supplies apart.  Reg. 13: up to $1,000 with tax a
simplified invoice needs no customer, as long as all of it is taxed at one rate.  Zero-rated and exempt
supplies alone need none.  Who buys for more without a name gets a receipt.

The words are the law's own and stand in its language on a paper in any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from pos_app.store.master.letterheads import Seller, TaxName

TAX_INVOICE: Final = "TAX INVOICE"
SIMPLIFIED: Final = "SIMPLIFIED TAX INVOICE"


class TaxedPart(Protocol):
    """A line as far as its tax goes."""

    @property
    def tax_code(self) -> str:
        """The code of its tax."""

    @property
    def tax_rate_bp(self) -> int:
        """Basis points."""


@dataclass(frozen=True)
class TaxLaw:
    """What a country says: what its tax is called, and which supplies make a tax invoice.

    `simplified_upto` is the total with tax, in minor units, up to which no customer need be named (None:
    the law asks for none at any total).
    """

    tax: str
    with_zero_rated: bool
    simplified_upto: int | None


#: By base currency.
LAWS: Final = {"KES": TaxLaw("VAT", True, None), "SGD": TaxLaw("GST", False, 1_000_00)}
#: What the tax is called elsewhere, where a country has one.
_ELSEWHERE: Final = {
    "AUD": "GST",
    "EUR": "VAT",
    "GBP": "VAT",
    "INR": "GST",
    "NZD": "GST",
    "RWF": "VAT",
    "TZS": "VAT",
    "UGX": "VAT",
    "ZAR": "VAT",
}


def tax_called(code: str, taxes: Mapping[str, TaxName], base_currency: str) -> str:
    """What a tax code's tax is called: as the office said, or as the country does; empty where neither is."""
    told = taxes[code].name if code in taxes else ""
    law = LAWS.get(base_currency)
    return told or (law.tax if law else _ELSEWHERE.get(base_currency, ""))


def words_of(
    base_currency: str,
    seller: Seller,
    lines: Sequence[TaxedPart],
    taxes: Mapping[str, TaxName],
    *,
    total: int,
    currency: str,
    customer: str,
) -> str:
    """What the law calls the paper of these lines of a seller; empty where it calls it nothing.

    `total` is what is paid for them with tax, in minor units of `currency`.
    """
    law = LAWS.get(base_currency)
    if law is None or not seller.tax_number:
        return ""
    taxed = [line for line in lines if line.tax_rate_bp > 0]
    zero = [line for line in lines if line.tax_code in taxes and taxes[line.tax_code].treatment == "zero"]
    if not (taxed or (law.with_zero_rated and zero)):
        return ""
    if law.simplified_upto is None or customer:
        return TAX_INVOICE
    one_rate = len(taxed) == len(lines) and len({line.tax_rate_bp for line in lines}) == 1
    small = currency == base_currency and total <= law.simplified_upto
    return SIMPLIFIED if one_rate and small else ""
