"""The same facts give the same document, whichever room writes it: the till by keys, the office by codes.

Each case does one thing at a till and at the office of one organisation, with twins of whatever it is about
(two orders alike, two invoices alike), and compares what was sealed, but for the moment and the place in its
chain.
"""

import ast
import importlib
import inspect
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

import pos_app
from pos_app.ledger.chit import barcode_of
from pos_app.ledger.clock import SystemClock
from pos_app.ledger.document import CashReason, Head, Invoice, PurchaseOrder
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.quantity import ONE
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.ledger.stock import AdjustmentReason
from pos_app.ledger.treasury import Exchanged, MoneyAccount, PartyReason
from pos_app.office import chits, invoicing, payments, purchasing, stock, treasury, voids
from pos_app.office.bills import Cost
from pos_app.office.books import PostingDetails
from pos_app.office.drafts import Terms
from pos_app.office.invoicing import Credited, Goods
from pos_app.office.masters import accounts, exchange_rates, parties
from pos_app.office.masters.parties import RoleTerms
from pos_app.office.office import Office
from pos_app.office.purchasing import Bought
from pos_app.office.stock import Quantity
from pos_app.store.documents import documents
from pos_app.store.engine.engine import open_postgres
from pos_app.store.master.people import Person
from pos_app.store.organisation import founding
from pos_app.store.organisation.master_import import put_products
from pos_app.store.organisation.product_row import ProductRow
from pos_app.store.stock.recorded import Recorded
from pos_app.till.drawer.expense import Spent
from pos_app.till.purchasing.ordering import Ordered
from pos_app.till.till import Till
from tests.conftest import fresh_central
from tests.support.worlds.sync_fixtures import Centre

BANK = TenderKind.BANK
#: What a document says of its moment and of its place in the chain.
_MOMENT = {"terminal_no", "seq", "number", "request_id", "occurred_at", "recorded_at", "shift"}
_DOLLARS = PostingDetails(currency="USD")


class World:
    """An office and a till of one depot, the owner at work in both."""

    def __init__(self, centre: Centre, folder: Path) -> None:
        self.centre, clock = centre, SystemClock()
        self.office = Office(centre.database, clock, centre.org_id, "OWNER")
        self.vendor = parties.add_party(self.office, "V1", "Total Gas", [RoleTerms(PartyRole.VENDOR, 30)])
        self.employee = parties.add_party(
            self.office, "E1", "Wanjiru", [RoleTerms(PartyRole.EMPLOYEE, 0, 1_000_000_00)]
        )
        self.customer = parties.add_party(
            self.office, "M1", "Mama Kanini", [RoleTerms(PartyRole.CUSTOMER, 14, 1_000_000_00)]
        )
        exchange_rates.set_rate(self.office, "USD", 129_500_000, 20260101)
        accounts.let_overdraw(self.office, "1170", True)
        deposit = ProductRow(1, "DEP", name="Deposit 13 kg", price=2_500_00)
        with centre.database.write() as connection:
            assert not put_products(connection, centre.org_id, [deposit]).refusals
        with centre.database.write() as connection:
            founding.add_location(connection, centre.org_id, "TRANSIT", "In transit", "transit")
            depot = centre.founded.depot_id
            self.van = founding.add_location(
                connection, centre.org_id, "VAN", "Van", "vehicle", depot_id=depot
            )
        self._line = centre.till(folder)
        self._line.drain()
        self.till = Till(self._line.database, clock)
        self.till._context.person = Person(centre.founded.owner_id, "OWNER", "Owner", "owner")
        self.till.drawer.open(5_000_00)

    def sync(self) -> None:
        """Both sides know all that happened."""
        self._line.drain()
        self.till.refresh()
        assert self.centre.quarantine() == []

    def at_till(self, done: Recorded) -> Head:
        """What the till recorded."""
        with self.till.database.read() as connection:
            found = documents.get(connection, self.centre.org_id, done.document_id)
        assert found is not None
        return found

    def invoice(self, quantity: int = ONE, discount: int = 0) -> Recorded:
        """An invoice of the till, which both sides know afterwards."""
        basket = self.till.baskets.new()
        basket.set_customer(self.till.parties.get(self.customer, PartyRole.CUSTOMER))
        basket.add(self.till.catalogue.scan("SKU2").product, quantity)
        if discount:
            basket.set_discount(0, discount)
        done = self.till.invoicing.issue(basket)
        self.sync()
        return done


@pytest.fixture(scope="module")
def world(
    postgres_url: str, central_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """One world for all cases: each takes things of its own."""
    with fresh_central(postgres_url, central_template) as url:
        database = open_postgres(url)
        centre = Centre(database)
        yield World(centre, tmp_path_factory.mktemp("till"))
        centre.close()
        database.close()


Case = Callable[[World], tuple[Recorded, Recorded]]
CASES: dict[str, tuple[Case, frozenset[str]]] = {}


def case(name: str, *but: str) -> Callable[[Case], Case]:
    """A case of a maker; `but` names the fields in which its twins differ."""

    def keep(done: Case) -> Case:
        CASES[name] = (done, frozenset(but))
        return done

    return keep


# --- what settles ---------------------------------------------------------------------------------------


@case("payment", "allocations.invoice_id", "allocations.invoice_number")
def _payment(world: World) -> tuple[Recorded, Recorded]:
    one, other = world.invoice(), world.invoice()
    party = world.till.parties.get(world.customer, PartyRole.CUSTOMER)
    desk = world.till.receive_payment(party, 150_00, [InvoiceChoice(one.document_id, 100_00)])
    desk.add_tender(BANK, 150_00, "slip 7")
    wanted = [InvoiceChoice(other.document_id, 100_00)]
    made = payments.receive(world.office, "M1", [TenderInput(BANK, 150_00, "slip 7")], wanted, prepay=True)
    return desk.complete(), made


@case("settlement", "allocations.invoice_id", "allocations.invoice_number")
def _settlement(world: World) -> tuple[Recorded, Recorded]:
    one, other = world.invoice(), world.invoice()
    payments.receive(world.office, "M1", [TenderInput(BANK, 300_00)], [], prepay=True)
    world.sync()
    done = world.till.settling.settle(world.customer, [InvoiceChoice(one.document_id, 40_00)])
    return done, payments.settle(world.office, "M1", [InvoiceChoice(other.document_id, 40_00)])


# --- invoices -------------------------------------------------------------------------------------------


@case("invoice")
def _invoice(world: World) -> tuple[Recorded, Recorded]:
    basket = world.till.baskets.new()
    basket.set_customer(world.till.parties.get(world.customer, PartyRole.CUSTOMER))
    basket.add(world.till.catalogue.scan("SKU3").product, 3 * ONE)
    done = world.till.invoicing.issue(basket, reference=" PO 7 ")
    terms = Terms(reference=" PO 7 ")
    return done, invoicing.invoice(world.office, "M1", [Goods("SKU3", 3 * ONE)], terms=terms)


@case("credit_note", "invoice_id", "invoice_number")
def _credit_note(world: World) -> tuple[Recorded, Recorded]:
    one, other = world.invoice(3 * ONE, 1_00), world.invoice(3 * ONE, 1_00)
    notes = world.till.credit_notes
    done = notes.complete(notes.find(one.number), {0: ONE}, " dented ")
    made = invoicing.credit(world.office, other.document_id, " dented ", [Credited(0, ONE)], restock="MAIN")
    return done, made


# --- purchasing -----------------------------------------------------------------------------------------


@case("purchase_order")
def _order(world: World) -> tuple[Recorded, Recorded]:
    done = world.till.orders.order(world.vendor, {2: Ordered(5 * ONE, 70_00)}, reference="R" * 120)
    return done, purchasing.order(world.office, "V1", [Bought("SKU2", 5 * ONE, 70_00)], reference="R" * 120)


@case("goods_receipt", "order_id")
def _receipt(world: World) -> tuple[Recorded, Recorded]:
    bought = [Bought("SKU2", 5 * ONE, 70_00), Bought("SKU3", ONE, 7)]
    one, other = (purchasing.order(world.office, "V1", bought, _DOLLARS) for _ in range(2))
    world.sync()
    order = one.document
    assert isinstance(order, PurchaseOrder)
    done = world.till.receiving.against_order(order, {0: 2 * ONE}, reference="D" * 120)
    came = [purchasing.Came("SKU2", 2 * ONE)]
    return done, purchasing.receive(world.office, other.document_id, came, reference="D" * 120)


@case("goods_receipt, nothing ordered")
def _bought(world: World) -> tuple[Recorded, Recorded]:
    done = world.till.receiving.without_order(world.vendor, {2: Ordered(ONE, 70_05)}, currency="USD")
    return done, purchasing.receive_without_order(world.office, "V1", [Bought("SKU2", ONE, 70_05)], _DOLLARS)


# --- stock ----------------------------------------------------------------------------------------------


@case("transfer_sent")
def _sent(world: World) -> tuple[Recorded, Recorded]:
    details = PostingDetails(note=" by van ")
    done = world.till.transfers.send(world.van, {1: 2 * ONE}, note=" by van ")
    return done, stock.send(world.office, "MAIN", "VAN", [Quantity("SKU1", 2 * ONE)], details)


@case("transfer_received", "sent_id")
def _received(world: World) -> tuple[Recorded, Recorded]:
    goods = [Quantity("SKU1", 3 * ONE)]
    one, other = (stock.send(world.office, "VAN", "MAIN", goods) for _ in range(2))
    world.sync()
    sent = next(
        each.sent for each in world.till.transfers.arriving() if each.sent.document_id == one.document_id
    )
    done = world.till.transfers.receive(sent, {1: 2 * ONE})
    return done, stock.receive(world.office, other.document_id, [Quantity("SKU1", 2 * ONE)])


@case("stock_adjustment")
def _adjusted(world: World) -> tuple[Recorded, Recorded]:
    done = world.till.stock_adjustments.adjust(AdjustmentReason.OTHER, {4: -ONE}, note=" a gift ")
    details = PostingDetails(note=" a gift ")
    goods = [Quantity("SKU4", -ONE)]
    return done, stock.adjust(world.office, "MAIN", AdjustmentReason.OTHER, goods, details)


@case("stock_count")
def _counted(world: World) -> tuple[Recorded, Recorded]:
    done = world.till.stock_counts.count({5: 7 * ONE})
    return done, stock.count(world.office, "MAIN", [Quantity("SKU5", 7 * ONE)])


@case("returnable_move")
def _returnables(world: World) -> tuple[Recorded, Recorded]:
    done = world.till.returnables.move(world.vendor, {3: -ONE}, role=PartyRole.VENDOR)
    goods = [Quantity("SKU3", -ONE)]
    return done, stock.returnables(world.office, "MAIN", "V1", goods, role=PartyRole.VENDOR)


# --- money ----------------------------------------------------------------------------------------------


@case("party_money")
def _advance(world: World) -> tuple[Recorded, Recorded]:
    reason = PartyReason.EMPLOYEE_ADVANCE
    done = world.till.party_money.record(
        reason, world.employee, 50_00, [TenderInput(BANK, 50_00, "slip a")], note="school"
    )
    details = PostingDetails(note="school")
    return done, treasury.party_money(
        world.office, reason, "E1", [TenderInput(BANK, 50_00, "slip a")], details
    )


@case("deposit_return", "chit", "total", "tenders.amount")
def _deposit_returned(world: World) -> tuple[Recorded, Recorded]:
    first, second = (_deposit_slip(world) for _ in range(2))
    world.sync()
    taking = world.till.chits.pay_back(first)
    taking.add_tender(BANK, taking.total, "slip d")
    done = taking.complete()
    return done, chits.pay_back(world.office, second, [TenderInput(BANK, 40_00, "slip d")])


def _deposit_slip(world: World) -> str:
    made = invoicing.invoice(world.office, "M1", [Goods("DEP", ONE)]).document
    assert isinstance(made, Invoice)
    chit = made.lines[0].chit
    assert chit is not None
    return barcode_of(chit.role, chit.number)


@case("party_money, dollars come back at the rate at which they were lent")
def _repaid(world: World) -> tuple[Recorded, Recorded]:
    lent, back = PartyReason.EMPLOYEE_ADVANCE, PartyReason.EMPLOYEE_REPAYMENT
    treasury.party_money(world.office, lent, "E1", [TenderInput(BANK, 100_00)], _DOLLARS)
    exchange_rates.set_rate(world.office, "USD", 131_000_000)
    world.sync()
    given = [TenderInput(BANK, 40_00, "slip b", "USD")]
    done = world.till.party_money.record(back, world.employee, 40_00, given, currency="USD")
    made = treasury.party_money(world.office, back, "E1", [TenderInput(BANK, 40_00, "slip b")], _DOLLARS)
    assert msgspec.to_builtins(made.document)["base_amount"] == 40_00 * 1295 // 10
    exchange_rates.set_rate(world.office, "USD", 129_500_000)
    world.sync()
    return done, made


@case("expense")
def _expense(world: World) -> tuple[Recorded, Recorded]:
    spent = [Spent(" Tea ", 5_80, "6200", "A"), Spent("Nails", 1, "6200", "A")]
    given = [TenderInput(BANK, 5_81, "slip e")]
    done = world.till.expenses.pay(spent, given, vendor_id=world.vendor, reference="N" * 120)
    costs = [Cost(" Tea ", 5_80, "6200", "A"), Cost("Nails", 1, "6200", "A")]
    made = treasury.expense(
        world.office, costs, [TenderInput(BANK, 5_81, "slip e")], vendor="V1", reference="N" * 120
    )
    return done, made


@case("cash_movement, drawn by the owner")
def _drawn(world: World) -> tuple[Recorded, Recorded]:
    world.sync()
    drawer = world.till._context.terminal.drawer_id
    done = world.till.drawer.move(CashReason.DRAWING, 10_00, " School fees ")
    details = PostingDetails(note=" School fees ")
    with world.centre.database.read() as connection:
        code = connection.scalar(text("SELECT code FROM drawer WHERE drawer_id = :key"), {"key": drawer})
    return done, treasury.owner_draws(world.office, f"drawer:{code}", 10_00, details)


@case("money_transfer")
def _moved(world: World) -> tuple[Recorded, Recorded]:
    move = world.till.money_transfers.move
    done = move(MoneyAccount.BANK, MoneyAccount.MPESA, 10_00, reference=" slk4ab9z44 ")
    return done, treasury.transfer(world.office, "bank", "mpesa", 10_00, reference=" slk4ab9z44 ")


@case("money_transfer, changed into dollars")
def _changed(world: World) -> tuple[Recorded, Recorded]:
    move, dollars = world.till.money_transfers.move, Exchanged(10_00, "USD")
    done = move(MoneyAccount.BANK, MoneyAccount.SAFE, 1_300_00, arrives=dollars, note="for V1")
    details = PostingDetails(note="for V1")
    return done, treasury.transfer(world.office, "bank", "safe", 1_300_00, details, exchanged=dollars)


@case("reversal", "original_id", "original_hash", "original")
def _void(world: World) -> tuple[Recorded, Recorded]:
    done, made = _adjusted(world)
    return (
        world.till.voids.void(done.document_id, " wrong "),
        voids.void(world.office, made.document_id, " wrong "),
    )


# --- the test -------------------------------------------------------------------------------------------


def _facts(document: Head, but: frozenset[str]) -> dict[str, Any]:
    found = msgspec.structs.asdict(document)
    for name in _MOMENT | but:
        field, _, inner = name.partition(".")
        if inner:
            found[field] = [msgspec.structs.replace(each, **{inner: None}) for each in found[field]]
        else:
            del found[field]
    return found


@pytest.mark.parametrize("name", CASES)
def test_the_same_facts_give_the_same_document(world: World, name: str) -> None:
    act, but = CASES[name]
    done, made = act(world)
    at_till, at_office = world.at_till(done), made.document
    assert type(at_till) is type(at_office)
    assert _facts(at_till, but) == _facts(at_office, but)
    world.sync()


def test_what_both_rooms_make_is_a_case() -> None:
    ledger = Path(pos_app.__file__).parent / "ledger"
    makers = {
        name
        for path in ledger.glob("making/*.py")
        for name, function in vars(importlib.import_module(f"pos_app.ledger.making.{path.stem}")).items()
        if inspect.isfunction(function) and _makes(function)
    }
    at_till, at_office = _called("till"), _called("office")
    # A draft becomes its document in the store, for both.
    drafts = _called("store/journal")
    both = makers & (at_till | drafts) & (at_office | drafts) - {"bill"}
    assert both == {name.split(",")[0] for name in CASES}


def _makes(function: Callable[..., object]) -> bool:
    made = typing.get_type_hints(function).get("return")
    return inspect.isclass(made) and issubclass(made, Head)


def _called(room: str) -> set[str]:
    """The names of what is called in a room."""
    found = set()
    for path in (Path(pos_app.__file__).parent / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                function = node.func
                found.add(
                    function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
                )
    return found
