"""Approval from afar: a till says in figures what is asked, and a manager's phone answers in figures; pure.

    challenge = written(Asked("refund", 3, 7, 1_200_00, tag))    # told by telephone, read by the phone
    code = answered(keys_of(secret, wrap), challenge)             # told back, typed at the till

Decisions
---------
2026-12-01  What a phone without internet can hold is a secret and the few lines that count with it: a page
of the back office that the browser keeps once it was opened.  An authenticator's codes (RFC 6238) follow from
the time alone: who hears one approves whatever is on the screen, and the till would have to hold the secret.
So the page counts an HMAC over what is asked, and the manager sees that in words before they see a code.

2026-12-01  The code has two halves.  One answers with the person's secret, which no till has: the document
keeps it, and the centre alone can tell whether it is right.  The other is over both by what till and centre
share of that person (their wrapped secret): with it the till tells a code from a guess.  Who has all of a
till's file can so make a code that this till takes, and none that the centre does.

2026-12-01  What is asked is the action, the till, who is at it, how much, and a tag of the request under
which it will be recorded.  A request is recorded once in an organisation, so the code is good once and for
this document.  The tag is short, so it is made slowly (scrypt, RFC 7914): finding another request with the
same one takes more than what a second refund of the same sum brings.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from pos_app.ledger import canonical
from pos_app.ledger.document import TYPES
from pos_app.ledger.drawer import CashMovement
from pos_app.ledger.errors import Damaged, Refused
from pos_app.ledger.head import FromAfar, Head
from pos_app.ledger.permission import DISCOUNT_STEPS, Permission
from pos_app.ledger.price import exact
from pos_app.ledger.quantity import extend
from pos_app.ledger.reversal import Reversal
from pos_app.ledger.trade import Refund

_P: Final = Permission
#: What can be approved, by its place: a challenge carries that, so none of these ever moves.
ACTIONS: Final = (
    _P.REFUND, _P.VOID, _P.PRICE, _P.OVER_LIMIT, _P.CLOSE_DRAWER, _P.CASH_OUT, _P.INVOICE, _P.CREDIT_NOTE,
    _P.PURCHASE, _P.RECEIVE_GOODS, _P.TRANSFER_STOCK, _P.ADJUST_STOCK, _P.STOCK_COUNT, _P.EXPENSE,
    _P.MOVE_MONEY, _P.PARTY_MONEY, _P.BACKDATE,
)  # fmt: skip
#: Figures of a tag, of each half of a code, and of what finds a slip of the tongue (ISO 7064, mod 97).
_TAG: Final = 8
_HALF: Final = 6
_CHECK: Final = 2
#: No field is longer; of a larger sum the last figures are rounded up.
_FIELD: Final = 9
MOST_SIGNS: Final = 60
#: How slowly a tag is made: sixteen megabytes and some forty milliseconds on an old till.
_COST: Final = {"n": 1 << 14, "r": 8, "p": 1}
#: A document with more of them is nobody's honest work.
MOST_GIVEN: Final = 20


class Asked(NamedTuple):
    """What a manager is asked from afar: `person_id` is who is at the till, `amount` in minor units (0: no
    sum is named), `tag` stands for the request.
    """

    action: str
    terminal_no: int
    person_id: int
    amount: int
    tag: int


class Keys(NamedTuple):
    """What answers for a person: `own` is theirs and the centre's, `shared` the tills' too."""

    own: bytes
    shared: bytes


# --- asking -----------------------------------------------------------------------------------------------


def new_salt() -> int:
    """What makes the second question about one request another one than the first."""
    return secrets.randbelow(1_000_000)


def tag_of(request_id: str, salt: int) -> int:
    """The short name of a request; slow on purpose."""
    made = hashlib.scrypt(f"{request_id} {salt}".encode(), salt=b"bohari asked from afar 1", dklen=8, **_COST)
    return int.from_bytes(made, "big") % 10**_TAG


def written(asked: Asked) -> str:
    """The challenge, in figures only.  Raises `Refused` for what does not fit into one."""
    amount, zeros = asked.amount, 0
    while amount and zeros < _FIELD and (amount % 10 == 0 or amount >= 10**_FIELD):
        amount, zeros = -(-amount // 10), zeros + 1
    fields = (asked.terminal_no, asked.person_id, amount)
    if any(not 0 <= one < 10**_FIELD for one in fields) or asked.action not in ACTIONS:
        raise Refused("remote-approval-not-here")
    place = f"{ACTIONS.index(Permission(asked.action)):02d}"
    body = place + "".join(f"{len(str(one))}{one}" for one in fields) + f"{zeros}{asked.tag:0{_TAG}d}"
    return body + f"{98 - int(body) * 100 % 97:0{_CHECK}d}"


def read(typed: str) -> Asked:
    """What a challenge asks, however it was grouped.  Raises `Refused` for a slip in it."""
    figures = _figures(typed)
    rest = figures[2:-_CHECK]
    if int(figures or "0") % 97 != 1 or int(figures[:2]) >= len(ACTIONS):
        raise Refused("remote-challenge-unreadable")
    fields = []
    for _field in range(3):
        length = int(rest[:1] or "0")
        fields.append(rest[1 : 1 + length])
        rest = rest[1 + length :]
    if len(rest) != 1 + _TAG or not all(fields):
        raise Refused("remote-challenge-unreadable")
    terminal_no, person_id, amount = map(int, fields)
    amount *= 10 ** int(rest[:1])
    return Asked(ACTIONS[int(figures[:2])].value, terminal_no, person_id, amount, int(rest[1:]))


def grouped(figures: str) -> str:
    """Figures as a person says them: four and four."""
    return " ".join(figures[at : at + 4] for at in range(0, len(figures), 4))


def _figures(typed: str) -> str:
    figures = "".join(one for one in typed[: 2 * MOST_SIGNS] if one not in " -\t\n\r\u00a0\u202f.")
    if not (figures.isascii() and figures.isdecimal() and len(figures) <= MOST_SIGNS):
        raise Refused("remote-challenge-unreadable")
    return figures


# --- answering --------------------------------------------------------------------------------------------


def shared_of(wrap: str) -> bytes:
    """What tells a code from a guess at a till: by the person's secret as it lies there, wrapped."""
    return hmac.digest(wrap.encode(), b"bohari approval from afar, check 1", "sha256")


def keys_of(secret: bytes, wrap: str) -> Keys:
    """What a person answers with; another one with each new PIN."""
    return Keys(_own_of(secret), shared_of(wrap))


def answered(keys: Keys, challenge: str) -> str:
    """The code that answers a challenge."""
    own = _half(keys.own, _figures(challenge))
    return own + _half(keys.shared, _figures(challenge) + own)


def answer_in(shared: bytes, challenge: str, code: str) -> str | None:
    """The half of a code that the document keeps; None for a code that is not this person's answer."""
    figures = "".join(one for one in code[:MOST_SIGNS] if not one.isspace() and one != "-")
    if not (figures.isascii() and figures.isdecimal() and len(figures) == 2 * _HALF):
        return None
    own = figures[:_HALF]
    return own if _is(_half(shared, challenge + own), figures[_HALF:]) else None


def _own_of(secret: bytes) -> bytes:
    return hmac.digest(secret, b"bohari approval from afar 1", "sha256")


def _half(key: bytes, figures: str) -> str:
    made = hmac.digest(key, figures.encode(), "sha256")
    return f"{int.from_bytes(made[:8], 'big') % 10**_HALF:0{_HALF}d}"


def _is(wanted: str, told: str) -> bool:
    return hmac.compare_digest(wanted.encode(), told.encode())


# --- judging ----------------------------------------------------------------------------------------------


def given_by(document: Head, person_id: int) -> list[FromAfar]:
    """What a document says that somebody approved from afar."""
    return [one for one in document.from_afar if one.person_id == person_id]


def is_answered(document: Head, person_id: int, secret: bytes) -> bool:
    """Whether a person with this secret approved from afar what a document says, for this very document."""
    given = given_by(document, person_id)
    if not given or len(document.from_afar) > MOST_GIVEN or len({one.salt for one in given}) < len(given):
        return False
    key = _own_of(secret)
    try:
        # The slow half of the question comes last: a stranger's answer does not get so far.
        return (
            all(_is(_half(key, written(_asked(document, one))), one.answer) for one in given)
            and all(one.tag == tag_of(document.request_id, one.salt) for one in given)
            and _covers(document, person_id, given)
        )
    except (Refused, Damaged, ValueError):
        return False


def lacks(document: Head, person_id: int, needed: Iterable[Permission]) -> bool:
    """Whether a document needs an approval of this person which they did not give from afar."""
    given = {one.action for one in given_by(document, person_id)}
    return any(not given & _answers_for(one) for one in needed)


def _answers_for(permission: Permission) -> set[str]:
    if permission in DISCOUNT_STEPS.values():
        return {_P.PRICE.value}
    # Cash handed back for what came another way: one approval is for both (see `till.selling.refund`).
    return {_P.REFUND.value, _P.CASH_OUT.value} if permission is _P.REFUND else {permission.value}


def _asked(document: Head, given: FromAfar) -> Asked:
    return Asked(given.action, document.terminal_no, document.person_id, given.amount, given.tag)


def _covers(document: Head, person_id: int, given: list[FromAfar]) -> bool:
    """Whether what was approved is as much as the document has."""
    for action, much in _SUMS.items():
        approved = [one.amount for one in given if one.action == action]
        if approved and much(document, person_id) > sum(approved):
            return False
    return True


def _given_away(document: Any, person_id: int) -> int:
    away = 0
    for line in getattr(document, "lines", ()):
        if getattr(line, "price_approver_id", None) == person_id:
            listed = line.price if line.list_price is None else exact(line.list_price, line.list_price_fine)
            off = 0 if getattr(line, "promotion_id", None) is not None else getattr(line, "discount", 0)
            given = extend(listed, line.quantity) - extend(line.price, line.quantity) + off
            # Of a refund the lines count the other way round.
            away += max(-given if isinstance(document, Refund) else given, 0)
    return away


def _back(document: Any, person_id: int) -> int:
    if isinstance(document, Refund):
        return document.total
    return sum(-(line.net + line.tax) for line in getattr(document, "lines", ()) if line.quantity < 0)


def _cash(document: Any, person_id: int) -> int:
    return document.amount if isinstance(document, CashMovement) else getattr(document, "cash_instead", 0)


def _voided(document: Any, person_id: int) -> int:
    return worth(canonical.decode(bytes(document.original))) if isinstance(document, Reversal) else 0


def worth(document: Any) -> int:
    """What the void of a document is about, in minor units of its currency."""
    return abs(TYPES.of(document).totals(document)[2])


def _over(document: Any, person_id: int) -> int:
    return int(getattr(document, "over_limit", 0))


#: What a document has of each action that is asked about with a sum.
_SUMS: Final[dict[str, Callable[[Any, int], int]]] = {
    _P.PRICE.value: _given_away,
    _P.REFUND.value: _back,
    _P.CASH_OUT.value: _cash,
    _P.OVER_LIMIT.value: _over,
    _P.VOID.value: _voided,
}
