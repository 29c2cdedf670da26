"""Histories of every type of document, judged after each by an independent model, on both engines.

The short form is a part of every run.  The long form, for a night: more and longer histories by

    BOHARI_HISTORIES=200 BOHARI_HISTORY_STEPS=120 pytest tests/contract/test_model_histories.py
"""

import itertools
import os
from collections import Counter
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from pos_app.ledger.document import SERIES, Head, kind_of
from pos_app.store.balances import balances
from pos_app.store.rules import book_rules
from pos_app.store.tables.projections import PROJECTIONS
from tests.support.histories import histories
from tests.support.histories.choices import Drawn, Seeded
from tests.support.histories.clerk import Clerk, void_of
from tests.support.worlds.books import Store, journal_of

_HISTORIES: Final = int(os.environ.get("BOHARI_HISTORIES", "10"))
_STEPS: Final = int(os.environ.get("BOHARI_HISTORY_STEPS", "40"))
_organisations = itertools.count(2_000)


class Depot:
    """An organisation with one terminal, and the clerk who keeps the model beside it."""

    def __init__(self, store: Store, clerk: Clerk) -> None:
        self.store = store
        self.clerk = clerk
        known = store.journal(clerk.org_id)
        # With the rules of the books: a history is one that could happen.
        self.journal = journal_of(
            store.database, known.org_id, known.terminal_no, store.clock, guard=book_rules.guard
        )

    def record(self, kind: str) -> bool:
        """Record one more document of this kind; False when nothing fitted."""
        draft = histories.draft(self.clerk, kind)
        if draft is None:
            return False
        self.clerk.note(self.journal.record_document(draft))
        return True

    def judge(self) -> None:
        """Cache = select = pencil and paper."""
        self.store.equals(self.clerk.model, self.clerk.org_id)
        with self.store.database.read() as connection:
            for projection in PROJECTIONS:
                assert not list(balances.drifts(connection, projection, {"org_id": self.clerk.org_id}))


class History(RuleBasedStateMachine):
    """One rule for each type of document; `store` is set by the test."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        self.depot: Depot | None = None
        self.org_id = next(_organisations)

    def happens(self, kind: str, data: st.DataObject) -> None:
        """A document is recorded, and every balance is judged."""
        if self.depot is None:
            self.depot = Depot(self.store, Clerk(Drawn(data), self.org_id))
        self.depot.clerk.choices = Drawn(data)
        if self.depot.record(kind):
            self.depot.judge()

    def can(self, kind: str) -> bool:
        """Whether enough happened for such a document."""
        if self.depot is None:
            return histories.can(Clerk(Seeded(0)), kind)
        return histories.can(self.depot.clerk, kind)


def _rule(kind: str) -> Any:
    def happens(self: History, data: st.DataObject) -> None:
        self.happens(kind, data)

    happens.__name__ = kind
    return precondition(lambda self: self.can(kind))(rule(data=st.data())(happens))


for _kind in histories.KINDS:
    setattr(History, _kind, _rule(_kind))


def test_every_type_of_document_happens_in_histories() -> None:
    """The generator knows every type; a new one fails here until it does."""
    assert set(histories.KINDS) == {_tag(one) for one in SERIES}


def _tag(one: type[Head]) -> str:
    return str(one.__struct_config__.tag)


def test_any_history_gives_the_balances_of_pencil_and_paper(store: Store) -> None:
    run_state_machine_as_test(
        type("HistoryOfStore", (History,), {"store": store}),
        settings=settings(
            max_examples=_HISTORIES,
            stateful_step_count=_STEPS,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("seed", range(2))
def test_a_long_history_of_a_seed(store: Store, seed: int) -> None:
    """What builds up over hundreds of documents, as many more as it takes to have every kind; judged at every
    twentieth and at the end.
    """
    clerk = Clerk(Seeded(seed), next(_organisations))
    depot = Depot(store, clerk)
    kinds: Counter[str] = Counter()
    for place in range(30 * _STEPS):
        if place >= 10 * _STEPS and all(kinds[kind] for kind in histories.KINDS):
            break
        kind = histories.next_kind(clerk)
        kinds[kind] += depot.record(kind)
        if place % 20 == 0:
            depot.judge()
    depot.judge()
    assert all(kinds[kind] for kind in histories.KINDS), kinds
    assert {kind_of(document) for document in clerk.model.documents} == set(histories.KINDS)


def test_a_history_taken_back_leaves_nothing(store: Store) -> None:
    """Every document voided, the last one first: nobody owes anything, nothing lies anywhere."""
    clerk = Clerk(Seeded(5), next(_organisations))
    depot = Depot(store, clerk)
    for _ in range(5 * _STEPS):
        depot.record(histories.next_kind(clerk))
    for place in itertools.count():
        standing = clerk.voidable()
        if not standing:
            break
        clerk.note(depot.journal.record_document(void_of(standing[-1])))
        if place % 20 == 0:
            depot.judge()
    depot.judge()
    for projection in PROJECTIONS:
        if "document_id" not in projection.keys:
            assert store.cached(projection, clerk.org_id) == {}
