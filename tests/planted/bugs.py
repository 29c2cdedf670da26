"""All planted bugs."""

from typing import Final

from tests.planted.bug import Bug
from tests.planted.lists import (
    office,
    prices,
    reports,
    store_books,
    store_files,
    sync_client,
    sync_server,
    till,
    window,
)

BUGS: Final[tuple[Bug, ...]] = (
    *sync_client.BUGS,
    *sync_server.BUGS,
    *store_files.BUGS,
    *store_books.BUGS,
    *prices.BUGS,
    *office.BUGS,
    *till.BUGS,
    *reports.BUGS,
    *window.BUGS,
)
