"""The answer to a recording, as the use cases give it and the window asks it of them."""

from pos_app.store.stock.recorded import Recorded

__all__ = ["Recorded"]
