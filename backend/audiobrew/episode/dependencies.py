"""FastAPI dependencies of this room."""

from typing import Annotated

from fastapi import Depends, Request

from audiobrew.episode.list_cache import Fresh, Remembered
from audiobrew.episode.orders import Brewery
from audiobrew.episode.schedule_store import Schedules
from audiobrew.episode.script_store import Scripts
from audiobrew.episode.store import Episodes


async def get_orders(request: Request) -> Brewery:
    orders: Brewery = request.app.state.ports.brewery
    return orders


async def get_episodes(request: Request) -> Episodes:
    episodes: Episodes = request.app.state.ports.episodes
    return episodes


async def get_scripts(request: Request) -> Scripts:
    scripts: Scripts = request.app.state.ports.scripts
    return scripts


async def get_list_cache(request: Request) -> Remembered | Fresh:
    list_cache: Remembered | Fresh = request.app.state.ports.remembered
    return list_cache


async def get_schedules(request: Request) -> Schedules:
    schedules: Schedules = request.app.state.ports.schedules
    return schedules


OrdersDep = Annotated[Brewery, Depends(get_orders)]
EpisodesDep = Annotated[Episodes, Depends(get_episodes)]
ScriptsDep = Annotated[Scripts, Depends(get_scripts)]
ListCacheDep = Annotated[Remembered | Fresh, Depends(get_list_cache)]
SchedulesDep = Annotated[Schedules, Depends(get_schedules)]
