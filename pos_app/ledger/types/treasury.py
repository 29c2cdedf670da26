"""The types of documents over money outside the trade: with parties, between places, and entries by hand."""

from typing import Final

from pos_app.ledger import document_figures as figures
from pos_app.ledger import document_words as words
from pos_app.ledger import needs
from pos_app.ledger.bank_bag import BagBanked, BankBag
from pos_app.ledger.journal_entry import JournalEntry
from pos_app.ledger.permission import Permission
from pos_app.ledger.posting import treasury as posting_treasury
from pos_app.ledger.rules import treasury as rules_treasury
from pos_app.ledger.treasury import PAID_OUT, DepositReturn, MoneyTransfer, PartyMoney
from pos_app.ledger.types.document_type import DocumentType, always

PARTY_MONEY: Final = DocumentType(
    struct=PartyMoney,
    series="G",
    check=rules_treasury.check_party_money,
    post=posting_treasury.post_party_money,
    needs=needs.party_money,
    totals=figures.settled,
    pays_out=lambda document: document.reason in PAID_OUT,
    describe=words.party_reason,
    voidable_without_shift=True,
    has_receipt=True,
)
DEPOSIT_RETURN: Final = DocumentType(
    struct=DepositReturn,
    series="DR",
    check=rules_treasury.check_deposit_return,
    post=posting_treasury.post_deposit_return,
    needs=needs.deposit_return,
    totals=figures.settled,
    pays_out=always,
    describe=words.deposit_slip,
    at_the_till=True,
    has_receipt=True,
)
MONEY_TRANSFER: Final = DocumentType(
    struct=MoneyTransfer,
    series="J",
    check=rules_treasury.check_money_transfer,
    post=posting_treasury.post_money_transfer,
    needs=needs.money_transfer,
    totals=figures.only("amount"),
    describe=words.moved,
    voidable_without_shift=True,
    has_receipt=True,
)
BANK_BAG: Final = DocumentType(
    struct=BankBag,
    series="BB",
    check=rules_treasury.check_bank_bag,
    post=posting_treasury.post_bank_bag,
    needs=needs.just(Permission.MOVE_MONEY),
    totals=figures.only("amount"),
    describe=words.bagged,
    voidable_without_shift=True,
    has_receipt=True,
)
BAG_BANKED: Final = DocumentType(
    struct=BagBanked,
    series="BA",
    check=rules_treasury.check_bag_banked,
    post=posting_treasury.post_bag_banked,
    needs=needs.just(Permission.MOVE_MONEY),
    totals=figures.only("arrived"),
    continues="bag_id",
    describe=words.bag_arrived,
    voidable_without_shift=True,
)
JOURNAL_ENTRY: Final = DocumentType(
    struct=JournalEntry,
    series="JE",
    check=rules_treasury.check_journal_entry,
    post=posting_treasury.post_journal_entry,
    needs=needs.just(Permission.JOURNAL_ENTRY),
)

FAMILY: Final = (PARTY_MONEY, DEPOSIT_RETURN, MONEY_TRANSFER, JOURNAL_ENTRY, BANK_BAG, BAG_BANKED)
