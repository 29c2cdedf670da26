#!/bin/sh
# ReportLab 5.1.0: the Code 128 flowable leaves out of the bars what Code 128 cannot hold, and prints it below them all
# the same.  A label that reads CAFÉ-12 to a person scans as CAF-12: the shop sells another product, or none.  Its
# sibling createBarcodeDrawing refuses the same value.  Whoever draws labels must check the value first.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install \
    reportlab==5.1.0 zxing-cpp==3.1.0 pymupdf==2.0 pillow==13.0.0
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import pymupdf
import reportlab
import zxingcpp
from PIL import Image
from reportlab.graphics.barcode import code128, createBarcodeDrawing
from reportlab.pdfgen.canvas import Canvas

assert reportlab.__version__ == "5.1.0", reportlab.__version__


def label(value):
    """What stands below the bars, and what a scanner reads in them."""
    canvas = Canvas("label.pdf", pagesize=(340, 120))
    code128.Code128(value, barWidth=1.2, barHeight=40, humanReadable=True).drawOn(canvas, 20, 40)
    canvas.save()
    page = pymupdf.open("label.pdf")[0]
    dots = page.get_pixmap(dpi=300)
    picture = Image.frombytes("RGB", (dots.width, dots.height), dots.samples)
    return page.get_text().strip(), [found.text for found in zxingcpp.read_barcodes(picture)]


for value, printed, scanned in (
    ("GAS-13", "GAS-13", ["GAS-13"]),
    ("CAFÉ-12", "CAFÉ-12", ["CAF-12"]),
    ("12€34", "12€34", ["1234"]),
):
    seen = label(value)
    print(f"{value!r}: printed {seen[0]!r}, scanned {seen[1]!r}")
    assert seen == (printed, scanned), "the behaviour has changed"
try:
    createBarcodeDrawing("Code128", value="CAFÉ-12")
except ValueError as error:
    print("createBarcodeDrawing:", error)
else:
    raise SystemExit("createBarcodeDrawing takes it now: the behaviour has changed")
PYTHON
