"""What front end, scripts and every other client rely on: the API, described."""

from audiobrew.contract.openapi import document

__all__ = ["document"]
