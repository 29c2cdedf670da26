"""No regime: nothing is signed, nothing stands on paper, nothing is forbidden."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from pos_app.fiscal.invoice import FiscalInvoice
from pos_app.fiscal.regime import (
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
from pos_app.language import said


class NoRegime:
    """What a business has that no authority asks for a device.  Nobody sends it anything."""

    name: Final = "none"
    signs: Final = False
    in_shop: Final = False
    needs: Sequence[Field] = ()
    ceiling: Final = timedelta()

    def check(self, device: Device) -> None:
        """Any business may have none."""

    def register(self, line: Line, device: Device) -> Registered | Declined:
        """There is nothing to register."""
        return Registered("", "", "", "")

    def status(self, line: Line, device: Device) -> str | Declined:
        """It is always well."""
        return ""

    def entries(self, device: Device, invoice: FiscalInvoice, classes: Mapping[int, str]) -> list[Entry]:
        """Nobody need know anything."""
        return []

    def enter(self, line: Line, device: Device, entry: Entry, number: int) -> str | Declined:
        """Nobody is told."""
        return ""

    def sign(
        self, line: Line, device: Device, invoice: FiscalInvoice, codes: Mapping[tuple[str, int], str]
    ) -> Signed | Declined:
        """Nothing is signed."""
        return Declined("", "", said("fiscal-none"), stops=True)

    def find(self, line: Line, device: Device, invoice: FiscalInvoice) -> Held | Declined | None:
        """Nobody has anything."""
        return None

    def paper(self, receipt: Receipt, *, is_copy: bool) -> list[PaperLine]:
        """Nothing stands on paper."""
        return []
