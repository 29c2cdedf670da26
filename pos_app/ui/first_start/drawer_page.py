"""Owns the test of the cash drawer that hangs on the printer."""

from pos_app.language import _
from pos_app.ui.first_start.deeds import Step
from pos_app.ui.first_start.page import Page, Wizard
from pos_app.ui.kit.key_strip import KeyAction


class DrawerPage(Page):
    """F7 opens it; Enter ends the first start."""

    name = "first-drawer"

    def __init__(self, wizard: Wizard) -> None:
        super().__init__(
            wizard,
            _("The cash drawer"),
            _(
                "It hangs on the receipt printer. F7 opens it; shut it again, and press F7 once more if"
                " you like."
            ),
            _("Begin to sell"),
        )
        self.lay_out()

    def own_keys(self) -> list[KeyAction]:
        return [KeyAction("F7", _("Open the drawer"), self.kick)]

    def kick(self) -> None:
        """Open it."""
        self.wizard.do(
            _("Opening the drawer…"),
            self.wizard.deeds.kick,
            lambda _none: self.wizard.warn(
                _(
                    "Did it open? If not: is its cable in the printer, and is it unlocked? A key opens it"
                    " as well."
                )
            ),
        )

    def go_on(self) -> None:
        self.wizard.go(Step.DONE)
