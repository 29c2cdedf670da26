"""Numbers in files are read a file at a time: the same cell is another number in another file."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.files.csv_file import CsvFile, open_csv
from pos_app.files.number_notation import Mark, Written, notation_of, plain_number
from pos_app.ledger.errors import Refused
from pos_app.ledger.money import parse_decimal
from tests.support.refused import refused


def opened(folder: Path, content: str) -> CsvFile:
    path = folder / "lines.csv"
    path.write_text(content, encoding="utf-8")
    return open_csv(path, ("sku", "quantity", "price"))


def read(folder: Path, content: str) -> list[tuple[str, str]]:
    rows = list(opened(folder, content).rows())
    assert [row.reason for row in rows] == [""] * len(rows)
    return [(row.values["quantity"], row.values["price"]) for row in rows]


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        # Half a metre at 300, as a program set to German writes it: not five hundred metres.
        ("sku;quantity;price\nCLOTH;0,500;300\n", [("0.500", "300")]),
        # The neighbour decides: 1.250 is twelve hundred and fifty beside 2320,00.
        ("sku;quantity;price\nA;1;1.250\nB;1;2320,00\n", [("1", "1250"), ("1", "2320.00")]),
        ("sku;quantity;price\nA;2;1.250,50\nB;1;1.250\n", [("2", "1250.50"), ("1", "1250")]),
        ('sku,quantity,price\nA,1,"1,250"\nB,1,2320.00\n', [("1", "1250"), ("1", "2320.00")]),
        ('sku,quantity,price\nA,1.5,"1,250"\n', [("1.5", "1250")]),
        ("sku\tquantity\tprice\nA\t1,5\t1.250\n", [("1.5", "1250")]),
        # Commas between the cells, none within: a point is a decimal point.
        ("sku,quantity,price\nA,1.250,300\n", [("1.250", "300")]),
        # Other ways to group, and a sum that says it twice.
        ("sku;quantity;price\nA;1;1 250,00\nB;1;1'250,00\nC;1;1.250.000,00\n",
         [("1", "1250.00"), ("1", "1250.00"), ("1", "1250000.00")]),
        ("sku;quantity;price\nA;1;1.250.000\nB;1;1.250\n", [("1", "1250000"), ("1", "1250")]),
        ("sku;quantity;price\nA;-0,25;−1.250,5\n", [("-0.25", "−1250.5")]),
        ("sep=;\nsku;quantity;price\nA;0,5;1\n", [("0.5", "1")]),
        ('"sep=,"\nsku,quantity,price\nA,0.5,1\n', [("0.5", "1")]),
        ("sep=|\nsku|quantity|price\nA|0.5|1\n", [("0.5", "1")]),
    ],
)  # fmt: skip
def test_a_number_is_read_as_its_file_writes_numbers(
    tmp_path: Path, content: str, wanted: list[tuple[str, str]]
) -> None:
    assert read(tmp_path, content) == wanted


@pytest.mark.parametrize(
    ("content", "readings"),
    [
        ('sku,quantity,price\nA,1,"1,250"\n', "may be 1250 or 1.250"),
        ("sku;quantity;price\nA;1.250;2\n", "may be 1250 or 1.250"),
        ("sku\tquantity\tprice\nA\t10\t12,500\n", "may be 12500 or 12.500"),
        ('sku,quantity,price\nA,1.250,"1,250"\n', "may be 1250 or 1.250"),
    ],
)
def test_what_stays_ambiguous_is_refused_with_both_readings(
    tmp_path: Path, content: str, readings: str
) -> None:
    (row,) = opened(tmp_path, content).rows()
    assert readings in row.reason
    assert row.values["sku"] == "A"


def test_two_ways_of_writing_in_one_file_are_refused_with_both_rows(tmp_path: Path) -> None:
    with refused("numbers-written-two-ways", comma_row=2, point_row=3):
        opened(tmp_path, "sku;quantity;price\nA;1;2,50\nB;1;3.00\n")


@pytest.mark.parametrize(
    "text", ["", "abc", "1e5", "6,16E+12", "..", ",", "1..2", "1,,2", "--1", "٣,٥", "1,2.3,4"]
)
@pytest.mark.parametrize("mark", Mark)
def test_what_is_no_number_is_none_afterwards(text: str, mark: Mark) -> None:
    with pytest.raises(Refused):
        parse_decimal(plain_number(text, mark), "The price")


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ("0,5;1\u2009250,50", ("0.5", "1250.50")),
        ("0,5;1\u202f250,50", ("0.5", "1250.50")),
        ("1 000;2,5", ("1000", "2.5")),
        ("2;1\u2019250.50", ("2", "1250.50")),
        ("2;(12.50)", ("2", "-12.50")),
        ("2;(1.250,50)", ("2", "-1250.50")),
        ("2;12.50-", ("2", "-12.50")),
        ("2;(1 250,50)", ("2", "-1250.50")),
        # The sign at the edge of the cell, as Excel's accounting format writes it.
        ("2;- 12.50", ("2", "-12.50")),
        ("2;-\u00a0 1,250.50", ("2", "-1250.50")),
        ("2;\u2212 1 250,50", ("2", "-1250.50")),
        ("2;+ 12.50", ("2", "+12.50")),
    ],
)
def test_groups_and_what_is_below_nothing(tmp_path: Path, cells: str, wanted: tuple[str, str]) -> None:
    assert read(tmp_path, f"\ufeffsku;quantity;price\nA;{cells}\n") == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "12 50",
        "1 25",
        "1'25",
        "0 50,5",
        "1 2345",
        "((5))",
        "(-5)",
        "(5)-",
        "1  250",
        "- - 5",
        "(- 5)",
        "- 12 50",
    ],
)
def test_what_a_space_does_not_group_is_no_number(text: str) -> None:
    """ "12 50" was read as 1,250."""
    with pytest.raises(Refused):
        parse_decimal(plain_number(text, Mark.COMMA), "The price")


MARKS = st.sampled_from(list(Mark))
AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2) | st.decimals(
    min_value=0, max_value=10**6, places=3
)


def written(number: Decimal, mark: Mark, *, grouped: bool) -> str:
    """The number as a program with this setting writes it, by another way than ours."""
    text = f"{number:,}" if grouped else f"{number}"
    return text.translate({ord(","): mark.grouping, ord("."): mark})


@given(st.lists(st.tuples(AMOUNTS, st.booleans()), min_size=1, max_size=12), MARKS)
def test_any_file_with_one_telling_number_gives_every_number_back(
    numbers: list[tuple[Decimal, bool]], mark: Mark
) -> None:
    texts = [written(Decimal("2320.50"), mark, grouped=False)]
    texts += [written(number, mark, grouped=grouped) for number, grouped in numbers]
    found = notation_of((Written(text, place) for place, text in enumerate(texts)), separator=";")
    assert found is mark
    assert [Decimal(plain_number(text, found)) for text in texts[1:]] == [number for number, _ in numbers]


@given(st.lists(st.tuples(AMOUNTS, st.booleans()), min_size=1, max_size=12), MARKS)
def test_no_file_is_ever_read_a_thousandfold_wrong(numbers: list[tuple[Decimal, bool]], mark: Mark) -> None:
    """Whatever a file holds, each number comes out as it was meant or is refused."""
    texts = [written(number, mark, grouped=grouped) for number, grouped in numbers]
    found = notation_of((Written(text, place) for place, text in enumerate(texts)), separator=";")
    for text, (number, _) in zip(texts, numbers, strict=True):
        try:
            plain = plain_number(text, found)
        except Refused:
            continue
        assert Decimal(plain) == number
