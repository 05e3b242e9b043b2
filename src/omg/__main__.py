"""`python -m omg`."""

from omg.cli import main

main()
