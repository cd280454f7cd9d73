"""A stand-in for one Supabase project: gateway, Auth and Storage, in memory.

Its answers were aligned with Supabase's own storage service, run side by side, and with Auth's sources.
"""

from tests.standins.local_server import serving
from tests.standins.supabase.app import Supabase

__all__ = ["Supabase", "serving"]
