"""The organisation of the demo month before its first day: who trades with it, on what terms, what it owns.

It is the demonstration organisation (see `cli.demo_people`) with vendors, employees, members, a
customer abroad, three more products (a meter, an export, tax on top), rates of exchange, a tax rate that
changes on a day, places, reorder levels, agreed prices, and the balances with which its books open.
"""

from hashlib import sha256
from typing import Final

from pos_app.bootstrap import Central
from pos_app.cli import demo_people, templates
from pos_app.ledger.line import PartyRole
from pos_app.ledger.quantity import ONE
from pos_app.office import journal_entries, stock
from pos_app.office.journal_entries import OpeningRow, OpeningStock, Row
from pos_app.office.masters import accounts, exchange_rates, parties, prices, reorder_levels, tax_codes
from pos_app.office.masters.parties import RoleTerms
from pos_app.office.office import Office
from pos_app.store.master import codes
from pos_app.store.master.pin_hash import given_pin
from pos_app.store.organisation import founding, master_import
from pos_app.store.organisation.product_row import ProductRow

NAME: Final = "Bohari Depots"
YEAR, MONTH, DAYS = 2026, 10, 31
FIRST_DAY: Final = 20261001
LAST_DAY: Final = 20261031

_CUSTOMER, _VENDOR = PartyRole.CUSTOMER, PartyRole.VENDOR
_EMPLOYEE, _MEMBER = PartyRole.EMPLOYEE, PartyRole.MEMBER
#: Code, name, roles with days of payment and limits in cents.
_PARTIES: Final = (
    ("V-GAS", "Rift Valley Gas Ltd", [RoleTerms(_VENDOR, 14)]),
    ("V-WATER", "Aqua Bottlers Ltd", [RoleTerms(_VENDOR, 7)]),
    ("V-CLEAN", "Safisha Supplies", [RoleTerms(_VENDOR, 30)]),
    ("V-IMPORT", "Ningbo Valve Works Co.", [RoleTerms(_VENDOR, 30)]),
    ("V-FREIGHT", "Mombasa Road Freight", [RoleTerms(_VENDOR, 14)]),
    ("V-RENT", "Kilimani Properties", [RoleTerms(_VENDOR, 5)]),
    ("V-POWER", "Nairobi Power & Light", [RoleTerms(_VENDOR, 10)]),
    ("E-AMINA", "Amina W.", [RoleTerms(_EMPLOYEE, 0, 15_000_00)]),
    ("E-JOSEPH", "Joseph M.", [RoleTerms(_EMPLOYEE, 0, 15_000_00)]),
    ("E-PETER", "Peter K.", [RoleTerms(_EMPLOYEE, 0, 15_000_00)]),
    ("M-01", "Wairimu Muthoni", [RoleTerms(_MEMBER)]),
    ("M-02", "Odhiambo Otieno", [RoleTerms(_MEMBER), RoleTerms(_CUSTOMER, 14, 20_000_00)]),
    ("M-03", "Chebet Koech", [RoleTerms(_MEMBER)]),
    ("C-0201", "Muthaiga Expatriate Club", [RoleTerms(_CUSTOMER, 14, 5_000_000_00)]),
)
#: Customers of the demonstration with terms of their own: days, limit in cents.
_TERMS: Final = {
    "C-0142": (30, 60_000_00),
    "C-0103": (14, 80_000_00),
    "C-0108": (30, 250_000_00),
    "C-0110": (14, 60_000_00),
    "C-0113": (30, 90_000_00),
    "C-0119": (7, 60_000_00),
    "C-0120": (14, 90_000_00),
}
#: Shillings for a dollar in millionths, from a day on.
RATES: Final = (
    (20260901, 129_000_000),
    (20261001, 129_500_000),
    (20261008, 130_120_000),
    (20261015, 128_750_000),
    (20261022, 129_955_000),
    (20261029, 131_200_000),
)
#: What is ordered again at each depot: the price of one in cents before tax, and how much there should be.
GOODS: Final = {
    "LPG-R06": (1_010_00, 60),
    "LPG-R13": (2_290_00, 80),
    "LPG-R50": (8_450_00, 8),
    "LPG-O06": (2_300_00, 10),
    "REG-C": (520_00, 30),
    "HOSE-15": (235_00, 40),
    "BURN-1": (690_00, 12),
    "GRILL": (410_00, 10),
    "LIGHT": (28_00, 150),
    "WAT-10N": (215_00, 40),
    "WAT-1N": (27_00, 60),
    "WAC-076": (9_00, 40),
    "WAT-189N": (760_00, 20),
    "LSP-137": (168_00, 30),
    "LSP-145": (82_00, 20),
    "ACC-209": (105_00, 40),
}


def _secret_of(person: str) -> bytes:
    """With which a person's approvals are proved: the same each time, so that the same documents come out."""
    return sha256(f"the demo month's {person}".encode()).digest()


def found(centre: Central) -> int:
    """Make it at an empty centre; gives its key.  The opening balances are missing (see `open_books`)."""
    plan = templates.founding_of(demo_people.TEMPLATE)
    org_id, _ = demo_people.found_demo(centre, NAME, plan, stocked=False, secret_of=_secret_of)
    owner = Office(centre.database, centre.clock, org_id, "OWNER")
    # Vendors are paid by bank before the takings of the week are brought there.
    accounts.let_overdraw(owner, "1170", True)
    tax_codes.add_tax(owner, "F", "Fuel by meter", 800)
    tax_codes.add_tax(owner, "X", "VAT 16 % on top", 1600, treatment="exclusive")
    with centre.database.write() as connection:
        depot = codes.depot(connection, org_id, "WEST")
        depot_id = depot.depot_id if depot is not None else None
        founding.add_person(
            connection,
            org_id,
            "LN",
            "Lydia N.",
            role="cashier",
            pin_hash=given_pin("5555", _secret_of("LN")),
            depot_id=depot_id,
        )
        known = master_import.businesses(connection, org_id)
        retail, laundry = known["RETAIL"], known["LAUNDRY"]
        master_import.put_products(
            connection,
            org_id,
            [
                ProductRow(1, "GAS-KG", (), "Piped gas per kg", 268_00, "F", "Gas", "kg", retail, 0, 0),
                ProductRow(2, "EXP-O13", (), "13 kg set, export", 5_900_00, "B", "Gas", "pc", retail, 0, 0),
                ProductRow(3, "LAU-CORP", (), "Linen, contract", 95_00, "X", "Laundry", "kg", laundry, 0, 0),
            ],
        )
    for code, name, roles in _PARTIES:
        parties.add_party(owner, code, name, roles)
    for code, (days, limit) in _TERMS.items():
        parties.edit_party(owner, code, roles=[RoleTerms(_CUSTOMER, days, limit)])
    # One of the customers sells to us too.
    parties.edit_party(owner, "C-0120", roles=[RoleTerms(_VENDOR, 7)])
    for day, rate_micro in RATES:
        exchange_rates.set_rate(owner, "USD", rate_micro, day)
    tax_codes.set_tax(owner, "F", 1600, FIRST_DAY + 15)
    stock.add_location(owner, "TRANSIT", "In transit", "transit")
    stock.add_location(owner, "TRUCK", "Delivery truck KDA 123X", "vehicle", depot="MAIN")
    stock.add_location(owner, "SCRAP", "Scrap heap", "scrap", depot="MAIN")
    _terms_of_trade(owner)
    return org_id


def _terms_of_trade(owner: Office) -> None:
    """Reorder levels at both depots, and what two customers pay by agreement."""
    for depot in ("MAIN", "WEST"):
        for sku, (_, target) in GOODS.items():
            reorder_levels.set_reorder_level(owner, sku, depot, target * ONE // 3, target * ONE)
    for code, sku, price in (("C-0142", "LPG-R13", 3_050_00), ("C-0108", "LPG-R50", 11_200_00)):
        prices.agree(owner, code, sku, price)


def open_books(office: Office, products: dict[str, tuple[int, int]]) -> int:
    """Record the opening balances and the opening stock; gives how many documents they are.

    `products` has what lies at MAIN and at WEST by code, in whole units.
    """
    rows = [
        Row("1150", 180_000_00, "RETAIL"),
        Row("1170", 640_000_00, "RETAIL"),
        Row("1170", 85_000_00, "WATER"),
        Row("1170", 70_000_00, "LAUNDRY"),
        Row("2200", -64_300_00, "RETAIL"),
        Row("3100", -400_000_00, "RETAIL"),
        Row("1310", 4_000_00, "RETAIL", "E-PETER"),
        Row("2310", -25_000_00, "RETAIL", "M-01"),
        Row("1300", 18_600_00, "RETAIL", "C-0113", 20260828, "Invoice 2026-114 of the old books"),
        Row("1300", 42_150_00, "RETAIL", "C-0108", 20260930, "Invoice 2026-131 of the old books"),
        Row("1300", 6_480_00, "RETAIL", "C-0112", 20260715, "Invoice 2026-088 of the old books"),
        Row("2110", -96_000_00, "RETAIL", "V-GAS", 20261005, "Bill RVG-8812"),
    ]
    lying = [
        OpeningStock(sku, place, quantity * ONE, cost)
        for sku, (main, west) in products.items()
        for place, quantity in (("MAIN", main), ("WEST", west))
        if quantity and (cost := cost_of(sku)) is not None
    ]
    opening = [OpeningRow(one) for one in rows]
    opening.append(OpeningRow(Row("1150", 300_00, "RETAIL"), "USD", 128_900_000))
    return len(journal_entries.opening(office, opening, lying, source=b"demo month"))


def cost_of(sku: str) -> int | None:
    """What one cost before the month, in cents; None for goods that the month does not open with."""
    return GOODS[sku][0] if sku in GOODS else None
