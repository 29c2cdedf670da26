"""Every paper in Swahili: no text of the catalogue stands on it in English."""

from collections.abc import Iterator

import pytest

from pos_app.devices.paper import Columns, Paper, Row, Text
from pos_app.language import use_paper_language
from pos_app.ledger import canonical
from pos_app.ledger.document import Document, Reversal, ServiceOrder, kind_of
from pos_app.reports.slips.drawer_cash import CashFlow
from pos_app.reports.slips.letterhead import Letterhead, Names
from pos_app.reports.slips.receipt import receipt
from pos_app.reports.slips.service_slip import garment_tags
from tests.support.documents import specimens
from tests.support.english import english_in

HEAD = Letterhead("Bohari Depots", "Kilimani", "K", "Ngong Road", "", "Asante", "Africa/Nairobi")
FLOWS = tuple(
    CashFlow(reason, 100, 2)
    for reason in (
        *("float", "sale", "payment", "refund", "pay_in", "pay_out", "expense", "transfer_in"),
        *("transfer_out", "safe_drop", "reversal", "other", "employee_advance", "customer_deposit"),
    )
)


@pytest.fixture(autouse=True)
def swahili() -> Iterator[None]:
    use_paper_language("sw")
    yield
    use_paper_language("en")


def texts_of(paper: Paper) -> list[str]:
    found: list[str] = []
    for block in paper.blocks:
        match block:
            case Text():
                found.append(block.text)
            case Columns():
                found += [block.left, block.right]
            case Row():
                found += block.cells
            case _:
                pass
    return found


def typed(document: Document) -> set[str]:
    """What people wrote in a document: it stands on paper as it was written."""
    if isinstance(document, Reversal):
        return typed(canonical.decode(bytes(document.original))) | {document.reason}
    texts = {getattr(document, name, "") for name in ("note", "description", "reason", "reference")}
    for line in getattr(document, "lines", ()):
        texts |= {getattr(line, "description", ""), getattr(line, "note", "")}
    return {text for text in texts if text and type(text) is str}


def without(texts: list[str], written: set[str]) -> list[str]:
    for one in sorted(written, key=len, reverse=True):
        texts = [text.replace(one, "…") for text in texts]
    return texts


@pytest.mark.parametrize("document", specimens.one_of_each(), ids=kind_of)
@pytest.mark.parametrize("copy_no", [0, 2])
def test_a_paper_says_no_english(document: Document, copy_no: int) -> None:
    names = Names("Wanjiru", "Njeri", owes=-1200, approver="Otieno", flows=FLOWS)
    texts = texts_of(receipt(document, HEAD, names, copy_no=copy_no))
    assert "Umehudumiwa na" in texts
    assert english_in(without(texts, typed(document)), "paper") == []


def test_tags_say_no_english() -> None:
    order = next(one for one in specimens.one_of_each() if isinstance(one, ServiceOrder))
    texts = texts_of(garment_tags(order, "K3-SO000001", "Njeri"))
    assert "Siku ya ahadi" in texts
    assert english_in(without(texts, typed(order)), "paper") == []


def test_english_is_found_where_it_stands() -> None:
    assert english_in(["  Served by", "Reason: typed in haste"], "paper") == [
        "'Reason: typed in haste' says 'Reason'",
        "'Reason: typed in haste' says 'Reason: {reason}'",
        "'  Served by' says 'Served by'",
    ]


def test_the_window_does_not_change_the_paper() -> None:
    use_paper_language("en")
    sale = next(one for one in specimens.one_of_each() if kind_of(one) == "sale")
    assert "Served by" in texts_of(receipt(sale, HEAD, Names("Wanjiru")))
