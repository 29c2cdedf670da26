"""The two control units of eTIMS behind the interface of regimes: the same messages under two sets of paths.

OSCU is asked at the authority, VSCU is a program of the authority on the shop's network (port 8088).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import msgspec

from pos_app.fiscal.etims import answer, figures, message, paper
from pos_app.fiscal.invoice import FiscalInvoice
from pos_app.fiscal.regime import (
    ITEM,
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
from pos_app.ledger.errors import Refused, Unavailable

#: A letter, nine digits, a letter; A and P are what persons and companies have.
PIN: Final = re.compile(r"[AP]\d{9}[A-Z]")
_BRANCH: Final = re.compile(r"\d{2}")
#: The beginning of time for lists that are asked for in whole.
_SINCE: Final = "20180101000000"


@dataclass(frozen=True)
class Paths:
    """Where each question goes, and what an answer calls what it gives."""

    register: str
    codes: str
    item: str
    customer: str
    sale: str
    sold: str
    receipt_no: str
    at: str


@dataclass(frozen=True)
class ControlUnit:
    """A regime; see `regime.Regime`."""

    name: str
    paths: Paths
    in_shop: bool
    signs: bool = True
    needs: Sequence[Field] = ("address", "branch", "serial")
    ceiling: timedelta = timedelta(hours=24)

    def check(self, device: Device) -> None:
        """Raise `Refused` for a PIN, a branch or a serial number of a wrong form."""
        if not PIN.fullmatch(device.pin):
            raise Refused("etims-pin-wrong", pin=device.pin[:20])
        if not _BRANCH.fullmatch(device.branch):
            raise Refused("etims-branch-wrong", branch=device.branch[:20])
        if not device.serial.strip() or len(device.serial) > 100:
            raise Refused("etims-serial-missing")

    def register(self, line: Line, device: Device) -> Registered | Declined:
        """Make the device ours and hear its codes; the authority does the first only once."""
        asked = {"tin": device.pin, "bhfId": device.branch, "dvcSrlNo": device.serial}
        told = answer.read(line.post(self.paths.register, {}, message.encode(asked)))
        if answer.code_of(told) not in answer.DONE:
            return answer.declined(told)
        data = answer.data_of(told)
        info = data.get("info") if isinstance(data.get("info"), dict) else data
        if not isinstance(info, dict) or not info.get("cmcKey") or not info.get("sdcId"):
            raise Unavailable("fiscal-answer-unreadable")
        found = Registered(
            str(info["cmcKey"]), answer.text(info["sdcId"]), answer.text(info.get("mrcNo")), ""
        )
        codes = self.status(line, replace(device, secret=found.secret))
        return found if isinstance(codes, Declined) else found._replace(codes=codes)

    def status(self, line: Line, device: Device) -> str | Declined:
        """The rates of the tax types as the authority has them now."""
        told = self._ask(line, device, self.paths.codes, {"lastReqDt": _SINCE})
        if answer.code_of(told) in {*answer.DONE, answer.NOTHING}:
            return figures.rates_told(answer.data_of(told)) or device.codes
        return answer.declined(told)

    def entries(self, device: Device, invoice: FiscalInvoice, classes: Mapping[int, str]) -> list[Entry]:
        """Its items, and its buyer where they have a PIN."""
        items = {
            line.product_id: message.item_entry(line, device, classes.get(line.product_id, ""))
            for line in invoice.lines
        }
        if not all(entry.class_code for entry in items.values()):
            raise Refused("etims-class-missing")
        buyer = [message.customer_entry(invoice)] if invoice.buyer_pin else []
        return [*items.values(), *buyer]

    def enter(self, line: Line, device: Device, entry: Entry, number: int) -> str | Declined:
        """Save an item or a customer; one that was saved before is changed under its code."""
        told: dict[str, str] = msgspec.json.decode(entry.said, type=dict[str, str])
        if entry.kind == ITEM:
            code, path = message.item_code(told, number), self.paths.item
            body = message.item(told, code)
        else:
            code, path = f"{number:09}", self.paths.customer
            body = message.customer(told, number)
        said = self._ask(line, device, path, body)
        if answer.code_of(said) in {*answer.DONE, answer.DOUBLE}:
            return code
        return answer.declined(said)

    def sign(
        self, line: Line, device: Device, invoice: FiscalInvoice, codes: Mapping[tuple[str, int], str]
    ) -> Signed | Declined:
        """Send a sale or a credit note and read its signature."""
        body = message.sale(device, invoice, codes)
        told = self._ask(line, device, self.paths.sale, body)
        if answer.code_of(told) not in answer.DONE:
            return answer.declined(told)
        return self._signed(device, invoice, answer.data_of(told))

    def find(self, line: Line, device: Device, invoice: FiscalInvoice) -> Held | Declined | None:
        """What it has under the number of an invoice."""
        told = self._ask(line, device, self.paths.sold, {"invcNo": invoice.number})
        code = answer.code_of(told)
        if code == answer.NOTHING:
            return None
        if code not in answer.DONE:
            return answer.declined(told)
        data = answer.data_of(told)
        if not data:
            return None
        if answer.whole(data.get("invcNo")) != invoice.number:
            # An answer to another question: nothing in it may be believed.
            raise Unavailable("fiscal-answer-of-another", number=invoice.number)
        return Held(
            answer.text(data.get("trdInvcNo")),
            answer.minor(data.get("totAmt")),
            self._signed(device, invoice, data),
        )

    def paper(self, receipt: Receipt, *, is_copy: bool) -> list[PaperLine]:
        """See `etims.paper`."""
        return paper.lines(receipt, is_copy=is_copy)

    def _ask(self, line: Line, device: Device, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        headers = {"tin": device.pin, "bhfId": device.branch, "cmcKey": device.secret}
        # The gateway takes them from the headers, the flat interface of the specification from the body.
        whole = {"tin": device.pin, "bhfId": device.branch, **body}
        return answer.read(line.post(path, headers, message.encode(whole)))

    def _signed(self, device: Device, invoice: FiscalInvoice, data: Mapping[str, Any]) -> Signed:
        rates = figures.rates_of(device.codes)
        number = data.get("invcNo")
        if number is not None and answer.whole(number) != invoice.number:
            raise Unavailable("fiscal-answer-of-another", number=invoice.number)
        signature = answer.text(data.get("rcptSign"))
        if not signature or not data.get("intrlData"):
            raise Unavailable("fiscal-answer-unreadable")
        return Signed(
            receipt_no=answer.whole(data.get(self.paths.receipt_no)),
            total_no=answer.whole(data.get("totRcptNo")),
            internal=answer.text(data.get("intrlData")),
            signature=signature,
            at=answer.text(data.get(self.paths.at), 14),
            unit=answer.text(data.get("sdcId")) or device.unit,
            label=paper.LABELS[invoice.takes_back],
            qr=paper.qr(device, signature),
            figures=figures.totals_of([figures.figures_of(each, rates) for each in invoice.lines]),
        )


OSCU: Final = ControlUnit(
    "etims-oscu",
    Paths(
        register="selectInitOsdcInfo",
        codes="selectCodeList",
        item="saveItem",
        customer="saveBhfCustomer",
        sale="saveTrnsSalesOsdc",
        sold="selectInvoiceDetail",
        receipt_no="curRcptNo",
        at="sdcDateTime",
    ),
    in_shop=False,
)
VSCU: Final = ControlUnit(
    "etims-vscu",
    Paths(
        register="initializer/selectInitInfo",
        codes="code/selectCodes",
        item="items/saveItems",
        customer="branches/saveBrancheCustomers",
        sale="trnsSales/saveSales",
        sold="trnsSales/selectSales",
        receipt_no="rcptNo",
        at="vsdcRcptPbctDate",
    ),
    in_shop=True,
)
