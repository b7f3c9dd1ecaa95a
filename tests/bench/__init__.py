"""``make bench``: vanthu beside its peers, interleaved in one run. ``run.py`` is the command.

``peers`` starts the filters, ``workload`` makes the mails, ``raw``, ``arrivals`` and ``endtoend`` send them,
``measure`` reads CPU clocks, ``report`` has targets and tables. A further part of the bench is a module with
``rounds`` that yields rows with ``round`` and ``peer``, has ``TARGETS`` or ``BOUNDS`` and a ``table``, and a line in
``run.py``.
"""
