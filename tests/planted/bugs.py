"""All planted bugs."""

from typing import Final

from tests.planted.bug import Bug
from tests.planted.lists import (
    money,
    office,
    prices,
    providers,
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
    *money.BUGS,
    *prices.BUGS,
    *office.BUGS,
    *providers.BUGS,
    *till.BUGS,
    *reports.BUGS,
    *window.BUGS,
)
