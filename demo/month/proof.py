"""What must hold of a month's books when it is over, asked one by one, and printed.

The checks ask what an accountant and an auditor ask: the statements against each other, the sub-ledgers
against their accounts, tills against the centre, stored rows against documents, and other programs.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text

from demo.month import founding
from demo.month.homes import Seat
from demo.month.judges import Balances, beancount_balances, hledger_balances
from pos_app.bootstrap import Central
from pos_app.cli.report import draw
from pos_app.ledger.chart import PARTY_ACCOUNT, AccountRole
from pos_app.ledger.currency import currency
from pos_app.ledger.document import SERIES
from pos_app.ledger.errors import Damaged
from pos_app.ledger.line import PartyRole
from pos_app.ledger.money import grouped_text
from pos_app.office import revaluation
from pos_app.office.office import Office
from pos_app.reports.ask.question import Question
from pos_app.reports.ask.registry import REPORTS
from pos_app.reports.journals.beancount_export import beancount
from pos_app.reports.journals.hledger_export import hledger
from pos_app.reports.journals.journal_export import View
from pos_app.reports.model import period as days
from pos_app.reports.model.report import Report
from pos_app.store.balances import affected, balances
from pos_app.store.documents import journal_read
from pos_app.store.engine.engine import Database
from pos_app.store.journal import flags, quarantine
from pos_app.store.master import organisations
from pos_app.store.master.organisations import Organisation
from pos_app.store.receivables import chits
from pos_app.store.report_queries import account_movements, chart_of_accounts, open_invoices
from pos_app.store.report_queries.chart_of_accounts import Named
from pos_app.store.report_queries.scope import Scope
from pos_app.store.tables.projections import PROJECTIONS
from pos_app.store.upkeep import verification
from pos_app.store.upkeep.verdict import Verdict

_FIRST, _LAST = date(2026, 10, 1), date(2026, 10, 31)
#: What an account ledger and a statement are shown of.
_ACCOUNT, _PARTY = "1300", "C-0108"
#: A statement of the books as it is asked for each business.
_STATEMENTS: Final = ("trial-balance", "profit-and-loss", "balance-sheet", "stock-valuation", "tax")


@dataclass(frozen=True)
class Check:
    """One thing that must hold, and what was found."""

    name: str
    holds: bool
    found: str


@dataclass
class Proof:
    """All checks; `digest` is the hash over the chains of all terminals."""

    kinds: dict[str, int] = field(default_factory=dict)
    checks: list[Check] = field(default_factory=list)
    digest: str = ""

    @property
    def holds(self) -> bool:
        """Whether everything does."""
        return all(check.holds for check in self.checks)

    @property
    def documents(self) -> int:
        """How many there are."""
        return sum(self.kinds.values())

    def values(self) -> dict[str, Any]:
        """For a program."""
        return {
            "documents": self.documents,
            "kinds": self.kinds,
            "digest": self.digest,
            "checks": [{"name": one.name, "ok": one.holds, "found": one.found} for one in self.checks],
        }

    def lines(self, home: Path) -> Iterator[str]:
        """For a person: the documents, the checks, and how to look."""
        for kind, count in self.kinds.items():
            yield f"{count:6} {kind.replace('_', ' ')}"
        yield f"{self.documents:6} documents of {len(self.kinds)} types; chains {self.digest[:16]}"
        for check in self.checks:
            yield f"{'ok  ' if check.holds else 'BAD '} {check.name}: {check.found}"
        yield f"Every report as PDF lies in {home / 'reports'}.  To look further:"
        when = f"--home {home} --from {_FIRST} --to {_LAST}"
        yield f"  bohari report trial-balance {when}"
        yield f"  bohari report profit-and-loss {when} --by-business"
        yield f"  bohari report account-ledger {when} --account {_ACCOUNT} -o receivable.pdf"
        yield f"  bohari explain customer {_PARTY} --home {home}"


class Auditor:
    """Asks one organisation at the centre."""

    def __init__(self, centre: Central, org_id: int) -> None:
        self.home = centre.home
        self._centre = centre
        self.database: Database = centre.database.for_org(org_id)
        self.org_id = org_id
        with self.database.read() as connection:
            found = organisations.get(connection, org_id)
            self.businesses = list(chart_of_accounts.businesses(connection, org_id).values())
        if found is None:
            raise Damaged("demo-organisation-gone")
        self.organisation: Organisation = found

    def report(self, name: str, business: Named | None = None, *, by_business: bool = False) -> Report:
        """A report of the month."""
        zone = days.zone_of(self.organisation.time_zone)
        made = REPORTS[name]
        with self.database.read() as connection:
            return made.make(
                Question(
                    connection=connection,
                    organisation=self.organisation,
                    period=days.period(made.first_day(_FIRST, _LAST), _LAST, zone),
                    business=business,
                    by_business=by_business,
                    account=_ACCOUNT if name == "account-ledger" else "",
                    party=_PARTY if name == "party-statement" else "",
                )
            )

    def scope(self) -> Scope:
        """Everything until the end of the month."""
        zone = days.zone_of(self.organisation.time_zone)
        return Scope(self.org_id, None, None, days.period(None, _LAST, zone).end)

    def money(self, amount: int) -> str:
        """An amount in base currency."""
        return grouped_text(amount, self.organisation.currency)

    # --- the statements -----------------------------------------------------------------------------

    def statements(self) -> Iterator[Check]:
        """Every statement, of all and of each business, agrees with itself."""
        for name in _STATEMENTS:
            reports = [self.report(name), *(self.report(name, one) for one in self.businesses)]
            findings = [finding for report in reports for finding in report.findings]
            yield Check(name, not findings, findings[0] if findings else _last_row(reports[0]))

    def trial(self) -> Check:
        """The sum of all accounts in base currency, and between the businesses."""
        with self.database.read() as connection:
            moved = account_movements.movements(connection, self.scope())
            facts = chart_of_accounts.accounts(connection, self.org_id)
        whole = sum(one.closing for one in moved.values())
        passing = Counter[str]()
        for (_, code), one in moved.items():
            role = facts[code].role
            if role in (AccountRole.CLEARING, AccountRole.EXCHANGE_CLEARING):
                passing[role] += one.closing
        holds = whole == 0 and not any(passing.values())
        return Check("trial balance", holds, f"{self.money(whole)} over {len(moved)} accounts of businesses")

    def profits(self) -> Check:
        """Profit and loss of each business and of all together."""
        each = [_profit(self.report("profit-and-loss", one)) for one in self.businesses]
        whole = _profit(self.report("profit-and-loss"))
        said = " + ".join(
            f"{one.code} {self.money(profit)}" for one, profit in zip(self.businesses, each, strict=True)
        )
        return Check("profits of the businesses", sum(each) == whole, f"{said} = {self.money(whole)}")

    # --- the sub-ledgers ----------------------------------------------------------------------------

    def parties(self) -> Iterator[Check]:
        """What stands between us and parties is on their accounts; what is open is what they owe."""
        accounts, owed = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        on_account = Counter[tuple[str, str]]()
        # By account: what slips and depositors are owed stands on one.
        of_parties = {role.value: account.value for role, account in PARTY_ACCOUNT.items()}
        held = Counter[tuple[str, str]]()
        with self.database.read() as connection:
            facts = chart_of_accounts.accounts(connection, self.org_id)
            items = open_invoices.open_invoices(connection, self.scope())
            slips = chits.outstanding(connection, self.org_id)
        # Nobody's name stands on a slip: what is owed for it is known by its number alone.
        for slip in slips:
            held[of_parties[slip.chit.role], slip.currency] -= slip.left
            held[of_parties[slip.chit.role], "base"] -= slip.left
        for transaction in journal_read.transactions(self.database, self.org_id):
            for line in transaction.lines:
                role = facts[line.account].role or ""
                if role in of_parties.values():
                    accounts[role, line.currency] += line.amount
                    accounts[role, "base"] += line.base_amount
                if line.party_role:
                    held[of_parties[line.party_role], line.currency] += line.amount
                    held[of_parties[line.party_role], "base"] += line.base_amount
                    owed[line.party_role, line.currency] += line.amount
                    owed[line.party_role, "base"] += line.base_amount
                if line.party_role == PartyRole.CUSTOMER and transaction.kind in _AT_THE_COUNTER:
                    on_account[line.party_role, line.currency] += line.amount
                    on_account[line.party_role, "base"] += line.base_amount
        yield Check("accounts of parties", +accounts == +held and -accounts == -held, _said(owed))
        opened = Counter[tuple[str, str]]()
        for one in items:
            sign = -1 if one.role == PartyRole.VENDOR else 1
            opened[one.role, one.currency] += sign * one.amount
            opened[one.role, "base"] += sign * one.base_amount
        vendors = {key: amount for key, amount in owed.items() if key[0] == PartyRole.VENDOR and amount}
        mine = {key: amount for key, amount in opened.items() if key[0] == PartyRole.VENDOR and amount}
        yield Check("open bills are the payables", vendors == mine, _said(Counter(mine)))
        dollars = (str(PartyRole.CUSTOMER), "USD")
        yield Check(
            "open invoices in dollars are the receivables in dollars",
            owed[dollars] == opened[dollars],
            _said(Counter({dollars: opened[dollars]})),
        )
        yield self._receivables(owed, opened, on_account)

    def _receivables(
        self,
        owed: Counter[tuple[str, str]],
        opened: Counter[tuple[str, str]],
        on_account: Counter[tuple[str, str]],
    ) -> Check:
        """In shillings: open invoices, what was put on account at a counter, less money that is free."""
        key = (str(PartyRole.CUSTOMER), self.organisation.currency.code)
        free = opened[key] + on_account[key] - owed[key]
        report = self.report("ageing")
        row = next(section for section in report.sections if section.title.endswith(f", {key[1]}")).rows[-1]
        *due, beside, credit, balance = (cell if isinstance(cell, int) else 0 for cell in row.cells)
        # What was credited or paid beyond an invoice stands beside what is open, and not among it.
        beyond = sum(due) - opened[key]
        holds = balance == owed[key] and beside + credit == on_account[key] - free - beyond and free >= 0
        found = (
            f"open {self.money(opened[key])} + on account {self.money(on_account[key])}"
            f" - not allocated {self.money(free)} = {self.money(owed[key])}"
        )
        return Check("open invoices and the receivables in shillings", holds, found)

    def ageing_of_businesses(self) -> Check:
        """What each business's ageing comes to is what stands on its accounts of customers and vendors."""
        roles = {"receivable": ("Receivable", 1), "payable": ("Payable", -1)}
        with self.database.read() as connection:
            facts = chart_of_accounts.accounts(connection, self.org_id)
        owed, shown = Counter[tuple[int, str]](), Counter[tuple[int, str]]()
        for transaction in journal_read.transactions(self.database, self.org_id):
            for line in transaction.lines:
                named = roles.get(facts[line.account].role or "")
                if named is not None:
                    owed[line.business_id, f"{named[0]}, {line.currency}"] += named[1] * line.amount
        for one in self.businesses:
            for section in self.report("ageing", one).sections:
                (balance,) = (
                    cell
                    for column, cell in zip(section.columns, section.rows[-1].cells, strict=True)
                    if column.title == "Balance"
                )
                shown[one.key, section.title] += balance if isinstance(balance, int) else 0
        there = {key: amount for key, amount in owed.items() if amount}
        holds = there == {key: amount for key, amount in shown.items() if amount}
        return Check("ageing of each business", holds, f"{len(there)} balances of businesses")

    def foreign_money(self) -> Check:
        """Dollars stand at the rate of the last day: a revaluation finds nothing."""
        office = Office(self._centre.database, self._centre.clock, self.org_id, "ACC")
        found = revaluation.look(office, founding.LAST_DAY).revalued
        said = f"{found[0].held} is worth {found[0].worth}" if found else "at the rate of the last day"
        return Check("money in dollars", not found, said)

    # --- other programs -----------------------------------------------------------------------------

    def judges(self) -> Iterator[Check]:
        """hledger and beancount read the export, in every currency and in base."""
        for name, write, ask in (
            ("hledger", hledger, hledger_balances),
            ("beancount", beancount, beancount_balances),
        ):
            yield self._judged(name, write, ask)

    def _judged(
        self,
        name: str,
        write: Callable[[Database, Organisation, View], Iterator[str]],
        ask: Callable[[Path], Balances | None],
    ) -> Check:
        compared = 0
        for view in View:
            path = self.home / "reports" / f"journal-{view.value}.{name}"
            path.write_text("".join(write(self.database, self.organisation, view)), encoding="utf-8")
            try:
                theirs = ask(path)
            except Damaged as error:
                return Check(name, holds=False, found=error.sentence)
            if theirs is None:
                return Check(name, holds=True, found="not installed, not asked")
            ours = self._ours(view)
            if theirs != ours:
                key = next(key for key in {*theirs, *ours} if theirs.get(key) != ours.get(key))
                return Check(
                    name, holds=False, found=f"{key}: it says {theirs.get(key)}, we say {ours.get(key)}"
                )
            compared += len(ours)
        return Check(name, holds=True, found=f"agrees on {compared} balances")

    def _ours(self, view: View) -> Balances:
        """The cached balances of the accounts, over the businesses, in major units."""
        base = self.organisation.currency.code
        sums = Counter[tuple[str, str]]()
        with self.database.read() as connection:
            projection = next(one for one in PROJECTIONS if one.name == "account_balance")
            for key in affected.keys(connection, projection):
                values = balances.current(connection, projection, key)
                money = base if view is View.BASE else key["currency"]
                place = "base_amount" if view is View.BASE else "amount"
                sums[key["account_code"], money] += values[place]
        return {
            key: Decimal(amount).scaleb(-currency(key[1]).exponent) for key, amount in sums.items() if amount
        }

    # --- the databases ------------------------------------------------------------------------------

    def verified(self, seats: list[Seat]) -> Iterator[Check]:
        """Chains, seals, rows and sums at the centre and on every till."""
        with self.database.read() as connection:
            waiting = quarantine.waiting(connection, self.org_id)
            odd = flags.everything(connection, self.org_id)
        yield Check("quarantine", not waiting, waiting[0].reason if waiting else "nothing waits")
        # Everybody was honest, also those whose till had no line for days.
        yield Check("flags", not odd, f"{odd[0].number}: {odd[0].sentence}" if odd else "nothing is odd")
        yield _verdict("verify centre", verification.verify(self.database, self.org_id))
        for seat in seats:
            database = seat.till.database
            verdict = verification.verify(database, self.org_id, seat.terminal_no)
            yield _verdict(f"verify {seat.folder.name}", verdict)

    def compared(self, seats: list[Seat]) -> Iterator[Check]:
        """Every balance that a till keeps, at the till and at the centre."""
        for seat in seats:
            asked, wrong = 0, ""
            with seat.till.database.read() as here, self.database.read() as there:
                for projection in PROJECTIONS:
                    for key in affected.keys(here, projection):
                        asked += 1
                        ours = balances.current(here, projection, key)
                        theirs = balances.current(there, projection, key)
                        if ours != theirs:
                            wrong = wrong or f"{projection.name} {key}: {ours}, centre {theirs}"
            found = wrong or f"{asked} balances equal the centre's"
            yield Check(f"{seat.folder.name} and centre", not wrong, found)

    # --- paper --------------------------------------------------------------------------------------

    def drawn(self) -> Check:
        """Every report as PDF, also by business where that means something."""
        folder = self.home / "reports"
        pages = 0
        for name in REPORTS:
            (folder / f"{name}.pdf").write_bytes(draw(self.report(name), "pdf"))
            pages += 1
        for name in ("trial-balance", "profit-and-loss", "balance-sheet"):
            wide = self.report(name, by_business=True)
            (folder / f"{name}-by-business.pdf").write_bytes(draw(wide, "pdf"))
            pages += 1
        return Check("reports on paper", holds=True, found=f"{pages} files")


_AT_THE_COUNTER: Final = ("sale", "refund", "reversal")


def proved(centre: Central, org_id: int, seats: list[Seat]) -> Proof:
    """Check everything, also where something does not hold."""
    auditor = Auditor(centre, org_id)
    (centre.home / "reports").mkdir(exist_ok=True)
    with auditor.database.read() as connection:
        kinds = _documents_by_kind(connection, org_id)
        heads = _chain_heads(connection, org_id)
    proof = Proof(kinds)
    proof.digest = sha256(
        b"".join(number.to_bytes(4, "big") + head for number, head in heads.items())
    ).hexdigest()
    missing = sorted({str(one.__struct_config__.tag) for one in SERIES} - set(kinds))
    proof.checks.append(
        Check("every type of document", not missing, ", ".join(missing) or f"{len(kinds)} of {len(SERIES)}")
    )
    proof.checks += [auditor.trial(), *auditor.statements(), auditor.profits(), *auditor.parties()]
    proof.checks += [auditor.ageing_of_businesses(), auditor.foreign_money()]
    proof.checks += [*auditor.judges(), *auditor.verified(seats), *auditor.compared(seats), auditor.drawn()]
    return proof


def _verdict(name: str, verdict: Verdict) -> Check:
    found = verdict.problems[0] if verdict.problems else f"{verdict.documents} documents"
    return Check(name, verdict.ok, found)


def _profit(report: Report) -> int:
    found = report.sections[0].rows[-1].cells[-1]
    return found if isinstance(found, int) else 0


def _last_row(report: Report) -> str:
    """The totals at the bottom of a report, as words."""
    section = report.sections[-1]
    said = []
    for column, cell in zip(section.columns, section.rows[-1].cells, strict=True):
        if isinstance(cell, int) and column.currency is not None:
            said.append(grouped_text(cell, column.currency))
        elif cell:
            said.append(str(cell))
    return " ".join(said)


def _said(sums: Counter[tuple[str, str]]) -> str:
    return ", ".join(
        f"{role} {grouped_text(amount, currency(money))} {money}"
        for (role, money), amount in sorted(sums.items())
        if money != "base" and amount
    )


def _documents_by_kind(connection: Connection, org_id: int) -> dict[str, int]:
    """How many documents of each kind are in the books, by kind."""
    rows = connection.execute(
        text("SELECT kind, count(*) FROM document WHERE org_id = :org GROUP BY kind ORDER BY kind"),
        {"org": org_id},
    )
    return {str(row[0]): int(row[1]) for row in rows}


def _chain_heads(connection: Connection, org_id: int) -> dict[int, bytes]:
    """The hash of the last document of each terminal: the whole of its history in 32 bytes."""
    rows = connection.execute(
        text("SELECT terminal_no, last_hash FROM terminal WHERE org_id = :org ORDER BY terminal_no"),
        {"org": org_id},
    )
    return {int(row[0]): bytes(row[1]) for row in rows}
