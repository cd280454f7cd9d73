"""`audiobrew doctor`: prints what is configured, what is missing, and when models are shut down."""

import argparse
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import anyio
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from audiobrew.cli.data_folder import share_data_folder
from audiobrew.cli.options import data_option, settings_of
from audiobrew.http.readiness import DOCTOR_TIMEOUT_SECONDS, CheckResult, State, data_folder_result
from audiobrew.models.deprecations import shutdowns
from audiobrew.problems import Problem
from audiobrew.script.script import Speaker
from audiobrew.settings import REQUIRED_IN_PRODUCTION, InvalidSettings, encryption_keys

if TYPE_CHECKING:
    from audiobrew.account.identity import Identity
    from audiobrew.audio.voice import Voice
    from audiobrew.ops.metrics import Workload
    from audiobrew.settings import Settings

MARKS = {
    State.READY: "[green]ready[/green]",
    State.WARNING: "[yellow]warning[/yellow]",
    State.MISSING: "[red]missing[/red]",
}


def options(command: argparse.ArgumentParser) -> None:
    data_option(command)


def run(arguments: argparse.Namespace) -> int:
    try:
        settings = settings_of(arguments)
    except InvalidSettings as error:
        return print_invalid_settings(error)
    with share_data_folder(settings.data):
        results = anyio.run(examine, settings)
    console = Console()
    console.print(results_table(results))
    if uses_vendor(settings):
        console.print(shutdowns_table())
    return 1 if any(result.state is State.MISSING for result in results) else 0


def uses_vendor(settings: "Settings") -> bool:
    """Whether models of the vendor write or speak, and not those of a server of one's own."""
    return settings.openai_api_key is not None and settings.openai_base_url is None


def print_invalid_settings(error: InvalidSettings) -> int:
    """For production: print which required settings are set, and where to find the missing ones."""
    console, variables = Console(), {name for name in os.environ if os.environ[name]}
    old_names = {
        "SUPABASE_SECRET_KEY": "SUPABASE_SERVICE_KEY",
        "SUPABASE_PUBLISHABLE_KEY": "SUPABASE_ANON_KEY",
    }
    console.print(
        results_table(
            [
                CheckResult(name, State.READY, "set")
                if variables & {name, old_names.get(name, name)}
                else CheckResult(name, State.MISSING, where)
                for name, where in REQUIRED_IN_PRODUCTION.items()
            ]
        )
    )
    console.print(
        f"\nProduction does not start with these settings: {error}", soft_wrap=True, markup=False
    )
    return 2


async def examine(settings: "Settings") -> list[CheckResult]:
    """Check each part by using it. Changes nothing that other processes see; a local data folder is created
    and migrated."""
    from audiobrew.db.engine import check_connection, migrate

    mode = CheckResult("mode", State.READY, describe_mode(settings))
    try:
        await (check_connection(settings) if settings.database_url else migrate(settings))
    except Problem as problem:
        kind = (
            "Postgres, by DATABASE_URL" if settings.database_url else f"SQLite in {settings.data}"
        )
        database = CheckResult("database", State.MISSING, f"{kind}: {problem}")
        return [mode, data_folder_result(settings), database, web_app_result(settings)]
    own = (
        encryption_result(settings),
        rate_limits_result(settings),
        imports_result(settings),
        spending_result(settings),
        sounds_result(settings),
        web_app_result(settings),
    )
    return [mode, *await check_ports(settings), *own, *ignored_settings(settings)]


async def check_ports(settings: "Settings") -> list[CheckResult]:
    from audiobrew.wiring import open_ports

    async with open_ports(settings) as ports:
        results = await ports.health_checks.run(ports, DOCTOR_TIMEOUT_SECONDS)
        own = []
        if settings.brews:
            own = [*await voice_results(ports.voice), await hearing_result(settings)]
        own += await provider_results(ports.identity)
        return [*results, *own, deletions_result(settings, await ports.workloads.now())]


async def provider_results(identity: "Identity") -> list[CheckResult]:
    """Whether the OpenID Connect provider of a server of one's own can be reached."""
    from audiobrew.account.home.identity import HomeIdentity

    if not isinstance(identity, HomeIdentity) or identity.oidc is None:
        return []
    provider, name = identity.oidc.provider, "sign-in provider"
    address = f"{provider.client.label}, {provider.client.issuer}"
    try:
        await provider.check()
    except Problem:
        detail = f"{address}: no provider answers there with this address as its issuer"
        return [CheckResult(name, State.WARNING, detail)]
    detail = f"{address}. Register {provider.client.redirect_uri} there as the redirect address"
    return [CheckResult(name, State.READY, detail)]


async def voice_results(voice: "Voice") -> list[CheckResult]:
    """Who speaks each language for which this machine, or a server of one's own, has voices, after each was
    tried."""
    from audiobrew.audio.local.local_voice import LocalVoice
    from audiobrew.audio.server_voice import ServerVoice
    from audiobrew.audio.voice import Utterance

    if not isinstance(voice, LocalVoice | ServerVoice):
        return []
    results = []
    for language in voice.languages:
        cast = voice.cast(language)
        name, detail = f"voice {language}", f"{cast.first} and {cast.second}"
        try:
            for host in Speaker:
                await voice.speak(Utterance(("Taxi.",), host, language))
        except Problem as problem:
            results.append(CheckResult(name, State.MISSING, f"{detail}: {problem}"))
        else:
            state = State.WARNING if cast.note else State.READY
            results.append(CheckResult(name, state, f"{detail}. {cast.note}".rstrip(". ")))
    return results


async def hearing_result(settings: "Settings") -> CheckResult:
    """Whether a recognizer listens to what is spoken, after it listened to a second of silence."""
    from audiobrew.audio.hearing.ear import HearingFailed
    from audiobrew.audio.hearing.local_ear import LocalEar
    from audiobrew.audio.hearing.weights import RECOGNIZER
    from audiobrew.audio.local.weights import UnusableWeights, check_files
    from audiobrew.audio.pcm import silence

    if settings.hearing == "off":
        detail = (
            f"off. To listen to what is spoken, {RECOGNIZER.installation} and AUDIOBREW_HEARING=on"
        )
        return CheckResult("hearing", State.READY, detail)
    ear = LocalEar(settings.voice_threads)
    try:
        await anyio.to_thread.run_sync(check_files, RECOGNIZER)
        await ear.hear(silence(1.0), "en")
    except (HearingFailed, UnusableWeights) as problem:
        detail = f"nobody listens to what is spoken. {problem}"
        return CheckResult("hearing", State.WARNING, detail)
    finally:
        await ear.aclose()
    return CheckResult("hearing", State.READY, "a recognizer listens to what is spoken")


def deletions_result(settings: "Settings", workload: "Workload | None") -> CheckResult:
    """Whether queued deletions succeed, and whether orphaned files are searched for."""
    if workload and workload.overdue:
        detail = f"{workload.overdue} refused so far. They are tried again; see `media` above"
        return CheckResult("deletions", State.WARNING, detail)
    if not settings.sweep_hours:
        detail = "AUDIOBREW_SWEEP_HOURS is 0: run `audiobrew sweep` yourself from time to time"
        return CheckResult("deletions", State.WARNING, detail)
    detail = f"none refused; unused audio is searched for every {settings.sweep_hours:g} hours"
    return CheckResult("deletions", State.READY, detail)


def describe_mode(settings: "Settings") -> str:
    if settings.production:
        return "production: listeners sign in through Supabase"
    if settings.home:
        return f"home: a server of your own, at {settings.public_url}"
    return "embedded: this machine only, one listener"


def encryption_result(settings: "Settings") -> CheckResult:
    if settings.encryption_keys:
        count = len(encryption_keys(settings))
        return CheckResult(
            "encryption", State.READY, f"{count} keys for refresh tokens, from ENCRYPTION_KEYS"
        )
    if settings.production:
        detail = "ENCRYPTION_KEYS is not set: refresh tokens are encrypted with a key made from Supabase's"
        return CheckResult("encryption", State.WARNING, detail)
    return CheckResult("encryption", State.READY, "a key of this machine")


def rate_limits_result(settings: "Settings") -> CheckResult:
    """The rate limits, and where the client's address is taken from."""
    limits = {
        "listener": settings.requests_per_minute_per_listener,
        "address": settings.requests_per_minute_per_address,
    }
    numbers = [f"{number:,} a minute for each {who}" for who, number in limits.items() if number]
    missing = [f"no limit for each {who}" for who, number in limits.items() if not number]
    detail = f"{', '.join([*numbers, *missing])}; {describe_address_source(settings)}"
    return CheckResult("requests", State.WARNING if missing else State.READY, detail)


def describe_address_source(settings: "Settings") -> str:
    if settings.client_address_header:
        return f"addresses from {settings.client_address_header}"
    if not settings.proxies:
        return "addresses from the connections"
    return f"addresses from X-Forwarded-For, behind {settings.proxies} trusted proxies"


def imports_result(settings: "Settings") -> CheckResult:
    """How much the imports of a listener may store, and whether the disk has room for it."""
    limit = settings.import_bytes
    where = "in storage" if settings.production else "in the data folder"
    detail = (
        f"files of up to {limit / 2**20:,.0f} MB {where} for each listener, until they are read"
    )
    if not settings.production:
        data = settings.data.absolute()
        # With Postgres, the folder may be created later.
        folder = next(place for place in (data, *data.parents) if place.is_dir())
        free = shutil.disk_usage(folder).free
        if free < limit:
            detail += (
                f", but only {free / 2**20:,.0f} MB are free: AUDIOBREW_IMPORT_BYTES sets less"
            )
            return CheckResult("imports", State.WARNING, detail)
    return CheckResult("imports", State.READY, detail)


def spending_result(settings: "Settings") -> CheckResult:
    if settings.daily_cap_usd is not None:
        detail = f"at most ${settings.daily_cap_usd:g} for each listener and day (UTC)"
        return CheckResult("spending", State.READY, detail)
    detail = "no daily limit for each listener: AUDIOBREW_DAILY_CAP_USD sets one"
    return CheckResult("spending", State.READY, detail)


def sounds_result(settings: "Settings") -> CheckResult:
    if settings.sounds:
        detail = "at the beginning and end of episodes and between stories: AUDIOBREW_SOUNDS=off omits them"
    else:
        detail = "none, because AUDIOBREW_SOUNDS is off"
    return CheckResult("sounds", State.READY, detail)


def web_app_result(settings: "Settings") -> CheckResult:
    if (settings.web / "200.html").is_file():
        return CheckResult("web app", State.READY, f"built, in {settings.web}")
    if settings.production:
        return CheckResult("web app", State.READY, "not served here: Vercel serves it")
    detail = "not built yet: run `python3 noxfile.py -s demo` once"
    return CheckResult("web app", State.WARNING, detail)


def ignored_settings(settings: "Settings") -> Iterator[CheckResult]:
    """Variables of production that another mode ignores. A server of one's own uses most of them."""
    from audiobrew.settings import CLOUD_VARIABLES

    names = [
        name
        for name in CLOUD_VARIABLES
        if os.environ.get(name) and (not settings.home or name.startswith("SUPABASE_"))
    ]
    if names and not settings.production:
        verb = "is" if len(names) == 1 else "are"
        detail = f"{', '.join(names)} {verb} ignored, because AUDIOBREW_MODE is {settings.mode}"
        yield CheckResult("production", State.READY, detail)


def results_table(results: list[CheckResult]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    for result in results:
        table.add_row(result.name, MARKS[result.state], escape(result.detail))
    return table


def shutdowns_table() -> Table:
    table = Table(title="Models that the vendor shuts down", title_justify="left", box=None)
    table.add_column("model")
    table.add_column("ends")
    for model, end in shutdowns().items():
        days = (end - datetime.now(UTC).date()).days
        table.add_row(model, f"{end} ({f'in {days} days' if days > 0 else 'ended'})")
    return table
