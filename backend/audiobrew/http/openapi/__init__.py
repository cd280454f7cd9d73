"""What front end, scripts and every other client rely on: the API, described."""

from audiobrew.http.openapi.document import document

__all__ = ["document"]
