"""The commands of `audiobrew`. Each module named in `__main__.COMMANDS` has `options` and `run`."""
