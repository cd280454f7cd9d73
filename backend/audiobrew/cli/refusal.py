"""The error with which a command ends if it cannot do what the user asked for."""


class Refusal(Exception):
    """The message is printed, and says what to do. The exit code is 2."""
