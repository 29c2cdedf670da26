"""Somebody with the key of the centre's database edits a row of any table: it shows, and where; or it harms
nothing.

How an edit of each table shows is declared once, below.  BOHARI_EDITS=10000 is the long form.
"""

import itertools
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Table, text

from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import SERVER_TERMINAL_NO
from pos_app.store.master import shell_tokens
from pos_app.store.schema import schema, tenancy
from pos_app.store.schema.trailed import TRAILED
from pos_app.store.stock.valuation import Valuation
from pos_app.store.tables.projections import CACHED, CHECKPOINTS, PROJECTIONS
from pos_app.store.upkeep.recalculation import Recalculation
from tests.faults.test_edits_at_till import LONG, edit_of
from tests.support.edits import EDITS, LEDGER, SEED, Edit, edit_centre, is_named
from tests.support.worlds.edited_centre import EditedCentre, Rows
from tests.support.worlds.sync_fixtures import Centre

TABLES: Final = {table.name: table for table in tenancy.tables()}
TOLD: Final = {one.table.name: one for one in TRAILED}

#: Asserts that an edit, which was not found, does no harm.
Harmless = Callable[[EditedCentre, Edit, Rows], None]

# --- how an edit shows, or why it harms nothing ----------------------------------------------------------


def found_always(_: EditedCentre, edit: Edit, __: Rows) -> None:
    """Nothing of it is harmless."""
    pytest.fail(f"not found: {edit}")


def only(*columns: str) -> Harmless:
    """Nothing is, but of these columns."""

    def judge(_: EditedCentre, edit: Edit, __: Rows) -> None:
        assert (edit.verb, edit.column in columns) == ("change", True), f"not found: {edit}"

    return judge


def words_alone(_: EditedCentre, edit: Edit, __: Rows) -> None:
    """What row is told of, and as what, is the same."""
    told = [None if row is None else (row["row_key"], row["row_hash"]) for row in (edit.row, edit.new)]
    assert told[0] == told[1], f"not found: {edit}"


def counts_nothing(_: EditedCentre, edit: Edit, __: Rows) -> None:
    """A balance of nothing is as good as none, and a stamp says when a till reads it."""
    values = next(one.values for one in PROJECTIONS if one.name == edit.table)
    assert edit.column == "stamp" or not any(edit.row[name] for name in values), f"not found: {edit}"


def balances_stay(world: EditedCentre, edit: Edit, _: Rows) -> None:
    """What the upkeep keeps for itself: a recomputation by it changes no balance."""
    del edit
    before = cached(world)
    for projection in PROJECTIONS:
        walk = Recalculation(
            world.database, SystemClock(), org_id=world.org_id, terminal_no=SERVER_TERMINAL_NO
        )
        walk.walk(projection)
    assert cached(world) == before


def cached(world: EditedCentre) -> dict[str, list[str]]:
    rows = world.rows()
    return {
        table.name: sorted(str({**row, "stamp": 0}) for row in rows[table.name]) for table in CACHED.values()
    }


def values_nothing(world: EditedCentre, _: Edit, __: Rows) -> None:
    """What is valued again, or not, moved no stock."""
    assert Valuation(world.database, SystemClock(), world.org_id).run().valuations == 0
    assert list(world.problems("valued")) == []


def opens_nothing(world: EditedCentre, _: Edit, __: Rows) -> None:
    """A token whose row was edited opens nothing, or what it opened before."""
    with world.database.read() as connection:
        found = shell_tokens.find(connection, world.org_id, world.shown)
    assert found is None or (found.person_id, found.rights, found.name, found.account, found.kind) == (
        1, frozenset(), "job", "", shell_tokens.TOKEN,
    )  # fmt: skip


def is_no_key(world: EditedCentre, edit: Edit, _: Rows) -> None:
    """With a check value that is another's, or two, the server does not start
    (`tests/contract/test_privacy.py`).
    """
    with world.database.read() as connection:
        value = connection.execute(text('SELECT value FROM privacy_check WHERE "only" = 1')).scalar()
    assert edit.verb == "add" or value is None or bytes(value) != world.check_value


def is_no_document(_: EditedCentre, edit: Edit, __: Rows) -> None:
    """Nothing that counts: who decides by it asks again, or sees it first (see each below)."""
    assert edit.table not in {table.name for table in (*LEDGER, *CACHED.values())}


#: Each table of the centre: what says that an edit harms nothing, where no check found it.
SHOWS: Final[dict[str, Harmless]] = {
    # Signed, posted again, and summed.
    **{table.name: found_always for table in LEDGER},
    **{table.name: counts_nothing for table in CACHED.values()},
    # Signed and chained; the year says only when an archive takes an entry.
    "audit_log": only("year"),
    "audit_run": found_always,
    # What the signed log says of each row.  A stamp says when a till reads it, and tills compare every day.
    **dict.fromkeys(TOLD, only("stamp")),
    # The rest of it moves all the time and is shown only; the marks are held by what lies under them.
    "terminal": only("last_seen_at", "starts", "start"),
    # A code that was used could be used again, by who saw it half a minute ago and has the PIN.
    "web_secret": only("totp_step"),
    # How it goes with an address just now: it is tried sooner or later.
    "webhook": only("failures", "rests_until"),
    # How it goes with an asking: the money itself is a payment that came, or a row that says it went back.
    "payment_ask": only("state", "handle", "reason", "words", "tries", "due_at", "sent_at", "ended_at"),
    # How it goes with a device just now, and how far it has counted: it is asked, and it says so.
    "fiscal_device": only("next_number", "answered_at", "failures", "rests_until", "said", "codes",
                          "codes_at"),
    # An answer that was seen could be given again, by who holds the browser that asked, within five minutes;
    # and a copied authenticator would not be told.
    "passkey": only("sign_count", "answered_us", "used_at"),
    # Not numbered, not signed yet: the words may be changed for some seconds; the rows they tell of may not.
    "audit_waiting": words_alone,
    # Made of the documents.
    "arrival": only("stamp", "mark"),
    # The day says which codes a new till hears of; the centre flags the second document all the same.
    "used_code": only("stamp", "day"),
    "valuation_mark": values_nothing,
    # The last average prices what goes out beyond the stock, and the next receipt sets that right.
    "valued_stock": only("average_value", "average_quantity"),
    **{table.name: balances_stay for table in CHECKPOINTS.values()},
    **dict.fromkeys(
        ("balance_finding", "checkpoint_mark", "late_document", "recalculation", "reconciliation",
         "valued_late"),
        balances_stay,
    ),
    # MACs by a key outside the database.
    "shell_token": opens_nothing,
    # What is told to other programs and to customers of the books, and how far, changes nothing in them. A
    # lockout holds who types a PIN; a number that is heard twice is a push that is answered twice; a draft
    # becomes a document before a person's eyes; what is unsealed is so inside one transaction; who can read
    # the key of proofs needs no other.
    **dict.fromkeys(
        (
            "sign_in_state", "heard_request", "invoice_draft", "unsealed", "tenant_key", "webhook_delivery",
            "webhook_mark", "payment_notice", "customer_message",
            # What an authority signed stands with the authority, under the signature on the paper; no book of
            # ours is made of it.
            "fiscal_receipt", "fiscal_entry", "fiscal_mark",
        ),
        is_no_document,
    ),
    # The signed log told of another life.
    "server_epoch": only("only"),
    "privacy_check": is_no_key,
}  # fmt: skip

#: The checks that see an edit of a table first; where they see nothing, all others are asked.
FIRST: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys((*TOLD, "audit_waiting"), ("trail",)),
    **{table.name: ("pieces", "ends") for table in LEDGER},
    **{name: (name,) for name in CACHED},
    "audit_log": ("audit", "entries"),
    "audit_run": ("audit", "entries"),
    "arrival": ("arrivals",),
    "used_code": ("codes",),
    "valuation_mark": ("valued",),
    "valued_stock": ("valued",),
    "valued_late": ("valued",),
    "late_document": ("valued",),
    "server_epoch": ("trail",),
    "terminal": ("trail", "ends", "audit", "marks"),
}

# --- editing ---------------------------------------------------------------------------------------------


@pytest.fixture
def world(centre: Centre, tmp_path: Path) -> EditedCentre:
    return EditedCentre(centre, tmp_path)


def planned(rng: random.Random, names: list[str]) -> Any:
    """Tables and ways in turns, all of each table before any again; "" adds a row, "-" deletes one."""
    ways = [(name, way) for name in names for way in ("", "-", *TABLES[name].columns.keys())]
    first = [(name, rng.choice(TABLES[name].columns.keys())) for name in names]
    while True:
        rng.shuffle(ways)
        yield from first
        yield from ways
        first = []


def judge(world: EditedCentre, edit: Edit, rows: Rows) -> str:
    """In which way an edit shows; fails where it does not and does harm."""
    name = edit.table
    first = FIRST.get(name, ())
    problems = list(world.problems(*first)) if first else []
    if not problems and (SHOWS[name] is found_always or not first):
        problems = list(world.problems(*({*FIRST_ALL} - {*first})))
    if not problems:
        SHOWS[name](world, edit, rows)
        return "harmless"
    if name in {table.name for table in LEDGER}:
        assert is_named(edit, problems), f"not named: {edit} {problems}"
        return "located"
    if name in TOLD and first == ("trail",):
        assert all(f"{name} " in one for one in problems), f"another row is named: {edit} {problems}"
        return "located"
    return "located" if name in CACHED else "detected"


#: Every check.
FIRST_ALL: Final = ("pieces", "seals", "ends", "audit", "entries", "marks", "arrivals", "codes", "trail",
                    "valued", *(one.name for one in PROJECTIONS))  # fmt: skip


def done(world: EditedCentre, edit: Edit, *, back: bool = False) -> bool:
    """Do it, or undo it; false where the database itself refuses."""
    try:
        with world.database.write() as connection:
            edit_centre(connection, edit, back=back)
    except Exception:
        if back:
            raise
        return False
    return True


def test_every_table_of_the_centre_is_reached_and_declared(world: EditedCentre) -> None:
    with world.database.read() as connection:
        names = set(
            connection.scalars(
                text(
                    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                    " AND relkind IN ('r', 'p') AND NOT relispartition"
                )
            )
        )
    # Another version than the program's is not opened, or brought to it.
    assert set(SHOWS) == set(TABLES) == names - {"alembic_version"}
    assert [name for name, found in world.rows().items() if not found] == []
    assert schema.HEADS["central"]


@pytest.mark.timeout(14_400)
def test_an_edit_of_any_table_of_the_centre_shows_or_harms_nothing(
    world: EditedCentre, capsys: pytest.CaptureFixture[str]
) -> None:
    rng, seen, rows = random.Random(SEED), Counter[str](), world.rows()
    assert list(world.problems(*FIRST_ALL)) == []
    count = EDITS if EDITS >= LONG else EDITS // 2
    for name, way in itertools.islice(planned(rng, sorted(SHOWS)), count):
        table: Table = TABLES[name]
        edit = edit_of(rng, table, way, rng.choice(rows[name]))
        if not done(world, edit):
            seen["refused"] += 1
            continue
        seen[judge(world, edit, rows)] += 1
        if SHOWS[name] in (balances_stay, values_nothing):
            # What was tried may have written there.
            world.restore(name, rows[name])
        else:
            done(world, edit, back=True)
    assert list(world.problems(*FIRST_ALL)) == []
    with capsys.disabled():
        sys.stdout.write(f"\n{dict(seen)}\n" if EDITS >= LONG else "")
    assert seen["located"] > seen["refused"], seen
