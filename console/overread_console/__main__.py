"""`python -m overread_console` is the `overread` command."""

from overread_console.cli import main

main()
