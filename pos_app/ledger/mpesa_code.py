"""The code of an M-Pesa message: how it is written, when two are the same, and which a document carries.

Decisions
---------
2026-11-29  An M-Pesa code has one form everywhere: eight to twelve letters and digits in capitals, as in the
message.  Whoever types it in small letters, with the spaces in which it was read out or with a hyphen means
the same money, and money is money once.

2026-11-29  Codes are compared with O as 0 and I as 1: read from a small screen they are the same signs, and a
code that was used is used again with the other one.  The document keeps what was typed, for the statement of
the M-Pesa account is searched by it.  That two true codes differ in nothing else will not be met: a code
begins with its day, and what follows has far more forms than a shop has payments.

2026-11-29  A message is money once, and one document carries it.  Whoever sends 1,000 for two receipts of 600
and 400 pays both as one basket, or the first with the 1,000 and the second with the change; money that stays
is taken as a deposit or as a payment on the account, which settles what it is meant for.  A code that several
documents share would be a code that nobody can say is used up.
"""

from typing import Any, Final, NamedTuple

from pos_app.ledger.errors import Refused
from pos_app.ledger.head import Head, reference_of
from pos_app.ledger.line import Tender, TenderKind
from pos_app.ledger.treasury import MoneyTransfer

_LENGTHS: Final = range(8, 13)
#: A code that is told in parts must be a whole one, or a code and what stands beside it would be another.
_TRUE_LENGTH: Final = 10
_SAME: Final = str.maketrans("OI", "01")


class MoneyCode(NamedTuple):
    """A code that a document carries: where in it, over how much money of which account (minor units).

    `either` are the accounts of a transfer: the reference is a code where one of them is an M-Pesa till's.
    """

    place: int
    code: str
    amount: int
    account: str
    either: tuple[str, ...] = ()


def mpesa_code(typed: str) -> str:
    """The code of an M-Pesa message as documents keep it.  Raises `Refused` for what is none."""
    code = reference_of(typed).upper()
    parts = "".join(code.replace("-", " ").split())
    if len(parts) == _TRUE_LENGTH:
        code = parts
    if not is_code(code):
        raise Refused("mpesa-code-malformed")
    return code


def is_code(text: str) -> bool:
    """Whether a text has the form that documents keep."""
    return text.isalnum() and text.isascii() and len(text) in _LENGTHS


def alike(code: str) -> str:
    """The form in which two codes are compared, of a code as documents keep it."""
    return code.translate(_SAME)


def codes_of(document: Head) -> tuple[MoneyCode, ...]:
    """The codes that a document carries, in the order of its tenders; a void carries none."""
    if isinstance(document, MoneyTransfer):
        if not is_code(document.reference):
            return ()
        either = (document.from_account, document.to_account)
        return (MoneyCode(0, document.reference, document.amount, either[0], either),)
    # By its shape: every type that takes money has tenders, and most documents none of M-Pesa.
    tenders: tuple[Tender, ...] = _tenders(document)
    return tuple(
        [
            MoneyCode(place, one.reference, one.amount, one.account)
            for place, one in enumerate(tenders)
            if one.kind is TenderKind.MPESA and one.reference
        ]
    )


def _tenders(document: Any) -> tuple[Tender, ...]:
    found: tuple[Tender, ...] = getattr(document, "tenders", ())
    return found
