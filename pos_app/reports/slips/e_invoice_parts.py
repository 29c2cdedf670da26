"""What an e-invoice says, before it is XML: two parties, lines with their category, totals to the cent.

Two forms are written.  In Singapore PINT-SG, which InvoiceNow carries (IMDA, "PINT SG", and IRAS' technical
specifications of the GST InvoiceNow requirement); elsewhere the core of EN 16931 in UBL 2.1, for whose
network a shop has no address.
"""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from pos_app.language import kept_code
from pos_app.ledger.document import CreditNote, Invoice
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.supply import Supply
from pos_app.ledger.tax import NO_SALE
from pos_app.ledger.tax_number import COUNTRIES, is_uen, uen
from pos_app.store.master.letterheads import Seller
from pos_app.store.report_queries.invoice_history import Addressee
from pos_app.store.report_queries.tax_treatments import Meaning

_POSTCODE: Final = {"SG": re.compile(r"\b\d{6}\b", re.ASCII), "KE": re.compile(r"\b\d{5}\b", re.ASCII)}


@dataclass(frozen=True)
class Form:
    """What one of the two forms calls itself, its tax, and the categories of a line."""

    customization: str
    profile: str
    tax_scheme: str
    standard: str
    zero: str
    exempt: str
    financial: str
    outside: str
    unregistered: str
    has_network: bool


PINT_SG: Final = Form(
    customization="urn:peppol:pint:billing-1@sg-1",
    profile="urn:peppol:bis:billing",
    tax_scheme="GST",
    standard="SR",
    zero="ZR",
    exempt="ESN33",
    financial="ES33",
    outside="OS",
    unregistered="NG",
    has_network=True,
)
#: What is no supply stands as exempt: EN 16931 has a category for it, which allows no other one beside it.
EN_16931: Final = Form(
    customization="urn:cen.eu:en16931:2017",
    profile="",
    tax_scheme="VAT",
    standard="S",
    zero="Z",
    exempt="E",
    financial="E",
    outside="E",
    unregistered="O",
    has_network=False,
)


class Side(NamedTuple):
    """A seller or a buyer.  `tax_number` is empty for who is not registered; an address has lines."""

    name: str
    address: tuple[str, ...]
    postcode: str
    country: str
    tax_number: str
    company_number: str


class Category(NamedTuple):
    """Lines that are taxed alike: the category's code and its rate in basis points."""

    code: str
    rate_bp: int


def form_of(base_currency: str) -> Form:
    """The form of a country, told by its currency."""
    return PINT_SG if base_currency == "SGD" else EN_16931


def seller_side(seller: Seller, depot_address: str, base_currency: str) -> Side:
    """Who sends it.  Raises `Refused` for what InvoiceNow asks and nobody said."""
    country = COUNTRIES.get(base_currency, base_currency[:2])
    address = seller.address or depot_address
    number = seller.company_number or (seller.tax_number if is_uen(seller.tax_number) else "")
    side = Side(
        seller.full_name,
        _lines(address),
        _postcode(address, country),
        country,
        seller.tax_number,
        number or ("" if country == "SG" else seller.tax_number),
    )
    return _whole(side, _SELLER, base_currency)


def buyer_side(to: Addressee, base_currency: str, buyer_uen: str = "") -> Side:
    """Whom it is for; `buyer_uen` where their tax number is none.  Raises `Refused`."""
    country = COUNTRIES.get(base_currency, base_currency[:2])
    number, own = to.tax_number, country
    if number[2:3] == ":":
        own, number = number[:2], number[3:]
    company = uen(buyer_uen) if buyer_uen else number if is_uen(number) else ""
    side = Side(
        to.name,
        _lines(to.address),
        _postcode(to.address, own),
        own,
        number,
        company or ("" if own == "SG" else number),
    )
    return _whole(side, _BUYER, base_currency)


#: What InvoiceNow asks of each side (IRASC5-020 to 034), and the sentence where nobody said it.
_SELLER: Final = (
    kept_code("e-invoice-seller-address", "name"),
    kept_code("e-invoice-seller-postcode", "name"),
    kept_code("e-invoice-seller-company-number", "name"),
)
_BUYER: Final = (
    kept_code("e-invoice-buyer-address", "name"),
    kept_code("e-invoice-buyer-postcode", "name"),
    kept_code("e-invoice-buyer-company-number", "name"),
)


def _whole(side: Side, codes: tuple[str, str, str], base_currency: str) -> Side:
    if base_currency == "SGD":
        for code, told in zip(codes, (side.address, side.postcode, side.company_number), strict=True):
            if not told:
                raise Refused(code, name=side.name)
    return side


def _lines(address: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in address.split("\n") if line.strip())[:3]


def _postcode(address: str, country: str) -> str:
    form = _POSTCODE.get(country, re.compile(r"\b[A-Z0-9-]{4,8}\b", re.ASCII))
    found = form.findall(address)
    return str(found[-1]) if found else ""


def category_of(line: GoodsLine, form: Form, meaning: Meaning | None, *, is_registered: bool) -> Category:
    """Under which category a line is taxed."""
    if not is_registered:
        return Category(form.unregistered, 0)
    if line.tax_rate_bp:
        return Category(form.standard, line.tax_rate_bp)
    if line.tax_code in NO_SALE or (meaning is not None and meaning.supply is Supply.OUTSIDE):
        return Category(form.outside, 0)
    if meaning is not None and meaning.treatment == "exempt":
        return Category(form.financial if meaning.supply is Supply.FINANCIAL else form.exempt, 0)
    return Category(form.zero, 0)


def check_whole(document: Invoice | CreditNote) -> None:
    """Raise `Refused` for what cannot be one e-invoice: two sellers, tax of who is not registered."""
    if len({line.business_id for line in document.lines}) > 1:
        raise Refused("e-invoice-of-several-sellers")
