"""The picture of a product and the logo of a business: looked at, sent as a file, taken away.

Decisions
---------
2026-12-01  What is shown is what we wrote (see `files.pictures`), never the file that somebody sent: no
program, no place and no name of it reaches another person's browser.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from starlette.responses import Response

from pos_app.files.pictures import MOST_BYTES
from pos_app.language import web_words
from pos_app.ledger.errors import BohariError, Refused, Unavailable
from pos_app.ledger.permission import Permission
from pos_app.office.masters import shop_pictures
from pos_app.office.masters.shop_pictures import Shown
from pos_app.office.office import Office
from pos_app.web.visit import Visit
from pos_app.web.way import Way

_NEEDS: Final = (Permission.EDIT_MASTER,)


class Drawn(NamedTuple):
    """A kind of pictures: where it is, what its page is called and says, and the services that keep it."""

    path: str
    words: str
    hint: str
    of: Callable[[Office, str], Shown]
    put: Callable[[Office, str, Path | None, str], None]


KINDS: Final = (
    Drawn(
        "/products/picture",
        web_words("Picture on its tile"),
        web_words("So that it is found by eye. Tills have it with their next news."),
        shop_pictures.of_product,
        shop_pictures.put_of_product,
    ),
    Drawn(
        "/businesses/logo",
        web_words("Logo on its papers"),
        web_words("Black on white prints best. Papers that were drawn before stay as they are."),
        shop_pictures.of_business,
        shop_pictures.put_of_business,
    ),
)


class PicturePages:
    """Those of one kind."""

    def __init__(self, kind: Drawn) -> None:
        self._kind = kind

    def ways(self) -> list[Way]:
        """Its pages."""
        path = self._kind.path
        return [
            Way(path, self._look, needs=_NEEDS),
            Way(path, self._send, "POST", _NEEDS, takes_file=True),
            Way(f"{path}/away", self._take_away, "POST", _NEEDS),
            Way(f"{path}/drawn", self._drawn, needs=_NEEDS, looks_by_itself=True),
        ]

    def _look(self, visit: Visit) -> Response:
        return self._page(visit, visit.asked.query.get("code"))

    def _page(self, visit: Visit, code: str, error: BohariError | None = None) -> Response:
        return visit.page(
            "picture.html",
            status=200 if error is None else 422,
            kind=self._kind,
            shown=self._kind.of(visit.office, code),
            back=self._kind.path.rpartition("/")[0],
            error=error,
            most=MOST_BYTES // 1_000_000,
        )

    def _send(self, visit: Visit) -> Response:
        code, sent = visit.asked.form.get("code"), visit.asked.sent
        try:
            if sent is None or not sent.name or not sent.size:
                raise Refused("upload-none")
            self._kind.put(visit.office, code, sent.path, sent.name)
        except (Refused, Unavailable) as error:
            return self._page(visit, code, error)
        return visit.go(self._kind.path, said="changed", code=code)

    def _take_away(self, visit: Visit) -> Response:
        code = visit.asked.form.get("code")
        self._kind.put(visit.office, code, None, "")
        return visit.go(self._kind.path, said="changed", code=code)

    def _drawn(self, visit: Visit) -> Response:
        content = self._kind.of(visit.office, visit.asked.query.get("code")).content
        if not content:
            raise Refused("picture-none")
        ending = "png" if content.startswith(b"\x89PNG") else "jpeg"
        return visit.file(content, f"image/{ending}", f"picture.{ending}")
