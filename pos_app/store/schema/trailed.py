"""Which tables of the centre the audit log tells of, and how a row of each is known, said and hashed, in SQL.

The same expressions write an entry (`trail`) and hold a row against it (`upkeep.trail_check`), so they are
here once.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, LargeBinary, Table

from pos_app.store.tables.approval_table import approval_secret
from pos_app.store.tables.audit_strange_table import audit_strange
from pos_app.store.tables.bank_tables import bank_account, bank_line, bank_match
from pos_app.store.tables.central import (
    directory,
    double_code,
    enrolment_code,
    person_depot,
    quarantine,
    request_in,
    terminal,
    terminal_key,
)
from pos_app.store.tables.columns import Moment
from pos_app.store.tables.fiscal_tables import fiscal_device
from pos_app.store.tables.flag_tables import flag, flag_look, flag_told
from pos_app.store.tables.former_table import former_term
from pos_app.store.tables.hook_tables import webhook
from pos_app.store.tables.master import MASTER
from pos_app.store.tables.payment_tables import payment_ask, received_payment
from pos_app.store.tables.shell_tables import passkey, recovery_key, web_secret

#: What stands in an entry for a secret: that it is there, or that it changed.
SECRET: Final = "***"  # noqa: S105 - the word, not one

#: The function that reads the directory for one organisation (see `trail`).
DIRECTORY: Final = "seal_directory_of"


class Trailed(NamedTuple):
    """A table of which every change is told.

    `name` is SQL of what people know a row by (of its columns as `row.…`; empty: by its key).  `untold` are
    columns that change all the time and are held by something else; `quiet` ones are in the hash and not in
    the words; `secret` ones too, but the words say that they changed.  `org` is the column that says whose
    it is.  What is `waiting` takes no number in the transaction that wrote it.  Of a table that the
    application may not read, `reader` is the function that reads one organisation's rows for it.
    """

    table: Table
    name: str = ""
    untold: frozenset[str] = frozenset()
    quiet: frozenset[str] = frozenset()
    secret: frozenset[str] = frozenset()
    org: str = "org_id"
    is_waiting: bool = True
    reader: str = ""

    @property
    def source(self) -> str:
        """SQL of what the check reads; of `:org`."""
        return f"{self.reader}(:org)" if self.reader else self.table.name

    @property
    def told(self) -> list[Column[Any]]:
        """The columns that the trail holds."""
        return [one for one in self.table.columns if one.name != self.org and one.name not in self.untold]

    @property
    def keys(self) -> list[Column[Any]]:
        """What a row is known by inside its organisation."""
        return [one for one in self.table.primary_key if one.name != self.org]


_NAMES: Final = {
    "business": "row.code",
    "business_former": "row.business_id || ' ' || row.until_us",
    "depot": "row.code",
    "depot_former": "row.depot_id || ' ' || row.until_us",
    "tax_code_former": "row.code || ' ' || row.until_us",
    "location": "row.code",
    "drawer": "row.code",
    "person": "row.code",
    "house_rule": "row.name || ' ' || row.depot_id",
    "role_permission": "row.role || ' ' || row.permission",
    "person_role": "row.person_id || ' ' || row.role",
    "tax_rate": "row.code || ' ' || row.valid_from",
    "exchange_rate": "row.currency || ' ' || row.valid_from",
    "reorder_level": "row.location_id || ' ' || row.product_id",
    "party_role": "row.party_id || ' ' || row.role",
    "party_contact": "row.party_id || ' ' || row.label",
    "party_meter": "row.party_id || ' ' || row.code",
    "contract_rate": "row.party_id || ' ' || row.product_id",
    "product": "row.sku",
    "product_pack": "row.product_id || ' ' || row.unit_code",
    "party": "row.code",
    "party_group": "row.code",
    "party_group_member": "row.group_id || ' ' || row.party_id",
    "price_list": "row.code",
    "price_list_scope": "row.price_list_id || ' ' || row.kind || ' ' || row.of_id",
    "price_list_item": "row.price_list_id || ' ' || row.product_id",
    "loyalty_programme": "row.code",
    "promotion": "row.code",
    "promotion_item": "row.promotion_id || ' ' || row.place",
    "fiscal_setting": "row.business_id",
    "request_answer": "row.terminal_no || '/' || row.request_no",
}
_OF_DOCUMENT: Final = "(row.document_id >> 32) || '/' || (row.document_id & 4294967295)"
_OF_FLAG: Final = f"{_OF_DOCUMENT} || ' ' || row.kind || ' ' || row.place"

#: What the feed brings: numbered in the transaction that changes it.
_MASTER: Final = [
    Trailed(
        table,
        _NAMES.get(table.name, ""),
        untold=frozenset({"stamp"}),
        # Pages of letters that nobody reads.
        quiet=frozenset({"picture"} & {one.name for one in table.columns}),
        secret=frozenset({"pin_hash", "approval_wrap"}),
        is_waiting=False,
    )
    for table in MASTER
]

TRAILED: Final[Sequence[Trailed]] = (
    *_MASTER,
    Trailed(
        terminal,
        # The marks are held by the documents and runs that lie under them (`end_check`, `audit_check`), and
        # who speaks just now by nothing: it is looked at and no more.
        untold=frozenset(
            {
                "last_seq",
                "last_hash",
                "last_seen_at",
                "starts",
                "start",
                "audit_no",
                "audit_hash",
                "told_seq",
                "program",
            }
        ),
    ),
    Trailed(terminal_key, "row.terminal_no || ' from ' || row.from_seq", quiet=frozenset({"vouched"})),
    Trailed(person_depot, "row.person_id || ' ' || row.depot_id"),
    Trailed(
        enrolment_code,
        "row.depot_id || ' ' || left(encode(row.code_hash, 'hex'), 8)",
        quiet=frozenset({"code_hash"}),
    ),
    Trailed(
        quarantine,
        "row.terminal_no || '/' || row.seq",
        quiet=frozenset({"hash", "prev_hash", "body", "signature"}),
    ),
    Trailed(
        request_in,
        "row.terminal_no || '/' || row.request_no",
        quiet=frozenset({"body", "signature"}),
    ),
    Trailed(double_code, f"{_OF_DOCUMENT} || ' ' || row.place"),
    Trailed(flag, _OF_FLAG),
    Trailed(flag_told, _OF_FLAG),
    Trailed(flag_look, _OF_FLAG),
    Trailed(recovery_key, secret=frozenset({"key_hash"})),
    Trailed(
        passkey,
        untold=frozenset({"sign_count", "answered_us", "used_at"}),
        secret=frozenset({"credential", "closed"}),
    ),
    Trailed(web_secret, untold=frozenset({"totp_step"}), secret=frozenset({"password_hash", "totp_secret"})),
    Trailed(approval_secret, "row.person_id || ' ' || row.since_us", secret=frozenset({"secret"})),
    Trailed(
        former_term,
        "row.subject || ' ' || row.code || ' ' || row.of_id || ' ' || row.with_id || ' ' || row.until_us",
    ),
    Trailed(
        audit_strange,
        "row.terminal_no || ' entries ' || row.first_no || '-' || row.last_no",
        quiet=frozenset({"hash", "body"}),
    ),
    Trailed(
        webhook,
        "row.hook_id",
        # How it goes just now is what its deliveries say.
        untold=frozenset({"failures", "rests_until"}),
        secret=frozenset({"url", "secret", "former_secret"}),
    ),
    Trailed(
        received_payment,
        untold=frozenset({"stamp"}),
        quiet=frozenset({"code", "written", "phone", "payer", "reference"}),
    ),
    Trailed(
        payment_ask,
        # How it goes just now moves with every answer; what it comes to is a payment, or none.
        untold=frozenset({"state", "handle", "reason", "words", "tries", "due_at", "sent_at", "ended_at"}),
        quiet=frozenset({"phone", "code", "reference"}),
    ),
    Trailed(bank_account),
    Trailed(bank_line, quiet=frozenset({"bank_reference", "reference", "payer", "words"})),
    Trailed(bank_match),
    Trailed(
        fiscal_device,
        "row.business_id",
        # How it goes just now, and how far it has counted: its receipts say both.
        untold=frozenset(
            {"next_number", "answered_at", "failures", "rests_until", "said", "codes", "codes_at"}
        ),
        secret=frozenset({"secret"}),
    ),
    Trailed(directory, org="organisation_id", reader=DIRECTORY),
)


def name_of(trailed: Trailed, row: str) -> str:
    """SQL: what an entry calls a row."""
    key = f" || ' ' || {row}.".join(column.name for column in trailed.keys)
    return f"'{trailed.table.name} ' || {trailed.name.replace('row.', f'{row}.') or f'{row}.{key}'}"


def key_of(trailed: Trailed, row: str) -> str:
    """SQL: what a row is known by, as JSON text."""
    return f"jsonb_build_array({', '.join(_value(column, row) for column in trailed.keys)})::text"


def hash_of(trailed: Trailed, row: str) -> str:
    """SQL: SHA-256, in hexadecimal, over all that the trail holds of a row.

    What is empty, or what the column says by itself, is left out: a column that an upgrade adds changes no
    row's.  Nothing of it depends on a setting of the session.
    """
    pairs = ", ".join(f"'{column.name}', {_without_default(column, row)}" for column in trailed.told)
    told = f"jsonb_strip_nulls(jsonb_build_object({pairs}))::text"
    return f"encode(sha256(convert_to({told}, 'UTF8')), 'hex')"


def words_of(trailed: Trailed, row: str, when: str = "") -> str:
    """SQL: a row as JSON text; with `when`, a condition with `{}` for the column, only those."""
    pairs = []
    for column in trailed.told:
        if column.name in trailed.quiet:
            continue
        value = f"'{SECRET}'" if column.name in trailed.secret else _value(column, row)
        if when:
            value = f"CASE WHEN {when.format(column.name, column.name)} THEN {value} END"
        pairs.append(f"'{column.name}', {value}")
    return f"jsonb_strip_nulls(jsonb_build_object({', '.join(pairs)}))::text"


def _value(column: Column[Any], row: str) -> str:
    """SQL: a value as JSON has it, whatever the session's zone or form of bytes."""
    name = f"{row}.{column.name}"
    if isinstance(column.type, LargeBinary):
        return f"encode({name}, 'hex')"
    if isinstance(column.type, Moment):
        return f"to_char({name} AT TIME ZONE 'UTC', 'YYYYMMDD\"T\"HH24MISS.US\"Z\"')"
    return name


def _without_default(column: Column[Any], row: str) -> str:
    default: Any = column.server_default
    if default is None:
        return _value(column, row)
    said = str(default.arg)
    number = not isinstance(column.type, LargeBinary) and column.type.python_type is int
    quote = "" if number else "'"
    return f"nullif({_value(column, row)}, {quote}{said}{quote})"
