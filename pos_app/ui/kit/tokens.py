"""Owns the design tokens: colours of the three themes, type sizes, weights, spaces, radii, touch sizes."""

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

Mode = Literal["light", "dark", "contrast"]
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
    #: How thick the line around a field or a tile is.
    edge: int = 1

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


#: For who sees little, or sits in the sun: black, white, and a strong colour for each meaning, all of them
#: far above the 4.5 : 1 that text needs (WCAG 2.2, 1.4.3), and above the 7 : 1 of 1.4.6.
CONTRAST: Final = Palette(
    mode="contrast",
    background="#000000",
    surface="#000000",
    raised="#000000",
    line="#C8C8C8",
    text="#FFFFFF",
    muted="#E4E4E4",
    accent="#FFD500",
    on_accent="#000000",
    accent_soft="#3D3300",
    ok="#6BFF9E",
    ok_soft="#00331A",
    warn="#FFB84D",
    warn_soft="#402600",
    bad="#FF9C9C",
    bad_soft="#4D0000",
    key_cap="#2B2B2B",
    edge=2,
)

PALETTES: Final[dict[Mode, Palette]] = {palette.mode: palette for palette in (LIGHT, DARK, CONTRAST)}


def mode_of(word: str) -> Mode:
    """The theme that a setting names; the light one where it names none that there is."""
    return next((mode for mode in PALETTES if mode == word), "light")


class Size:
    """Type sizes in pixels of the design; `lettering.font` draws them at the scale in force."""

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
    """Distances, as they are drawn (see `rescale`)."""

    XS: ClassVar[int] = 4
    S: ClassVar[int] = 8
    M: ClassVar[int] = 10
    L: ClassVar[int] = 14
    XL: ClassVar[int] = 18
    XXL: ClassVar[int] = 24


class Radius:
    """Corner radii, as they are drawn."""

    KEY: ClassVar[int] = 5
    FIELD: ClassVar[int] = 8
    TILE: ClassVar[int] = 10
    CARD: ClassVar[int] = 16


class Touch:
    """Heights and sides of what a finger has to meet, as they are drawn."""

    LEAST: ClassVar[int] = 48
    TILE: ClassVar[int] = 64
    PRIMARY: ClassVar[int] = 56
    STATUS_STRIP: ClassVar[int] = 44
    KEY_STRIP: ClassVar[int] = 48


class IconSize:
    """Sides of icons, as they are drawn."""

    SMALL: ClassVar[int] = 15
    MEDIUM: ClassVar[int] = 18
    LARGE: ClassVar[int] = 20
    TOUCH: ClassVar[int] = 24


#: Every length of the design by where it stands.
_DESIGN: Final = {
    (of, name): length
    for of in (Space, Radius, Touch, IconSize)
    for name, length in vars(of).items()
    if isinstance(length, int)
}


def rescale(factor: float) -> None:
    """Let the tokens say their lengths so many times larger than the design (see `kit.scale`)."""
    for (of, name), length in _DESIGN.items():
        setattr(of, name, round(length * factor))
