"""A centre to work at: an organisation of three businesses, two depots, people, parties, products, rates.

    desk = Desk.make(central)                 # 20 November 2026, nothing recorded yet
    desk.office                               # the accountant at work; `desk.as_("MGR")` is somebody else

Money in minor units (cents), quantities in thousandths.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import text

from pos_app.ledger.clock import SetClock
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.office import treasury
from pos_app.office.books import PostingDetails
from pos_app.office.masters import accounts, exchange_rates, parties
from pos_app.office.masters.parties import RoleTerms
from pos_app.office.office import Office
from pos_app.store.balances import balances
from pos_app.store.engine.engine import Database
from pos_app.store.organisation import founding
from pos_app.store.organisation.master_import import put_products
from pos_app.store.organisation.product_row import ProductRow
from pos_app.store.stock.recorded import Recorded
from pos_app.store.tables.projections import ACCOUNT_BALANCE, PARTY_BALANCE, PROJECTIONS, Projection

NOW: Final = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY: Final = 20261120
ONE: Final = 1_000
#: Shillings for a dollar, in millionths.
DOLLAR: Final = 129_500_000


@dataclass
class Desk:
    """The centre's database with an organisation in it, and whoever works there."""

    database: Database
    clock: SetClock
    org_id: int
    office: Office

    @classmethod
    def make(cls, database: Database) -> "Desk":
        """Found the organisation; the accountant is at work."""
        clock = SetClock(NOW)
        made = founding.found(database, "Depot Ltd", "KES", clock, owner_pin_hash="")
        org_id = made.org_id
        with database.write() as connection:
            water = founding.add_business(connection, org_id, "WATER", "Water")
            founding.add_business(connection, org_id, "WASH", "Laundry")
            founding.add_depot(connection, org_id, "WEST", "Westlands", number_prefix="W", business_id=water)
            for code, role in (("ACC", "accountant"), ("MGR", "manager"), ("AUD", "auditor")):
                founding.add_person(connection, org_id, code, code.title(), role=role, pin_hash="")
            rows = [
                ProductRow(1, "GAS", (), "Gas 13 kg", 2_320_00, "A", "Gas", "pc", made.business_id, 1),
                ProductRow(2, "HOSE", (), "Hose", 580_00, "A", "Gas", "m", made.business_id, 1),
                ProductRow(3, "REFILL", (), "Refill 20 l", 100_00, "E", "Water", "pc", water, 1),
                ProductRow(4, "SERVICE", (), "Service", 1_160_00, "A", "Work", "h", made.business_id, 0),
                ProductRow(5, "DEP", (), "Deposit 13 kg", 2_500_00, business_id=made.business_id),
            ]
            assert put_products(connection, org_id, rows).refusals == []
        owner = Office(database, clock, org_id, "OWNER")
        for code, name, roles in (
            ("C1", "Mama Kanini", [RoleTerms(PartyRole.CUSTOMER, 30, 20_000_00)]),
            ("C2", "Jamii School", [RoleTerms(PartyRole.CUSTOMER, 14), RoleTerms(PartyRole.VENDOR)]),
            ("V1", "Total Gas", [RoleTerms(PartyRole.VENDOR, 30)]),
            ("E1", "Wanjiru", [RoleTerms(PartyRole.EMPLOYEE, 0, 5_000_00)]),
            ("M1", "Otieno", [RoleTerms(PartyRole.MEMBER)]),
        ):
            parties.add_party(owner, code, name, roles)
        exchange_rates.set_rate(owner, "USD", DOLLAR, 20260101)
        # The bank lends, so that a test that is about something else need not bring the money first.
        for bank_account in ("1170", "1171"):
            accounts.let_overdraw(owner, bank_account, True)
        return cls(database, clock, org_id, Office(database, clock, org_id, "ACC"))

    def as_(self, person: str) -> Office:
        """Somebody else at work."""
        return Office(self.database, self.clock, self.org_id, person)

    def fill_safe(self, amount: int = 10_000_00, **occasion: Any) -> None:
        """Put cash into the safe, from the savings at the bank, which lends."""
        treasury.transfer(self.as_("OWNER"), "1171", "safe", amount, PostingDetails(**occasion))

    # --- what the books say -----------------------------------------------------------------------

    def balance(self, projection: Projection, **key: Any) -> dict[str, int]:
        """The cached values of one key."""
        with self.database.read() as connection:
            return balances.current(connection, projection, {"org_id": self.org_id, **key})

    def account(self, code: str, business_id: int = 1, currency: str = "KES") -> int:
        """What stands on an account of a business in a currency, in its minor units."""
        key = {"business_id": business_id, "account_code": code, "currency": currency}
        return self.balance(ACCOUNT_BALANCE, **key)["amount"]

    def base(self, code: str, business_id: int = 1) -> int:
        """What stands on an account of a business over all currencies, in base currency."""
        with self.database.read() as connection:
            found = connection.execute(
                text(
                    "SELECT coalesce(sum(base_amount), 0) FROM account_balance"
                    " WHERE org_id = :org AND business_id = :business AND account_code = :code"
                ),
                {"org": self.org_id, "business": business_id, "code": code},
            ).scalar_one()
        return int(found)

    def owes(self, party_code: str, role: PartyRole = PartyRole.CUSTOMER, currency: str = "KES") -> int:
        """What stands between us and a party."""
        with self.database.read() as connection:
            party_id = connection.execute(
                text("SELECT party_id FROM party WHERE org_id = :org AND code = :code"),
                {"org": self.org_id, "code": party_code},
            ).scalar_one()
        key = {"party_role": role.value, "party_id": party_id, "currency": currency}
        return self.balance(PARTY_BALANCE, **key)["amount"]

    def open(self, made: Recorded) -> int:
        """What is open of an invoice or a bill."""
        with self.database.read() as connection:
            return int(
                connection.execute(
                    text("SELECT sum(amount) FROM open_invoice WHERE org_id = :org AND invoice_id = :key"),
                    {"org": self.org_id, "key": made.document_id},
                ).scalar_one()
                or 0
            )

    def documents(self) -> list[str]:
        """The kinds of the documents of the centre's chain, in order."""
        with self.database.read() as connection:
            return list(
                connection.scalars(
                    text("SELECT kind FROM document WHERE org_id = :org ORDER BY document_id"),
                    {"org": self.org_id},
                )
            )

    def is_whole(self) -> bool:
        """Chain, seals, sums and projections hold; every business balances."""
        with self.database.read() as connection:
            drifts = [one for each in PROJECTIONS for one in balances.drifts(connection, each)]
            sums = connection.execute(
                text("SELECT business_id, sum(base_amount) FROM account_balance GROUP BY business_id")
            ).all()
        assert drifts == []
        assert all(row[1] == 0 for row in sums)
        return True


def cash(amount: int) -> list[TenderInput]:
    """Cash out of the safe, or into it."""
    return [TenderInput(TenderKind.CASH, amount)]


def bank(amount: int, reference: str = "") -> list[TenderInput]:
    """Money on the bank."""
    return [TenderInput(TenderKind.BANK, amount, reference)]


def on(day: int, **more: Any) -> PostingDetails:
    """An occasion on a day."""
    return PostingDetails(on=day, **more)
