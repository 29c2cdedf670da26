"""What people at tills asked for, decided: at once where the house's rules say so, or by a person.

Decisions
---------
2026-11-30  It is done by the services of `masters` in the name of whoever asked, who must have been allowed
to at that depot and moment by the centre's own rows.  What cannot be done as it was asked (a barcode that is
another product's by now) is refused to a person: it waits with the reason, and is accepted otherwise or
refused.  Nothing that was asked for is without a name afterwards: a customer that was known already, and a
product that nobody wanted, stay as archived rows, for documents name them.

2026-11-30  A price of a day stands in a list of the depot (`TODAY-` and its code), from the moment of asking
until midnight there.  Other tills of the depot sell at it as soon as they hear of it: a customer meets one
price in one shop.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection

from pos_app.language import Sentence, said
from pos_app.ledger import payment_asking
from pos_app.ledger.asking import (
    AT_ONCE,
    NEEDS,
    CustomerAsked,
    PriceAsked,
    ProductAsked,
    Request,
    State,
)
from pos_app.ledger.clock import Clock
from pos_app.ledger.errors import Refused
from pos_app.ledger.line import PartyRole
from pos_app.ledger.permission import WORDS, Permission
from pos_app.ledger.price import exact, plain_price
from pos_app.ledger.pricing.rules import ScopeKind
from pos_app.office import payment_requests
from pos_app.office.books import Books
from pos_app.office.masters import parties, products
from pos_app.office.masters.parties import Particulars, RoleTerms
from pos_app.office.masters.products import Said
from pos_app.office.office import Office
from pos_app.store.documents import audit
from pos_app.store.engine.engine import Database
from pos_app.store.engine.outage import is_outage
from pos_app.store.master import codes, enrolment, house_rules, master_edit, people, price_lists, requests_in
from pos_app.store.master.codes import DepotCode
from pos_app.store.master.price_lists import NewPrice
from pos_app.store.master.requests_in import Kept
from pos_app.store.organisation import rights
from pos_app.store.tables import master
from pos_app.store.tables.columns import micros

#: Until when a price may hold that was asked for at a moment: no zone has a longer day.
_LONGEST_US: Final = 26 * 3600 * 1_000_000
#: A clock of a till may be ahead by so much.
_AHEAD_US: Final = 300 * 1_000_000
_LIST: Final = "TODAY-"


def decide(database: Database, clock: Clock, org_id: int) -> None:
    """Decide about what nobody decided about, each in a transaction of its own.

    What one of them breaks keeps none of the others waiting: it is raised when all had their turn.
    """
    with database.read() as connection:
        found = requests_in.undecided(connection, org_id)
    if not found:
        return
    office, broken = Office(database, clock, org_id), None
    for one in found:
        try:
            with database.write() as connection:
                enrolment.lock_organisation(connection, org_id)
                again = requests_in.find(connection, org_id, one.terminal_no, one.request_no)
                if again is not None and again.state is None:
                    _decide(office, connection, one)
        except Exception as error:
            if is_outage(error):
                raise
            broken = broken or error
    if broken is not None:
        raise broken


def _decide(office: Office, connection: Connection, request: Request) -> None:
    org_id, now = office.org_id, office.clock.now()
    audit.actor(connection, person_id=request.person_id)
    if request.kind == payment_asking.KIND:
        payment_requests.decide(office, connection, request)
        return
    books = office.books_for(connection, request.person_id)
    try:
        depot = _depot(connection, org_id, request)
        refusal = _beyond_rights(books, depot, request)
        if refusal is not None:
            _keep_name(books, request)
            requests_in.answer(connection, org_id, request, State.REFUSED, now, said=refusal)
            return
        rules = house_rules.at_depot(connection, org_id, depot.depot_id)
        if not rules[AT_ONCE[request.wanted]]:
            requests_in.answer(connection, org_id, request, State.WAITING, now)
            return
        with connection.begin_nested():
            code, told = _do(books, depot, request)
    except Refused as error:
        requests_in.answer(connection, org_id, request, State.WAITING, now, said=error.said)
        return
    requests_in.answer(connection, org_id, request, State.ACCEPTED, now, code=code, said=told)


def listed(office: Office, *, everything: bool = False) -> list[Kept]:
    """What waits for a person, or all that was asked, the newest first."""
    with office.read() as books:
        return requests_in.listed(books.connection, books.org_id, everything=everything)


def accept(
    office: Office, terminal_no: int, request_no: int, *, code: str = "", without_barcode: bool = False
) -> Kept:
    """Do what waits, under another code or without its barcode where that is said.  Raises `Refused`."""

    def do(books: Books, request: Request) -> tuple[State, str, Sentence | None]:
        depot = _depot(books.connection, books.org_id, request)
        made, told = _do(books, depot, request, code=code.strip(), without_barcode=without_barcode)
        return State.ACCEPTED, made, told

    return _by_person(office, terminal_no, request_no, do)


def refuse(office: Office, terminal_no: int, request_no: int, reason: str) -> Kept:
    """Say no to what waits, and why.  Raises `Refused`."""
    if not reason.strip():
        raise Refused("request-refusal-needs-reason")

    def do(books: Books, request: Request) -> tuple[State, str, Sentence | None]:
        _keep_name(books, request)
        return State.REFUSED, "", said("request-refused-because", reason=reason.strip()[:200])

    return _by_person(office, terminal_no, request_no, do)


def _by_person(
    office: Office,
    terminal_no: int,
    request_no: int,
    do: Callable[[Books, Request], tuple[State, str, Sentence | None]],
) -> Kept:
    with office.change(Permission.EDIT_MASTER) as books:
        connection, org_id = books.connection, books.org_id
        enrolment.lock_organisation(connection, org_id)
        found = requests_in.find(connection, org_id, terminal_no, request_no)
        if found is None:
            raise Refused("request-unknown", number=f"{terminal_no}/{request_no}")
        if found.state not in (None, State.WAITING):
            raise Refused("request-decided", number=f"{terminal_no}/{request_no}")
        state, code, told = do(books, found.request)
        requests_in.answer(
            connection,
            org_id,
            found.request,
            state,
            books.now,
            code=code,
            said=told,
            by=office.person.person_id,
        )
        return found._replace(state=state, code=code, said=told)


# --- parts ----------------------------------------------------------------------------------------------


def _depot(connection: Connection, org_id: int, request: Request) -> DepotCode:
    depot_id = enrolment.depot_of(connection, org_id, request.terminal_no)
    found = codes.depot_of(connection, org_id, depot_id)
    if found is None:
        raise Refused("depot-gone")
    return found


def _beyond_rights(books: Books, depot: DepotCode, request: Request) -> Sentence | None:
    """Why whoever asked could not, by what the centre has of that moment."""
    now_us = micros(books.now)
    needs = NEEDS[request.wanted]
    at_us = min(request.at_us, now_us)
    held = rights.load(books.connection, books.org_id)
    if request.at_us > now_us + _AHEAD_US:
        return said("request-of-tomorrow")
    if held.allows(request.person_id, needs, depot.business_id, depot.depot_id, at_us):
        return None
    name = people.person_name(books.connection, books.org_id, request.person_id)
    return said("person-may-not-here", name=name, deed=WORDS[needs])


def _do(
    books: Books, depot: DepotCode, request: Request, *, code: str = "", without_barcode: bool = False
) -> tuple[str, Sentence | None]:
    """Make what was asked for; gives its code, and what is to be said of it.  Raises `Refused`."""
    match request.content():
        case CustomerAsked() as asked:
            return _customer(books, asked, code)
        case ProductAsked() as asked:
            return _product(books, asked, request, code, without_barcode=without_barcode), None
        case PriceAsked() as asked:
            return _price(books, depot, asked, request.at_us), None


def _customer(books: Books, asked: CustomerAsked, code: str) -> tuple[str, Sentence | None]:
    connection, org_id = books.connection, books.org_id
    known = people.parties_by_phone(connection, org_id, asked.phone) if asked.phone.strip() else []
    found = next((one for one in known if one.active), None)
    if found is not None and not code:
        _archived_party(books, asked)
        return found.code, said("request-customer-known", name=found.name, code=found.code)
    wanted = code or asked.code
    if not code and codes.party(connection, org_id, wanted) is not None:
        wanted = f"{wanted}-{asked.key}"
    parties.add_in(
        books, wanted, asked.name, [RoleTerms(PartyRole.CUSTOMER)], Particulars(asked.phone), key=asked.key
    )
    return wanted, None


def _archived_party(books: Books, asked: CustomerAsked) -> None:
    parties.add_in(books, f"~{asked.key}", asked.name, [RoleTerms(PartyRole.CUSTOMER)], key=asked.key)
    master_edit.change(books.connection, master.party, books.org_id, asked.key, active=0)


def _product(books: Books, asked: ProductAsked, request: Request, code: str, *, without_barcode: bool) -> str:
    businesses = {key: name for name, key in books.businesses().items()}
    cells = {
        "name": asked.name,
        "price": plain_price(exact(asked.price, asked.price_fine), books.organisation.currency),
        "tax_code": asked.tax_code,
        "category": asked.category,
        "unit": asked.unit,
        "business": businesses.get(asked.business_id, ""),
        "barcode": "" if without_barcode else asked.barcode,
    }
    wanted = code or asked.sku
    try:
        return products.add_in(books, wanted, Said(cells), key=asked.key).sku
    except Refused as error:
        if code or error.said.code != "product-code-taken":
            raise
    # A code is free to choose, a barcode is not: two tills may have taken the same one meanwhile.
    other = f"{wanted}-{request.terminal_no}-{request.request_no}"
    return products.add_in(books, other, Said(cells), key=asked.key).sku


def _price(books: Books, depot: DepotCode, asked: PriceAsked, at_us: int) -> str:
    connection, org_id = books.connection, books.org_id
    if not at_us < asked.until_us <= at_us + _LONGEST_US:
        raise Refused("request-price-too-long")
    product = books.known_product(asked.product_id, depot.location_id, books.today)
    if product is None:
        raise Refused("product-not-at-till")
    code = f"{_LIST}{depot.code}"
    found = next((one for one in price_lists.lists(connection, org_id) if one.code == code), None)
    if found is not None and not found.active:
        # Somebody put it away: no price of a day at this depot, until somebody brings it back.
        raise Refused("price-list-archived", code=code)
    if found is None:
        list_id = price_lists.add_coded(connection, org_id, master.price_list, code, code)
    else:
        list_id = found.list_id
    price_lists.begin_scope(connection, org_id, list_id, (ScopeKind.DEPOT, depot.depot_id), 0)
    price = NewPrice(product.product_id, 0, exact(asked.price, asked.price_fine))
    span = at_us, asked.until_us
    price_lists.put_day_price(connection, org_id, price, list_id=list_id, span_us=span, item_id=asked.key)
    return code


def _keep_name(books: Books, request: Request) -> None:
    """What was sold to or as what is refused has a name all the same; where none can be made it has none."""
    try:
        content = request.content()
        with books.connection.begin_nested():
            if isinstance(content, CustomerAsked):
                _archived_party(books, content)
            elif isinstance(content, ProductAsked):
                _product(books, content, request, f"~{content.key}", without_barcode=True)
                master_edit.change(books.connection, master.product, books.org_id, content.key, active=0)
    except Refused:
        return
