"""Owns the printing of labels: product and how many, onto the roll of the receipt printer."""

from pos_app.devices.paper import BarcodeKind
from pos_app.language import _, plural
from pos_app.ledger.errors import BohariError
from pos_app.ledger.quantity import ONE
from pos_app.till.selling.catalogue import Scanned
from pos_app.ui.entry.entry import EntryScreen, Write
from pos_app.ui.entry.lines import FieldHead, GoodsLines
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.kit.list_rows import Row
from pos_app.ui.parts.typed_code import TypedCode
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.choice import ChoiceSheet

_KINDS: tuple[BarcodeKind, ...] = ("ean13", "ean8", "code128", "gs1-128", "qr")
_NAMES: dict[BarcodeKind, str] = {
    "ean13": "EAN-13",
    "ean8": "EAN-8",
    "code128": "Code 128",
    "gs1-128": "GS1-128",
    "qr": "QR",
}
#: The row of the list that stands for what suits each code.
_AS_IT_SUITS = -1


class LabelsScreen(EntryScreen):
    """Product and number; nothing is recorded, so nobody is asked for approval."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("labels")
        self._kind: BarcodeKind | None = None
        lines = GoodsLines(
            _("product"),
            (),
            (FieldHead(_("labels")),),
            _("Scan what needs a label, type how many, Enter."),
            remove_words=_("Take out"),
        )
        self.kind = OptionTile("", "scan-barcode", "F4")
        self.kind.setObjectName("labels-kind")
        self.kind.setCheckable(False)
        self.kind.clicked.connect(self.choose_kind)
        hint = Paragraph(
            _("Each label is read back before it is printed. Sheets of them print in the office.")
        )
        self.build(_("Labels"), lines, _("Print the labels"), (self.kind, hint), _("Note"))
        self.note.hide()
        self._show_kind()

    def more_keys(self) -> list[KeyAction]:
        return [KeyAction("F4", _("Barcode"), self.choose_kind)]

    def _counted(self, scanned: Scanned, wanted: TypedCode) -> int:
        """A scan is one label, also of a case or of so many grams."""
        return wanted.quantity if wanted.quantity >= ONE and wanted.quantity % ONE == 0 else ONE

    def choose_kind(self) -> None:
        """Which bars stand on the labels?"""
        rows = [
            Row(_AS_IT_SUITS, _("What suits the code"), "", _("EAN where it is a GTIN"), icon="scan-barcode")
        ]
        rows += [Row(at, _NAMES[kind], icon="scan-barcode") for at, kind in enumerate(_KINDS)]
        sheet = ChoiceSheet(self.session, _("Which barcode?"), "", _("Choose"), rows)

        def answer() -> Next:
            chosen = sheet.value()
            self._kind = _KINDS[chosen] if isinstance(chosen, int) and chosen >= 0 else None
            return self._chosen

        self.session.ask(sheet, answer)

    def _chosen(self) -> None:
        self._show_kind()
        self.search.take_keyboard()

    def _show_kind(self) -> None:
        name = _("What suits the code") if self._kind is None else _NAMES[self._kind]
        self.kind.set_text(name, _("on the label"))

    def prepare(self) -> Write:
        raise NotImplementedError

    def record(self) -> None:
        try:
            wanted = self.quantities()
        except BohariError as error:
            self.session.refuse(error.sentence)
            return
        kind = self._kind

        def queued(count: int) -> None:
            self.clear()
            if self.session.spool is not None:
                self.session.spool.wake()
            self.session.succeed(plural(count, "{count} label is printed.", "{count} labels are printed."))

        self.session.attempt(lambda: self.session.till.labels().queue(wanted, kind), queued)
