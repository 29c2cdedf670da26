"""What the answer “what does this cost this customer here now” costs, beside the look-up that was before.

9,000 prices stand in 1,000 lists, nearly all of them one customer's; 1,000 promotions are of all kinds, a
tenth of them by category, and 1,000 rates are agreed.  The till is asked in turns what a line costs somebody
who has both, what it costs anybody, and, as before there were lists, only for the rate; so all meet the same
noise of the machine.  The pure function alone stands beside.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from pos_app.ledger.pricing.quoting import quote_one
from pos_app.ledger.pricing.rules import OfferKind
from pos_app.store.engine.engine import Database
from pos_app.store.master import party_terms
from pos_app.store.tables import master
from pos_app.store.tables.promotion_tables import promotion, promotion_item
from pos_app.till.session.prices import Priced, asked, quoted
from tests.bench import depot

ROUNDS = 15
ITEMS = 9_000
PROMOTIONS = 1_000
#: Every tenth names the category of all that the bench sells, and is over but for one.
_BY_CATEGORY = 10
_KINDS = tuple(OfferKind)
LISTS = 1_000
#: These are everybody's; the others are each for the customer of its number.
_OF_ALL = 5
_ASKED_IN_A_ROUND = 200
_BASE = 10_000
_WHO = _WHAT = 77


def run(items: int = ITEMS, promotions: int = PROMOTIONS) -> dict[str, Any]:
    """Medians in microseconds, and how many times the look-up of before an answer takes."""
    with tempfile.TemporaryDirectory() as folder:
        database = depot.open_depot(Path(folder), products=LISTS, customers=LISTS)
        _rule(database, items)
        _promise(database, promotions)
        context = depot.open_shop(database)._context
        line = (Priced(_WHAT, 1000, _BASE),)
        with database.read() as connection:
            rules, asker, wanted = asked(context, connection, _WHO, line)
            times = _in_turns(
                {
                    "rate": lambda: party_terms.contract_price(connection, depot.ORG, _WHO, _WHAT),
                    "customer": lambda: quoted(context, connection, _WHO, line),
                    "anybody": lambda: quoted(context, connection, None, line),
                    "pure": lambda: quote_one(rules, asker, wanted[0]),
                }
            )
        database.close()
    before = times["rate"]
    return {
        "prices_ruled": items,
        "promotions_ruled": promotions,
        "look_up_of_before_us": round(before, 1),
        "answer_to_customer_us": round(times["customer"], 1),
        "answer_to_anybody_us": round(times["anybody"], 1),
        "pure_function_us": round(times["pure"], 1),
        "pure_function_aim_us": 50,
        "customer_to_look_up": round(times["customer"] / before, 2),
        "anybody_to_look_up": round(times["anybody"] / before, 2),
    }


def _rule(database: Database, items: int) -> None:
    lists = range(1, LISTS + 1)
    with database.write() as connection:
        connection.execute(
            master.price_list.insert(),
            [{"org_id": depot.ORG, "price_list_id": one, "code": f"L{one}", "name": "x"} for one in lists],
        )
        connection.execute(master.price_list_scope.insert(), [_scope(one) for one in lists])
        connection.execute(master.price_list_item.insert(), [_item(one) for one in range(1, items + 1)])
        connection.execute(
            master.contract_rate.insert(),
            [{"org_id": depot.ORG, "party_id": one, "product_id": one, "price": 5} for one in lists],
        )


def _promise(database: Database, promotions: int) -> None:
    """Promotions of one product each, bundles of two of it; those by category end before anybody asks."""
    numbers = range(1, promotions + 1)
    with database.write() as connection:
        (category,) = connection.execute(
            text("SELECT category FROM product WHERE org_id = :org LIMIT 1"), {"org": depot.ORG}
        ).one()
        connection.execute(promotion.insert(), [_promotion(one) for one in numbers])
        connection.execute(promotion_item.insert(), [_of(one, category) for one in numbers])


def _promotion(key: int) -> dict[str, Any]:
    kind = OfferKind.PERCENT if key % _BY_CATEGORY == 0 else _KINDS[key % len(_KINDS)]
    return {
        "org_id": depot.ORG,
        "promotion_id": key,
        "code": f"P{key}",
        "name": f"Promotion {key}",
        "kind": kind.value,
        "percent_bp": 500,
        "amount": 7,
        "take": 3,
        "pay": 2,
        "days": 0b0011111 if key % 3 == 0 else 0,
        "items": 1,
        "valid_to_us": 1 if key % _BY_CATEGORY == 0 and key > _BY_CATEGORY else None,
    }


def _of(key: int, category: str) -> dict[str, Any]:
    by_category = key % _BY_CATEGORY == 0
    return {
        "org_id": depot.ORG,
        "promotion_id": key,
        "place": 0,
        "product_id": 0 if by_category else key % LISTS + 1,
        "category": category if by_category else "",
        "quantity": 2000 if _KINDS[key % len(_KINDS)] is OfferKind.BUNDLE and not by_category else 1000,
    }


def _scope(list_id: int) -> dict[str, Any]:
    of_all = list_id <= _OF_ALL
    return {
        "org_id": depot.ORG,
        "scope_id": list_id,
        "price_list_id": list_id,
        "kind": "all" if of_all else "party",
        "of_id": 0 if of_all else list_id,
    }


def _item(item_id: int) -> dict[str, Any]:
    return {
        "org_id": depot.ORG,
        "item_id": item_id,
        "price_list_id": item_id % LISTS + 1,
        "product_id": item_id // 10 % LISTS + 1,
        "from_quantity": 0,
        "price": 100 + item_id,
        "price_fine": 0,
    }


def _in_turns(actions: dict[str, Callable[[], object]]) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(ROUNDS):
        for name, action in actions.items():
            start = time.perf_counter()
            for _ in range(_ASKED_IN_A_ROUND):
                action()
            times[name].append((time.perf_counter() - start) / _ASKED_IN_A_ROUND * 1e6)
    return {name: statistics.median(found) for name, found in times.items()}
