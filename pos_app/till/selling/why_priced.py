"""Why a line of the basket costs what it costs: the steps of the same answer that priced it."""

from sqlalchemy import Connection

from pos_app.language import Sentence, said
from pos_app.ledger.money import grouped_text
from pos_app.ledger.price import price_text
from pos_app.ledger.pricing.reasons import Words, reasons
from pos_app.ledger.quantity import quantity_text
from pos_app.store.master import people
from pos_app.till.selling.basket_state import BasketState
from pos_app.till.session import prices
from pos_app.till.session.context import Context
from pos_app.till.session.prices import Priced


def steps_of(
    context: Context, connection: Connection, state: BasketState, index: int, words: Words
) -> list[Sentence]:
    """The steps, in their order; the last says what the line comes to."""
    line = state.lines[index]
    comes_to = said(
        "price-comes-to",
        quantity=quantity_text(line.quantity),
        total=grouped_text(line.extended, words.money),
    )
    if not line.is_by_lists:
        promotion_id, promotion = line.lowered_by
        off = grouped_text(line.reduction, words.money)
        lowered = [] if promotion_id is None else [said("price-lowered-then", name=promotion, off=off)]
        return [said("price-not-by-lists"), *lowered, comes_to]
    by_lists = [one for one in state.lines if one.is_by_lists]
    basket = [
        Priced(one.product_id, one.quantity, one.base, one.is_fixed, one.packed if one.pack_price else None)
        for one in by_lists
    ]
    rules, asker, wanted = prices.asked(context, connection, state.party_id, basket)
    place = next(place for place, one in enumerate(by_lists) if one is line)
    steps = reasons(rules, asker, wanted, place, words)[1][:-1]
    if line.unit_price != line.list_price:
        steps.append(said("price-by-person", price=price_text(line.unit_price, words.money)))
    if line.changed and line.price_approver is not None:
        name = people.person_name(connection, context.org_id, line.price_approver)
        steps.append(said("price-allowed-by", name=name))
    if line.discount_by_hand:
        steps.append(said("price-less-discount", discount=grouped_text(line.discount, words.money)))
    return [*steps, comes_to]
