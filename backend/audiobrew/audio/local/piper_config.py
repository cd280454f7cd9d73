"""The file beside a Piper model that describes it."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

from audiobrew.audio.local.weights import UnusableWeights
from audiobrew.lang.language_tag import base_code


class Audio(BaseModel):
    sample_rate: Annotated[int, Field(ge=8000, le=48_000)]


class Espeak(BaseModel):
    voice: str


class Inference(BaseModel):
    """How much the model varies, and how slowly it speaks."""

    noise_scale: float = 0.667
    length_scale: float = 1.0
    noise_w: float = 0.8


class LanguageName(BaseModel):
    family: str = ""


class PiperConfig(BaseModel):
    """What AudioBrew reads of `<model>.onnx.json`."""

    audio: Audio
    espeak: Espeak
    phoneme_id_map: dict[str, list[int]]
    phoneme_type: str = "espeak"
    num_speakers: int = 1
    inference: Inference = Inference()
    language: LanguageName = LanguageName()

    @property
    def code(self) -> str:
        """The language's base code."""
        return base_code(self.language.family or self.espeak.voice)


def read_piper_config(model: Path) -> PiperConfig:
    """Raises UnusableWeights."""
    path = model.with_name(f"{model.name}.json")
    try:
        config = PiperConfig.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise UnusableWeights(f"{model.name} needs {path.name} beside it") from error
    except (OSError, ValidationError) as error:
        raise UnusableWeights(f"{path.name} does not describe a Piper voice") from error
    if config.phoneme_type != "espeak":
        raise UnusableWeights(f"{model.name} does not read espeak's phonemes, so it cannot speak")
    return config
