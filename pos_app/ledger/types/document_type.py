"""What is known of each type of document, in one value, and the register of all of them.

    TYPES.of(document).post(document)

A type is declared once, beside the others of its family (`goods`, `stock`, ...); whatever is
asked by the type of a document (its series, rules, posting, permissions, lines, totals, whether it can be
voided tomorrow) is asked of its declaration.  `document` gathers them.

Decisions
---------
2026-11-29  A type of document was some 17 entries in lists of 9 files, and nothing missed one.  Now a
declaration without rules, posting, permissions or series does not type-check, and the rest has a default
that is said here.  What belongs to another room (the words on paper, the rules that only the books can
judge) stays there, keyed by type.
"""

import contextlib
import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final, Generic, NamedTuple, TypeVar

import msgspec

from pos_app.ledger.errors import Damaged
from pos_app.ledger.head import Head
from pos_app.ledger.permission import Need
from pos_app.ledger.posting.posting import Posting

D = TypeVar("D", bound=Head)

#: Subtotal, tax, total and rounding in minor units, positive in the document's own direction.
StoredTotals = tuple[int, int, int, int]


class DocumentLine(NamedTuple):
    """One line as sales and purchases count it, in the document's own direction.

    `quantity` in thousandths, money in minor units; `origin_line` is the line of the document that this one
    goes on from.
    """

    business_id: int
    product_id: int | None
    description: str
    quantity: int
    unit_price: int = 0
    discount: int = 0
    tax_code: str = ""
    tax_rate_bp: int = 0
    net: int = 0
    tax: int = 0
    origin_line: int | None = None
    price_fine: int = 0


def no_lines(document: Head) -> Iterable[DocumentLine]:
    """Of a type without lines that are counted."""
    return ()


def no_totals(document: Head) -> StoredTotals:
    """Of a type without totals."""
    return 0, 0, 0, 0


def no_words(document: Head) -> str:
    """Of a type that its number tells well enough."""
    return ""


def never(document: Head) -> bool:
    """Of a type that hands no money out."""
    return False


def always(document: Head) -> bool:
    """Of a type that hands money out."""
    return True


@dataclass(frozen=True, kw_only=True)
class DocumentType(Generic[D]):
    """One type of document; `kind` and whether it has tenders and change follow from its shape.

    `series` are the letters of its printed number: the alphabet is used up, new ones take two.  `check`
    raises `Refused` for a document that contradicts itself, `post` gives what it does to the books, `needs`
    what its maker must be allowed.  `totals` and `lines` are what reports count; `takes_back` says that they
    count against what another document gave, `pays_out` that its tenders leave us.  `continues` names the
    field with the key of the document that it goes on from.  `describe` says in a line what it was about.

    `at_the_till`: it is made at the till, and its void is the till's void; the void of any other needs what
    making it needs.  `voidable_without_shift`: a count of cash says nothing about it, so that it may be
    voided after its shift too, as long as no cash moved with it.  `has_receipt`: somebody is handed paper,
    and the till lists it among its receipts.  `sells`: the stock that it moves is valued as goods sold.
    """

    struct: type[D]
    series: str
    check: Callable[[D], None]
    post: Callable[[D], Posting]
    needs: Callable[[D], tuple[Need, ...]]
    totals: Callable[[D], StoredTotals] = no_totals
    lines: Callable[[D], Iterable[DocumentLine]] = no_lines
    takes_back: bool = False
    pays_out: Callable[[D], bool] = never
    continues: str = ""
    describe: Callable[[D], str] = no_words
    at_the_till: bool = False
    voidable_without_shift: bool = False
    has_receipt: bool = False
    sells: bool = False
    kind: str = field(init=False)
    has_tenders: bool = field(init=False)
    has_change: bool = field(init=False)

    def __post_init__(self) -> None:
        fields = self.struct.__struct_fields__
        # As a frozen dataclass sets its fields itself.
        object.__setattr__(self, "kind", str(self.struct.__struct_config__.tag))
        object.__setattr__(self, "has_tenders", "tenders" in fields)
        object.__setattr__(self, "has_change", "change" in fields)


class DocumentTypes:
    """All types of document, by struct and by kind."""

    def __init__(self) -> None:
        #: The series of each type.
        self.series: Final[dict[type[Head], str]] = {}
        self._by_struct: Final[dict[type[Head], DocumentType[Any]]] = {}
        self._decoder: msgspec.json.Decoder[Any] | None = None

    def add(self, *types: DocumentType[Any]) -> None:
        """Take types in.  Raises `ValueError` for a struct, a kind or a series that is taken."""
        for one in types:
            taken = {name for each in self for name in (each.struct, each.kind, each.series)}
            if taken & {one.struct, one.kind, one.series}:
                raise ValueError(f"{one.struct.__name__} ({one.kind}, {one.series}) is there already")
            self._by_struct[one.struct], self.series[one.struct] = one, one.series
        self._decoder = None

    @contextlib.contextmanager
    def holding(self, type_: DocumentType[Any]) -> Iterator[None]:
        """Know one type more for as long as the block lasts."""
        self.add(type_)
        try:
            yield
        finally:
            del self._by_struct[type_.struct], self.series[type_.struct]
            self._decoder = None

    def __iter__(self) -> Iterator[DocumentType[Any]]:
        return iter(self._by_struct.values())

    def of(self, document: Head) -> DocumentType[Any]:
        """The type of a document.  Raises `TypeError` for what is none."""
        found = self._by_struct.get(type(document))
        if found is None:
            raise TypeError(f"{type(document).__name__} is no type of document")
        return found

    def decode(self, body: bytes) -> Any:
        """The document in canonical bytes.  Raises `Damaged` with the reason when they hold none."""
        decoder = self._decoder
        if decoder is None:
            every = reduce(operator.or_, self._by_struct)
            decoder = self._decoder = msgspec.json.Decoder(every)
        try:
            return decoder.decode(body)
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
            raise Damaged("bytes-are-no-document", why=error) from error


#: `document` fills it.
TYPES: Final = DocumentTypes()
