"""Owns how a customer's points are said: how many, of which tier."""

from pos_app.language import plural
from pos_app.till.selling.points import Standing


def points_words(standing: Standing) -> str:
    """ "31 points", "31 points, Silver"."""
    words = plural(standing.points, "{count} point", "{count} points")
    return f"{words}, {standing.tier}" if standing.tier else words
