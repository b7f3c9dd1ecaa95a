"""The laboratory of tests, bench and demo: real servers on loopback, in folders of their own, ended by own pids.

``postfix``, ``dovecot``, ``sink``: a private Postfix, the SASL service of its submission ports, the server that it
delivers to. ``milter_wire``, ``milter_client``, ``milter_load``: the MTA's side of the milter protocol, no MTA.
``places`` and ``process``: free ports, folders, child processes.

There is one copy of these, here, without anything of pytest in it. Tests import ``support.postfix`` (pytest has
``tests`` on its path); the demo and the bench are scripts and put ``tests`` on theirs.
"""
