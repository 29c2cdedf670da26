"""All that a program can ask of the back office, in the order of the document that describes it."""

from functools import cache

from pos_app.language import ENGLISH, speaking
from pos_app.web.api import documents, figures, hooks, lists, masters, recording, work
from pos_app.web.api.operation import Operation


@cache
def every() -> tuple[Operation, ...]:
    """Every operation, its words in English."""
    with speaking(ENGLISH):
        return (
            *masters.operations(),
            *documents.operations(),
            *recording.operations(),
            *work.operations(),
            *lists.operations(),
            *figures.operations(),
            *hooks.operations(),
        )
