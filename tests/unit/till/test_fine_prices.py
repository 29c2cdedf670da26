"""Selling at prices of more decimals than the currency: by contract, meter and hand, in parts, on paper."""

from decimal import Decimal
from pathlib import Path
from typing import Final

from pos_app.devices.typeset import Line, typeset
from pos_app.ledger.document import Invoice, Sale
from pos_app.ledger.line import TenderKind
from pos_app.ledger.quantity import ONE
from pos_app.store.master import party_terms
from pos_app.till.history.history_import import HistoryImport
from pos_app.till.laundry.intake import Wanted
from pos_app.till.paper.paperwork import paper_of
from pos_app.till.session.sign_in import Action
from tests.support.documents.specimens import ORG
from tests.support.refused import refused
from tests.support.worlds.depot_fixture import BULK, HOTEL
from tests.support.worlds.till_fixture import OWNER, PRODUCTS, Shop

CASH: Final = TenderKind.CASH
#: 0.265 for one, in minor units.
FINE: Final = Decimal("26.5")


def agree(depot: Shop, product_id: int, price: Decimal | int) -> None:
    with depot.database.write() as connection:
        party_terms.put_contract_price(connection, ORG, HOTEL.party_id, product_id, price)


def paper(depot: Shop, document_id: int) -> str:
    job = next(job for job in depot.print_jobs() if job.document_id == document_id)
    lines = typeset(paper_of(depot.till._context, job))
    return "\n".join(" ".join(one.text.split()) for one in lines if isinstance(one, Line))


def test_a_meter_read_at_a_contract_rate(depot: Shop) -> None:
    agree(depot, BULK, FINE)
    basket = depot.till.baskets.new()
    basket.set_customer(HOTEL)
    basket.add_metered(depot.till.catalogue.by_id(BULK), 1_000 * ONE, 1_133 * ONE)
    assert (basket.lines[0].price, basket.totals().total) == (FINE, 35_25)
    assert not basket.lines[0].changed
    # A power cut loses no decimal.
    assert depot.till.baskets.resume().lines[0].unit_price == FINE
    done = depot.pay_cash(basket)
    sale = depot.document(done.document_id)
    assert isinstance(sale, Sale)
    line = sale.lines[0]
    assert (line.unit_price, line.price_fine, line.gross, line.list_price) == (26, 5_000, 35_25, None)
    assert "133 m3 × 0.265" in paper(depot, done.document_id)

    assert sum(_back(depot, done.number, part) for part in (33, 100)) == 35_25


def _back(depot: Shop, number: str, units: int) -> int:
    receipt = depot.till.refunds.find(number)
    done = depot.till.refunds.complete(receipt, {0: units * ONE}, CASH, "x", depot.approval(Action.REFUND))
    return done.total


def test_an_invoice_at_a_contract_rate(depot: Shop) -> None:
    agree(depot, BULK, FINE)
    basket = depot.till.baskets.new()
    basket.set_customer(HOTEL)
    basket.add(depot.till.catalogue.by_id(BULK), 133 * ONE)
    draft = depot.till.invoicing.issue(basket)
    invoice = depot.document(draft.document_id)
    assert isinstance(invoice, Invoice)
    assert (invoice.total, invoice.lines[0].price) == (35_25, FINE)


def test_a_price_by_hand_is_told_to_the_last_decimal(depot: Shop) -> None:
    basket = depot.basket("GAS13")
    basket.set_price(0, Decimal("231999.9999"))
    sale = depot.document(depot.pay_cash(basket).document_id)
    line = sale.lines[0]
    assert (line.price, line.list_price, line.list_price_fine) == (Decimal("231999.9999"), 2_320_00, 0)
    basket = depot.basket("GAS13")
    with refused("price-implausible"):
        basket.set_price(0, Decimal("0.00001"))


def test_changed_from_a_fine_list_price(depot: Shop) -> None:
    agree(depot, BULK, FINE)
    basket = depot.till.baskets.new()
    basket.set_customer(HOTEL)
    basket.add(depot.till.catalogue.by_id(BULK), 100 * ONE)
    basket.set_price(0, 26)
    line = depot.document(depot.pay_cash(basket).document_id).lines[0]
    assert (line.unit_price, line.list_price, line.list_price_fine) == (26, 26, 5_000)


def test_a_service_at_a_contract_rate_is_collected_in_parts(depot: Shop) -> None:
    wash = PRODUCTS["WASH"].product_id
    agree(depot, wash, FINE)
    done = depot.till.service_orders.take_in(
        [Wanted(wash, 133 * ONE)], promised_on=depot.till._context.today, party_id=HOTEL.party_id
    )
    order = depot.document(done.document_id)
    assert (order.lines[0].price, order.lines[0].net) == (FINE, 35_25)
    taken = 0
    for units in (33, 100):
        basket = depot.till.service_orders.collect(done.document_id, {0: units * ONE})
        taken += basket.totals().total
        depot.pay_cash(basket)
    assert taken == order.total


def test_history_keeps_the_decimals_of_its_prices(closed_shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text(
        "number,occurred_at,customer,sku,description,quantity,unit_price\n1,2025-01-01,,REG,,133,0.265\n"
    )
    closed_shop.till.sign_in.proved(OWNER.person_id)
    history = HistoryImport(closed_shop.till._context)
    assert history.run(path).imported == 1
    (sale,) = closed_shop.documents()
    assert isinstance(sale, Sale)
    assert (sale.total, sale.lines[0].price) == (35_25, FINE)
    again = history.run(path)
    assert (again.imported, again.refused) == (0, 0)


def test_goods_back_at_a_fine_price(depot: Shop) -> None:
    agree(depot, BULK, FINE)
    basket = depot.till.baskets.new()
    basket.set_customer(HOTEL)
    basket.add(depot.till.catalogue.by_id(BULK), -133 * ONE)
    assert basket.totals().total == -35_25
