"""The formula of baselines against a naive model, whatever the interleaving.

A till's cached balance must be all its own documents plus what the centre had of the sister tills
when this till last pulled, less what the centre is known to have set aside.  The model adds up
postings in Python and knows nothing of marks, stamps or cursors.
"""

import itertools
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.ledger.posting.posting import Posting
from pos_app.store.documents import terminal
from pos_app.store.documents.rows import Sealed
from pos_app.store.engine.engine import Database
from pos_app.store.tables.projections import ACCOUNT_BALANCE, DRAWER_CASH, PARTY_BALANCE, STOCK_LEVEL
from tests.support.worlds.sync_fixtures import Centre, Till, cached, drift, opening, sale

Sums = Counter[tuple[Any, ...]]

_TILLS = st.integers(0, 2)
_ACTS = st.one_of(
    st.tuples(st.just("sell"), _TILLS, st.sampled_from([None, 1, 2]), st.sampled_from([1000, 2500, 333])),
    st.tuples(st.just("open"), _TILLS),
    st.tuples(st.just("void"), _TILLS),
    st.tuples(st.just("sell what is set aside"), _TILLS, st.sampled_from([1, 3]), st.sampled_from([1, 5])),
    st.tuples(st.just("sync"), _TILLS),
    st.tuples(st.just("sync, answer lost"), _TILLS),
    st.tuples(st.just("sync, a sale while pushing"), _TILLS),
    st.tuples(st.just("sync, a sale while pulling"), _TILLS),
    st.tuples(st.just("sync, a sister's sync while pulling"), _TILLS, _TILLS),
)


def sums_of(org_id: int, postings: list[Posting], drawer: int | None = None) -> dict[str, Sums]:
    """Every balance by plain addition; with a drawer, only that drawer's cash."""
    accounts, parties, drawers, stock = Counter[Any](), Counter[Any](), Counter[Any](), Counter[Any]()
    for posted in postings:
        for line in posted.lines:
            accounts[org_id, line.business_id, line.account, "KES"] += line.amount
            if line.party_id is not None and line.party_role is not None:
                parties[org_id, line.party_role.value, line.party_id, "KES"] += line.amount
            if line.drawer_id is not None and drawer in (None, line.drawer_id):
                drawers[org_id, line.drawer_id, "KES"] += line.amount
        for move in posted.moves:
            stock[org_id, move.location_id, move.product_id] += move.quantity
    return {
        "account_balance": accounts,
        "party_balance": parties,
        "drawer_cash": drawers,
        "stock_level": stock,
    }


class World:
    """Three tills of one organisation beside a model of what each must show."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.centre = Centre(database)
        self.tills = [self.centre.till(folder / str(number)) for number in range(3)]
        self.own: list[list[Sealed]] = [[], [], []]
        #: What the centre has of each till, and how much of that each till has seen.
        self.seen: list[list[int]] = [[0, 0, 0] for _ in range(3)]
        #: The keys of the documents that the centre cannot take.
        self.bad: set[int] = set()

    def record(self, number: int, act: Callable[[Till], Sealed]) -> None:
        self.own[number].append(act(self.tills[number]))

    def sell(self, number: int, customer: int | None = 1, quantity: int = 1000) -> None:
        self.record(number, lambda till: till.sell(customer=customer, quantity=quantity))

    def sell_bad(self, number: int, customer: int, product: int) -> None:
        """A sale that the till can keep and the centre cannot: Postgres has no NUL in a text."""

        def act(till: Till) -> Sealed:
            draft = sale(till.who, customer=customer, products=(product,))
            lines = tuple(msgspec.structs.replace(line, description="a\x00b") for line in draft.lines)
            return till.journal.record_document(msgspec.structs.replace(draft, lines=lines))

        self.record(number, act)
        self.bad.add(self.own[number][-1].document.document_id)

    def void(self, number: int) -> None:
        voided = {getattr(one.document, "original_id", None) for one in self.own[number]}
        for one in self.own[number]:
            if one.document.series != "V" and one.document.document_id not in voided:
                self.record(number, lambda till, one=one: till.void(one))  # type: ignore[misc]
                if one.document.document_id in self.bad:
                    self.bad.add(self.own[number][-1].document.document_id)
                return

    def sync(self, number: int) -> None:
        self.tills[number].drain()
        # What this till saw: the centre as it is now (nobody else writes in between).
        self.seen[number] = [self.centre.mark(till.who.terminal_no) for till in self.tills]

    def check(self) -> None:
        org = self.centre.org_id
        for number, till in enumerate(self.tills):
            with till.database.read() as connection:
                told = terminal.acknowledged(connection)
            postings = [
                one.posting
                for one in self.own[number]
                if one.document.seq > told or one.document.document_id not in self.bad
            ]
            for other, seen in enumerate(self.seen[number]):
                if other != number:
                    postings += self.good(other, seen)
            self._compare(till.database, sums_of(org, postings, drawer=till.who.drawer_id), org)
            assert drift(till.database) == []
        taken = [
            posted
            for number, till in enumerate(self.tills)
            for posted in self.good(number, self.centre.mark(till.who.terminal_no))
        ]
        self._compare(self.centre.database, sums_of(org, taken), org)

    def good(self, number: int, mark: int) -> list[Posting]:
        """What the centre has in its books of a till up to its mark there."""
        return [one.posting for one in self.own[number][:mark] if one.document.document_id not in self.bad]

    @staticmethod
    def _compare(database: Database, model: dict[str, Sums], org_id: int) -> None:
        for projection in (ACCOUNT_BALANCE, PARTY_BALANCE, DRAWER_CASH, STOCK_LEVEL):
            shown = {key: values[0] for key, values in cached(database, projection, org_id=org_id).items()}
            assert shown == {key: value for key, value in model[projection.name].items() if value}

    def act(self, what: str, number: int, *more: Any) -> None:
        way = self.tills[number].transport
        match what:
            case "sell":
                self.sell(number, *more)
            case "open":
                self.record(number, lambda till: till.journal.record_document(opening(till.who)))
            case "sell what is set aside":
                self.sell_bad(number, *more)
            case "void":
                self.void(number)
            case "sync":
                self.sync(number)
            case "sync, answer lost":
                way.lose_answers = 1
                self.sync(number)
                way.lose_answers = 0
            case "sync, a sale while pushing":
                way.meanwhile["/v1/push"] = lambda: self.sell(number)
                self.sync(number)
                way.meanwhile.clear()
            case "sync, a sale while pulling":
                way.meanwhile["/v1/pull"] = lambda: self.sell(number)
                self.sync(number)
            case "sync, a sister's sync while pulling":
                (sister,) = more
                if sister == number:
                    return
                way.meanwhile["/v1/pull"] = lambda: self.sync(sister)
                self.sync(number)
                # The answer was made before the sister's push: only a second pull shows it.
                self.sync(number)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(_ACTS, min_size=5, max_size=25))
def test_a_tills_balance_is_what_it_did_and_what_it_heard(central: Database, acts: list[Any]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        world = World(central, folder)
        for act in acts:
            world.act(*act)
            world.check()
        # Two rounds, and everybody shows the same.
        for number in itertools.chain(range(3), range(3)):
            world.sync(number)
        world.check()
        assert {(one.terminal_no << 32) + one.seq for one in world.centre.quarantine()} == world.bad
        for till in world.tills:
            for projection in (ACCOUNT_BALANCE, PARTY_BALANCE, STOCK_LEVEL):
                assert cached(till.database, projection) == cached(
                    central, projection, org_id=world.centre.org_id
                )
            till.database.close()
    finally:
        shutil.rmtree(folder)
