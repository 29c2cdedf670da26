"""The house's rules on one page: what holds at every depot that says nothing of its own."""

from collections.abc import Sequence
from typing import Final

from pos_app.language import web_words
from pos_app.ledger.permission import Permission
from pos_app.office.masters import depot_rules
from pos_app.office.office import Office
from pos_app.web.masters import places
from pos_app.web.masters.declaration import Field, Kind, Values
from pos_app.web.work.declaration import Done, To, Told, WorkForm

_LOOKS: Final = web_words("No: a person looks first.")
FIELDS: Final = (
    *places.RULES,
    Field(
        "least_pin_digits",
        web_words("Digits that a new PIN has at least"),
        Kind.NUMBER,
        hint=web_words("4 to 8."),
    ),
    Field(
        "idle_lock_minutes",
        web_words("Minutes without a key after which a till locks"),
        Kind.NUMBER,
        hint=web_words("0 is never."),
    ),
    Field(
        "approver_is_another",
        web_words("Nobody approves what they do at the till themselves"),
        Kind.YES_NO,
    ),
    Field(
        "credit_whole_hours",
        web_words("Hours without the centre in which all that is left of a limit may be sold"),
        Kind.NUMBER,
    ),
    Field(
        "credit_none_hours",
        web_words("Hours without the centre after which nothing of it may"),
        Kind.NUMBER,
        hint=web_words("In between it is less each hour; 0: it never shrinks."),
    ),
    Field(
        "customers_at_once",
        web_words("A customer that a till asks for is one at once"),
        Kind.YES_NO,
        hint=_LOOKS,
    ),
    Field(
        "products_at_once",
        web_words("A product that a till asks for is one at once"),
        Kind.YES_NO,
        hint=_LOOKS,
    ),
    Field(
        "prices_at_once",
        web_words("A price that a till asks for holds at its depot that day"),
        Kind.YES_NO,
        hint=_LOOKS,
    ),
    Field(
        "in_store_prefix",
        web_words("How barcodes begin that the shop makes itself"),
        Kind.NUMBER,
        hint=web_words("20 to 29."),
    ),
    Field("label_columns", web_words("Labels side by side on a sheet of A4"), Kind.NUMBER),
    Field("label_rows", web_words("Labels one below the other on a sheet of A4"), Kind.NUMBER),
    Field(
        "country_code",
        web_words("The country of telephones that are written as 0712…"),
        Kind.NUMBER,
        hint=web_words("254 for Kenya, 65 for Singapore: messages go there. 0: as they are written."),
    ),
)


def _begun(office: Office, _: Values) -> tuple[Values, Sequence[Values]]:
    return depot_rules.everywhere(office), ()


def _set(office: Office, told: Told) -> Done:
    names = {one.name for one in FIELDS}
    # What was sent empty stays as it is: no rule is nothing.
    said = {name: text for name, text in told.values.items() if name in names and text.strip()}
    changed = depot_rules.set_everywhere(office, said)
    return Done(To("/rules", {}), "changed" if changed else "unchanged")


RULES: Final = WorkForm(
    path="rules",
    words=web_words("The rules of the house"),
    hint=web_words("For every depot; what a depot has of its own stands on its form and goes before."),
    needs=(Permission.EDIT_MASTER, Permission.EDIT_PEOPLE),
    fields=FIELDS,
    do=_set,
    begins=_begun,
    acts=(("save", web_words("Save")),),
    stacked=True,
)
