#!/usr/bin/env python3
"""Connects Postfix to vanthu for mail that users submit: port 587 or 465 with SASL, and the sendmail command.

    submission.py show                     what would change, as the commands that do it
    submission.py apply                    keeps main.cf and master.cf, changes them, asks `postfix check`
    submission.py undo                     puts both files back byte for byte

Every command takes --config-dir DIR, so that it can be tried on a copy of /etc/postfix. Nothing is reloaded: the last
line says how. Exit: 0 done or nothing to do, 1 refused (nothing changed), 2 usage.
"""

from __future__ import annotations

import sys

from connect import main
from plan import SUBMISSION

if __name__ == "__main__":
    sys.exit(main(SUBMISSION, __doc__, sys.argv[1:]))
