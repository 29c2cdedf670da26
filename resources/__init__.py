"""Owns the way to the files that travel with the program: fonts, icons, styles, translations, templates."""

import sys
from pathlib import Path


def resource(*parts: str) -> Path:
    """Return the path of a bundled file, from source as well as from a frozen bundle.

    PyInstaller unpacks data files below ``sys._MEIPASS``; from source they lie beside this module.
    """
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) / "resources" if bundle is not None else Path(__file__).resolve().parent
    return root.joinpath(*parts)
