"""The API on Vercel, whose runtime looks into this module for `app`.

The old system exported an instance under the name that the runtime takes for a request handler class:
`TypeError: issubclass() arg 1 must be a class`. Nothing here may bear that name.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "packages"))

from audiobrew.app import create_vercel_app

app = create_vercel_app()
