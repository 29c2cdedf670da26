"""Owns what a window of training has more: the band over all of it, the ways in and out at the sign-in."""

from typing import TYPE_CHECKING, Final

from pos_app.language import _
from pos_app.till.till import Till
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.session import Session

if TYPE_CHECKING:
    from pos_app.ui.kit.training_band import TrainingBand

#: Opens the training from the sign-in, and closes it there.
_KEY: Final = "F9"


def band_of(till: Till) -> "TrainingBand | None":
    """What stands over a till of training; a real one has none."""
    if not till.is_training:
        return None
    from pos_app.ui.kit.training_band import TrainingBand

    return TrainingBand(_("TRAINING · nothing here counts: no money, no stock, no paper of ours"))


def ways(session: Session) -> list[KeyAction]:
    """The key at the sign-in that leads to the training, or out of it."""
    if session.till.is_training:
        return [KeyAction(_KEY, _("End the training"), session.overlay_parent().close)]
    train = session.train
    return [] if train is None else [KeyAction(_KEY, _("Training"), lambda: session.attempt(train))]
