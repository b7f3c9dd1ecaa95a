#!/usr/bin/env python3
"""Connects Postfix to vanthu for mail from outside, port 25: what official mailboxes get is counted.

    inbound.py show                        what would change, as the commands that do it
    inbound.py apply                       keeps main.cf and master.cf, changes them, asks `postfix check`
    inbound.py undo                        puts both files back byte for byte

It fails open: when vanthu is away or in trouble, mail comes in all the same, and the failure is counted. So a service
where users log in is refused here; that is for submission.py.

Every command takes --config-dir DIR, so that it can be tried on a copy of /etc/postfix. Nothing is reloaded: the last
line says how. Exit: 0 done or nothing to do, 1 refused (nothing changed), 2 usage.
"""

from __future__ import annotations

import sys

from connect import main
from plan import INBOUND

if __name__ == "__main__":
    sys.exit(main(INBOUND, __doc__, sys.argv[1:]))
