"""Lines with their tax and what they come to; whatever is filled in this way keeps the rules."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pos_app.ledger.rules import rules
from pos_app.ledger.totals import Totals, totals_of, with_tax
from tests.support.documents import specimens
from tests.support.documents.book_specimens import bill, bill_line, invoice
from tests.support.documents.specimens import Item, goods


def test_by_hand() -> None:
    bare = [
        replace(line, net=0, tax=0)
        for line in goods([Item(11_600, 2000), Item(3, code="X16"), Item(7, code="Z")])
    ]
    made = with_tax(bare)
    assert [(line.net, line.tax) for line in made] == [(20_000, 3_200), (3, 0), (7, 0)]
    assert totals_of(made) == Totals(20_010, 3_200, 23_210)
    assert totals_of([]) == (0, 0, 0)


def test_a_bills_line_is_priced_with_its_tax_or_before_it() -> None:
    inclusive = replace(bill_line(0, "V16"), net=11_600)
    exclusive = replace(bill_line(0, "X16"), net=10_000)
    assert [(line.net, line.tax) for line in with_tax([inclusive, exclusive])] == [(10_000, 1_600)] * 2
    # Done twice it is the same.
    made = with_tax([inclusive, exclusive])
    assert with_tax(made) == made


@given(st.lists(specimens.items(), min_size=1, max_size=6))
def test_what_is_filled_in_keeps_the_rules(items: list[Item]) -> None:
    lines = with_tax([replace(line, net=1, tax=1) for line in goods(items)])
    assert lines == goods(items)
    totals = totals_of(lines)
    if totals.total > 0:
        rules.check(replace(invoice(*items), **totals._asdict()))


@given(
    st.lists(
        st.tuples(st.integers(1, 10**8), st.sampled_from(sorted(specimens.TAX_CODES))), min_size=1, max_size=6
    )
)
def test_a_bill_that_is_filled_in_keeps_the_rules(prices: list[tuple[int, str]]) -> None:
    lines = with_tax([replace(bill_line(0, code), net=price) for price, code in prices])
    rules.check(replace(bill(bill_line(1)), lines=lines, **totals_of(lines)._asdict()))
