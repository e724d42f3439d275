"""Makes the two fonts of the preview picture, and their widths, from Inter's static TTF files.

    python make.py DIR     # DIR holds Inter_400Regular.ttf and Inter_600SemiBold.ttf

Needs fonttools. The files come from https://github.com/rsms/inter (SIL Open Font License 1.1, no
reserved font name); kept are the characters of Latin, Greek and Cyrillic that labels are written in.
"""

import json
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont

UNICODES = (
    "0020-007E,00A0-017F,0218-021B,0370-03FF,0400-045F,0490-0491,1E9E,2010-2015,2018-201E,"
    "2020-2022,2026,2030,2032-2033,2039-203A,20AC,2122,2190-2193,2212,2248,2260,2264-2265"
)
FONTS = {"regular": "Inter_400Regular", "semibold": "Inter_600SemiBold"}

here = Path(__file__).parent
widths = {}
for name, source in FONTS.items():
    font = TTFont(Path(sys.argv[1]) / f"{source}.ttf")
    options = Options(layout_features=["kern"], hinting=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(UNICODES))
    subsetter.subset(font)
    font.save(here / f"inter-{name}.ttf")
    glyphs = font.getBestCmap()
    unit = font["head"].unitsPerEm
    characters = "".join(chr(code) for code in sorted(glyphs))
    advances = [round(1000 * font["hmtx"][glyphs[ord(c)]][0] / unit) for c in characters]
    widths[name] = {"characters": characters, "advances": advances}
(here / "inter-widths.json").write_text(json.dumps(widths, ensure_ascii=False, separators=(",", ":")) + "\n")
