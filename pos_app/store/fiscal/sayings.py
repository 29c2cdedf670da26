"""A sentence kept in a row: its code and facts as JSON, read back in the language of whoever asks."""

import json

from pos_app.language import Sentence, said


def written(sentence: Sentence) -> str:
    """A sentence as a row keeps it."""
    facts = {name: value if isinstance(value, int) else str(value) for name, value in sentence.facts.items()}
    # A device may say anything, and a NUL is the one character that Postgres cannot keep in a text.
    told = json.dumps({"code": sentence.code, "facts": facts}, ensure_ascii=False)
    return told.replace("\\u0000", "\ufffd")


def read(kept: str) -> Sentence | None:
    """What was kept; None where nothing was, or what stands there is no sentence."""
    if not kept:
        return None
    try:
        told = json.loads(kept)
        return said(str(told["code"]), **{str(name): value for name, value in told["facts"].items()})
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
