"""What the office does in the demo month: sales on contract, money, entries by hand, members, stock.

Each task has its place in the month, in thousandths of it; purchases have a room of their own
(`month_purchases`).  All of it is recorded on the centre's own chain.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from pos_app.ledger.line import PartyRole, TenderKind
from pos_app.ledger.making.tenders import TenderInput
from pos_app.ledger.quantity import ONE
from pos_app.ledger.settlement import InvoiceChoice
from pos_app.ledger.stock import AdjustmentReason
from pos_app.ledger.treasury import MONEY_ROLE, Exchanged, MoneyAccount, PartyReason
from pos_app.office import bank_bags, drafts, invoicing, journal_entries, payments, stock, treasury, voids
from pos_app.office.allocating import Owed
from pos_app.office.bills import Cost
from pos_app.office.books import PostingDetails
from pos_app.office.drafts import Terms
from pos_app.office.invoicing import Credited, Goods
from pos_app.office.journal_entries import Row
from pos_app.office.office import Office
from pos_app.office.stock import Quantity
from pos_app.store.balances import balances
from pos_app.store.stock.recorded import Recorded
from pos_app.store.tables.projections import ACCOUNT_BALANCE

_CLUB: Final = "C-0201"
_BANK: Final = TenderKind.BANK


class Task(NamedTuple):
    """Something to be done when so many thousandths of the month are over."""

    at: int
    do: Callable[[], object]


class MonthOffice:
    """The accountant, and the managers of the depots for what lies on their shelves."""

    def __init__(self, accountant: Office, managers: dict[str, Office]) -> None:
        self._acc, self._manager = accountant, managers["MAIN"]
        self._made: dict[str, Recorded] = {}

    def tasks(self) -> list[Task]:
        """Everything, in order."""
        once = [
            Task(20, self.contract_invoices),
            Task(40, self.dollar_invoice),
            Task(60, self.members),
            Task(90, self.wrong_entry),
            Task(150, self.advance),
            Task(240, self.credit_contract),
            Task(300, self.move_stock),
            Task(330, self.pay_tax),
            Task(380, self.dollars_come),
            Task(450, self.deposit_settles),
            Task(520, self.prepaid),
            Task(560, self.second_dollar_invoice),
            Task(610, self.receive_stock),
            Task(640, self.bottles),
            Task(700, self.exchange_dollars),
            Task(760, self.write_off),
            Task(820, self.give_up_a_draft),
            Task(960, self.salaries),
            Task(985, self.correct_stock),
        ]
        weekly = [
            task
            for week in range(4)
            for task in (
                Task(100 + 240 * week, self.expenses),
                Task(110 + 240 * week, self.bank_takings),
                Task(120 + 240 * week, self.customers_pay),
            )
        ]
        return sorted([*once, *weekly], key=lambda task: task.at)

    # --- sales on contract --------------------------------------------------------------------------

    def contract_invoices(self) -> None:
        """What hotels, offices and flats get every month; the laundry sells in a document of its own."""
        self._made["flats"] = invoicing.invoice(
            self._acc,
            "C-0108",
            [Goods("LPG-R50", 3 * ONE), Goods("WAT-20R", 40 * ONE), Goods("SRV-218", 4 * ONE)],
            PostingDetails(depot="MAIN"),
            terms=Terms(reference="Contract 7"),
        )
        laundry = PostingDetails(business="LAUNDRY", depot="WEST")
        goods = [Goods("LAU-CORP", 85 * ONE + 500), Goods("LAU-DUV2", 12 * ONE)]
        one = invoicing.draft(self._acc, "C-0103", goods, laundry)
        goods = [Goods("LAU-CORP", 92 * ONE), *goods[1:]]
        changed = invoicing.draft(self._acc, "C-0103", goods, laundry, replaces=one.request_id)
        self._made["guests"] = drafts.post(self._acc, changed.request_id, depot="WEST")
        self._made["canteen"] = invoicing.invoice(self._acc, "C-0114", [Goods("LAU-114", 60 * ONE)], laundry)

    def dollar_invoice(self) -> None:
        """The club is invoiced in dollars at a manager's price, and pays when they are worth another sum."""
        goods = [Goods("LPG-R50", 4 * ONE, unit_price=92_00), Goods("SRV-STOVE", ONE, unit_price=35_50)]
        self._made["club"] = invoicing.invoice(self._manager, _CLUB, goods, PostingDetails(currency="USD"))

    def second_dollar_invoice(self) -> None:
        """Another one, of which a till may take a part."""
        goods = [Goods("EXP-O13", 10 * ONE, unit_price=45_00)]
        self._made["club 2"] = invoicing.invoice(
            self._manager, _CLUB, goods, PostingDetails(currency="USD"), terms=Terms(terms_days=7)
        )

    def dollars_come(self) -> None:
        """What is open of the first invoice of the club, in shillings and dollars on the bank."""
        with self._acc.read() as books:
            owed = books.party(_CLUB, PartyRole.CUSTOMER)
            found = Owed(books, PartyRole.CUSTOMER, owed.party_id, "USD", 0)
        left = next((one for one in found.opens if one.invoice_id == self._made["club"].document_id), None)
        if left is None or left.amount < 200_00:
            return
        in_shillings = 100_00
        paid = [
            TenderInput(_BANK, 12_880_00, "TT 55120", "KES", settles=in_shillings),
            TenderInput(_BANK, left.amount - in_shillings, "TT 55121"),
        ]
        payments.receive(
            self._acc,
            _CLUB,
            paid,
            [InvoiceChoice(left.invoice_id)],
            PostingDetails(currency="USD", business="RETAIL"),
        )

    def credit_contract(self) -> None:
        """A cylinder of the flats came back, and the laundry was charged too much."""
        invoicing.credit(
            self._acc, self._made["flats"].document_id, "one leaked", [Credited(0, ONE)], restock="SCRAP"
        )
        invoicing.credit(
            self._acc,
            self._made["guests"].document_id,
            "price as agreed in July",
            [Credited(0, 10 * ONE, unit_price=5_00)],
        )

    def customers_pay(self) -> None:
        """The flats pay what is due first first; an old invoice is paid by its name."""
        self._pay_oldest("C-0108", 20_000_00)
        self._pay_oldest("C-0113", 9_300_00)
        self._pay_oldest("C-0103", 5_000_00)

    def _pay_oldest(self, customer: str, most: int) -> None:
        with self._acc.read() as books:
            party = books.party(customer, PartyRole.CUSTOMER)
            owed = Owed(books, PartyRole.CUSTOMER, party.party_id, "KES", 0).total
        amount = min(owed, most)
        if amount > 0:
            payments.receive(self._acc, customer, [TenderInput(_BANK, amount, "EFT")])

    def prepaid(self) -> None:
        """The canteen pays more than it owes; what is left over settles its next invoice."""
        with self._acc.read() as books:
            party = books.party("C-0114", PartyRole.CUSTOMER)
            owed = Owed(books, PartyRole.CUSTOMER, party.party_id, "KES", 0).total
        payments.receive(self._acc, "C-0114", [TenderInput(_BANK, owed + 6_000_00, "EFT")], prepay=True)
        invoicing.invoice(self._acc, "C-0114", [Goods("WAT-20R", 20 * ONE)], PostingDetails(business="WATER"))
        payments.settle(self._acc, "C-0114")

    def deposit_settles(self) -> None:
        """A deposit by bank, and the invoice that it settles."""
        paid = [TenderInput(_BANK, 8_000_00, "EFT")]
        treasury.party_money(self._acc, PartyReason.CUSTOMER_DEPOSIT, "C-0120", paid)
        made = invoicing.invoice(self._acc, "C-0120", [Goods("LPG-R13", 4 * ONE), Goods("LIGHT", 10 * ONE)])
        payments.settle(self._acc, "C-0120", [InvoiceChoice(made.document_id, 7_500_00)], from_deposit=True)
        back = [TenderInput(_BANK, 500_00, "EFT")]
        treasury.party_money(self._acc, PartyReason.CUSTOMER_DEPOSIT_RETURN, "C-0120", back)

    def write_off(self) -> None:
        """The church will not pay its invoice of July."""
        invoicing.write_off(self._acc, "C-0112", "the congregation moved away")

    def give_up_a_draft(self) -> None:
        """A draft that came to nothing is put away."""
        one = invoicing.draft(self._acc, "C-0119", [Goods("LPG-R13", 2 * ONE)])
        drafts.give_up(self._acc, one.request_id)

    # --- people -------------------------------------------------------------------------------------

    def members(self) -> None:
        """Members pay in by bank: a deposit and shares."""
        paid = [TenderInput(_BANK, 12_000_00, "EFT")]
        treasury.party_money(self._acc, PartyReason.MEMBER_DEPOSIT, "M-02", paid)
        treasury.party_money(self._acc, PartyReason.MEMBER_SHARE, "M-03", paid)

    def advance(self) -> None:
        """An advance by bank, of which half comes back."""
        treasury.party_money(
            self._acc, PartyReason.EMPLOYEE_ADVANCE, "E-JOSEPH", [TenderInput(_BANK, 3_000_00)]
        )
        treasury.party_money(
            self._acc, PartyReason.EMPLOYEE_REPAYMENT, "E-JOSEPH", [TenderInput(_BANK, 1_500_00)]
        )

    def salaries(self) -> None:
        """Salaries of the three businesses: accrued by hand, and what is paid of them."""
        rows = []
        for business, amount in (("RETAIL", 96_000_00), ("WATER", 24_000_00), ("LAUNDRY", 31_000_00)):
            rows += [Row("6120", amount, business), Row("2120", -amount, business)]
        journal_entries.entry(self._acc, "Salaries of the month", rows)
        rows = [Row("2120", 80_000_00, "RETAIL"), Row("1170", -80_000_00, "RETAIL")]
        journal_entries.entry(self._acc, "Salaries paid", rows)
        drawn = [Row("3200", 25_000_00, "RETAIL"), Row("1170", -25_000_00, "RETAIL")]
        journal_entries.entry(self._acc, "The owner's drawings", drawn)

    # --- money --------------------------------------------------------------------------------------

    def expenses(self) -> None:
        """Power, water for the laundry, charges of the bank: each business its own, one paper for all."""
        costs = [
            Cost("Power, shop", 4_640_00, "6110", "A", business="RETAIL"),
            Cost("Power, pumps", 2_320_00, "6110", "A", business="WATER"),
            Cost("Water", 1_850_00, "6110", "E", business="LAUNDRY"),
            Cost("Bank charges", 420_00, "6140", business="RETAIL"),
        ]
        treasury.expense(
            self._acc,
            costs,
            [TenderInput(_BANK, 9_230_00, "DD")],
            PostingDetails(business="RETAIL"),
            vendor="V-POWER",
            reference="2026-10",
        )

    def bank_takings(self) -> None:
        """Safe and M-Pesa to the bank; what the tills took for water and laundry goes to them."""
        retail = PostingDetails(business="RETAIL")
        for number, bag in enumerate(bank_bags.on_their_way(self._acc)):
            torn = number == 1
            arrived = bag.bag.bag.amount - 50_00 if torn else None
            bank_bags.bank(self._acc, bag.number, arrived, reason="a torn note" if torn else "")
        safe = self._on("1150", "RETAIL")
        if safe > 60_000_00:
            kept = safe - 50_000_00
            treasury.transfer(
                self._acc, "safe", "bank", kept // 100_00 * 100_00, retail, reference="slip 1204"
            )
        mpesa = self._on(self._account("mpesa", "RETAIL"), "RETAIL")
        if mpesa > 1_000_00:
            treasury.transfer(self._acc, "mpesa", "bank", mpesa // 100_00 * 100_00, retail)
        for business, amount in (("WATER", 15_000_00), ("LAUNDRY", 9_000_00)):
            treasury.transfer(self._acc, "bank", "bank", amount, retail, to_business=business)

    def exchange_dollars(self) -> None:
        """Dollars out of the safe become shillings on the bank, at the bank's rate."""
        dollars = self._on("1150", "RETAIL", "USD")
        if dollars > 100_00:
            treasury.transfer(
                self._acc,
                "safe",
                "bank",
                100_00,
                PostingDetails(business="RETAIL", currency="USD"),
                exchanged=Exchanged(12_810_00, "KES"),
            )

    def pay_tax(self) -> None:
        """The VAT of September, by hand."""
        rows = [Row("2200", 64_300_00, "RETAIL"), Row("1170", -64_300_00, "RETAIL")]
        journal_entries.entry(self._acc, "VAT of September", rows)

    def wrong_entry(self) -> None:
        """An entry that was keyed in twice is voided."""
        rows = [Row("6100", 1_000_00, "WATER"), Row("2120", -1_000_00, "WATER")]
        journal_entries.entry(self._acc, "Rent of the borehole", rows)
        again = journal_entries.entry(self._acc, "Rent of the borehole", rows)
        voids.void(self._acc, again.document_id, "keyed in twice")

    # --- stock --------------------------------------------------------------------------------------

    def move_stock(self) -> None:
        """The truck is loaded for a round, and regulators go to Westlands, whose till receives them."""
        goods = [Quantity("LPG-R13", 10 * ONE), Quantity("LPG-R06", 6 * ONE)]
        sent = stock.send(self._manager, "MAIN", "TRUCK", goods)
        stock.receive(self._manager, sent.document_id)
        stock.send(self._manager, "MAIN", "WEST", [Quantity("REG-C", 5 * ONE)])

    def receive_stock(self) -> None:
        """The truck comes back with what it did not sell."""
        back = stock.send(self._manager, "TRUCK", "MAIN", [Quantity("LPG-R13", 3 * ONE)])
        stock.receive(self._manager, back.document_id)

    def bottles(self) -> None:
        """Empty bottles lent to the flats, of which some come back."""
        stock.returnables(self._manager, "MAIN", "C-0108", [Quantity("WAT-189N", 12 * ONE)])
        stock.returnables(self._manager, "MAIN", "C-0108", [Quantity("WAT-189N", -5 * ONE)])

    def correct_stock(self) -> None:
        """The truck is counted at the end of the month, and what was scrapped is written down."""
        stock.count(self._manager, "TRUCK", [Quantity("LPG-R13", 6 * ONE), Quantity("LPG-R06", 6 * ONE)])
        stock.adjust(self._manager, "SCRAP", AdjustmentReason.DAMAGE, [Quantity("LPG-R50", -ONE)])

    # --- figures ------------------------------------------------------------------------------------

    def _on(self, account: str, business: str, currency: str = "KES") -> int:
        """What stands on an account, in minor units of the currency."""
        with self._acc.read() as books:
            key = {
                "org_id": books.org_id,
                "business_id": books.business(business),
                "account_code": account,
                "currency": currency,
            }
            return balances.current(books.connection, ACCOUNT_BALANCE, key)["amount"]

    def _account(self, place: str, business: str) -> str:
        with self._acc.read() as books:
            return books.account(MONEY_ROLE[MoneyAccount(place)], books.business(business))
