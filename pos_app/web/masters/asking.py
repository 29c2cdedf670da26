"""Fields as a form asks them, and what was typed into them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pos_app.language import web_text
from pos_app.ledger.errors import Refused
from pos_app.office.office import Office
from pos_app.web.asked import Form
from pos_app.web.masters.declaration import Field, Kind, Values


@dataclass(frozen=True)
class Asking:
    """A field as a form shows it."""

    field: Field
    value: str
    choices: Sequence[tuple[str, str]]
    is_wrong: bool


def asked_for(office: Office, fields: Sequence[Field], values: Values, error: Refused | None) -> list[Asking]:
    """Fields with what stands in them, and whether `error` is about them."""
    return [
        Asking(
            one,
            values.get(one.name, ""),
            () if one.choices is None else one.choices(office),
            error is not None and error.code in one.codes,
        )
        for one in fields
    ]


def typed(form: Form, fields: Sequence[Field]) -> dict[str, str]:
    """What a form holds of these fields, without blanks around it; lines keep their breaks, and a secret all
    that was typed, as the page that signs in takes it.
    """
    return {one.name: _tidy(one.kind, form.get(one.name)) for one in fields if form.has(one.name)}


def _tidy(kind: Kind, text: str) -> str:
    if kind is Kind.HIDDEN_TEXT:
        return text
    return text.strip("\n ") if kind is Kind.LINES else text.strip()


def state_words(state: str) -> str:
    """How what is promised stands (see `promised_when.standing`), in words."""
    words = {
        "on": web_text("on"),
        "later": web_text("later"),
        "over": web_text("over"),
        "archived": web_text("archived"),
    }
    return words[state]
