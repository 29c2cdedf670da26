"""The count of a close is sealed before the sum is told, and no sentence tells it to who counts blind."""

import json
import logging
from collections.abc import Callable

import pytest
from sqlalchemy import text

from pos_app.ledger.document import CashReason
from pos_app.ledger.errors import BohariError, Refused
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.ledger.money import grouped_text
from pos_app.ledger.permission import WORDS, Permission
from pos_app.store.organisation.rights import Standing
from pos_app.till.drawer import count_seal
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action
from tests.support.refused import raises, refused
from tests.support.worlds.till_fixture import CASHIER, MANAGER, PINS, Shop

FLOAT = 7_313_37
#: Float and one sale: a sum that stands nowhere by chance.
SUM = FLOAT + 2_320_00


def notes(*pieces: tuple[int, int]) -> tuple[CashCount, ...]:
    return tuple(CashCount(value=value * 100, pieces=count) for value, count in pieces)


def counts_of(shop: Shop) -> list[count_seal.Sealed]:
    context = shop.till._context
    with shop.database.read() as connection:
        return count_seal.sealed(connection, context, context.open_shift())


@pytest.fixture
def counting(closed_shop: Shop) -> Shop:
    """A cashier with one sale in a drawer whose sum nobody guesses."""
    closed_shop.be(CASHIER)
    closed_shop.open_drawer(FLOAT)
    taking = closed_shop.till.checkout(closed_shop.basket("GAS13"))
    taking.add_tender(TenderKind.CASH, 2_320_00)
    taking.complete()
    assert closed_shop.cash() == SUM
    return closed_shop


def test_a_fixed_count_survives_the_plug_and_nobody_changes_it(counting: Shop) -> None:
    counting.till.drawer.fix_count({"KES": notes((1000, 9), (50, 3))})
    counting.restart()
    counting.be(CASHIER)
    (first,) = counts_of(counting)
    assert json.loads(first.told) == {
        "counted": {"KES": 9_150_00},
        "pieces": {"KES": {"100000": 9, "5000": 3}},
        "behind": 2,
    }
    for sql in ("UPDATE audit_log SET after = ''", "DELETE FROM audit_log"):
        with pytest.raises(Exception, match="audit log"), counting.database.write() as connection:
            connection.execute(text(sql))
    assert counts_of(counting) == [first]


def test_a_second_count_is_a_record_that_names_the_first(counting: Shop) -> None:
    fix = counting.till.drawer.fix_count
    fix({"KES": notes((1000, 9))})
    fix({"KES": notes((1000, 9))})
    assert len(counts_of(counting)) == 1
    fix({"KES": notes((1000, 8))})
    first, second = counts_of(counting)
    with counting.database.read() as connection:
        before = connection.execute(
            text("SELECT before FROM audit_log WHERE entry_id = :entry"), {"entry": second.entry_id}
        ).scalar_one()
    assert json.loads(before) == {"first": first.entry_id, "count": 1}


@pytest.mark.parametrize(
    ("value", "pieces"), [(1000_00, 10**12), (1, 2**62), (1, 2**63), (1000_00, -1), (-5, 1), (0, 1)]
)
def test_a_count_that_no_close_can_name_is_not_sealed(counting: Shop, value: int, pieces: int) -> None:
    """A barcode in the field of the thousands: sealed as the first count, no Z could have named it."""
    odd = (CashCount(value=value, pieces=pieces),)
    for counts in ({"KES": odd}, {"KES": notes((1000, 9)), "USD": odd}):
        with pytest.raises(Refused):
            counting.till.drawer.fix_count(counts)
    assert counts_of(counting) == []
    approval = counting.till.sign_in.approve(PINS[MANAGER.person_id], Action.CLOSE_DRAWER)
    assert counting.till.drawer.close(notes((1000, 9)), "as it is", approval).counted == 9_000_00


def test_a_close_with_another_count_than_was_sealed_leaves_both(counting: Shop) -> None:
    counting.till.drawer.fix_count({"KES": notes((1000, 9))})
    approval = counting.till.sign_in.approve(PINS[MANAGER.person_id], Action.CLOSE_DRAWER)
    shift = counting.till._context.open_shift()
    counting.till.drawer.close(notes((1000, 7)), "told the sum", approval)
    with counting.database.read() as connection:
        found = count_seal.sealed(connection, counting.till._context, shift)
    assert [json.loads(one.told)["counted"]["KES"] for one in found] == [9_000_00, 7_000_00]


def test_a_shift_that_ended_is_counted_no_more(closed_shop: Shop) -> None:
    closed_shop.be(CASHIER)
    with refused("drawer-not-open"):
        closed_shop.till.drawer.fix_count({"KES": ()})


def _tries(shop: Shop) -> list[Callable[[], object]]:
    """What a cashier may try to hear the sum by: ask for more than any drawer holds, in every way."""
    till, drawer = shop.till, shop.till.drawer
    out = till.sign_in.approve(PINS[MANAGER.person_id], Action.CASH_OUT)

    def change() -> object:
        taking = till.checkout(shop.basket("REG"))
        taking.add_tender(TenderKind.MPESA, 90_000_00, "QGH7XXXX12")
        return taking.complete()

    return [
        drawer.expected,
        drawer.flows,
        lambda: drawer.close(notes((1000, 1))),
        lambda: drawer.close(()),
        lambda: drawer.move(CashReason.PAY_OUT, SUM + 1, "ice", approval=out),
        lambda: drawer.move(CashReason.SAFE_DROP, SUM + 1, "", approval=out),
        change,
        lambda: drawer.kick("look"),
    ]


def test_no_sentence_slip_or_log_line_tells_a_cashier_the_sum(
    counting: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    heard: list[str] = []
    for act in _tries(counting):
        with pytest.raises(BohariError) as told:
            act()
        heard += [told.value.sentence, told.value.said.spoken, repr(told.value.facts), repr(told.value.args)]
    for job in counting.print_jobs():
        heard.append(repr(counting.till.paper_of(job, 42)))
    heard += [f"{record.getMessage()} {record.__dict__}" for record in caplog.records]
    said = " ".join(heard)
    currency = counting.till.currency
    for shown in (grouped_text(SUM, currency), f"{SUM / 100:.2f}", str(SUM)):
        assert shown not in said
    # Who may close hears it.
    counting.be(MANAGER)
    assert counting.till.drawer.expected() == SUM


def test_the_sum_is_told_after_a_managers_pin_only(counting: Shop) -> None:
    with pytest.raises(NeedsApproval):
        counting.till.drawer.expected()
    approval = counting.till.sign_in.approve(PINS[MANAGER.person_id], Action.CLOSE_DRAWER)
    assert counting.till.drawer.expected(approval) == SUM


def test_reports_on_the_till_are_not_for_who_counts_it_blind(
    counting: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A role that sells, counts and sees reports; the day of the depot says what each drawer holds now."""
    context, reports = counting.till._context, counting.till.reports()
    sees, counts, closes = Permission.SEE_REPORTS, Permission.DRAWER, Permission.CLOSE_DRAWER

    def ask(*may: Permission) -> None:
        held = Standing(frozenset(one.value for one in may), 0, 2**63)
        monkeypatch.setattr(context, "standing", lambda _person_id: held)
        counting.be(CASHIER)
        reports.need()

    with raises(Refused, "person-may-not-here", deed=WORDS[closes]):
        ask(sees, counts)
    ask(sees)
    ask(sees, counts, closes)
    counting.rule(HouseRule.BLIND_CLOSE, 0)
    ask(sees, counts)
