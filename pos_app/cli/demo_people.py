"""The demonstration: the Kenyan template, people whose PINs are known, and what lay there on the first day.

No command gives somebody a PIN that stands in a file, and none counts stock twice; so these two are done
here, and everything else is in files of commands.
"""

import csv
import uuid
from collections.abc import Callable
from typing import Final

from pos_app.bootstrap import Central
from pos_app.cli import founding as founded
from pos_app.cli.founding import OWNER, Owner
from pos_app.cli.templates import FoundingDetails, find
from pos_app.ledger.document import SERIES, SERVER_TERMINAL_NO, CountedLine, StockCount
from pos_app.ledger.errors import Refused
from pos_app.ledger.quantity import ONE
from pos_app.store.journal.centre_journal import CentreJournal
from pos_app.store.master import codes, organisations
from pos_app.store.master.pin_hash import given_pin
from pos_app.store.organisation import founding, master_import
from resources import resource

TEMPLATE: Final = find("depots-kenya")
#: The depots, and the columns of `stock.csv` that say what lies there.
_DEPOTS: Final = ("MAIN", "WEST")
_STOCK_OF: Final = "RETAIL"

Rows = list[dict[str, str]]


def _a_fresh_one(_: str) -> bytes:
    return b""


def found_demo(
    centre: Central,
    organisation: str,
    plan: FoundingDetails,
    label: str = "",
    *,
    stocked: bool = True,
    secret_of: Callable[[str], bytes] = _a_fresh_one,
) -> tuple[int, Rows]:
    """Make it; gives its key and the people with their PINs, the owner first.

    Not `stocked`, nothing lies at its depots yet.  `secret_of` gives the secret of a person's approvals,
    where the same documents are to come out again.  Raises `Refused` when a line of the files is refused.
    """
    people = _rows("people.csv")
    owner = people[0]
    pins = {one["code"]: given_pin(one["pin"], secret_of(one["code"])) for one in people}
    org_id = founded.found(centre, organisation, plan, Owner(owner["name"], pins[OWNER]), label)
    for file in (TEMPLATE, resource("demo", "demo.bohari")):
        applied = founded.play(centre, org_id, file)
        if applied.failed is not None:
            raise Refused("apply-ended", line=applied.failed.line_no, why=applied.why)
    with centre.database.write() as connection:
        for one in people[1:]:
            depot = codes.depot(connection, org_id, one["depot"]) if one["depot"] else None
            founding.add_person(
                connection,
                org_id,
                one["code"],
                one["name"],
                role=one["role"],
                pin_hash=pins[one["code"]],
                depot_id=depot.depot_id if depot else None,
            )
    if stocked:
        for code in _DEPOTS:
            _count(centre, org_id, code)
    return org_id, people


def _count(centre: Central, org_id: int, depot: str) -> None:
    """What lies at a depot on the first day, as a stock count by the server's own journal."""
    lying, now = _rows("stock.csv"), centre.clock.now()
    with centre.database.read() as connection:
        organisation = organisations.get(connection, org_id)
        place = codes.depot(connection, org_id, depot)
        who = codes.person(connection, org_id, OWNER)
        business_id = master_import.businesses(connection, org_id)[_STOCK_OF]
        ids = master_import.product_ids(connection, org_id, [one["sku"] for one in lying])
    if organisation is None or place is None or who is None:
        raise Refused("organisation-gone")
    count = StockCount(
        org_id=org_id,
        request_id=uuid.uuid4().hex,
        series=SERIES[StockCount],
        occurred_at=now,
        recorded_at=now,
        person_id=who.person_id,
        business_id=business_id,
        depot_id=place.depot_id,
        currency=organisation.currency.code,
        location_id=place.location_id,
        lines=tuple(CountedLine(product_id=ids[one["sku"]], counted=int(one[depot]) * ONE) for one in lying),
    )
    CentreJournal(centre.database, org_id, SERVER_TERMINAL_NO, centre.clock).record_document(count)


def _rows(name: str) -> Rows:
    with resource("demo", name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
