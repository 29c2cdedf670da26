"""Where passkeys of a request are bound to: the shop's public address, or this machine itself.

Decisions
---------
2026-12-01  The domain is that of the setting `public_address` and never what a request calls itself: a name
that somebody leads here gets no passkeys.  Organisations that are named by a subdomain share it.  On the
machine itself it is `localhost`; an address of numbers has no passkeys in any browser.
"""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from pos_app.ledger.errors import Refused
from pos_app.office.passkeys import Site
from pos_app.web.asked import Asked

_LOCAL: Final = "localhost"


def domain_of(address: str) -> str:
    """The domain of a public address; empty where none is set.  Raises `Refused` for one that is none."""
    if not address:
        return ""
    parts = urlsplit(address)
    name = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https" or "." not in name or parts.path not in ("", "/") or _is_numbers(name):
        raise Refused("public-address-unusable", address=address[:80])
    return name


def _is_numbers(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def of(asked: Asked, domain: str) -> Site | None:
    """The site of a request; None where its address can have no passkeys."""
    try:
        name = urlsplit(f"//{asked.host}").hostname or ""
    except ValueError:
        return None
    if name == _LOCAL:
        return Site(_LOCAL, f"{asked.scheme}://{asked.host}")
    is_ours = bool(domain) and (name == domain or name.endswith(f".{domain}"))
    return Site(domain, f"https://{asked.host}") if is_ours and asked.scheme == "https" else None
