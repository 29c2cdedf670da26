"""Statements of a bank as camt.053, of any version."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple
from xml.sax.saxutils import escape


class Entry(NamedTuple):
    """An entry; what went has a minus."""

    amount: str
    day: str = "2026-11-20"
    reference: str = ""
    bank: str = ""
    payer: str = ""
    words: str = ""
    state: str = "BOOK"


def camt(
    number: str,
    entries: Sequence[Entry],
    *,
    opening: str = "",
    closing: str = "",
    currency: str = "KES",
    version: str = "08",
) -> str:
    """A document with one statement; it closes with what the entries come to, where nothing is said."""
    booked = sum((Decimal(one.amount) for one in entries if one.state == "BOOK"), Decimal(0))
    closes = closing or (str(Decimal(opening) + booked) if opening else "")
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(amount, currency)}"
        f"<Dt><Dt>{entries[-1].day if entries else '2026-11-20'}</Dt></Dt></Bal>"
        for code, amount in (("OPBD", opening), ("CLBD", closes))
        if amount
    )
    body = "".join(_entry(one, currency, is_old=version < "04") for one in entries)
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>1</Id><Acct><Id><Othr><Id>{number}</Id></Othr></Id>"
        f"<Ccy>{currency}</Ccy></Acct>{balances}{body}</Stmt></BkToCstmrStmt></Document>"
    )


def _amount(amount: str, currency: str) -> str:
    way = "DBIT" if amount.startswith("-") else "CRDT"
    return f'<Amt Ccy="{currency}">{amount.lstrip("-")}</Amt><CdtDbtInd>{way}</CdtDbtInd>'


def _entry(one: Entry, currency: str, *, is_old: bool) -> str:
    state = one.state if is_old else f"<Cd>{one.state}</Cd>"
    role = "Cdtr" if one.amount.startswith("-") else "Dbtr"
    name = f"<Nm>{escape(one.payer)}</Nm>"
    party = f"<{role}>{name if is_old else f'<Pty>{name}</Pty>'}</{role}>" if one.payer else ""
    details = (
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{one.reference or 'NOTPROVIDED'}</EndToEndId></Refs>"
        f"<RltdPties>{party}</RltdPties><RmtInf><Ustrd>{escape(one.words)}</Ustrd></RmtInf></TxDtls></NtryDtls>"
    )
    bank = f"<AcctSvcrRef>{one.bank}</AcctSvcrRef>" if one.bank else ""
    return (
        f"<Ntry>{_amount(one.amount, currency)}<Sts>{state}</Sts><BookgDt><Dt>{one.day}</Dt></BookgDt>"
        f"<ValDt><Dt>{one.day}</Dt></ValDt>{bank}{details}</Ntry>"
    )
