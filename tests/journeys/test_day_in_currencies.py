"""The same day in five currencies, by keyboard in the window, against a model that knows only shopkeeping.

Two decimals with and without small coins, three decimals, none: sums, tax, rounding of cash, the drawer, the
papers and the centre agree to the last unit with `Model`, which shares no line with the product.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from demo.simulated_cashier import Hands
from pos_app import bootstrap
from pos_app.devices.typeset import Line, typeset
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.till import Till
from pos_app.ui.app import application, build_window
from pos_app.ui.drawer.screen import DrawerScreen
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.tender.done import DoneScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.command_line import Server, bohari

Key = Qt.Key
CODES = {"GAS": "1000000000016", "TAP": "1000000000023", "HOB": "1000000000030"}


@dataclass(frozen=True)
class Money:
    """A currency as its people know it: decimals, smallest coin, and the day's figures as they are typed."""

    code: str
    places: int
    coin: Decimal
    rate: Decimal
    gas: Decimal
    tap: Decimal
    hob: Decimal
    opened_with: Decimal
    note: Decimal
    by_bank: Decimal
    paid_on_account: Decimal
    spent: Decimal
    #: Notes and coins, largest first, as the drawer's page asks for them.
    pieces: tuple[Decimal, ...]


def _money(code: str, coin: str, rate: str, figures: str, pieces: str) -> Money:
    gas, tap, hob, opened_with, note, by_bank, on_account, spent = (Decimal(one) for one in figures.split())
    return Money(
        code=code,
        places=-int(gas.as_tuple().exponent),
        coin=Decimal(coin),
        rate=Decimal(rate),
        gas=gas,
        tap=tap,
        hob=hob,
        opened_with=opened_with,
        note=note,
        by_bank=by_bank,
        paid_on_account=on_account,
        spent=spent,
        pieces=tuple(Decimal(one) for one in pieces.split()),
    )


#: Prices whose sums meet the coin from both sides; rates that part the tax in no whole unit.
MONEY = {
    one.code: one
    for one in (
        _money(
            "KES", "1", "16", "23.90 137.45 4250.35 5000 500 4000.10 1000 350.40",
            "1000 500 200 100 50 40 20 10 5 1",
        ),
        _money(
            "SGD", "0.05", "9", "2.39 13.74 425.03 500 50 400.01 100 35.03",
            "1000 100 50 10 5 2 1 0.50 0.20 0.10 0.05",
        ),
        _money(
            "UGX", "50", "18", "2390 13745 425035 500000 50000 400010 100000 35030",
            "50000 20000 10000 5000 2000 1000 500 200 100 50",
        ),
        _money(
            "KWD", "0.005", "5", "0.239 1.374 42.503 50 5 40.001 10 3.503",
            "20 10 5 1 0.500 0.250 0.100 0.050 0.020 0.010 0.005",
        ),
        _money(
            "EUR", "0.01", "19", "2.39 13.74 425.03 500 50 400.01 100 35.05",
            "500 200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
        ),
    )
}  # fmt: skip


@dataclass
class Model:
    """A shop of one drawer: what a person with a pencil writes down."""

    money: Money
    drawer: Decimal = Decimal(0)
    bank: Decimal = Decimal(0)
    owed: Decimal = Decimal(0)
    sold: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    rounded: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)
    changes: list[Decimal] = field(default_factory=list)
    #: The tax that each paper says, in the order of the day.
    taxes: list[Decimal] = field(default_factory=list)

    def exact(self, amount: Decimal) -> Decimal:
        """To the smallest unit of the books, half up."""
        return amount.quantize(Decimal(1).scaleb(-self.money.places), ROUND_HALF_UP)

    def in_coins(self, amount: Decimal) -> Decimal:
        """To the nearest sum that coins can pay, half up."""
        return (amount / self.money.coin).quantize(Decimal(1), ROUND_HALF_UP) * self.money.coin

    def supply(self, total: Decimal) -> None:
        """Goods at a price that holds the tax."""
        tax = self.exact(total * self.money.rate / (100 + self.money.rate))
        self.tax += tax
        self.sold += total - tax
        if total > 0:
            self.taxes.append(tax)

    def sell_for_cash(self, total: Decimal, handed_over: Decimal, by_bank: Decimal = Decimal(0)) -> None:
        """The rest after what came by bank is rounded to coins."""
        self.supply(total)
        due = self.in_coins(total - by_bank)
        self.bank += by_bank
        self.drawer += due
        self.rounded += due - (total - by_bank)
        self.changes.append(handed_over - due)

    def spend(self, amount: Decimal) -> None:
        """Whoever is paid gets what coins can pay of it."""
        due = self.in_coins(amount)
        self.spent += amount
        self.drawer -= due
        self.rounded -= due - amount

    def take_all_back(self, total: Decimal) -> None:
        """All of a receipt that was paid in cash, in however many parts: what was paid goes back."""
        self.supply(-total)
        due = self.in_coins(total)
        self.drawer -= due
        self.rounded -= due - total


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Centre"]:
    """A centre of five organisations, each set up by commands, served by one server."""
    made = Centre(tmp_path_factory.mktemp("centre"))
    yield made
    made.close()


class Centre:
    """Homes, PINs and the server of the five shops."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "centre"
        self.pins: dict[str, str] = {}
        for number, money in enumerate(MONEY.values()):
            another = ["--another"] if number else []
            made = self._ran("init", "--org", f"Shop {money.code}", "--currency", money.code, *another)
            self.pins[money.code] = str(made["pin"])
        self.server = Server(self.home, folder / "server.log")

    def ask(self, money: Money, *words: str | Path) -> dict[str, Any]:
        """A command about one shop, by its owner."""
        return self._ran(*words, "--org", f"Shop {money.code}", pin=self.pins[money.code])

    def _ran(self, *words: str | Path, pin: str = "") -> dict[str, Any]:
        done = bohari(*words, "--json", home=self.home, BOHARI_PIN=pin, BOHARI_BY="OWNER")
        assert done.code == 0, done.stderr
        return done.values

    def set_up(self, money: Money) -> Path:
        """Rate, goods, a customer, a till; gives the till's home."""
        products = self.folder / f"{money.code}.csv"
        prices = {"GAS": money.gas, "TAP": money.tap, "HOB": money.hob}
        rows = [f"{sku},{CODES[sku]},{sku} of {money.code},{price},A" for sku, price in prices.items()]
        products.write_text("\n".join(["sku,barcode,name,price,tax_code", *rows]) + "\n")
        self.ask(money, "tax", "set", "A", str(money.rate), "--from", "2020-01-01")
        self.ask(money, "import", "products", products)
        role = f"customer:30:{money.hob * 10}"
        self.ask(money, "parties", "add", "HOTEL", "--name", "Hotel Sunrise", "--role", role)
        code = str(self.ask(money, "enrol-code")["code"])
        home = self.folder / f"till-{money.code}"
        assert bohari("enrol", "--server", self.server.url, "--code", code, home=home).code == 0
        self.sync(home)
        return home

    def sync(self, home: Path) -> None:
        """What the daemon does, once."""
        done = bohari("syncd", "--once", home=home)
        assert done.code == 0, done.stderr

    def close(self) -> None:
        """Stop the server."""
        assert self.server.stop() == 0


class Day:
    """The owner of a small shop at the window."""

    def __init__(self, home: Path, money: Money, pin: str, qtbot: QtBot) -> None:
        application()
        self.money, self._pin = money, pin
        self.till: Till = bootstrap.open_till(home)
        self.window: MainWindow = build_window(self.till)
        qtbot.addWidget(self.window)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.hands = Hands(self.window)
        self.first_receipt = ""

    def press(self, *keys: Key) -> None:
        """Keys one after the other."""
        for key in keys:
            self.hands.press(key)

    def next_sale(self) -> None:
        """Read the panel with the change, go on."""
        panel = self.window.current()
        assert isinstance(panel, DoneScreen), panel
        self.hands.until(panel.settled)
        self.press(Key.Key_Return)

    def open_with(self, amount: Decimal) -> None:
        """Sign in, count the float."""
        self.hands.sign_in("Owner", self._pin)
        self.hands.type(str(amount))
        self.press(Key.Key_F12)

    def sell(self, *skus: str) -> None:
        """Scan, then to the money."""
        for sku in skus:
            self.hands.scan(CODES[sku])
        self.press(Key.Key_F12)

    def pay_cash(self, amount: Decimal) -> None:
        """The customer lays this down."""
        self.hands.type(str(amount))
        self.press(Key.Key_Return)
        self.next_sale()

    def take_back(self, *pieces: str) -> None:
        """So many of each line of the first receipt, top to bottom ("" is none)."""
        self.hands.scan(self.first_receipt)
        for much in pieces:
            self.hands.type(much)
            self.press(Key.Key_Return)
        self.hands.type("does not fit")
        self.press(Key.Key_F12)
        self.next_sale()

    def receive(self, amount: Decimal) -> None:
        """The hotel pays something, in cash."""
        self.press(Key.Key_F3)
        self.hands.type("hotel")
        self.press(Key.Key_F4, Key.Key_F3)
        self.hands.type(str(amount))
        self.press(Key.Key_Return, Key.Key_Return)
        self.next_sale()

    def spend(self, amount: Decimal) -> None:
        """The boda boda."""
        self.press(Key.Key_F2)
        self.hands.type("a")
        self.hands.type("transport")
        self.press(Key.Key_Return)
        self.hands.type(str(amount))
        self.press(Key.Key_Return, Key.Key_F12, Key.Key_F12)
        self.next_sale()

    def close(self, drawer: Decimal) -> None:
        """Count what lies there, in as few pieces as may be; it is what the books expect."""
        while not isinstance(self.window.current(), SellScreen):
            self.press(Key.Key_Escape)
        self.press(Key.Key_F8, Key.Key_F12)
        screen = self.window.current()
        assert isinstance(screen, DrawerScreen)
        asked = screen.counting.currency.denominations()
        assert [Decimal(one).scaleb(-self.money.places) for one in asked] == list(self.money.pieces)
        for piece in self.money.pieces:
            many, drawer = divmod(drawer, piece)
            if many:
                self.hands.type(str(int(many)))
            self.press(Key.Key_Return)
        assert drawer == 0
        self.press(Key.Key_F12)
        # What came by M-Pesa, bank or card is all there.
        if screen.pages.money.isVisible():
            self.press(Key.Key_F4, Key.Key_F12)
        self.press(Key.Key_F12, Key.Key_F12)


def play(day: Day, model: Model) -> None:
    """The day, in the window and with the pencil."""
    money = model.money
    day.open_with(money.opened_with)
    model.drawer += money.opened_with

    day.sell("GAS", "GAS", "GAS", "TAP")
    first = 3 * money.gas + money.tap
    day.pay_cash(money.note)
    model.sell_for_cash(first, money.note)
    day.first_receipt = day.till._context.printed(day.till.receipts.latest()[0])

    day.sell("HOB")
    day.press(Key.Key_F5)
    day.hands.type(str(money.by_bank))
    day.press(Key.Key_Return)
    day.hands.type("TT-88211")
    day.press(Key.Key_Return)
    day.pay_cash(money.note)
    model.sell_for_cash(money.hob, money.note, money.by_bank)

    day.hands.scan(CODES["HOB"])
    day.press(Key.Key_F3)
    day.hands.type("hotel")
    day.press(Key.Key_Return, Key.Key_F12, Key.Key_F4, Key.Key_Return)
    day.next_sale()
    model.supply(money.hob)
    model.owed += money.hob

    day.receive(money.paid_on_account)
    model.owed -= money.paid_on_account
    model.drawer += money.paid_on_account

    day.spend(money.spent)
    model.spend(money.spent)


def bring_back(day: Day, model: Model) -> None:
    """The first receipt comes back in three parts."""
    money = model.money
    day.take_back("1", "")
    day.take_back("1", "")
    day.take_back("1", "1")
    model.take_all_back(3 * money.gas + money.tap)


def papers(till: Till) -> list[list[str]]:
    """Every paper that waits for a printer, its words line by line."""
    return [
        [" ".join(one.text.split()) for one in typeset(paper_of(till._context, job)) if isinstance(one, Line)]
        for job in till.status().unprinted
        if job.document_id is not None
    ]


def written(money: Money, amount: Decimal) -> str:
    """As a paper has it."""
    return f"{amount:,.{money.places}f}".replace("-", "−")


def said(paper: list[str], words: str) -> Decimal:
    """The amount behind these words."""
    (line,) = (one for one in paper if one.startswith(f"{words} "))
    return Decimal(line.rpartition(" ")[2].replace(",", "").replace("−", "-"))


def books(centre: Centre, money: Money) -> dict[str, Decimal]:
    """The trial balance at the centre: what stands on each account, debit less credit."""
    answer = centre.ask(money, "report", "trial-balance")
    assert answer["agrees"] is True
    (section,) = answer["sections"]
    return {
        row["cells"][0]: Decimal(row["cells"][2] or 0) - Decimal(row["cells"][3] or 0)
        for row in section["rows"]
        if row["kind"] == "line"
    }


@pytest.mark.parametrize("code", MONEY)
def test_the_same_day(code: str, centre: Centre, qtbot: QtBot) -> None:
    money = MONEY[code]
    home = centre.set_up(money)
    day, model = Day(home, money, centre.pins[code], qtbot), Model(money)
    play(day, model)
    bring_back(day, model)
    day.close(model.drawer)
    check_papers(papers(day.till), model)
    day.till.close()
    centre.sync(home)
    assert books(centre, money) == {
        # What was counted went to the safe, from which the float had come.
        "1150": model.drawer - money.opened_with,
        "1170": model.bank,
        "1300": model.owed,
        "2200": -model.tax,
        "4100": -model.sold,
        "6130": model.spent,
        **({"6910": -model.rounded} if model.rounded else {}),
    }
    assert centre.ask(money, "verify")["ok"] is True


#: Behind the tax's own name (VAT, GST) and its rate.
_TAXED = "% (A) on "


def _tax_of(paper: list[str]) -> Decimal:
    """The tax that a paper says, of all its rates."""
    lines = [one for one in paper if _TAXED in one]
    return sum((Decimal(one.rpartition(" ")[2].replace(",", "")) for one in lines), Decimal(0))


def check_papers(found: list[list[str]], model: Model) -> None:
    """Receipts, refunds and the Z say what the model says."""
    money = model.money
    receipts = [one for one in found if any(line.startswith("Change ") for line in one)]
    assert [said(one, "Change") for one in receipts] == model.changes
    assert f"Bank {written(money, money.by_bank)}" in receipts[1]
    taxed = [one for one in found if any(_TAXED in line for line in one) and "REFUND" not in one]
    *sold, z = taxed
    assert "DRAWER CLOSED" in z
    assert [_tax_of(one) for one in sold] == model.taxes
    assert _tax_of(z) == model.tax
    (expense,) = (one for one in found if "EXPENSE" in one)
    assert said(expense, f"Total {money.code}") == said(expense, "Cash") == model.in_coins(money.spent)
    (payment,) = (one for one in found if "PAYMENT RECEIVED" in one)
    assert said(payment, "Received") == money.paid_on_account
    assert said(payment, "Balance now owed") == model.owed
    parts = [said(one, f"Refund {money.code}") for one in found if "REFUND" in one]
    assert len(parts) == 3
    assert [one % money.coin for one in parts] == [0, 0, 0]
    paid = said(receipts[0], f"Total {money.code}")
    assert sum(parts) == paid == model.in_coins(3 * money.gas + money.tap)
    z = next(one for one in found if "DRAWER CLOSED" in one)
    in_cash = paid + said(receipts[1], f"Total {money.code}") - money.by_bank
    for words, amount in (
        ("Float", money.opened_with),
        ("Sales in cash (2)", in_cash),
        ("Payments received", money.paid_on_account),
        ("Refunds (3)", -paid),
        ("Expenses", -model.in_coins(money.spent)),
        ("Expected", model.drawer),
        ("Counted", model.drawer),
    ):
        assert f"{words} {written(money, amount)}" in z
