"""`bohari promotion`: something off in a period: a per cent, an amount, three for two, a bundle."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

import typer

from pos_app.cli import history, parsing
from pos_app.cli.acting import AT_WORK, LOOKING
from pos_app.cli.answer import Answer, counted
from pos_app.cli.command import command, group, noun
from pos_app.cli.moments import moment, moment_shown
from pos_app.cli.needs import needs, somewhere
from pos_app.ledger.currency import Currency
from pos_app.ledger.errors import Refused
from pos_app.ledger.permission import Permission
from pos_app.ledger.price import parse_price, plain_price, price_text
from pos_app.ledger.pricing.hours import DAYS, places_of
from pos_app.ledger.pricing.rules import ENDLESS_US, OfferKind, Promotion
from pos_app.ledger.quantity import plain_quantity
from pos_app.office.masters import promised_when, promotion_texts, promotions
from pos_app.office.masters.history import as_seen, revision
from pos_app.office.masters.promotions import Off, Said, Shown
from pos_app.office.office import Office
from pos_app.store.master.promotions import GoodRow

app: Final = noun()
promotion_app: Final = group(
    app, "promotion", "Something off in a period: a per cent, three for two, a bundle."
)

Code = Annotated[str, typer.Argument(metavar="PROMOTION", help="The promotion's code.")]
Until = Annotated[
    str | None,
    typer.Option(metavar="DAY", help="The last day, 2026-12-31, or a moment; never is without an end."),
]


@dataclass(frozen=True)
class Written:
    """What is off, of which goods, when, where and for whom, as it was written; None was not."""

    percent: Annotated[str | None, typer.Option(help="So many per cent off.")] = None
    off: Annotated[str | None, typer.Option(metavar="AMOUNT", help="So much off each unit.")] = None
    take: Annotated[int | None, typer.Option(help="So many pieces are taken ...")] = None
    pay: Annotated[int | None, typer.Option(help="... and so many paid: the dearest.")] = None
    bundle_price: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="All of the products together at this price.")
    ] = None
    product: Annotated[
        list[str] | None, typer.Option(metavar="SKU", help="A product; again. Of a bundle also 2*SKU.")
    ] = None
    category: Annotated[list[str] | None, typer.Option(metavar="NAME", help="All of a category; again.")] = (
        None
    )
    since: Annotated[
        str | None, typer.Option("--from", metavar="MOMENT", help="2026-12-01 or 2026-12-01 06:00; now.")
    ] = None
    until: Until = None
    days: Annotated[str | None, typer.Option(metavar="DAYS", help="On these days: mon,tue,sat; all.")] = None
    hours: Annotated[
        str | None, typer.Option(metavar="HOURS", help="Within these hours: 14:00-18:00; all.")
    ] = None
    depot: Annotated[str | None, typer.Option(metavar="CODE", help="At one depot; all.")] = None
    group: Annotated[str | None, typer.Option(metavar="CODE", help="For a group of customers; all.")] = None
    on_contracts: Annotated[bool | None, typer.Option(help="Also off what is agreed with a customer.")] = None

    def said(self, office: Office, name: str | None) -> Said:
        """As the office takes it.  Raises `Refused` for what cannot be read."""
        money, zone_name = office.organisation.currency, office.organisation.time_zone
        return Said(
            name=name,
            off=self._off(money),
            products=None if self.product is None else [promotion_texts.of(one) for one in self.product],
            categories=self.category,
            depot=_limit(self.depot),
            group=_limit(self.group),
            on_contracts=self.on_contracts,
            days=None if self.days is None else promised_when.days(self.days),
            hours=None if self.hours is None else promised_when.hours(self.hours),
            from_us=moment(self.since or "", zone_name),
            to_us=promised_when.end(self.until, zone_name),
        )

    def _off(self, money: Currency) -> Off | None:
        ways = [
            self.percent is not None,
            self.off is not None,
            self.take is not None or self.pay is not None,
            self.bundle_price is not None,
        ]
        if sum(ways) > 1 or (self.take is None) is not (self.pay is None):
            raise Refused("promotion-kind-one")
        if self.percent is not None:
            return Off(OfferKind.PERCENT, percent_bp=parsing.percent(self.percent))
        if self.off is not None:
            return Off(OfferKind.AMOUNT, amount=parse_price(self.off, money))
        if self.bundle_price is not None:
            return Off(OfferKind.BUNDLE, amount=parse_price(self.bundle_price, money))
        if self.take is not None and self.pay is not None:
            return Off(OfferKind.N_FOR_M, take=self.take, pay=self.pay)
        return None


@command(promotion_app, "list", LOOKING, needs(Permission.SEE_REPORTS))
def list_promotions(office: Office) -> Answer:
    """Every promotion: those that are on, will be, are over or put away."""
    found = promotions.listed(office)
    lines = [
        f"{one.row.promotion.code:<12} {promised_when.state(one):<9} {_takes(one.row.promotion, office):<22}"
        f" {one.row.promotion.name}"
        for one in found
    ]
    return Answer(
        {"promotions": [_values(one, office) for one in found]},
        [*lines, f"{counted(len(found), 'promotion')}."],
    )


@command(promotion_app, "show", LOOKING, needs(Permission.SEE_REPORTS))
def show(office: Office, code: Code) -> Answer:
    """What is off, of which goods, when, where and for whom."""
    found = promotions.show(office, code)
    values = _values(found, office) | {"revision": revision(office, "promotion", code)}
    one = found.row.promotion
    lines = [f"{one.code} {one.name}: {_takes(one, office)}, {promised_when.state(found)}"]
    lines += [f"  off {_good(good, one)}" for good in found.goods]
    told = {
        "from": values["from"],
        "until": values["until"],
        "days": values["days"],
        "hours": values["hours"],
        "depot": found.depot,
        "group": found.group,
        "contracts": "also off what is agreed" if one.on_contracts else "",
    }
    return Answer(values, [*lines, *(f"{name:<10} {said}" for name, said in told.items() if said)])


@command(promotion_app, "add", AT_WORK, somewhere(Permission.EDIT_MASTER))
def add(
    office: Office,
    code: Code,
    *,
    name: Annotated[str, typer.Option("--name", help="What receipts call it.")],
    written: Written,
) -> Answer:
    """Promise something off, at every till, offline too: one of --percent, --off, --take, --bundle-price."""
    promotions.add(office, code, written.said(office, name))
    return _told(office, code)


@command(promotion_app, "edit", AT_WORK, somewhere(Permission.EDIT_MASTER))
def edit(
    office: Office,
    code: Code,
    *,
    name: Annotated[str | None, typer.Option("--name", help="What receipts call it.")] = None,
    written: Written,
    seen: history.Seen = None,
) -> Answer:
    """From now on it is promised otherwise; what is not said stays. Goods that are named stand for all."""
    with as_seen(office, "promotion", code, seen):
        changed = promotions.edit(office, code, written.said(office, name))
    told = _told(office, code)
    return Answer({**told.values, "changed": changed}, told.lines)


@command(promotion_app, "archive", AT_WORK, somewhere(Permission.EDIT_MASTER))
def archive(office: Office, code: Code) -> Answer:
    """Put a promotion away: from now on it takes nothing off."""
    promotions.archive(office, code)
    return _told(office, code)


@command(promotion_app, "restore", AT_WORK, somewhere(Permission.EDIT_MASTER))
def restore(office: Office, code: Code, *, until: Until = None) -> Answer:
    """Bring a promotion back as it was, from now on."""
    promotions.restore(office, code, promised_when.end(until, office.organisation.time_zone))
    return _told(office, code)


@command(promotion_app, "history", LOOKING, history.MAY_SEE)
def promotion_history(office: Office, code: Code) -> Answer:
    """Who promised what, when, before and since."""
    return history.told(office, "promotion", code)


def _told(office: Office, code: str) -> Answer:
    found = promotions.show(office, code)
    one = found.row.promotion
    return Answer(
        _values(found, office),
        [f"{one.code} {one.name}: {_takes(one, office)}, {promised_when.state(found)}."],
    )


# --- what is written -------------------------------------------------------------------------------------


def _limit(code: str | None) -> str | None:
    return "" if code is not None and code.strip().lower() == promised_when.ALL else code


# --- what is shown -----------------------------------------------------------------------------------------


def _takes(promotion: Promotion, office: Office) -> str:
    money = office.organisation.currency
    if promotion.kind is OfferKind.PERCENT:
        return f"{promotion.percent_bp / 100:g} % off"
    if promotion.kind is OfferKind.AMOUNT:
        return f"{price_text(promotion.amount, money)} off each"
    if promotion.kind is OfferKind.N_FOR_M:
        return f"{promotion.take} for {promotion.pay}"
    return f"together {price_text(promotion.amount, money)}"


def _good(good: GoodRow, promotion: Promotion) -> str:
    if not good.sku:
        return f"all of {good.category}"
    many = f"{plain_quantity(good.quantity)}*" if promotion.kind is OfferKind.BUNDLE else ""
    return f"{many}{good.sku}" + ("" if good.active else ", which is archived")


def _values(shown: Shown, office: Office) -> dict[str, Any]:
    one, money = shown.row.promotion, office.organisation.currency
    zone_name, planned = office.organisation.time_zone, shown.row.planned_to_us
    return {
        "code": one.code,
        "name": one.name,
        "state": promised_when.state(shown),
        "kind": one.kind.value,
        "percent": f"{one.percent_bp / 100:g}" if one.percent_bp else "",
        "amount": plain_price(one.amount, money) if one.amount else "",
        "take": one.take,
        "pay": one.pay,
        "goods": [
            {"sku": good.sku, "category": good.category, "quantity": plain_quantity(good.quantity)}
            for good in shown.goods
        ],
        "from": moment_shown(one.from_us, zone_name),
        "until": "" if planned >= ENDLESS_US else moment_shown(planned, zone_name),
        "days": ",".join(DAYS[place] for place in places_of(one.days)),
        "hours": promised_when.hours_shown(one.from_minute, one.to_minute),
        "depot": shown.depot,
        "group": shown.group,
        "on_contracts": one.on_contracts,
    }
