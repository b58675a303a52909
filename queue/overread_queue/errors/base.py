"""The base of every refusal."""

from __future__ import annotations

from typing import Self


class OverreadError(Exception):
    """Base of everything Overread raises on purpose.

    All of them can be pickled, because engines that keep workflows store what a step raised.
    """

    def __reduce__(self) -> tuple[object, ...]:
        return type(self)._again, self.args, self.__dict__

    @classmethod
    def _again(cls, *said: object) -> Self:
        """With the words it had, which `__init__` would make from something else."""
        return cls.__new__(cls, *said)
