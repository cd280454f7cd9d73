"""A stand-in for the application that AudioBrew replaces: all its operations, on its own schema in a real
Postgres, with all its defects."""

from tests.standins.local_server import serving
from tests.standins.old.app import OldApplication
from tests.standins.old.database import add_user, as_api, as_dashboard, install
from tests.standins.old.gmail import Gmail

__all__ = ["Gmail", "OldApplication", "add_user", "as_api", "as_dashboard", "install", "serving"]
