"""How hypothesis works here: the same examples in every run, so that a red run says something about the change.

``pytest --hypothesis-profile=explore`` looks for new ones; ``make fuzz`` is the place for bytes.
"""

from hypothesis import settings

# No deadline for a single example: machines are noisy, and tests of speed measure on their own.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None, max_examples=1000)
settings.load_profile("fixed")
