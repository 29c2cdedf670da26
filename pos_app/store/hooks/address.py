"""Which addresses other programs may be told at: a URL as it was typed, and where a name leads to.

What is sent goes from inside the shop's own network, so an address is a way in: to the router, to a database
without a password, to what a cloud tells its own machines.  A URL is judged when it is typed, and what its
name leads to at every sending, by whoever connects (`sync.server.hook_post`), which connects to what was
judged.

Decisions
---------
2026-12-01  Only https, and only addresses of the open internet.  A program beside the server is reached over
`http://127.0.0.1` where `webhooks_to_this_machine` is set in the home of the server, by who looks after it;
no form opens it.
"""

import ipaddress
import re
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from pos_app.ledger.errors import Refused

MOST_LETTERS: Final = 500
_NAME: Final = re.compile(r"^(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.?)+$")
#: A last part that is a number makes of a name an address in one of its odd forms: 127.1, 0x7f000001.
_ODD: Final = re.compile(r"(^|\.)(0x[0-9a-f]*|[0-9]+)\.?$")
#: What stands in a path or after its question mark without being written as %..; nothing else may.
_REST: Final = re.compile(r"^[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]*$")
_HTTPS: Final = 443
_HTTP: Final = 80

#: IPv6 that carries an IPv4 address: translated (NAT64), and the old form of "the same as".
_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")
_TRANSLATED_HERE: Final = ipaddress.ip_network("64:ff9b:1::/48")
_COMPATIBLE: Final = ipaddress.ip_network("::/96")
_SITE: Final = ipaddress.ip_network("fec0::/10")
#: Of protocols, and of relays that nobody runs any more: of these `ipaddress` calls some global.
_OF_PROTOCOLS: Final = (ipaddress.ip_network("192.0.0.0/24"), ipaddress.ip_network("192.88.99.0/24"))

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Target(NamedTuple):
    """A URL in its parts; `rest` is the path and what follows it."""

    scheme: str
    host: str
    port: int
    rest: str

    @property
    def authority(self) -> str:
        """The host as a request names it."""
        usual = _HTTPS if self.scheme == "https" else _HTTP
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == usual else f"{host}:{self.port}"


def parsed(url: str, *, to_this_machine: bool = False) -> Target:
    """A URL that may be told.  Raises `Refused` with what is wrong about it."""
    if len(url) > MOST_LETTERS:
        raise Refused("webhook-url-long", most=MOST_LETTERS)
    if not url.isascii() or any(one <= " " or one in "\\\x7f" for one in url):
        raise Refused("webhook-url-wrong")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("webhook-url-wrong") from None
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("https", "http") or not host or port == 0:
        raise Refused("webhook-url-wrong")
    if "@" in parts.netloc or parts.fragment or "#" in url:
        raise Refused("webhook-url-wrong")
    rest = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    literal = address_of(host)
    if (literal is None and (not _NAME.match(host) or _ODD.search(host))) or not _REST.match(rest):
        raise Refused("webhook-url-wrong")
    is_here = to_this_machine and (host == "localhost" or (literal is not None and literal.is_loopback))
    if parts.scheme == "http" and not is_here:
        raise Refused("webhook-url-not-https")
    if not is_here and (host.rstrip(".") == "localhost" or (literal is not None and not is_public(literal))):
        raise Refused("webhook-url-inside")
    usual = _HTTPS if parts.scheme == "https" else _HTTP
    return Target(parts.scheme, host, port or usual, rest)


def address_of(text: str) -> Address | None:
    """An address that is written in full; None for a name."""
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def may_connect(address: Address, target: Target, *, to_this_machine: bool = False) -> bool:
    """Whether what the target's name leads to may be connected to."""
    if to_this_machine and address.is_loopback:
        return True
    return target.scheme == "https" and is_public(address)


def is_public(address: Address) -> bool:
    """Whether an address is of the open internet, itself and the one that it carries."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None or address in _SITE or address in _TRANSLATED_HERE:
            return False
        carried = _carried(address)
        if carried is not None:
            return is_public(carried)
    elif any(address in one for one in _OF_PROTOCOLS):
        return False
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_private
        or address.is_link_local
        or address.is_loopback
        or address.is_unspecified
    )


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _TRANSLATED or address in _COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
