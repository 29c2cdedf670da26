"""Owns the pictures: every screen of the window drawn offscreen, for looking at and for the manual.

The till has to be prepared: somebody is signed in or can be, and some things were sold.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from pos_app.language import _
from pos_app.ledger.quantity import ONE
from pos_app.store.documents import documents
from pos_app.till.drawer.drawer_flows import Flow
from pos_app.till.drawer.expense import Spent
from pos_app.till.selling.catalogue import Product
from pos_app.till.session.recorded import Recorded
from pos_app.till.till import Till
from pos_app.ui.app import application, build_window
from pos_app.ui.customer.payment_screen import PaymentScreen
from pos_app.ui.customer.screen import CustomerScreen
from pos_app.ui.depot.screen import DepotScreen
from pos_app.ui.drawer.screen import DrawerScreen
from pos_app.ui.entry.entry import EntryScreen
from pos_app.ui.goods.adjust import AdjustScreen
from pos_app.ui.goods.arriving import ArrivingScreen
from pos_app.ui.goods.count import CountScreen
from pos_app.ui.goods.half_return import HalfReturnScreen
from pos_app.ui.goods.holders import HoldersScreen
from pos_app.ui.goods.labels import LabelsScreen
from pos_app.ui.goods.owned import OwnedScreen
from pos_app.ui.goods.send import SendScreen
from pos_app.ui.goods.stock import StockScreen
from pos_app.ui.health.screen import HealthScreen
from pos_app.ui.invoice.credit_note import CreditNoteScreen
from pos_app.ui.invoice.drafts import DraftsScreen
from pos_app.ui.kit.tokens import Mode
from pos_app.ui.laundry.intake import IntakeScreen
from pos_app.ui.laundry.screen import LaundryScreen
from pos_app.ui.parts.taking import basket_job
from pos_app.ui.purchasing.goods_in import GoodsInScreen
from pos_app.ui.purchasing.order import OrderScreen
from pos_app.ui.purchasing.receive_loose import ReceiveLooseScreen
from pos_app.ui.purchasing.reorder import ReorderScreen
from pos_app.ui.receipts.screen import ReceiptsScreen
from pos_app.ui.refund.screen import RefundScreen
from pos_app.ui.reports.screen import ReportsScreen
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.sign_in.screen import SignInScreen
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.tender.screen import TenderScreen
from pos_app.ui.treasury.expense.screen import ExpenseScreen
from pos_app.ui.treasury.party.groups import GROUPS
from pos_app.ui.treasury.party.screen import PartyScreen
from pos_app.ui.treasury.transfer.screen import TransferScreen
from pos_app.ui.window import MainWindow, Settings

SIZES = ((1024, 768), (1366, 768), (1920, 1080))


@dataclass(frozen=True)
class Look:
    """How the pictures are drawn."""

    mode: Mode
    language: str
    width: int
    height: int

    def name(self, screen: str) -> str:
        """The file of a screen."""
        return f"{screen}-{self.mode}-{self.language}-{self.width}.png"


LOOKS = tuple(
    look
    for width, height in SIZES
    for look in (Look("light", "en", width, height), Look("dark", "sw", width, height))
)


def draw_screens(
    till: Till,
    person_id: int,
    pin: str,
    out: Path,
    looks: tuple[Look, ...] = LOOKS,
    *,
    look_at: Callable[[str, MainWindow], object] | None = None,
) -> list[Path]:
    """Draw every screen in every look; gives the files.  The basket at hand is what the till has saved.

    `look_at` is called for each with its name and the window that shows it.
    """
    out.mkdir(parents=True, exist_ok=True)
    application()
    return [
        path for look in looks for path in _Camera(till, person_id, pin, out, look, look_at=look_at).all()
    ]


class _Camera:
    """One window, one look."""

    def __init__(
        self,
        till: Till,
        person_id: int,
        pin: str,
        out: Path,
        look: Look,
        *,
        look_at: Callable[[str, MainWindow], object] | None,
    ) -> None:
        self._till, self._person_id, self._pin, self._out, self._look = till, person_id, pin, out, look
        self._look_at = look_at
        self._drawn: list[Path] = []
        till.sign_in.sign_out()
        size = (look.width, look.height)
        self._window = build_window(till, None, Settings(look.mode, look.language), size=size)
        self._window.show()

    def all(self) -> list[Path]:
        """Draw every screen."""
        self._till.sign_in.sign_in(self._person_id, self._pin)
        in_the_depot = False
        for name, step in self._steps():
            # From where a person comes, for Esc says where it leads.
            self._window.home()
            if in_the_depot:
                self._window.open(DepotScreen)
            in_the_depot = in_the_depot or name == "depot"
            step(self._window)
            self._draw(name)
        self._window.close()
        self._window.deleteLater()
        return self._drawn

    def _steps(self) -> tuple[tuple[str, Callable[[MainWindow], object]], ...]:
        """How to come to each screen from the one before it."""
        return (
            ("sign-in", self._sign_in),
            ("drawer-open", self._drawer_closed),
            ("sell", lambda window: window.open(SellScreen)),
            ("sell-refused", self._refused),
            ("quantity", lambda window: window.open(SellScreen).ask_quantity()),
            ("tender", self._tender),
            ("tender-mpesa", self._mpesa),
            ("tender-currency", self._currency),
            ("invoice", self._invoice),
            ("done", self._done),
            ("customers", lambda window: window.open(CustomerScreen).begin(None)),
            ("customer", self._customer),
            ("customer-statement", lambda window: window.open(CustomerScreen).card.other_table()),
            ("payment", self._payment),
            ("payment-settle", lambda window: window.open(PaymentScreen).use_earlier()),
            ("receipts", lambda window: window.open(ReceiptsScreen)),
            ("drafts", lambda window: window.open(DraftsScreen)),
            ("credit-note", self._credit_note),
            ("refund-find", lambda window: window.open(RefundScreen).begin()),
            ("refund", self._refund),
            ("approval", lambda window: window.open(RefundScreen).finish()),
            ("drawer", lambda window: window.open(DrawerScreen)),
            ("drawer-count", self._count),
            ("drawer-review", self._review),
            ("depot", lambda window: window.open(DepotScreen)),
            ("goods-in", lambda window: window.open(GoodsInScreen)),
            ("goods-loose", lambda window: self._goods(window.open(ReceiveLooseScreen))),
            ("order", lambda window: self._goods(window.open(OrderScreen))),
            ("reorder", lambda window: window.open(ReorderScreen)),
            ("send", lambda window: self._goods(window.open(SendScreen))),
            ("arriving", lambda window: window.open(ArrivingScreen)),
            ("stock-count", lambda window: self._goods(window.open(CountScreen))),
            ("stock-count-compared", lambda window: window.open(CountScreen).record()),
            ("adjust", lambda window: self._goods(window.open(AdjustScreen))),
            ("labels", lambda window: self._goods(window.open(LabelsScreen))),
            ("health", lambda window: window.open(HealthScreen)),
            ("reports", lambda window: window.open(ReportsScreen)),
            ("stock", lambda window: window.open(StockScreen)),
            ("stock-why", lambda window: window.open(StockScreen).explain()),
            ("cylinders", lambda window: window.open(HoldersScreen)),
            ("cylinders-owned", lambda window: window.open(OwnedScreen)),
            ("half-return-cylinder", lambda window: self._half(window.open(HalfReturnScreen))),
            ("half-return", lambda window: self._half_weighed(window.open(HalfReturnScreen))),
            ("laundry", lambda window: window.open(LaundryScreen)),
            ("laundry-order", lambda window: window.open(LaundryScreen).choose_marked()),
            ("laundry-intake", lambda window: self._laundry(window.open(IntakeScreen))),
            ("expense", self._expense),
            ("expense-line", lambda window: self._expense_line(window.open(ExpenseScreen))),
            ("expense-pay", lambda window: window.open(ExpenseScreen).go_on()),
            ("transfer", lambda window: window.open(TransferScreen).amount.set_minor(250_000)),
            ("parties", lambda window: window.open(PartyScreen).list.show_group(GROUPS[2])),
            ("party", lambda window: self._party(window.open(PartyScreen))),
            ("keys", self._keys),
        )

    def _draw(self, name: str) -> None:
        self._window.poll()
        for _round in range(3):
            QApplication.processEvents()
        path = self._out / self._look.name(name)
        self._window.grab().save(str(path))
        self._drawn.append(path)
        if self._look_at is not None:
            self._look_at(name, self._window)
        sheet = self._window.session.sheet
        if sheet is not None:
            sheet.escape.click()

    def _goods(self, screen: EntryScreen) -> None:
        """Enter a few of the goods that stand on the shelf."""
        stocked = [product for product in self._till.catalogue.shelf() if product.stocked]
        for number, product in enumerate(stocked[:4], 1):
            screen.take(product, 7 * number * ONE)

    def _half(self, screen: HalfReturnScreen) -> None:
        """A cylinder comes back half full: under which product?"""
        screen.take(self._gas()[0], ONE)

    def _half_weighed(self, screen: HalfReturnScreen) -> None:
        """Its weights."""
        one = next(screen.lines.lines())
        screen.set_cylinder(one, self._gas()[1])
        for field, grams in enumerate((21_400, 14_900, 13_000)):
            screen.lines.fill(one.key, grams, field)

    def _gas(self) -> list[Product]:
        """Goods of the shelf, gas first."""
        stocked = [product for product in self._till.catalogue.shelf() if product.stocked]
        return sorted(stocked, key=lambda product: product.category != "Gas")

    def _laundry(self, screen: IntakeScreen) -> None:
        """Take in a few of the services that stand on the shelf."""
        services = [product for product in self._till.catalogue.shelf() if not product.stocked]
        for number, product in enumerate(services[-3:], 1):
            screen.take(product, 1_250 * number)
        screen.set_customer(self._till.customers.search("")[0])

    def _expense(self, window: MainWindow) -> None:
        screen = window.open(ExpenseScreen)
        petty, *others = self._till.expenses.accounts()[::-1]
        amount = 1_160 * self._till.currency.scale
        screen.spent = [Spent(one.name, amount, one.code) for one in (petty, *others[:2])]
        screen.show_accounts()

    def _expense_line(self, screen: ExpenseScreen) -> None:
        screen.ask_line(self._till.expenses.accounts()[0])

    def _party(self, screen: PartyScreen) -> None:
        screen.list.show_group(GROUPS[2])
        screen.list.choose_marked()
        screen.page.amount.set_minor(4_000 * self._till.currency.scale)

    def _keys(self, window: MainWindow) -> None:
        window.open(SellScreen)
        window.show_keys()

    def _sign_in(self, window: MainWindow) -> None:
        self._till.sign_in.sign_out()
        window.open(SignInScreen).pin.type_digits("123")
        self._till.sign_in.sign_in(self._person_id, self._pin)

    def _drawer_closed(self, window: MainWindow) -> None:
        screen = window.open(DrawerScreen)
        screen.show_opening()
        screen.opening.amount.set_minor(5_000 * self._till.currency.scale)

    def _refused(self, window: MainWindow) -> None:
        window.open(SellScreen).on_scan("6161100009999")

    def _tender(self, window: MainWindow) -> None:
        screen = window.open(TenderScreen)
        screen.begin(basket_job(window.session))
        notes = screen.quick[min(1, len(screen.quick) - 1)]
        notes.click()

    def _mpesa(self, window: MainWindow) -> None:
        screen = window.open(TenderScreen)
        screen.begin(basket_job(window.session))
        screen.tiles[next(iter(list(screen.tiles)[1:]))].click()
        screen.finish()

    def _currency(self, window: MainWindow) -> None:
        screen = window.open(TenderScreen)
        screen.begin(basket_job(window.session))
        screen.ask_currency()
        if screen.quick[2].isVisible():
            screen.quick[2].click()

    def _invoice(self, window: MainWindow) -> None:
        window.open(TenderScreen).begin(basket_job(window.session))
        window.open(TenderScreen).make_invoice()

    def _payment(self, window: MainWindow) -> None:
        party = window.session.basket.customer() or self._till.customers.search("")[0]
        screen = window.open(PaymentScreen)
        screen.begin(party)
        screen.tick()

    def _credit_note(self, window: MainWindow) -> None:
        invoices = [entry for entry in self._till.receipts.latest() if entry.kind == "invoice"]
        if invoices:
            screen = window.open(CreditNoteScreen)
            screen.begin(self._till.credit_notes.find(self._till.printed(invoices[0])))
            screen.lines.take_all()

    def _done(self, window: MainWindow) -> None:
        entry = next(entry for entry in self._till.receipts.latest() if entry.kind == "sale")
        change = entry.total // 7
        with self._till.database.read() as connection:
            sale = documents.get(connection, self._till.place.terminal.org_id, entry.document_id)
        if sale is None:
            raise ValueError("the sale is not there")
        done = Recorded(sale, self._till.printed(entry))
        window.open(DoneScreen).show_result(_("Change"), change, done)

    def _customer(self, window: MainWindow) -> None:
        party = window.session.basket.customer() or self._till.customers.search("")[0]
        window.open(CustomerScreen).show_card(party)

    def _refund(self, window: MainWindow) -> None:
        screen = window.open(RefundScreen)
        entry = next(entry for entry in self._till.receipts.latest() if entry.kind == "sale")
        screen.begin(self._till.printed(entry))
        screen.lines.take_all()
        screen.reason.setText("—")

    def _count(self, window: MainWindow) -> None:
        screen = window.open(DrawerScreen)
        screen.begin_count()
        for field, pieces in zip(screen.counting.fields, (7, 12, 4, 6, 18, 2), strict=False):
            field.set_minor(pieces)
        screen.counting.step(1)

    def _review(self, window: MainWindow) -> None:
        screen = window.open(DrawerScreen)
        expected = screen.counting.total() + 5_000
        screen.show_review(expected)
        spent = expected // 9
        screen.review.show_flows(
            (Flow("float", spent, 1), Flow("sale", expected, 12), Flow("expense", -spent, 2))
        )
