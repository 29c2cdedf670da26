"""A program that asks the API: its token, and what it is answered."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from pos_app.ledger.errors import Refused
from pos_app.office import api_door
from pos_app.office.api_door import ApiDoor
from pos_app.store.engine.engine import Database
from pos_app.store.master import codes, shell_tokens
from pos_app.web.api import application
from pos_app.web.api.pace import Pace
from sync.server.app import create_app
from tests.web.world import World

HOST = "https://office.test"


@dataclass
class Program:
    """A client with a token."""

    client: TestClient
    token: str
    answer: Response = field(init=False)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        """Ask; `headers` are written with underlines."""
        told = {"authorization": f"Bearer {self.token}"} if self.token else {}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = None if body is None else json.dumps(body)
        if body is not None:
            told.setdefault("content-type", "application/json")
        self.answer = self.client.request(method, f"/api/v1{path}", content=content, headers=told)
        return self.answer

    def get(self, path: str, **headers: str) -> Any:
        """What a GET gives, which must be there."""
        answer = self.ask("GET", path, **headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def every(self, path: str, limit: int = 50) -> list[Any]:
        """The things of all pages of a list."""
        sign = "&" if "?" in path else "?"
        found, cursor = [], ""
        while True:
            page = self.get(f"{path}{sign}limit={limit}{f'&cursor={cursor}' if cursor else ''}")
            assert len(page["items"]) <= limit
            found += page["items"]
            cursor = page["next"]
            if not cursor:
                return found

    def problem(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str]:
        """Status and code of what must be refused with a sentence."""
        answer = self.ask(method, path, body, **headers)
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        told = answer.json()
        assert told["status"] == answer.status_code
        assert told["type"] == f"urn:bohari:problem:{told['code']}"
        assert told["detail"]
        return answer.status_code, told["code"]


def served(
    world: World,
    pace: Pace | None = None,
    named_by: Callable[[str], int | None] | None = None,
    failures: Pace | None = None,
) -> TestClient:
    """The server of a world with its API, and nobody who asks."""

    def beside(lent: Database) -> dict[str, Any]:
        return {
            application.PATH: application.create(
                ApiDoor(lent, world.clock, named_by), pace=pace, failures=failures
            )
        }

    return TestClient(create_app(world.database, world.clock, beside=beside), base_url=HOST)


def token(world: World, code: str, *rights: str, days: int = 30) -> str:
    """A token of a person with these rights."""
    from datetime import timedelta

    with world.database.for_org(world.centre.org_id).write() as connection:
        person = codes.person(connection, world.centre.org_id, code)
        if person is None:
            raise Refused("person-unknown", code=code)
        _, shown = shell_tokens.make(
            connection,
            world.centre.org_id,
            person.person_id,
            kind=shell_tokens.API,
            name="a program",
            at=world.clock.now(),
            until=world.clock.now() + timedelta(days=days),
            rights=frozenset(rights),
        )
    return api_door.written(world.centre.org_id, shown)
