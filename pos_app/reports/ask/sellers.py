"""Who sells, as papers name it: where it is, under which tax number, and how it is paid."""

from collections.abc import Sequence

from pos_app.language import printed
from pos_app.store.master.letterheads import Seller


def tax_number(seller: Seller) -> str:
    """ "PIN P051234567X"; the number's own name, or what it is."""
    return f"{seller.tax_number_name or printed('Tax number')} {seller.tax_number}"


def seat(seller: Seller) -> list[str]:
    """Where a seller is, and under which tax number."""
    number = [tax_number(seller)] if seller.tax_number else []
    return [*seller.address.split("\n"), seller.phone, *number]


def how_to_pay(sellers: Sequence[Seller], number: str) -> list[str]:
    """Into which account of each, and by which M-Pesa number; `number` is what the payer shall name."""
    found = []
    for seller in sellers:
        ways = [", ".join(seller.bank_details.split("\n"))] if seller.bank_details else []
        ways += [printed("M-Pesa till {till}", till=seller.mpesa_till)] if seller.mpesa_till else []
        if seller.mpesa_paybill:
            ways.append(printed("M-Pesa paybill {paybill}", paybill=seller.mpesa_paybill))
        if ways:
            told = [seller.full_name] if len(sellers) > 1 else []
            named = [printed("please name {number}", number=number)] if number else []
            found.append(printed("How to pay: {ways}", ways=" · ".join([*told, *ways, *named])))
    return found
