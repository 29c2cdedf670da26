"""A random history of an organisation as books to report on: every type of document, from a seed."""

import contextlib

from pos_app.ledger.errors import Refused
from pos_app.store.rules import book_rules
from tests.support.histories import histories
from tests.support.histories.choices import Seeded
from tests.support.histories.clerk import Clerk
from tests.support.worlds.books import Store, journal_of
from tests.support.worlds.report_books import Books

#: Long enough for each type to happen, short enough for every run.
STEPS = 150


def lived(store: Store, seed: int, steps: int = STEPS) -> Books:
    """Books of as many documents as fitted."""
    books = Books(store).prepare()
    clerk = Clerk(Seeded(seed))
    known = store.journal(clerk.org_id)
    journal = journal_of(store.database, known.org_id, known.terminal_no, store.clock, guard=book_rules.guard)
    for _ in range(steps):
        draft = histories.draft(clerk, histories.next_kind(clerk))
        if draft is None:
            continue
        # What the books refuse did not happen.
        with contextlib.suppress(Refused):
            sealed = journal.record_document(draft)
            clerk.note(sealed)
            books.sealed.append(sealed)
    return books
