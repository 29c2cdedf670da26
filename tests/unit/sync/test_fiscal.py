"""Fiscal devices over a real socket: every sale exactly one invoice, in order, whatever the device does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_app.fiscal.etims.stand_in import EtimsStandIn
from pos_app.office import fiscal
from pos_app.office.fiscal import FiscalChoice
from pos_app.office.masters import businesses
from pos_app.office.office import Office
from sync.server.fiscal_line import HttpLine
from sync.server.fiscal_worker import FiscalWorker
from tests.support.worlds.sync_fixtures import Centre, Till

PIN = "P051234567X"


@pytest.fixture
def unit() -> Iterator[EtimsStandIn]:
    with EtimsStandIn("etims-oscu", pin=PIN) as made:
        yield made


@pytest.fixture
def office(centre: Centre, unit: EtimsStandIn) -> Office:
    made = Office(centre.database, centre.clock, centre.org_id, "OWNER")
    businesses.edit_business(made, "MAIN", {"tax_number": PIN})
    choice = FiscalChoice(
        regime="etims-oscu", address=unit.address, branch="00", serial="dvcv1130", item_class="5059690800"
    )
    assert fiscal.choose(made, "MAIN", choice)
    return made


@pytest.fixture
def till(centre: Centre, office: Office, tmp_path: Path) -> Till:
    return centre.till(tmp_path / "1")


def worker(centre: Centre, total_s: float = 2.0) -> FiscalWorker:
    return FiscalWorker(
        centre.database, centre.clock, connect=lambda url: HttpLine(url, total_s), waits_s=(0.0,)
    )


def states(office: Office) -> list[tuple[str, str]]:
    found = fiscal.listed(office, ("waiting", "sent", "signed", "refused"))
    return [(one.trader_no, one.receipt.state) for one in found]


def test_a_sale_is_signed_once_and_the_void_takes_from_it(
    centre: Centre, office: Office, till: Till, unit: EtimsStandIn
) -> None:
    sold = till.sell()
    till.void(sold)
    till.drain()
    own = worker(centre)
    own.turn()
    own.turn()
    found = fiscal.listed(office, ("signed",))
    assert [(one.receipt.number, one.receipt.label) for one in found] == [(1, "NS"), (2, "NC")]
    assert found[1].receipt.original == f"{unit.books.unit}/1"
    assert unit.asked["sale"] == 2
