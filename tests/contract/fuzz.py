"""Fuzz the running product against its contract: `python -m tests.contract.fuzz [schemathesis options]`.

The real `audiobrew serve` on a free port and an empty data folder, with the sample newsletters
uploaded and one episode brewed, so that operations have something to answer with.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.product import Product, running

HERE = Path(__file__).parent
CONTRACT = HERE.parents[1] / "contracts" / "openapi.json"


def peers(product: Product, folder: Path) -> Path:
    """Two listeners who must not see each other's things, in the form schemathesis reads."""
    file = folder / "listeners.yaml"
    tokens = {"owner": product.token, "second": product.second_token()}
    auth = [
        {"name": name, "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {token}"}]}
        for name, token in tokens.items()
    ]
    file.write_text(json.dumps({"auth": auth}), encoding="utf-8")  # JSON is YAML too
    return file


def configuration(product: Product, folder: Path) -> Path:
    """The committed configuration, with this run's listeners."""
    file = folder / "schemathesis.toml"
    committed = (HERE / "schemathesis.toml").read_text(encoding="utf-8")
    listeners = f'\n[auth.wfc]\npath = "{peers(product, folder)}"\npeers = ["owner", "second"]\n'
    file.write_text(committed + listeners, encoding="utf-8")
    return file


def main() -> int:
    with tempfile.TemporaryDirectory() as name, running(Path(name) / "data") as product:
        product.upload_samples()
        product.brew(minutes=1)
        chosen = sys.argv[1:] or ["--max-examples", "15"]
        config = configuration(product, Path(name))
        command = ["schemathesis", "--config-file", str(config), "run", str(CONTRACT)]
        return subprocess.run([*command, "--url", product.url, *chosen], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
