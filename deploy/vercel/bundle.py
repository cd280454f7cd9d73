"""Builds the folder for `vercel deploy`: the entry point, AudioBrew, and the packages that the API needs.

    python deploy/vercel/bundle.py requirements      writes requirements.txt from uv.lock
    python deploy/vercel/bundle.py dist/vercel       builds the folder; fails above the size budget

Vercel's limit is 250 MB, unpacked. All dependencies of AudioBrew are larger, so the bundle omits packages
that only a worker needs, and files beside the code of packages. `packages/` is built here and not by Vercel,
so exactly the files that were tested are deployed.

    vercel deploy --prod dist/vercel                 deploys it to its own project, with the server's settings

Tested: this folder with two versions of Vercel's own runtime files. Not tested: Vercel's builder and network,
and its Python (the packages for 3.12 are measured, but not started). Vercel limits request bodies to 4.5 MB.
"""

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
REQUIREMENTS = HERE / "requirements.txt"
UV = os.environ.get("UV", "uv")
VERCEL_PYTHON, VERCEL_PLATFORM = "3.12", "x86_64-manylinux_2_28"
LIMIT_MB, BUDGET_MB = 250, 150

# Packages that only a worker needs, to make audio.
WORKER_PACKAGES = ("av", "espeakng-loader", "lameenc")
TERMINAL_PACKAGES = ("markdown-it-py", "mdurl", "pygments", "rich")
# Vercel has its own server.
SERVER_PACKAGES = ("httptools", "uvloop", "watchfiles")
# A function receives no emails by SMTP.
SMTP_PACKAGES = ("aiosmtpd", "atpublic")
LEFT_OUT = (*WORKER_PACKAGES, *TERMINAL_PACKAGES, *SERVER_PACKAGES, *SMTP_PACKAGES)

DISCOVERY = "googleapiclient/discovery_cache/documents"
KEPT_DOCUMENT = "gmail.v1.json"
BESIDE_CODE = {".c", ".cpp", ".h", ".hpp", ".pxd", ".pxi", ".pyc", ".pyi", ".pyx"}
FOLDERS = {"__pycache__", "bin", "benchmarks", "test", "tests"}


def export(left_out: tuple[str, ...] = LEFT_OUT) -> str:
    """The packages of the Vercel function, with versions and hashes from the lock file."""
    prune_options = [word for name in left_out for word in ("--prune", name)]
    options = ("--frozen", "--no-default-groups", "--no-emit-project", "--no-annotate")
    command = [UV, "export", "--quiet", "--no-header", *options, *prune_options]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def make(folder: Path, python: str = VERCEL_PYTHON) -> None:
    """Write the bundle into an empty folder, for one version of Python on Vercel."""
    packages = folder / "packages"
    install(packages, python)
    ours = shutil.ignore_patterns("__pycache__", "samples", "*.npz")
    shutil.copytree(ROOT / "backend" / "audiobrew", packages / "audiobrew", ignore=ours)
    prune(packages)
    for name in ("api", "public"):
        shutil.copytree(HERE / name, folder / name, ignore=ours)
    shutil.copy(HERE / "vercel.json", folder)
    (folder / ".python-version").write_text(f"{python}\n")


def install(packages: Path, python: str) -> None:
    target = ("--target", str(packages), "--python-version", python)
    wheels = ("--python-platform", VERCEL_PLATFORM, "--only-binary", ":all:", "--no-deps")
    command = [UV, "pip", "install", "--quiet", "--require-hashes", *target, *wheels]
    command += ["-r", str(REQUIREMENTS)]
    subprocess.run(command, cwd=ROOT, check=True)


def prune(packages: Path) -> None:
    for file in list(superfluous(packages)):
        file.unlink()
    for folder in [one for one in packages.rglob("*") if one.is_dir() and one.name in FOLDERS]:
        shutil.rmtree(folder, ignore_errors=True)


def superfluous(packages: Path) -> Iterator[Path]:
    for file in packages.rglob("*"):
        document = file.parent == packages / DISCOVERY and file.name != KEPT_DOCUMENT
        if file.is_file() and (document or file.suffix in BESIDE_CODE):
            yield file


def weigh(folder: Path) -> Counter[str]:
    """The size in bytes of each package in `packages/`, and of each other entry of the folder."""
    sizes: Counter[str] = Counter()
    for file in folder.rglob("*"):
        if file.is_file():
            parts = file.relative_to(folder).parts
            sizes[parts[1] if parts[0] == "packages" else parts[0]] += file.lstat().st_size
    return sizes


def summarize(sizes: Counter[str], most: int = 10) -> str:
    largest = "\n".join(f"  {size / 2**20:6.1f}  {name}" for name, size in sizes.most_common(most))
    total = sizes.total() / 2**20
    return f"{total:.1f} MB of {BUDGET_MB} (Vercel's limit: {LIMIT_MB}); the largest:\n{largest}"


def main(word: str) -> int:
    if word == "requirements":
        REQUIREMENTS.write_text(export(), encoding="utf-8")
        return 0
    folder = Path(word)
    if folder.exists() and any(folder.iterdir()):
        print(f"{folder} is not empty. Choose a folder that does not exist.", file=sys.stderr)
        return 2
    make(folder)
    sizes = weigh(folder)
    print(summarize(sizes))
    return 1 if sizes.total() > BUDGET_MB * 2**20 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else __doc__)
