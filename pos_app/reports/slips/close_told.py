"""What a Z tells beside the cash: other money, cylinders and bottles, who counted again, who takes over."""

from pos_app.devices.paper import Block, Columns, Rule, Text
from pos_app.language import printed
from pos_app.ledger.closing import MoneyCount, PieceCount
from pos_app.ledger.currency import Currency
from pos_app.ledger.document import DrawerClose
from pos_app.ledger.money import grouped_text
from pos_app.ledger.quantity import quantity_text
from pos_app.reports.slips.letterhead import Names
from pos_app.reports.slips.titles import tender_name


def recount_lines(document: DrawerClose, money: Currency, names: Names) -> list[Block]:
    """Both counts of the cash with their people, where it was counted again."""
    again = document.recount
    if again is None:
        return []
    people = names.named.people
    first, second = people.get(again.first_person_id, ""), people.get(again.person_id, "")
    return [
        Columns(printed("First counted by {name}", name=first), grouped_text(again.first, money)),
        Columns(printed("Counted again by {name}", name=second), grouped_text(document.counted, money)),
    ]


def to_the_safe(document: DrawerClose, money: Currency, names: Names) -> list[Block]:
    """Where the cash went: to the safe, and where somebody takes over what stays as their float."""
    blocks: list[Block] = [
        Columns(printed("To the safe"), grouped_text(document.removed - document.left, money))
    ]
    if document.left:
        blocks.append(Columns(printed("Stays as the next float"), grouped_text(document.left, money)))
    if document.handed_to_id is not None:
        name = names.named.people.get(document.handed_to_id, "")
        blocks.append(Columns(printed("Handed over to"), name))
    return blocks


def told_lines(document: DrawerClose, money: Currency, names: Names) -> list[Block]:
    """The other money by kind with what was not found of it, and the cylinders and bottles."""
    blocks: list[Block] = []
    if document.other_money:
        blocks += [Rule(), Text(printed("Other money counted"), bold=True)]
    for one in document.other_money:
        blocks += _money(one, money, names)
    if document.pieces:
        blocks += [Rule(), Text(printed("Cylinders and bottles counted"), bold=True)]
        blocks += [_pieces(one, names) for one in document.pieces]
    return blocks


def _money(count: MoneyCount, money: Currency, names: Names) -> list[Block]:
    name = f"{tender_name(count.kind)} ({count.times:,})"
    if count.counted == count.expected:
        return [Columns(name, f"{grouped_text(count.counted, money)} {printed('Exact').lower()}")]
    over = count.counted - count.expected
    word = printed("Over") if over > 0 else printed("Short")
    blocks: list[Block] = [
        Columns(name, grouped_text(count.expected, money)),
        Columns(f"  {printed('Counted')}", grouped_text(count.counted, money), bold=True),
        Columns(f"  {word}", grouped_text(over, money), bold=True),
    ]
    for each in count.missing:
        number = names.named.documents.get(each.receipt_id, "")
        blocks.append(Columns(f"  {number} {each.reference}".rstrip(), grouped_text(each.amount, money)))
    return blocks


def _pieces(count: PieceCount, names: Names) -> Block:
    name, over = names.goods(count.product_id).name, count.counted - count.expected
    if not over:
        return Columns(name, f"{quantity_text(count.counted)} {printed('Exact').lower()}")
    sign = "+" if over > 0 else ""
    return Columns(
        name,
        printed(
            "{counted} of {expected} ({over})",
            counted=quantity_text(count.counted),
            expected=quantity_text(count.expected),
            over=f"{sign}{quantity_text(over)}",
        ),
    )
