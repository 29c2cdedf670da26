"""What banks say, in lists and forms: accounts, the lines of their statements, and what is sure."""

from typing import Final

from pos_app.language import web_text, web_words
from pos_app.ledger.day import to_date
from pos_app.ledger.permission import Permission
from pos_app.office import bank_statements
from pos_app.office.bank_statements import ASIDE, MATCHED, OPEN, Proposal
from pos_app.office.office import Office
from pos_app.payments.bank_statement import the_sure_one
from pos_app.reports.model.report import CellKind
from pos_app.web.masters.declaration import Choices, Field, Kind
from pos_app.web.work import reading
from pos_app.web.work.declaration import (
    MOST_IN_FILE,
    Done,
    Heading,
    Line,
    Page,
    Sought,
    To,
    Told,
    WorkForm,
    WorkList,
    laid_out,
    worth,
)
from pos_app.web.work.invoices import WORDS

#: The page of a line.
ONE: Final = "/bank/line"
#: That on which a statement is brought in.
BRING: Final = Page("bank/bring", web_words("Bring a bank statement in"), (Permission.MOVE_MONEY,))


def state_words(state: str) -> str:
    """How a line stands, in words."""
    return {OPEN: web_text("open"), MATCHED: web_text("matched"), ASIDE: web_text("set aside")}[state]


def accounts(office: Office) -> Choices:
    """The accounts that are at a bank."""
    return [(one.code, f"{one.code} {one.number}") for one in bank_statements.accounts(office)]


def _states(_: Office) -> Choices:
    return [(MATCHED, web_text("matched")), (ASIDE, web_text("set aside")), ("all", web_text("all"))]


_ACCOUNT: Final = Field(
    "account", web_words("Account"), Kind.CHOICE, choices=accounts, codes=("bank-account-unknown",)
)


def _lines(office: Office, sought: Sought) -> list[Line]:
    state = sought.get("show") or OPEN
    since, until = (reading.day(sought.values, name) or 0 for name in ("from", "to"))
    is_in_order = not sought.get("words") and not sought.sort and sought.most <= MOST_IN_FILE
    most = sought.seen + sought.most if is_in_order else MOST_IN_FILE + 1
    found = bank_statements.lines(
        office, sought.get("account"), "" if state == "all" else state, (since, until), most
    )
    is_open = state == OPEN and len(found) <= _MOST_PROPOSED
    may_be = bank_statements.proposed(office, found) if found and is_open else [[] for _ in found]
    base = office.organisation.currency
    lines = [
        Line(
            (
                one.told.payer or one.told.words[:60] or one.told.reference or one.key.name,
                to_date(one.key.day),
                worth(one.key.amount, one.currency, base),
                " ".join(filter(None, (one.told.reference, one.told.bank_reference))),
                one.told.words[:80],
                one.key.account,
                proposed_words(each) if one.state == OPEN else one.note or state_words(one.state),
            ),
            To(ONE, {"line": one.key.name}),
            one.key.name,
        )
        for one, each in zip(found, may_be, strict=True)
    ]
    return laid_out(lines, sought)


#: Of more lines than this a list does not say what each may be; the page of a line does.
_MOST_PROPOSED: Final = 2_000


def proposed_words(may_be: list[Proposal]) -> str:
    """What a line may be, in the fewest words."""
    sure = the_sure_one(may_be)
    if sure is not None:
        return web_text("sure: {number}", number=sure.number)
    return may_be[0].number + " ?" if may_be else ""


LINES: Final = WorkList(
    path="bank",
    words=web_words("Lines of bank statements"),
    hint=web_words("What the bank says, held against the books: first what nobody said yet what it is."),
    sees=(Permission.SEE_REPORTS,),
    headings=(
        Heading(web_words("Who"), sorts=True),
        Heading(web_words("Day"), CellKind.DATE, sorts=True),
        Heading(web_words("Amount"), CellKind.MONEY, sorts=True),
        Heading(web_words("Reference")),
        Heading(web_words("What it says")),
        Heading(web_words("Account"), sorts=True),
        Heading(web_words("What it may be")),
    ),
    filters=(
        WORDS,
        _ACCOUNT,
        Field("show", web_words("Show"), Kind.CHOICE, choices=_states),
        Field("from", web_words("From"), Kind.DAY, codes=("not-a-date",)),
        Field("to", web_words("To"), Kind.DAY, codes=("not-a-date",)),
    ),
    read=_lines,
    forms=("bank/bring", "bank/sure"),
)


def _standings(office: Office, sought: Sought) -> list[Line]:
    base = office.organisation.currency
    lines = [
        Line(
            (
                f"{one.account.code} {one.name}",
                one.account.number,
                to_date(one.account.closing_day) if one.account.closing_day else None,
                worth(one.account.closing, one.account.currency, base) if one.account.closing_day else None,
                worth(one.booked, one.account.currency, base),
                worth(one.account.closing - one.booked, one.account.currency, base)
                if one.account.closing_day
                else None,
                one.open,
                worth(one.open_amount, one.account.currency, base),
            ),
            To("/bank", {"account": one.account.code}),
            one.account.code,
        )
        for one in bank_statements.standings(office)
    ]
    return laid_out(lines, sought)


ACCOUNTS: Final = WorkList(
    path="bank/accounts",
    words=web_words("Accounts at banks"),
    hint=web_words("What each held by its last statement, what the books say of that day, and what is open."),
    sees=(Permission.SEE_REPORTS,),
    headings=(
        Heading(web_words("Account"), sorts=True),
        Heading(web_words("Number at the bank"), sorts=True),
        Heading(web_words("Day"), CellKind.DATE, sorts=True),
        Heading(web_words("By the bank"), CellKind.MONEY),
        Heading(web_words("By the books"), CellKind.MONEY),
        Heading(web_words("Difference"), CellKind.MONEY),
        Heading(web_words("Open lines"), CellKind.NUMBER, sorts=True),
        Heading(web_words("They come to"), CellKind.MONEY),
    ),
    filters=(WORDS,),
    read=_standings,
    forms=("bank/bring", "bank/account"),
)


def _say_account(office: Office, told: Told) -> Done:
    bank_statements.say_account(office, told.get("account"), told.get("number"), told.get("currency"))
    return Done(To("/bank/accounts", {}), "changed")


SAY_ACCOUNT: Final = WorkForm(
    path="bank/account",
    words=web_words("Say which account is at the bank"),
    hint=web_words("By its number, statements find it; a file of any other account is refused."),
    needs=(Permission.MOVE_MONEY,),
    fields=(
        Field(
            "account",
            web_words("Account"),
            hint=web_words("Its code in the books: 1170 is the bank's main account."),
            needed=True,
            codes=("account-unknown", "account-holds-no-money", "account-archived"),
        ),
        Field(
            "number",
            web_words("Number at the bank"),
            hint=web_words("IBAN or account number, as a statement has it."),
            needed=True,
            codes=("bank-number-none", "bank-number-of-other"),
        ),
        Field(
            "currency",
            web_words("Currency"),
            hint=web_words("Three letters; nothing is the shop's own."),
            codes=("not-a-currency-code", "bank-currency-stays"),
        ),
    ),
    do=_say_account,
)


def _accept_sure(office: Office, told: Told) -> Done:
    bank_statements.accept_sure(office, told.get("account"))
    return Done(To("/bank", {"account": told.get("account")}), "bank-sure")


SURE: Final = WorkForm(
    path="bank/sure",
    words=web_words("Accept all that is sure"),
    hint=web_words(
        "Every open line of which one thing in the books has amount and reference; the rest stays."
    ),
    needs=(Permission.MOVE_MONEY,),
    fields=(_ACCOUNT,),
    do=_accept_sure,
)
