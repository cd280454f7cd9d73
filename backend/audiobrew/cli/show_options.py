"""Options that say how an episode sounds."""

import argparse
import re

# The values of script.writer.ShowStyle and HostRoles. Importing them would delay every start of the command.
STYLES = ("briefing", "conversation", "interview", "deep_dive")
HOST_ROLES = ("shared", "first_asks", "second_asks")


def show_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--hosts",
        type=int,
        choices=(1, 2),
        default=2,
        help="The number of voices. The default is 2.",
    )
    command.add_argument(
        "--host-name",
        dest="host_names",
        type=host_name,
        action="append",
        default=[],
        metavar="NAME",
        help="The name of a host, who says it after the greeting. Once for each host.",
    )
    command.add_argument(
        "--host-roles",
        type=with_underscores,
        choices=HOST_ROLES,
        default=HOST_ROLES[0],
        help="What two hosts do: both tell stories (shared, the default), or the first or the second one asks"
        " and leads through the show, and the other one tells every story.",
    )
    command.add_argument(
        "--style",
        type=with_underscores,
        choices=STYLES,
        default=STYLES[0],
        help="How it sounds, if a model writes. The default is briefing.",
    )
    command.add_argument(
        "--language",
        type=language,
        metavar="CODE",
        help="The language of the whole episode, such as de, if a model writes. By default, each newsletter"
        " keeps its own.",
    )
    command.add_argument(
        "--interests",
        type=interests,
        default="",
        metavar="TEXT",
        help='What you want to hear about, in your own words: "rivers and chess, no football". Stories that'
        " fit come first.",
    )


def with_underscores(value: str) -> str:
    return value.replace("-", "_")


def language(value: str) -> str:
    """Raises ArgumentTypeError."""
    if not re.fullmatch("[a-z]{2}", value):
        raise argparse.ArgumentTypeError(f"{value!r} is not the code of a language, such as de")
    return value


def interests(value: str) -> str:
    """Raises ArgumentTypeError."""
    from pydantic import TypeAdapter, ValidationError

    from audiobrew.account.show_fields import MAX_INTERESTS_LENGTH, Interests

    try:
        text: str = TypeAdapter(Interests).validate_python(value)
    except ValidationError:
        message = (
            f"the text is longer than {MAX_INTERESTS_LENGTH} characters, or has control characters"
        )
        raise argparse.ArgumentTypeError(message) from None
    return text


def host_name(value: str) -> str:
    """Raises ArgumentTypeError."""
    from audiobrew.account.show_fields import check_host_name

    try:
        return check_host_name(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{value!r} {error}") from None
