"""A deposit slip is honoured at every till; what two tills pay out that were offline goes to a person."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.ledger.chit import barcode_of
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import Sale
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.documents import documents
from pos_app.store.engine.engine import Database
from pos_app.store.master.people import Person
from pos_app.store.organisation.master_import import put_products
from pos_app.store.organisation.product_row import ProductRow
from pos_app.till.session.recorded import Recorded
from pos_app.till.till import Till
from tests.support.refused import refused
from tests.support.worlds.sync_fixtures import Centre, drift

DEPOSIT = 2_500_00
VOUCHER = 500_00


class Window:
    """A till at work, and its daemon."""

    def __init__(self, centre: Centre, folder: Path) -> None:
        self.centre, self.line = centre, centre.till(folder)
        self.line.drain()
        self.till = Till(self.line.database, SystemClock())
        self.till._context.person = Person(centre.founded.owner_id, "OWNER", "Owner", "owner")
        self.till.drawer.open(9_000_00)

    def sync(self) -> None:
        self.line.drain()
        self.till.refresh()

    def buy(self, sku: str, pieces: int = 1, voucher: str = "", amount: int = 0) -> Recorded:
        """Sold for cash, with so much of it by voucher."""
        basket = self.till.baskets.new()
        basket.add(self.till.catalogue.scan(sku).product, pieces * ONE)
        taking = self.till.checkout(basket)
        if voucher:
            taking.add_tender(TenderKind.VOUCHER, amount, voucher)
        if taking.cash_due():
            taking.add_tender(TenderKind.CASH, taking.cash_due())
        return taking.complete()

    def sell(self, sku: str) -> str:
        """The number of the slip that comes with it."""
        key = self.buy(sku).document_id
        with self.till.database.read() as connection:
            sale = documents.get(connection, self.centre.org_id, key)
        assert isinstance(sale, Sale)
        chit = sale.lines[0].chit
        assert chit is not None
        return barcode_of(chit.role, chit.number)

    def pay_back(self, slip: str) -> None:
        taking = self.till.chits.pay_back(slip)
        taking.add_tender(TenderKind.CASH, taking.total)
        taking.complete()


@pytest.fixture
def centre(central: Database) -> Iterator[Centre]:
    made = Centre(central)
    sold = [
        ProductRow(1, "DEP", name="Deposit 13 kg", price=DEPOSIT),
        ProductRow(2, "GIFT", name="Voucher", price=VOUCHER, tax_code="VOUCHER"),
    ]
    with central.write() as connection:
        assert not put_products(connection, made.org_id, sold).refusals
    yield made
    made.close()


def owed(centre: Centre, account: str = "2320") -> int:
    with centre.database.read() as connection:
        return int(
            connection.execute(
                text("SELECT coalesce(sum(amount), 0) FROM account_balance WHERE account_code = :account"),
                {"account": account},
            ).scalar_one()
        )


def test_a_slip_is_honoured_at_another_till_and_by_two_offline_the_second_waits(
    centre: Centre, tmp_path: Path
) -> None:
    first, second = Window(centre, tmp_path / "a"), Window(centre, tmp_path / "b")
    slip = first.sell("DEP")
    with refused("chit-unknown"):
        second.pay_back(slip)
    first.sync()
    second.sync()
    # The line is down for both: each honours what it knows.
    first.pay_back(slip)
    second.pay_back(slip)
    first.sync()
    assert (owed(centre), centre.quarantine()) == (0, [])
    second.sync()
    (waiting,) = centre.quarantine()
    assert "nothing is left" in waiting.reason.lower()
    assert owed(centre) == 0
    third = Window(centre, tmp_path / "c")
    with refused("chit-spent"):
        third.pay_back(slip)
    assert [drift(line.database) for line in centre.tills] == [[], [], []]


def test_a_receipt_partly_paid_by_another_tills_voucher_is_refunded_in_part_and_voided(
    centre: Centre, tmp_path: Path
) -> None:
    issuer, other = Window(centre, tmp_path / "a"), Window(centre, tmp_path / "b")
    voucher = issuer.sell("GIFT")
    issuer.sync()
    other.sync()
    # Three at 200.00: 500.00 by the voucher, 100.00 in coins.
    sold = other.buy("SKU2", 3, voucher, VOUCHER)
    other.sync()
    issuer.sync()
    assert owed(centre, "2400") == 0
    with refused("chit-spent"):
        issuer.till.chits.find(voucher)
    found = other.till.refunds.find(sold.number)
    other.till.refunds.complete(found, {0: ONE}, TenderKind.VOUCHER, "wrong size")
    other.sync()
    issuer.sync()
    assert [one.till.chits.find(voucher).left for one in (issuer, other)] == [200_00, 200_00]
    # What was spent is not taken back with the receipt that issued it.
    with refused("chit-too-small"):
        issuer.till.voids.void(issued_by(issuer), "typed twice")
    rest = other.till.refunds.find(sold.number)
    assert rest.left == (2 * ONE,)
    more = issuer.buy("SKU1", 2, voucher, 150_00)
    issuer.sync()
    other.sync()
    issuer.till.voids.void(more.document_id, "typed twice")
    other.till.refunds.complete(rest, {0: 2 * ONE}, TenderKind.VOUCHER, "wrong size")
    for one in (issuer, other, issuer, other):
        one.sync()
    assert [one.till.chits.find(voucher).left for one in (issuer, other)] == [VOUCHER, VOUCHER]
    assert (owed(centre, "2400"), owed(centre, "4100")) == (-VOUCHER, 0)
    with other.till.database.read() as connection:
        assert set(connection.scalars(text("SELECT amount FROM drawer_cash WHERE amount <> 0"))) == {9_000_00}
    assert centre.quarantine() == []
    assert [drift(database) for database in (centre.database, *(line.database for line in centre.tills))] == [
        [],
        [],
        [],
    ]


def issued_by(window: Window) -> int:
    """The newest document that issued a chit."""
    with window.till.database.read() as connection:
        return int(
            connection.execute(
                text("SELECT max(document_id) FROM open_item WHERE document_id = invoice_id")
            ).scalar_one()
        )
