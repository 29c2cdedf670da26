"""The figures of a shift on paper: an X at any time, a Z with the close of the drawer.

What a Z says follows what the French NF 525 and the German DSFinV-K ask of one: sums by tender, tax, business
and cashier, what was taken back, who approved what, the perpetual grand total, and from which document to
which it goes.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from pos_app.devices.paper import Block, Columns, Cut, Paper, Rule, Space, Text, WidthChars
from pos_app.language import printed
from pos_app.ledger.currency import Currency
from pos_app.ledger.day import to_date
from pos_app.ledger.drawer import Stretch
from pos_app.ledger.line import TenderKind
from pos_app.ledger.money import grouped_text
from pos_app.reports.slips.letterhead import Letterhead, local
from pos_app.reports.slips.titles import tender_name
from pos_app.reports.slips.trade_slip import tax_words
from pos_app.store.report_queries.shift_figures import Part, ShiftFigures

#: So many approvals are named; a till that has more of them in a shift says how many.
_MOST_APPROVALS: Final = 40


def x_report(
    figures: ShiftFigures,
    stretch: Stretch,
    money: Currency,
    head: Letterhead,
    *,
    at: datetime,
    shift: int,
    width: WidthChars = 42,
) -> Paper:
    """The figures of the shift that runs, at a moment: nothing is closed by it, and it has no number."""
    blocks: list[Block] = [
        Text(head.organisation, "centre", bold=True, size=2),
        Text(head.depot, "centre"),
        Space(),
        Text(printed("X REPORT"), "centre", bold=True, size=2),
        Text(printed("Nothing is closed by it"), "centre"),
        Rule(),
        Columns(printed("Shift {number}", number=shift), local(at, head), bold=True),
        Rule(),
        *figure_lines(figures, stretch, money, head),
        Cut(),
    ]
    return Paper(width, tuple(blocks))


def figure_lines(figures: ShiftFigures, stretch: Stretch, money: Currency, head: Letterhead) -> list[Block]:
    """What a shift comes to: the part that X and Z have in common."""
    return [
        *_day(stretch),
        *_kinds(figures, money),
        *_tenders(figures, money),
        *_taxes(figures, money, head),
        *_parts(printed("By business"), figures.businesses, money),
        *_parts(printed("By category"), figures.categories, money),
        *_parts(printed("By cashier"), figures.cashiers, money),
        *_parts(printed("By hour"), [part._replace(name=f"{part.name}:00") for part in figures.hours], money),
        *_approvals(figures, head),
        *_proof(figures, stretch, money),
    ]


def _day(stretch: Stretch) -> list[Block]:
    """The day of the shop that the shift belongs to, whenever it was closed."""
    if not stretch.business_day:
        return []
    day = to_date(stretch.business_day).strftime("%d.%m.%Y")
    return [Columns(printed("Business day"), day)]


def _line(name: str, part: Part, money: Currency) -> Block:
    return Columns(f"{name} ({part.times:,})", grouped_text(part.amount, money))


def _kinds(figures: ShiftFigures, money: Currency) -> list[Block]:
    """What was sold and what came back, a line a kind, and what stands beside the sums."""
    words = {
        "sale": printed("Receipts"),
        "refund": printed("Refunds"),
        "invoice": printed("Invoices"),
        "credit_note": printed("Credit notes"),
        "reversal": printed("Voids"),
        "payment": printed("Payments received"),
        "expense": printed("Expenses"),
    }
    blocks = [
        _line(name, part, money)
        for kind, name in words.items()
        if (part := figures.of_kind(kind)).times or kind == "sale"
    ]
    beside = (
        (printed("Something off"), figures.discounts),
        (printed("Other prices than the list's"), figures.overrides),
        (printed("Deposits and vouchers"), figures.no_sale),
    )
    blocks += [_line(name, part, money) for name, part in beside if part.times]
    if figures.rounding:
        blocks.append(Columns(printed("Rounding"), grouped_text(figures.rounding, money)))
    return blocks


def _tenders(figures: ShiftFigures, money: Currency) -> list[Block]:
    if not figures.tenders:
        return []
    blocks: list[Block] = [Rule(), Text(printed("How it was paid"), bold=True)]
    for part in figures.tenders:
        name = tender_name(TenderKind(part.kind))
        blocks.append(Columns(f"{name} ({part.times:,})", grouped_text(part.taken, money)))
        if part.back:
            blocks.append(Columns(f"  {printed('given back')}", grouped_text(part.back, money)))
    return blocks


def _taxes(figures: ShiftFigures, money: Currency, head: Letterhead) -> list[Block]:
    if not figures.taxes:
        return []
    return [
        Rule(),
        Text(printed("Tax"), bold=True),
        *(
            Columns(
                printed(
                    "{tax} on {net}",
                    tax=tax_words(part.code, part.rate_bp, head),
                    net=grouped_text(part.net, money),
                ),
                grouped_text(part.tax, money),
            )
            for part in figures.taxes
        ),
    ]


def _parts(title: str, parts: Iterable[Part], money: Currency) -> list[Block]:
    lines = [_line(part.name or printed("None"), part, money) for part in parts]
    return [Rule(), Text(title, bold=True), *lines] if lines else []


def _approvals(figures: ShiftFigures, head: Letterhead) -> list[Block]:
    """What somebody else had to allow, with both names."""
    if not figures.approved:
        return []
    shown = figures.approved[:_MOST_APPROVALS]
    blocks: list[Block] = [Rule(), Text(printed("Approved"), bold=True)]
    blocks += [Columns(f"{one.series} {one.number}", f"{one.person} · {one.approver}") for one in shown]
    if len(figures.approved) > len(shown):
        more = len(figures.approved) - len(shown)
        blocks.append(Text(printed("and {count} more", count=more)))
    return blocks


def _proof(figures: ShiftFigures, stretch: Stretch, money: Currency) -> list[Block]:
    """From which document to which, that none is missing, and what all Zs of this till add up to."""
    last = stretch.first_seq + figures.documents + figures.missing - 1
    ranges = ", ".join(
        f"{one.series} {one.first}" if one.first == one.last else f"{one.series} {one.first}-{one.last}"
        for one in figures.numbers
    )
    return [
        Rule(),
        Columns(printed("Drawer opened without a sale"), f"{stretch.openings:,}"),
        Columns(printed("Printed again"), f"{stretch.copies:,}"),
        Columns(
            printed("Documents {first} to {last}", first=stretch.first_seq, last=last),
            f"{figures.documents:,}",
        ),
        Columns(printed("Missing"), f"{figures.missing:,}"),
        Columns(printed("Confirmed by the centre, up to"), f"{stretch.confirmed_seq:,}"),
        *([Text(ranges)] if ranges else []),
        Columns(printed("Grand total of receipts"), grouped_text(stretch.grand_total, money), bold=True),
    ]
