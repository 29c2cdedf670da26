"""How an entry by hand becomes a document."""

from collections.abc import Iterable

from pos_app.ledger.document import SERIES, JournalEntry
from pos_app.ledger.head import HeadFields, note_of
from pos_app.ledger.journal_entry import EntryLine, EntryPurpose


def journal_entry(
    head: HeadFields, purpose: EntryPurpose, description: str, lines: Iterable[EntryLine]
) -> JournalEntry:
    """Debits and credits that no other document says; the rules see that they balance."""
    return JournalEntry(
        **head,
        series=SERIES[JournalEntry],
        purpose=purpose,
        description=note_of(description),
        lines=tuple(lines),
    )
