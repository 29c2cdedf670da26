"""Receipts that look like a depot's, shared by the tests of this folder."""

from pos_app.devices.paper import (
    Barcode,
    Block,
    Columns,
    Cut,
    Kick,
    Paper,
    Row,
    Rule,
    Space,
    Text,
    WidthChars,
)

RECEIPT_NUMBER = "T03-000214"
PRODUCT_EAN = "6161100000001"
VERIFY_URL = "https://kilimani.example/r/T03-000214?h=9f2c41"


def sample_receipt(width_chars: WidthChars) -> Paper:
    """Three products (one with a long name), VAT, two tenders, change, a barcode, a QR code, kick and cut."""
    items: list[tuple[str, str, str, str]] = [
        ("LPG refill 13 kg", "2", "2,850.00", "5,700.00"),
        ("Burner and grill set, stainless steel, with regulator hose 2 m", "1", "1,250.00", "1,250.00"),
        ("Water 20 l", "3", "118.33", "355.00"),
    ]
    blocks: list[Block] = [
        Kick(),
        Text("Kilimani Depot", align="centre", bold=True, size=2),
        Text("LPG & retail", align="centre"),
        Text("Argwings Kodhek Road, Nairobi", align="centre"),
        Text("Tel 0712 345 678 · PIN P051234567X", align="centre"),
        Space(),
        Columns("Receipt", RECEIPT_NUMBER, bold=True),
        Columns("21 Nov 2026 14:05", "Amina W."),
        Columns("Customer", "Mama Kanini Hotel"),
        Rule(),
    ]
    for name, quantity, price, total in items:
        blocks += [Text(name), Row((f"  {quantity} x {price}", total), (0, 12), ("left", "right"))]
    blocks += [
        Rule(),
        Columns("Before tax", "6,297.41"),
        Columns("VAT 16 %", "1,007.59"),
        Space(),
        Columns("Total", "7,305.00", bold=True, size=2),
        Text("KES", align="right"),
        Rule(),
        Columns("M-Pesa SKJ4X8QP2M", "4,000.00"),
        Columns("Cash", "3,500.00"),
        Columns("Change", "195.00", bold=True),
        Rule(),
        Space(),
        Text("Thank you! Empty cylinders are welcome back.", align="centre"),
        Barcode(RECEIPT_NUMBER, "code128"),
        Barcode(VERIFY_URL, "qr"),
        Cut(),
    ]
    return Paper(width_chars, tuple(blocks))
