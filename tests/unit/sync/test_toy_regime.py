"""A second regime is one file and a line in the register: this one, of no country."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from pos_app.fiscal import regimes
from pos_app.fiscal.invoice import FiscalInvoice
from pos_app.fiscal.regime import (
    SIGNED,
    Declined,
    Device,
    Entry,
    Field,
    Held,
    Line,
    PaperLine,
    Receipt,
    Registered,
    Signed,
)
from pos_app.office import fiscal
from pos_app.office.fiscal import FiscalChoice
from pos_app.office.office import Office
from pos_app.reports.slips.fiscal_block import fiscal_remarks
from pos_app.store.fiscal import papers
from sync.server.fiscal_worker import FiscalWorker
from tests.support.worlds.sync_fixtures import Centre


class Toy:
    """Signs with the length of what it is told."""

    name = "toy"
    signs = True
    in_shop = True
    needs: Sequence[Field] = ("address",)
    ceiling = timedelta(hours=2)

    def check(self, device: Device) -> None:
        """Any device will do."""

    def register(self, line: Line, device: Device) -> Registered | Declined:
        return Registered("toy key", "TOY1", "", "")

    def status(self, line: Line, device: Device) -> str | Declined:
        return ""

    def entries(self, device: Device, invoice: FiscalInvoice, classes: Mapping[int, str]) -> list[Entry]:
        return []

    def enter(self, line: Line, device: Device, entry: Entry, number: int) -> str | Declined:
        return ""

    def sign(
        self, line: Line, device: Device, invoice: FiscalInvoice, codes: Mapping[tuple[str, int], str]
    ) -> Signed | Declined:
        told = line.post("sign", {}, msgspec.json.encode([invoice.number, invoice.total]))
        return Signed(invoice.number, invoice.number, "-", told.decode(), "now", "TOY1", "T", "", {})

    def find(self, line: Line, device: Device, invoice: FiscalInvoice) -> Held | Declined | None:
        return None

    def paper(self, receipt: Receipt, *, is_copy: bool) -> list[PaperLine]:
        return [PaperLine("Toy", receipt.signature if receipt.state == SIGNED else "soon")]


class Echo:
    """The other end of the toy's line."""

    def __init__(self, _: str) -> None:
        self.closed = False

    def post(self, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
        return b"signed " + body


def test_a_toy_regime_signs_prints_and_touches_no_other(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(regimes.REGIMES, "toy", Toy())
    office = Office(centre.database, centre.clock, centre.org_id, "OWNER")
    assert fiscal.choose(
        office, "MAIN", FiscalChoice(regime="toy", address="http://toy", item_class="50592000")
    )
    till = centre.till(tmp_path / "1")
    sold = till.sell()
    till.drain()
    worker = FiscalWorker(centre.database, centre.clock, connect=Echo)
    worker.turn()
    (signed,) = fiscal.listed(office, ("signed",))
    assert signed.receipt.signature == f"signed [1,{sold.document.total}]"  # type: ignore[union-attr]
    till.drain()
    with till.database.read() as connection:
        printed = fiscal_remarks(papers.of_paper(connection, sold.document), is_copy=False)
    assert printed == [f"Toy: {signed.receipt.signature}"]
