"""How long somebody else's sound file is, measured on its frames."""

from pathlib import Path


class NoSound(ValueError):
    """This file holds nothing that can be played."""


def seconds_of_file(file: Path) -> float:
    """Exact to the frame; nothing is believed that the file says of itself. Raises NoSound."""
    import av

    try:
        with av.open(str(file), "r", format="mp3") as opened:
            [sound] = opened.streams.audio
            told = sum(packet.duration or 0 for packet in opened.demux(sound) if packet.size)
            seconds = float(told * sound.time_base) if sound.time_base else 0.0
    except (av.FFmpegError, ValueError) as error:
        raise NoSound from error
    if seconds <= 0:
        raise NoSound
    return seconds
