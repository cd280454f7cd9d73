"""AudioBrew: the newsletters in your mailbox, as a private podcast."""

__version__ = "0.1.0"
