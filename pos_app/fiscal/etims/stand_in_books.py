"""What the stand-in of a control unit keeps, checks and signs; its key is a test's and opens nothing."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

Reply = dict[str, Any]

KEY: Final = b"a stand-in signs with this and nobody believes it"
_TYPES: Final = "ABCDE"
_CENT: Final = Decimal("0.01")


@dataclass
class Books:
    """The state of one unit.  `rates` are of the tax types in per cent; `ahead` is how wrong its clock goes.

    `taken` is what it accepted, by invoice number, `items` what was saved, `customers` by PIN.
    """

    pin: str = ""
    branch: str = "00"
    serial: str = ""
    is_online: bool = True
    key: str = ""
    rates: dict[str, Decimal] = field(
        default_factory=lambda: dict(zip(_TYPES, map(Decimal, (0, 16, 0, 0, 8)), strict=True))
    )
    ahead: timedelta = timedelta()
    taken: dict[int, Reply] = field(default_factory=dict)
    items: dict[str, Reply] = field(default_factory=dict)
    customers: dict[str, Reply] = field(default_factory=dict)
    sales: int = 0
    credits: int = 0

    @property
    def unit(self) -> str:
        """What it calls itself."""
        return "KRACU0100000001" if self.is_online else "KRAVCU010000001"

    def reply(self, code: str, words: str = "It is succeeded", data: Reply | None = None) -> Reply:
        """An answer as the authority's."""
        return {"resultCd": code, "resultMsg": words, "resultDt": self._now(), "data": data}

    def ask(self, what: str, headers: Mapping[str, str], body: Reply) -> Reply:
        """Answer a question; `what` is one of the stand-in's words."""
        if what == "register":
            return self._register(body)
        wrong = self._stranger(headers)
        if wrong is not None:
            return wrong
        return {
            "codes": self._codes,
            "item": self._item,
            "customer": self._customer,
            "sale": self._sale,
            "sold": self._sold,
        }[what](body)

    def another(self, headers: Mapping[str, str], body: Reply) -> Reply:
        """What it signed, under the number of another invoice."""
        told = self.ask("sale", headers, body)
        if told["data"]:
            told["data"] = {**told["data"], "invcNo": int(body.get("invcNo") or 0) + 7}
        return told

    # --- who asks ---------------------------------------------------------------------------------------

    def _register(self, body: Reply) -> Reply:
        pin, branch, serial = (str(body.get(name) or "") for name in ("tin", "bhfId", "dvcSrlNo"))
        known = (not self.pin or pin == self.pin) and branch == self.branch
        if not known or not serial or (self.serial and serial != self.serial):
            return self.reply("901", "It is not valid device")
        if self.key:
            return self.reply("902", "This device is installed")
        self.pin, self.serial = pin, serial
        self.key = hashlib.sha256(f"{pin}{branch}{serial}".encode()).hexdigest()[:32]
        info = {"tin": pin, "taxprNm": "Taxpayer", "bhfId": branch, "dvcId": "9999911300000001",
                "sdcId": self.unit, "mrcNo": "WIS01000150", "cmcKey": self.key}  # fmt: skip
        return self.reply("000", data={"info": info})

    def _stranger(self, headers: Mapping[str, str]) -> Reply | None:
        told = {name: headers.get(name.lower(), "") for name in ("tin", "bhfId", "cmcKey")}
        if not all(told.values()):
            return self.reply("900", "There is no Header information")
        if (told["tin"], told["bhfId"]) != (self.pin, self.branch):
            return self.reply("901", "It is not valid device")
        if not self.key or not hmac.compare_digest(told["cmcKey"].encode(), self.key.encode()):
            return self.reply("900", "The communication key is not valid")
        return None

    # --- what is asked ----------------------------------------------------------------------------------

    def _codes(self, _: Reply) -> Reply:
        rates = [
            {"cd": type_, "cdNm": f"{type_}-{rate}%", "userDfnCd1": str(rate), "useYn": "Y"}
            for type_, rate in self.rates.items()
        ]
        return self.reply(
            "000", data={"clsList": [{"cdCls": "04", "cdClsNm": "Taxation Type", "dtlList": rates}]}
        )

    def _item(self, body: Reply) -> Reply:
        code, type_ = str(body.get("itemCd") or ""), str(body.get("itemTyCd") or "")
        packing, unit = str(body.get("pkgUnitCd") or ""), str(body.get("qtyUnitCd") or "")
        begins = f"KE{type_}{packing}{unit}"
        if not code.startswith(begins) or not code[len(begins) :].isdecimal():
            return self.reply("910", "Request parameter error: itemCd")
        number = int(code[len(begins) :])
        highest = max((int(known[-7:]) for known in self.items), default=0)
        if code not in self.items and number != highest + 1:
            return self.reply("910", "Invalid itemCd sequence")
        if str(body.get("taxTyCd")) not in self.rates or not body.get("itemClsCd"):
            return self.reply("910", "Request parameter error: taxTyCd, itemClsCd")
        self.items[code] = body
        return self.reply("000")

    def _customer(self, body: Reply) -> Reply:
        if len(str(body.get("custTin") or "")) != 11 or not body.get("custNm"):
            return self.reply("910", "Request parameter error: custTin")
        self.customers[str(body["custTin"])] = body
        return self.reply("000")

    def _sold(self, body: Reply) -> Reply:
        found = self.taken.get(int(body.get("invcNo") or 0))
        return (
            self.reply("001", "There is no search result") if found is None else self.reply("000", data=found)
        )

    def _sale(self, body: Reply) -> Reply:
        number = body.get("invcNo")
        if type(number) is not int:
            return self.reply("910", "Request parameter error: invcNo")
        if number in self.taken:
            return self.reply("994", "There is an overlapped Data")
        expected = max(self.taken, default=0) + 1
        if number != expected:
            return self.reply("910", f"Invc No: {number} is invalid, use the expected value: {expected}")
        wrong = self._wrong(body)
        if wrong:
            return self.reply("910", wrong)
        is_credit = body.get("rcptTyCd") == "R"
        self.sales, self.credits = self.sales + (not is_credit), self.credits + is_credit
        self.taken[number] = self._signed(body, self.credits if is_credit else self.sales)
        return self.reply("000", data=self.taken[number])

    def _signed(self, body: Reply, counted: int) -> Reply:
        at = self._now()
        said = "|".join(str(body.get(name)) for name in ("tin", "bhfId", "invcNo", "trdInvcNo", "totAmt"))
        mac = base64.b32encode(hmac.new(KEY, f"{said}|{at}".encode(), hashlib.sha256).digest()).decode()
        receipt = {"curRcptNo": counted, "sdcDateTime": at}
        if not self.is_online:
            receipt = {"rcptNo": counted, "vsdcRcptPbctDate": at, "sdcId": self.unit, "mrcNo": "WIS01000150"}
        return {
            **receipt,
            "totRcptNo": len(self.taken) + 1,
            "intrlData": mac[:26],
            "rcptSign": mac[26:42],
            "invcNo": body["invcNo"],
            "trdInvcNo": body.get("trdInvcNo"),
            "totAmt": body.get("totAmt"),
            "rcptTyCd": body.get("rcptTyCd"),
            "orgInvcNo": body.get("orgInvcNo"),
            "body": body,
        }

    def _now(self) -> str:
        # Nairobi is three hours before UTC, the year round.
        return (datetime.now(UTC) + timedelta(hours=3) + self.ahead).strftime("%Y%m%d%H%M%S")

    # --- what is wrong with a sale ------------------------------------------------------------------------

    def _wrong(self, body: Reply) -> str:
        try:
            return self._sums(body) or self._original(body)
        except (InvalidOperation, KeyError, TypeError, AttributeError):
            return "Request parameter error"

    def _sums(self, body: Reply) -> str:
        lines = body["itemList"]
        if not lines or body["totItemCnt"] != len(lines):
            return "totItemCnt"
        sums = {type_: [Decimal(0), Decimal(0)] for type_ in _TYPES}
        for line in lines:
            if line["itemCd"] not in self.items:
                return f"itemCd {line['itemCd']} is not registered"
            type_ = line["taxTyCd"]
            if type_ != self.items[line["itemCd"]]["taxTyCd"]:
                return f"taxTyCd of {line['itemCd']} is not the item's"
            total, rate = Decimal(line["totAmt"]), self.rates[type_]
            tax = (total * rate / (100 + rate)).quantize(_CENT, ROUND_HALF_UP)
            if total <= 0 and len(lines) == 1:
                return "totAmt"
            if Decimal(line["taxAmt"]) != tax or Decimal(line["taxblAmt"]) != total - tax:
                return f"taxAmt of line {line['itemSeq']}"
            if Decimal(line["splyAmt"]) - Decimal(line["dcAmt"]) != total:
                return f"splyAmt of line {line['itemSeq']}"
            sums[type_][0] += total - tax
            sums[type_][1] += tax
        for type_, (taxable, tax) in sums.items():
            told = Decimal(body[f"taxblAmt{type_}"]), Decimal(body[f"taxAmt{type_}"])
            if told != (taxable, tax) or Decimal(body[f"taxRt{type_}"]) != self.rates[type_]:
                return f"taxAmt{type_}"
        whole = [sum((each[place] for each in sums.values()), Decimal(0)) for place in (0, 1)]
        if [Decimal(body["totTaxblAmt"]), Decimal(body["totTaxAmt"])] != whole:
            return "totTaxAmt"
        return "" if Decimal(body["totAmt"]) == sum(whole) else "totAmt"

    def _original(self, body: Reply) -> str:
        if body["rcptTyCd"] != "R":
            return ""
        original = self.taken.get(int(body["orgInvcNo"] or 0))
        if original is None or original["rcptTyCd"] != "S":
            return "orgInvcNo is not an invoice"
        back = sum(
            Decimal(each["totAmt"])
            for each in self.taken.values()
            if each["rcptTyCd"] == "R" and each["orgInvcNo"] == body["orgInvcNo"]
        )
        if back + Decimal(body["totAmt"]) > Decimal(original["totAmt"]):
            return "the credit notes are more than their invoice"
        return "" if body["rfdRsnCd"] else "rfdRsnCd"
