"""Owns the recovery key, shown once; then the centre of this PC starts and this till joins it."""

from pos_app.language import _
from pos_app.ui.first_start.code_page import tell_enrolled
from pos_app.ui.first_start.deeds import Enrolled, FoundedShop, Step
from pos_app.ui.first_start.page import Page, Wizard
from pos_app.ui.first_start.shop_page import FoundedKeeper
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.tokens import Size, Weight


class KeyPage(Page):
    """What stands here belongs on paper, away from this PC."""

    name = "first-key"
    has_back = False

    def __init__(self, wizard: Wizard, founded: FoundedKeeper) -> None:
        super().__init__(
            wizard,
            _("Write this down"),
            _(
                "This is the recovery key. It is shown once: write it on paper and keep it away from this"
                " PC. Without"
                " any PIN it is the only way back into the shop's books."
            ),
            _("It is on paper; go on"),
        )
        self._founded = founded
        self.shown = Paragraph("", Size.LEAD, "accent", Weight.BOLD)
        self.shown.setObjectName("recovery-key")
        self.lay_out(self.shown)

    def entered(self) -> None:
        self.setFocus()
        if self._founded.shop is None:
            # The power went before the key was on paper: another one counts from now on.
            self.wizard.do(_("Looking what was founded…"), self.wizard.deeds.founded, self._found_again)
        else:
            self._show(self._founded.shop)

    def _found_again(self, shop: FoundedShop | None) -> None:
        if shop is None:
            self.wizard.go(Step.SHOP)
            return
        self._show(shop)

    def _show(self, shop: FoundedShop) -> None:
        self._founded.shop = shop
        self.shown.setText(shop.recovery_key)
        if shop.why:
            self.wizard.warn(_("The shop is founded; its template stopped: {why}", why=shop.why))

    def go_on(self) -> None:
        if self._founded.shop is None:
            return
        self.wizard.do(
            _("The shop's books start on this PC; prices and people come…"),
            self.wizard.deeds.join_own,
            self._joined,
        )

    def _joined(self, made: Enrolled) -> None:
        self._founded.shop = None
        self.shown.setText("")
        self.wizard.go(Step.PRINTER)
        tell_enrolled(self.wizard, made)
