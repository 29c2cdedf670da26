"""The cash of a shift by reason: it comes to what is expected, on the review and on the Z report."""

import pytest

from pos_app.devices.typeset import Line, typeset
from pos_app.ledger.document import CashReason
from pos_app.ledger.errors import Refused
from pos_app.ledger.head import kind_of
from pos_app.ledger.line import CashCount, TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.posting.rules import post
from pos_app.ledger.tax import NO_SALE
from pos_app.ledger.treasury import PartyReason
from pos_app.till.drawer.drawer_flows import OF_KIND, SAY_WHY, Flow
from pos_app.till.drawer.expense import Spent
from pos_app.till.drawer.money_transfer import MoneyAccount
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action
from tests.support.documents.golden import FIXED
from tests.support.worlds.depot_fixture import EMPLOYEE, MEMBER, by_mpesa, in_cash
from tests.support.worlds.till_fixture import CASHIER, MANAGER, Shop

FLOAT = 5_000_00


def spend_a_day(depot: Shop) -> None:
    """Cash in and out of the drawer, for every reason that a depot has beside sales."""
    till = depot.till
    depot.sell("GAS13")
    till.expenses.pay([Spent("Tea", 100_00), Spent("Diesel", 250_00, "6130")])
    till.expenses.pay([Spent("Soap", 40_00)])
    till.expenses.pay([Spent("Rent", 900_00)], by_mpesa(900_00, "SLK4AB9Z01"))
    till.party_money.record(PartyReason.EMPLOYEE_ADVANCE, EMPLOYEE, 700_00)
    till.party_money.record(PartyReason.EMPLOYEE_REPAYMENT, EMPLOYEE, 200_00)
    till.party_money.record(PartyReason.MEMBER_DEPOSIT, MEMBER, 800_00, in_cash(1_000_00))
    till.party_money.record(PartyReason.MEMBER_WITHDRAWAL, MEMBER, 300_00)
    till.money_transfers.move(MoneyAccount.DRAWER, MoneyAccount.BANK, 1_000_00)
    till.money_transfers.move(MoneyAccount.SAFE, MoneyAccount.DRAWER, 400_00)
    till.money_transfers.move(MoneyAccount.SAFE, MoneyAccount.BANK, 50_00)
    till.drawer.move(CashReason.PAY_OUT, 20_00, "Sugar")
    till.drawer.move(CashReason.SAFE_DROP, 500_00, "")


def flows_of(depot: Shop) -> dict[str, tuple[int, int]]:
    return {flow.reason: (flow.amount, flow.times) for flow in depot.till.drawer.flows()}


def test_every_reason_by_itself_and_together_what_is_expected(depot: Shop) -> None:
    spend_a_day(depot)
    flows = flows_of(depot)
    assert flows == {
        "float": (FLOAT, 1),
        "sale": (2_320_00, 1),
        "expense": (-390_00, 2),
        "employee_advance": (-700_00, 1),
        "employee_repayment": (200_00, 1),
        "member_deposit": (800_00, 1),
        "member_withdrawal": (-300_00, 1),
        "transfer_out": (-1_000_00, 1),
        "transfer_in": (400_00, 1),
        "pay_out": (-20_00, 1),
        "safe_drop": (-500_00, 1),
    }
    expected = depot.till.drawer.expected()
    assert sum(amount for amount, _times in flows.values()) == expected == depot.cash()


def test_a_void_stands_beside_what_it_voids(depot: Shop) -> None:
    done = depot.till.expenses.pay([Spent("Tea", 100_00)])
    depot.till.voids.void(done.document_id, "wrong paper")
    assert flows_of(depot) == {
        "float": (FLOAT, 1),
        "expense": (-100_00, 1),
        "reversal": (100_00, 1),
    }


def test_what_no_reason_is_known_for_is_other_and_not_lost(depot: Shop) -> None:
    depot.till.drawer.close((CashCount(value=1000_00, pieces=5),))
    depot.open_drawer(100_00)
    shift = depot.till._context.shift
    assert shift is not None
    from pos_app.till.drawer import drawer_flows

    with depot.database.read() as connection:
        found = drawer_flows.of_shift(
            connection, depot.till._context, shift.document_id, "KES", expected=130_00
        )
    assert found == (Flow("float", 100_00, 1), Flow("other", 30_00, 0))


def test_a_currency_has_its_own(depot: Shop) -> None:
    taking = depot.till.receive_payment(depot.till.customers.search("Lake")[0], 1_295_00)
    taking.add_tender(TenderKind.CASH, 10_00, currency="USD")
    taking.complete()
    assert [flow.reason for flow in depot.till.drawer.flows()] == ["float"]
    assert depot.till.drawer.flows(currency="USD") == (Flow("payment", 10_00, 1),)


def test_only_who_may_close_is_told(depot: Shop) -> None:
    depot.be(CASHIER)
    with pytest.raises(NeedsApproval) as needs:
        depot.till.drawer.flows()
    assert needs.value.action == Action.CLOSE_DRAWER.value
    assert depot.till.drawer.flows(depot.approval(Action.CLOSE_DRAWER))


def paper(depot: Shop, document_id: int) -> list[str]:
    """The lines of the paper that was queued for a document."""
    job = next(job for job in depot.print_jobs() if job.document_id == document_id)
    return [
        " ".join(piece.text.split())
        for piece in typeset(paper_of(depot.till._context, job))
        if isinstance(piece, Line)
    ]


def test_the_z_report_says_it_by_reason_and_stays_so(depot: Shop) -> None:
    spend_a_day(depot)
    expected = depot.till.drawer.expected()
    closed = depot.till.drawer.close((CashCount(value=1000_00, pieces=5),), "counted twice")
    depot.open_drawer(1_000_00)
    depot.till.expenses.pay([Spent("Tea of the next shift", 11_00)])
    lines = paper(depot, closed.done.document_id)
    wanted = ["Float 5,000.00", "Sales in cash 2,320.00", "Expenses (2) −390.00", "Employee advance −700.00"]
    wanted += ["Member withdrawal −300.00", "Moved out of the drawer −1,000.00", "To the safe −500.00"]
    for line in wanted:
        assert line in lines
    assert closed.expected == expected
    assert any(line.startswith("Expected") for line in lines)


@pytest.mark.parametrize("given", [(), (TenderInput(TenderKind.MPESA, 100_00, "SLK4AB9Z01"),)])
def test_money_that_leaves_us_is_signed_for(depot: Shop, given: tuple[TenderInput, ...]) -> None:
    depot.be(CASHIER)
    till = depot.till
    expense = till.expenses.pay(
        [Spent("Tea", 100_00)], given, reference="R 5", approval=depot.approval(Action.EXPENSE)
    )
    lines = paper(depot, expense.document_id)
    assert {"EXPENSE", "Petty cash expenses", "Their paper R 5", f"Approved by {MANAGER.name}"} <= set(lines)
    assert any(line.startswith("Received by ___") for line in lines)


def test_the_papers_of_a_party_and_of_a_move(depot: Shop) -> None:
    till = depot.till
    advance = till.party_money.record(PartyReason.EMPLOYEE_ADVANCE, EMPLOYEE, 700_00)
    lines = paper(depot, advance.document_id)
    assert {"EMPLOYEE ADVANCE", "Employee Kamau", "Balance now owed 700.00"} <= set(lines)
    assert any(line.startswith("Received by ___") for line in lines)
    deposit = till.party_money.record(PartyReason.MEMBER_DEPOSIT, MEMBER, 800_00)
    lines = paper(depot, deposit.document_id)
    assert {"MEMBER DEPOSIT", "Member Achieng", "Balance now with us 800.00"} <= set(lines)
    assert not any(line.startswith("Received by") for line in lines)
    move = till.money_transfers.move(MoneyAccount.DRAWER, MoneyAccount.BANK, 100_00, reference="slip 7")
    lines = paper(depot, move.document_id)
    assert {"MONEY MOVED", "To Bank, main account", "Reference slip 7"} <= set(lines)
    assert any(line.startswith("From Cash") for line in lines)


def test_cash_out_is_signed_for_and_the_safe_is_not(depot: Shop) -> None:
    out = depot.till.drawer.move(CashReason.PAY_OUT, 20_00, "Sugar")
    assert [(job.what, job.kick) for job in depot.print_jobs()][-1] == ("receipt", True)
    assert any(line.startswith("Received by ___") for line in paper(depot, out.document_id))
    depot.till.drawer.move(CashReason.SAFE_DROP, 20_00, "")
    assert [(job.what, job.kick) for job in depot.print_jobs()][-1] == ("kick", True)


def test_what_an_expense_offers(depot: Shop) -> None:
    names = {one.code: one for one in depot.till.expenses.taxes()}
    assert (names["A"].terms.is_inclusive, names["X"].terms.is_inclusive) == (True, False)
    codes = [one.code for one in depot.till.expenses.accounts()]
    assert depot.till.expenses.petty_cash() in codes
    assert not {"6900", "6950", "5900", "5910"} & set(codes)
    assert depot.till.expenses.total([Spent("Repair", 100_00, tax_code="X"), Spent("Tea", 50_00)]) == 166_00


@pytest.mark.parametrize("code", sorted(NO_SALE))
def test_an_expense_is_no_deposit_and_no_voucher(depot: Shop, code: str) -> None:
    """A deposit and a voucher are for what is supplied later; what was paid for was supplied."""
    assert code not in {one.code for one in depot.till.expenses.taxes()}
    with pytest.raises(Refused) as refused:
        depot.till.expenses.pay([Spent("Diesel", 100_00, "6130", code)])
    assert refused.value.code == "tax-code-no-sale"


def test_every_type_that_moves_a_drawer_says_why() -> None:
    """What has no reason of its own is "Other" on the Z report; the close itself stands below the sum."""
    moving = {
        kind_of(document)
        for document in FIXED
        if any(line.drawer_id is not None for line in post(document).lines)
    } - {"drawer_close"}
    assert {"sale", "expense", "party_money"} <= moving
    assert moving - OF_KIND.keys() - set(SAY_WHY) == set(), "give it a reason in till/drawer/drawer_flows.py"
