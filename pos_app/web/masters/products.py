"""Products in the back office: the columns of the sheet of products, one at a time."""

from typing import Final

from pos_app.files.identifiers import BETWEEN_BARCODES
from pos_app.language import web_text, web_words
from pos_app.ledger.permission import Permission
from pos_app.ledger.product_type import ProductType
from pos_app.ledger.quantity import quantity_text
from pos_app.office.masters import choices, products
from pos_app.office.masters.products import Said
from pos_app.office.office import Office
from pos_app.web.masters import product_packs
from pos_app.web.masters.declaration import Choices, Column, Deed, Field, Kind, Master, Thing, Values, Wanted


def _types(_: Office) -> Choices:
    words = {
        ProductType.GOODS: web_text("goods"),
        ProductType.SERVICE: web_text("service"),
        ProductType.RETURNABLE: web_text("returnable"),
        ProductType.METERED: web_text("metered"),
        ProductType.WEIGHED: web_text("weighed"),
        ProductType.LAUNDRY: web_text("laundry"),
        ProductType.DEPOSIT: web_text("deposit"),
        ProductType.VOUCHER: web_text("voucher"),
    }
    return [(one.value, text) for one, text in words.items()]


def _listed(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    rows = products.page(
        office,
        wanted.words,
        archived=wanted.archived,
        after=wanted.after,
        most=wanted.most,
        backwards=wanted.backwards,
    )
    return [{**row, "code": row["sku"], "barcode": _lines(row["barcode"])} for row in rows]


def _lines(barcodes: str) -> str:
    """Barcodes of a cell as a form has them, one a line."""
    return barcodes.replace(BETWEEN_BARCODES, "\n")


def _show(office: Office, code: str) -> Thing:
    shown = products.show(office, code)
    cells = {**shown.cells, "barcode": _lines(shown.cells["barcode"])}
    lies = [
        (web_text("Lies at {place}", place=one.place or "–"), quantity_text(one.quantity))
        for one in shown.lies
    ]
    is_archived = not shown.product.active
    facts = [*product_packs.facts(office, shown.product.sku), *lies]
    return Thing(shown.product.sku, shown.product.name, cells, is_archived, facts)


def _said(values: Values) -> Said:
    cells = {name: text for name, text in values.items() if name != "code"}
    if "barcode" in cells:
        cells["barcode"] = BETWEEN_BARCODES.join(cells["barcode"].split())
    return Said({name: text for name, text in cells.items() if text or name not in _ONLY_SAID})


#: Columns that say nothing when they are empty.
_ONLY_SAID: Final = frozenset({"tax_code", "business", "type"})


def _add(office: Office, values: Values) -> str:
    said = _said({name: text for name, text in values.items() if text})
    products.add(office, values.get("code", ""), said)
    return ""


def _edit(office: Office, code: str, values: Values) -> bool:
    products.edit(office, code, _said(values))
    return True


def _make_barcode(office: Office, code: str, _: Values) -> str:
    made = products.edit(office, code, Said(makes_barcode=True))
    return web_text("Its barcodes are {codes}.", codes=", ".join(made.barcodes))


PRODUCTS: Final = Master(
    path="products",
    words=web_words("Products"),
    add_words=web_words("Add a product"),
    noun="product",
    sees=(Permission.SEE_REPORTS, Permission.EDIT_MASTER),
    changes=(Permission.EDIT_MASTER,),
    columns=(
        Column("code", web_words("Code")),
        Column("name", web_words("Name")),
        Column("price", web_words("Price"), is_number=True),
        Column("tax_code", web_words("Tax")),
        Column("category", web_words("Category")),
    ),
    fields=(
        Field(
            "code",
            web_words("Code"),
            hint=web_words("Short and for ever: it stands on labels and in files."),
            needed=True,
            edits=False,
            codes=("product-code-taken", "product-code-unusable"),
        ),
        Field("name", web_words("Name"), needed=True),
        Field(
            "price",
            web_words("Price"),
            Kind.NUMBER,
            hint=web_words("Of one, as on the label: 420.00."),
            needed=True,
            codes=("not-a-number", "price-negative", "price-too-fine", "amount-too-fine", "amount-too-large"),
        ),
        Field("business", web_words("Business"), Kind.CHOICE, choices=choices.of_businesses),
        Field("tax_code", web_words("Tax"), Kind.CHOICE, choices=choices.of_tax_codes),
        Field("category", web_words("Category"), hint=web_words("Where it stands on the till's shelf.")),
        Field("unit", web_words("Unit"), hint=web_words("What it is counted in: pc, kg, l.")),
        Field("type", web_words("Type"), Kind.CHOICE, choices=_types),
        Field("barcode", web_words("Barcodes"), Kind.LINES, hint=web_words("One a line.")),
        Field("supplier", web_words("Supplier"), hint=web_words("The code of whom it is bought of.")),
        Field("cost", web_words("Cost"), Kind.NUMBER, hint=web_words("What one costs there.")),
        Field("on_shelf", web_words("On the first page of the shelf"), Kind.YES_NO),
        Field("shelf_place", web_words("Place on that page"), Kind.NUMBER),
        Field("empty", web_words("Its empty"), hint=web_words("Returnable: the code of the empty one.")),
        Field("deposit", web_words("Its deposit"), hint=web_words("Returnable: the code of the deposit.")),
    ),
    listed=_listed,
    show=_show,
    add=_add,
    edit=_edit,
    archive=products.archive,
    restore=products.restore,
    links=(
        (web_words("What it costs, and why"), "/prices"),
        (web_words("Picture on its tile"), "/products/picture"),
    ),
    deeds=(
        Deed("make-barcode", web_words("Make a barcode of the shop's own"), (), _make_barcode),
        *product_packs.DEEDS,
    ),
    rows_are_whole=True,
)
