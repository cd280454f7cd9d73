"""Stand-ins for servers of one's own that speak: Kokoro-FastAPI, speaches and LocalAI."""

from tests.standins.speech_server.server import (
    KokoroServer,
    LocalAI,
    Speaches,
    SpeechServer,
    serving,
)

__all__ = ["KokoroServer", "LocalAI", "Speaches", "SpeechServer", "serving"]
