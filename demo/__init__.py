"""`bohari demo`: a depot's morning, played on the real parts: server, Postgres, daemon, till window.

With a display the till belongs to the person at it.  Without one a scripted cashier drives the same
window with real key, mouse and scanner events, through an outage and a kill, and at the end till and
centre are compared balance by balance.

`bohari demo-month` (`month` and what begins with it) plays a month of three businesses instead, without a
window, and proves its books at the end.
"""
