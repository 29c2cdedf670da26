"""The packs of one product in the back office: by the case, at a price and with barcodes of its own."""

from typing import Final

from pos_app.files.identifiers import BETWEEN_BARCODES
from pos_app.language import web_text, web_words
from pos_app.office.masters import packs, units
from pos_app.office.masters.packs import Said
from pos_app.office.office import Office
from pos_app.web.masters.declaration import Choices, Deed, Field, Kind, Values


def facts(office: Office, sku: str) -> list[tuple[str, str]]:
    """How it is packed, a line a pack."""
    found = []
    for one in packs.of_product(office, sku):
        parts = [web_text("{pieces} {unit} in one", pieces=one.pieces, unit=one.unit)]
        if one.price:
            parts.append(web_text("costs {price}", price=one.price))
        codes = one.barcode.split(BETWEEN_BARCODES) if one.barcode else []
        parts += [web_text("barcode {code}", code=code) for code in codes]
        found.append((web_text("Packed by {unit}", unit=one.pack), ", ".join(parts)))
    return found


def _units(office: Office) -> Choices:
    found = [one.unit for one in units.listed(office) if one.unit.active]
    return [(one.code, f"{one.word} · {one.name}") for one in found]


def _codes(values: Values) -> tuple[str, ...]:
    return tuple(values.get("pack_barcode", "").split())


def _add(office: Office, code: str, values: Values) -> str:
    told = Said(values.get("pieces") or None, values.get("pack_price") or None, more=_codes(values))
    packs.add(office, code, values.get("pack", ""), told)
    return ""


def _edit(office: Office, code: str, values: Values) -> str:
    # An empty price takes it away: the form shows what there is to say.
    codes = BETWEEN_BARCODES.join(_codes(values)) or None
    told = Said(values.get("pieces") or None, values.get("pack_price", ""), codes)
    packs.edit(office, code, values.get("pack", ""), told)
    return ""


def _put_on(office: Office, code: str, values: Values) -> str:
    packs.edit(office, code, values.get("pack", ""), Said(more=_codes(values)))
    return ""


def _take_off(office: Office, code: str, values: Values) -> str:
    packs.edit(office, code, values.get("pack", ""), Said(less=_codes(values)))
    return ""


def _archive(office: Office, code: str, values: Values) -> str:
    packs.archive(office, code, values.get("pack", ""))
    return ""


_PACK: Final = Field(
    "pack",
    web_words("Packed by"),
    Kind.CHOICE,
    choices=_units,
    needed=True,
    codes=("pack-known-already", "pack-unknown", "pack-of-own-unit", "unit-archived", "unit-unknown"),
)
_PRICE: Final = Field(
    "pack_price",
    web_words("Price of the pack"),
    Kind.NUMBER,
    hint=web_words("Of all of it; empty: as many times the product's price."),
    codes=("pack-price-implausible",),
)


_EVERY: Final = web_words("One a line; who scans any of them sells all of the pack.")
_INSTEAD: Final = web_words("All that it has from now on, one a line; nothing leaves those that it has.")


def _barcodes(hint: str = _EVERY, *, needed: bool) -> Field:
    return Field(
        "pack_barcode",
        web_words("Barcodes of the pack"),
        Kind.LINES,
        hint=hint,
        needed=needed,
        codes=(
            "barcode-on-pack",
            "barcode-on-other-product",
            "check-digit-wrong",
            "pack-barcode-colon",
            "pack-barcodes-too-many",
            "pack-without-barcode",
        ),
    )


def _pieces(*, needed: bool) -> Field:
    return Field(
        "pieces",
        web_words("How many are in one"),
        Kind.NUMBER,
        hint=web_words("In the product's own unit: 12."),
        needed=needed,
        codes=("pack-size-implausible", "pack-needs-size", "not-a-number"),
    )


DEEDS: Final = (
    Deed(
        "pack",
        web_words("Sell it by the pack too"),
        (_PACK, _pieces(needed=True), _PRICE, _barcodes(needed=False)),
        _add,
    ),
    Deed(
        "pack-change",
        web_words("Change a pack"),
        (_PACK, _pieces(needed=False), _PRICE, _barcodes(_INSTEAD, needed=False)),
        _edit,
    ),
    Deed(
        "pack-barcode", web_words("Put one more barcode on a pack"), (_PACK, _barcodes(needed=True)), _put_on
    ),
    Deed("pack-bare", web_words("Take a barcode off a pack"), (_PACK, _barcodes(needed=True)), _take_off),
    Deed("pack-away", web_words("Sell it by the pack no more"), (_PACK,), _archive),
)
