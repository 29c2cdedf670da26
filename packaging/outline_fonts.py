"""Makes the TrueType fonts that PDFs use of the PostScript ones that the window uses.

    uv run --with fonttools python packaging/outline_fonts.py

reportlab reads no PostScript outlines.  The curves are approximated to a unit in 2816 of the letter's
height, and the figures of a table (OpenType "tnum") become the ordinary ones, because reportlab knows no
features.  Inter has no reserved font name: the result may be called by its name (OFL 1.1).
"""

from pathlib import Path
from typing import Any

FONTS = Path(__file__).parents[1] / "resources" / "fonts"
NAMES = ("Inter-Regular", "Inter-Bold")
#: What says where letters go beside each other; none of it can be used without its features.
LAYOUT_TABLES = ("GSUB", "GPOS", "GDEF", "DSIG", "VORG", "kern")
#: A font without instructions for the screen.
NO_INSTRUCTIONS = (
    "maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements maxSizeOfInstructions"
    " maxComponentElements maxPoints maxContours maxCompositePoints maxCompositeContours maxComponentDepth"
)


def convert(source: Path, target: Path) -> None:
    """One font."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(source)
    _outlines(font)
    figures = _substitutes(font, "tnum")
    for table in font["cmap"].tables:
        table.cmap.update({code: figures.get(name, name) for code, name in table.cmap.items()})
    for tag in LAYOUT_TABLES:
        if tag in font:
            del font[tag]
    options = subset.Options(layout_features=[], name_IDs=["*"], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=list(font.getBestCmap()))
    subsetter.subset(font)
    font.save(target)


def _outlines(font: Any) -> None:
    """Quadratic curves in the place of cubic ones."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import newTable

    names, drawn = font.getGlyphOrder(), font.getGlyphSet()
    glyphs = {}
    for name in names:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = names, glyphs
    del font["CFF "]
    font["maxp"].tableVersion, font["maxp"].maxZones = 0x00010000, 1
    for field in NO_INSTRUCTIONS.split():
        setattr(font["maxp"], field, 0)
    post = font["post"]
    post.formatType, post.extraNames, post.mapping, post.glyphOrder = 2.0, [], {}, names
    font.sfntVersion = "\x00\x01\x00\x00"


def _substitutes(font: Any, feature: str) -> dict[str, str]:
    """Which glyph a feature puts in the place of which."""
    table = font["GSUB"].table
    found: dict[str, str] = {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == feature:
            for place in record.Feature.LookupListIndex:
                for part in table.LookupList.Lookup[place].SubTable:
                    found.update(getattr(getattr(part, "ExtSubTable", part), "mapping", {}))
    return found


if __name__ == "__main__":
    for name in NAMES:
        convert(FONTS / f"{name}.otf", FONTS / f"{name}.ttf")
