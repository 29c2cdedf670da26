"""What can go wrong in the store.

BohariError
|-- Refused
|   `-- Frozen             the terminal may not record: its history forked from the centre's
|-- Unavailable
|   |-- DiskFull           nothing was recorded
|   `-- DatabaseBusy       another program holds the database
`-- Damaged
    `-- DamagedDatabase    the file fails its check; it was set aside
"""

from pos_app.ledger.errors import Damaged, Refused, Unavailable


class Frozen(Refused):
    """This terminal's history is not the one the centre knows; it may not record any more."""


class DiskFull(Unavailable):
    """The disk has no room. Nothing was recorded."""


class DatabaseBusy(Unavailable):
    """Another program held the database for too long. Nothing was recorded."""


class DamagedDatabase(Damaged):
    """The database file is not one of ours, or is broken."""
