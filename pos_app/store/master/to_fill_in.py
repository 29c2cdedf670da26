"""What a shop still has to write in before its papers are right: numbers that a template left for its own.

A template shows where a number stands by one of zeros (`000000`, `A000000000A`).  It is printed like any
other, and customers pay into it: so whatever looks at a shop says it by name.
"""

import re
from typing import Final

from sqlalchemy import Connection

from pos_app.language import Sentence, kept_code, said
from pos_app.store.master import letterheads
from pos_app.store.master.letterheads import Seller

#: Letters around nothing but zeros: a number that nobody was given.
_ZEROS: Final = re.compile(r"\b[A-Za-z]*0{6,}[A-Za-z]*\b")
#: A telephone may end in six zeros; these are the ones that the templates show.
_SHOWN_PHONES: Final = frozenset({"0700000000", "+6500000000"})

_OF_BUSINESS: Final = {
    "mpesa_till": kept_code("fill-in-mpesa-till", "code", "text"),
    "mpesa_paybill": kept_code("fill-in-mpesa-paybill", "code", "text"),
    "tax_number": kept_code("fill-in-tax-number", "code", "text"),
    "legal_name": kept_code("fill-in-legal-name", "code", "text"),
    "address": kept_code("fill-in-address", "code", "text"),
    "bank_details": kept_code("fill-in-bank", "code", "text"),
}
_BUSINESS_PHONE: Final = kept_code("fill-in-phone", "code", "text")
#: Where M-Pesa is money.
_MPESA_CURRENCY: Final = "KES"
_DEPOT_PHONE: Final = kept_code("fill-in-depot-phone", "code", "text")


def of(connection: Connection, org_id: int) -> list[Sentence]:
    """What of businesses and depots is still as a template showed it, a sentence each."""
    found: list[Sentence] = []
    for seller in letterheads.sellers(connection, org_id).values():
        found += _of_seller(seller)
    for depot in letterheads.depots(connection, org_id).values():
        if _is_shown_phone(depot.phone):
            found.append(said(_DEPOT_PHONE, code=depot.code, text=depot.phone))
    return found


def unsaid(connection: Connection, org_id: int, currency: str) -> list[Sentence]:
    """What businesses do not say at all, and most need: a tax number, and in Kenya an M-Pesa till."""
    found = []
    for seller in letterheads.sellers(connection, org_id).values():
        if not seller.tax_number:
            found.append(said("unsaid-tax-number", code=seller.code))
        if currency == _MPESA_CURRENCY and not (seller.mpesa_till or seller.mpesa_paybill):
            found.append(said("unsaid-mpesa-till", code=seller.code))
    return found


def _of_seller(seller: Seller) -> list[Sentence]:
    shown = ((code, str(getattr(seller, column))) for column, code in _OF_BUSINESS.items())
    found = [said(code, code=seller.code, text=text[:60]) for code, text in shown if _ZEROS.search(text)]
    if _is_shown_phone(seller.phone):
        found.append(said(_BUSINESS_PHONE, code=seller.code, text=seller.phone))
    return found


def _is_shown_phone(phone: str) -> bool:
    return re.sub(r"[\s-]", "", phone) in _SHOWN_PHONES
