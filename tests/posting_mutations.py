"""Lies that a posting rule could tell: one changed line each, by file, as it is and as it would be.

A sign turned, an account or a party swapped, an entry or an open item left out, a wrong quantity.  The text
of what is changed stands in its file once (see `Mutation.place` where it does not).
"""

from typing import Final, NamedTuple


class Mutation(NamedTuple):
    """One change of `pos_app/ledger/FILE.py`; `place` counts from 0 where `old` stands there often."""

    file: str
    what: str
    old: str
    new: str
    place: int = 0


_GOODS, _SETTLEMENT, _TREASURY = "posting/goods", "posting/settlement", "posting/treasury"
_PURCHASE, _STOCK, _DRAWER = "posting/purchasing", "posting/stock", "posting/drawer"
_ENTRY, _POSTING = "posting/lines", "posting/posting"

MUTATIONS: Final = (
    Mutation(_GOODS, "revenue is debited", "revenue_account] -= direction", "revenue_account] += direction"),
    Mutation(
        _GOODS,
        "tax goes to revenue",
        "sums[line.business_id, line.tax_account] -=",
        "sums[line.business_id, line.revenue_account] -=",
    ),
    Mutation(
        _GOODS,
        "rounding has the other sign",
        "document.rounding_account, -direction * document.rounding",
        "document.rounding_account, direction * document.rounding",
    ),
    Mutation(
        _GOODS,
        "an invoice opens nothing",
        "items = (item, *chit_items(document, chit.moved(document.lines, (), 1)))",
        "items = tuple(chit_items(document, chit.moved(document.lines, (), 1)))",
    ),
    Mutation(
        _GOODS,
        "a deposit is owed to nobody",
        "items = chit_items(document, chit.moved(document.lines, document.tenders, direction))",
        "items = ()",
    ),
    Mutation(
        _GOODS,
        "a credit note is an item of its own",
        "invoice_id=document.invoice_id",
        "invoice_id=document.document_id",
    ),
    Mutation(
        _GOODS,
        "a credit note lowers another business's invoice",
        "business_id=document.invoice_business_id or document.business_id",
        "business_id=document.business_id",
    ),
    Mutation(
        _SETTLEMENT,
        "a payment lowers what is open of its own business",
        "business_id=one.business_id or document.business_id",
        "business_id=document.business_id",
    ),
    Mutation(
        _TREASURY,
        "an opening invoice is owed to the entry's business",
        "business_id=line.business_id",
        "business_id=document.business_id",
    ),
    Mutation(
        _GOODS,
        "sold goods come in",
        "quantity=-direction * line.quantity",
        "quantity=direction * line.quantity",
    ),
    Mutation(
        _GOODS,
        "what is given away stays here",
        "StockMove(location_id=there,",
        "StockMove(location_id=here,",
    ),
    Mutation(
        _SETTLEMENT,
        "money beyond the invoices is forgotten",
        "PostingLine(document.business_id, account, -rest, role, party)",
        "PostingLine(document.business_id, account, -0 * rest, role, party)",
    ),
    Mutation(
        _SETTLEMENT,
        "a payment to a vendor comes in",
        "document.tenders, None, party, -1",
        "document.tenders, None, party, 1",
    ),
    Mutation(
        _SETTLEMENT,
        "a deposit settles at the rate of today",
        "base=-sign * (document.base_amount - named_base)",
        "base=None",
    ),
    Mutation(
        _SETTLEMENT,
        "a credit that is used is there still",
        "            amount=one.amount,\n            base_amount=one.base_amount,\n",
        "            amount=0,\n            base_amount=0,\n",
    ),
    Mutation(
        _SETTLEMENT,
        "a credit is used in the business that uses it",
        "one.business_id or document.business_id,\n            account,\n            sign * one.amount,\n"
        "            role,\n            party,\n",
        "document.business_id,\n            account,\n            sign * one.amount,\n"
        "            role,\n            party,\n",
    ),
    Mutation(
        _SETTLEMENT, "a debt that is lost stays", "document.bad_debt_account,", "document.receivable_account,"
    ),
    Mutation(_SETTLEMENT, "a payment opens more", "amount=-one.amount", "amount=one.amount"),
    Mutation(
        _SETTLEMENT,
        "an allocation is nobody's",
        "            role,\n            document.party_id,\n",
        "            None,\n            None,\n",
    ),
    Mutation(
        _SETTLEMENT,
        "an invoice of another business is paid in ours",
        "one.business_id or document.business_id",
        "document.business_id",
        1,
    ),
    Mutation(
        _TREASURY,
        "advances come in",
        "-1 if document.reason in PAID_OUT else 1",
        "1 if document.reason in PAID_OUT else -1",
    ),
    Mutation(
        _TREASURY,
        "cash arrives in no drawer",
        "PostingLine(there, document.to_account, amount, drawer_id=document.to_drawer)",
        "PostingLine(there, document.to_account, amount)",
    ),
    Mutation(
        _TREASURY,
        "exchanged money is worth what the document says",
        "document.exchange_account, amount, base=worth",
        "document.exchange_account, amount",
    ),
    Mutation(
        _TREASURY,
        "an opening bill is owed to us",
        "sign = 1 if line.party_role is PartyRole.CUSTOMER else -1",
        "sign = 1",
    ),
    Mutation(
        _PURCHASE,
        "received goods are owed to nobody",
        "PostingLine(line.business_id, line.grni_account, -line.net)",
        "PostingLine(line.business_id, line.inventory_account, -line.net)",
    ),
    Mutation(
        _PURCHASE,
        "received goods are worth less than nothing",
        "strict=True)\n    )\n    return Posting(closed.lines, moves, (), costs)",
        "strict=True)\n    )[:0]\n    return Posting(closed.lines, moves, (), costs)",
    ),
    Mutation(_PURCHASE, "freight is a piece of stock", "quantity=0, value=value", "quantity=1, value=value"),
    Mutation(
        _PURCHASE, "a bill is open without its tax", "amount=document.total,", "amount=document.subtotal,"
    ),
    Mutation(
        _PURCHASE,
        "a vendor's credit is bought again",
        "document.lines, -1, document.difference_account",
        "document.lines, 1, document.difference_account",
    ),
    Mutation(
        _PURCHASE,
        "goods that go back come in",
        "quantity = direction * line.quantity",
        "quantity = line.quantity",
    ),
    Mutation(
        _PURCHASE,
        "a dearer bill makes the receipt dearer",
        "PostingLine(line.business_id, line.price_variance_account, variance)",
        "PostingLine(line.business_id, line.account, variance)",
    ),
    Mutation(
        _PURCHASE,
        "goods received stand at the bill's rate",
        "line.received_net, base=line.received_base)",
        "line.received_net)",
    ),
    Mutation(
        _STOCK,
        "a count turns the difference",
        "line.counted - line.expected",
        "line.expected - line.counted",
    ),
    Mutation(
        _STOCK,
        "opening stock has no value",
        "CostLine(business_id=business, product_id=line.product_id, quantity=difference, value=value)",
        "CostLine(business_id=business, product_id=line.product_id, quantity=difference, value=0)",
    ),
    Mutation(
        _STOCK,
        "all that was sent came",
        "given(line.product_id, line.received,",
        "given(line.product_id, line.sent,",
    ),
    Mutation(_STOCK, "a valuation adds stock", "quantity=-line.quantity", "quantity=line.quantity"),
    Mutation(
        _STOCK,
        "a valuation takes from the cost of goods",
        "sums[line.business_id, line.inventory_account] -=",
        "sums[line.business_id, line.contra_account] -=",
    ),
    Mutation(
        _DRAWER,
        "cash paid in goes out",
        "in (CashReason.FLOAT, CashReason.PAY_IN)",
        "in (CashReason.FLOAT,)",
    ),
    Mutation(
        _DRAWER,
        "what is missing is in the safe",
        "PostingLine(document.over_short_business_id or business, document.over_short_account, -variance)",
        "PostingLine(document.over_short_business_id or business, document.safe_account, -variance)",
    ),
    Mutation(
        _DRAWER,
        "the count says what was there before",
        "PostingLine(business, cash, variance, drawer_id=drawer)",
        "PostingLine(business, cash, variance)",
    ),
    Mutation(
        _ENTRY,
        "change comes in",
        "change.account, -direction * change.amount",
        "change.account, direction * change.amount",
    ),
    Mutation(
        _ENTRY,
        "foreign money is worth what it settles",
        "tender.account, paid, drawer_id=tender.drawer_id, currency=currency, base=worth",
        "tender.account, paid, drawer_id=tender.drawer_id, currency=currency, base=direction * tender.amount",
    ),
    Mutation(
        _ENTRY,
        "a sale on account is nobody's",
        "                    _OF_PARTY[tender.kind],\n                    party_id,\n",
        "                    None,\n                    None,\n",
    ),
    Mutation(_ENTRY, "cents are rounded one by one", "base_so_far = upto", "so_far = base_so_far = 0"),
    Mutation(
        _ENTRY,
        "the businesses owe each other the wrong way",
        "document.clearing_account, -amounts[business]), -bases[business]",
        "document.clearing_account, amounts[business]), bases[business]",
    ),
    Mutation(
        _POSTING,
        "a voided invoice is open twice",
        "for one in self.open_items",
        "for one in self.open_items[:0]",
    ),
    Mutation(
        _POSTING,
        "a voided receipt leaves its value",
        "change(one, quantity=-one.quantity, value=-one.value)",
        "change(one, quantity=-one.quantity, value=one.value)",
    ),
)
