"""Kinds of flags: what the centre finds odd in a document that it books all the same, for the owner to see.

A document that a till recorded happened: the goods are gone, a receipt was given.  Where it does not fit what
the centre knows, a flag stands beside it until somebody has looked.

Decisions
---------
2026-11-29  Three fates of a document. What contradicts itself or the books (a hash, a sum, a party, a receipt
that came twice, a maker who never had the right) would make the books say what is not so: it is quarantined,
and two people decide. What is so and should not be (a price that is nobody's, a limit that was passed, more
brought back than was sold) is booked, because cash and goods are gone whatever we think of it, and flagged.
What an honest till can do that was offline for a week (last week's price, two tills that each sold up to a
limit) is booked and noted: it stands on the list and in the report, and alerts nobody.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from pos_app.language import Sentence, kept_code, said

#: What a flag says beside its kind: figures, and names or amounts as they shall be read.  No name of a person
#: outside the house, no telephone and no code of a payment: flags are read by more people than documents.
FlagFacts: TypeAlias = Mapping[str, int | str]


class Weight(StrEnum):
    """Whether somebody is called for it, or it only stands on the list."""

    ALERT = "alert"
    NOTICE = "notice"


class FlagKind(NamedTuple):
    """A kind by its code, which is stored for ever; its sentence is that of the code in the catalogues."""

    code: str
    weight: Weight = Weight.ALERT
    #: Settled elsewhere, by two people, and with what they decide there.
    by_two: str = ""


class Found(NamedTuple):
    """What a judge finds odd in a document: `place` is the line (1 is the first), 0 the whole of it."""

    document_id: int
    kind: FlagKind
    facts: FlagFacts
    place: int = 0


_NOTICE: Final = Weight.NOTICE

#: Who approved it did not prove that they did.
APPROVAL_UNPROVED: Final = FlagKind(kept_code("flag-approval-unproved", "approver"))
#: They did, by a PIN of before; or the till was offline since before their first that proves anything.
APPROVAL_OLD: Final = FlagKind(kept_code("flag-approval-old", "approver"), _NOTICE)
#: An M-Pesa code that another document holds.
CODE_TWICE: Final = FlagKind(kept_code("flag-code-twice", "other"), by_two="codes settle")

#: The list price that a line names was never the product's, nor agreed with the customer.
PRICE_FOREIGN: Final = FlagKind(kept_code("flag-price-foreign", "sku", "price", "listed"))
#: It was, and another one held when it was charged.
PRICE_OLD: Final = FlagKind(kept_code("flag-price-old", "sku", "price", "listed"), _NOTICE)
#: The list price was charged where another was agreed.
AGREEMENT_MISSED: Final = FlagKind(kept_code("flag-agreement-missed", "sku", "price", "agreed"), _NOTICE)
#: More is off than the promotion that a line names ever took off, or it is none of theirs.
PROMOTION_FOREIGN: Final = FlagKind(kept_code("flag-promotion-foreign", "sku", "off", "promotion"))
#: It did, and no longer when it was charged.
PROMOTION_OLD: Final = FlagKind(kept_code("flag-promotion-old", "sku", "off", "promotion"), _NOTICE)
#: More points than the programme that a sale names ever gave, or it is none of theirs.
POINTS_FOREIGN: Final = FlagKind(kept_code("flag-points-foreign", "points", "programme"))
#: It did, and no longer when they were given; or by a tier that was not reached.
POINTS_OLD: Final = FlagKind(kept_code("flag-points-old", "points", "programme"), _NOTICE)
#: Goods came back, and not the points that they gave.
POINTS_KEPT: Final = FlagKind(kept_code("flag-points-kept", "points", "due"))
#: More was paid with points than the customer had.
POINTS_BEYOND: Final = FlagKind(kept_code("flag-points-beyond", "beyond"))
#: More was taken out of a deposit than the customer had.
DEPOSIT_BEYOND: Final = FlagKind(kept_code("flag-deposit-beyond", "beyond"))
#: A product that the centre does not have.
PRODUCT_UNKNOWN: Final = FlagKind(kept_code("flag-product-unknown", "sku"))
#: A tax that is not the product's, or a rate that never was its tax code's.
TAX_FOREIGN: Final = FlagKind(kept_code("flag-tax-foreign", "sku", "tax"))
#: It was, and another one held on the day.
TAX_OLD: Final = FlagKind(kept_code("flag-tax-old", "sku", "tax"), _NOTICE)
#: Money was changed at a rate that nobody set.
RATE_FOREIGN: Final = FlagKind(kept_code("flag-rate-foreign", "currency", "rate"))
#: It was set, for another day.
RATE_OLD: Final = FlagKind(kept_code("flag-rate-old", "currency", "rate"), _NOTICE)
#: On account beyond the customer's limit, and nobody approved that much.
CREDIT_BEYOND: Final = FlagKind(kept_code("flag-credit-beyond", "beyond", "limit"))
#: The same, which the till could not know: by what others sold while it was offline, or an older limit.
CREDIT_UNSEEN: Final = FlagKind(kept_code("flag-credit-unseen", "beyond", "limit"), _NOTICE)
#: Within the limit, and beyond what of it a till may still sell on that has not heard of the centre so long.
CREDIT_AGED: Final = FlagKind(kept_code("flag-credit-aged", "beyond", "left", "hours"))
#: More of a line, or more money, came back than the receipt has.
REFUND_MORE: Final = FlagKind(kept_code("flag-refund-more", "receipt", "sold", "back"))
#: What came back is not what stands on the receipt that is named.
REFUND_OTHERWISE: Final = FlagKind(kept_code("flag-refund-otherwise", "receipt"))
#: The receipt that is named is none, or was voided.
REFUND_OF_NOTHING: Final = FlagKind(kept_code("flag-refund-of-nothing", "receipt"))
#: Recorded later than it arrived.
CLOCK_AHEAD: Final = FlagKind(kept_code("flag-clock-ahead", "minutes"))
#: Recorded before the document that the terminal recorded before it.
CLOCK_BACK: Final = FlagKind(kept_code("flag-clock-back", "minutes"))
#: A sale of long ago, as an import of history makes them, by who may not import, or after the first shift.
HISTORY_UNALLOWED: Final = FlagKind(kept_code("flag-history-unallowed", "day"))
#: Something else that is dated before its till was there, and nobody allowed that.
DATED_BEFORE_TILL: Final = FlagKind(kept_code("flag-dated-before-till", "day"))

#: The business that sold a line never was the product's.
BUSINESS_FOREIGN: Final = FlagKind(kept_code("flag-business-foreign", "sku", "business"))
#: It was, and another one's when it was sold.
BUSINESS_OLD: Final = FlagKind(kept_code("flag-business-old", "sku", "business"), _NOTICE)
#: M-Pesa was paid to a number that never was that business's.
NUMBER_FOREIGN: Final = FlagKind(kept_code("flag-number-foreign", "number", "business"))
#: It was, and no longer when it was paid.
NUMBER_OLD: Final = FlagKind(kept_code("flag-number-old", "number", "business"), _NOTICE)
#: M-Pesa went to a business of which nothing was sold.
PAID_ELSEWHERE: Final = FlagKind(kept_code("flag-paid-elsewhere", "business"), _NOTICE)
#: Goods past their last day, and nobody who may sell them so stands behind it.
SOLD_PAST_DAY: Final = FlagKind(kept_code("flag-sold-past-day", "sku", "day"))

#: Rounded to a coin that the organisation does not round to: what was rounded away is more than it may be.
STEP_FOREIGN: Final = FlagKind(kept_code("flag-step-foreign", "step", "coin"))
#: Its cash was rounded, and is no sum that coins come to.
NOT_IN_COINS: Final = FlagKind(kept_code("flag-not-in-coins", "cash", "coin"), _NOTICE)

#: A Z that does not begin right behind the Z before.
Z_GAP: Final = FlagKind(kept_code("flag-z-gap", "first", "last"))
#: Its receipts, or all receipts of the till so far, come to another sum than it says.
Z_TOTALS: Final = FlagKind(kept_code("flag-z-totals", "said", "held", "said_in_all", "held_in_all"))
#: The drawer should have held another sum than it says.
Z_CASH: Final = FlagKind(kept_code("flag-z-cash", "said", "held"))
#: Its shift took another sum by M-Pesa, bank, card, voucher or cheque than it says.
Z_MONEY: Final = FlagKind(kept_code("flag-z-money", "role", "said", "held"))

#: Money went into or out of a drawer that is another person's, where the depot has it so.
DRAWER_OF_ANOTHER: Final = FlagKind(kept_code("flag-drawer-of-another", "whose"))
#: A close differs by so much that somebody had to say why, and nobody did.
CLOSE_UNREASONED: Final = FlagKind(kept_code("flag-close-unreasoned", "amount", "least"))
#: A shift took money beside cash, and its Z counts none of it, where the depot counts it.
CLOSE_MONEY_UNCOUNTED: Final = FlagKind(kept_code("flag-close-money-uncounted", "payments"))
#: Cylinders and bottles lie at the depot, and its Z counts none, where the depot counts them.
CLOSE_GOODS_UNCOUNTED: Final = FlagKind(kept_code("flag-close-goods-uncounted", "products"))
#: Who took a drawer over may not open one.
HANDED_UNALLOWED: Final = FlagKind(kept_code("flag-handed-unallowed", "whose"))

#: Who is at the till approved it, where the house wants another (`house_rule.APPROVER_IS_ANOTHER`).
APPROVED_BY_SELLER: Final = FlagKind(kept_code("flag-approved-by-seller", "deed"))
#: A judge failed on it: whatever it holds, nobody looked.
UNJUDGED: Final = FlagKind(kept_code("flag-unjudged", "why"))

#: All of them, by code.
KINDS: Final = {
    one.code: one
    for one in (
        APPROVAL_UNPROVED,
        APPROVAL_OLD,
        CODE_TWICE,
        PRICE_FOREIGN,
        PRICE_OLD,
        AGREEMENT_MISSED,
        PROMOTION_FOREIGN,
        PROMOTION_OLD,
        POINTS_FOREIGN,
        POINTS_OLD,
        POINTS_KEPT,
        POINTS_BEYOND,
        DEPOSIT_BEYOND,
        PRODUCT_UNKNOWN,
        TAX_FOREIGN,
        TAX_OLD,
        RATE_FOREIGN,
        RATE_OLD,
        CREDIT_BEYOND,
        CREDIT_UNSEEN,
        CREDIT_AGED,
        REFUND_MORE,
        REFUND_OTHERWISE,
        REFUND_OF_NOTHING,
        CLOCK_AHEAD,
        CLOCK_BACK,
        HISTORY_UNALLOWED,
        DATED_BEFORE_TILL,
        BUSINESS_FOREIGN,
        BUSINESS_OLD,
        NUMBER_FOREIGN,
        NUMBER_OLD,
        PAID_ELSEWHERE,
        SOLD_PAST_DAY,
        STEP_FOREIGN,
        NOT_IN_COINS,
        Z_GAP,
        Z_TOTALS,
        Z_CASH,
        Z_MONEY,
        DRAWER_OF_ANOTHER,
        CLOSE_UNREASONED,
        CLOSE_MONEY_UNCOUNTED,
        CLOSE_GOODS_UNCOUNTED,
        HANDED_UNALLOWED,
        APPROVED_BY_SELLER,
        UNJUDGED,
    )
}
#: The codes of those for which somebody is called.
ALERTING: Final = tuple(code for code, one in KINDS.items() if one.weight is Weight.ALERT)


def kind_of_code(code: str) -> FlagKind:
    """The kind of a stored code; one of a newer version calls somebody."""
    return KINDS.get(code) or FlagKind(code)


def sentence_of(code: str, facts: FlagFacts) -> Sentence:
    """What a flag says to a person."""
    return said(code, **facts)
