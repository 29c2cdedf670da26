"""What a terminal does that the centre took away: stops, forgets what it was told, hands over what it sold.

In this order: a thief who pulls the plug in between gains nothing, and no document is ever deleted.  Every
step may be done twice.
"""

from typing import NoReturn

from pos_app.language import said
from pos_app.store.documents.terminal import REVOKED, Terminal
from pos_app.store.engine.engine import Database
from sync.client import forgetting
from sync.client.errors import Revoked
from sync.client.load import Load
from sync.client.push import push
from sync.client.status import Status
from sync.client.transport import Transport


def obey(database: Database, who: Terminal, transport: Transport, status: Status, load: Load) -> NoReturn:
    """Record nothing more, forget, and send the rest; where it goes, people at the centre decide.

    Raises `Revoked` when all is done, and what the transport raises before that.
    """
    status.freeze(said(REVOKED))
    forgetting.forget_all(database, who.org_id)
    push(database, who, transport, status, load)
    raise Revoked(REVOKED)
