"""The pictures: every screen can be drawn, with long names and large sums, in both languages.

``python -m tests.ui.test_window_pictures OUTDIR`` draws them all for looking at.
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from sqlalchemy import text

from demo.pictures import LOOKS, Look, draw_screens
from pos_app.ledger.day import later
from pos_app.ledger.line import TenderKind
from pos_app.ledger.treasury import PartyReason
from pos_app.till.laundry.intake import Wanted
from pos_app.till.till import Till
from tests.support.worlds.money_builder import invoice, put_rate, put_terms
from tests.support.worlds.till_builder import barcode_of, build_database, build_till

LONG_NAME = "Mama Kanini Hotel na Mkahawa wa Pwani Mashariki kwa Wasafiri"
LONG_PRODUCT = "Maji safi ya kunywa lita 20, kujaza upya kwenye chupa ya mteja"


def prepare(till: Till) -> None:
    """A till in the middle of its day: things were sold, and a basket is open."""
    till.sign_in.sign_in(1, "1111")
    till.drawer.open(500_000)
    party = till.customers.search("mama")[0]
    for number, kind in ((2, TenderKind.ACCOUNT), (7, TenderKind.CASH), (5, TenderKind.ACCOUNT)):
        basket = till.baskets.new()
        basket.add(till.catalogue.scan(barcode_of(number)).product, 2000)
        basket.add(till.catalogue.scan(barcode_of(11)).product)
        basket.set_customer(party)
        checkout = till.checkout(basket)
        checkout.add_tender(kind, checkout.cash_due())
        checkout.complete()
    put_rate(till)
    put_terms(till, 30)
    invoice(till, 7, days_ago=75)
    invoice(till, 8, days_ago=5)
    till.party_money.record(PartyReason.CUSTOMER_DEPOSIT, party.party_id, 350_000)
    till.returnables.move(party.party_id, {2: 4000, 1: 1000})
    draft = till.baskets.new()
    draft.add(till.catalogue.scan(barcode_of(9)).product)
    draft.set_customer(party)
    till.invoicing.save_draft(draft, reference="LPO-77")
    leave_laundry(till, party.party_id)
    parked = till.baskets.new()
    parked.add(till.catalogue.scan(barcode_of(1)).product)
    parked.park("Otieno")
    basket = till.baskets.new()
    for number, quantity in ((2, 1000), (12, 1000), (7, 2000), (5, 3000), (4, -1000)):
        basket.add(till.catalogue.scan(barcode_of(number)).product, quantity)
    basket.set_customer(party)


def leave_laundry(till: Till, party_id: int) -> None:
    """Things of a customer, ready, and of somebody by name, in work."""
    today, orders = till.today, till.service_orders
    duvets, kilos = Wanted(14, 3_000, "white, one with a stain"), Wanted(13, 12_500)
    first = orders.take_in((duvets, kilos), promised_on=today, party_id=party_id)
    orders.mark_ready(first.document_id)
    orders.take_in((kilos,), promised_on=later(today, 1), customer_name="Njeri W.", tag="RED 7")


def harden(till: Till) -> None:
    """Long names and large sums, as the centre might send them."""
    with till.database.write() as connection:
        connection.execute(text("UPDATE party SET name = :name"), {"name": LONG_NAME})
        connection.execute(text("UPDATE party_role SET credit_limit = 99999999900"))
        connection.execute(
            text("UPDATE product SET name = :name, price = 99999900 WHERE product_id IN (2, 5, 14)"),
            {"name": LONG_PRODUCT},
        )
        connection.execute(text("UPDATE depot SET name = 'Bohari ya Kilimani na Viwandani Mashariki'"))
        connection.execute(text("UPDATE business SET name = 'Gesi, maji na rejareja'"))
        connection.execute(
            text("UPDATE person SET name = 'Amina Wanjiku-Otieno wa Kilimani' WHERE person_id = 1")
        )
    till._context.place = type(till.place)(
        **{**vars(till.place), "depot_name": "Bohari ya Kilimani na Viwandani Mashariki"}
    )


def test_every_screen_is_drawn(till: Till, tmp_path: Path, qapp: QApplication) -> None:
    harden(till)
    prepare(till)
    paths = draw_screens(
        till, 1, "1111", tmp_path, (Look("light", "en", 1024, 768), Look("dark", "sw", 1024, 768))
    )
    names = {path.name.removesuffix("-light-en-1024.png") for path in paths if "-light-en" in path.name}
    assert {"sell", "tender", "customer", "refund", "depot", "goods-in", "stock-why"} <= names
    assert {"laundry", "laundry-order", "laundry-intake", "half-return"} <= names
    assert {"expense", "expense-line", "expense-pay", "transfer", "parties", "party"} <= names
    assert {"tender-currency", "invoice", "payment", "drafts", "credit-note"} <= names
    assert len(paths) == 2 * len(names)
    for path in paths:
        picture = QImage(str(path))
        assert (picture.width(), picture.height()) == (1024, 768)
    from pos_app.language import use_language

    use_language("en")


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_no_screen_asks_for_more_than_the_smallest_window(till: Till, mode: str, qapp: QApplication) -> None:
    from pos_app.ui.app import build_window
    from pos_app.ui.window import Settings

    harden(till)
    prepare(till)
    window = build_window(till, None, Settings("dark" if mode == "dark" else "light", "sw"))
    hint = window.minimumSizeHint()
    assert hint.width() <= 1024
    assert hint.height() <= 768
    window.deleteLater()
    from pos_app.language import use_language

    use_language("en")


def main(out: Path) -> None:
    """Draw everything, plain and hard."""
    for hard in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "till.db"
            build_database(path).close()
            till = build_till(path)
            if hard:
                harden(till)
            prepare(till)
            draw_screens(till, 1, "1111", out / ("hard" if hard else "plain"), LOOKS)
            till.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
