"""The messages of eTIMS: a sale or a credit note, an item, a customer, as JSON with exact decimals."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from pos_app.fiscal.etims.figures import LineFigures, figures_of, major, rates_of, totals_of
from pos_app.fiscal.invoice import FiscalInvoice, FiscalLine
from pos_app.fiscal.regime import CLASS, ITEM, Device, Entry
from pos_app.ledger.money import divide_half_up
from pos_app.ledger.quantity import ONE

#: Numbers go as JSON numbers and never through a float.
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
#: `pmtTyCd` of the code list: cash, on credit, bank, card, mobile money, other.
PAID_BY: Final = {
    "cash": "01", "account": "02", "bank": "04", "card": "05", "mpesa": "06", "voucher": "07", "points": "07",
}  # fmt: skip
SALE, CREDIT = "S", "R"
#: Completed (`salesSttsCd`), and the reason of a credit note for goods that came back (`rfdRsnCd`).
_DONE, _REFUND = "02", "06"
#: Finished goods and services (`itemTyCd`).
_GOODS, _SERVICE = "2", "3"
#: Packed in nothing; units of two letters, since an item's code has room for so many.
_PACKING, _PIECES = "NT", "NO"
_UNITS: Final = {"kg": "KG", "m3": "M3", "m2": "M2", "set": "SE"}
CUSTOMER: Final = "customer"
#: Who is said to have made an entry: the program, and not a person of the shop.
_WHO: Final = {"regrId": "BOHARI", "regrNm": "Bohari POS", "modrId": "BOHARI", "modrNm": "Bohari POS"}


def encode(values: Mapping[str, Any]) -> bytes:
    """A message as it is sent."""
    return _ENCODER.encode(values)


def moment(at: datetime) -> str:
    """YYYYMMDDhhmmss on the shop's clock."""
    return at.strftime("%Y%m%d%H%M%S")


def unit_of(unit: str) -> str:
    """The authority's unit of one of ours; what it has no two letters for is counted in numbers."""
    return _UNITS.get(unit.strip().lower(), _PIECES)


def item_type(line: FiscalLine) -> str:
    """What kind of item it is."""
    return _SERVICE if line.is_service else _GOODS


def item_entry(line: FiscalLine, device: Device, class_code: str) -> Entry:
    """An item as the authority must know it: another name, type or tax is told anew."""
    type_ = figures_of(line, rates_of(device.codes)).type
    said = {
        "itemTyCd": item_type(line),
        "itemNm": line.name[:200],
        "qtyUnitCd": unit_of(line.unit),
        "taxTyCd": type_,
        "itemClsCd": class_code or device.item_class,
    }
    return Entry(ITEM, line.product_id, msgspec.json.encode(said).decode(), said["itemClsCd"])


def item_code(said: Mapping[str, str], number: int) -> str:
    """KE, type, packing, unit, and a number that counts from one: KE2NTNO0000012."""
    return f"KE{said['itemTyCd']}{_PACKING}{said['qtyUnitCd']}{number:07}"


def item(said: Mapping[str, str], code: str) -> dict[str, Any]:
    """The body of `saveItem`."""
    return {
        **said,
        "itemCd": code,
        "itemStdNm": None,
        "orgnNatCd": "KE",
        "pkgUnitCd": _PACKING,
        "btchNo": None,
        "bcd": None,
        "dftPrc": 0,
        "addInfo": None,
        "sftyQty": None,
        "isrcAplcbYn": "N",
        "useYn": "Y",
        **_WHO,
    }


def customer_entry(invoice: FiscalInvoice) -> Entry:
    """A buyer with a PIN, known by what is in it."""
    key = int(invoice.buyer_pin[1:-1])
    said = {"custTin": invoice.buyer_pin, "custNm": invoice.buyer[:60] or invoice.buyer_pin}
    return Entry(CUSTOMER, key, msgspec.json.encode(said).decode())


def customer(said: Mapping[str, str], number: int) -> dict[str, Any]:
    """The body of `saveBhfCustomer`."""
    return {"custNo": f"{number:09}", **said, "adrs": None, "telNo": None, "email": None, "faxNo": None,
            "useYn": "Y", "remark": None, **_WHO}  # fmt: skip


def sale(device: Device, invoice: FiscalInvoice, codes: Mapping[tuple[str, int], str]) -> dict[str, Any]:
    """The body of a sale or a credit note, the same at every try."""
    rates = rates_of(device.codes)
    figures = [figures_of(line, rates) for line in invoice.lines]
    totals, at = totals_of(figures), moment(invoice.at)
    body: dict[str, Any] = {
        "tin": device.pin,
        "bhfId": device.branch,
        "trdInvcNo": invoice.trader_no[:50],
        "invcNo": invoice.number,
        "orgInvcNo": invoice.original_number,
        "custTin": invoice.buyer_pin or None,
        "custNm": invoice.buyer[:60] or None,
        "salesTyCd": "N",
        "rcptTyCd": CREDIT if invoice.takes_back else SALE,
        "pmtTyCd": PAID_BY.get(invoice.paid_by, "07"),
        "salesSttsCd": _DONE,
        "cfmDt": at,
        "salesDt": at[:8],
        "stockRlsDt": at,
        "cnclReqDt": None,
        "cnclDt": None,
        "rfdDt": at if invoice.takes_back else None,
        "rfdRsnCd": _REFUND if invoice.takes_back else None,
        "totItemCnt": len(invoice.lines),
    }
    for type_, (taxable, tax) in totals.items():
        body |= {
            f"taxblAmt{type_}": major(taxable),
            f"taxRt{type_}": major(rates[type_]),
            f"taxAmt{type_}": major(tax),
        }
    body |= {
        "totTaxblAmt": major(sum(taxable for taxable, _ in totals.values())),
        "totTaxAmt": major(sum(tax for _, tax in totals.values())),
        "totAmt": major(invoice.total),
        "prchrAcptcYn": "N",
        "remark": invoice.reason[:400] or None,
        **_WHO,
        "regrNm": invoice.person[:60] or "Bohari POS",
        "receipt": {
            "custTin": invoice.buyer_pin or None,
            "custMblNo": None,
            "rcptPbctDt": at,
            "trdeNm": None,
            "adrs": None,
            "topMsg": None,
            "btmMsg": None,
            "prchrAcptcYn": "N",
        },
        "itemList": [
            _line(number, line, each, codes, device)
            for number, (line, each) in enumerate(zip(invoice.lines, figures, strict=True), 1)
        ],
    }
    return body


def _line(
    number: int,
    line: FiscalLine,
    figures: LineFigures,
    codes: Mapping[tuple[str, int], str],
    device: Device,
) -> dict[str, Any]:
    supply = line.gross + line.discount
    quantity = Decimal(divide_half_up(line.quantity, 10)).scaleb(-2)
    return {
        "itemSeq": number,
        "itemCd": codes.get((ITEM, line.product_id), ""),
        "itemClsCd": codes.get((CLASS, line.product_id), device.item_class),
        "itemNm": line.name[:200],
        "bcd": None,
        "pkgUnitCd": _PACKING,
        "pkg": quantity,
        "qtyUnitCd": unit_of(line.unit),
        "qty": quantity,
        "prc": major(divide_half_up(supply * ONE, line.quantity)) if line.quantity else major(supply),
        "splyAmt": major(supply),
        "dcRt": major(divide_half_up(line.discount * 10_000, supply)) if supply else Decimal(0),
        "dcAmt": major(line.discount),
        "isrccCd": None,
        "isrccNm": None,
        "isrcRt": None,
        "isrcAmt": None,
        "taxTyCd": figures.type,
        "taxblAmt": major(figures.taxable),
        "taxAmt": major(figures.tax),
        "totAmt": major(figures.total),
    }
