"""Posting rules for services on things that customers leave: nothing, until the sale that collects them."""

from pos_app.ledger.posting.posting import Posting
from pos_app.ledger.service_orders import ServiceOrder, ServiceStep


def post_service_order(document: ServiceOrder) -> Posting:
    """Things were taken in and a price agreed: nothing is earned and nothing owed yet."""
    return Posting((), ())


def post_service_step(document: ServiceStep) -> Posting:
    """The things are where they were; they are not our stock."""
    return Posting((), ())
