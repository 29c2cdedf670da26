"""Every paper names what it is about: whom, which goods and how many, where, which papers, who agreed.

What must stand on it is asked of the document itself, so that a new type of document is asked too.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from pos_app.devices.escpos_layout import to_escpos, to_text
from pos_app.devices.paper import WidthChars
from pos_app.devices.typeset import Line, typeset
from pos_app.language import paper_language, use_paper_language
from pos_app.ledger import canonical
from pos_app.ledger.document import TYPES, Document, Reversal, Trade, kind_of
from pos_app.ledger.mentions import FIELDS, mentions
from pos_app.ledger.quantity import quantity_text
from pos_app.reports.slips.letterhead import Letterhead, Names
from pos_app.reports.slips.receipt import receipt
from pos_app.reports.slips.tax_invoice import SIMPLIFIED, TAX_INVOICE
from pos_app.store.master.letterheads import Seller, TaxName
from pos_app.store.report_queries.named import GoodsName, Named
from tests.support.documents import specimens
from tests.support.documents.specimens import Item
from tests.support.english import english_in
from tests.unit.reports.test_paper_language import texts_of, typed, without

SELLER = Seller(1, "GAS", "Gesi", "Bohari Gesi Ltd", "Plot 4", "", "", "P051234567X", "", "522533", "")
HEAD = Letterhead(
    *("Bohari Depots", "Kilimani", "K", "Ngong Road", "", "Asante", "Africa/Nairobi", "Karibu"),
    currency="SGD",
    sellers={key: replace(SELLER, business_id=key) for key in (1, 2, 3)},
    taxes={"V16": TaxName("", "inclusive"), "Z": TaxName("", "zero"), "X16": TaxName("", "exclusive")},
)
#: A figure that a slip prints as something else: a void's line is its original's, in transit is nowhere.
UNSAID_PLACES = {"transit_location", "party_location_id"}


@pytest.fixture(params=["en", "sw"], autouse=True)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    use_paper_language(request.param)
    yield request.param
    use_paper_language("en")


def named(document: Document) -> Named:
    """A name of its own for everything that the document mentions."""
    keys = mentions(document)
    return Named(
        goods={key: GoodsName(f"Bidhaa-{key}", "pc") for key in keys.goods},
        places={key: f"Ghala-{key}" for key in keys.places},
        parties={key: f"Njeri-{key}" for key in keys.parties},
        people={key: f"Otieno-{key}" for key in keys.people},
        documents={key: f"K1-X{key}" for key in keys.documents},
    )


def names(document: Document) -> Names:
    known = named(document)
    party_id = getattr(document, "party_id", None)
    approver = "" if document.approver_id is None else known.people[document.approver_id]
    party = "" if party_id is None else known.parties[party_id]
    return Names("Wanjiru", party, approver=approver, named=known)


def signed(document: Document) -> Document:
    """The document with an approver, a note and every reference that it can have."""
    texts = {
        name: f"written as {name}"
        for name in ("note", "reference", "vendor_reference")
        if name in document.__struct_fields__
    }
    return msgspec.structs.replace(document, approver_id=77, **texts)


def written() -> set[str]:
    """What `signed` wrote on a document."""
    return {f"written as {name}" for name in ("note", "reference", "vendor_reference")}


def parts(value: object) -> Iterator[Any]:
    """Every struct in a document, itself first."""
    if isinstance(value, msgspec.Struct):
        yield value
        for name in value.__struct_fields__:
            yield from parts(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from parts(each)


def wanted(document: Document, known: Named) -> Iterator[tuple[str, ...]]:
    """What must be said: of each, one of several ways."""
    for part in parts(document):
        fields = set(part.__struct_fields__)
        if "product_id" in fields and part.product_id is not None:
            yield known.goods[part.product_id].name, getattr(part, "description", "") or "\0"
            for figure in ("quantity", "counted", "received"):
                if getattr(part, figure, None):
                    amount = getattr(part, figure)
                    yield quantity_text(amount), quantity_text(abs(amount))
        for field in fields & FIELDS.keys():
            key = getattr(part, field)
            if FIELDS[field] == "documents" and key is not None:
                written = [getattr(part, name) for name in fields if name.endswith("_number")]
                yield known.documents[key], *(text for text in written if text)
        for field in fields & {"reference", "vendor_reference", "note", "reason"}:
            text = getattr(part, field)
            if text and type(text) is str:
                yield (text,)
    for field in set(document.__struct_fields__) & FIELDS.keys():
        key, what = getattr(document, field), FIELDS[field]
        if key is None or (what == "places" and (field in UNSAID_PLACES or isinstance(document, Trade))):
            continue
        if what == "places" or field == "party_id":
            yield (getattr(known, what)[key],)


@pytest.mark.parametrize("width", [42, 32])
@pytest.mark.parametrize("document", specimens.one_of_each(), ids=kind_of)
def test_a_paper_names_what_it_is_about(document: Document, width: WidthChars) -> None:
    made = signed(document)
    who = names(made)
    paper = receipt(made, HEAD, who, width=width)
    said = texts_of(paper)
    looked_at = [made]
    if isinstance(made, Reversal):
        looked_at = [canonical.decode(bytes(made.original))]
        assert any(made.reason in text for text in said)
    assert who.approver in said
    for each in looked_at:
        for ways in wanted(each, who.named):
            assert any(way in text for way in ways for text in said), (ways, said)
    if paper_language() == "sw":
        # The words of the law stand in its own language.
        own = [text for text in said if text not in (TAX_INVOICE, SIMPLIFIED)]
        assert english_in(without(own, typed(made) | written()), "paper") == []
    rolled = "\n".join(piece.text for piece in typeset(paper) if isinstance(piece, Line))
    assert all(len(line) <= width for line in rolled.split("\n"))


def test_every_type_is_asked() -> None:
    assert {kind_of(one) for one in specimens.one_of_each()} == {one.kind for one in TYPES}


def test_a_full_receipt_is_small_in_letters_and_cuts_no_amount() -> None:
    """Under 4 KB where letters are sent: a slow line prints it while the next customer counts coins."""
    sale = specimens.sale(*(Item(999_999_999_00, 1_000, product_id=1) for _ in range(12)))
    lines = tuple(
        msgspec.structs.replace(line, description="Mtungi wa gesi wa kilo kumi na tatu pamoja na bomba")
        for line in sale.lines
    )
    sale = msgspec.structs.replace(sale, lines=lines)
    for width in (42, 32):
        paper = receipt(sale, HEAD, names(sale), width=width)
        assert len(to_escpos(paper, "text")) < 4096
        rolled = to_text(paper)
        assert rolled.count("999,999,999.00") >= 12
        assert "11,999,999,988.00" in rolled
