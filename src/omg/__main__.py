"""The command `omg`, and `python -m omg`."""

import signal


def main() -> None:
    """Load omg, which takes a moment in which Ctrl-C just ends it, and run it."""
    interrupted = signal.getsignal(signal.SIGINT)
    if interrupted is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from omg.cli import main as run  # noqa: PLC0415 - after what comes before it

    signal.signal(signal.SIGINT, interrupted)
    run()


if __name__ == "__main__":
    main()
