"""Deposits in the office: on an invoice they are owed, by their slip they are paid back."""

import pytest

from pos_app.bootstrap import HomeKind
from pos_app.cli.explain import explain
from pos_app.cli.homes import Opened
from pos_app.files.csv_file import CsvRow
from pos_app.files.product_sheet import Known, Products
from pos_app.ledger.chit import barcode_of
from pos_app.ledger.currency import currency
from pos_app.ledger.document import DepositReturn, Invoice
from pos_app.office import chits, invoicing
from pos_app.office.invoicing import Goods
from pos_app.store.organisation import master_import
from pos_app.store.organisation.product_row import ProductRow
from tests.support.refused import refused
from tests.support.worlds.office_fixture import ONE, Desk, bank


def slip(desk: Desk) -> str:
    sold = invoicing.invoice(desk.office, "C1", [Goods("DEP", ONE), Goods("GAS", ONE)]).document
    assert isinstance(sold, Invoice)
    chit = sold.lines[0].chit
    assert chit is not None
    return barcode_of(chit.role, chit.number)


def opened(desk: Desk) -> Opened:
    return Opened(HomeKind.CENTRAL, desk.database, desk.office.organisation, 1_000_000, desk.clock)


def test_a_deposit_on_an_invoice_is_owed_and_paid_back_by_the_office(desk: Desk) -> None:
    number = slip(desk)
    assert desk.account("2320") == -2_500_00
    assert desk.account("4100") == -2_000_00
    made = chits.pay_back(desk.as_("MGR"), number, bank(1_000_00)).document
    assert isinstance(made, DepositReturn)
    assert desk.account("2320") == -1_500_00
    with refused("chit-too-small"):
        chits.pay_back(desk.as_("MGR"), number, bank(1_500_01))
    answer = explain(opened(desk), "voucher", number)
    assert answer.values["balance"] == "1500.00"
    assert [one["change"] for one in answer.values["lines"]] == ["2500.00", "-1000.00"]


def test_the_invoice_is_open_by_what_is_owed_for_it_and_not_by_its_deposit(desk: Desk) -> None:
    sold = invoicing.invoice(desk.office, "C1", [Goods("DEP", ONE), Goods("GAS", ONE)])
    answer = explain(opened(desk), "invoice", sold.number)
    assert answer.values["balance"] == "4820.00"


def test_nobody_pays_back_what_was_never_taken(desk: Desk) -> None:
    with refused("chit-number-wrong"):
        chits.pay_back(desk.as_("MGR"), "D111111111111", bank(1_00))


@pytest.mark.parametrize(
    "name",
    ["Deposit 13 kg", "Cylinder deposit 6 kg", "AMANA ya mtungi", "Pfand 0,25", "Depósito", "Consigne 1 l"],
)
def test_a_product_called_a_deposit_is_not_brought_in_as_income(name: str) -> None:
    file = Products(Known(currency("KES"), {"A", "DEPOSIT"}, "A", {"MAIN": 1}, {}))

    def read(tax_code: str) -> ProductRow:
        values = {"sku": "D", "name": name, "price": "2500", "tax_code": tax_code}
        return file.sheet().read(CsvRow(2, values), values)

    assert read("").tax_code == "DEPOSIT"
    assert len(file.notes()) == 1
    with refused("deposit-as-income"):
        read("A")


@pytest.mark.parametrize(
    ("sku", "code"), [("DEP", "A"), ("DEP", "E"), ("GAS", "DEPOSIT"), ("GAS", "VOUCHER")]
)
def test_k12_no_line_says_whether_its_goods_are_a_sale(desk: Desk, sku: str, code: str) -> None:
    """A rate may be another for a customer; a deposit is owed and goods are sold, whatever a line says."""
    with refused("line-tax-no-sale"):
        invoicing.invoice(desk.office, "C1", [Goods(sku, ONE, tax_code=code)])
    assert desk.account("4100") == desk.account("2320") == 0


@pytest.mark.parametrize("name", ["Gift voucher 500", "GIFT CARD", "Vocha ya zawadi"])
def test_k12_a_gift_voucher_that_names_no_tax_code_is_one(name: str) -> None:
    file = Products(Known(currency("KES"), {"A", "DEPOSIT", "VOUCHER"}, "A", {"MAIN": 1}, {}))

    def read(tax_code: str) -> ProductRow:
        values = {"sku": "V", "name": name, "price": "500", "tax_code": tax_code}
        return file.sheet().read(CsvRow(2, values), values)

    assert read("").tax_code == "VOUCHER"
    assert len(file.notes()) == 1
    # Cards of somebody else are goods, where the shop says so.
    assert read("A").tax_code == "A"
    assert master_import.no_sale_called("Airtime voucher 100") == ""
