"""A listener's own voices: the files of Piper and Kokoro in the folder that AUDIOBREW_VOICE_FILES names.

They are not pinned as those of packages are, so a first look checks what they are, without loading them.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from audiobrew.audio.local.onnx_files import NotAModel, inputs_of
from audiobrew.audio.local.piper_config import read_piper_config
from audiobrew.audio.local.table import EngineFiles, VoiceRow, VoiceTable, voice_table
from audiobrew.audio.local.weights import UnusableWeights
from audiobrew.audio.voice_names import (
    KOKORO_HOSTS,
    KOKORO_NAME,
    kokoro_language,
    person_of,
    voice_parts,
)
from audiobrew.script.script import Speaker

PIPER_INPUTS = {"input", "input_lengths", "scales"}
# The first input of a Kokoro model has one of two names.
KOKORO_INPUTS, KOKORO_TEXTS = {"style", "speed"}, {"tokens", "input_ids"}
# A file with one voice of Kokoro: 510 vectors of 256 numbers.
STYLE_BYTES = 510 * 256 * 4
# Paces to begin with: measured ones replace them.
PACE, SPEECH_PACE = 15.0, 18.0
# See `VoiceRow.lower`, for the second host if there is one voice.
LOWER = 0.84


@dataclass(frozen=True, slots=True)
class OwnVoices:
    """The voices of a folder, best first, and a sentence on each file that is not used."""

    table: VoiceTable
    faults: tuple[str, ...] = ()


def find_own_voices(folder: Path | None) -> OwnVoices:
    """Look at the files of a folder, if there is one. Reads all of them, for the version of their engines."""
    engines, rows, faults = dict[str, EngineFiles](), list[VoiceRow](), list[str]()
    piper = defaultdict[str, list[tuple[str, Path]]](list)
    if folder is None:
        return OwnVoices(VoiceTable({}, ()))
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError:
        return OwnVoices(
            VoiceTable({}, ()), ("AUDIOBREW_VOICE_FILES is not a folder that can be read",)
        )
    for path in files:
        try:
            if path.suffix == ".onnx":
                kind = kind_of(path)
                engine = f"{kind} {path.absolute()}"
                if kind == "piper":
                    piper[read_piper_config(path).code].append((engine, path))
                else:
                    rows += kokoro_rows(engine, kokoro_names(folder))
                engines[engine] = engine_files(kind, path, folder)
            elif path.name.endswith(".onnx.json") and not path.with_suffix("").exists():
                raise UnusableWeights(f"{path.name} needs {path.stem} beside it")
        except (UnusableWeights, OSError) as error:
            text = (
                str(error) if isinstance(error, UnusableWeights) else f"{path.name} cannot be read"
            )
            faults.append(f"{text} (AUDIOBREW_VOICE_FILES)")
    for code, models in piper.items():
        rows += piper_rows(code, models)
    if not engines and not faults:
        faults.append("AUDIOBREW_VOICE_FILES has no model of Piper or Kokoro")
    # A voice of its own for a language is better than one of many languages.
    rows.sort(key=lambda row: row.engine.startswith("kokoro"))
    return OwnVoices(VoiceTable(engines, tuple(rows)), tuple(faults))


def kind_of(model: Path) -> str:
    """`piper` or `kokoro`. Raises UnusableWeights, OSError."""
    try:
        inputs = inputs_of(model)
    except NotAModel as problem:
        raise UnusableWeights(f"{model.name} {problem}: get it again") from problem
    if inputs >= PIPER_INPUTS:
        return "piper"
    if inputs >= KOKORO_INPUTS and inputs & KOKORO_TEXTS:
        return "kokoro"
    raise UnusableWeights(f"{model.name} is a model of something else than Piper or Kokoro")


def engine_files(kind: str, model: Path, folder: Path) -> EngineFiles:
    """Its version is a digest of the files. Raises OSError."""
    digest = hashlib.sha256()
    others = style_files(folder) if kind == "kokoro" else [model.with_name(f"{model.name}.json")]
    for path in (model, *others):
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    needs = ("hibari",) if kind == "kokoro" else ()
    modules = ("numpy", "onnxruntime")
    title = f"onnxruntime (for {model.name})"
    return EngineFiles(title, f"own-{digest.hexdigest()[:8]}", modules, {}, needs)


def piper_rows(language: str, models: Iterable[tuple[str, Path]]) -> list[VoiceRow]:
    """The first model of a language is the first host, the second one, or the same one lower, the other."""
    hosts = [(engine, person_of(path.stem)) for engine, path in models]
    first, second = hosts[0], hosts[1] if len(hosts) > 1 else hosts[0]
    lower = LOWER if first == second else 1.0
    return [
        VoiceRow(first[0], "", first[1], language, Speaker.FIRST, PACE, SPEECH_PACE),
        lowered(
            VoiceRow(second[0], "", second[1], language, Speaker.SECOND, PACE, SPEECH_PACE), lower
        ),
    ]


def kokoro_rows(engine: str, names: Iterable[str]) -> list[VoiceRow]:
    """Two hosts for each language that the files have voices for and whose phonemes we know."""
    voices, rows = sorted(names), list[VoiceRow]()
    for code in dict.fromkeys(
        row.language for row in voice_table().voices if row.engine == "kokoro"
    ):
        speakers = [name for name in voices if kokoro_language(name) == code]
        if not speakers:
            continue
        best = [name for name in KOKORO_HOSTS[code] if name in speakers] + speakers
        mixtures = [
            row.voice
            for row in voice_table().of(code, Speaker.SECOND)
            if row.engine == "kokoro"
            and "+" in row.voice
            and set(voice_parts(row.voice)) <= set(voices)
        ]
        others = [name for name in (*best, *mixtures) if name != best[0]]
        second = others[0] if others else best[0]
        lower = 1.0 if others else LOWER
        rows += [
            VoiceRow(engine, best[0], person_of(best[0]), code, Speaker.FIRST, PACE, SPEECH_PACE),
            lowered(
                VoiceRow(
                    engine, second, person_of(second), code, Speaker.SECOND, PACE, SPEECH_PACE
                ),
                lower,
            ),
        ]
    return rows


def lowered(row: VoiceRow, lower: float) -> VoiceRow:
    return replace(row, name=f"{row.name}, lower", lower=lower) if lower < 1 else row


def style_files(folder: Path) -> list[Path]:
    """The files of Kokoro's voices: archives, and files of one voice each, also in a folder `voices`."""
    places = (folder, folder / "voices")
    files = (path for place in places if place.is_dir() for path in sorted(place.iterdir()))
    return [path for path in files if path.suffix in (".bin", ".npz") and path.is_file()]


def kokoro_names(folder: Path) -> list[str]:
    """The names of Kokoro's voices in a folder. Raises UnusableWeights, OSError."""
    names = []
    for path in style_files(folder):
        with path.open("rb") as file:
            is_archive = file.read(4) == b"PK\x03\x04"
        if is_archive:
            try:
                with ZipFile(path) as archive:
                    names += [name.removesuffix(".npy") for name in archive.namelist()]
            except BadZipFile as error:
                raise UnusableWeights(
                    f"{path.name} is only a part of Kokoro's voices: get it again"
                ) from error
        elif KOKORO_NAME.fullmatch(path.stem):
            if path.stat().st_size != STYLE_BYTES:
                raise UnusableWeights(f"{path.name} is not a whole voice of Kokoro: get it again")
            names.append(path.stem)
    if not any(map(KOKORO_NAME.fullmatch, names)):
        raise UnusableWeights(
            "Kokoro needs its voices (voices-v1.0.bin, or voices/af_heart.bin) beside its model"
        )
    return names
