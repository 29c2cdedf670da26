"""What a till asks for offline is sold by at once, decided at the centre, and answered; nothing is lost."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from pos_app.bootstrap import let_requests_be_decided
from pos_app.ledger.asking import FIRST, CustomerAsked, Request, State, key_of
from pos_app.ledger.clock import Clock, SystemClock
from pos_app.ledger.house_rule import HouseRule
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.office import house_rules, requests
from pos_app.office.masters import parties, price_lists, products
from pos_app.office.masters.parties import Particulars, RoleTerms
from pos_app.office.masters.products import Said
from pos_app.office.office import Office
from pos_app.store.engine.engine import Database
from pos_app.store.master import asked_here, people
from pos_app.store.master.people import Party, Person
from pos_app.store.tables.columns import micros
from pos_app.till.selling import asking
from pos_app.till.selling.asking import Shown
from pos_app.till.session.sign_in import Action, Approval
from pos_app.till.till import Till
from sync.client.compare import Compare
from sync.protocol.messages import AskRequest
from sync.server import request_intake
from tests.support.refused import refused
from tests.support.worlds.sync_fixtures import Centre, drift

BARCODE = "4006381333931"


class Window:
    """A till at work, and its daemon."""

    def __init__(self, centre: Centre, folder: Path) -> None:
        self.centre, self.line = centre, centre.till(folder)
        self.line.drain()
        self.begin()
        self.till.drawer.open(9_000_00)

    def begin(self) -> None:
        """The window is started, or started again after it was killed."""
        self.till = Till(self.line.database, SystemClock())
        self.till._context.person = Person(self.centre.founded.owner_id, "OWNER", "Owner", "owner")

    def sync(self) -> None:
        self.line.drain()
        self.till.refresh()

    def sell(self, code: str, to: Party | None = None) -> int:
        """What one costs to a customer, sold for cash."""
        basket = self.till.baskets.new()
        if to is not None:
            basket.set_customer(to)
        basket.add(self.till.catalogue.scan(code).product, ONE)
        taking = self.till.checkout(basket)
        due = taking.cash_due()
        taking.add_tender(TenderKind.CASH, due)
        taking.complete()
        return due

    def asked(self) -> list[tuple[State | None, str]]:
        return [(one.state, one.code) for one in self.listed()]

    def listed(self) -> list[Shown]:
        return self.till.requests.listed()

    def edited(self) -> list[str]:
        """What the daily comparison with the centre takes for somebody's edit."""
        who = self.line.who
        return [
            f"{one.kind} {one.key}"
            for one in Compare(
                self.line.database, who, self.line.transport, SystemClock(), at_once=True
            ).whole()
        ]


@pytest.fixture
def centre(central: Database) -> Iterator[Centre]:
    let_requests_be_decided()
    made = Centre(central)
    yield made
    made.close()
    request_intake.use(request_intake.nobody)


@pytest.fixture
def office(centre: Centre) -> Office:
    return Office(centre.database, SystemClock(), centre.org_id, "OWNER")


def flagged(centre: Centre) -> list[str]:
    with centre.database.read() as connection:
        return list(connection.scalars(text("SELECT kind FROM flag ORDER BY 1")))


def test_what_was_asked_offline_is_sold_by_at_once_and_answered_when_the_line_is_back(
    centre: Centre, tmp_path: Path
) -> None:
    one, other = Window(centre, tmp_path / "a"), Window(centre, tmp_path / "b")
    one.line.transport.is_down = True
    asha = one.till.requests.customer("Asha  Wanjiru", "0722 555 418")
    assert (asha.name, asha.credit_limit, asha.party_id > FIRST) == ("Asha Wanjiru", 0, True)
    soap = one.till.requests.product("Soap", 120_00, BARCODE)
    one.till.requests.price(one.till.catalogue.scan("SKU1").product, 88_00)
    # Killed and started again: what was asked stands, and is sold by.
    one.begin()
    assert (one.sell(BARCODE, asha), one.sell("SKU1"), one.sell("SKU2")) == (120_00, 88_00, 200_00)
    assert one.asked() == [(None, "")] * 3
    assert [found.party_id for found in one.till.customers.search("asha")] == [asha.party_id]
    with refused("request-product-there"):
        one.till.requests.product("Soap again", 1_00, BARCODE)

    one.line.transport.is_down = False
    one.sync()
    assert one.asked() == [
        (State.ACCEPTED, "TODAY-MAIN"),
        (State.ACCEPTED, BARCODE),
        (State.ACCEPTED, asha.code),
    ]
    # The documents name what the centre made, under the keys of the till: nothing is set aside or odd.
    assert (centre.quarantine(), flagged(centre)) == ([], [])
    with centre.database.read() as connection:
        lies = connection.execute(
            text(
                "SELECT s.quantity FROM stock_level AS s JOIN product AS p USING (org_id, product_id)"
                " WHERE p.sku = :sku"
            ),
            {"sku": BARCODE},
        ).scalar_one()
        assert lies == -ONE
    other.sync()
    (known,) = other.till.customers.search("0722 555 418")
    assert (known.party_id, known.code) == (asha.party_id, asha.code)
    assert (other.sell(BARCODE, known), other.sell("SKU1")) == (soap.price, 88_00)
    other.sync()
    assert (one.edited(), other.edited(), drift(one.line.database)) == ([], [], [])
    assert (one.sell(BARCODE, asha), one.sell("SKU1")) == (120_00, 88_00)


def test_a_centre_that_was_put_back_answers_once_more_and_nothing_stands_in_after_it(
    centre: Centre, tmp_path: Path
) -> None:
    one = Window(centre, tmp_path / "a")
    one.till.requests.price(one.till.catalogue.scan("SKU1").product, 88_00)
    one.sync()
    who = one.line.who

    def stand_ins() -> int:
        with one.line.database.write() as connection:
            asked_here.keep_up(connection, who, who.depot_id)
            lists = connection.exec_driver_sql("SELECT count(*) FROM price_list WHERE stamp = -2")
            return int(lists.scalar_one())

    with one.line.database.write() as connection:
        told = connection.exec_driver_sql("SELECT * FROM request_answer").one()
        # Its backup is from before the answer, which goes as all that the centre does not have any more.
        connection.exec_driver_sql("DELETE FROM request_answer")
    assert stand_ins() == 1
    with one.line.database.write() as connection:
        marks = ", ".join("?" for _ in told)
        connection.exec_driver_sql(f"INSERT INTO request_answer VALUES ({marks})", tuple(told))
    assert stand_ins() == 0
    assert one.edited() == []
    # A number that was answered is given to nothing else, also where what was asked is gone here.
    with one.line.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM request_out")
        assert asked_here.next_no(connection, who) == 2


def test_doubles_are_one_customer_and_a_barcode_that_was_taken_goes_to_a_person(
    centre: Centre, office: Office, tmp_path: Path
) -> None:
    one = Window(centre, tmp_path / "a")
    one.line.transport.is_down = True
    double = one.till.requests.customer("Mama Asha", "+254 722 555 418")
    one.till.requests.product("Soap", 120_00, BARCODE)
    one.sell(BARCODE, double)
    # Meanwhile the office writes both by itself.
    parties.add_party(office, "ASHA", "Asha W.", [RoleTerms(PartyRole.CUSTOMER)], Particulars("0722555418"))
    cells = {"name": "Soap, green", "price": "130", "barcode": BARCODE, "business": "MAIN", "tax_code": "A"}
    products.add(office, "SOAP", Said(cells))
    one.line.transport.is_down = False
    one.sync()
    waits, merged = one.listed()
    assert (merged.state, merged.code) == (State.ACCEPTED, "ASHA")
    assert merged.said is not None
    assert merged.said.code == "request-customer-known"
    assert (waits.state, waits.said and waits.said.code) == (State.WAITING, "barcode-on-other-product")
    # The double is nobody's customer any more, and what was sold to it has its name.
    assert [found.code for found in one.till.customers.search("asha")] == ["ASHA"]
    gone = one.till.customers.get(double.party_id)
    assert gone is not None
    assert (gone.name, gone.active) == ("Mama Asha", False)
    assert one.edited() == []

    (kept,) = requests.listed(office)
    requests.accept(office, kept.request.terminal_no, kept.request.request_no, without_barcode=True)
    with refused("request-decided"):
        requests.refuse(office, kept.request.terminal_no, kept.request.request_no, "no")
    one.sync()
    assert one.listed()[0].state is State.ACCEPTED
    # The barcode is the other's, and ours is sold by its code: nobody gave it away twice.
    assert one.till.catalogue.scan(BARCODE).product.sku in ("SOAP", BARCODE)
    assert (centre.quarantine(), one.edited()) == ([], [])


def test_a_rule_makes_requests_wait_for_a_person_who_refuses_with_a_reason(
    centre: Centre, office: Office, tmp_path: Path
) -> None:
    for rule in (HouseRule.PRODUCTS_AT_ONCE, HouseRule.PRICES_AT_ONCE, HouseRule.CUSTOMERS_AT_ONCE):
        house_rules.set_rule(office, rule, 0)
    one = Window(centre, tmp_path / "a")
    one.till.requests.product("Soap", 120_00, BARCODE)
    one.till.requests.price(one.till.catalogue.scan("SKU1").product, 88_00)
    asha = one.till.requests.customer("Asha", "0722 1")
    one.sync()
    assert [state for state, _ in one.asked()] == [State.WAITING] * 3
    # What stands in for it is nobody's edit, and stays.
    assert one.edited() == []
    # It is sold by meanwhile, but nothing on account of who may be somebody else.
    assert (one.sell(BARCODE), one.sell("SKU1", asha)) == (120_00, 88_00)
    basket = one.till.baskets.new()
    basket.set_customer(asha)
    basket.add(one.till.catalogue.scan("SKU2").product, ONE)
    owner = one.till._context.signed_in()
    with refused("customer-not-answered"):
        one.till.invoicing.issue(basket, approval=Approval(owner, Action.OVER_LIMIT))
    taking = one.till.checkout(basket)
    taking.add_tender(TenderKind.ACCOUNT, taking.total)
    with refused("customer-not-answered"):
        taking.complete(Approval(owner, Action.OVER_LIMIT))
    for kept in requests.listed(office):
        requests.refuse(office, kept.request.terminal_no, kept.request.request_no, "We have that")
    one.sync()
    assert [state for state, _ in one.asked()] == [State.REFUSED] * 3
    assert {one.said and one.said.facts["reason"] for one in one.listed()} == {"We have that"}
    assert one.sell("SKU1") == 100_00
    with refused("barcode-unknown"):
        one.till.catalogue.scan(BARCODE)
    assert one.till.customers.search("asha") == []
    assert (centre.quarantine(), one.edited()) == ([], [])


def test_the_centre_asks_its_own_rows_who_may(centre: Centre, tmp_path: Path) -> None:
    one = Window(centre, tmp_path / "a")
    one.till.requests.customer("Asha", "")
    with one.line.database.write() as connection:
        # Somebody who never worked here, written by whoever has the file: the signature does not fit.
        connection.exec_driver_sql("UPDATE request_out SET person_id = 77")
    one.sync()
    (told,) = one.listed()
    assert (told.state, told.said and told.said.code) == (State.REFUSED, "request-not-signed")


def test_what_no_till_asks_makes_nothing_and_keeps_nobody_waiting(
    centre: Centre, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody has the till and its key: a price below nothing, a code that no database takes."""
    one = Window(centre, tmp_path / "a")
    who, owner = one.line.who, centre.founded.owner_id
    soon = micros(SystemClock().now())
    content = CustomerAsked(key=key_of(who.terminal_no, 1), code="A", name="A")
    forged = [
        ("price", f'{{"key":%d,"product_id":1,"price":-500,"until_us":{soon + 1_000_000}}}'),
        ("price", f'{{"key":%d,"product_id":1,"price":{2**63},"until_us":{soon + 1_000_000}}}'),
        ("customer", '{"key":%d,"code":"\\u0000","name":"Asha"}'),
    ]
    with one.line.database.write() as connection:
        for number, (kind, body) in enumerate(forged, 1):
            told = Request(who.terminal_no, number, kind, owner, soon, body % key_of(who.terminal_no, number))
            asked_here.put(connection, who, told, content, who.depot_id)
    breaking = one.till.requests.customer("Asha", "0722 1")
    one.till.requests.customer("Juma", "0722 2")
    by_phone = people.parties_by_phone

    def broken(connection: Connection, org_id: int, phone: str) -> list[Party]:
        if phone == "0722 1":
            raise RuntimeError("a fault of ours")
        return by_phone(connection, org_id, phone)

    monkeypatch.setattr(people, "parties_by_phone", broken)
    one.sync()
    states = [kept for kept, _ in reversed(one.asked())]
    assert states == [State.WAITING, State.WAITING, State.WAITING, None, State.ACCEPTED]
    with centre.database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM price_list_item")).scalar_one() == 0
    assert len(requests.listed(office, everything=True)) == 5
    monkeypatch.undo()
    one.begin()
    one.till.requests.customer("Wanjiru", "")
    one.sync()
    assert [kept for kept, _ in one.asked()][:3] == [State.ACCEPTED] * 3
    assert one.till.customers.get(breaking.party_id) is not None


def test_a_centre_of_before_leaves_them_waiting_and_takes_all_else(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sync.server import endpoint

    one = Window(centre, tmp_path / "a")
    old = tuple(path for path in endpoint._OF_TERMINALS if path != "/v1/ask")
    monkeypatch.setattr(endpoint, "_OF_TERMINALS", old)
    one.till.requests.customer("Asha", "")
    one.sell("SKU1")
    one.sync()
    assert one.asked() == [(None, "")]
    assert centre.mark(one.line.who.terminal_no) == 2
    monkeypatch.undo()
    one.sync()
    assert [state for state, _ in one.asked()] == [State.ACCEPTED]


def test_documents_do_not_wait_for_a_centre_that_fails_over_requests(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    one = Window(centre, tmp_path / "a")
    one.till.requests.customer("Asha", "")
    one.sell("SKU1")
    monkeypatch.setattr(request_intake, "take", broken)
    one.sync()
    assert (centre.mark(one.line.who.terminal_no), one.asked()) == (2, [(None, "")])
    monkeypatch.undo()
    one.sync()
    assert [state for state, _ in one.asked()] == [State.ACCEPTED]


def test_a_till_asks_for_no_more_than_somebody_can_look_through(
    centre: Centre, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither does the centre take more of a till that says nothing: what it leaves stays there."""
    house_rules.set_rule(office, HouseRule.CUSTOMERS_AT_ONCE, 0)
    for room in (asking, request_intake):
        monkeypatch.setattr(room, "MOST_OPEN", 3)
    one = Window(centre, tmp_path / "a")
    for number in range(3):
        one.till.requests.customer(f"Customer {number}", "")
    with refused("requests-wait-too-many", most=3):
        one.till.requests.customer("One more", "")
    monkeypatch.setattr(asking, "MOST_OPEN", 100)
    last = one.till.requests.customer("One more", "")
    one.sync()
    assert [state for state, _ in one.asked()] == [None] + [State.WAITING] * 3
    assert len(requests.listed(office)) == 3
    terminal_no = one.line.who.terminal_no
    requests.refuse(office, terminal_no, 1, "We have that")
    # Sent again with the next greeting, and there is room.
    one.sync()
    assert [state for state, _ in one.asked()] == [State.WAITING] * 3 + [State.REFUSED]
    requests.accept(office, terminal_no, 4)
    one.sync()
    assert one.till.customers.get(last.party_id) is not None
    assert len(requests.listed(office)) == 2


def test_a_list_of_a_day_that_was_put_away_is_not_opened_by_a_till(
    centre: Centre, office: Office, tmp_path: Path
) -> None:
    one = Window(centre, tmp_path / "a")
    product = one.till.catalogue.scan("SKU1").product
    one.till.requests.price(product, 88_00)
    one.sync()
    price_lists.archive(office, "TODAY-MAIN")
    one.till.requests.price(product, 70_00)
    one.sync()
    (asked, _) = one.listed()
    assert (asked.state, asked.said and asked.said.code) == (State.WAITING, "price-list-archived")
    found = price_lists.show(office, "TODAY-MAIN")
    assert (found.row.active, found.scopes) == (False, [])
    # A person has to bring it back first.
    with refused("price-list-archived", code="TODAY-MAIN"):
        requests.accept(office, one.line.who.terminal_no, 2)
    price_lists.restore(office, "TODAY-MAIN")
    requests.accept(office, one.line.who.terminal_no, 2)
    one.sync()
    assert one.sell("SKU1") == 70_00


def test_one_organisation_waits_for_no_other(centre: Centre) -> None:
    """Whoever decides for one may take long; requests of another are decided meanwhile."""
    begun, done = threading.Event(), threading.Event()

    def decide(_database: Database, _clock: Clock, org_id: int) -> None:
        if org_id == 1:
            begun.set()
            assert done.wait(60)

    request_intake.use(decide)
    nothing = AskRequest(asked=())
    slow = threading.Thread(
        target=request_intake.take, args=(centre.database, SystemClock(), 1, 1, nothing), daemon=True
    )
    try:
        slow.start()
        assert begun.wait(30)
        other = threading.Thread(
            target=request_intake.take, args=(centre.database, SystemClock(), 2, 1, nothing), daemon=True
        )
        other.start()
        other.join(15)
        assert not other.is_alive()
    finally:
        done.set()
        slow.join(30)
