"""Where a customer lives and whom the tax office knows them as: closed at the centre, on papers of both."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app.ledger.clock import SystemClock
from pos_app.office.masters import parties
from pos_app.office.masters.parties import Particulars
from pos_app.office.office import Office
from pos_app.reports.ask.buyer import buyer_lines
from pos_app.store.engine.engine import Database
from pos_app.store.master import codes
from pos_app.store.organisation.master_import import CustomerRow, put_customers
from pos_app.store.report_queries.invoice_history import addressee
from tests.support.refused import refused
from tests.support.worlds.sync_fixtures import Centre

ADDRESS, PIN = "Kenyatta Ave 7\nNakuru", "P051234567X"


@pytest.fixture
def centre(central: Database) -> Iterator[Centre]:
    made = Centre(central)
    yield made
    made.close()


def lines(database: Database, org_id: int) -> list[str]:
    with database.read() as connection:
        known = codes.party(connection, org_id, "C1")
        assert known is not None
        to = addressee(connection, org_id, known.party_id)
    assert to is not None
    return buyer_lines(to)


def test_it_is_closed_at_the_centre_travels_and_stands_on_paper(centre: Centre, tmp_path: Path) -> None:
    office = Office(centre.database, SystemClock(), centre.org_id, "OWNER")
    till = centre.till(tmp_path)
    till.drain()
    parties.edit_party(office, "C1", said_of=Particulars("0722 555 000", ADDRESS, PIN))
    till.drain()
    wanted = ["Kenyatta Ave 7", "Nakuru", f"Tax number: {PIN}", "C1 · 0722 555 000"]
    assert lines(centre.database, centre.org_id) == lines(till.database, centre.org_id) == wanted
    with centre.database.read() as connection:
        lying = connection.execute(text("SELECT address || tax_number FROM party WHERE code = 'C1'"))
        assert not {"Kenyatta", PIN} & {word for row in lying for word in (row[0][:8], row[0])}
        assert PIN not in str(connection.execute(text("SELECT * FROM party")).all())
    # An edit says only what it says; an empty text takes away.
    parties.edit_party(office, "C1", said_of=Particulars(address=""))
    assert lines(centre.database, centre.org_id) == wanted[2:]
    for wrong in (Particulars(address="x" * 201), Particulars(tax_number="a\nb\x00")):
        with refused("party-particulars-wrong"):
            parties.edit_party(office, "C1", said_of=wrong)
    with refused("kra-pin-form"):
        parties.edit_party(office, "C1", said_of=Particulars(tax_number="P05123"))
    parties.edit_party(office, "C1", said_of=Particulars(tax_number="p051-234 567x"))
    assert lines(centre.database, centre.org_id) == wanted[2:]


def test_an_import_brings_them_and_leaves_what_it_does_not_name(centre: Centre) -> None:
    with centre.database.write() as connection:
        told = CustomerRow(1, "C1", address="Moi Rd 1", tax_number=PIN)
        assert not put_customers(connection, centre.org_id, [told]).refusals
        assert not put_customers(connection, centre.org_id, [CustomerRow(1, "C1", name="Njeri")]).refusals
    assert lines(centre.database, centre.org_id)[:2] == ["Moi Rd 1", f"Tax number: {PIN}"]
