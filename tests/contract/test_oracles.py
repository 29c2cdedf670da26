"""hledger and beancount read the export of random books and agree on every balance in every currency.

The long form runs more and longer histories: see `test_model_histories`.
"""

import csv
import io
import os
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from pos_app.ledger.currency import currency
from pos_app.reports.journals.beancount_export import beancount
from pos_app.reports.journals.hledger_export import hledger
from pos_app.reports.journals.journal_export import View, rows
from pos_app.store.master import organisations
from pos_app.store.master.organisations import Organisation
from pos_app.store.rules import book_rules
from pos_app.store.tables import master
from pos_app.store.tables.projections import ACCOUNT_BALANCE, PARTY_BALANCE
from tests.support.documents.specimens import ORG, TILL
from tests.support.histories import histories
from tests.support.histories.choices import Seeded
from tests.support.histories.clerk import Clerk
from tests.support.oracle.judges import Balances, Beancount, Hledger, beancount_assertions
from tests.support.worlds.books import Store, journal_of
from tests.support.worlds.till_fixture import GONE, GOOD, NO_CREDIT, fill_master

_HISTORIES: Final = max(2, int(os.environ.get("BOHARI_HISTORIES", "2")))
_DOCUMENTS: Final = 5 * int(os.environ.get("BOHARI_HISTORY_STEPS", "40"))
#: What a journal of text has to survive in a name.
_PARTIES: Final = {
    601: ("V601", 'Gas "Importers"; Ltd | 10 % : Co.\\'),
    602: ("V;602, x:y", "Ünïversal  Añb # ‘Öl’ "),
    701: ("E701", "水 John"),
    801: ("M801", "\tMember\nof the Sacco"),
}
_ROLES: Final = ("customer", "vendor", "employee", "member", "depositor", "shareholder")
_BUSINESSES: Final = {"B1": 1, "B2": 2, "B3": 3}
Judge = Callable[[Path], Hledger | Beancount]
WRITERS: Final[dict[str, tuple[Judge, Any]]] = {
    "hledger": (Hledger, hledger),
    "beancount": (Beancount, beancount),
}


@pytest.fixture
def books(store: Store) -> Store:
    """A database with the master data of the specimens and of the histories' parties."""
    with store.database.write() as connection:
        fill_master(connection, TILL, 1)
        # What lies open in this column on a till would have to be closed at the centre.
        connection.execute(master.party.update().values(phone=""))
        # A random history pays before it earns.
        connection.execute(master.account.update().values(may_overdraw=1))
        for key, (code, name) in _PARTIES.items():
            connection.execute(master.party.insert().values(org_id=ORG, party_id=key, code=code, name=name))
    return store


def organisation(store: Store) -> Organisation:
    with store.database.read() as connection:
        found = organisations.get(connection, ORG)
    assert found is not None
    return found


def history(store: Store, seed: int) -> Clerk:
    """A random history, recorded."""
    clerk = Clerk(Seeded(seed))
    store.journal()
    journal = journal_of(store.database, ORG, TILL, store.clock, guard=book_rules.guard)
    for _ in range(_DOCUMENTS):
        draft = histories.draft(clerk, histories.next_kind(clerk))
        if draft is not None:
            clerk.note(journal.record_document(draft))
    return clerk


def ours(store: Store, view: View, business: int | None = None) -> Balances:
    """Our cached balances of accounts as a judge tells them: over businesses, or of one."""
    sums: Counter[tuple[str, ...]] = Counter()
    for key, values in store.cached(ACCOUNT_BALANCE).items():
        if business in (None, key[1]):
            sums[key[2], _money(view, key[3])] += values[_place(view)]
    return _major(sums)


def our_parties(store: Store, view: View) -> Balances:
    """Our cached balances of parties, likewise."""
    sums: Counter[tuple[str, ...]] = Counter()
    for key, values in store.cached(PARTY_BALANCE).items():
        sums[key[1], str(key[2]), _money(view, key[3])] += values[_place(view)]
    return _major(sums)


def _money(view: View, code: str) -> str:
    return "KES" if view is View.BASE else code


def _place(view: View) -> int:
    return 1 if view is View.BASE else 0


def _major(sums: Counter[tuple[str, ...]]) -> Balances:
    return {
        key: Decimal(amount).scaleb(-currency(key[-1]).exponent) for key, amount in sums.items() if amount
    }


@pytest.mark.parametrize("program", WRITERS)
@pytest.mark.parametrize("seed", range(_HISTORIES))
def test_a_judge_agrees_on_every_balance(books: Store, program: str, seed: int, tmp_path: Path) -> None:
    """Accounts, accounts of each business, parties in each role; in every currency and in base."""
    clerk = history(books, seed)
    judge, write = WRITERS[program]
    posted = {str(one.document_id) for one in clerk.model.documents}
    for view in View:
        path = tmp_path / f"books.{view}"
        path.write_text("".join(write(books.database, organisation(books), view)), encoding="utf-8")
        found = judge(path)
        assert found.accounts() == ours(books, view)
        for code, business in _BUSINESSES.items():
            assert found.accounts(code) == ours(books, view, business)
        assert found.parties(_ROLES) == our_parties(books, view)
        assert found.documents() <= posted
        assert len(found.documents()) > len(posted) // 2
    # A history has all that may be told wrongly.
    accounts = books.cached(ACCOUNT_BALANCE)
    assert {key[3] for key in accounts} == {"KES", "USD"}
    assert any(not values[0] and values[1] for values in accounts.values())
    assert {"customer", "vendor"} < {key[1] for key in books.cached(PARTY_BALANCE)}


def test_beancount_itself_asserts_our_balances(books: Store, tmp_path: Path) -> None:
    """Our balances as assertions in the file: right ones pass, and one that is a cent off does not."""
    history(books, 7)
    for view in View:
        text = "".join(beancount(books.database, organisation(books), view))
        names = {
            name.split(":")[1].split("-")[0]: name
            for name in (line.split()[2] for line in text.splitlines() if " open " in line)
        }
        balances = ours(books, view)
        path = tmp_path / f"asserted.{view}"
        path.write_text(text + beancount_assertions(balances, names), encoding="utf-8")
        Beancount(path)
        some = next(iter(balances))
        wrong = balances | {some: balances[some] + Decimal("0.02")}
        path.write_text(text + beancount_assertions(wrong, names), encoding="utf-8")
        with pytest.raises(AssertionError, match="Balance failed"):
            Beancount(path)


def test_csv_sums_to_the_same_in_both_currencies(books: Store) -> None:
    history(books, 3)
    sums: dict[View, Counter[tuple[str, ...]]] = {view: Counter() for view in View}
    parties: Counter[str] = Counter()
    for row in csv.DictReader(io.StringIO("".join(rows(books.database, organisation(books))))):
        sums[View.ORIGINAL][row["account"], row["currency"]] += int(Decimal(row["amount"]).scaleb(2))
        sums[View.BASE][row["account"], row["base_currency"]] += int(Decimal(row["base_amount"]).scaleb(2))
        parties[row["party"]] += 1
    for view in View:
        assert _major(sums[view]) == ours(books, view)
    assert {GOOD.code, NO_CREDIT.code, "V;602, x:y"} <= parties.keys()
    assert GONE.code not in parties
