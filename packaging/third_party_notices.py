"""Writes THIRD-PARTY-NOTICES.md: what the installed product stands on, from uv.lock, with each one's licence.

python packaging/third_party_notices.py            # write it
python packaging/third_party_notices.py --check    # exit 1 when it is not what the lock says
"""

import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "THIRD-PARTY-NOTICES.md"
PRODUCT: Final = "bohari-pos"
ABOUT: Final = """\
# What Bohari POS stands on

Packages that an installed till or centre brings, for every system, with their versions as `uv.lock` has
them. The text of each licence lies in the package itself (`*.dist-info/licenses`). Fonts (Inter, JetBrains
Mono, Noto Sans): SIL Open Font License 1.1. Icons (Lucide): ISC. htmx 4.0.1
(`resources/web/static/htmx.min.js`): Zero-Clause BSD. The embedded PostgreSQL: the PostgreSQL
Licence. Qt is used unchanged, through PySide6, under the LGPL 3.0.

| package | version | licence |
|---|---|---|
"""
#: Of packages that only another system installs, and of those whose metadata say nothing short.
LICENCES: Final = {
    "backports-tarfile": "MIT",
    "colorama": "BSD-3-Clause",
    "exceptiongroup": "MIT",
    "importlib-metadata": "Apache-2.0",
    "jaraco-classes": "MIT",
    "jaraco-context": "MIT",
    "jaraco-functools": "MIT",
    "jeepney": "MIT",
    "pyrage": "MIT",
    "pywin32": "PSF-2.0",
    "pywin32-ctypes": "BSD-3-Clause",
    "secretstorage": "BSD-3-Clause",
    "sqlcipher3": "Zlib; SQLCipher in it: BSD-3-Clause",
    "tomli": "MIT",
    "zipp": "MIT",
}
_LONG: Final = 60


def page() -> str:
    """The page, as it should be."""
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    packages = {one["name"]: one for one in locked}
    wanted, reached = [PRODUCT], {PRODUCT}
    while wanted:
        for name in _needed(packages[wanted.pop()]):
            if name not in reached:
                reached.add(name)
                wanted.append(name)
    rows = [_row(name, packages[name]["version"]) for name in sorted(reached - {PRODUCT})]
    return ABOUT + "".join(rows)


def _needed(package: dict[str, Any]) -> list[str]:
    """Of a package, and of the extras that somebody asks of it."""
    extras = package.get("optional-dependencies", {}).values()
    asked = [*package.get("dependencies", ()), *(one for extra in extras for one in extra)]
    return [str(one["name"]) for one in asked]


def _row(name: str, version: str) -> str:
    return f"| {name} | {version} | {_licence(name)} |\n"


def _licence(name: str) -> str:
    if name in LICENCES:
        return LICENCES[name]
    try:
        known = metadata(name)
    except PackageNotFoundError:
        raise SystemExit(f"{name} is not installed here: say its licence in LICENCES") from None
    said = known.get("License-Expression") or known.get("License") or ""
    if said and "\n" not in said and len(said) <= _LONG:
        return re.sub(r"\s+", " ", said)
    named = [
        one.rpartition(" :: ")[2] for one in known.get_all("Classifier") or () if one.startswith("License ::")
    ]
    if not named:
        raise SystemExit(f"{name} does not say its licence: say it in LICENCES")
    return ", ".join(sorted(named))


def main() -> int:
    """Write the page, or with `--check` say whether it is fresh."""
    fresh = page()
    if "--check" in sys.argv[1:]:
        return int(not PAGE.exists() or PAGE.read_text(encoding="utf-8") != fresh)
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
