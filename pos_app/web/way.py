"""A way into the back office: an address, what answers it, and who may come."""

from collections.abc import Callable
from typing import NamedTuple

from starlette.responses import Response

from pos_app.ledger.permission import Permission
from pos_app.web.visit import Visit


class Way(NamedTuple):
    """`needs`: one of these permissions, everywhere; none is everybody who is signed in.  `is_open` is for
    who is not signed in, `looks_by_itself` for what a page asks without a person.  `takes_file`: its form has
    a file in it, which is taken in only of who may come.
    """

    path: str
    handle: Callable[[Visit], Response]
    method: str = "GET"
    needs: tuple[Permission, ...] = ()
    is_open: bool = False
    looks_by_itself: bool = False
    takes_file: bool = False
