"""Owns the scanner test: whatever is scanned is shown."""

from pos_app.language import _
from pos_app.ui.first_start.deeds import Step
from pos_app.ui.first_start.page import Page, Wizard
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.tokens import Size, Weight


class ScannerPage(Page):
    """Scan anything; Enter goes on, with a scanner or without."""

    name = "first-scanner"

    def __init__(self, wizard: Wizard) -> None:
        super().__init__(
            wizard,
            _("The barcode scanner"),
            _("Scan anything: a product, or the barcode on the test page. What was read is shown here."),
            _("Go on without a scanner"),
        )
        self.read = Paragraph("", Size.TITLE, "accent", Weight.BOLD)
        self.read.setObjectName("first-scanned")
        self.hint = Paragraph(
            _(
                "Nothing happens? The scanner must be set as a keyboard that ends with Enter; its booklet"
                " has a label"
                " for that. What it is set to otherwise is said in bohari.toml, [scanner]."
            ),
            Size.SMALL,
            "muted",
        )
        self.lay_out(self.read, self.hint)

    def on_scan(self, text: str) -> None:
        self.read.setText(text[:80])
        self.primary.set_text(_("It is right; go on"))
        self.wizard.offer_keys()
        self.wizard.succeed(_("The scanner reads."))

    def go_on(self) -> None:
        self.wizard.go(Step.DRAWER)
