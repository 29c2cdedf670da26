"""A till at work without a server: an enrolled, stocked database and what people do at it.

`make_till_database` writes the file; `Shop` opens it and speaks for the people in the shop:

    shop = Shop.make(tmp_path)                # enrolled, stocked, nobody signed in, drawer closed
    shop.be(CASHIER)                          # without the slow PIN; `shop.till.sign_in` is the real way
    shop.open_drawer(5_000_00)
    done = shop.sell("GAS13", "REG")          # exact cash
    shop.restart()                            # the program was closed and started again

Money in minor units (cents of a shilling), quantities in thousandths.
"""

import functools
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table, text

from pos_app.bootstrap import TERMINAL_KEY, till_signing
from pos_app.devices import barcode
from pos_app.ledger import canonical
from pos_app.ledger.chart import SHARED_ACCOUNTS, business_accounts
from pos_app.ledger.chit import barcode_of
from pos_app.ledger.clock import SetClock
from pos_app.ledger.document import Document
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import TenderKind
from pos_app.ledger.permission import HISTORIAN
from pos_app.ledger.quantity import ONE
from pos_app.store.balances import balances
from pos_app.store.balances.balances import Drift
from pos_app.store.documents import documents, terminal
from pos_app.store.documents.terminal import Terminal
from pos_app.store.engine import terminal_key
from pos_app.store.engine.engine import Database, open_sqlite
from pos_app.store.journal.print_jobs import PrintJob
from pos_app.store.master.people import Party, Person
from pos_app.store.organisation import rights, staff
from pos_app.store.tables import master
from pos_app.store.tables.projections import DRAWER_CASH, PARTY_BALANCE, PROJECTIONS, STOCK_LEVEL
from pos_app.till.selling.basket import Basket
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Action, Approval, hash_pin
from pos_app.till.till import Till
from tests.support.documents.specimens import DEPOT, DRAWER, LOCATION, MOMENT, ORG, TILL
from tests.support.worlds.prepared import write_private, written_once

KEY: Final = bytes(range(32))
FILE: Final = "till.db"

CASHIER: Final = Person(42, "wanjiru", "Wanjiru", "cashier")
MANAGER: Final = Person(43, "otieno", "Otieno", "manager")
OWNER: Final = Person(44, "amina", "Amina", "owner")
#: Of another depot, and one who left.
STRANGER: Final = Person(45, "juma", "Juma", "cashier")
FORMER: Final = Person(46, "peter", "Peter", "manager")
PINS: Final = {42: "4242", 43: "434343", 44: "44444444", 45: "4545", 46: "4646"}

LPG, WATER, LAUNDRY = 1, 2, 3
_BUSINESS_NAMES: Final = {LPG: "LPG & retail", WATER: "Water", LAUNDRY: "Laundry"}


class Stock(NamedTuple):
    """A product of the fixture; `price` in cents."""

    product_id: int
    sku: str
    name: str
    price: int
    tax_code: str
    business_id: int
    unit: str = "pc"
    stocked: bool = True

    @property
    def barcode(self) -> str:
        """A valid EAN-13."""
        digits = f"6161100000{self.product_id:02d}"
        return f"{digits}{barcode.check_digit(digits)}"


#: A: 16 % inclusive. B: 8 % inclusive. E: exempt. X: 16 % on top.
PRODUCTS: Final = {
    one.sku: one
    for one in (
        Stock(1, "GAS13", "Gas 13 kg, refill", 2_320_00, "A", LPG),
        Stock(2, "GAS6", "Gas 6 kg, refill", 1_160_00, "A", LPG),
        Stock(3, "REG", "Regulator", 850_00, "A", LPG),
        Stock(4, "WATER20", "Water 20 l, refill", 150_00, "E", WATER, stocked=False),
        Stock(5, "BOTTLE20", "Bottle 20 l", 900_00, "A", WATER),
        Stock(6, "WASH", "Wash and fold", 250_00, "X", LAUNDRY, "kg", stocked=False),
        Stock(7, "SOAP", "Soap", 99_99, "A", LPG),
        Stock(8, "MATCHES", "Matches", 10_40, "B", LPG),
        Stock(9, "HOSE", "Gas hose", 333_33, "A", LPG, "m"),
        Stock(10, "CLIP", "Hose clip", 5, "E", LPG),
        Stock(11, "SAMPLE", "Free sample", 0, "E", LPG),
        Stock(12, "DEP13", "Deposit 13 kg", 2_500_00, "DEPOSIT", LPG, stocked=False),
        Stock(13, "GIFT", "Voucher", 1_000_00, "VOUCHER", LPG, stocked=False),
    )
}
_TAX_CODES: Final = {
    "A": (1600, 1),
    "B": (800, 1),
    "E": (0, 1),
    "X": (1600, 0),
    "DEPOSIT": (0, 1),
    "VOUCHER": (0, 1),
}

#: A good one with a limit of 50,000.00; one without credit; one who is gone.
GOOD: Final = Party(501, "C501", "Mama Njeri Hotel", "0712000501", 50_000_00, active=True)
NO_CREDIT: Final = Party(502, "C502", "Baraka Kiosk", "0712000502", 0, active=True)
GONE: Final = Party(503, "C503", "Old Mill", "", 1_000_00, active=False)


@functools.cache
def pin_hash(person_id: int) -> str:
    """The hash of a person's PIN; slow on purpose, so made once."""
    return hash_pin(PINS[person_id])


def make_till_database(folder: Path, *, terminal_no: int = TILL, cash_step: int = 1) -> Path:
    """Write an enrolled till's database file; gives its path."""
    path = folder / FILE
    write_private(path, _till_file(terminal_no, cash_step))
    return path


@functools.cache
def _till_file(terminal_no: int, cash_step: int) -> bytes:
    def fill(database: Database) -> None:
        with database.write() as connection:
            terminal.save(connection, Terminal(ORG, terminal_no, DEPOT, DRAWER))
            fill_master(connection, terminal_no, cash_step)
            connection.execute(
                text("INSERT INTO feed_cursor (kind, stamp, last_key) VALUES ('product', 1, '[1]')")
            )

    return written_once(KEY, fill)


def _put(connection: Connection, table: Table, **values: Any) -> None:
    connection.execute(table.insert().values(org_id=ORG, **values))


def fill_master(connection: Connection, terminal_no: int, cash_step: int) -> None:
    """The master data that the feed would have brought."""

    put = functools.partial(_put, connection)
    put(
        master.organisation,
        organisation_id=ORG,
        name="Bohari Depots",
        base_currency="KES",
        time_zone="Africa/Nairobi",
        cash_step=cash_step,
    )
    accounts = list(SHARED_ACCOUNTS)
    for ordinal, (business_id, name) in enumerate(_BUSINESS_NAMES.items()):
        put(master.business, business_id=business_id, code=f"B{business_id}", name=name)
        accounts += business_accounts(ordinal, business_id, name)
    for one in accounts:
        role = one.role.value if one.role else None
        put(
            master.account,
            code=one.code,
            name=one.name,
            type=one.type.value,
            role=role,
            business_id=one.business_id,
        )
    for code, (rate_bp, inclusive) in _TAX_CODES.items():
        treatment = "inclusive" if inclusive else "exclusive"
        put(master.tax_code, code=code, name=f"VAT {code}", treatment=treatment)
        put(master.tax_rate, code=code, valid_from=0, rate_bp=rate_bp)
    put(master.location, location_id=LOCATION, code="K", name="Kilimani", kind="depot", depot_id=DEPOT)
    put(
        master.depot,
        depot_id=DEPOT,
        code="KIL",
        name="Kilimani",
        letter="K",
        business_id=LPG,
        location_id=LOCATION,
    )
    put(master.drawer, drawer_id=DRAWER, code="K-1", depot_id=DEPOT, terminal_no=terminal_no)
    _fill_people(connection)
    _fill_products(connection)


def _fill_people(connection: Connection) -> None:
    put = functools.partial(_put, connection)
    staff.add_default_roles(connection, ORG)
    for person in (CASHIER, MANAGER, OWNER, STRANGER, FORMER):
        put(
            master.person,
            person_id=person.person_id,
            code=person.code,
            name=person.name,
            role=person.role,
            pin_hash=pin_hash(person.person_id),
            depot_id={STRANGER: DEPOT + 1, OWNER: None}.get(person, DEPOT),
            active=int(person is not FORMER),
        )
        put(
            master.person_role,
            assignment_id=person.person_id,
            person_id=person.person_id,
            role=person.role,
            depot_id={STRANGER: DEPOT + 1, OWNER: None}.get(person, DEPOT),
            valid_to_us=1 if person is FORMER else None,
        )
    for party in (GOOD, NO_CREDIT, GONE):
        put(
            master.party,
            party_id=party.party_id,
            code=party.code,
            name=party.name,
            phone=party.phone,
            active=int(party.active),
        )
        put(
            master.party_role,
            party_id=party.party_id,
            role="customer",
            credit_limit=party.credit_limit,
        )


def _fill_products(connection: Connection) -> None:
    put = functools.partial(_put, connection)
    for product in PRODUCTS.values():
        put(
            master.product,
            product_id=product.product_id,
            sku=product.sku,
            name=product.name,
            price=product.price,
            tax_code=product.tax_code,
            category="Gas" if product.sku.startswith("GAS") else "Other",
            unit=product.unit,
            business_id=product.business_id,
            stocked=int(product.stocked),
            on_shelf=1,
        )
        put(master.product_barcode, barcode=product.barcode, product_id=product.product_id)


@dataclass
class Shop:
    """One till with its people.  `till` is the product; the rest is what a test would say by hand."""

    path: Path
    clock: SetClock
    database: Database
    till: Till

    @classmethod
    def make(cls, folder: Path, *, terminal_no: int = TILL, cash_step: int = 1) -> "Shop":
        """A fresh shop: enrolled and stocked, nobody signed in, the drawer closed."""
        return cls.at(make_till_database(folder, terminal_no=terminal_no, cash_step=cash_step))

    @classmethod
    def at(cls, path: Path, clock: SetClock | None = None) -> "Shop":
        """The shop of a database file that is there already."""
        clock = clock or SetClock(MOMENT)
        database = open_sqlite(path, KEY)
        terminal_key.load_or_make(path.parent / TERMINAL_KEY)
        database.sign_with(till_signing(path.parent))
        return cls(path, clock, database, Till(database, clock))

    def restart(self, pause: timedelta = timedelta()) -> None:
        """Close the program and start it again; nobody is signed in then."""
        self.database.close()
        self.clock.advance(pause)
        again = Shop.at(self.path, self.clock)
        self.database, self.till = again.database, again.till

    # --- people ---------------------------------------------------------------------------------

    def be(self, person: Person) -> None:
        """This person is at the till."""
        self.till._context.person = person

    def rule(self, which: HouseRule, value: int) -> None:
        """The house rules this for all depots, and the till has heard it."""
        with self.database.write() as connection:
            connection.execute(
                text(
                    "INSERT OR REPLACE INTO house_rule (org_id, name, depot_id, value) VALUES (:o, :n, 0, :v)"
                ),
                {"o": ORG, "n": which.value, "v": value},
            )
            connection.execute(text("UPDATE feed_cursor SET stamp = stamp + 1"))
        self.till.refresh()

    def permit_history(self) -> None:
        """The owner may bring history in, as after `bohari import permit` has travelled."""
        with self.database.write() as connection:
            _put(
                connection,
                master.person_role,
                assignment_id=1_000,
                person_id=OWNER.person_id,
                role=HISTORIAN,
                depot_id=DEPOT,
            )
            self.till._context.rights = rights.load(connection, ORG)
        self.till.sign_in.proved(OWNER.person_id)

    def approval(self, action: Action) -> Approval:
        """The manager agreed."""
        return Approval(MANAGER, action)

    # --- selling --------------------------------------------------------------------------------

    def open_drawer(self, float_amount: int = 5_000_00) -> Recorded:
        """Begin a shift."""
        return self.till.drawer.open(float_amount)

    def basket(self, *skus: str, quantity: int = ONE) -> Basket:
        """A basket with these products."""
        basket = self.till.baskets.new()
        for sku in skus:
            basket.add(self.till.catalogue.scan(sku).product, quantity)
        return basket

    def pay_cash(self, basket: Basket, given: int | None = None) -> Recorded:
        """Pay a basket in cash, exactly or with `given`; gives what was recorded."""
        checkout = self.till.checkout(basket)
        due = checkout.cash_due()
        if due or given:
            checkout.add_tender(TenderKind.CASH, given if given is not None else due)
        return checkout.complete()

    def sell(self, *skus: str, quantity: int = ONE, given: int | None = None) -> Recorded:
        """Sell these products for cash."""
        return self.pay_cash(self.basket(*skus, quantity=quantity), given)

    def slip(self, sold: Recorded, place: int = 0) -> str:
        """The number of the voucher or deposit slip that a line of a sale issued, as its bar code has it."""
        chit = self.document(sold.document_id).lines[place].chit
        assert chit is not None
        return barcode_of(chit.role, chit.number)

    def sell_on_account(self, party: Party, *skus: str, quantity: int = ONE) -> Recorded:
        """Sell these products on a customer's account."""
        basket = self.basket(*skus, quantity=quantity)
        basket.set_customer(party)
        checkout = self.till.checkout(basket)
        checkout.add_tender(TenderKind.ACCOUNT, basket.totals().total)
        return checkout.complete()

    # --- looking --------------------------------------------------------------------------------

    def document(self, document_id: int) -> Any:
        """A recorded document."""
        with self.database.read() as connection:
            found = documents.get(connection, ORG, document_id)
        assert found is not None
        return found

    def documents(self) -> list[Document]:
        """All recorded documents in order, after checking that they are a whole chain."""
        with self.database.read() as connection:
            rows = connection.execute(
                text("SELECT seq, prev_hash, hash, body FROM document ORDER BY seq")
            ).all()
        previous = canonical.genesis(ORG, self.till.terminal_no)
        found = []
        for place, row in enumerate(rows, start=1):
            assert row.seq == place
            assert bytes(row.prev_hash) == previous
            previous = canonical.chain(previous, bytes(row.body))
            assert bytes(row.hash) == previous
            found.append(canonical.decode(bytes(row.body)))
        return found

    def drifts(self) -> list[Drift]:
        """Every cached balance that is not what the ledger says."""
        with self.database.read() as connection:
            return [drift for one in PROJECTIONS for drift in balances.drifts(connection, one)]

    def cash(self) -> int:
        """What the books say lies in the drawer."""
        key = {"org_id": ORG, "drawer_id": DRAWER, "currency": "KES"}
        with self.database.read() as connection:
            return balances.current(connection, DRAWER_CASH, key)["amount"]

    def owes(self, party: Party) -> int:
        """What a customer owes."""
        key = {"org_id": ORG, "party_role": "customer", "party_id": party.party_id, "currency": "KES"}
        with self.database.read() as connection:
            return balances.current(connection, PARTY_BALANCE, key)["amount"]

    def stock(self, sku: str) -> int:
        """What the books say stands at the depot, in thousandths."""
        key = {"org_id": ORG, "location_id": LOCATION, "product_id": PRODUCTS[sku].product_id}
        with self.database.read() as connection:
            return balances.current(connection, STOCK_LEVEL, key)["quantity"]

    def account(self, code: str, business_id: int = LPG) -> int:
        """The balance of an account in a business."""
        with self.database.read() as connection:
            found = connection.execute(
                text(
                    "SELECT amount FROM account_balance"
                    " WHERE account_code = :code AND business_id = :business"
                ),
                {"code": code, "business": business_id},
            ).scalar()
        return int(found or 0)

    def print_jobs(self) -> list[PrintJob]:
        """Every print job ever queued, oldest first."""
        with self.database.read() as connection:
            rows = connection.execute(
                text(
                    "SELECT job_id, document_id, what, copy_no, kick, state, attempts, error"
                    " FROM print_job ORDER BY job_id"
                )
            ).all()
        return [PrintJob(r[0], r[1], r[2], r[3], bool(r[4]), r[5], r[6], r[7]) for r in rows]

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with self.database.read() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
