"""A stand-in for OpenAI: it refuses and answers in the same shapes, and counts every call."""

from tests.standins.openai.server import OpenAI

__all__ = ["OpenAI"]
