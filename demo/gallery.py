"""Owns the gallery: the kit on sample pages, drawn to pictures for looking at.

Run ``python -m demo.gallery OUTDIR``: four pages, light and dark, at 1024x768 and 1920x1080,
with plain samples and with long names, Swahili words and large sums.
"""

import os
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from pos_app.ui.kit.amount_field import AmountField
from pos_app.ui.kit.avatar import Avatar
from pos_app.ui.kit.banner import Banner
from pos_app.ui.kit.button import OptionTile, PrimaryButton, QuietButton
from pos_app.ui.kit.card import Card
from pos_app.ui.kit.chip import ChipRow
from pos_app.ui.kit.column import SideColumn
from pos_app.ui.kit.dialog import Sheet
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.icon import IconLabel
from pos_app.ui.kit.key_strip import KeyAction, KeyStrip
from pos_app.ui.kit.keypad import PIN, Keypad
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.list_rows import Badge, Row, RowList
from pos_app.ui.kit.pill import Pill
from pos_app.ui.kit.pin_field import PinField
from pos_app.ui.kit.search_field import SearchField
from pos_app.ui.kit.steps import Steps
from pos_app.ui.kit.strip import StatusStrip
from pos_app.ui.kit.table import Cell, Column, Table
from pos_app.ui.kit.theme import apply_theme
from pos_app.ui.kit.tile_grid import Product, TileGrid
from pos_app.ui.kit.tokens import Mode, Size, Space, Tone, Weight

PRODUCTS: list[tuple[str, str, str, Tone]] = [
    ("LPG refill 6 kg", "1,420", "18 full", "muted"),
    ("LPG refill 13 kg", "3,250", "42 full", "muted"),
    ("LPG refill 50 kg", "11,900", "3 full", "bad"),
    ("LPG outright 6 kg", "3,420", "9", "muted"),
    ("Maji ya kunywa lita 20, kujaza upya kwenye chupa ya mteja", "180", "—", "muted"),
    ("Water 10 L new", "350", "24", "muted"),
    ("Regulator compact", "850", "imebaki 1", "warn"),
    ("Hose 1.5 m + clips", "420", "57", "muted"),
    ("Mtungi wa gesi wa viwandani", "999,999,999.00", "imekwisha kabisa", "bad"),
    ("Grill top", "690", "2", "bad"),
    ("Lighter", "60", "210", "muted"),
    ("Deposit 13 kg", "3,500", "—", "muted"),
    ("Laundry per kg", "120", "—", "muted"),
    ("Duvet, double", "650", "—", "muted"),
    ("Stove service", "500", "—", "muted"),
    ("Meter reading", "rate", "—", "muted"),
]

ROWS = [
    Row(1, "LPG refill 13 kg", "3,150.00", "1 × 3,150.00", (Badge("contract rate", "ok"),)),
    Row(2, "Empty 13 kg returned", "0.00", "1 × 0.00", (Badge("cylinder in", "ok"),)),
    Row(3, "Cylinder deposit 6 kg", "2,000.00", "1 × 2,000.00"),
    Row(4, "Regulator, compact", "1,615.00", "2 × 850.00", (Badge("−5 %", "warn"),)),
]

LONG_ROWS = [
    *ROWS,
    Row(
        5,
        "Maji safi ya kunywa lita 20, kujaza upya",
        "999,999,999.00",
        "5,555,555 × 180.00 · bei ya mkataba tangu 1 Oktoba",
        (Badge("bei ya mkataba", "ok"), Badge("imerudishwa", "bad")),
    ),
]


def nothing() -> None:
    """Do nothing, for keys of the samples."""


def stacked(*parts: QWidget | QLayout | int, margin: int = 0, spacing: int = Space.M) -> QVBoxLayout:
    """A column of parts; a number is a stretch."""
    column = QVBoxLayout()
    column.setContentsMargins(margin, margin, margin, margin)
    column.setSpacing(spacing)
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
        elif isinstance(part, QLayout):
            column.addLayout(part)
        else:
            column.addStretch(part)
    return column


def in_line(*parts: QWidget | QLayout | int, spacing: int = Space.M) -> QHBoxLayout:
    """A line of parts; a number is a stretch."""
    line = QHBoxLayout()
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(spacing)
    for part in parts:
        if isinstance(part, QWidget):
            line.addWidget(part)
        elif isinstance(part, QLayout):
            line.addLayout(part)
        else:
            line.addStretch(part)
    return line


def status_strip(*, hard: bool) -> StatusStrip:
    """The strip, calm or in trouble."""
    strip = StatusStrip()
    strip.set_depot("Bohari ya Kilimani na Viwandani Mashariki" if hard else "Kilimani depot")
    strip.set_till("Till 3 · LPG & retail")
    strip.set_shift("Shift 214 since 07:31")
    if hard:
        strip.set_sync("Nje ya mtandao · 1,205 zinasubiri, saa 12", "warn", "cloud-off")
        strip.set_printer("Karatasi imekwisha", "bad", "printer-x")
        strip.set_person("Amina Wanjiku-Otieno wa Kilimani")
    else:
        strip.set_sync("All sent 14:02", "ok", "cloud-check")
        strip.set_printer("Printer ready", "ok", "printer-check")
        strip.set_person("Amina W.")
    strip.set_time("14:05")
    return strip


def key_strip(*, hard: bool) -> KeyStrip:
    """The keys of the sell screen."""
    plain = ["Keys", "Customer", "Quantity", "Price", "Park", "Return", "Drawer", "Last receipt"]
    swahili = [
        "Vitufe vyote",
        "Mteja au akaunti",
        "Idadi ya bidhaa",
        "Badilisha bei",
        "Weka kando",
        "Rudisha bidhaa",
        "Droo ya fedha",
        "Risiti iliyopita",
    ]
    caps = ["F1", "F3", "F4", "F5", "F6", "F7", "F8", "F9"]
    labels = swahili if hard else plain
    actions = [KeyAction(cap, label, nothing) for cap, label in zip(caps, labels, strict=True)]
    actions.append(KeyAction("Del", "Ondoa mstari" if hard else "Line", nothing))
    if hard:
        actions.append(KeyAction("Ctrl+P", "Chapisha tena risiti hii", nothing))
        actions.append(KeyAction("Esc", "Rudi nyuma", nothing))
    return KeyStrip(actions)


class Page(QWidget):
    """A sample screen: strip, middle, keys."""

    def __init__(self, middle: QLayout, *, hard: bool) -> None:
        super().__init__()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(status_strip(hard=hard))
        whole.addLayout(middle, 1)
        whole.addWidget(key_strip(hard=hard))


def customer_head(name: str, detail: str) -> QHBoxLayout:
    """The customer above the basket."""
    words = stacked(
        Label(name, Size.BODY, "text", Weight.SEMIBOLD), Label(detail, Size.CAPTION, "muted"), spacing=0
    )
    head = in_line(Avatar(name), words, 1, IconLabel("chevron-right", 18, "muted"))
    head.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
    return head


def sum_line(what: str, amount: str) -> QHBoxLayout:
    """A quiet line of the totals."""
    return in_line(
        Label(what, Size.SMALL, "muted"), 1, Label(amount, Size.SMALL, "muted", tabular=True, right=True)
    )


def sell_page(*, hard: bool) -> QWidget:
    """Basket left, shelf right."""
    left = SideColumn()
    name = "Mama Kanini Hotel na Mkahawa wa Pwani Mashariki" if hard else "Mama Kanini Hotel"
    left.add_layout(customer_head(name, "owes 12,480.00 · 7,520.00 left of limit · as of 14:02"))
    left.add_line()
    basket = RowList("Basket")
    basket.set_rows(LONG_ROWS if hard else ROWS)
    basket.select(3)
    left.add(basket, 1)
    left.add_line()
    total = Figure("999,999,999.00" if hard else "7,305.00", Size.FIGURE)
    feet = stacked(
        sum_line("5 items · discount", "−85.00"),
        sum_line("VAT 16 % included", "1,007.59"),
        in_line(Label("Jumla KES" if hard else "Total KES", Size.BODY, "text", Weight.SEMIBOLD), total),
        PrimaryButton("Pokea malipo kutoka kwa mteja" if hard else "Pay", "F12"),
        margin=Space.L,
        spacing=Space.XS,
    )
    left.add_layout(feet)
    shelf = TileGrid("Shelf")
    shelf.set_products([Product(name, name, price, stock, tone) for name, price, stock, tone in PRODUCTS * 2])
    search = SearchField("Scan, code or name", "F2", "scan-barcode")
    banner = Banner("Dismiss")
    if hard:
        banner.refuse("Mteja huyu amefikia kikomo cha deni: 7,520.00 imebaki. Chukua fedha taslimu kwanza.")
    chips = ChipRow(["Sells here", "Gas", "Water", "Laundry", "Accessories"])
    right = stacked(search, banner, chips, margin=Space.L, spacing=Space.S)
    right.addWidget(shelf, 1)
    middle = in_line(left, spacing=0)
    middle.addLayout(right, 1)
    page = Page(middle, hard=hard)
    search.setFocus()
    return page


def tender_page(*, hard: bool) -> QWidget:
    """What is owed left, how it is paid right."""
    left = SideColumn()
    left.add_layout(customer_head("Mama Kanini Hotel", "5 items"))
    left.add_line()
    taken = RowList("Tenders", empty_text="Nothing taken yet")
    if not hard:
        taken.set_rows(
            [
                Row(1, "M-Pesa", "4,000.00", "SKJ4X8QP2M · unused before", icon="smartphone"),
                Row(2, "Cash", "3,500.00", icon="banknote"),
            ]
        )
    left.add(taken, 1)
    left.add_line()
    change = Figure("999,804,999.00" if hard else "195.00", Size.HERO, "accent")
    finish = "Maliza, chapisha risiti, fungua droo ya fedha" if hard else "Finish, print, open drawer"
    left.add_layout(
        stacked(
            sum_line("Taken", "7,500.00"),
            in_line(Label("Change", Size.BODY, "text", Weight.SEMIBOLD), change),
            PrimaryButton(finish, "Enter"),
            margin=Space.L,
        )
    )
    options = QGridLayout()
    options.setSpacing(Space.M)
    cash = OptionTile("Cash", "banknote", "F2")
    cash.set_selected(True)
    options.addWidget(cash, 0, 0)
    options.addWidget(OptionTile("M-Pesa", "smartphone", "F3"), 0, 1)
    options.addWidget(OptionTile("On account", "book-user", "F4"), 1, 0)
    bank = "Benki, kadi au vocha ya duka la jumla" if hard else "Bank, card, voucher"
    options.addWidget(OptionTile(bank, "landmark", "F5", detail="needs the line" if hard else ""), 1, 1)
    amount = AmountField("Cash received", 2, 40.0, framed=False)
    amount.set_minor(99_999_999_900 if hard else 350_000)
    quick = in_line()
    for text in ("3,305", "3,500", "4,000", "999,999,999" if hard else "5,000"):
        tile = OptionTile(text, centred=True, height=52)
        tile.set_selected(text == "3,500")
        quick.addWidget(tile)
    received = in_line(Label("Cash received, still due was 3,305.00", Size.SMALL, "muted"), amount)
    pad = Keypad(backspace_name="Take back")
    right = stacked(options, received, quick, margin=Space.L)
    right.addWidget(pad, 1)
    middle = in_line(left, spacing=0)
    middle.addLayout(right, 1)
    page = Page(middle, hard=hard)
    amount.setFocus()
    return page


def figure_card(caption: str, figure: str, detail: str) -> Card:
    """A sum with what it is and where it comes from."""
    card = Card(padding=Space.L)
    card.body.setSpacing(2)
    card.add(Label(caption, Size.SMALL, "muted"))
    card.add(Figure(figure, 26.0, right=False))
    card.add(Paragraph(detail, Size.CAPTION))
    card.add_stretch()
    return card


def account_page(*, hard: bool) -> QWidget:
    """One customer: cards, steps, states and the table of documents."""
    name = "Mama Kanini Hotel"
    title = stacked(
        Label(name, Size.TITLE, "text", Weight.BOLD),
        Label("C-0142 · 0722 ••• 418 · contract rates from 1 Oct", Size.BODY, "muted"),
        spacing=0,
    )
    pay = PrimaryButton("Receive payment", "F3")
    pay.setMaximumWidth(220)
    head = in_line(Avatar(name, 48), title, 1, pay)
    steps = Steps(["Count", "Other tenders", "Review", "Z report"])
    steps.set_current(1)
    close = in_line(Label("Close drawer, shift 214", Size.TITLE, "text", Weight.BOLD), 1, steps)
    owes = "999,999,999.00" if hard else "12,480.00"
    cards = in_line(
        figure_card("Owes", owes, "8,790.00 from the centre, 14:02 + 1 document here"),
        figure_card("Left of limit, offline", "7,520.00", "limit 20,000.00"),
        figure_card("Cylinders held", "4 × 13 kg", "deposits paid 9,500.00"),
        figure_card("Open invoices", "2", "oldest 12 days, 8,790.00"),
        spacing=Space.L,
    )
    columns = [
        Column("when", tone="muted"),
        Column("document", weight=Weight.SEMIBOLD),
        Column("what", tone="muted", stretch=True),
        Column("change", right=True),
        Column("balance", right=True, weight=Weight.SEMIBOLD),
    ]
    table = Table("Documents", columns)
    what = "Gesi kilo 13, maji lita 20, huduma ya jiko na kusafisha mablanketi ya hoteli nzima"
    table.set_lines(
        [
            ("14:02", "Sale K3-000981", what if hard else "LPG refill 13 kg", "+3,690.00", owes),
            ("11:20", "Payment K1-000340", "M-Pesa SKH8P0QL3N", "−10,000.00", "8,790.00"),
            ("Yesterday", "Return K1-000318", "Regulator, compact", Cell("−850.00", "bad"), "6,890.00"),
            ("18 Nov", "Sale K3-000902", "LPG refill 13 kg × 2", "+6,300.00", "7,740.00"),
        ]
    )
    table.select(1)
    panel = Card(padding=Space.M)
    panel.add(table, 1)
    states = in_line(
        Pill("All sent 14:02", "ok", "cloud-check"),
        Pill("Offline · 5 waiting, 12 min", "warn", "cloud-off"),
        Pill("Printer silent", "bad", "printer-x"),
        Pill("as of 14:02", "neutral", "clock"),
        1,
        QuietButton("Statement PDF", "F4", "receipt"),
        QuietButton("Remove", icon="trash-2", bare=True),
    )
    column = stacked(close, head, cards, states, spacing=Space.L)
    column.addWidget(panel, 1)
    column.setContentsMargins(22, Space.XL, 22, Space.XL)
    page = Page(column, hard=hard)
    table.setFocus()
    return page


def sheet_page(*, hard: bool) -> QWidget:
    """A manager's PIN asked over the sell screen."""
    page = sell_page(hard=hard)
    body = QWidget()
    pin = PinField("PIN", 6)
    pin.type_digits("123")
    pad = Keypad(PIN, backspace_name="Take back", enter_name="Go on")
    lines = stacked(pin, pad)
    body.setLayout(lines)
    sheet = Sheet(
        page,
        "Punguzo la 40 % linahitaji meneja" if hard else "A discount of 40 % needs a manager",
        "Kubali punguzo" if hard else "Approve",
        "Rudi" if hard else "Back",
        body=body,
        explanation="Regulator, compact: 850.00 → 510.00. The manager's name stays on the receipt.",
    )
    if hard:
        sheet.refuse("PIN si sahihi. Jaribio 1 kati ya 3.")
    page.setProperty("sheet", sheet)
    return page


PAGES = {"sell": sell_page, "tender": tender_page, "account": account_page, "sheet": sheet_page}


def draw(out: Path, mode: Mode, width: int, height: int) -> None:
    """Draw every page, plain and hard, in one theme and size."""
    for name, make in PAGES.items():
        for hard in (False, True):
            page = make(hard=hard)
            page.resize(width, height)
            page.show()
            sheet = page.property("sheet")
            if isinstance(sheet, Sheet):
                sheet.open_sheet()
            QApplication.processEvents()
            words = "hard" if hard else "plain"
            page.grab().save(str(out / f"{name}-{words}-{mode}-{width}.png"))
            page.close()
            page.deleteLater()


def main(arguments: list[str]) -> int:
    """Draw the gallery into the folder named on the command line."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m demo.gallery OUTDIR\n")
        return 2
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    out = Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    modes: tuple[Mode, ...] = ("light", "dark")
    for mode in modes:
        apply_theme(app, mode)
        for width, height in ((1024, 768), (1920, 1080)):
            draw(out, mode, width, height)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
