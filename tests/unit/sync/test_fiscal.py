"""Fiscal devices over a real socket: every sale exactly one invoice, in order, whatever the device does."""

import random
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from pos_app.fiscal.etims.stand_in import EtimsStandIn
from pos_app.fiscal.regime import SIGNED
from pos_app.ledger.document import Refund, Reversal
from pos_app.office import fiscal
from pos_app.office.fiscal import FiscalChoice, Invoiced
from pos_app.office.masters import businesses
from pos_app.office.office import Office
from pos_app.store.fiscal import receipts
from sync.server.fiscal_line import HttpLine
from sync.server.fiscal_worker import FiscalWorker
from tests.support.refused import refused
from tests.support.worlds.sync_fixtures import Centre, Till

PIN = "P051234567X"
FAULTS = ("ok", "ok", "ok", "cut", "garbage", "twice", "other", "busy", "down", "slow")


@pytest.fixture(params=["etims-oscu"])
def unit(request: pytest.FixtureRequest) -> Iterator[EtimsStandIn]:
    with EtimsStandIn(request.param, pin=PIN, pause_s=0.01) as made:
        yield made


@pytest.fixture
def office(centre: Centre, unit: EtimsStandIn) -> Office:
    made = Office(centre.database, centre.clock, centre.org_id, "OWNER")
    businesses.edit_business(made, "MAIN", {"tax_number": PIN})
    kind = "etims-oscu" if unit.books.is_online else "etims-vscu"
    choice = FiscalChoice(
        regime=kind, address=unit.address, branch="00", serial="dvcv1130", item_class="5059690800"
    )
    assert fiscal.choose(made, "MAIN", choice)
    assert not fiscal.choose(made, "MAIN", choice)
    return made


@pytest.fixture
def till(centre: Centre, office: Office, tmp_path: Path) -> Till:
    return centre.till(tmp_path / "1")


def worker(centre: Centre) -> FiscalWorker:
    return FiscalWorker(centre.database, centre.clock, connect=lambda url: HttpLine(url, 2.0), waits_s=(0.0,))


def until_signed(own: FiscalWorker, office: Office, turns: int = 120) -> None:
    own.turn()
    while turns and fiscal.listed(office):
        own.turn()
        turns -= 1
    assert fiscal.listed(office) == []


def vat_of(documents: list[Any]) -> Decimal:
    """The standard-rated tax of documents in the authority's rounding, from the lines alone."""
    whole = Decimal(0)
    for document in documents:
        sign, of = 1, document
        if isinstance(document, Reversal):
            sign, of = -1, next(one for one in documents if one.document_id == document.original_id)
        for line in of.lines:
            gross = Decimal(line.net + line.tax) / 100
            tax = (gross * 16 / 116).quantize(Decimal("0.01"), ROUND_HALF_UP)
            whole += sign * (-tax if isinstance(of, Refund) else tax)
    return whole


def signed_figures(invoices: Sequence[Invoiced]) -> dict[str, tuple[int, int]]:
    """Taxable and tax by the authority's types over invoices, credit notes taken off; in minor units."""
    sums: dict[str, tuple[int, int]] = {}
    for kept in invoices:
        if kept.receipt.state != SIGNED:
            continue
        sign = -1 if kept.takes_back else 1
        for type_, (taxable, tax) in kept.figures.items():
            before = sums.get(type_, (0, 0))
            sums[type_] = (before[0] + sign * taxable, before[1] + sign * tax)
    return sums


@pytest.mark.parametrize("unit", ["etims-oscu", "etims-vscu"], indirect=True)
def test_a_long_outage_and_every_fault_leave_one_invoice_for_each_sale_in_order(
    centre: Centre, office: Office, till: Till, unit: EtimsStandIn
) -> None:
    rng = random.Random(17)
    unit.is_down = True
    documents = []
    for _ in range(14):
        sold = till.sell(products=(rng.randint(1, 5), rng.randint(1, 5)), quantity=rng.randint(1, 9) * 333)
        documents.append(sold.document)
        if rng.random() < 0.3:
            documents.append(till.void(sold).document)
    till.drain()
    own = worker(centre)
    for _ in range(3):
        own.turn()
    assert unit.books.taken == {}
    (standing,) = fiscal.standings(office)
    assert (standing.waiting, standing.refused, standing.is_stopped) == (len(documents), 0, False)
    assert standing.until is not None
    assert standing.says is not None
    unit.is_down, unit.manners = False, [rng.choice(FAULTS) for _ in range(60)] + ["ok"]
    until_signed(own, office)
    signed = fiscal.listed(office, ("signed",))
    taken = unit.books.taken
    assert [one.receipt.number for one in signed] == list(range(1, len(documents) + 1)) == sorted(taken)
    assert [one.document_id for one in signed] == [one.document_id for one in documents]
    assert len({str(one["trdInvcNo"]) for one in taken.values()}) == len(documents)
    for one in signed:
        held = taken[one.receipt.number]
        assert (held["trdInvcNo"], held["rcptSign"]) == (one.trader_no, one.receipt.signature)
        assert one.receipt.qr == (
            "https://etims.kra.go.ke/common/link/etims/receipt/indexEtimsReceiptData?Data="
            f"{PIN}00{one.receipt.signature}"
        )
    counted = sum(
        (-1 if one["rcptTyCd"] == "R" else 1) * Decimal(one["body"]["totTaxAmt"]) for one in taken.values()
    )
    figures = signed_figures(signed)
    assert counted == vat_of(documents) == Decimal(figures["B"][1]) / 100


def test_whoever_is_killed_after_the_answer_finds_it(
    centre: Centre, office: Office, till: Till, unit: EtimsStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.sell()
    till.drain()
    own = worker(centre)
    with monkeypatch.context() as patched:

        def killed(*_: object) -> None:
            raise KeyboardInterrupt

        patched.setattr(receipts, "sign", killed)
        with pytest.raises(KeyboardInterrupt):
            own.turn()
    until_signed(worker(centre), office)
    assert (unit.asked["sale"], unit.asked["sold"], len(unit.books.taken)) == (1, 1, 1)
    with (
        centre.database.for_org(centre.org_id).write() as connection,
        pytest.raises(DBAPIError, match="signed"),
    ):
        connection.execute(text("UPDATE fiscal_receipt SET signature = 'x'"))


def test_what_is_refused_waits_for_a_person_and_holds_up_no_other(
    centre: Centre, office: Office, till: Till, unit: EtimsStandIn
) -> None:
    unit.manners = ["refuse", "ok"]
    first = till.sell()
    till.sell()
    credit = till.void(first)
    till.drain()
    own = worker(centre)
    own.turn()
    (refused_one, waits) = fiscal.listed(office)
    assert (refused_one.document_id, refused_one.receipt.state) == (first.document.document_id, "refused")
    assert refused_one.said is not None
    assert refused_one.said.code == "etims-declined"
    assert (waits.document_id, waits.receipt.state) == (credit.document.document_id, "waiting")
    assert sorted(unit.books.taken) == [1]
    fiscal.retry(office, refused_one.trader_no)
    until_signed(own, office)
    assert sorted(unit.books.taken) == [1, 2, 3]
    assert unit.books.taken[3]["orgInvcNo"] == 2


def test_a_device_with_another_key_stops_and_goes_on_when_it_is_set_going(
    centre: Centre, office: Office, till: Till, unit: EtimsStandIn
) -> None:
    own = worker(centre)
    own.turn()
    own.turn()
    right, unit.books.key = unit.books.key, "another"
    till.sell()
    till.drain()
    own.turn()
    (standing,) = fiscal.standings(office)
    assert standing.is_stopped
    assert standing.says is not None
    assert standing.says.code == "etims-key-wrong"
    asked = dict(unit.asked)
    own.turn()
    assert unit.asked == asked
    unit.books.key = right
    fiscal.resume(office, "MAIN")
    until_signed(own, office)


def test_a_device_that_counted_without_us_is_followed(
    centre: Centre, office: Office, till: Till, unit: EtimsStandIn
) -> None:
    till.sell()
    till.drain()
    own = worker(centre)
    until_signed(own, office)
    stranger = {**unit.books.taken[1], "invcNo": 2, "trdInvcNo": "OTHER-1"}
    unit.books.taken[2] = stranger
    till.sell()
    till.drain()
    until_signed(own, office)
    assert [one.receipt.number for one in fiscal.listed(office, ("signed",))] == [1, 3]


def test_what_cannot_be_a_device_is_refused_in_words(office: Office) -> None:
    def why(code: str, **said: Any) -> None:
        with refused(code):
            fiscal.choose(office, "MAIN", FiscalChoice(**said))

    why("etims-branch-wrong", branch="0")
    why("fiscal-address-wrong", address="ftp://x")
    why("fiscal-address-plain", address="http://etims-api.kra.go.ke")
    why("fiscal-hours-wrong", hours=25)
    why("etims-class-wrong", item_class="50,59")
    why("fiscal-regime-unknown", regime="zebra")
    businesses.edit_business(office, "MAIN", {"tax_number": ""})
    why("etims-pin-wrong", branch="01")
    with refused("document-not-in-books"):
        fiscal.retry(office, "M1-S000009")


def test_a_credit_note_of_nothing_that_was_signed_goes_to_a_person(
    centre: Centre, office: Office, till: Till, unit: EtimsStandIn
) -> None:
    fiscal.choose(office, "MAIN", FiscalChoice(regime="none"))
    before = till.sell()
    till.drain()
    fiscal.choose(
        office,
        "MAIN",
        FiscalChoice(regime="etims-oscu", address=unit.address, branch="00", serial="dvcv1130"),
    )
    till.void(before)
    till.drain()
    own = worker(centre)
    own.turn()
    own.turn()
    (one,) = fiscal.listed(office)
    assert one.said is not None
    assert one.said.code == "fiscal-original-unsigned"
    fiscal.set_aside(office, one.trader_no, "sold before the device came")
    assert fiscal.listed(office) == []
    (aside,) = fiscal.listed(office, ("aside",))
    assert aside.said is not None
    assert "before the device came" in str(aside.said)
    with centre.database.read() as connection:
        assert receipts.counts(connection, centre.org_id) == {}
