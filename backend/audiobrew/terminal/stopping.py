"""Being told to stop: what a host sends counts as much as Ctrl-C."""

import signal


def let_hosts_stop_us() -> None:
    """SIGTERM ends this process as Ctrl-C does: work is handed over before it goes.

    To be called on the running event loop, whose own handling of Ctrl-C it borrows.
    """
    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
