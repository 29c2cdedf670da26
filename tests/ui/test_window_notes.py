"""Notes on a line and on the basket in the real window: in the document, on the paper or not, never lost."""

from PySide6.QtCore import Qt

from demo.simulated_cashier import Hands
from pos_app.devices.escpos_layout import to_text
from pos_app.ledger.document import Document, Invoice, Sale
from pos_app.reports.slips import any_pdf
from pos_app.store.journal.print_jobs import PrintJob
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.till import Till
from pos_app.ui.sell.screen import SellScreen
from pos_app.ui.window import MainWindow
from tests.support.worlds.goods_rows import HOSE, REGULATOR
from tests.support.worlds.money_builder import last
from tests.support.worlds.till_builder import ORG, barcode_of

Key = Qt.Key
ENTER = Key.Key_Return


def paper(till: Till, document: Document) -> str:
    """What is printed of it, as text."""
    job = PrintJob(1, document.document_id, "receipt", 0, False, "waiting", 0, "")
    return " ".join(to_text(paper_of(till._context, job)).split())


def noted(hands: Hands, words: str, *more: Key | str) -> None:
    """Ins, the words, and what follows them."""
    hands.press(Key.Key_Insert)
    hands.type(words)
    for one in more:
        hands.type(one) if isinstance(one, str) else hands.press(one)
    hands.press(ENTER)


def test_a_note_on_a_line_is_on_the_receipt(window: MainWindow, selling: Hands, till: Till) -> None:
    selling.scan(barcode_of(HOSE))
    noted(selling, "for the kitchen")
    row = window.open(SellScreen).basket_column.list.rows()[0]
    assert row.detail == "1 × 420.00 · “for the kitchen”"
    selling.press(Key.Key_F12)
    selling.press(ENTER)
    sale = last(till)
    assert isinstance(sale, Sale)
    assert [(one.note, one.note_inside) for one in sale.lines] == [("for the kitchen", False)]
    assert "for the kitchen" in paper(till, sale)


def test_what_is_for_us_only_is_in_the_books_and_not_on_paper(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    selling.scan(barcode_of(HOSE))
    noted(selling, "scratched", Key.Key_F2, Key.Key_Down, "promised to Njeri", Key.Key_F3)
    assert "not printed" in window.open(SellScreen).basket_column.list.rows()[0].detail
    assert "promised to Njeri" in window.open(SellScreen).basket_column._note.text()
    selling.press(Key.Key_F12)
    selling.press(ENTER)
    sale = last(till)
    assert isinstance(sale, Sale)
    assert (sale.note, sale.note_inside) == ("promised to Njeri", True)
    assert (sale.lines[0].note, sale.lines[0].note_inside) == ("scratched", True)
    printed = paper(till, sale)
    assert "scratched" not in printed
    assert "promised" not in printed


def test_more_of_the_same_is_a_line_of_its_own_and_a_note_comes_back_after_a_kill(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    selling.scan(barcode_of(HOSE))
    noted(selling, "Njeri's", Key.Key_Down, "call first")
    selling.scan(barcode_of(HOSE))
    assert [one.note for one in window.session.basket.lines] == ["Njeri's", ""]
    resumed = till.baskets.resume()
    assert (resumed.state.note, resumed.lines[0].note) == ("call first", "Njeri's")
    selling.press(Key.Key_F6)
    selling.type("Njeri")
    selling.press(ENTER)
    assert window.session.basket.state.note == ""
    selling.press(Key.Key_F6)
    selling.press(ENTER)
    assert window.session.basket.state.note == "call first"


def test_no_words_take_a_note_away_and_too_many_do_not_fit(window: MainWindow, selling: Hands) -> None:
    selling.scan(barcode_of(HOSE))
    noted(selling, "x" * 201)
    assert len(window.session.basket.lines[0].note) <= 200
    selling.press(Key.Key_Insert)
    selling.press(Key.Key_Backspace)
    selling.press(ENTER)
    assert window.session.basket.lines[0].note == ""
    assert not window.session.basket.lines[0].note_inside
    window.session.basket.set_line_note(0, "a\nb\x1b@\t c", inside=False)
    assert window.session.basket.lines[0].note == "a b @ c"


def test_an_invoice_has_them_and_a_draft_says_that_it_keeps_no_note_on_all(
    window: MainWindow, selling: Hands, till: Till
) -> None:
    till.sign_in.sign_in(2, "2222")
    selling.type("mama")
    selling.press(ENTER)
    selling.scan(barcode_of(REGULATOR))
    noted(selling, "second kitchen", Key.Key_Down, "by Friday")
    selling.press(Key.Key_F12)
    selling.press(Key.Key_F6)
    selling.press(Key.Key_F9)
    assert "keeps no note" in window.banner().text()
    selling.press(Key.Key_F12)
    invoice = last(till)
    assert isinstance(invoice, Invoice)
    assert (invoice.note, invoice.lines[0].note) == ("by Friday", "second kitchen")
    assert "second kitchen" in paper(till, invoice)
    with till.database.read() as connection:
        assert any_pdf.of_key(connection, ORG, invoice.document_id).startswith(b"%PDF")
