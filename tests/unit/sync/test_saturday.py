"""A Saturday: three cashiers hand one drawer over, it is closed twice, and everything adds up, on both sides.

BOHARI_SATURDAY=1000 makes it as long as a busy one.
"""

import os
import random
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from pos_app.ledger.document import DrawerClose, DrawerOpen, Sale
from pos_app.ledger.drawer import Stretch
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.documents import documents
from pos_app.till.drawer.drawer import TakingOver
from pos_app.till.drawer.money_count import Found
from pos_app.till.session.sign_in import Proved
from tests.support.worlds.judged_desk import Desk, hire, kinds
from tests.support.worlds.sync_fixtures import Centre

SALES: Final = int(os.environ.get("BOHARI_SATURDAY", "120"))
_WAYS: Final = (TenderKind.CASH, TenderKind.CASH, TenderKind.MPESA, TenderKind.CARD, TenderKind.BANK)
_FLOAT: Final = 5_000_00


class Pencil:
    """What a person with pencil and paper writes down of one shift."""

    def __init__(self, begins_with: int) -> None:
        self.cash, self.sales = begins_with, 0
        self.other: dict[str, tuple[int, int]] = {}

    def sold(self, kind: TenderKind, total: int) -> None:
        self.sales += total
        if kind is TenderKind.CASH:
            self.cash += total
        else:
            times, amount = self.other.get(kind.value, (0, 0))
            self.other[kind.value] = (times + 1, amount + total)


def sell(desk: Desk, pencil: Pencil, chance: random.Random, place: int) -> None:
    basket = desk.till.baskets.new()
    for _ in range(chance.randrange(1, 4)):
        basket.add(desk.till.catalogue.scan(f"SKU{chance.randrange(1, 6)}").product, ONE)
    taking, kind = desk.till.checkout(basket), chance.choice(_WAYS)
    total = taking.total
    if kind is TenderKind.CASH:
        taking.add_tender(kind, total + chance.choice((0, 50_00)))
    else:
        taking.add_tender(kind, total, f"SLK{place:07d}")
    done = taking.complete().document
    assert isinstance(done, Sale)
    pencil.sold(kind, done.total + done.rounding)


def end(desk: Desk, taking_over: TakingOver | None = None) -> DrawerClose:
    drawer = desk.till.drawer
    every = Found(frozenset(one.key for one in drawer.payments_to_tick()))
    counts = (CashCount(value=1, pieces=drawer.expected()),)
    done = drawer.close(counts, "", money=every, taking_over=taking_over).done.document
    assert isinstance(done, DrawerClose)
    return done


def every(connection: Connection, org_id: int, terminal_no: int) -> list[int]:
    """The sequences of a terminal's documents."""
    rows = connection.execute(
        text("SELECT seq FROM document WHERE org_id = :org AND terminal_no = :till ORDER BY seq"),
        {"org": org_id, "till": terminal_no},
    )
    return [int(row[0]) for row in rows]


def test_a_saturday_adds_up_on_both_sides(centre: Centre, tmp_path: Path) -> None:
    desk, chance = Desk(centre, tmp_path / "1"), random.Random(11)
    keys = [hire(centre, code, "manager") for code in ("B", "C")]
    desk.sync()
    known = {one.person_id: one for one in desk.till.sign_in.people()}
    people = [known[key] for key in keys]
    # A hands over to B, B to C, C closes; the evening is a shift of its own.
    pencils, zs = [Pencil(_FLOAT)], []
    for part in range(4):
        for place in range(SALES // 4):
            sell(desk, pencils[-1], chance, part * SALES + place)
            if chance.randrange(25) == 0:
                desk.sync()
        if part < 2:
            left = 1_000_00 * (part + 1)
            zs.append(end(desk, TakingOver(Proved(people[part]), left)))
            pencils.append(Pencil(left))
        else:
            zs.append(end(desk))
            if part == 2:
                desk.till.drawer.open(_FLOAT)
                pencils.append(Pencil(_FLOAT))
    desk.sync()
    assert kinds(centre) == []
    for z, pencil in zip(zs, pencils, strict=True):
        assert z.expected == z.counted == pencil.cash
        assert {one.kind.value: (one.times, one.expected) for one in z.other_money} == pencil.other
    stretches = [z.stretch for z in zs]
    told = [one for one in stretches if isinstance(one, Stretch)]
    assert [one.sales for one in told] == [pencil.sales for pencil in pencils]
    assert told[-1].grand_total == sum(pencil.sales for pencil in pencils)
    terminal_no = desk.till.terminal_no
    for database in (desk.line.database, centre.database.for_org(centre.org_id)):
        with database.read() as connection:
            seqs = every(connection, centre.org_id, terminal_no)
            parts = [range(one.first_seq, z.seq + 1) for z, one in zip(zs, told, strict=True)]
            covered = [seq for part in parts for seq in part]
            # Each in exactly one: none left out, none twice.
            assert seqs == covered
            total = connection.execute(
                text("SELECT sum(total + rounding) FROM document WHERE org_id = :org AND kind = 'sale'"),
                {"org": centre.org_id},
            ).scalar_one()
            assert int(total) == sum(one.sales for one in told)
            opened = documents.get(connection, centre.org_id, zs[1].shift or 0)
            assert isinstance(opened, DrawerOpen)
            assert (opened.float_amount, opened.person_id) == (1_000_00, people[0].person_id)
