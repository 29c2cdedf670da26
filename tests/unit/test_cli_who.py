"""Every command says who may; a shell proves who is at it by PIN, session or token, at till and centre."""

import io
import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pos_app import bootstrap
from pos_app.cli import identity
from pos_app.cli.command import TOLD, command, noun
from pos_app.cli.lazy_group import LazyGroup
from pos_app.cli.needs import Needs, needs, open_to_all
from pos_app.cli.program import root
from pos_app.ledger.permission import Permission
from pos_app.store.documents import audit
from pos_app.store.organisation import founding, recovery, staff
from pos_app.till.session.sign_in import hash_pin
from tests.support.refused import refused
from tests.support.worlds import shell_sessions
from tests.support.worlds.command_line import Ran
from tests.support.worlds.office_line import PIN, Line, opened

#: What is open to everybody; whoever adds to it says why in the command and here that they meant it.
OPEN = {
    "archive verify", "backup-key", "backup-open", "business list", "db check", "db new-life", "demo",
    "demo-month", "depot list", "doctor", "drill", "enrol", "init", "locations list", "login", "logout",
    "organisation show", "rates list", "recover", "restore centre", "restore till", "restore upgrade",
    "selftest", "server", "server-key show", "stand-in card", "stand-in daraja", "stand-in etims-oscu",
    "stand-in etims-vscu", "stand-in printer", "stand-in sms", "stand-in smtp", "status", "syncd",
    "template copy", "template list", "terminal card", "till", "training discard", "verify", "whoami",
}  # fmt: skip


def commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command by the words after `bohari`, groups that are commands themselves too."""
    for name in group.commands:
        one = group.load(name) if isinstance(group, LazyGroup) else group.commands[name]
        words = f"{before} {name}".strip()
        if hasattr(one, "commands"):
            yield from commands(one, words)
            if not one.callback or not getattr(one, "invoke_without_command", False):
                continue
        yield words, one


def test_every_command_says_who_may() -> None:
    seen = {words: getattr(one.callback, "needs", None) for words, one in commands(root())}
    assert [words for words, said in seen.items() if not isinstance(said, Needs)] == []
    said = {words: one for words, one in seen.items() if isinstance(one, Needs)}
    assert {words for words, one in said.items() if not one.permissions} == OPEN
    assert {words for words, one in said.items() if one.two} >= {
        "quarantine accept",
        "quarantine reject",
        "codes settle",
    }
    assert len(said) > 90


def test_a_command_that_says_nothing_cannot_be_declared() -> None:
    with pytest.raises(TypeError):
        Needs()
    with pytest.raises(TypeError):
        open_to_all(" ")
    with pytest.raises(TypeError, match="asks nobody"):
        command(noun(), "x", TOLD, needs(Permission.SELL))


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """One home; each test hires whom it needs."""
    with opened(tmp_path_factory.mktemp("who")) as made:
        yield made


@pytest.fixture(autouse=True)
def _own_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def say(line: Line, *words: str, **variables: str) -> Ran:
    """A command of whoever the variables prove, or of nobody."""
    return line.as_told(*words, "--json", **variables)


def code_of(ran: Ran) -> str:
    assert ran.code == 1, ran
    return str(json.loads(ran.stdout)["code"])


NOBODY = [
    ("person", "add", "X", "--name", "X", "--role", "owner"),
    ("person", "list"),
    ("role", "grant", "cashier", "refund"),
    ("import", "products", "x.csv"),
    ("report", "trial-balance"),
    ("export", "journal"),
    ("recalculate", "--all"),
    ("backup",),
    ("audit", "list"),
    ("enrol-code",),
    ("parties", "list"),
    ("invoices", "new", "--customer", "C1", "--line", "GAS,1"),
    ("quarantine", "list"),
    ("quarantine", "accept", "1/1", "--reason", "x", "--with", "OWN"),
    ("archive", "--to", "a"),
    ("token", "list"),
    ("recovery-key",),
    ("explain", "customer", "C1"),
    ("init", "--another", "--org", "Another"),
]


@pytest.mark.parametrize("words", NOBODY, ids=[" ".join(words[:2]) for words in NOBODY])
def test_nobody_gets_nothing(line: Line, words: tuple[str, ...]) -> None:
    before = line.counts()
    assert code_of(say(line, *words)) == "nobody-named"
    assert line.counts() == before


@pytest.mark.parametrize("who", ["MGR", "AUD"])
def test_who_may_not_change_people_makes_no_owner(line: Line, who: str) -> None:
    ran = say(line, "person", "add", "X", "--name", "X", "--role", "owner", BOHARI_BY=who, BOHARI_PIN=PIN)
    assert code_of(ran) == "person-may-not"


def test_whose_name_alone_approves_is_listed_until_their_next_pin(tmp_path: Path) -> None:
    owner = {"BOHARI_BY": "OWN", "BOHARI_PIN": PIN}
    # A home of its own: somebody gets another PIN.
    with opened(tmp_path) as line:

        def bare() -> set[str]:
            people = say(line, "person", "list", **owner).values["people"]
            return {one["code"] for one in people if not one["proves"]}

        # The founder's PIN was drawn by this version; the others' are hashes of before.
        assert bare() == {"ACC", "MGR", "OWN", "AUD"}
        assert say(line, "person", "pin", "MGR", **owner).code == 0
        assert bare() == {"ACC", "OWN", "AUD"}
        told = line.as_told("person", "list", **owner).stdout.splitlines()[-1]
        assert "ACC, AUD, OWN" in told


def test_a_session_is_of_one_account_and_ends(line: Line, tmp_path: Path) -> None:
    done = say(line, "login", "--by", "OWN", BOHARI_PIN=PIN).values
    assert (done["person"], "token" in done) == ("OWN", False)
    (file,) = (tmp_path / "bohari").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert say(line, "whoami").values["person"] == "OWN"
    assert say(line, "person", "list").code == 0
    # A session of one is none of another.
    assert code_of(say(line, "person", "list", "--by", "MGR")) == "pin-not-given"
    file.chmod(0o644)
    assert code_of(say(line, "person", "list")) == "nobody-named"
    file.chmod(0o600)
    shown = file.read_text()
    change(line, "UPDATE shell_token SET account = 'somebody@elsewhere' WHERE kind = 'session'")
    assert code_of(say(line, "person", "list", BOHARI_TOKEN=shown)) == "token-counts-not"
    change(
        line, "UPDATE shell_token SET account = :account WHERE kind = 'session'", account=identity.account()
    )
    assert say(line, "logout").values["person"] == "OWN"
    assert list((tmp_path / "bohari").iterdir()) == []
    assert code_of(say(line, "person", "list", BOHARI_TOKEN=shown)) == "token-counts-not"
    actions = [one.action for one in entries(line)]
    assert {"session.begun", "session.revoked"} <= set(actions)


def test_a_token_does_what_it_names_and_its_person_may(line: Line) -> None:
    hire(line, "NIGHT", "owner")
    owner = {"BOHARI_BY": "OWN", "BOHARI_PIN": PIN}
    night = {"BOHARI_BY": "NIGHT", "BOHARI_PIN": PIN}
    words = ("token", "add", "--name", "reports", "--may", "see-reports")
    made = say(line, *words, **night).values
    job = {"BOHARI_TOKEN": made["token"]}
    assert made["token"] not in json.dumps(say(line, "token", "list", **owner).values)
    assert say(line, "report", "trial-balance", **job).code == 0
    assert code_of(say(line, "person", "list", **job)) == "person-may-not"
    assert code_of(say(line, "invoices", "new", "--customer", "C1", "--line", "GAS,1", **job)) == (
        "person-may-not-here"
    )
    # Neither does it make a session or another token.
    assert code_of(say(line, "login", "--by", "NIGHT", **job)) == "pin-not-given"
    assert code_of(say(line, "token", "add", "--name", "x", "--may", "operate", **job)) == ("person-may-not")
    people = say(line, "token", "add", "--name", "p", "--may", "edit-people", **night).values
    more = ("token", "add", "--name", "all", "--may", "operate")
    assert code_of(say(line, *more, BOHARI_TOKEN=people["token"])) == "token-by-token"
    take_away(line, "NIGHT")
    assert code_of(say(line, "report", "trial-balance", **job)) == "person-may-not"
    change(line, "UPDATE person SET active = 0 WHERE code = 'NIGHT'")
    assert code_of(say(line, "report", "trial-balance", **job)) == "token-of-who-left"
    assert say(line, "token", "revoke", str(made["key"]), **owner).values["revoked"] == [made["key"]]
    assert code_of(say(line, "report", "trial-balance", **job)) == "token-counts-not"


def test_a_token_of_the_api_opens_no_shell(line: Line) -> None:
    hire(line, "WEBSHOP", "owner")
    owner = {"BOHARI_BY": "OWN", "BOHARI_PIN": PIN}
    words = ("token", "add", "--name", "shop", "--may", "see-reports")
    assert code_of(say(line, *words, "--of", "WEBSHOP", **owner)) == "token-of-another-api-alone"
    assert code_of(say(line, *words, "--api", "--of", "NOBODY", **owner)) == "person-unknown"
    made = say(line, *words, "--api", "--of", "WEBSHOP", **owner).values
    assert made["person"] == "WEBSHOP"
    prefix, _, key, secret = made["token"].split("_")
    assert prefix == "bohariapi"
    for shown in (made["token"], f"bohari_{key}_{secret}"):
        assert code_of(say(line, "report", "trial-balance", BOHARI_TOKEN=shown)) == "token-counts-not"
    listed = say(line, "token", "list", **owner).values
    assert secret not in json.dumps(listed)
    assert [(one["kind"], one["may"]) for one in listed["tokens"] if one["key"] == made["key"]] == [
        ("api", ["see_reports"])
    ]
    assert say(line, "token", "revoke", str(made["key"]), **owner).values["revoked"] == [made["key"]]


@pytest.mark.parametrize(
    "shown",
    ["x", "bohari", "bohari__", "bohari_1_", "bohari_1_aaaa", "bohari_-1_a", "bohari_" + "9" * 400, "é_1_2",
     "bohari_٣_x", "bohari_99999999999_a"],
)  # fmt: skip
def test_what_is_no_token_is_refused_in_a_sentence(line: Line, shown: str) -> None:
    assert code_of(say(line, "person", "list", BOHARI_TOKEN=shown)) == "token-counts-not"


def test_a_token_that_ended_is_none(line: Line) -> None:
    made = say(
        line, "token", "add", "--name", "old", "--may", "see-reports", BOHARI_BY="OWN", BOHARI_PIN=PIN
    ).values
    change(
        line,
        "UPDATE shell_token SET expires_at = :at WHERE token_id = :key",
        at=datetime.now(UTC) - timedelta(seconds=1),
        key=made["key"],
    )
    assert code_of(say(line, "report", "tax", BOHARI_TOKEN=made["token"])) == "token-counts-not"


def test_wrong_pins_wait_and_lock_and_are_in_the_audit_log(line: Line) -> None:
    hire(line, "SLOW", "owner")
    words, who = ("person", "list"), {"BOHARI_BY": "SLOW"}
    assert code_of(say(line, *words, BOHARI_PIN="0000", **who)) == "pin-wrong"
    change(line, "UPDATE sign_in_state SET left_ms = 900000")
    assert code_of(say(line, *words, BOHARI_PIN=PIN, **who)) == "pin-locked"
    change(line, "UPDATE sign_in_state SET failures = 4, left_ms = 0")
    assert code_of(say(line, *words, BOHARI_PIN="0000", **who)) == "pin-wrong"
    locked = say(line, *words, BOHARI_PIN=PIN, **who)
    assert (code_of(locked), json.loads(locked.stdout)["facts"]["wait"]) == ("pin-locked", "15 min")
    failed = [one for one in entries(line) if one.action == "sign_in_failed" and one.person == "Slow"]
    assert [one.after for one in failed] == ["1", "5"]
    # Nobody else is locked.
    assert say(line, *words, BOHARI_BY="OWN", BOHARI_PIN=PIN).code == 0


def test_a_pin_comes_from_a_file_and_never_from_the_words(line: Line, tmp_path: Path) -> None:
    file = tmp_path / "pin"
    file.write_text(f"{PIN}\nsecond line\n")
    assert say(line, "person", "list", "--by", "OWN", "--pin-file", str(file)).code == 0
    assert (
        code_of(say(line, "person", "list", "--by", "OWN", "--pin-file", str(tmp_path))) == "path-unreadable"
    )
    assert say(line, "person", "list", "--by", "OWN", "--pin", PIN).code == 2


def test_two_people_are_two_pins(line: Line) -> None:
    words = ("quarantine", "accept", "7/1", "--reason", "seen", "--by", "OWN")
    both = {"BOHARI_PIN": PIN, "BOHARI_WITH_PIN": PIN}
    assert code_of(say(line, *words, "--with", "OWN", **both)) == "two-people-decide"
    assert code_of(say(line, *words, "--with", "own", **both)) == "two-people-decide"
    assert code_of(say(line, *words, "--with", "MGR", BOHARI_PIN=PIN)) == "pin-not-given"
    assert code_of(say(line, *words, "--with", "AUD", **both)) == "person-may-not-here"
    # Both may: now it is about the document.
    assert code_of(say(line, *words, "--with", "MGR", **both)) == "not-in-quarantine"
    # A token of somebody else is no second person.
    token = shell_sessions.told(["person"], line.home, {})["BOHARI_TOKEN"]
    assert code_of(say(line, *words, "--with", "MGR", BOHARI_PIN=PIN, BOHARI_WITH_TOKEN=token)) == (
        "token-of-somebody-else"
    )


def test_the_recovery_key_makes_an_owner_a_new_pin_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as line:
        key = say(line, "recovery-key", BOHARI_BY="OWN", BOHARI_PIN=PIN).values["recovery_key"]
        assert [len(part) for part in key.split("-")] == [4] * 8
        with bootstrap.central(line.home) as centre, centre.database.write() as connection:
            org_id = centre.organisation().org_id
            for one in staff.members(connection, org_id):
                if one.code != "OWN":
                    staff.leave(connection, org_id, one.person_id, centre.clock.now())
        # The last owner stays, and knows no PIN any more.
        change(line, "UPDATE person SET pin_hash = '' WHERE code = 'OWN'")
        typed(monkeypatch, key[:-1] + ("3" if key[-1] != "3" else "4"))
        assert code_of(say(line, "recover", "OWN")) == "recovery-key-mistyped"
        typed(monkeypatch, other_key())
        assert code_of(say(line, "recover", "OWN")) == "pin-wrong"
        change(line, "UPDATE sign_in_state SET left_ms = 900000")
        typed(monkeypatch, key)
        assert code_of(say(line, "recover", "OWN")) == "pin-locked"
        change(line, "UPDATE sign_in_state SET left_ms = 0")
        typed(monkeypatch, f"  {key.lower().replace('-', ' ')} ")
        back = say(line, "recover", "OWN").values
        assert say(line, "person", "list", BOHARI_BY="OWN", BOHARI_PIN=back["pin"]).code == 0
        typed(monkeypatch, key)
        assert code_of(say(line, "recover", "OWN")) == "pin-wrong"
        change(line, "UPDATE sign_in_state SET left_ms = 0")
        typed(monkeypatch, back["recovery_key"])
        assert say(line, "recover", "NEW").values["person"] == "NEW"
        assert [one.action for one in entries(line)].count("recovered") == 2


def test_any_character_of_the_key_that_is_wrong_is_told() -> None:
    key = other_key().replace("-", "")
    for place in range(len(key)):
        for sign in "3", "Z":
            wrong = key[:place] + sign + key[place + 1 :]
            with refused("recovery-key-mistyped"):
                recovery.plain(wrong if wrong != key else "")
    for place in range(len(key) - 3):
        swapped = key[:place] + key[place + 1] + key[place] + key[place + 2 :]
        if swapped != key:
            with refused("recovery-key-mistyped"):
                recovery.plain(swapped)


# --- what the tests do beside commands ------------------------------------------------------------------


def typed(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """What stands on standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO(line + "\n"))


def other_key() -> str:
    signs = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
    return signs + recovery._check(signs)


def change(line: Line, sql: str, **values: Any) -> None:
    with bootstrap.central(line.home) as centre, centre.database.write() as connection:
        connection.execute(text(sql), values)


def entries(line: Line) -> list[audit.AuditRecord]:
    with bootstrap.central(line.home) as centre, centre.database.read() as connection:
        return audit.read(connection, centre.organisation().org_id, most=500)


def hire(line: Line, code: str, role: str) -> None:
    with bootstrap.central(line.home) as centre, centre.database.write() as connection:
        org_id = centre.organisation().org_id
        founding.add_person(connection, org_id, code, code.title(), role=role, pin_hash=hash_pin(PIN))


def take_away(line: Line, code: str) -> None:
    with bootstrap.central(line.home) as centre, centre.database.write() as connection:
        org_id = centre.organisation().org_id
        person = next(one for one in staff.members(connection, org_id) if one.code == code)
        staff.take(connection, org_id, person.person_id, "owner", centre.clock.now())
