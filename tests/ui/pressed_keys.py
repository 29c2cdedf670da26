"""Owns what every key of the window does, as the screens offer them in each of their states.

A line is a key's cap, its words, and what a person sees when it is pressed that was not there before (see
`window_face`): the screen or sheet that is in front then, what is marked or chosen, where the keyboard is, a
sentence.  `gone:` is what was there and is not any more, `books:` the kind of document that is recorded,
`same` a key that chooses what is chosen, `//` parts two of which one is seen, where a thread is at work.
"""

from typing import Final

SELLING: Final = """
sign-in:
  ↑ ↓ | Choose a name | chosen: Grace O.
  Enter | Sign in | screen: SellScreen
empty basket:
  F2 | Depot | screen: DepotScreen
  F3 | Customer | screen: CustomerScreen
  F4 | Quantity | Choose a line first.
  F5 | Price | Choose a line first.
  F6 | Park | No basket is parked.
  F7 | Return | screen: RefundScreen
  F8 | Drawer | screen: DrawerScreen
  F9 | Last receipt | screen: ReceiptsScreen
  F10 | More | Choose a line first.
  % | Discount | Choose a line first.
  Del | Line | Choose a line first.
  Ins | Note | sheet: Note
  PgUp | Buy again | Choose the customer with F3 first; then what they bought before is here.
  ? | Why this price | Choose a line first.
  F12 | Pay | There is nothing in the basket; scan or choose a product first.
basket of one who bought before:
  F2 | Depot | screen: DepotScreen
  F3 | Customer | screen: CustomerScreen
  F4 | Quantity | Choose a line first.
  F5 | Price | Choose a line first.
  F6 | Park | No basket is parked.
  F7 | Return | screen: RefundScreen
  F8 | Drawer | screen: DrawerScreen
  F9 | Last receipt | screen: ReceiptsScreen
  F10 | More | Choose a line first.
  % | Discount | Choose a line first.
  Del | Line | Choose a line first.
  Ins | Note | sheet: Note
  PgUp | Buy again | sheet: Buy again
  ? | Why this price | Choose a line first.
  F12 | Pay | There is nothing in the basket; scan or choose a product first.
unknown barcode:
  F2 | Depot | screen: DepotScreen
  F3 | Customer | screen: CustomerScreen
  F4 | Quantity | Choose a line first.
  F5 | Price | Choose a line first.
  F6 | Park | No basket is parked.
  F7 | Return | screen: RefundScreen
  F8 | Drawer | screen: DrawerScreen
  F9 | Last receipt | screen: ReceiptsScreen
  F10 | More | Choose a line first.
  % | Discount | Choose a line first.
  Del | Line | Choose a line first.
  Ins | Note | sheet: Note
  PgUp | Buy again | Choose the customer with F3 first; then what they bought before is here.
  ? | Why this price | Choose a line first.
  F11 | Unknown: add it | sheet: New product
  F12 | Pay | There is nothing in the basket; scan or choose a product first.
basket:
  F2 | Depot | screen: DepotScreen
  F3 | Customer | screen: CustomerScreen
  F4 | Quantity | sheet: Quantity
  F5 | Price | sheet: Price of one
  F6 | Park | sheet: Park this basket
  F7 | Return | screen: RefundScreen
  F8 | Drawer | screen: DrawerScreen
  F9 | Last receipt | screen: ReceiptsScreen
  F10 | More | sheet: More
  % | Discount | sheet: Discount
  Del | Line | marked: Hose 1.5 m + clips, 1 × 420.00, 420.00
  Ins | Note | sheet: Note
  PgUp | Buy again | Choose the customer with F3 first; then what they bought before is here.
  ? | Why this price | sheet: Why this price
  F12 | Pay | screen: TenderScreen
empty basket of cylinders:
  F2 | Depot | screen: DepotScreen
  F3 | Customer | screen: CustomerScreen
  F4 | Quantity | Choose a line first.
  F5 | Price | Choose a line first.
  F6 | Park | No basket is parked.
  F7 | Return | screen: RefundScreen
  F8 | Drawer | screen: DrawerScreen
  F9 | Last receipt | screen: ReceiptsScreen
  F10 | More | Choose a line first.
  % | Discount | Choose a line first.
  Del | Line | Choose a line first.
  Ins | Note | sheet: Note
  PgUp | Buy again | Choose the customer with F3 first; then what they bought before is here.
  ? | Why this price | Choose a line first.
  F11 | Empty back | sheet: Which empty comes back?
  F12 | Pay | There is nothing in the basket; scan or choose a product first.
refill:
  F2 | Depot | screen: DepotScreen
  F3 | Customer | screen: CustomerScreen
  F4 | Quantity | sheet: Quantity
  F5 | Price | sheet: Price of one
  F6 | Park | sheet: Park this basket
  F7 | Return | screen: RefundScreen
  F8 | Drawer | screen: DrawerScreen
  F9 | Last receipt | screen: ReceiptsScreen
  F10 | More | sheet: More
  % | Discount | sheet: Discount
  Del | Line | gone: marked: LPG refill 13 kg, 1 × 3,250.00 · full out 1, empty in 1, 3,250.00
  Ins | Note | sheet: Note
  PgUp | Buy again | Choose the customer with F3 first; then what they bought before is here.
  ? | Why this price | sheet: Why this price
  F11 | No empty | marked: LPG refill 13 kg, 1 × 3,250.00 · full out 1, deposit on 1
  F12 | Pay | screen: TenderScreen
refill without its empty:
  F2 | Depot | screen: DepotScreen
  F3 | Customer | screen: CustomerScreen
  F4 | Quantity | sheet: Quantity
  F5 | Price | sheet: Price of one
  F6 | Park | sheet: Park this basket
  F7 | Return | screen: RefundScreen
  F8 | Drawer | screen: DrawerScreen
  F9 | Last receipt | screen: ReceiptsScreen
  F10 | More | sheet: More
  % | Discount | sheet: Discount
  Del | Line | gone: marked: LPG refill 13 kg, 1 × 3,250.00 · full out 1, deposit on 1, 3,250.00
  Ins | Note | sheet: Note
  PgUp | Buy again | Choose the customer with F3 first; then what they bought before is here.
  ? | Why this price | sheet: Why this price
  F11 | What comes back | sheet: What comes back?
  F12 | Pay | screen: TenderScreen
parked basket:
  F2 | Depot | screen: DepotScreen
  F3 | Customer | screen: CustomerScreen
  F4 | Quantity | Choose a line first.
  F5 | Price | Choose a line first.
  F6 | Parked 1 | sheet: Parked baskets
  F7 | Return | screen: RefundScreen
  F8 | Drawer | screen: DrawerScreen
  F9 | Last receipt | screen: ReceiptsScreen
  F10 | More | Choose a line first.
  % | Discount | Choose a line first.
  Del | Line | Choose a line first.
  Ins | Note | sheet: Note
  PgUp | Buy again | Choose the customer with F3 first; then what they bought before is here.
  ? | Why this price | Choose a line first.
  F12 | Pay | There is nothing in the basket; scan or choose a product first.
customers:
  Enter | Choose for the basket | screen: SellScreen
  F4 | Open card | keyboard: customer
  Esc | Back to basket | screen: SellScreen
customers, one chosen:
  Enter | Choose for the basket | screen: SellScreen
  F4 | Open card | keyboard: customer
  F6 | Cash customer | screen: SellScreen
  Esc | Back to basket | screen: SellScreen
customer:
  F3 | Receive payment | screen: PaymentScreen
  F4 | Deposit, credit | sheet: Take a deposit
  F7 | Other table | chosen: Statement
  Enter | Choose for the basket | screen: SellScreen
  F6 | Cash customer | screen: SellScreen
  Esc | All customers | keyboard: customer-search
customer, one chosen:
  Enter | Choose for the basket | screen: SellScreen
  F4 | Open card | keyboard: customer
  F6 | Cash customer | screen: SellScreen
  Esc | Back to basket | screen: SellScreen
payment:
  Space | Tick | 1 invoice ticked
  F6 | All, none | 1 invoice ticked
  F7 | Currency | chosen: USD
  Enter | Take the money | screen: TenderScreen
  Esc | Back | screen: CustomerScreen
payment, with a deposit:
  Space | Tick | 1 invoice ticked
  F6 | All, none | 1 invoice ticked
  F5 | Use their credit | sheet: Settle with the deposit?
  Enter | Take the money | screen: TenderScreen
  Esc | Back | screen: CustomerScreen
tender:
  Esc | Back to basket | screen: SellScreen
  Del | Remove tender | Take it, then the rest
  F7 | Currency | chosen: 6.57
  F6 | Invoice | Choose a customer first; an invoice is written to somebody.
  F10 | Finish without print | books: Sale
  Enter | Finish | books: Sale
  F2 | Cash | same
  F3 | M-Pesa | chosen: M-Pesa
  F4 | On account | sheet: Which customer?
  F5 | Bank, card, other | chosen: Bank
tender, a part taken:
  Esc | Back to basket | screen: SellScreen
  Del | Remove tender | Take it, then the rest
  F7 | Currency | chosen: 5.80
  F6 | Invoice | Choose a customer first; an invoice is written to somebody.
  F10 | Finish without print | books: Sale
  Enter | Finish | books: Sale
  F2 | Cash | same
  F3 | M-Pesa | chosen: M-Pesa
  F4 | On account | sheet: Which customer?
  F5 | Bank, card, other | chosen: Bank
tender of a customer:
  Esc | Back to basket | screen: SellScreen
  Del | Remove tender | Take it, then the rest
  F7 | Currency | chosen: 6.57
  F6 | Invoice | screen: InvoiceScreen
  F10 | Finish without print | books: Sale
  Enter | Finish | books: Sale
  F2 | Cash | same
  F3 | M-Pesa | chosen: M-Pesa
  F4 | On account | chosen: On account
  F5 | Bank, card, other | chosen: Bank
tender of a deposit:
  Esc | Back | screen: CustomerScreen
  Del | Remove tender | Take it, then the rest
  F7 | Currency | chosen: 11.59
  F10 | Finish without print | books: PartyMoney
  Enter | Finish | books: PartyMoney
  F2 | Cash | same
  F3 | M-Pesa | chosen: M-Pesa
  F5 | Bank, card, other | chosen: Bank
done:
  Enter | Next sale | screen: SellScreen
  F9 | Print a copy | Copy 1 is being printed.
  Esc | Next sale | screen: SellScreen
receipts:
  ↑ ↓ | Choose a receipt | marked: 1
  Enter | Print a copy | Copy 1 of K3-S000002 is being printed.
  F3 | Drafts | screen: DraftsScreen
  F6 | Void | sheet: Void K3-S000002
  F7 | Return | screen: RefundScreen
  Esc | Back to basket | screen: SellScreen
receipts, an invoice:
  ↑ ↓ | Choose a receipt | marked: 1
  Enter | Print a copy | Copy 1 of K3-I000002 is being printed.
  F3 | Drafts | screen: DraftsScreen
  F5 | Save as PDF | sheet: Save K3-I000002 as a PDF
  F6 | Void | sheet: Void K3-I000002
  F7 | Credit note | screen: CreditNoteScreen
  Esc | Back to basket | screen: SellScreen
receipts, paper unknown:
  ↑ ↓ | Choose a receipt | same
  Enter | Print a copy | Copy 1 of K3-S000001 is being printed.
  F3 | Drafts | screen: DraftsScreen
  F4 | Paper is there | gone: F4
  F6 | Void | sheet: Void K3-S000001
  F7 | Return | screen: RefundScreen
  Esc | Back to basket | screen: SellScreen
refund:
  ↑ ↓ | Choose a receipt | marked: K3-S000001
  Enter | Open it | keyboard: comes-back-0
  Esc | Back to basket | screen: SellScreen
refund of one:
  F6 | All of it | gone: 0.00
  F3 | Cash | same
  F4 | On account | same
  F5 | Another way | same
  ↓ Enter | Next | keyboard: comes-back-1
  F12 | Hand back | Choose at least one line to take back.
  Esc | Another receipt | keyboard: receipt-number
refund of a marked one:
  F6 | All of it | gone: 0.00
  F3 | Cash | same
  F4 | On account | same
  F5 | Another way | same
  ↓ Enter | Next | keyboard: comes-back-1
  F12 | Hand back | Choose at least one line to take back.
  Esc | Back | screen: ReceiptsScreen
refund, another way:
  F6 | All of it | gone: 0.00
  F3 | Cash | same
  F4 | On account | same
  F5 | Another way | same
  ↓ Enter | Next | keyboard: comes-back-1
  F12 | Hand back | Choose at least one line to take back.
  Esc | Back | screen: ReceiptsScreen
invoice:
  Tab | Next field | keyboard: invoice-reference
  F9 | Keep as a draft | screen: SellScreen
  F12 | Write the invoice | books: Invoice
  Esc | Back to the money | screen: TenderScreen
credit note:
  F6 | All of it | gone: 0.00
  F3 | Goods back | same
  F4 | Only the money | chosen: Only the money
  ↓ Enter | Next | keyboard: credit-reason
  F12 | Write the credit note | Choose at least one line to credit.
  Esc | Back | screen: ReceiptsScreen
credit note, money only:
  F6 | All of it | gone: 0.00
  F3 | Goods back | chosen: The goods come back
  F4 | Only the money | same
  ↓ Enter | Next | keyboard: credit-reason
  F12 | Write the credit note | Choose at least one line to credit.
  Esc | Back | screen: ReceiptsScreen
drafts:
  ↑ ↓ | Choose a draft | marked:
  Enter | Write the invoice | books: Invoice
  F4 | When it is due | sheet: Due in how many days?
  Del | Put away | sheet: Put this draft away?
  Esc | Back | screen: ReceiptsScreen
"""
