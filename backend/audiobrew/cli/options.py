"""Options that several commands share, and the settings that result from them."""

import argparse
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobrew.settings import Settings


def data_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, help="The data folder. The default is var.")


def port_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--port",
        type=int,
        help="The port to listen on. The default is 8000; 0 chooses a free port.",
    )


def host_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--host",
        help="The address to listen on. The default is 127.0.0.1, which only this machine and a proxy on it"
        " reach; 0.0.0.0, which needs AUDIOBREW_PUBLIC_URL, is every address of this machine.",
    )


def worker_port_option(command: argparse.ArgumentParser) -> None:
    description = (
        "The port for health checks and metrics. The default is AUDIOBREW_WORKER_PORT; without either, there"
        " is no such port."
    )
    command.add_argument("--port", type=int, dest="worker_port", help=description)


def minutes_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--minutes",
        type=int,
        default=5,
        help="The length of the episode in minutes. The default is 5.",
    )


def settings_of(arguments: argparse.Namespace) -> "Settings":
    """The settings. Options take precedence over environment variables."""
    from audiobrew.settings import load_settings

    options = {
        name: getattr(arguments, name, None) for name in ("data", "host", "port", "worker_port")
    }
    return load_settings(**{name: value for name, value in options.items() if value is not None})


def log_events() -> None:
    """Log one line for each event, but only warnings if a terminal shows them."""
    from audiobrew.ops.logging import configure_logging

    configure_logging(logging.WARNING if sys.stderr.isatty() else logging.INFO)


def log_warnings() -> None:
    from audiobrew.ops.logging import configure_logging

    configure_logging(logging.WARNING)
