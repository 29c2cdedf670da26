"""Owns the sending of goods to another place: a depot, a vehicle, the scrap."""

from pos_app.language import _
from pos_app.ledger.errors import Refused
from pos_app.ledger.letters import holds
from pos_app.ledger.quantity import quantity_text
from pos_app.till.selling.catalogue import Product
from pos_app.till.session.recorded import Recorded
from pos_app.till.session.sign_in import Approval
from pos_app.till.stock.transfers import Location
from pos_app.ui.entry.entry import EntryScreen, Write, product_detail
from pos_app.ui.entry.line_row import GoodsLine
from pos_app.ui.entry.lines import FieldHead, GoodsLines
from pos_app.ui.goods.place_choice import kind_words, place_row
from pos_app.ui.kit.button import OptionTile
from pos_app.ui.kit.key_strip import KeyAction
from pos_app.ui.kit.label import Paragraph
from pos_app.ui.session import Next, Session
from pos_app.ui.sheets.finding import ask_one


class SendScreen(EntryScreen):
    """Where to, and what."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.setObjectName("send")
        self._to: Location | None = None
        lines = GoodsLines(
            _("product"),
            (_("here"),),
            (FieldHead(_("goes")),),
            _("Choose with F4 where to; then scan, type how many, Enter."),
            remove_words=_("Take out"),
        )
        self.place = OptionTile("", "truck", "F4")
        self.place.setObjectName("send-to")
        self.place.setCheckable(False)
        self.place.clicked.connect(self.choose_place)
        hint = Paragraph(_("What is sent is on its way until it is received there."))
        side = (self.place, hint)
        self.build(_("Send goods"), lines, _("Record the sending"), side, _("Note, driver, number plate"))
        self._show_place()

    def more_keys(self) -> list[KeyAction]:
        return [
            KeyAction("F4", _("Where to"), self.choose_place),
            KeyAction("F5", _("Note"), self.note.setFocus),
        ]

    def line_of(self, product: Product) -> GoodsLine:
        here = quantity_text(product.stock or 0)
        return GoodsLine(
            product.product_id, product.product_id, product.name, product_detail(product), (here,)
        )

    def choose_place(self) -> None:
        """Where do the goods go?"""
        places = self.session.till.transfers.places()

        def search(words: str) -> list[Location]:
            return [place for place in places if holds(f"{place.code} {place.name}", words)]

        def chosen(place: Location) -> Next:
            self._to = place
            return self._chosen

        words = _("Where do the goods go?"), _("Code or name"), _("Choose")
        ask_one(self.session, words, search, place_row, chosen)

    def _chosen(self) -> None:
        self._show_place()
        self.search.take_keyboard()

    def _show_place(self) -> None:
        if self._to is None:
            self.place.set_text(_("Choose where to"), _("a depot, a vehicle, the scrap"))
        else:
            self.place.set_text(self._to.name or self._to.code, kind_words(self._to.kind))

    def clear(self) -> None:
        super().clear()
        self._to = None
        self._show_place()

    def prepare(self) -> Write:
        quantities, note, to = self.quantities(), self.note.text(), self._to
        if to is None:
            raise Refused("no-destination-chosen")

        def write(approval: Approval | None) -> Recorded:
            return self.session.till.transfers.send(
                to.location_id, quantities, note=note, approval=approval, request_id=self.request_id
            )

        return write
