"""What was flagged in a period: by person and kind, and each with who looked at it."""

from collections import Counter

from pos_app.language import printed
from pos_app.ledger.flagging import kind_of_code
from pos_app.reports.ask.question import Question
from pos_app.reports.model.report import CellKind, Column, Report, Row, Section
from pos_app.store.journal import flags
from pos_app.store.journal.flags import Flagged


def flagged(question: Question) -> Report:
    """Of the documents that the centre booked; a till knows of none."""
    found = [] if question.on_till else _found(question)
    people = Counter((one.person, one.kind) for one in found)
    waiting = Counter((one.person, one.kind) for one in found if not one.looked_by)
    by_person = (
        Column(printed("Person"), grows=True),
        Column(printed("Kind")),
        Column(printed("Weight")),
        Column(printed("Flags"), CellKind.NUMBER),
        Column(printed("Not looked at"), CellKind.NUMBER),
    )
    each = (
        Column(printed("Date"), CellKind.DATE),
        Column(printed("Document")),
        Column(printed("Person")),
        Column(printed("What is odd"), grows=True),
        Column(printed("Looked at by")),
        Column(printed("Note")),
    )
    return question.report(
        "flags",
        printed("Flagged documents"),
        [
            Section(
                printed("By person"),
                by_person,
                tuple(
                    Row((who, kind, kind_of_code(kind).weight.value, count, waiting[who, kind]))
                    for (who, kind), count in sorted(people.items())
                ),
            ),
            Section(printed("Each"), each, tuple(_row(question, one) for one in found)),
        ],
        till_note=printed("Documents are flagged at the centre."),
    )


def _found(question: Question) -> list[Flagged]:
    period, business = question.period, question.business
    found = flags.between(question.connection, question.org_id, period.start, period.end)
    return [one for one in found if business is None or one.business_id == business.key]


def _row(question: Question, odd: Flagged) -> Row:
    day = question.period.local(odd.found_at).date()
    return Row((day, odd.number, odd.person, odd.sentence.spoken, odd.looked_name, odd.note))
