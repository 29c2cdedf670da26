"""Personal fields at the centre: nobody who has the database alone can read or find them."""

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from pos_app import bootstrap
from pos_app.ledger import canonical
from pos_app.ledger.line import TenderKind
from pos_app.ledger.travel import Cursor
from pos_app.store.documents import audit, documents
from pos_app.store.engine import copies, privacy
from pos_app.store.engine.embedded import _find_binaries
from pos_app.store.engine.engine import Database, open_postgres
from pos_app.store.engine.vault import KEY_BYTES, VARIABLE, Vault
from pos_app.store.feed import feed
from pos_app.store.journal import quarantine
from pos_app.store.master import master_edit, people
from pos_app.store.organisation import founding, master_import
from pos_app.store.organisation.master_import import CustomerRow
from pos_app.store.schema import schema
from pos_app.store.tables import master
from pos_app.store.upkeep import verification
from tests.support.documents.specimens import MOMENT, ORG, TILL, Item, payment, reversal, sale, tender
from tests.support.refused import damaged, refused
from tests.support.worlds.books import Store

PHONE = "+254 712 345 678"
OTHER_PHONE = "0733998877"
CODE = "SLK4AB9Z01"
BAD_CODE = "QWX7RT2Y88"
SECRETS = (PHONE, PHONE.replace(" ", ""), "712345678", OTHER_PHONE, CODE, BAD_CODE)


@pytest.fixture
def filled(central_store: Store) -> Store:
    """Phones and codes everywhere that they can get to."""
    database = central_store.database
    journal = central_store.journal()
    whole = sale(Item(2_000, 15_000))
    paid = tender(TenderKind.MPESA, whole.total, CODE)
    sold = journal.record_document(sale(Item(2_000, 15_000), tenders=(paid,)))
    journal.record_document(payment(5_000, TenderKind.MPESA))
    journal.record_document(reversal(sold.document, sold.hash))
    with database.write() as connection:
        master_import.put_customers(connection, ORG, [CustomerRow(1, "C1", "Asha", PHONE, 0)])
        party_id = connection.execute(text("SELECT party_id FROM party")).scalar_one()
        master_edit.change(connection, master.party, ORG, party_id, phone=PHONE)
        audit.write(
            connection,
            org_id=ORG,
            at=MOMENT,
            terminal_no=TILL,
            action="change",
            subject="party C1",
            before=f'{{"phone": "{OTHER_PHONE}"}}',
            after=f'{{"phone": "{PHONE}"}}',
        )
        body = canonical.encode(
            sale(Item(2_000, 15_000), tenders=(tender(TenderKind.MPESA, whole.total, BAD_CODE),))
        )
        quarantine.put(
            connection,
            org_id=ORG,
            terminal_no=TILL,
            seq=9,
            hash_=bytes(32),
            prev_hash=bytes(32),
            body=body,
            reason="Its hash is not the hash of its bytes.",
            received_at=MOMENT,
        )
    return central_store


def forms(secret: str) -> Iterator[bytes]:
    """The secret as it could be read: plain, in hex, in base64 wherever it begins within three bytes."""
    raw = secret.encode()
    yield raw
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    for shift in range(3):
        whole = base64.b64encode(bytes(shift) + raw)
        # The characters at both ends hold bits of the neighbours too.
        inner = whole[(0, 2, 3)[shift] : len(whole) - 4]
        yield inner
        yield inner.replace(b"+", b"-").replace(b"/", b"_")


def findings(dump: bytes) -> list[str]:
    return [f"{secret}: {form!r}" for secret in SECRETS for form in forms(secret) if form in dump]


def test_a_secret_would_be_found_in_every_form() -> None:
    raw = CODE.encode()
    for dump in (
        b"x" + raw,
        raw.hex().encode(),
        *(base64.b64encode(b"-" * shift + raw + b"--") for shift in range(3)),
    ):
        assert findings(dump), dump


def test_no_phone_and_no_code_can_be_read_in_any_table(filled: Store) -> None:
    with filled.database.engine.connect() as connection:
        tables = connection.scalars(
            text(
                "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind = 'r'"
                " AND c.relnamespace = 'public'::regnamespace"
            )
        ).all()
        assert {"document", "party", "quarantine", "tender_2026", "audit_log_2026"} <= set(tables)
        cursor = connection.connection.cursor()
        for table in tables:
            for how in ("TEXT", "BINARY"):
                with cursor.copy(f"COPY {table} TO STDOUT (FORMAT {how})") as copy:
                    dump = b"".join(bytes(part) for part in copy)
                assert findings(dump) == [], table


def test_no_phone_and_no_code_can_be_read_in_a_dump(filled: Store, tmp_path: Path) -> None:
    copies.copy_central(filled.database, tmp_path / "centre.dump")
    read_back = subprocess.run(
        [str(_find_binaries() / "pg_restore"), "--file=-", str(tmp_path / "centre.dump")],
        check=True,
        capture_output=True,
    ).stdout
    assert b"COPY public.tender_2026" in read_back
    assert findings(read_back) == []


def test_with_the_key_everything_reads_as_it_was(filled: Store) -> None:
    with filled.database.read() as connection:
        assert documents.reference_used(connection, ORG, CODE.lower()) is not None
        assert documents.reference_used(connection, ORG, "SLK4AB9Z02") is None
        for written in (PHONE, "0712345678", "254712345678"):
            assert [one.phone for one in people.parties_by_phone(connection, ORG, written)] == [PHONE]
        assert people.parties_by_phone(connection, ORG, OTHER_PHONE) == []
        assert BAD_CODE.encode() in quarantine.waiting(connection, ORG)[0].body
        first = documents.latest(connection, ORG, ("sale",), 1)[0].document_id
        assert CODE.encode() in (documents.body(connection, ORG, first) or b"")
        closed = connection.execute(text("SELECT after FROM audit_log WHERE action = 'change'")).scalar_one()
        assert PHONE in privacy.of(connection).decrypt_text(ORG, privacy.AUDIT, closed)
    verdict = verification.verify(filled.database, ORG)
    assert [one for one in verdict.problems if "quarantine" not in one] == []


def test_the_feed_brings_tills_the_plain_phone(central: Database) -> None:
    from pos_app.ledger.clock import SystemClock

    made = founding.found(central, "Depot Ltd", "KES", SystemClock(), owner_pin_hash="x")
    with central.write() as connection:
        master_import.put_customers(connection, made.org_id, [CustomerRow(1, "C1", "Asha", PHONE, 0)])
        number = connection.execute(text("SELECT terminal_no FROM terminal")).scalar_one()
    with central.read() as connection:
        reading = feed.read(connection, made.org_id, number, {"party": Cursor(0, "")})
        page = reading.pages[0][0]
    assert page.rows[0][page.columns.index("phone")] == PHONE


def test_importing_the_same_customers_again_writes_nothing(filled: Store) -> None:
    before = filled.scalar("SELECT stamp FROM party")
    with filled.database.write() as connection:
        master_import.put_customers(connection, ORG, [CustomerRow(1, "C1", "Asha", PHONE, 0)])
    assert filled.scalar("SELECT stamp FROM party") == before


def test_two_organisations_numbers_do_not_look_alike() -> None:
    vault = Vault(bytes(KEY_BYTES))
    assert vault.blind_index(1, privacy.PHONE, PHONE) != vault.blind_index(2, privacy.PHONE, PHONE)
    assert vault.encrypt_text(1, privacy.PHONE, PHONE) != vault.encrypt_text(2, privacy.PHONE, PHONE)
    with damaged("closed-value-does-not-open"):
        vault.decrypt_text(2, privacy.PHONE, vault.encrypt_text(1, privacy.PHONE, PHONE))
    with damaged("closed-value-does-not-open"):
        vault.decrypt_text(1, privacy.REFERENCE, vault.encrypt_text(1, privacy.PHONE, PHONE))


@pytest.mark.parametrize("place", [0, 1, 13, -1])
def test_a_changed_byte_does_not_open(place: int) -> None:
    vault = Vault(bytes(KEY_BYTES))
    closed = bytearray(vault.encrypt_bytes(1, b"document"))
    closed[place] ^= 1
    with damaged("closed-value-does-not-open"):
        vault.decrypt_bytes(1, bytes(closed))


def test_without_the_key_nothing_personal_is_written(
    central_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    database = open_postgres(central_url)
    with refused("privacy-key-missing"), database.write() as connection:
        master_import.put_customers(connection, ORG, [CustomerRow(1, "C1", "Asha", PHONE, 0)])
    database.close()


# --- the key of a home ------------------------------------------------------------------------------


def opens(home: Path) -> None:
    with bootstrap.central(home, make=True):
        pass


def test_a_lost_and_a_wrong_key_are_said_at_the_start(
    central_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("BOHARI_DATABASE_URL", central_url)
    opens(tmp_path)
    file = tmp_path / "privacy.key"
    assert file.stat().st_mode & 0o777 == 0o600
    right = file.read_text()
    opens(tmp_path)

    file.unlink()
    with refused("privacy-key-not-in-home"):
        opens(tmp_path)
    assert not file.exists()
    file.write_text("ab" * KEY_BYTES)
    with refused("privacy-key-wrong"):
        opens(tmp_path)
    file.write_text("ab")
    with damaged("privacy-key-malformed"):
        opens(tmp_path)
    file.unlink()
    monkeypatch.setenv(VARIABLE, right)
    opens(tmp_path)


def test_the_database_tells_nothing_of_the_key(central: Database) -> None:
    assert "privacy_check" in {table.name for table in schema.METADATA["central"][1].sorted_tables}
    key = bytes(range(KEY_BYTES))
    assert key not in Vault(key).check_value() + Vault(key).encrypt_bytes(1, b"document")
