"""``python -m vanthu`` is the command ``vanthu``."""

from .cli.main import main

main()
