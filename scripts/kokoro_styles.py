"""Writes the vectors of Kokoro's voices that AudioBrew uses into one small file.

    npm pack kokoro-js@1.2.1 && tar xzf kokoro-js-1.2.1.tgz
    python scripts/kokoro_styles.py package/voices

Each voice there (Apache-2.0, by hexgrad) is 510 vectors of 256 numbers, for texts of 1 to 510 phonemes. They
change slowly with the length, so differences in steps of 1/1024 take a fortieth of the space.
"""

import hashlib
import sys
from pathlib import Path
from typing import Any

import numpy as np
from audiobrew.audio.local.kokoro import STEPS, STYLES

TARGET = Path(__file__).parents[1] / "backend" / "audiobrew" / "audio" / "local" / STYLES
# The SHA-256 of the voices in kokoro-js 1.2.1.
VOICES = {
    "am_michael": "1d1f21dd8da39c30705cd4c75d039d265e9bc4a2a93ed09bc9e1b1225eb95ba1",
    "ef_dora": "f66ec66bd295acb18372e37008533a9a3228483ccd294e7538d5d9294ac9a532",
    "em_alex": "27809e9eafdcbcfff90a3016c697568676531de2a2c39cee29c96c7bd6b83e95",
    "ff_siwis": "a35f5675ad08948e326ae75fd0ea16ba5d0042e4f76b5f3d1df77d0a48c54861",
    "if_sara": "409b69248798fcdc2542330c76953d230710f19b057e59cb82fdc3c4cf71265c",
    "im_nicola": "bc578e510d52a96d6940d46f12e96d7b3df00905dbea075113226d100e6e1ab0",
    "pf_dora": "3da7b5b2d91847ebf5646f57631af6ececae3c29a89cd300f06edf9aa6cfe9ee",
    "pm_alex": "0175c753f59c54e7fd5a995bedef0c5ff2fb67e0043dd3dcb2ae74ec2acbeb2a",
}


def main(folder: Path) -> None:
    steps: dict[str, Any] = {}
    for name, digest in VOICES.items():
        content = (folder / f"{name}.bin").read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            sys.exit(f"{name}.bin is not the file of kokoro-js 1.2.1.")
        vectors = np.frombuffer(content, "<f4").reshape(-1, 256)
        whole = np.round(vectors * STEPS).astype(np.int16)
        difference = np.diff(whole, axis=0, prepend=np.zeros((1, 256), np.int16))
        steps[name] = np.ascontiguousarray(difference.T)  # similar numbers side by side
    with TARGET.open("wb") as file:
        np.savez_compressed(file, **steps)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
