"""TLS: the server serves it, and a till talks to nobody whose certificate it does not trust."""

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pos_app.store.engine.engine import Database
from pos_app.store.engine.terminal_key import load_or_make
from sync.client.enrol import enrol
from sync.client.known_centre import KnownCentre
from sync.client.transport import HttpTransport
from sync.protocol.signature import terminal_id
from sync.server import tls
from sync.server.run import Serving
from tests.conftest import prepared_till
from tests.support.refused import refused, unavailable
from tests.support.worlds.sync_fixtures import Centre, Till


def certificate(
    folder: Path, name: str, address: str = "127.0.0.1", until: timedelta = timedelta(days=30)
) -> tuple[Path, Path]:
    """A self-made certificate and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + until)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    pem, key_pem = folder / f"{name}.pem", folder / f"{name}.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return pem, key_pem


@pytest.fixture
def centre(central: Database) -> Iterator[Centre]:
    made = Centre(central)
    yield made
    made.close()


class Served:
    """A server with a certificate, for as long as the block lasts."""

    def __init__(self, centre: Centre, pem: Path, key: Path) -> None:
        self._serving = Serving(centre.database, tls=tls.chosen(str(pem), str(key)))
        self.url = self._serving.url

    def __enter__(self) -> str:
        self._thread = Thread(target=self._serving.run)
        self._thread.start()
        assert self._serving.wait_ready(20)
        return self.url

    def __exit__(self, *_: object) -> None:
        self._serving.stop()
        self._thread.join()


def enrolled(centre: Centre, folder: Path, url: str, ca: Path) -> Till:
    folder.mkdir()
    database = prepared_till(folder)

    def connect(server: str, key: Any, name: str, known: KnownCentre) -> HttpTransport:
        return HttpTransport(server, key, name, known, ca_file=ca)

    who = enrol(database, folder / "terminal.key", url, centre.code(), connect=connect)
    key = load_or_make(folder / "terminal.key")
    transport = HttpTransport(
        url, key, terminal_id(who.org_id, who.terminal_no), KnownCentre(database), ca_file=ca
    )
    centre.tills.append(Till(database, who, transport, folder))
    return centre.tills[-1]


def test_a_till_enrols_and_drains_over_tls(centre: Centre, tmp_path: Path) -> None:
    pem, key = certificate(tmp_path, "office")
    with Served(centre, pem, key) as url:
        assert url.startswith("https://")
        till = enrolled(centre, tmp_path / "till", url, pem)
        till.sell(customer=1)
        till.drain()
    assert len(centre.documents(till.who.terminal_no)) == 1


@pytest.mark.parametrize("wrong", ["another's", "unknown", "other name", "expired"])
def test_a_wrong_certificate_is_refused_in_a_sentence(centre: Centre, tmp_path: Path, wrong: str) -> None:
    """Somebody stands in the line; the till sells on and sends nothing."""
    right, right_key = certificate(tmp_path, "office")
    with Served(centre, right, right_key) as url:
        till = enrolled(centre, tmp_path / "till", url, right)
    till.sell(customer=1)

    pem, key = {
        "another's": lambda: certificate(tmp_path, "thief"),
        "unknown": lambda: (right, right_key),
        "other name": lambda: certificate(tmp_path, "elsewhere", "127.0.0.9"),
        "expired": lambda: certificate(tmp_path, "old", until=-timedelta(days=1)),
    }[wrong]()
    trusted = {"another's": right, "unknown": None}.get(wrong, pem)
    before = centre.mark(till.who.terminal_no)
    with Served(centre, pem, key) as url:
        line = till.line(url, ca_file=trusted)
        try:
            with unavailable("certificate-not-trusted"):
                till.daemon(line).drain()
        finally:
            line.close()
    assert centre.mark(till.who.terminal_no) == before
    till.sell()


@pytest.mark.parametrize(
    ("version", "is_spoken"),
    [
        (ssl.TLSVersion.TLSv1, False),
        (ssl.TLSVersion.TLSv1_1, False),
        (ssl.TLSVersion.TLSv1_2, True),
        (ssl.TLSVersion.TLSv1_3, True),
    ],
    ids=str,
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_nothing_older_than_tls_1_2_is_spoken(
    centre: Centre, tmp_path: Path, version: ssl.TLSVersion, is_spoken: bool
) -> None:
    pem, key = certificate(tmp_path, "office")
    context = ssl.create_default_context(cafile=str(pem))
    context.check_hostname = False
    # What a client of long ago still offers.
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with Served(centre, pem, key) as url:
        host, port = url.removeprefix("https://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as line:
            if is_spoken:
                with context.wrap_socket(line) as spoken:
                    assert spoken.version() == str(version.name).replace("_", ".")
            else:
                with pytest.raises((ssl.SSLError, OSError)):
                    context.wrap_socket(line)


@pytest.mark.parametrize(
    ("suite", "is_spoken"),
    [
        ("ECDHE-ECDSA-AES128-GCM-SHA256", True),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", True),
        # Without a check of its own, and without a key of its own for each line.
        ("ECDHE-ECDSA-AES128-SHA256", False),
        ("ECDHE-ECDSA-AES256-SHA", False),
    ],
)
def test_only_suites_that_are_recommended_are_spoken(
    centre: Centre, tmp_path: Path, suite: str, is_spoken: bool
) -> None:
    pem, key = certificate(tmp_path, "office")
    context = ssl.create_default_context(cafile=str(pem))
    context.check_hostname = False
    context.set_ciphers(f"{suite}:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with Served(centre, pem, key) as url:
        host, port = url.removeprefix("https://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as line:
            if is_spoken:
                with context.wrap_socket(line) as spoken:
                    assert (spoken.cipher() or ("",))[0] == suite
            else:
                with pytest.raises((ssl.SSLError, OSError)):
                    context.wrap_socket(line)


def test_who_asks_without_tls_is_led_nowhere(centre: Centre, tmp_path: Path) -> None:
    pem, key = certificate(tmp_path, "office")
    with Served(centre, pem, key) as url:
        plain = url.replace("https://", "http://")
        try:
            answer = httpx.get(f"{plain}/health", timeout=10)
        except httpx.HTTPError:
            return
        assert answer.status_code >= 400
        assert "location" not in answer.headers


def test_the_servers_settings_are_looked_at_before_it_starts(tmp_path: Path) -> None:
    pem, key = certificate(tmp_path, "office")
    _, other_key = certificate(tmp_path, "other")
    assert tls.chosen("", "") is None
    for certificate_, key_, code in (
        (str(pem), "", "tls-half-set"),
        (str(pem), str(tmp_path / "gone.key"), "tls-file-missing"),
        (str(pem), str(other_key), "tls-pair-wrong"),
        (str(key), str(key), "tls-pair-wrong"),
    ):
        with refused(code):
            tls.chosen(certificate_, key_)


def test_an_authority_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with refused("no-authority-certificate"):
        HttpTransport(
            "https://127.0.0.1:1",
            load_or_make(tmp_path / "k"),
            "1.1",
            KnownCentre(),
            ca_file=tmp_path / "ca.pem",
        )
