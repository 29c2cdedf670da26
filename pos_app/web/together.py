"""Many products changed at once in a browser: chosen, said what, looked at, done."""

from typing import Final

from starlette.responses import Response

from pos_app.language import web_text
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.office.masters import choices, products, products_together
from pos_app.office.masters.products_together import MOST, Deed, Wish
from pos_app.web.visit import Visit
from pos_app.web.way import Way

_NEEDS: Final = (Permission.EDIT_MASTER,)


def _words() -> dict[str, str]:
    return {
        Deed.CATEGORY.value: web_text("Another category"),
        Deed.TAX_CODE.value: web_text("Another tax code"),
        Deed.SUPPLIER.value: web_text("Another supplier"),
        Deed.PERCENT.value: web_text("Prices by so many per cent"),
        Deed.ARCHIVE.value: web_text("Archive them"),
    }


def _look(visit: Visit) -> Response:
    return _choose(visit)


def _choose(visit: Visit, error: Refused | None = None) -> Response:
    asked = visit.asked.form if visit.asked.method == "POST" else visit.asked.query
    words, category = asked.get("words")[:100], asked.get("of_category").strip()
    fitting = products.page(visit.office, words, archived=False, after="", most=MOST + 1, category=category)
    return visit.page(
        "together.html",
        status=200 if error is None else 422,
        error=error,
        words=words,
        category=category,
        rows=fitting[:MOST],
        more=len(fitting) > MOST,
        most=MOST,
        chosen=set(asked.every("sku")) if error is not None else None,
        deeds=_words(),
        deed=asked.get("deed"),
        value=asked.get("value"),
        to=asked.get("to"),
        taxes=choices.of_tax_codes(visit.office),
    )


def _wish(visit: Visit) -> Wish:
    form = visit.asked.form
    deed = form.get("deed")
    if deed not in set(Deed):
        raise Refused("together-deed-unknown")
    return Wish(Deed(deed), form.get("value").strip(), form.get("to").strip())


def _preview(visit: Visit) -> Response:
    return _seen(visit)


def _seen(visit: Visit, error: Refused | None = None) -> Response:
    skus = visit.asked.form.every("sku")
    try:
        wish = _wish(visit)
        changes = products_together.looked(visit.office, skus, wish)
    except Refused as refused:
        return _choose(visit, refused)
    return visit.page(
        "together_look.html",
        status=200 if error is None else 409,
        error=error,
        changes=changes,
        wish=wish,
        called=_words()[wish.deed.value],
        seen=products_together.mark(changes),
        promised=products_together.promise(changes),
        words=visit.asked.form.get("words"),
        category=visit.asked.form.get("of_category"),
    )


def _do(visit: Visit) -> Response:
    form = visit.asked.form
    try:
        products_together.done(
            visit.office, form.every("sku"), _wish(visit), form.get("seen"), form.get("promised")
        )
    except Refused as error:
        if error.code == "together-changed-meanwhile":
            return _seen(visit, error)
        return _choose(visit, error)
    return visit.go("/products", said="changed")


WAYS: Final = [
    Way("/together", _look, needs=_NEEDS),
    Way("/together/look", _preview, "POST", _NEEDS),
    Way("/together/do", _do, "POST", _NEEDS),
]
