"""Owns what every key of the window does, as the screens offer them in each of their states.

A line is a key's cap, its words, and what a person sees when it is pressed that was not there before (see
`window_face`): the screen or sheet that is in front then, what is marked or chosen, where the keyboard is, a
sentence.  `gone:` is what was there and is not any more, `books:` the kind of document that is recorded,
`same` a key that chooses what is chosen.
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
  F5 | Currency | chosen: USD
  Enter | Take the money | screen: TenderScreen
  Esc | Back | screen: CustomerScreen
payment, with a deposit:
  Space | Tick | 1 invoice ticked
  F6 | All, none | 1 invoice ticked
  F7 | Use their credit | sheet: Settle with the deposit?
  Enter | Take the money | screen: TenderScreen
  Esc | Back | screen: CustomerScreen
tender:
  Esc | Back to basket | screen: SellScreen
  Del | Remove tender | Take it, then the rest
  F6 | Currency | chosen: 6.57
  F7 | Invoice | Choose a customer first; an invoice is written to somebody.
  F10 | Finish without print | books: Sale
  Enter | Finish | books: Sale
  F2 | Cash | same
  F3 | M-Pesa | chosen: M-Pesa
  F4 | On account | sheet: Which customer?
  F5 | Bank, card, voucher | chosen: Bank
tender, a part taken:
  Esc | Back to basket | screen: SellScreen
  Del | Remove tender | Take it, then the rest
  F6 | Currency | chosen: 5.80
  F7 | Invoice | Choose a customer first; an invoice is written to somebody.
  F10 | Finish without print | books: Sale
  Enter | Finish | books: Sale
  F2 | Cash | same
  F3 | M-Pesa | chosen: M-Pesa
  F4 | On account | sheet: Which customer?
  F5 | Bank, card, voucher | chosen: Bank
tender of a customer:
  Esc | Back to basket | screen: SellScreen
  Del | Remove tender | Take it, then the rest
  F6 | Currency | chosen: 6.57
  F7 | Invoice | screen: InvoiceScreen
  F10 | Finish without print | books: Sale
  Enter | Finish | books: Sale
  F2 | Cash | same
  F3 | M-Pesa | chosen: M-Pesa
  F4 | On account | chosen: On account
  F5 | Bank, card, voucher | chosen: Bank
tender of a deposit:
  Esc | Back | screen: CustomerScreen
  Del | Remove tender | Take it, then the rest
  F6 | Currency | chosen: 11.59
  F10 | Finish without print | books: PartyMoney
  Enter | Finish | books: PartyMoney
  F2 | Cash | same
  F3 | M-Pesa | chosen: M-Pesa
  F5 | Bank, card, voucher | chosen: Bank
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

DEPOT: Final = """
depot:
  1 … H | Open | screen: GoodsInScreen
  ↑ ↓ | Choose | keyboard: depot-
  Enter | Open it | screen: GoodsInScreen
  Esc | Back to basket | screen: SellScreen
  1 | Goods in | screen: GoodsInScreen
  2 | Order | screen: OrderScreen
  3 | Send goods | screen: SendScreen
  4 | Goods arriving | screen: ArrivingScreen
  5 | Count stock | screen: CountScreen
  6 | Adjust stock | screen: AdjustScreen
  7 | Stock | screen: StockScreen
  8 | Cylinders and bottles | screen: HoldersScreen
  9 | Laundry | screen: LaundryScreen
  L | Take laundry in | screen: IntakeScreen
  0 | Half return | screen: HalfReturnScreen
  E | Labels | screen: LabelsScreen
  A | Expense | screen: ExpenseScreen
  B | Move money | screen: TransferScreen
  C | Staff and members | screen: PartyScreen
  D | Deposit back | sheet: Deposit paid back
  N | New customer | sheet: New customer
  P | New product | sheet: New product
  T | Price for today | sheet: Price for today
  R | Requests | Nothing was asked at this till yet.
  H | How this till is | screen: HealthScreen
goods in:
  ↑ ↓ | Choose | marked:
  Enter | Receive it | screen: ReceiveOrderScreen
  F4 | Without an order | screen: ReceiveLooseScreen
  Esc | Back | screen: DepotScreen
goods of an order:
  F5 | Delivery note | keyboard: goods-note
  F6 | All of it | keyboard: record
  F9 | Empty the list | sheet: Empty the list?
  F12 | Record what came | books: GoodsReceipt
  Esc | Back | screen: GoodsInScreen
goods without an order:
  F3 | Product list | sheet: Which product?
  F4 | Vendor | sheet: Which vendor?
  F5 | Delivery note | keyboard: goods-note
  F7 | Currency | sheet: Currency
  F8 | Take out | keyboard: goods-search
  F9 | Empty the list | sheet: Empty the list?
  F12 | Record what came | Choose the vendor with F4 first.
  Esc | Back | screen: GoodsInScreen
order:
  F3 | Product list | sheet: Which product?
  F4 | Vendor | sheet: Which vendor?
  F5 | Reference | keyboard: goods-note
  F6 | Reorder list | 2 products added
  F7 | Currency | sheet: Currency
  F10 | Day it comes | sheet: Expected in days
  F8 | Take out | keyboard: goods-search
  F9 | Empty the list | sheet: Empty the list?
  F12 | Record the order | Choose the vendor with F4 first.
  Esc | Back | screen: DepotScreen
send:
  F3 | Product list | sheet: Which product?
  F4 | Where to | sheet: Where do the goods go?
  F5 | Note | keyboard: goods-note
  F8 | Take out | keyboard: goods-search
  F9 | Empty the list | sheet: Empty the list?
  F12 | Record the sending | Choose with F4 where the goods go.
  Esc | Back | screen: DepotScreen
arriving:
  ↑ ↓ | Choose | marked:
  Enter | Receive it | screen: ReceiveTransferScreen
  Esc | Back | screen: DepotScreen
goods that arrive:
  F5 | Note | keyboard: goods-note
  F6 | All of it | keyboard: record
  F9 | Empty the list | sheet: Empty the list?
  F12 | Record what came | books: TransferReceived
  Esc | Back | screen: ArrivingScreen
count:
  F3 | Product list | sheet: Which product?
  F4 | Place | sheet: What is counted?
  F5 | Note | keyboard: goods-note
  F8 | Take out | keyboard: goods-search
  F9 | Empty the list | sheet: Empty the list?
  F12 | Record the count | books: StockCount
  Esc | Back | screen: DepotScreen
counted:
  F6 | Count these again | keyboard: field-0-8
  Enter | Done | keyboard: goods-search
  Esc | Back | keyboard: goods-search
adjust:
  F3 | Product list | sheet: Which product?
  F4 | Reason | sheet: Why is it adjusted?
  F5 | Note | keyboard: goods-note
  F8 | Take out | keyboard: goods-search
  F9 | Empty the list | sheet: Empty the list?
  F12 | Record the adjustment | Choose with F4 why the stock is adjusted.
  Esc | Back | screen: DepotScreen
stock:
  ↑ ↓ | Choose | marked: 1
  Enter | Why is it so? | keyboard: stock
  F6 | Count it | screen: CountScreen
  Esc | Back | screen: DepotScreen
stock explained:
  ↑ ↓ | Look through | marked: 0
  F6 | Count it | screen: CountScreen
  Esc | All products | keyboard: stock-search
holders:
  ↑ ↓ | Choose | marked:
  Enter | Give or take | screen: ReturnablesScreen
  F4 | Another customer | sheet: Which customer?
  F6 | Without a name | screen: ReturnablesScreen
  F7 | All cylinders | screen: OwnedScreen
  F8 | Collect full ones | screen: ReceiveLooseScreen
  Esc | Back | screen: DepotScreen
all cylinders:
  ↑ ↓ | Choose | marked:
  Enter | Why so many? | sheet: What made them more or fewer?
  Esc | Back | screen: HoldersScreen
cylinders of one:
  F3 | Product list | sheet: Which product?
  F5 | Note | keyboard: goods-note
  F8 | Take out | gone: Cylinder 13 kg, empty
  F9 | Empty the list | sheet: Empty the list?
  F12 | Record the exchange | books: ReturnableMove
  Esc | Back | screen: HoldersScreen
laundry:
  ↑ ↓ | Choose | marked:
  Enter | Show what it is | sheet: K3-SO000001
  F3 | Take in | screen: IntakeScreen
  F4 | Ready | books: ServiceStep
  F5 | Hand out | screen: SellScreen
  F6 | Give back | sheet: Give it back?
  F7 | Overdue | Nothing is overdue.
  F9 | Print tags | The tags of K3-SO000001 are printed again.
  Esc | Back | screen: DepotScreen
laundry taken in:
  F3 | Product list | sheet: Which product?
  F4 | Customer | sheet: Whose things are they?
  F5 | Note | keyboard: goods-note
  F6 | Note on the line | sheet: What are they?
  F7 | Promised | sheet: Ready in how many days?
  F8 | Take out | gone: Duvet, double
  F9 | Empty the list | sheet: Empty the list?
  F12 | Record and print tags | Choose with F4 whose things they are.
  Esc | Back | screen: LaundryScreen
half return:
  F3 | Product list | sheet: Which product?
  F4 | Customer | sheet: Which customer?
  F5 | Reason | keyboard: goods-note
  F6 | Cylinder | sheet: Which cylinder comes back?
  F7 | How | sheet: How
  F8 | Take out | keyboard: goods-search
  F9 | Empty the list | sheet: Empty the list?
  F12 | Record the return | “LPG refill 13 kg”: write all three weights in kilograms.
  Esc | Back | screen: DepotScreen
expense:
  Enter | Choose | sheet: Petty cash expenses
  Del | Take out | same
  F12 | How was it paid? | keyboard: choice-cash
  Esc | Back | screen: DepotScreen
expense, how paid:
  Enter | Next field | keyboard: paper
  F12 | Record the expense | books: Expense
  Esc | Back | keyboard: account-search
transfer:
  Enter | Next field | keyboard: choice-safe
  F5 | Currency | sheet: Currency of the money
  F6 | Arrives in | sheet: Currency in which it arrives
  F7 | To the business | sheet: To which business?
  F12 | Record the move | Enter an amount of more than zero.
  Esc | Back | screen: DepotScreen
transfer, done:
  Enter | Next field | keyboard: choice-safe
  F5 | Currency | sheet: Currency of the money
  F6 | Arrives in | sheet: Currency in which it arrives
  F9 | Print a copy | Copy 1 is being printed.
  F12 | Record the move | Enter an amount of more than zero.
  Esc | Back | screen: DepotScreen
people:
  Enter | Choose | keyboard: choice-employee_advance
  F3 | Staff | same
  F4 | Members | chosen: Members
  F5 | Customers | chosen: Customers
  F6 | Vendors | chosen: Vendors
  Esc | Back | screen: DepotScreen
people, members:
  Enter | Choose | keyboard: choice-employee_advance
  F3 | Staff | chosen: Staff
  F4 | Members | same
  F5 | Customers | chosen: Customers
  F6 | Vendors | chosen: Vendors
  Esc | Back | screen: DepotScreen
people, one:
  Enter | Next field | same
  F12 | Hand it out, print the slip | books: PartyMoney
  Esc | Back | keyboard: party-search
"""
