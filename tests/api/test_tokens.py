"""Whose token opens the API, for what and for how long; and how often somebody may ask."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from pos_app.ledger.permission import Permission
from pos_app.office import api_door
from pos_app.store.master import codes, shell_tokens
from pos_app.store.organisation import founding, staff
from pos_app.web.api.pace import Pace
from tests.api import program
from tests.api.program import Program
from tests.web.world import World


@pytest.fixture
def reader(world: World) -> Program:
    """A program that may see reports, of a server that remembers nobody."""
    return Program(program.served(world), program.token(world, "ACC", "see_reports"))


def test_a_token_opens_what_it_was_given_and_nothing_else(reader: Program) -> None:
    assert reader.get("/sales")["items"]
    assert reader.get("/products")["items"]
    assert reader.problem("GET", "/people") == (403, "api-token-may-not")
    assert reader.problem("GET", "/customers") == (403, "api-token-may-not")


def test_a_token_can_do_no_more_than_its_person(world: World, reader: Program) -> None:
    everything = [one.value for one in Permission]
    cashier = Program(reader.client, program.token(world, "CASH", *everything))
    assert cashier.problem("GET", "/sales") == (403, "api-token-may-not")
    owner = Program(reader.client, program.token(world, "OWNER", *everything))
    assert owner.get("/people")["items"]


@pytest.mark.parametrize(
    "shown",
    ["", "nonsense", "bohariapi", "bohariapi_", "bohariapi_1_1_", "bohariapi_x_1_y", "bohariapi_99_1_abc",
     "bohariapi_" + "9" * 40 + "_1_x", "bohariapi_1_99999999999_x", "bohari_1_abc"],
)  # fmt: skip
def test_what_is_no_token_is_told_so(reader: Program, shown: str) -> None:
    stranger = Program(reader.client, shown)
    code = "api-token-counts-not" if shown else "api-token-missing"
    assert stranger.problem("GET", "/sales") == (401, code)
    assert stranger.answer.headers["www-authenticate"] == 'Bearer realm="bohari"'


def test_a_token_of_a_job_or_a_browser_is_none_here(world: World, reader: Program) -> None:
    org_id = world.centre.org_id
    for kind in (shell_tokens.TOKEN, shell_tokens.WEB, shell_tokens.SESSION):
        with world.database.for_org(org_id).write() as connection:
            person = codes.person(connection, org_id, "ACC")
            assert person is not None
            _, shown = shell_tokens.make(
                connection,
                org_id,
                person.person_id,
                kind=kind,
                name="x",
                at=world.clock.now(),
                until=world.clock.now() + timedelta(days=1),
                rights=frozenset({"see_reports"}),
            )
        stranger = Program(reader.client, api_door.written(org_id, shown))
        assert stranger.problem("GET", "/sales") == (401, "api-token-counts-not")


def test_another_scheme_is_no_token(reader: Program) -> None:
    answer = reader.client.get("/api/v1/sales", headers={"authorization": "Basic YTpi"})
    assert (answer.status_code, answer.json()["code"]) == (401, "api-token-missing")


def test_a_token_ends_by_its_day_by_hand_and_with_its_person(world: World) -> None:
    client, org_id = program.served(world), world.centre.org_id
    short = Program(client, program.token(world, "ACC", "see_reports", days=1))
    ended = Program(client, program.token(world, "ACC", "see_reports", days=400))
    with world.database.for_org(org_id).write() as connection:
        founding.add_person(connection, org_id, "TEMP", "Temp", role="accountant", pin_hash="")
    leaving = Program(client, program.token(world, "TEMP", "see_reports", days=400))
    for one in (short, ended, leaving):
        one.get("/sales")
    world.clock.advance(timedelta(days=1))
    assert short.problem("GET", "/sales") == (401, "api-token-counts-not")
    with world.database.for_org(org_id).write() as connection:
        last = [one for one in shell_tokens.everything(connection, org_id) if one.kind == "api"][-2]
        shell_tokens.revoke(connection, org_id, last, world.clock.now(), terminal_no=1_000_000, by=1)
        person = codes.person(connection, org_id, "TEMP")
        assert person is not None
        staff.leave(connection, org_id, person.person_id, world.clock.now())
    assert ended.problem("GET", "/sales") == (401, "api-token-counts-not")
    assert leaving.problem("GET", "/sales")[0] == 401


def test_only_a_mark_of_a_token_is_kept(world: World, reader: Program) -> None:
    secret = reader.token.rpartition("_")[2]
    with world.database.read() as connection:
        rows = connection.execute(text("SELECT * FROM shell_token WHERE kind = 'api'")).all()
    assert rows
    assert secret not in str(rows)
    assert secret.encode() not in {bytes(row.secret_hash) for row in rows}


def test_a_token_that_somebody_gave_more_rights_in_the_table_opens_nothing(
    world: World, reader: Program
) -> None:
    with world.database.write() as connection:
        connection.execute(
            text("UPDATE shell_token SET rights = 'edit_people see_reports' WHERE kind = 'api'")
        )
    assert reader.problem("GET", "/sales") == (401, "api-token-counts-not")


def test_a_token_in_an_address_is_refused_with_a_sentence(reader: Program) -> None:
    for path in (f"/sales?token={reader.token}", f"/sales?x={reader.token}", f"/products/{reader.token}",
                 "/sales?access_token=abc", "/sales?api_key="):  # fmt: skip
        assert reader.problem("GET", path) == (400, "api-token-in-address")
        assert reader.token not in reader.answer.text


def test_a_line_that_others_read_is_refused(world: World, reader: Program) -> None:
    reader.client.base_url = "http://office.test"
    assert reader.problem("GET", "/sales") == (403, "web-line-not-safe")
    reader.client.base_url = "http://localhost:8080"
    reader.get("/sales")
    assert "strict-transport-security" not in reader.answer.headers


def test_the_address_of_another_organisation_is_none_of_its(world: World, reader: Program) -> None:
    hosts = {"own.pos.test": world.centre.org_id, "other.pos.test": world.centre.org_id + 1}
    named = Program(program.served(world, named_by=hosts.get), reader.token)
    for host in ("own.pos.test", "pos.test"):
        named.client.base_url = f"https://{host}"
        named.get("/sales")
    named.client.base_url = "https://other.pos.test"
    assert named.problem("GET", "/sales") == (401, "api-token-counts-not")
    foreign = Program(named.client, reader.token.replace("_1_", "_2_", 1))
    assert foreign.problem("GET", "/sales") == (401, "api-token-counts-not")


def test_who_asks_too_often_is_told_when_to_come_again(world: World) -> None:
    at = [0.0]
    reader = Program(
        program.served(world, Pace(3, 60, lambda: at[0])), program.token(world, "ACC", "see_reports")
    )
    for left in ("2", "1", "0"):
        reader.get("/reports")
        assert reader.answer.headers["ratelimit-remaining"] == left
    assert reader.problem("GET", "/reports") == (429, "api-too-many")
    assert reader.answer.headers["retry-after"] == "1"
    other = Program(reader.client, program.token(world, "OWNER", "see_reports"))
    other.get("/reports")
    at[0] = 1.0
    reader.get("/reports")


def test_who_guesses_is_slowed_down_and_whose_token_counts_is_not(reader: Program) -> None:
    stranger = Program(reader.client, "bohariapi_1_1_guess")
    statuses = [stranger.ask("GET", "/sales").status_code for _ in range(25)]
    assert set(statuses[:20]) == {401}
    assert set(statuses[20:]) == {429}
    reader.get("/sales")


def test_every_answer_has_the_headers_that_guard_it(reader: Program) -> None:
    for path in ("/sales", "/nothing", "/people", "/openapi.json"):
        headers = reader.ask("GET", path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["strict-transport-security"]


def test_the_last_use_of_a_token_is_noted(world: World, reader: Program) -> None:
    reader.get("/sales")
    with world.database.for_org(world.centre.org_id).read() as connection:
        last = shell_tokens.everything(connection, world.centre.org_id)[-1]
    assert last.used_at == world.clock.now()
