"""FastAPI dependencies of this room."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.episode.orders import EpisodeOrders
from audiobrew.episode.playback_store import PlaybackStore
from audiobrew.episode.pronunciations import PronunciationStore
from audiobrew.episode.schedule_store import ScheduleStore
from audiobrew.episode.script_store import ScriptStore
from audiobrew.episode.store import EpisodeStore


async def get_orders(request: Request) -> EpisodeOrders:
    orders: EpisodeOrders = request.app.state.ports.orders
    return orders


async def get_episodes(request: Request) -> EpisodeStore:
    episodes: EpisodeStore = request.app.state.ports.episodes
    return episodes


async def get_scripts(request: Request) -> ScriptStore:
    scripts: ScriptStore = request.app.state.ports.scripts
    return scripts


async def get_schedules(request: Request) -> ScheduleStore:
    schedules: ScheduleStore = request.app.state.ports.schedules
    return schedules


async def get_pronunciations(request: Request) -> PronunciationStore:
    pronunciations: PronunciationStore = request.app.state.ports.pronunciations
    return pronunciations


async def get_playbacks(request: Request) -> PlaybackStore:
    playbacks: PlaybackStore = request.app.state.ports.playbacks
    return playbacks


OrdersDep = Annotated[EpisodeOrders, Depends(get_orders)]
EpisodesDep = Annotated[EpisodeStore, Depends(get_episodes)]
ScriptsDep = Annotated[ScriptStore, Depends(get_scripts)]
SchedulesDep = Annotated[ScheduleStore, Depends(get_schedules)]
PronunciationsDep = Annotated[PronunciationStore, Depends(get_pronunciations)]
PlaybacksDep = Annotated[PlaybackStore, Depends(get_playbacks)]
