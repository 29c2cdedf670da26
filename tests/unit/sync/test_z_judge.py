"""The centre makes the figures of every Z anew: a till whose file or program was edited is found by its Z."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from pos_app.ledger.document import DrawerClose
from pos_app.ledger.drawer import Stretch
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.ledger.making import drawer as making_drawer
from pos_app.ledger.quantity import ONE
from pos_app.till.drawer import closing
from pos_app.till.drawer.money_count import Found
from tests.support.worlds.judged_desk import Desk, forget_seals, kinds
from tests.support.worlds.sync_fixtures import Centre


@pytest.fixture
def desk(centre: Centre, tmp_path: Path) -> Desk:
    return Desk(centre, tmp_path / "1")


def by_mpesa(desk: Desk, code: str) -> None:
    basket = desk.till.baskets.new()
    basket.add(desk.till.catalogue.scan("SKU1").product, ONE)
    taking = desk.till.checkout(basket)
    taking.add_tender(TenderKind.MPESA, taking.total, code)
    taking.complete()


def close(desk: Desk, money: Found | None = None) -> DrawerClose:
    """The drawer is closed on what the books expect, and all payments were found."""
    drawer = desk.till.drawer
    every = Found(frozenset(one.key for one in drawer.payments_to_tick()))
    counts = (CashCount(value=1, pieces=drawer.expected()),)
    done = drawer.close(counts, "as it is", money=money or every).done.document
    assert isinstance(done, DrawerClose)
    return done


def test_an_honest_z_fits_in_one_batch_and_a_document_at_a_time(centre: Centre, desk: Desk) -> None:
    for code in ("QGH7SKLM01", "QGH7SKLM02"):
        desk.sell()
        by_mpesa(desk, code)
        # The second day is drained in one go with its close, the first a document at a time.
        if code.endswith("1"):
            desk.sync()
        done = close(desk)
        assert [(one.kind.value, one.times, one.counted) for one in done.other_money] == [
            ("mpesa", 1, done.other_money[0].expected)
        ]
        desk.sync()
        desk.till.drawer.open(1_000_00)
    desk.sync()
    assert kinds(centre) == []


def test_a_payment_that_nobody_found_is_told_and_is_no_lie(centre: Centre, desk: Desk) -> None:
    by_mpesa(desk, "QGH7SKLM01")
    done = close(desk, Found())
    (money,) = done.other_money
    assert (money.counted, [one.reference for one in money.missing]) == (0, ["QGH7SKLM01"])
    desk.sync()
    assert kinds(centre) == []


def lying(monkeypatch: pytest.MonkeyPatch, **lies: Callable[[DrawerClose], Any]) -> None:
    """The till's program is edited: its Z says something else of itself."""
    true = making_drawer.drawer_close

    def made(*given: Any, **named: Any) -> DrawerClose:
        honest = true(*given, **named)
        told = {name: lie(honest) for name, lie in lies.items()}
        return structs.replace(honest, **told)

    monkeypatch.setattr(making_drawer, "drawer_close", made)


def stretched(**changes: Any) -> Callable[[DrawerClose], Stretch]:
    def changed(honest: DrawerClose) -> Stretch:
        assert honest.stretch is not None
        told = {name: how(getattr(honest.stretch, name)) for name, how in changes.items()}
        return structs.replace(honest.stretch, **told)

    return changed


@pytest.mark.parametrize(
    ("lies", "expected"),
    [
        ({"stretch": stretched(sales=lambda was: was - 100)}, ["z-totals"]),
        ({"stretch": stretched(grand_total=lambda was: was + 5)}, ["z-totals"]),
        ({"stretch": stretched(first_seq=lambda was: was + 1)}, ["z-gap"]),
        ({"expected": lambda honest: honest.expected - 100_00}, ["z-cash"]),
        (
            {
                "other_money": lambda honest: tuple(
                    structs.replace(one, expected=one.expected - 1, counted=one.counted - 1)
                    for one in honest.other_money
                )
            },
            ["z-money"],
        ),
        (
            {
                "other_money": lambda honest: tuple(
                    structs.replace(one, kind=TenderKind.BANK) for one in honest.other_money
                )
            },
            ["z-money", "z-money"],
        ),
    ],
)
def test_a_z_that_says_what_its_documents_do_not_is_flagged(
    centre: Centre,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    lies: dict[str, Any],
    expected: list[str],
) -> None:
    # One of the two is at the centre already, the other comes in one push with the Z.
    desk.sell()
    by_mpesa(desk, "QGH7SKLM01")
    desk.sync()
    desk.sell()
    by_mpesa(desk, "QGH7SKLM02")
    lying(monkeypatch, **lies)
    close(desk)
    desk.sync()
    assert kinds(centre) == expected


def test_a_till_whose_file_was_edited_is_found_by_its_own_z(centre: Centre, desk: Desk) -> None:
    """Somebody with the key of the file makes last week's sale smaller; the Z is signed over the new sum."""
    desk.sell()
    desk.sync()
    forget_seals(desk)
    desk.edit("UPDATE document SET total = total - 5000 WHERE kind = 'sale'")
    done = close(desk)
    desk.sync()
    assert done.stretch is not None
    assert kinds(centre) == ["z-totals"]


def test_a_z_of_before_there_were_stretches_is_held_by_its_cash_alone(
    centre: Centre, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sell()
    with monkeypatch.context() as older:
        older.setattr(closing, "stretch", lambda *_: None)
        older.setattr(closing, "_told", lambda *_: making_drawer.CASH_ALONE)
        close(desk)
    desk.till.drawer.open(1_000_00)
    desk.sell()
    close(desk)
    desk.sync()
    assert kinds(centre) == []


@pytest.mark.parametrize("in_one_push", [True, False])
def test_a_second_z_of_a_shift_that_is_closed_is_flagged(
    centre: Centre, desk: Desk, monkeypatch: pytest.MonkeyPatch, *, in_one_push: bool
) -> None:
    """Its figures are those of a Z from the first document on: they add up, and count every receipt twice."""
    desk.sell()
    first = close(desk)
    desk.till.drawer.open(1_000_00)
    desk.sell()
    if not in_one_push:
        desk.sync()
    assert first.stretch is not None
    sales = first.stretch.sales
    lying(
        monkeypatch,
        shift=lambda _honest: first.shift,
        stretch=stretched(first_seq=lambda _was: 1, sales=lambda was: was + sales),
    )
    close(desk)
    desk.sync()
    assert kinds(centre) == ["z-gap", "z-totals"]
