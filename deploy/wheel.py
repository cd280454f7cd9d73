"""Builds AudioBrew's wheel with the web app in it: `python deploy/wheel.py dist`.

The web app must be built (`npm run build` in frontend-client/). It is put into a copy of the source, so that
a checkout never contains it twice and a source distribution contains none.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEB_BUILD = ROOT / "frontend-client" / "build"
UV = os.environ.get("UV", "uv")
# Where `audiobrew.settings` looks for it.
WEB_FOLDER = Path("backend", "audiobrew", "web")


def build_wheel(target: Path, web_build: Path = WEB_BUILD) -> Path:
    """Build the wheel into a folder, and return its path."""
    if not (web_build / "200.html").is_file():
        raise SystemExit(f"The web app is not built: there is no {web_build / '200.html'}.")
    with tempfile.TemporaryDirectory(prefix="audiobrew-wheel-") as name:
        source, output = Path(name, "source"), Path(name, "output")
        caches = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "backend", source / "backend", ignore=caches)
        for file in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / file, source)
        shutil.copytree(web_build, source / WEB_FOLDER)
        command = [UV, "build", "--quiet", "--wheel", "--out-dir", str(output), str(source)]
        subprocess.run(command, check=True)
        [wheel] = output.glob("*.whl")
        target.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(wheel, target))


if __name__ == "__main__":
    print(build_wheel(Path(sys.argv[1] if len(sys.argv) > 1 else "dist")))
