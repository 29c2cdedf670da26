"""Moments at the shell; see `pos_app.office.moments`, where pages have them too."""

from pos_app.office.moments import local, moment, moment_shown, moment_text, shown

__all__ = ["local", "moment", "moment_shown", "moment_text", "shown"]
