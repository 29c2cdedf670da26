"""All judges on the documents of a batch, in the transaction that books them: what of them is odd.

A query for each kind of question and batch, however many documents it has; see `ledger.flagging` for what
becomes of what they find.

Decisions
---------
2026-12-01  What master data alone decide (prices, goods, coins, promotions, rights) is asked before the turn
of a batch, while the one before it is written: masters say what was so when a document was recorded, so that
nothing which is booked in between changes the answer.  It was a tenth of the time in which a terminal's row
is held.  What the books decide (limits, points, what went back already) is asked under the lock, as before.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from pos_app.ledger.document import Document
from pos_app.ledger.flagging import UNJUDGED, Found
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine.outage import sentence_of
from pos_app.store.organisation.rights import Rights
from pos_app.store.rules import (
    approval_judge,
    clock_judge,
    close_judge,
    coin_judge,
    credit_judge,
    deposit_judge,
    history_judge,
    points_judge,
    promotion_judge,
    refund_judge,
    then,
    z_judge,
)
from pos_app.store.rules.goods_judge import GoodsJudge
from pos_app.store.rules.price_judge import PriceJudge, lines_of
from pos_app.store.rules.then import Then
from pos_app.store.rules.usual_judge import UsualJudge


class Looked(NamedTuple):
    """What master data and rights alone say of a batch, whoever is booked before it."""

    #: What is ours of it: not the history of another system.
    booked: Sequence[Sealed]
    found: Sequence[Found]
    so_then: Then
    #: The rights by which it was looked at; by others it is looked at again.
    held: Rights


def look(connection: Connection, org_id: int, batch: Sequence[Sealed], held: Rights) -> Looked:
    """What is odd about documents by what was so when they were recorded.  `held` is who may do what."""
    found: list[Found] = []
    booked: list[Sealed] = []
    asked = _Asked()
    for one in batch:
        # What another system charged is no price of ours.
        if not history_judge.is_history(one.document):
            booked.append(one)
            asked.of(one.document)
    promotions = asked.promotions
    so_then = then.load(
        connection, org_id, asked.products, asked.parties, asked.currencies, promotions=promotions
    )
    prices, goods, usual = PriceJudge(so_then), GoodsJudge(so_then, held), UsualJudge(so_then)
    coins = functools.partial(coin_judge.judge, so_then)
    for one in booked:
        if _is_usual(usual, one.document):
            continue
        found += _safely(one.document, prices.judge)
        found += _safely(one.document, goods.judge)
        found += _safely(one.document, coins)
        if promotions:
            found += _safely(one.document, functools.partial(promotion_judge.judge, so_then))
    if so_then.another:
        for one in batch:
            found += _safely(one.document, functools.partial(approval_judge.judge, so_then, held))
    return Looked(booked, found, so_then, held)


def judge(
    connection: Connection,
    org_id: int,
    batch: Sequence[Sealed],
    held: Rights,
    arrived_at: datetime,
    *,
    oldest: datetime | None = None,
    looked: Looked | None = None,
) -> list[Found]:
    """What is odd about documents of one terminal, in its order.  `held` is who may do what.

    `oldest` is when the first of all that came with them was recorded; None where the batch is all.  `looked`
    is what `look` said of the same documents before.
    """
    if looked is None or looked.held is not held:
        looked = look(connection, org_id, batch, held)
    found = list(looked.found)
    proofs = approval_judge.ProofJudge(connection, org_id, batch, held, arrived_at, oldest=oldest)
    if proofs.has_any:
        for one in batch:
            found += _safely(one.document, functools.partial(proofs.judge, one))
    found += credit_judge.judge(connection, org_id, looked.booked, looked.so_then, arrived_at, oldest=oldest)
    found += points_judge.judge(connection, org_id, batch)
    found += deposit_judge.judge(connection, org_id, batch)
    found += history_judge.judge(connection, org_id, batch, held)
    found += refund_judge.judge(connection, org_id, batch)
    found += clock_judge.judge(connection, org_id, batch, arrived_at)
    found += z_judge.judge(connection, org_id, batch)
    found += close_judge.judge(connection, org_id, batch, looked.so_then, held)
    return found


class _Asked:
    """What of master data the documents of a batch speak of."""

    def __init__(self) -> None:
        self.parties: set[int] = set()
        self.currencies: set[str] = set()
        # With None for all lines that name none.
        self._products: set[int | None] = set()
        self._promotions: set[int | None] = set()

    @property
    def products(self) -> set[int]:
        """The products on their lines."""
        return {one for one in self._products if one is not None}

    @property
    def promotions(self) -> set[int]:
        """The promotions that their lines name."""
        return {one for one in self._promotions if one is not None}

    def of(self, document: Document) -> None:
        """What one of them does."""
        self._products.update([line.product_id for line in lines_of(document)])
        self._promotions.update([line.promotion_id for line in promotion_judge.promoted(document)])
        party_id = getattr(document, "party_id", None)
        if party_id is not None:
            self.parties.add(party_id)
        self.currencies.add(document.currency)
        self.currencies.update([one.paid_currency for one in getattr(document, "tenders", ())])


def _is_usual(usual: UsualJudge, document: Document) -> bool:
    """What breaks the judge of the usual is for the others, who say so of it and let it be booked."""
    try:
        return usual.is_usual(document)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - see `_safely`
        return False


def _safely(document: Document, judged: Callable[[Document], Iterator[Found]]) -> list[Found]:
    try:
        return list(judged(document))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a document that breaks a judge is booked like every other
        return [Found(document.document_id, UNJUDGED, {"why": sentence_of(error)[:200]})]
