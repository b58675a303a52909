"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# The same examples in every run, so that a red build is about the change and not about luck;
# `make soak` looks for new ones.
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")
