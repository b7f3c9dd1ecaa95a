"""What runs while a ``with`` lasts: started on entry, closed at its end, and closed, too, if the start fails."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self


class Running(ABC):
    """``close`` has to cope with a start that came half way."""

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def start(self) -> None:
        """Raises if it does not come up."""

    @abstractmethod
    def close(self) -> None:
        """Ends it, and leaves nothing behind."""
