"""Which addresses would carry phone numbers and PIN hashes in the open: plain http beyond this machine."""

import ipaddress
from urllib.parse import urlsplit


def is_open(url: str) -> bool:
    """Whether what goes to this address can be read on its way."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme == "http" and not is_loopback(host)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine and nothing else."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
