"""What currencies are worth, in the back office: a rate from a day on, and all that there were."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.day import from_date, to_date
from pos_app.ledger.exchange_rate import rate_text
from pos_app.ledger.permission import Permission
from pos_app.office import written
from pos_app.office.masters import exchange_rates
from pos_app.office.office import Office
from pos_app.reports.model.period import parse_day
from pos_app.web.masters.declaration import Column, Deed, Field, Kind, Master, Thing, Values, Wanted, sifted


def _listed(office: Office, wanted: Wanted) -> list[dict[str, str]]:
    if wanted.archived:
        return []
    rows = []
    for one in exchange_rates.listed(office):
        # Of one that is worth something only from a day to come, that.
        day, rate = one.on(office.today) or one.rates[-1]
        rows.append({"code": one.code, "rate": rate_text(rate), "since": to_date(day).isoformat()})
    return sifted(rows, wanted)


def _show(office: Office, code: str) -> Thing:
    one = exchange_rates.show(office, code)
    facts = [
        (
            to_date(day).isoformat(),
            web_text(
                "1 {currency} is {rate} {base}",
                currency=one.code,
                rate=rate_text(rate),
                base=office.organisation.currency.code,
            ),
        )
        for day, rate in one.rates
    ]
    return Thing(one.code, one.code, {"code": one.code}, facts=facts)


def _day(values: Values) -> int | None:
    text = values.get("since", "")
    return from_date(parse_day(text, "--from")) if text else None


def _add(office: Office, values: Values) -> str:
    exchange_rates.add(office, values.get("code", ""), written.rate(values.get("rate", "")), _day(values))
    return ""


def _rate(office: Office, code: str, values: Values) -> str:
    exchange_rates.set_rate(office, code, written.rate(values.get("rate", "")), _day(values))
    return ""


_SAID: Final = (
    Field(
        "rate",
        web_words("One of it is worth"),
        Kind.NUMBER,
        hint=web_words("In the shop's own currency: 129.55."),
        needed=True,
        edits=False,
        codes=("not-a-number", "rate-too-fine", "rate-not-positive", "rate-implausible"),
    ),
    Field(
        "since",
        web_words("From"),
        Kind.DAY,
        hint=web_words("Nothing is today."),
        edits=False,
        codes=("not-a-date",),
    ),
)

CURRENCIES: Final = Master(
    path="currencies",
    words=web_words("Currencies"),
    add_words=web_words("Add a currency"),
    noun="rates",
    sees=(Permission.SEE_REPORTS, Permission.EDIT_MASTER),
    changes=(Permission.EDIT_MASTER,),
    columns=(
        Column("code", web_words("Currency")),
        Column("rate", web_words("One of it is worth"), is_number=True),
        Column("since", web_words("Since")),
    ),
    fields=(
        Field(
            "code",
            web_words("Currency"),
            hint=web_words("Three letters: USD."),
            needed=True,
            edits=False,
            codes=("currency-rate-taken", "not-a-currency-code", "own-currency-has-no-rate"),
        ),
        *_SAID,
    ),
    listed=_listed,
    sorts=True,
    show=_show,
    add=_add,
    deeds=(Deed("rate", web_words("Another rate from a day on"), _SAID, _rate),),
)
