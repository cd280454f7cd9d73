"""The length of an MP3 file from elsewhere, measured on its frames."""

from pathlib import Path


class NoSound(ValueError):
    """This file contains nothing that can be played."""


def seconds_of_file(file: Path) -> float:
    """The length in seconds, exact to the frame. The file's own header is not trusted. Raises NoSound."""
    import av

    try:
        with av.open(str(file), "r", format="mp3") as container:
            [stream] = container.streams.audio
            packets = container.demux(stream)
            duration = sum(packet.duration or 0 for packet in packets if packet.size)
            seconds = float(duration * stream.time_base) if stream.time_base else 0.0
    except (av.FFmpegError, ValueError) as error:
        raise NoSound from error
    if seconds <= 0:
        raise NoSound
    return seconds
