"""The lists and forms of work, in the order in which they are shown."""

from typing import Final

from pos_app.web.work.declaration import WorkList
from pos_app.web.work.documents import DOCUMENTS

LISTS: Final[tuple[WorkList, ...]] = (DOCUMENTS,)
