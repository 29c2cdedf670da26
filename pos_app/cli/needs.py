"""What each command needs of whoever calls it: said once, where the command is declared.

Decisions
---------
2026-11-29  A command that says neither which permission it needs nor why it is open to everybody cannot be
declared: whoever adds one has decided who may.  Open are those that show and change no money, no people and
no secret, and those that must work when nobody can be asked.
"""

from dataclasses import dataclass

from pos_app.ledger.permission import Permission


@dataclass(frozen=True)
class Needs:
    """One of these permissions, or, when there is none, why anybody may.

    `somewhere`: it is enough to have it at one place, because what is done asks for its own place again.
    `two`: two different people must have it.
    """

    permissions: tuple[Permission, ...] = ()
    open_because: str = ""
    somewhere: bool = False
    two: bool = False

    def __post_init__(self) -> None:
        """Raises `TypeError` for neither, and for both."""
        if bool(self.permissions) is bool(self.open_because.strip()):
            raise TypeError("a command needs a permission, or a reason why it needs none")


def needs(*permissions: Permission) -> Needs:
    """One of these for the whole organisation, or at a till for its place."""
    return Needs(permissions)


def somewhere(*permissions: Permission) -> Needs:
    """One of these at any place; the use case looks whether it is the right one."""
    return Needs(permissions, somewhere=True)


def two_people(*permissions: Permission) -> Needs:
    """One of these, of two different people; the use case looks where."""
    return Needs(permissions, somewhere=True, two=True)


def open_to_all(because: str) -> Needs:
    """Nobody is asked, for this reason."""
    return Needs(open_because=because)
