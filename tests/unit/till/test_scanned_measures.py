"""What a label says of the goods is used or the scan is refused; it is never sold as one."""

import pytest

from pos_app.devices.barcode import check_digit
from pos_app.ledger.quantity import ONE
from pos_app.till.session.errors import UnknownBarcode
from pos_app.till.till import Till
from tests.support.documents.specimens import ORG
from tests.support.refused import refused
from tests.support.worlds.till_fixture import PRODUCTS, Shop

#: A weight of 1.255 kg, 250.00 a kilogram; a hose by the metre, 333.33.
WEIGHED, LONG, PIECE = PRODUCTS["WASH"].barcode, PRODUCTS["HOSE"].barcode, PRODUCTS["SOAP"].barcode


def element_string(gtin: str, measure: str) -> str:
    return f"]C1010{gtin}{measure}"


@pytest.mark.parametrize(
    ("gtin", "measure", "quantity"),
    [
        (WEIGHED, "3103001255", 1_255),
        (WEIGHED, "3102000125", 1_250),
        # Finer than a thousandth: half up.
        (WEIGHED, "3104012555", 1_256),
        (LONG, "3111000125", 12_500),
        (PIECE, "3012", 12 * ONE),
        # 88.00 of 250.00 a kilogram; KES is number 404.
        (WEIGHED, "39228800", 352),
        (WEIGHED, "39324048800", 352),
        # A weight goes before a price.
        (WEIGHED, "31030012553922999", 1_255),
        (WEIGHED, "", ONE),
    ],
)
def test_it_is_the_quantity(shop: Shop, gtin: str, measure: str, quantity: int) -> None:
    scanned = shop.till.catalogue.scan(element_string(gtin, measure))
    assert scanned.quantity == quantity


@pytest.mark.parametrize(
    ("gtin", "measure", "code", "facts"),
    [
        (PIECE, "3103001255", "label-in-other-unit", {"measured": "a weight", "unit": "pc"}),
        (PIECE, "39228800", "label-in-other-unit", {"measured": "a price", "unit": "pc"}),
        (WEIGHED, "3111000125", "label-in-other-unit", {"measured": "a length", "unit": "kg"}),
        (WEIGHED, "3201000125", "label-in-other-unit", {"measured": "a measure", "unit": "kg"}),
        # 88.10 is no price of a whole number of grams, and 840 is the dollar.
        (WEIGHED, "39228810", "label-price-not-todays", {"product": "Wash and fold"}),
        (WEIGHED, "39328408800", "label-price-in-other-currency", {"currency": "KES"}),
        (WEIGHED, "3103000000", "label-implausible", {"product": "Wash and fold"}),
    ],
)
def test_it_is_refused(shop: Shop, gtin: str, measure: str, code: str, facts: dict[str, object]) -> None:
    with refused(code, **facts):
        shop.till.catalogue.scan(element_string(gtin, measure))


@pytest.mark.parametrize(
    ("item", "known"),
    [("12345", "2112345000000"), ("12345", "12345"), ("00777", "777")],
    ids=["the label with zeros for the weight", "the number in the scale", "the same without zeros"],
)
def test_a_label_of_the_shops_scale(shop: Shop, item: str, known: str) -> None:
    till = Till(shop.database, shop.clock, scale_labels="21IIIIIWWWWWC/3")
    label = with_check_digit(f"21{item}01255")
    with pytest.raises(UnknownBarcode):
        till.catalogue.scan(label)
    if len(known) == 13:
        known = with_check_digit(known[:-1])
        statement = "INSERT INTO product_barcode (org_id, barcode, product_id) VALUES (?, ?, 6)"
        values: tuple[object, ...] = (ORG, known)
    else:
        statement, values = "UPDATE product SET sku = ? WHERE org_id = ? AND product_id = 6", (known, ORG)
    with shop.database.write() as connection:
        connection.exec_driver_sql(statement, values)
    scanned = till.catalogue.scan(label)
    assert (scanned.product.product_id, scanned.quantity) == (6, 1_255)


def test_without_the_setting_a_number_of_a_scale_is_a_number(shop: Shop) -> None:
    with pytest.raises(UnknownBarcode):
        shop.till.catalogue.scan(with_check_digit("211234501255"))


@pytest.mark.parametrize(
    ("kept", "scanned"),
    [
        # Padded with zeros by the shop; a UPC-A by its UPC-E; with what the scanner sends before.
        ("0000000004530", "0000000004530"),
        ("0042100005264", "04252614"),
        ("0042100005264", "]E004252614"),
        ("CYL-13", "]C0CYL-13"),
    ],
)
def test_a_code_is_found_as_it_is_kept(shop: Shop, kept: str, scanned: str) -> None:
    with shop.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO product_barcode (org_id, barcode, product_id) VALUES (?, ?, 7)", (ORG, kept)
        )
    assert shop.till.catalogue.scan(scanned).product.product_id == 7


def with_check_digit(digits: str) -> str:
    return f"{digits}{check_digit(digits)}"
