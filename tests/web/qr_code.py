"""Reads QR codes, as the camera of a phone does."""

from pathlib import Path

import av
import zxingcpp


def read_qr_code(image: Path) -> str:
    with av.open(str(image)) as file:
        [code] = zxingcpp.read_barcodes(next(file.decode(video=0)).to_ndarray(format="gray"))
    return str(code.text)
