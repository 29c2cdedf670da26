"""Whatever is invoiced, in whatever parts it is credited: money and tax of the parts are the invoice's.

Judged by a person with pencil and paper (`tests.support.oracle.counter_sums`).
"""

from typing import Final

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.ledger.document import CreditNote, Document, Invoice
from pos_app.office import invoicing
from pos_app.office.books import Books, PostingDetails
from pos_app.office.invoicing import Credited, Goods
from pos_app.store.organisation import founding
from tests.support.oracle.counter_sums import Bought, bill, in_coins
from tests.support.worlds.office_fixture import ONE, Desk

#: Tax codes, their rates in basis points, and whether prices hold them.
TAXES: Final = {"A": (1600, True), "E": (0, True), "X16": (1600, False), "X20": (2000, False)}


def _with_taxes(desk: Desk) -> Desk:
    with desk.database.write() as connection:
        for code, (rate_bp, inclusive) in TAXES.items():
            if not inclusive:
                founding.add_tax_code(connection, desk.org_id, code, code, rate_bp, treatment="exclusive")
    return desk


@st.composite
def _goods(draw: st.DrawFn) -> list[Goods]:
    made = []
    for _ in range(draw(st.integers(1, 3))):
        price, quantity = draw(st.integers(100, 400_00)), draw(st.integers(500, 9 * ONE))
        whole = in_coins(price * quantity, 1_000) // 1_000
        discount = draw(st.sampled_from([0, 1, whole // 3]))
        code = draw(st.sampled_from(sorted(TAXES)))
        made.append(Goods("SERVICE", quantity, price, discount, tax_code=code))
    return made


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(goods=_goods(), data=st.data())
def test_the_credits_of_an_invoice_are_the_invoice(
    desk: Desk, goods: list[Goods], data: st.DataObject
) -> None:
    office = desk.as_("MGR")
    if "X16" not in _known(desk):
        _with_taxes(desk)
    made = invoicing.invoice(office, "C2", goods)
    invoice = made.document
    assert isinstance(invoice, Invoice)
    expected = bill(
        Bought(int(one.unit_price or 0), one.quantity, one.discount, *TAXES[one.tax_code]) for one in goods
    )
    assert (invoice.total, invoice.tax_total) == expected

    left = {place: one.quantity for place, one in enumerate(goods)}
    money = taxes = 0
    while left:
        part = {place: data.draw(st.sampled_from([most, most // 2])) for place, most in left.items()}
        place = data.draw(st.sampled_from(sorted(part)))
        chosen = {place: part[place], **{one: part[one] for one in part if data.draw(st.booleans())}}
        note = invoicing.credit(
            office, made.document_id, "back", [Credited(*one) for one in chosen.items() if one[1]]
        ).document
        assert isinstance(note, CreditNote)
        money, taxes = money + note.total, taxes + note.tax_total
        left = {one: most - chosen.get(one, 0) for one, most in left.items() if most > chosen.get(one, 0)}
    assert (money, taxes) == expected
    assert desk.open(made) == 0


def _known(desk: Desk) -> set[str]:
    with desk.database.read() as connection:
        return {str(row[0]) for row in connection.exec_driver_sql("SELECT code FROM tax_code")}


def test_a_part_of_metered_goods_is_credited(desk: Desk) -> None:
    """The readings tell of the whole: the money comes back in part, the meter stays where it stood."""
    office = desk.as_("MGR")
    plain = invoicing.invoice(office, "C2", [Goods("SERVICE", 12_500, 150_00)]).document
    assert isinstance(plain, Invoice)
    line = msgspec.structs.replace(plain.lines[0], meter_before=100_000, meter_after=112_500)

    def build(books: Books) -> Document:
        head = books.head_fields(occasion, depot_id=plain.depot_id, business_id=plain.business_id)
        return msgspec.structs.replace(plain, **head, lines=(line,))

    occasion = PostingDetails()
    metered = office.record(occasion, build)
    notes = [
        invoicing.credit(office, metered.document_id, "not used", [Credited(0, part)]).document
        for part in (2_500, 10_000)
    ]
    assert [note.total for note in notes if isinstance(note, CreditNote)] == [375_00, 1_500_00]
    assert desk.open(metered) == 0
