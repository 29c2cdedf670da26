"""The centre's signature under an archive's manifest, which names the digest of every file of it.

It lies beside the manifest, in `manifest.sig`: JSON of two fields in hex, `key` (32 raw bytes, Ed25519) and
`signature` (64), over the line `bohari archive 1` and the bytes of the manifest.

Decisions
---------
2026-11-30  The hashes of an archive say that it is whole, not whose it is: who changes a document and every
hash above it has a whole archive again.  The key is the one with which the centre signs its own documents;
who reads without the centre sees its fingerprint and compares it with that on another paper.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pos_app.language import said
from pos_app.store.engine import signatures
from pos_app.store.engine.signing import Signing

FILE: Final = "manifest.sig"
_HEAD: Final = b"bohari archive 1\n"


def write(folder: Path, manifest: bytes, signer: Signing) -> None:
    """Sign the bytes of a manifest, whole or not at all; before it is written itself."""
    told = {"key": signer.public_key().hex(), "signature": signer.sign(_HEAD + manifest).hex()}
    making = folder / f"{FILE}.making"
    with making.open("w", encoding="ascii") as file:
        json.dump(told, file)
        file.flush()
        os.fsync(file.fileno())
    making.replace(folder / FILE)


def signed_by(folder: Path, manifest: bytes) -> bytes | None:
    """The key that signed; None when nobody did, empty when what stands there is no signature of it."""
    try:
        told: Any = json.loads((folder / FILE).read_text(encoding="ascii"))
        key, signature = bytes.fromhex(told["key"]), bytes.fromhex(told["signature"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return b""
    return key if signatures.holds(key, signature, _HEAD + manifest) else b""


def problems(key: bytes | None, own: bytes) -> Iterator[str]:
    """What is wrong with who signed; `own` is this centre's key, empty where none was asked."""
    if key == b"":
        yield said("archive-signature-wrong")
    elif own and key is None:
        yield said("archive-unsigned")
    elif own and key != own:
        yield said("archive-of-another-key")
