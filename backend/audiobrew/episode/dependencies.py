"""FastAPI dependencies of this room."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.episode.orders import EpisodeOrders
from audiobrew.episode.schedule_store import Schedules
from audiobrew.episode.script_store import Scripts
from audiobrew.episode.store import Episodes


async def get_orders(request: Request) -> EpisodeOrders:
    orders: EpisodeOrders = request.app.state.ports.orders
    return orders


async def get_episodes(request: Request) -> Episodes:
    episodes: Episodes = request.app.state.ports.episodes
    return episodes


async def get_scripts(request: Request) -> Scripts:
    scripts: Scripts = request.app.state.ports.scripts
    return scripts


async def get_schedules(request: Request) -> Schedules:
    schedules: Schedules = request.app.state.ports.schedules
    return schedules


OrdersDep = Annotated[EpisodeOrders, Depends(get_orders)]
EpisodesDep = Annotated[Episodes, Depends(get_episodes)]
ScriptsDep = Annotated[Scripts, Depends(get_scripts)]
SchedulesDep = Annotated[Schedules, Depends(get_schedules)]
