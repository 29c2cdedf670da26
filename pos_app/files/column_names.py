"""What other programs, and people, call the columns of our files: a guess that a person looks at.

A command takes a column by our name alone, since nobody looks before it writes.  A page proposes what a
column may be and shows it, so it may guess.
"""

import re
from collections.abc import Sequence
from typing import Final

from anyascii import anyascii

_BETWEEN: Final = re.compile(r"[^a-z0-9]+")
#: By our name of a column, what others call it, in English and Swahili; without spaces and signs.
_CALLED: Final[dict[str, str]] = {
    "sku": "productcode itemcode itemno itemnumber productid itemid article articleno partno stockcode code"
    " msimbo msimbowabidhaa nambayabidhaa item",
    "barcode": "barcodes ean ean13 gtin upc barcodenumber msimbopau msimbomilia",
    "name": "productname itemname description title item product customername customer fullname company"
    " jina jinalabidhaa bidhaa jinalamteja mteja maelezo",
    "price": "sellingprice saleprice salesprice retailprice unitprice priceeach rrp bei beiyakuuza"
    " beiyarejareja",
    "tax_code": "tax vat taxclass vatcode taxrate gst kodi msimbowakodi",
    "category": "group department productgroup type section kategoria kundi aina idara",
    "unit": "uom unitofmeasure measure units kipimo kipimio",
    "business": "company shop biashara",
    "active": "enabled status inuse available hai inatumika",
    "on_shelf": "onshelf tile favourite rafuni",
    "shelf_place": "position place order nafasi",
    "supplier": "vendor suppliercode vendorcode msambazaji muuzaji",
    "cost": "costprice purchaseprice buyingprice unitcost beiyakununua gharama",
    "type": "producttype itemtype kind ainayabidhaa",
    "stocked": "trackstock inventory stockitem hesabuyabidhaa",
    "empty": "emptycode emptycylinder tupu mtungimtupu",
    "deposit": "depositcode amana",
    "reorder": "reorderlevel minstock kiwangochakuagiza",
    "code": "customercode customerno customerid accountno accountnumber partycode id no msimbo"
    " msimbowamteja nambayamteja nambari",
    "phone": "telephone tel mobile phonenumber mobilenumber cell contactno simu nambayasimu",
    "credit_limit": "creditlimit limit maxcredit kikomochamkopo mkopo",
    "address": "postaladdress street location anwani mahali",
    "tax_number": "taxno taxid vatnumber vatno pin krapin tin gstno nambayakodi",
    "terms_days": "terms paymentterms days creditdays creditterms siku sikuzakulipa",
    "groups": "pricegroup customergroup pricelevel kundilabei makundi",
    "label": "contacttype role purpose lebo kazi",
    "email": "mail emailaddress baruapepe",
    "meter": "meterno meterid meternumber mita nambayamita",
    "serial": "serialno serialnumber nambatambulishi",
    "first_reading": "reading startreading openingreading usomaji usomajiwakwanza",
    "rate": "unitrate tariff kiwango",
    "number": "invoiceno invoicenumber docno documentno receiptno nambayaankara namba ankara",
    "customer": "customercode customerno client clientcode mteja msimbowamteja",
    "date": "invoicedate docdate issuedate bookingdate transactiondate postingdate tarehe tareheyaankara",
    "due": "duedate paymentdue tareheyakulipa mwishowakulipa",
    "quantity": "qty count units amount kiasi idadi",
    "unit_price": "price rate each bei beiyakimoja",
    "description": "details item text maelezo",
    "discount": "rebate less punguzo",
    "subtotal": "net nettotal netamount beforetax jumlabilakodi",
    "tax_total": "tax vat vatamount taxamount kodi jumlayakodi",
    "total": "gross grandtotal amountdue totalamount jumla jumlakuu",
    "reference": "ref po ponumber ourref yourref kumbukumbu rejea",
    "currency": "curr ccy sarafu",
    "credit": "paidin moneyin deposit deposits in cr kilichoingia ingizo",
    "debit": "paidout moneyout withdrawal withdrawals out dr kilichotoka toleo",
    "amount": "transactionamount value kiasi",
    "payer": "counterparty payername paidby from beneficiary sender mlipaji",
    "details": "narrative particulars description remarks transactiondetails memo maelezo",
    "bank_reference": "bankref transactionid transactionreference bankreference",
    "value_date": "valuedate",
    "account": "accountno accountnumber iban akaunti",
    "from_quantity": "minqty minimumquantity fromqty break kuanziaidadi",
    "valid_from": "from startdate validfrom effective kuanzia kuanziatarehe",
}


def alike(heading: str) -> str:
    """A heading by its letters and digits alone."""
    return _BETWEEN.sub("", anyascii(heading).lower())


def guessed(headings: Sequence[str], fields: Sequence[str]) -> tuple[str, ...]:
    """What each column may be: one of the fields, each of them once at most, or nothing.

    Our own names come first, then what others say.  Where two columns could be the same field by the same
    right, neither is: a person says which.
    """
    found = [""] * len(headings)
    plain = [alike(heading) for heading in headings]
    own = {alike(field): field for field in fields}
    wishes = [own.get(one, "") for one in plain]
    for place, wish in enumerate(wishes):
        if wish and wishes.count(wish) == 1:
            found[place] = wish
    # A field that our own name claims twice is nobody's by another name either.
    free = [field for field in fields if field not in wishes]
    for field in free:
        words = set(_CALLED.get(field, "").split())
        places = [place for place, one in enumerate(plain) if one in words and not wishes[place]]
        open_places = [place for place in places if not found[place]]
        if len(open_places) == 1:
            found[open_places[0]] = field
    return tuple(found)
