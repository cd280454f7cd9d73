"""Loads and runs models. Runs in the child process."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from onnxruntime import InferenceSession, SessionOptions
from onnxruntime.capi import onnxruntime_pybind11_state as errors

from audiobrew.audio.local.speech import NotSpeech, Samples
from audiobrew.audio.local.weights import UnusableWeights

LOAD_ERRORS = (
    errors.Fail,
    errors.InvalidArgument,
    errors.InvalidGraph,
    errors.InvalidProtobuf,
    errors.NoModel,
    errors.NoSuchFile,
    errors.NotImplemented,
    errors.RuntimeException,
)
RUN_ERRORS = (errors.Fail, errors.InvalidArgument, errors.RuntimeException)


def open_session(name: str, model: Path | bytes, threads: int) -> InferenceSession:
    """`name`: what a problem calls the model. Raises UnusableWeights."""
    options = SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 4
    source = model if isinstance(model, bytes) else str(model)
    try:
        return InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except LOAD_ERRORS as error:
        raise UnusableWeights(
            f"{name} cannot be loaded: it is damaged, or needs more memory"
        ) from error


def run(session: InferenceSession, inputs: Mapping[str, Any]) -> Samples:
    """The first output, as one row of samples. Raises NotSpeech if the model cannot process the inputs."""
    try:
        [sound, *_] = session.run(None, inputs)
    except RUN_ERRORS as error:
        raise NotSpeech from error
    return np.asarray(sound, np.float32).ravel()
