"""What stands on paper of a receipt that eTIMS signed, by the TIS specification 2.0, section 6.23.

Decisions
---------
2026-12-01  The QR is the address at which the authority shows the receipt, with PIN, branch and signature
one after another: eleven, two and sixteen letters.  The TIS specification has it as six fields with a number
sign between them; the address was verified at the authority's own portal, and is what a customer's telephone
opens.  All six fields stand beside it in letters.  Where one of the three has another length there is no QR
at all: a wrong one would look as good as a right one.
"""

import textwrap
from typing import Final

from pos_app.fiscal.regime import SIGNED, Device, PaperLine, Receipt
from pos_app.language import printed

_PORTAL: Final = "https://etims.kra.go.ke"
_SANDBOX: Final = "https://etims-sbx.kra.go.ke"
_PATH: Final = "/common/link/etims/receipt/indexEtimsReceiptData?Data="
PIN_LETTERS, BRANCH_LETTERS, SIGNATURE_LETTERS = 11, 2, 16
#: What kind of receipt it is: normal sale and normal credit note, and the copy of each.
LABELS: Final = {False: "NS", True: "NC"}
_COPIES: Final = {"NS": "CS", "NC": "CC"}
#: The law's words on a credit note, in its own language (TIS specification 2.0, page 10).
CREDIT_WORDS: Final = "CREDIT NOTE IS APPROVED ONLY FOR ORIGINAL SALES RECEIPT"


def qr(device: Device, signature: str) -> str:
    """What the QR says; nothing where a part of it is not as long as it must be."""
    lengths = (len(device.pin), len(device.branch), len(signature))
    if lengths != (PIN_LETTERS, BRANCH_LETTERS, SIGNATURE_LETTERS):
        return ""
    site = _SANDBOX if device.is_trial else _PORTAL
    return f"{site}{_PATH}{device.pin}{device.branch}{signature}"


def dashed(letters: str) -> str:
    """With a dash after every fourth letter."""
    return "-".join(textwrap.wrap(letters, 4))


def _time(at: str) -> str:
    if len(at) != 14 or not at.isdecimal():
        return at
    return f"{at[6:8]}.{at[4:6]}.{at[:4]} {at[8:10]}:{at[10:12]}:{at[12:]}"


def lines(receipt: Receipt, *, is_copy: bool) -> list[PaperLine]:
    """The block of the control unit; of a receipt that is not signed, that it is not."""
    if receipt.state != SIGNED:
        return [
            PaperLine(printed("NOT YET SIGNED BY KRA"), is_bold=True),
            PaperLine(printed("Ask for a print with the signature of the control unit.")),
        ]
    label = _COPIES.get(receipt.label, receipt.label) if is_copy else receipt.label
    counter = f"{receipt.receipt_no}/{receipt.total_no} {label}"
    found = [PaperLine(printed("SCU INFORMATION"), is_bold=True)]
    if receipt.label == LABELS[True]:
        found.append(PaperLine(CREDIT_WORDS))
        if receipt.original:
            found.append(PaperLine(printed("Original CU invoice"), receipt.original))
    return [
        *found,
        PaperLine(printed("SCU date"), _time(receipt.signed_at)),
        PaperLine(printed("CU ID"), receipt.unit),
        PaperLine(printed("CU invoice"), f"{receipt.unit}/{receipt.receipt_no}"),
        PaperLine(printed("Receipt number"), counter),
        PaperLine(printed("Internal data"), dashed(receipt.internal)),
        PaperLine(printed("Receipt signature"), dashed(receipt.signature)),
        *([PaperLine(receipt.qr, is_qr=True)] if receipt.qr else []),
    ]
