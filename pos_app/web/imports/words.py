"""What each kind of file is called, and what each of its columns holds, for the page that explains them."""

from typing import Final, NamedTuple

from pos_app.language import web_words


class Words(NamedTuple):
    """Of a kind: its title, what it is, and where its things are listed afterwards."""

    title: str
    hint: str
    path: str


KINDS: Final = {
    "products": Words(
        web_words("Products"),
        web_words("What is sold: codes, names, prices, barcodes. Known codes are changed, others added."),
        "/products",
    ),
    "customers": Words(
        web_words("Customers"),
        web_words("Who buys: codes, names, telephones, credit."),
        "/customers",
    ),
    "contacts": Words(
        web_words("Contacts of customers and vendors"),
        web_words("People and places of somebody: where to deliver, whom to bill; a row each."),
        "/customers",
    ),
    "meters": Words(
        web_words("Meters at customers"),
        web_words("What is read at a customer's place, with what is agreed; a row each."),
        "/customers",
    ),
    "vendors": Words(
        web_words("Vendors"),
        web_words("Of whom is bought: codes, names, telephones, days to pay."),
        "/vendors",
    ),
    "units": Words(
        web_words("Units"),
        web_words("What things are counted and packed in."),
        "/units",
    ),
    "promotions": Words(
        web_words("Promotions"),
        web_words("What is off for a while, of which goods, when, where and for whom."),
        "/promotions",
    ),
    "stock-count": Words(
        web_words("A count of stock"),
        web_words("What was counted at a place; the difference moves the stock. All of it, or nothing."),
        "/documents?kind=stock_count",
    ),
    "price-list": Words(
        web_words("Prices of a price list"),
        web_words("What a list says of products, from so many on and from when on. All of it, or nothing."),
        "/price-lists",
    ),
    "bank-statement": Words(
        web_words("A bank's statement"),
        web_words(
            "The lines of an account; what came before is not taken in twice. A camt.053 file is brought in"
            " under Work, The bank and M-Pesa."
        ),
        "/bank",
    ),
    "invoices": Words(
        web_words("Invoices of another program"),
        web_words("They come in as drafts, which somebody looks at before they are in the books."),
        "/work",
    ),
}

_CODE_OF_PRODUCT: Final = web_words("The code of the product.")
_ACTIVE: Final = web_words("yes or no; no takes it out of use.")
_RATE: Final = web_words("What is agreed for one, in the shop's money.")
#: What a column holds: of every kind, and where a kind means something else by it.
_ALL: Final = {
    "sku": _CODE_OF_PRODUCT,
    "code": web_words("The code of the customer or vendor."),
    "name": web_words("The name, as papers show it."),
    "phone": web_words("A telephone number; it is kept encrypted."),
    "active": _ACTIVE,
    "address": web_words("The address; its lines are parted by a bar (|)."),
    "price": web_words("What one costs, tax as for all prices of the shop: 1250.00"),
    "quantity": web_words("How many: 3 or 2.5"),
    "currency": web_words("Three letters; nothing is the shop's own money."),
    "customer": web_words("The code of the customer."),
    "tax_code": web_words("The letter of its tax; nothing is the shop's usual one."),
    "business": web_words("The code of the business; nothing where there is only one."),
}
_OF: Final = {
    "products": {
        "barcode": web_words("Its barcodes, parted by a bar (|); all that it has."),
        "category": web_words("A word under which it is found at a till."),
        "unit": web_words("What it is counted in: pc, kg, l; nothing is pieces."),
        "on_shelf": web_words("yes or no: whether it stands on the first page of the till."),
        "shelf_place": web_words("Its place there; 1 is the first."),
        "supplier": web_words("The code of the vendor from whom it comes."),
        "cost": web_words("What one costs the shop."),
        "type": web_words("What it is: goods, service, metered, returnable; nothing lets its marks say."),
        "stocked": web_words("yes or no, of metered goods: whether they are counted as stock."),
        "empty": web_words("Of a full cylinder or bottle: the code of the empty one."),
        "deposit": web_words("And the code of its deposit."),
        "reorder": web_words("When to order again: PLACE=LEAST:TARGET, parted by a bar (|)."),
        "packs": web_words(
            "Its packs, parted by a bar (|): UNIT=HOW MANY:PRICE:BARCODE:BARCODE, as far as they go."
        ),
    },
    "customers": {
        "credit_limit": web_words("How much they may owe; nothing is no credit."),
        "tax_number": web_words("Their tax number, for invoices."),
        "terms_days": web_words("So many days to pay."),
        "groups": web_words("The codes of their groups of prices, parted by a bar (|)."),
    },
    "contacts": {
        "label": web_words("What it is for: delivery, billing."),
        "email": web_words("An address for mail."),
    },
    "meters": {
        "meter": web_words("The code of the meter, as it is read."),
        "serial": web_words("The number on its plate."),
        "first_reading": web_words("What it showed at the beginning."),
        "rate": _RATE,
    },
    "vendors": {
        "tax_number": web_words("Their tax number."),
        "terms_days": web_words("So many days they give us to pay."),
    },
    "units": {
        "code": web_words("Of UN/ECE Recommendation 20 (KGM, LTR), or the shop's own."),
        "word": web_words("What stands behind a number: kg, cs."),
        "name": web_words("Its name."),
        "local_name": web_words("Its name in the shop's other language."),
        "decimals": web_words("How fine a quantity may be: 0 to 3."),
        "is": web_words("What one of it is: 12 pc, 0.001 kg; nothing is nothing of another unit."),
    },
    "promotions": {
        "code": web_words("The code of the promotion."),
        "name": web_words("What receipts call it."),
        "kind": web_words("percent, amount, n_for_m or bundle."),
        "amount": web_words("So many per cent, so much off each, or the price of all together."),
        "take": web_words("Of “three for two”: 3."),
        "pay": web_words("Of “three for two”: 2."),
        "products": web_words("Codes of products, parted by a bar (|); of a bundle also 2*CODE."),
        "categories": web_words("Categories, parted by a bar (|)."),
        "since": web_words("2026-12-01 or 2026-12-01 06:00; nothing is now."),
        "until": web_words("The last day, 2026-12-31, or a moment; nothing is without an end."),
        "days": web_words("mon,tue,sat; nothing is every day."),
        "hours": web_words("14:00-18:00; nothing is all day."),
        "depot": web_words("The code of a depot; nothing is all."),
        "group": web_words("The code of a group of customers; nothing is everybody."),
        "on_contracts": web_words("yes or no: also off what is agreed with a customer."),
    },
    "stock-count": {
        "quantity": web_words("How many were counted; 0 is none."),
        "name": web_words("For who counts; it is not read."),
    },
    "price-list": {
        "from_quantity": web_words("From so many in one basket on; nothing is from the first."),
        "valid_from": web_words("From when on: 2026-12-01 or 2026-12-01 06:00; nothing is from now on."),
    },
    "bank-statement": {
        "date": web_words("The day on which the bank booked it: 2026-11-30"),
        "amount": web_words("What came, and with a minus what went."),
        "credit": web_words("Or what came, in a column of its own."),
        "debit": web_words("And what went."),
        "reference": web_words("What the payer sent along: the number of an invoice."),
        "bank_reference": web_words("The bank's own number of it."),
        "payer": web_words("Who paid, or was paid."),
        "details": web_words("What else stands there."),
        "value_date": web_words("From when it counts: 2026-11-30"),
        "account": web_words("The number of the account, to be checked; may be left out."),
    },
    "invoices": {
        "number": web_words("The number of the invoice; rows of one number are its lines."),
        "date": web_words("Its day: 2026-11-30"),
        "due": web_words("When it is due: 2026-12-30"),
        "terms": web_words("Or so many days after its day."),
        "reference": web_words("What the customer calls it: an order number."),
        "rate": web_words("What one of its currency is in the shop's money."),
        "unit_price": web_words("What one costs, without tax that comes on top."),
        "discount": web_words("What is taken off the line."),
        "description": web_words("What stands on the line; nothing is the product's name."),
        "subtotal": web_words("The sum without tax, to be checked; may be left out."),
        "tax_total": web_words("The tax, to be checked; may be left out."),
        "total": web_words("The sum with tax, to be checked; may be left out."),
    },
}


def of_column(kind: str, column: str) -> str:
    """What a column of a kind holds, in English."""
    return _OF.get(kind, {}).get(column) or _ALL[column]
