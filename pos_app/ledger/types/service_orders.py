"""The types of documents over services that take their time: taken in, made ready, given back."""

from typing import Final

from pos_app.ledger import document_figures as figures
from pos_app.ledger import needs
from pos_app.ledger.posting import service_orders as posting_service_orders
from pos_app.ledger.rules import service_orders as rules_service_orders
from pos_app.ledger.service_orders import ServiceOrder, ServiceStep
from pos_app.ledger.types.document_type import DocumentType

SERVICE_ORDER: Final = DocumentType(
    struct=ServiceOrder,
    series="SO",
    check=rules_service_orders.check_service_order,
    post=posting_service_orders.post_service_order,
    needs=needs.service_order,
    totals=figures.taxed,
    lines=figures.taken_in,
    at_the_till=True,
    voidable_without_shift=True,
)
SERVICE_STEP: Final = DocumentType(
    struct=ServiceStep,
    series="SS",
    check=rules_service_orders.check_service_step,
    post=posting_service_orders.post_service_step,
    needs=needs.service_step,
    lines=figures.given_back,
    continues="order_id",
    at_the_till=True,
    voidable_without_shift=True,
)

FAMILY: Final = (SERVICE_ORDER, SERVICE_STEP)
