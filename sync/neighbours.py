"""Who offers what on the local network, by multicast DNS (RFC 6762, 6763): heard, said, and not believed.

A name on the network is a hint where to ask. Whether it is the right centre says the fingerprint of its key,
which the answer proves and a person compares (`sync.client.first_look`).
"""

import contextlib
import ipaddress
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import ifaddr
from zeroconf import ServiceBrowser, ServiceInfo, ServiceStateChange, Zeroconf

#: Under this name a centre announces itself.
CENTRE: Final = "_bohari._tcp.local."
#: And so do printers that take bytes on a port of their own (port 9100).
RAW_PRINTER: Final = "_pdl-datastream._tcp.local."
_LONGEST_LABEL: Final = 63
_ANSWER_MS: Final = 1500
_MOST: Final = 50
_LOOK_EVERY_S: Final = 0.1
_GOODBYE_S: Final = 5.0


class Neighbour(NamedTuple):
    """Somebody on the network: what they call themselves, where they are reached, what they say beside."""

    name: str
    address: str
    port: int
    told: dict[str, str]


def heard(service: str, wait_s: float, *, interfaces: Sequence[str] | None = None) -> list[Neighbour]:
    """Who answers to this service within so many seconds, by name; empty also where there is no network.

    `interfaces` are own addresses to listen on; all of them where none is said.
    """
    names: set[str] = set()

    def changed(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is not ServiceStateChange.Removed and len(names) < _MOST:
            names.add(name)

    found: list[Neighbour] = []
    try:
        with contextlib.closing(_opened(interfaces)) as zeroconf:
            browser = ServiceBrowser(zeroconf, service, handlers=[changed])
            end = time.monotonic() + wait_s
            while time.monotonic() < end:
                time.sleep(_LOOK_EVERY_S)
            browser.cancel()
            for name in sorted(names):
                info = zeroconf.get_service_info(service, name, timeout=_ANSWER_MS)
                found += [] if info is None else _read(info, service)
    except OSError:
        # No network at all: nobody is heard.
        return found
    return found


@contextlib.contextmanager
def announced(
    service: str,
    name: str,
    host: str,
    port: int,
    told: dict[str, str],
    *,
    interfaces: Sequence[str] | None = None,
) -> Iterator[None]:
    """Be heard under this name while the block runs; where there is no network, nobody hears it.

    `host` is the address that is listened on; 0.0.0.0 stands for all of this machine's.
    """
    label = "".join(sign for sign in name if sign.isprintable())[:_LONGEST_LABEL].strip(". ") or "bohari"
    info = ServiceInfo(
        service,
        f"{label}.{service}",
        port=port,
        addresses=[ipaddress.ip_address(one).packed for one in _addresses(host)],
        properties=dict(told),
        server=f"{socket.gethostname().partition('.')[0] or 'bohari'}.local.",
    )
    over = threading.Event()
    # In a thread of its own: it blocks, and whoever announces may stand in an event loop.
    speaker = threading.Thread(target=_speak, args=(info, interfaces, over), name="announcement", daemon=True)
    speaker.start()
    try:
        yield
    finally:
        over.set()
        speaker.join(_GOODBYE_S)


def _speak(info: ServiceInfo, interfaces: Sequence[str] | None, over: threading.Event) -> None:
    with contextlib.suppress(OSError), contextlib.closing(_opened(interfaces)) as zeroconf:
        zeroconf.register_service(info, allow_name_change=True)
        over.wait()
        zeroconf.unregister_all_services()


def _opened(interfaces: Sequence[str] | None) -> Zeroconf:
    return Zeroconf() if interfaces is None else Zeroconf(interfaces=list(interfaces))


def _addresses(host: str) -> list[str]:
    """The addresses under which a listener on `host` is reached from other machines."""
    with contextlib.suppress(ValueError):
        if not ipaddress.ip_address(host).is_unspecified:
            return [host]
    own = [ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if isinstance(ip.ip, str)]
    return [one for one in own if not ipaddress.ip_address(one).is_loopback] or ["127.0.0.1"]


def _read(info: ServiceInfo, service: str) -> list[Neighbour]:
    addresses = [one for one in info.parsed_addresses() if ":" not in one]
    if not addresses or info.port is None:
        return []
    told = {
        name.decode(errors="replace")[:40]: (value or b"").decode(errors="replace")[:200]
        for name, value in info.properties.items()
    }
    name = "".join(sign for sign in info.name.removesuffix(f".{service}") if sign.isprintable())
    return [Neighbour(name[:_LONGEST_LABEL], addresses[0], info.port, told)]
