"""The contract that the service publishes, for tests of all its operations."""

import json
from functools import cache
from typing import Any

from audiobrew.app import contract_json


@cache
def contract_document() -> Any:
    """It takes a second to make, and every worker collects the tests of several modules."""
    return json.loads(contract_json())
