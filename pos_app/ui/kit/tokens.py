"""Owns the design tokens: colours of both themes, type sizes, weights, spaces, radii, touch sizes."""

from dataclasses import dataclass
from typing import Final, Literal

Mode = Literal["light", "dark"]
Tone = Literal["text", "muted", "accent", "ok", "warn", "bad", "neutral"]


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, as ``#RRGGBB``."""

    mode: Mode
    background: str
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_soft: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    key_cap: str

    def ink(self, tone: Tone) -> str:
        """The colour for words and icons of this tone."""
        inks: dict[Tone, str] = {
            "text": self.text,
            "muted": self.muted,
            "neutral": self.muted,
            "accent": self.accent,
            "ok": self.ok,
            "warn": self.warn,
            "bad": self.bad,
        }
        return inks[tone]

    def soft(self, tone: Tone) -> str:
        """The quiet surface that words of this tone stand on."""
        softs: dict[Tone, str] = {
            "text": self.key_cap,
            "muted": self.key_cap,
            "neutral": self.key_cap,
            "accent": self.accent_soft,
            "ok": self.ok_soft,
            "warn": self.warn_soft,
            "bad": self.bad_soft,
        }
        return softs[tone]


LIGHT: Final = Palette(
    mode="light",
    background="#F4F6F8",
    surface="#FFFFFF",
    raised="#FFFFFF",
    line="#DDE3EA",
    text="#14202B",
    muted="#566573",
    accent="#0B6E63",
    on_accent="#FFFFFF",
    accent_soft="#DDF1EE",
    ok="#067647",
    ok_soft="#DCF5E7",
    warn="#93510A",
    warn_soft="#FFF0D6",
    bad="#B42318",
    bad_soft="#FDE3E1",
    key_cap="#EEF1F5",
)

DARK: Final = Palette(
    mode="dark",
    background="#10161C",
    surface="#18212A",
    raised="#1F2A35",
    line="#2E3B48",
    text="#EAF0F5",
    muted="#9DB0C0",
    accent="#35C2AE",
    on_accent="#06231F",
    accent_soft="#123A36",
    ok="#4CD191",
    ok_soft="#12382A",
    warn="#FFB861",
    warn_soft="#3B2A12",
    bad="#FF8A80",
    bad_soft="#431C1A",
    key_cap="#26323E",
)


class Size:
    """Type sizes in logical pixels."""

    KEY: Final = 11.5
    CAPTION: Final = 12.5
    SMALL: Final = 13.5
    BODY: Final = 15.0
    LEAD: Final = 17.0
    TITLE: Final = 22.0
    FIGURE: Final = 34.0
    HERO: Final = 52.0


class Weight:
    """Weights of Inter that are bundled."""

    REGULAR: Final = 400
    MEDIUM: Final = 500
    SEMIBOLD: Final = 600
    BOLD: Final = 700


class Space:
    """Distances in logical pixels."""

    XS: Final = 4
    S: Final = 8
    M: Final = 10
    L: Final = 14
    XL: Final = 18
    XXL: Final = 24


class Radius:
    """Corner radii in logical pixels."""

    KEY: Final = 5
    FIELD: Final = 8
    TILE: Final = 10
    CARD: Final = 16


class Touch:
    """Heights and sides of what a finger has to meet, in logical pixels."""

    LEAST: Final = 48
    TILE: Final = 64
    PRIMARY: Final = 56
    STATUS_STRIP: Final = 44
    KEY_STRIP: Final = 48


class IconSize:
    """Sides of icons in logical pixels."""

    SMALL: Final = 15
    MEDIUM: Final = 18
    LARGE: Final = 20
    TOUCH: Final = 24
