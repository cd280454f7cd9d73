"""What a command says when it cannot do what was asked."""


class Refusal(Exception):
    """One sentence for the terminal, saying what to do; the exit code is 2."""
