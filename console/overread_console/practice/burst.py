"""Which items a burst has: half of them wrong, in an order nobody knows."""

from __future__ import annotations

import random
from pathlib import Path

from overread_console.practice.items import InvalidPractice, PracticeItem, read_item

BURST = 6
"""Items of one burst."""


def shipped_folder() -> Path:
    """The items that come with Overread."""
    return Path(__file__).parent / "items"


def load_items(folder: Path) -> tuple[PracticeItem, ...]:
    """Every item of a folder. Raises `InvalidPractice` for the first file that cannot be used."""
    if not folder.is_dir():
        raise InvalidPractice(folder, "there is no such folder")
    items = tuple(map(read_item, sorted(folder.glob("*.json"))))
    wrong = sum(not item.sound for item in items)
    if not 0 < wrong < len(items):
        raise InvalidPractice(
            folder,
            f"{len(items)} items, {wrong} of them wrong; a burst needs some that are wrong and "
            "some that are right, each as a .json file",
        )
    return items


def draw(items: tuple[PracticeItem, ...], chance: random.Random) -> tuple[PracticeItem, ...]:
    """As many wrong ones as sound ones, shuffled."""
    wrong = [item for item in items if not item.sound]
    sound = [item for item in items if item.sound]
    each = min(len(wrong), len(sound), BURST // 2)
    drawn = [*chance.sample(wrong, each), *chance.sample(sound, each)]
    chance.shuffle(drawn)
    return tuple(drawn)
