"""What the office buys in the demo month: gas and goods for two depots, an import in dollars, rent.

Each week begins with an order for what is short; it comes in two parts, is billed, and paid when it is due.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from demo.month.founding import GOODS
from demo.month.office import Task
from pos_app.ledger.document import GoodsReceipt, PurchaseOrder
from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.quantity import ONE
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.ledger.treasury import PartyReason
from pos_app.office import bills, drafts, payments, purchasing, treasury
from pos_app.office.allocating import Owed
from pos_app.office.bills import Cost, ForReceipt
from pos_app.office.books import PostingDetails
from pos_app.office.drafts import Terms
from pos_app.office.masters import reorder_levels
from pos_app.office.office import Office
from pos_app.office.purchasing import Bought, Came
from pos_app.store.documents import documents
from pos_app.store.receivables import open_items
from pos_app.store.stock.recorded import Recorded

_BANK: Final = TenderKind.BANK
_WEEKS: Final = 4
#: More than a month has.
_MOST_RECEIPTS: Final = 10_000
_GAS, _WATER, _CLEAN, _IMPORT, _FREIGHT = "V-GAS", "V-WATER", "V-CLEAN", "V-IMPORT", "V-FREIGHT"
#: Where the goods come from; all else is the gas company's.
_VENDOR_OF: Final = {
    "WAT-10N": _WATER,
    "WAT-1N": _WATER,
    "WAC-076": _WATER,
    "WAT-189N": _WATER,
    "LSP-137": _CLEAN,
    "LSP-145": _CLEAN,
}


class MonthPurchases:
    """The purchases of the office."""

    def __init__(self, accountant: Office, managers: dict[str, Office]) -> None:
        """`managers` receive the goods, each at their depot."""
        self._acc, self._managers = accountant, managers
        self._orders: list[tuple[str, Recorded]] = []
        self._billed: set[int] = set()
        self._import: dict[str, Recorded] = {}

    def tasks(self) -> list[Task]:
        """Everything, in order."""
        found = [
            Task(10, self.rent),
            Task(30, self.order_abroad),
            Task(250, self.import_comes),
            Task(270, self.freight_is_billed),
            Task(400, self.import_is_billed),
            Task(430, self.goods_go_back),
            Task(470, self.prepay),
            Task(600, partial(self.pay_abroad, in_shillings=True)),
            Task(900, partial(self.pay_abroad, in_shillings=False)),
            Task(930, self.prepayment_returns),
            Task(995, self.bill_receipts),
        ]
        for week in range(_WEEKS):
            steps: tuple[Callable[[], object], ...] = (
                self.order_what_is_short,
                partial(self.receive, in_part=True),
                partial(self.receive, in_part=False),
                self.bill_receipts,
                self.pay_what_is_due,
            )
            found += [Task(15 + 240 * week + 40 * place, step) for place, step in enumerate(steps)]
        return sorted(found, key=lambda task: task.at)

    # --- every week ---------------------------------------------------------------------------------

    def order_what_is_short(self) -> None:
        """What is at its reorder level at each depot, and always some gas, of its vendor."""
        for depot in ("MAIN", "WEST"):
            wanted = {"LPG-R13": 20 * ONE, "LPG-R06": 15 * ONE}
            with self._acc.read() as books:
                place = books.location(depot).location_id
                skus = {books.product(sku, place, books.today).product_id: sku for sku in GOODS}
                for one in reorder_levels.short(self._acc, depot):
                    sku = skus[one.product_id]
                    wanted[sku] = max(one.order, wanted.get(sku, 0))
            for vendor in (_GAS, _WATER, _CLEAN):
                bought = [
                    Bought(sku, quantity, GOODS[sku][0])
                    for sku, quantity in wanted.items()
                    if _VENDOR_OF.get(sku, _GAS) == vendor
                ]
                if not bought:
                    continue
                made = purchasing.order(self._acc, vendor, bought, to=depot)
                if depot == "MAIN":
                    self._orders.append((depot, made))

    def receive(self, *, in_part: bool) -> None:
        """The first product of each order comes by half with the first truck, the rest with the second.

        What comes to the other depot its till receives, as the feed told it (`month_desk`).
        """
        for depot, made in list(self._orders):
            came: list[Came] = []
            order = made.document
            if in_part and isinstance(order, PurchaseOrder):
                first = order.lines[0]
                if len(order.lines) == 1 or first.quantity < 2 * ONE:
                    continue
                came = [Came(first.sku, first.quantity // ONE // 2 * ONE)]
            if not in_part:
                self._orders.remove((depot, made))
            purchasing.receive(self._managers[depot], made.document_id, came)

    def bill_receipts(self) -> None:
        """One bill for each receipt, the tills' too; every third is a shilling dearer on its first line."""
        with self._acc.read() as books:
            found = documents.latest(books.connection, books.org_id, ("goods_receipt",), _MOST_RECEIPTS)
        imported = self._import.get("receipt")
        for entry in reversed(found):
            if entry.document_id in self._billed or (imported and imported.document_id == entry.document_id):
                continue
            made = self._acc.made(entry.document_id)
            prices = {}
            if len(self._billed) % 3 == 2 and isinstance(made.document, GoodsReceipt):
                prices = {0: made.document.lines[0].unit_cost + 1_00}
            terms = Terms(reference=f"INV {made.number}")
            how = ForReceipt(prices=prices, tax_code="A")
            bills.bill_for_receipt(self._acc, made.document_id, terms=terms, how=how)
            self._billed.add(entry.document_id)

    def pay_what_is_due(self) -> None:
        """Half of what is open of every vendor at home, the oldest bills first."""
        for vendor in (_GAS, _WATER, _CLEAN, _FREIGHT, "V-RENT"):
            amount = self._open(vendor) // 200 * 100
            if amount:
                payments.pay_vendor(self._acc, vendor, [TenderInput(_BANK, amount, "EFT")])

    def rent(self) -> None:
        """The landlord's bill for three businesses, and a draft of one that is given up."""
        costs = [
            Cost("Rent, shop", 55_000_00, "6100", "E", business="RETAIL"),
            Cost("Rent, pump house", 12_000_00, "6100", "E", business="WATER"),
            Cost("Rent, laundry", 23_000_00, "6100", "E", business="LAUNDRY"),
        ]
        bills.bill(self._acc, "V-RENT", costs, terms=Terms(reference="October"))
        one = bills.draft(self._acc, "V-RENT", costs[:1], terms=Terms(reference="November"))
        drafts.give_up(self._acc, one.request_id)
        vendor = [Cost("Catering, opening of the new shelf", 8_120_00, "6200", "A", business="RETAIL")]
        bills.bill(self._acc, "C-0120", vendor, terms=Terms(reference="LC 88"))

    # --- abroad -------------------------------------------------------------------------------------

    def order_abroad(self) -> None:
        """Regulators and burners out of China, in dollars."""
        bought = [Bought("REG-C", 120 * ONE, 3_90), Bought("BURN-1", 60 * ONE, 5_25)]
        self._import["order"] = purchasing.order(
            self._acc, _IMPORT, bought, PostingDetails(currency="USD"), to="MAIN", reference="PI-2026-77"
        )

    def import_comes(self) -> None:
        """It comes when the dollar is worth something else; freight and duty make it dearer."""
        self._import["receipt"] = made = purchasing.receive(
            self._managers["MAIN"], self._import["order"].document_id, reference="BL 4410"
        )
        purchasing.landed_cost(self._acc, made.document_id, 18_400_00, "Freight and duty")

    def freight_is_billed(self) -> None:
        """The carrier's bill goes where the freight was accrued; what it is more is an expense."""
        costs = [
            Cost("Freight and duty", 18_400_00, "2140", "E", business="RETAIL"),
            Cost("Storage", 1_160_00, "6130", "A", business="RETAIL"),
        ]
        bills.bill(self._acc, _FREIGHT, costs, terms=Terms(reference="MRF 2207"))

    def import_is_billed(self) -> None:
        """Billed in dollars at another rate and, on one line, another price."""
        self._import["bill"] = bills.bill_for_receipt(
            self._acc,
            self._import["receipt"].document_id,
            how=ForReceipt(prices={1: 5_30}),
            terms=Terms(reference="NVW 9981"),
            occasion=PostingDetails(currency="USD"),
        )

    def pay_abroad(self, *, in_shillings: bool) -> None:
        """Half of it the bank pays out of shillings at its own rate, the rest out of dollars."""
        bill = self._import["bill"]
        left = self._open(_IMPORT, "USD")
        if in_shillings:
            half = left // 2
            paid = [TenderInput(_BANK, half * 130, "TT 101", "KES", settles=half)]
        else:
            paid = [TenderInput(_BANK, left, "TT 102")]
        wanted = [InvoiceChoice(bill.document_id, sum(one.settled for one in paid))]
        payments.pay_vendor(
            self._acc, _IMPORT, paid, wanted, PostingDetails(currency="USD", business="RETAIL")
        )

    # --- what comes back ----------------------------------------------------------------------------

    def goods_go_back(self) -> None:
        """Leaking cylinders go back to the gas company, off a bill that came without an order."""
        costs = [Cost("", 2_300_00, sku="LPG-O06", quantity=4 * ONE, tax_code="A")]
        bill = bills.bill(
            self._acc, _GAS, costs, PostingDetails(depot="MAIN"), terms=Terms(reference="RVG 9003")
        )
        back = [Cost("", 2_300_00, sku="LPG-O06", quantity=ONE, tax_code="A")]
        bills.credit(self._acc, bill.document_id, "one leaked", back, reference="CN 31")

    def prepay(self) -> None:
        """The bottler wants money before; what is open already takes a part of it."""
        amount = self._open(_WATER) + 9_000_00
        payments.pay_vendor(self._acc, _WATER, [TenderInput(_BANK, amount, "EFT")], prepay=True)

    def prepayment_returns(self) -> None:
        """A prepayment settles what was billed since; what is left comes back, so nothing hangs."""
        with self._acc.read() as books:
            party_id = books.party(_WATER, PartyRole.VENDOR).party_id
            owed = Owed(books, PartyRole.VENDOR, party_id, "KES", 0)
            free = open_items.unallocated(
                books.connection, books.org_id, PartyRole.VENDOR, party_id, "KES"
            ).amount
        if free > 0 and owed.total:
            payments.settle(self._acc, _WATER, role=PartyRole.VENDOR)
        left = free - min(free, owed.total)
        if left > 0:
            paid = [TenderInput(_BANK, left, "EFT")]
            treasury.party_money(self._acc, PartyReason.VENDOR_PREPAYMENT_RETURN, _WATER, paid)

    def _open(self, vendor: str, currency: str = "KES") -> int:
        with self._acc.read() as books:
            party = books.party(vendor, PartyRole.VENDOR)
            return Owed(books, PartyRole.VENDOR, party.party_id, currency, 0).total
