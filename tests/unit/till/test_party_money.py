"""Money with a party beside trade: who may hand it out, to whom, how much, and in which currency."""

import pytest

from pos_app.ledger.document import PartyMoney
from pos_app.ledger.line import PartyRole
from pos_app.ledger.treasury import CREDIT_BACK, PAID_OUT, ROLE_OF, PartyReason
from pos_app.store.master import rates
from pos_app.till.session.errors import NeedsApproval
from pos_app.till.session.sign_in import Action
from tests.support.documents.specimens import ORG
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import (
    DOLLAR,
    EMPLOYEE,
    HOTEL,
    MEMBER,
    VENDOR,
    between,
    by_mpesa,
    drawer_of,
    in_cash,
    stands_elsewhere,
)
from tests.support.worlds.till_fixture import CASHIER, MANAGER, Shop

R = PartyReason
PARTIES = {
    PartyRole.EMPLOYEE: EMPLOYEE,
    PartyRole.MEMBER: MEMBER,
    PartyRole.SHAREHOLDER: MEMBER,
    PartyRole.DEPOSITOR: HOTEL.party_id,
    PartyRole.CUSTOMER: HOTEL.party_id,
    PartyRole.VENDOR: VENDOR,
}
FLOAT = 5_000_00


@pytest.mark.parametrize("reason", list(PartyReason))
def test_every_reason_moves_cash_and_balance(depot: Shop, reason: PartyReason) -> None:
    role = ROLE_OF[reason]
    party = PARTIES[role]
    if reason in CREDIT_BACK:
        stands_elsewhere(depot, role, party, 700_00 if role is PartyRole.VENDOR else -700_00)
    elif reason in PAID_OUT - {R.EMPLOYEE_ADVANCE}:
        into = {
            R.MEMBER_WITHDRAWAL: R.MEMBER_DEPOSIT,
            R.MEMBER_SHARE_RETURN: R.MEMBER_SHARE,
            R.CUSTOMER_DEPOSIT_RETURN: R.CUSTOMER_DEPOSIT,
        }[reason]
        depot.till.party_money.record(into, party, 700_00)
    cash, before = depot.cash(), between(depot, role, party)[0]
    done = depot.till.party_money.record(reason, party, 500_00, note="as agreed")
    sign = -1 if reason in PAID_OUT else 1
    assert depot.cash() == cash + sign * 500_00
    assert between(depot, role, party)[0] == before - sign * 500_00
    assert depot.till.party_money.balance(role, party) == before - sign * 500_00
    document = depot.document(done.document_id)
    assert isinstance(document, PartyMoney)
    assert (document.note, document.reason, done.number[:4]) == ("as agreed", reason, "K3-G")
    assert depot.print_jobs()[-1].kick


def test_change_of_a_deposit(depot: Shop) -> None:
    done = depot.till.party_money.record(R.MEMBER_DEPOSIT, MEMBER, 450_00, in_cash(500_00))
    assert done.change == 50_00
    assert depot.cash() == FLOAT + 450_00


def test_paying_out_needs_a_manager_and_taking_does_not(depot: Shop) -> None:
    depot.be(CASHIER)
    depot.till.party_money.record(R.MEMBER_DEPOSIT, MEMBER, 500_00)
    with pytest.raises(NeedsApproval) as needs:
        depot.till.party_money.record(R.MEMBER_WITHDRAWAL, MEMBER, 500_00)
    assert needs.value.action == Action.PARTY_MONEY.value
    done = depot.till.party_money.record(
        R.MEMBER_WITHDRAWAL, MEMBER, 500_00, approval=depot.approval(Action.PARTY_MONEY)
    )
    assert depot.document(done.document_id).approver_id == MANAGER.person_id


@pytest.mark.parametrize(
    ("reason", "party", "amount", "code"),
    [
        (R.MEMBER_DEPOSIT, HOTEL.party_id, 1_00, "party-not-in-role"),
        (R.EMPLOYEE_ADVANCE, MEMBER, 1_00, "party-not-in-role"),
        (R.CUSTOMER_DEPOSIT, VENDOR, 1_00, "party-not-in-role"),
        (R.MEMBER_DEPOSIT, 99_999, 1_00, "party-not-at-till"),
        (R.MEMBER_DEPOSIT, MEMBER, 0, "amount-not-positive"),
        (R.MEMBER_DEPOSIT, MEMBER, -5, "amount-not-positive"),
        (R.MEMBER_WITHDRAWAL, MEMBER, 1_00, "paid-out-more-than-held"),
        (R.CUSTOMER_DEPOSIT_RETURN, HOTEL.party_id, 1_00, "paid-out-more-than-held"),
        (R.CUSTOMER_CREDIT_RETURN, HOTEL.party_id, 1_00, "not-so-much-unallocated"),
        (R.VENDOR_PREPAYMENT_RETURN, VENDOR, 1_00, "not-so-much-unallocated"),
        (R.EMPLOYEE_ADVANCE, EMPLOYEE, 5_000_01, "advance-above-limit"),
        (R.MEMBER_DEPOSIT, MEMBER, 10**15, "amount-too-large"),
    ],
)
def test_bad_input_records_nothing(
    depot: Shop, reason: PartyReason, party: int, amount: int, code: str
) -> None:
    before = depot.count("document")
    with refused(code):
        depot.till.party_money.record(reason, party, amount)
    assert depot.count("document") == before


def test_no_more_goes_out_than_lies_in_the_drawer(depot: Shop) -> None:
    depot.till.party_money.record(R.MEMBER_DEPOSIT, MEMBER, 9_000_00, by_mpesa(9_000_00, "SLK4AB9Z01"))
    with refused("drawer-holds-too-little"):
        depot.till.party_money.record(R.MEMBER_WITHDRAWAL, MEMBER, 9_000_00)
    # Sent by M-Pesa it does not touch the drawer.
    depot.till.party_money.record(R.MEMBER_WITHDRAWAL, MEMBER, 9_000_00, by_mpesa(9_000_00, "SLK4AB9Z02"))
    with refused("mpesa-code-used"):
        depot.till.party_money.record(R.MEMBER_DEPOSIT, MEMBER, 1_00, by_mpesa(1_00, "SLK4AB9Z01"))


def test_what_we_hand_out_is_exact(depot: Shop) -> None:
    with refused("payout-not-exact"):
        depot.till.party_money.record(R.EMPLOYEE_ADVANCE, EMPLOYEE, 450_00, in_cash(500_00))
    with refused("still-due"):
        depot.till.party_money.record(R.EMPLOYEE_ADVANCE, EMPLOYEE, 450_00, in_cash(400_00))


def test_the_same_request_is_the_same_document(depot: Shop) -> None:
    request = "ab" * 16
    first = depot.till.party_money.record(R.EMPLOYEE_ADVANCE, EMPLOYEE, 5_000_00, request_id=request)
    # The limit and the drawer are used up by the advance itself; pressed again it is the same one.
    again = depot.till.party_money.record(R.EMPLOYEE_ADVANCE, EMPLOYEE, 5_000_00, request_id=request)
    assert again == first
    assert between(depot, PartyRole.EMPLOYEE, EMPLOYEE)[0] == 5_000_00


def test_a_deposit_in_dollars_goes_back_at_the_rate_at_which_it_came(depot: Shop) -> None:
    depot.till.party_money.record(R.CUSTOMER_DEPOSIT, HOTEL.party_id, 100_00, currency="USD")
    worth = 100_00 * DOLLAR // 1_000_000
    assert between(depot, PartyRole.DEPOSITOR, HOTEL.party_id, "USD") == (-100_00, -worth)
    assert (drawer_of(depot, "USD"), depot.cash()) == (100_00, FLOAT)
    with depot.database.write() as connection:
        rates.put_exchange_rate(connection, ORG, "USD", 20261101, 135_000_000)
    depot.till.party_money.record(R.CUSTOMER_DEPOSIT_RETURN, HOTEL.party_id, 100_00, currency="USD")
    assert between(depot, PartyRole.DEPOSITOR, HOTEL.party_id, "USD") == (0, 0)
    assert drawer_of(depot, "USD") == 0


def test_cash_moves_in_an_open_drawer_only(depot: Shop) -> None:
    depot.till.drawer.close((), "not counted")
    with refused("drawer-not-open"):
        depot.till.party_money.record(R.MEMBER_DEPOSIT, MEMBER, 1_00)
    depot.till.party_money.record(R.MEMBER_DEPOSIT, MEMBER, 1_00, by_mpesa(1_00, "SLK4AB9Z01"))
