"""A centre with a till that sold, people who sign in, and a browser that has no scripts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any, Final

from httpx2 import Response
from starlette.testclient import TestClient

from pos_app.cli.deciding import Decider
from pos_app.files.uploads import Uploads
from pos_app.ledger.clock import SetClock
from pos_app.office.front_door import FrontDoor
from pos_app.store.engine.engine import Database, open_postgres
from pos_app.store.master import pins, web_secrets
from pos_app.store.master.pin_hash import given_pin
from pos_app.store.organisation import founding
from pos_app.web import application
from sync.server.app import create_app
from sync.server.subdomain import Subdomains
from tests.conftest import fresh_central
from tests.support.worlds.sync_fixtures import Centre, Till

PIN: Final = "7044"
PASSWORD: Final = "a horse that reads the news"
#: Noon in Nairobi; the tills of a world sell an hour before.
NOON: Final = datetime(2026, 11, 20, 9, tzinfo=UTC)
_PEOPLE: Final = (("ACC", "accountant"), ("AUD", "auditor"), ("CASH", "cashier"), ("MGR", "manager"))


@dataclass
class Browser:
    """What somebody sees and sends: pages with forms, cookies, and no script."""

    client: TestClient
    page: Response = field(init=False)

    def get(self, path: str, **headers: str) -> Response:
        """Go to an address below the back office."""
        self.page = self.client.get(f"/office{path}", headers=headers)
        return self.page

    def send(self, path: str, /, token: str | None = None, **fields: Any) -> Response:
        """Send a form with the token of the page that is shown, as its form does."""
        told = self.token if token is None else token
        return self.send_raw(path, {"token": told, **fields})

    def send_raw(self, path: str, fields: dict[str, Any], **headers: str) -> Response:
        """Send these fields and no others."""
        self.page = self.client.post(f"/office{path}", data=fields, headers=headers)
        return self.page

    @property
    def token(self) -> str:
        """What the forms of the page carry."""
        found = re.search(r'name="token" value="(\w+)"', self.page.text)
        return found[1] if found else ""

    @property
    def text(self) -> str:
        """What a person reads of the page, without its marks."""
        body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", self.page.text, flags=re.S)
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()

    @property
    def code(self) -> str:
        """The code of the problem that the page tells."""
        found = re.search(r'class="code">([\w-]+)<', self.page.text)
        return found[1] if found else ""

    def value(self, name: str) -> str:
        """What stands in a field of the page."""
        found = re.search(rf'<(?:input|textarea|select)[^>]*name="{name}"[^>]*>', self.page.text)
        assert found, f"no field {name}"
        if found[0].startswith("<textarea"):
            inside = re.search(rf'name="{name}"[^>]*>(.*?)</textarea>', self.page.text, re.S)
            # A browser leaves out the first break.
            return unescape(inside[1]).removeprefix("\n") if inside else ""
        if found[0].startswith("<select"):
            rest = self.page.text[found.end() :].partition("</select>")[0]
            chosen = re.search(r'<option value="([^"]*)" selected', rest)
            return unescape(chosen[1]) if chosen else ""
        value = re.search(r' value="([^"]*)"', found[0])
        return unescape(value[1]) if value else ""

    def sign_in(self, code: str, password: str = PASSWORD, pin: str = PIN, **more: str) -> Response:
        """Sign in by the page."""
        self.get("/sign-in")
        return self.send("/sign-in", code=code, pin=pin, password=password, after="", kept="", **more)


@dataclass
class World:
    """The centre, its application, and its clock."""

    centre: Centre
    clock: SetClock
    app: Any
    till: Till
    #: Where files lie that people sent.
    uploads: Path

    @property
    def database(self) -> Database:
        """The centre's."""
        return self.centre.database

    def restart(self) -> None:
        """The server anew: it remembers nothing."""

        self.app = create_app(self.database, self.clock, beside=self.beside)

    def beside(self, lent: Database) -> dict[str, Any]:
        """What `bohari server` mounts."""
        door = FrontDoor(lent, self.clock, Subdomains(lent).organisation)
        return {
            application.PATH: application.create(
                door, deciding=Decider(lent, self.clock), uploads=Uploads(self.uploads, self.clock)
            )
        }

    def browser(self, host: str = "https://office.test") -> Browser:
        """A browser that has never been here."""
        return Browser(TestClient(self.app, base_url=host, raise_server_exceptions=True))

    def signed_in(self, code: str) -> Browser:
        """A browser of somebody who signed in."""
        browser = self.browser()
        assert browser.sign_in(code).status_code == 200, browser.text
        return browser

    def give(self, code: str, *, password: str = PASSWORD, secret: bytes = b"") -> int:
        """Give somebody the PIN and a second proof; gives their key."""
        with self.database.for_org(self.centre.org_id).write() as connection:
            from pos_app.store.master import codes

            person = codes.person(connection, self.centre.org_id, code)
            assert person is not None
            pins.put(connection, self.centre.org_id, person.person_id, given_pin(PIN))
            web_secrets.put_password(connection, self.centre.org_id, person.person_id, password)
            web_secrets.put_codes(connection, self.centre.org_id, person.person_id, secret)
            return person.person_id


@contextmanager
def opened(postgres_url: str, template: str, folder: Path) -> Iterator[World]:
    """Such a world until the block ends."""
    with fresh_central(postgres_url, template) as url:
        database = open_postgres(url)
        centre = Centre(database)
        with database.write() as connection:
            for code, role in _PEOPLE:
                founding.add_person(connection, centre.org_id, code, code.title(), role=role, pin_hash="")
        till = centre.till(folder)
        for days in (0, 7):
            till.sell(occurred_at=NOON - timedelta(days=days, hours=1))
        till.drain()
        clock = SetClock(NOON)

        world = World(centre, clock, None, till, folder.parent / "uploads")
        world.restart()
        for code in ("OWNER", *(code for code, _ in _PEOPLE)):
            world.give(code)
        yield world
        centre.close()
        database.close()
