"""Owns the left of a money form: what will be recorded, the key pad, and the green action."""

from pos_app.language import _
from pos_app.ui.arrange import SumLine, column, line
from pos_app.ui.kit.button import PrimaryButton
from pos_app.ui.kit.column import SideColumn
from pos_app.ui.kit.figure import Figure
from pos_app.ui.kit.keypad import DECIMAL, Keypad
from pos_app.ui.kit.label import Label, Paragraph
from pos_app.ui.kit.tokens import Size, Space, Weight
from pos_app.ui.session import Session


class FormSide(SideColumn):
    """A title, facts in lines, the sum as the largest figure."""

    def __init__(self, session: Session, title: str, action: str, facts: int) -> None:
        super().__init__()
        self._session = session
        self.title = Paragraph(title, Size.LEAD, "text", Weight.BOLD)
        self.detail = Paragraph("", Size.SMALL)
        self.facts = [SumLine("", "text", Size.BODY) for _number in range(facts)]
        self._words = Label("", Size.BODY, "text", Weight.SEMIBOLD)
        self.figure = Figure("", Size.HERO, "accent")
        self.figure.setObjectName("sum")
        self.pad = Keypad(DECIMAL, backspace_name=_("Take back"))
        self.action = PrimaryButton(action, "F12", bind=False)
        self.action.setObjectName("record")
        self.add_layout(column(self.title, self.detail, margin=Space.L, spacing=2))
        self.add_line()
        self.add_layout(column(*self.facts, margin=Space.L))
        self.add_layout(column(1), 1)
        result = line(self._words, self.figure)
        result.setStretch(1, 1)
        self.add_line()
        self.add_layout(column(result, self.pad, self.action, margin=Space.L))

    def say(self, words: str, amount: str) -> None:
        """Show the sum and which way it goes."""
        self._words.set_text(words)
        self.figure.set_text(amount)

    def say_facts(self, *facts: tuple[str, str]) -> None:
        """Show these facts; the lines that are left over go."""
        for number, fact in enumerate(self.facts):
            fact.setVisible(number < len(facts))
            if number < len(facts):
                fact.say(*facts[number])
