"""One check of a right on a till: the look-up by itself, and a whole document held against the rights."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pos_app.ledger.line import TenderKind
from pos_app.ledger.permission import Permission
from pos_app.store.documents import documents
from pos_app.store.tables.columns import micros
from pos_app.till.session.sign_in import Action, require
from tests.bench import depot

ROUNDS = 20
CHECKS = 20_000


def run() -> dict[str, Any]:
    """Microseconds of one check, the median of some rounds; the aim is the issue's."""
    with tempfile.TemporaryDirectory() as folder:
        till = depot.open_shop(depot.open_depot(Path(folder), products=20))
        basket = till.baskets.new()
        for number in range(1, 6):
            basket.add(till.catalogue.scan(depot.barcode_of(number)).product)
        checkout = till.checkout(basket)
        checkout.add_tender(TenderKind.CASH, checkout.cash_due())
        done = checkout.complete()
        context = till._context
        with context.database.read() as connection:
            document = documents.get(connection, depot.ORG, done.document_id)
        if document is None:
            raise LookupError(done.document_id)
        rights, at_us = context.rights, micros(context.clock.now())
        manager = context.signed_in()
        return {
            "held_us": _measure(
                lambda: rights.allows(depot.MANAGER, Permission.VOID, depot.BUSINESS, depot.DEPOT, at_us)
            ),
            "not_held_us": _measure(
                lambda: rights.allows(depot.CASHIER, Permission.VOID, depot.BUSINESS, depot.DEPOT, at_us)
            ),
            "require_us": _measure(lambda: require(manager, Action.VOID, None)),
            "check_aim_us": 2,
            "whole_document_us": _measure(lambda: rights.lacking(document)),
        }


def _measure(check: Callable[[], object]) -> float:
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(CHECKS):
            check()
        rounds.append((time.perf_counter() - start) / CHECKS * 1_000_000)
    return round(statistics.median(rounds), 3)
