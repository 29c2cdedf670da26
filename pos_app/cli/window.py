"""`bohari till`: the window over an open till, with its print spool."""

from pathlib import Path

from pos_app import bootstrap, settings


def open_window(home: Path, *, full_screen: bool) -> int:
    """Show the till's window until it is closed; gives its exit code."""
    from pos_app.ui.app import run
    from pos_app.ui.window import Settings

    chosen = settings.load(home)
    till = bootstrap.open_till(home)

    def keep(mode: str, language: str) -> None:
        settings.write(home, theme=mode, language=language)

    try:
        return run(
            till,
            bootstrap.make_spool(till, home, chosen),
            full_screen=full_screen,
            settings=Settings("dark" if chosen.theme == "dark" else "light", chosen.language, keep),
        )
    finally:
        till.close()
