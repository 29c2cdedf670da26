"""Owns a taking of money as the tender screen shows it: the till's takings, and the words for them."""

from dataclasses import dataclass

from pos_app.till.selling.takings import Takings


@dataclass(frozen=True, slots=True)
class TenderJob:
    """What money is taken for, of whom (`known` is a customer of ours), and in which words."""

    takings: Takings
    who: str
    known: bool
    what: str

    @property
    def is_payment(self) -> bool:
        """Whether no goods are paid: it goes on no account and on no invoice."""
        return not self.takings.of_basket
