"""The columns of a statement: one business, all together, or each beside all."""

from collections.abc import Mapping
from dataclasses import dataclass

from pos_app.language import printed
from pos_app.reports.ask.question import Question
from pos_app.store.report_queries import chart_of_accounts


@dataclass(frozen=True)
class View:
    """One column of amounts: those of a business, or of all when `business_id` is None."""

    title: str
    business_id: int | None

    def amount(self, amounts: Mapping[tuple[int, str], int], code: str) -> int:
        """What this column shows of an account."""
        return sum(
            amount
            for (business_id, account), amount in amounts.items()
            if account == code and self.business_id in (None, business_id)
        )


def views(question: Question) -> list[View]:
    """The columns that a question asks for."""
    if question.business is not None:
        return [View(printed("Amount"), question.business.key)]
    if not question.by_business:
        return [View(printed("Amount"), None)]
    each = chart_of_accounts.businesses(question.connection, question.org_id).values()
    return [*(View(one.name, one.key) for one in each), View(printed("All"), None)]
