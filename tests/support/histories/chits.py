"""Random vouchers and deposits: sold, paid with, paid back, at any business."""

from pos_app.ledger.chart import NO_SALE_ROLE, PARTY_ACCOUNT
from pos_app.ledger.chit import barcode_of, drawn
from pos_app.ledger.document import DepositReturn, Document, Sale
from pos_app.ledger.line import Chit, GoodsLine, PartyRole, Tender, TenderKind
from pos_app.ledger.tax import DEPOSIT_CODE, VOUCHER_CODE
from tests.support.documents import specimens
from tests.support.documents.specimens import BUSINESSES, account
from tests.support.documents.treasury_specimens import deposit_return
from tests.support.histories.clerk import BASE, Clerk, Item, altered


def issuing(clerk: Clerk) -> Document | None:
    """A deposit and vouchers are sold, beside some goods or alone."""
    choose, head = clerk.choices, clerk.head(BASE)
    codes = choose.some((DEPOSIT_CODE, VOUCHER_CODE, VOUCHER_CODE), 3) or [DEPOSIT_CODE]
    lines = [_line(clerk, place, code) for place, code in enumerate(codes)]
    if choose.now_and_then(2):
        lines += specimens.goods([specimens.Item(choose.number(1, 90_000), stocked=False)])
    total = sum(line.gross for line in lines)
    return specimens.trade(
        Sale,
        (),
        clerk.money(head, total)["tenders"],
        **head,
        lines=tuple(lines),
        subtotal=sum(line.net for line in lines),
        tax_total=sum(line.tax for line in lines),
        total=total,
    )


def _line(clerk: Clerk, place: int, code: str) -> GoodsLine:
    choose, role = clerk.choices, NO_SALE_ROLE[code]
    price, business = choose.number(1, 500_000), choose.pick(BUSINESSES)
    expires_on = choose.pick((0, 20301231)) if code == VOUCHER_CODE else 0
    number = drawn(str(len(clerk.model.documents)), place)
    return GoodsLine(
        product_id=9,
        sku=code,
        description=code,
        quantity=1_000,
        unit_price=price,
        tax_code=code,
        tax_rate_bp=0,
        net=price,
        tax=0,
        business_id=business,
        revenue_account=account(PARTY_ACCOUNT[role], business),
        tax_account="",
        chit=Chit(role=role, number=number, business_id=business, expires_on=expires_on),
    )


def _chit_of(one: Item) -> Chit:
    return Chit(
        role=one.role,
        number=one.party_id,
        business_id=one.business_id,
        document_id=one.invoice_id,
        expires_on=one.due_on,
    )


def _outstanding(clerk: Clerk, *roles: PartyRole) -> list[Item]:
    return [one for role in roles for one in clerk.open(role)]


def paid_with(clerk: Clerk) -> Document | None:
    """Goods are paid with a chit, the rest in money."""
    choose = clerk.choices
    found = _outstanding(clerk, PartyRole.VOUCHER, PartyRole.DEPOSIT_SLIP)
    if not found:
        return None
    one, head = choose.pick(found), clerk.head(BASE)
    amount = one.amount if choose.now_and_then(3) else choose.number(1, one.amount)
    total = amount + choose.pick((0, choose.number(1, 50_000)))
    chit = _chit_of(one)
    tender = Tender(
        kind=TenderKind.VOUCHER,
        amount=amount,
        account=account(PARTY_ACCOUNT[one.role], one.business_id),
        reference=barcode_of(chit.role, chit.number),
        business_id=0 if one.business_id == head["business_id"] else one.business_id,
        chit=chit,
    )
    rest: tuple[Tender, ...] = clerk.money(head, total - amount)["tenders"] if total > amount else ()
    item = specimens.Item(total, business_id=choose.pick(BUSINESSES), stocked=False)
    return specimens.trade(Sale, [item], (tender, *rest), **head)


def returned(clerk: Clerk) -> Document | None:
    """An empty comes back with its slip: all that is left is paid, or a part."""
    choose, found = clerk.choices, _outstanding(clerk, PartyRole.DEPOSIT_SLIP)
    if not found:
        return None
    one, head = choose.pick(found), clerk.head(BASE)
    amount = one.amount if choose.now_and_then(2) else choose.number(1, one.amount)
    made = deposit_return(amount, _chit_of(one), **head)
    assert isinstance(made, DepositReturn)
    return altered(made, tenders=clerk.money(head, amount)["tenders"])
