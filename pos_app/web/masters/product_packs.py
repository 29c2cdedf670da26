"""The packs of one product in the back office: by the case, at a price and with a barcode of its own."""

from typing import Final

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
        if one.barcode:
            parts.append(web_text("barcode {code}", code=one.barcode))
        found.append((web_text("Packed by {unit}", unit=one.pack), ", ".join(parts)))
    return found


def _units(office: Office) -> Choices:
    found = [one.unit for one in units.listed(office) if one.unit.active]
    return [(one.code, f"{one.word} · {one.name}") for one in found]


def _told(values: Values) -> Said:
    return Said(*(values.get(name) or None for name in ("pieces", "pack_price", "pack_barcode")))


def _add(office: Office, code: str, values: Values) -> str:
    packs.add(office, code, values.get("pack", ""), _told(values))
    return ""


def _edit(office: Office, code: str, values: Values) -> str:
    told = _told(values)
    # An empty price or barcode takes it away: the form shows what there is to say.
    packs.edit(office, code, values.get("pack", ""), Said(told.pieces, told.price or "", told.barcode or ""))
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
_BARCODE: Final = Field(
    "pack_barcode",
    web_words("Barcode of the pack"),
    hint=web_words("Who scans it sells all of the pack."),
    codes=("barcode-on-pack", "barcode-on-other-product", "check-digit-wrong", "pack-one-barcode"),
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
    Deed("pack", web_words("Sell it by the pack too"), (_PACK, _pieces(needed=True), _PRICE, _BARCODE), _add),
    Deed("pack-change", web_words("Change a pack"), (_PACK, _pieces(needed=False), _PRICE, _BARCODE), _edit),
    Deed("pack-away", web_words("Sell it by the pack no more"), (_PACK,), _archive),
)
