"""TLS of the server's own: a certificate and its key, looked at before the port is opened.

2026-11-20  The server can stand behind another one that ends TLS (nginx, a load balancer) or serve it
itself; either way tills reach it by https.  Passwords of keys are not asked for: a server that waits for
a person after a power cut is a server that is down.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pos_app.ledger.errors import Refused

#: Of TLS 1.2 the suites of RFC 9325 (BCP 195), 4.2: a key of its own for each line, and a cipher that notices
#: changes.  Those of TLS 1.3 are all so.
CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"


@dataclass(frozen=True)
class Tls:
    """PEM files: the certificate with the chain below it, and its private key."""

    certificate: Path
    key: Path


def chosen(certificate: str, key: str) -> Tls | None:
    """What the settings `tls_certificate` and `tls_key` say; None when they say nothing.

    Raises `Refused` when only one is there or the files are not a certificate and its key.
    """
    if not certificate and not key:
        return None
    if not certificate or not key:
        raise Refused("tls-half-set")
    tls = Tls(Path(certificate), Path(key))
    for path in (tls.certificate, tls.key):
        if not path.is_file():
            raise Refused("tls-file-missing", path=path)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(tls.certificate, tls.key, password="")
    except (OSError, ValueError) as error:
        raise Refused("tls-pair-wrong", certificate=tls.certificate, key=tls.key, why=error) from error
    return tls
