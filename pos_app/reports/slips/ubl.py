"""An e-invoice as UBL 2.1: elements in the order of OASIS' schema, amounts with their currency's decimals.

Decisions
---------
2026-12-01  Totals are the document's, to the cent, and never computed anew: the rules of the networks take a
difference in tax (EN 16931 up to 1.00, Singapore's up to 2.00), the books take none.

2026-12-01  A price is net, and has the decimals of its currency alone (IRASC5-097): where a piece of one has
none that comes to the line, the price is that of the whole line for its quantity (BT-149).
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from xml.etree import ElementTree as ET

from pos_app.ledger.currency import Currency
from pos_app.ledger.document import CreditNote, Invoice
from pos_app.ledger.line import GoodsLine
from pos_app.ledger.money import decimal_text
from pos_app.ledger.quantity import ONE
from pos_app.reports.slips.e_invoice_parts import Category, Form, Side

_CAC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_CBC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_ROOT: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
#: A name of ours for identifiers of documents, which are the same each time the XML is written.
_DOCUMENTS: Final = uuid.UUID("6f2a6f1e-30f7-5c57-8c26-4b8f4f2e8c11")
_EXEMPT: Final = "Exempt, or outside the scope of the tax"
_NOT_SUBJECT: Final = "The seller is not registered for the tax"


@dataclass(frozen=True)
class Told:
    """What is said in an e-invoice beside the document.

    `categories` are those of the lines, in their order, `units` codes of Recommendation 20 by the words of
    lines.  `original` are the number and the day of the invoice that a credit note takes from.  `in_base` is
    the total, and its tax, in minor units of `base`.
    """

    form: Form
    number: str
    issued: date
    due: date | None
    seller: Side
    buyer: Side
    categories: tuple[Category, ...]
    units: Mapping[str, str]
    money: Currency
    base: Currency
    in_base: tuple[int, int]
    reference: str = ""
    original: tuple[str, date] | None = None


def ubl(document: Invoice | CreditNote, told: Told) -> bytes:
    """The XML, in UTF-8."""
    is_credit = isinstance(document, CreditNote)
    name = "CreditNote" if is_credit else "Invoice"
    root = ET.Element(name, {"xmlns": f"{_ROOT}{name}-2", "xmlns:cac": _CAC, "xmlns:cbc": _CBC})
    _head(root, document, told)
    _party(root, "AccountingSupplierParty", told.seller, told)
    _party(root, "AccountingCustomerParty", told.buyer, told)
    if told.due is None:
        _value(_part(root, "PaymentTerms"), "Note", "Taken from what is owed")
    _taxes(root, document, told)
    _totals(root, document, told)
    for place, (line, category) in enumerate(zip(document.lines, told.categories, strict=True), 1):
        _line(root, place, line, category, told, is_credit=is_credit)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def _head(root: ET.Element, document: Invoice | CreditNote, told: Told) -> None:
    form, is_credit = told.form, isinstance(document, CreditNote)
    _value(root, "CustomizationID", form.customization)
    if form.profile:
        _value(root, "ProfileID", form.profile)
    _value(root, "ID", told.number)
    if form.has_network:
        key = f"{document.org_id}/{document.document_id}/{document.request_id}"
        _value(root, "UUID", str(uuid.uuid5(_DOCUMENTS, key)))
    _value(root, "IssueDate", told.issued.isoformat())
    if told.due is not None:
        _value(root, "DueDate", told.due.isoformat())
    _value(root, f"{'CreditNote' if is_credit else 'Invoice'}TypeCode", "381" if is_credit else "380")
    note = document.reason if isinstance(document, CreditNote) else ""
    note = note or ("" if document.note_inside else document.note)
    if note:
        _value(root, "Note", note)
    _value(root, "DocumentCurrencyCode", told.money.code)
    foreign = form.has_network and told.money.code != told.base.code
    if foreign:
        _value(root, "TaxCurrencyCode", told.base.code)
    _value(root, "BuyerReference", told.reference or told.buyer.name)
    if told.original is not None:
        number, day = told.original
        billed = _part(_part(root, "BillingReference"), "InvoiceDocumentReference")
        _value(billed, "ID", number)
        _value(billed, "IssueDate", day.isoformat())
    if foreign:
        total, tax = told.in_base
        for kind, amount in (("excl", total - tax), ("incl", total)):
            also = _part(root, "AdditionalDocumentReference")
            _value(also, "ID", told.base.code)
            _value(also, "DocumentTypeCode", f"{told.base.code.lower()}total-{kind}-gst")
            _value(also, "DocumentDescription", decimal_text(amount, told.base))


def _party(root: ET.Element, name: str, side: Side, told: Told) -> None:
    party = _part(_part(root, name), "Party")
    if told.form.has_network:
        scheme = f"SGUEN{side.company_number}" if side.country == "SG" else side.company_number
        _value(party, "EndpointID", scheme, schemeID="0195")
    _value(_part(party, "PartyName"), "Name", side.name)
    address = _part(party, "PostalAddress")
    for element, line in zip(("StreetName", "AdditionalStreetName"), side.address, strict=False):
        _value(address, element, line)
    if side.postcode:
        _value(address, "PostalZone", side.postcode)
    if len(side.address) > 2:
        _value(_part(address, "AddressLine"), "Line", side.address[2])
    _value(_part(address, "Country"), "IdentificationCode", side.country)
    is_subject = all(one.code != told.form.unregistered for one in told.categories)
    if side.tax_number and (is_subject or told.form.has_network):
        taxed = _part(party, "PartyTaxScheme")
        prefix = "" if told.form.has_network else side.country
        _value(taxed, "CompanyID", prefix + side.tax_number)
        _value(_part(taxed, "TaxScheme"), "ID", told.form.tax_scheme)
    entity = _part(party, "PartyLegalEntity")
    _value(entity, "RegistrationName", side.name)
    if side.company_number:
        _value(entity, "CompanyID", side.company_number)


def _taxes(root: ET.Element, document: Invoice | CreditNote, told: Told) -> None:
    sums: dict[Category, list[int]] = defaultdict(lambda: [0, 0])
    for line, category in zip(document.lines, told.categories, strict=True):
        sums[category][0] += line.net
        sums[category][1] += line.tax
    total = _part(root, "TaxTotal")
    _amount(total, "TaxAmount", document.tax_total, told.money)
    for category, (net, tax) in sorted(sums.items()):
        part = _part(total, "TaxSubtotal")
        _amount(part, "TaxableAmount", net, told.money)
        _amount(part, "TaxAmount", tax, told.money)
        _category(part, "TaxCategory", category, told, with_reason=True)
    if told.form.has_network and told.money.code != told.base.code:
        _amount(_part(root, "TaxTotal"), "TaxAmount", told.in_base[1], told.base)


def _category(
    above: ET.Element, name: str, category: Category, told: Told, *, with_reason: bool = False
) -> None:
    part = _part(above, name)
    _value(part, "ID", category.code)
    form = told.form
    if form.has_network or category.code != form.unregistered:
        _value(part, "Percent", f"{Decimal(category.rate_bp).scaleb(-2):.2f}")
    if with_reason and not form.has_network:
        reasons = {form.exempt: _EXEMPT, form.unregistered: _NOT_SUBJECT}
        if category.code in reasons:
            _value(part, "TaxExemptionReason", reasons[category.code])
    _value(_part(part, "TaxScheme"), "ID", form.tax_scheme)


def _totals(root: ET.Element, document: Invoice | CreditNote, told: Told) -> None:
    sums = _part(root, "LegalMonetaryTotal")
    for name, amount in (
        ("LineExtensionAmount", document.subtotal),
        ("TaxExclusiveAmount", document.subtotal),
        ("TaxInclusiveAmount", document.total),
        ("PayableAmount", document.total),
    ):
        _amount(sums, name, amount, told.money)


def _line(
    root: ET.Element, place: int, line: GoodsLine, category: Category, told: Told, *, is_credit: bool
) -> None:
    part = _part(root, "CreditNoteLine" if is_credit else "InvoiceLine")
    _value(part, "ID", str(place))
    unit = told.units.get(line.unit.lower(), "C62")
    quantity = Decimal(line.quantity).scaleb(-3).normalize()
    counted = f"{quantity:f}"
    _value(part, "CreditedQuantity" if is_credit else "InvoicedQuantity", counted, unitCode=unit)
    _amount(part, "LineExtensionAmount", line.net, told.money)
    item = _part(part, "Item")
    _value(item, "Name", line.description)
    if line.sku:
        _value(_part(item, "SellersItemIdentification"), "ID", line.sku)
    _category(item, "ClassifiedTaxCategory", category, told)
    price = _part(part, "Price")
    each, left = divmod(line.net * ONE, line.quantity)
    _amount(price, "PriceAmount", line.net if left else each, told.money)
    if left:
        _value(price, "BaseQuantity", counted, unitCode=unit)


def _part(above: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(above, f"cac:{name}")


def _value(above: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(above, f"cbc:{name}", attributes).text = _legible(text)


def _amount(above: ET.Element, name: str, amount: int, money: Currency) -> None:
    _value(above, name, decimal_text(amount, money), currencyID=money.code)


def _legible(text: str) -> str:
    """Without the signs that XML 1.0 does not know: a description may hold any that a person pasted."""
    return "".join(sign if _is_legible(sign) else "?" for sign in text)


def _is_legible(sign: str) -> bool:
    return sign in "\t\n\r" or " " <= sign <= "\ud7ff" or "\ue000" <= sign <= "\ufffd" or sign > "\uffff"
