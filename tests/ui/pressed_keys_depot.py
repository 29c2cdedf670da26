"""Owns what every key of the depot's screens does; how a line is read stands in `pressed_keys`."""

from typing import Final

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
  O | Order again | screen: ReorderScreen
  E | Labels | screen: LabelsScreen
  A | Expense | screen: ExpenseScreen
  B | Move money | screen: TransferScreen
  C | Staff and members | screen: PartyScreen
  D | Deposit back | sheet: Deposit paid back
  N | New customer | sheet: New customer
  P | New product | sheet: New product
  T | Price for today | sheet: Price for today
  R | Requests | Nothing was asked at this till yet.
  W | Reports | screen: ReportsScreen
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
reorder:
  ↑ ↓ | Choose | marked:
  Enter | Look at the order | screen: OrderScreen
  F12 | Order all of this vendor | Nobody said of whom Grill top is bought.
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
  F7 | Shelf or area | sheet: Which shelf or area?
  F8 | Take out | keyboard: goods-search
  F9 | Empty the list | sheet: Empty the list?
  F12 | Compare it | keyboard: count
  Esc | Back | screen: DepotScreen
counted:
  F6 | Count these again | keyboard: field-0-8
  F12 | Book the count | books: StockCount
  Esc | Back | keyboard: field-0-8
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
  F10 | Why this price | sheet: Why this price
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
  F7 | Currency | sheet: Currency of the money
  F6 | Arrives in | sheet: Currency in which it arrives
  F5 | To the business | sheet: To which business?
  F12 | Record the move | Enter an amount of more than zero.
  Esc | Back | screen: DepotScreen
transfer, done:
  Enter | Next field | keyboard: choice-safe
  F7 | Currency | sheet: Currency of the money
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
