"""The layout keeps its promises: the folder named queue hides nothing of the same name."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))


def run_python(code: str, *, cwd: Path) -> str:
    """What fresh Python code prints, with the current folder first on its path."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("folder", [".", "queue", "queue/overread_queue", "tests", "tests/queue"])
def test_queue_is_the_standard_library_s(folder: str) -> None:
    found = run_python("import queue; queue.Queue(); print(queue.__file__)", cwd=ROOT / folder)
    assert Path(found).resolve() == (STANDARD_LIBRARY / "queue.py").resolve()


@pytest.mark.parametrize("source_root", ["briefs", "console", "queue"])
def test_source_roots_are_no_packages(source_root: str) -> None:
    assert (ROOT / source_root / f"overread_{source_root}" / "__init__.py").is_file()
    assert not (ROOT / source_root / "__init__.py").exists()


def test_tests_are_no_packages() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_test_files_have_names_of_their_own() -> None:
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))


def test_no_module_is_named_queue() -> None:
    sources = [path for root in ("briefs", "console", "queue") for path in (ROOT / root).rglob("*")]
    assert [path for path in sources if path.name == "queue.py"] == []


def test_briefs_need_no_terminal_and_no_database() -> None:
    heavy = {"click", "cryptography", "rich", "sqlite3", "pysqlite3", "sqlite_utils", "textual"}
    loaded = run_python("import overread_briefs, sys; print(*sys.modules)", cwd=ROOT).split()
    assert "overread_briefs.parse" in loaded
    assert {name.partition(".")[0] for name in loaded} & heavy == set()
