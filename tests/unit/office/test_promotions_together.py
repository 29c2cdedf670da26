"""Two people who edit one promotion in the same moment: one after the other, and one promise is left."""

import threading
import time

from sqlalchemy import text

from pos_app.ledger.errors import Refused
from pos_app.ledger.pricing.rules import OfferKind
from pos_app.office.masters import promotions
from pos_app.office.masters.promotions import Of, Off, Said
from pos_app.store.master import enrolment
from tests.support.worlds.office_fixture import Desk

_WAIT: str = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def _until_waiting(desk: Desk, count: int, deadline_s: float) -> None:
    while time.monotonic() < deadline_s:
        with desk.database.read() as connection:
            if connection.execute(text(_WAIT)).scalar_one() >= count:
                return
    raise AssertionError("nobody waited")


def test_of_two_edits_at_once_the_second_edits_what_the_first_left(desk: Desk) -> None:
    owner = desk.as_("OWNER")
    promotions.add(owner, "HOSES", Said("Hoses", Off(OfferKind.PERCENT, percent_bp=1_000), [Of("HOSE")]))
    saids = [Said(name="Hoses and more"), Said(off=Off(OfferKind.PERCENT, percent_bp=2_000))]
    faults: list[BaseException] = []

    def edit(said: Said) -> None:
        try:
            promotions.edit(desk.as_("OWNER"), "HOSES", said)
        except Refused as error:
            faults.append(error)

    people = [threading.Thread(target=edit, args=(said,)) for said in saids]
    with desk.database.write() as connection:
        # Whoever gives out numbers waits for this: both have read what they edit by then, or neither has.
        enrolment.lock_organisation(connection, desk.org_id)
        for one in people:
            one.start()
        _until_waiting(desk, 2, time.monotonic() + 30)
    for one in people:
        one.join(30)
    assert faults == []
    with desk.database.read() as connection:
        rows = connection.execute(
            text("SELECT name, percent_bp FROM promotion WHERE code = 'HOSES' AND ended_us IS NULL")
        ).all()
    assert [tuple(row) for row in rows] == [("Hoses and more", 2_000)]
