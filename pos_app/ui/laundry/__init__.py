"""The screens for what customers leave with us for a service: the list of what is here, and the intake.

Decisions
---------
2026-11-21  A scanned tag marks its order and opens nothing: the same scan begins "it is ready" (F4), "the
customer is here" (F5) and "print the tag again" (F9), and which of them it is only the person knows.

2026-11-21  Handing out fills the basket and goes there, so that it is paid as everything else is; a part of
an order is handed out by a smaller quantity on its line of the basket.

2026-11-21  The note belongs to the line, for it describes things: "blue; stain on the collar".  A service
that is taken once more after its line has a note begins a line of its own.
"""
