"""Generate the Python client from the contract: `python contracts/python_client.py openapi.json FOLDER`.

The generator does not support server-sent events, so it gets them as plain text. `python_templates/` replaces
one of its templates: the README, whose example program is run by the `contract` session.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def without_event_schemas(contract: str) -> str:
    """The contract without the schemas of event streams, which the generator cannot read."""
    spec = json.loads(contract)
    for item in spec["paths"].values():
        for operation in item.values():
            for response in operation["responses"].values():
                response.get("content", {}).get("text/event-stream", {}).pop("schema", None)
    return json.dumps(spec)


def generate(contract: Path, target: Path) -> None:
    """Write the package to `target`, replacing what is there."""
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder, "openapi.json")
        plain.write_text(
            without_event_schemas(contract.read_text(encoding="utf-8")), encoding="utf-8"
        )
        subprocess.run(
            ["openapi-python-client", "generate", "--path", plain, "--output-path", target]
            + ["--config", HERE / "python_client.yaml", "--meta", "uv", "--overwrite"]
            + ["--custom-template-path", HERE / "python_templates", "--fail-on-warning"],
            check=True,
        )
    shutil.rmtree(target / ".ruff_cache", ignore_errors=True)


if __name__ == "__main__":
    generate(Path(sys.argv[1]), Path(sys.argv[2]).resolve())
