"""The measures are quick to import: the libraries they are tested against stay at home."""

import subprocess
import sys

import overread_queue.measure

HEAVY = {"numpy", "scipy", "statsmodels", "lifelines", "pandas", "matplotlib"}


def test_all_measures_together_need_no_library_for_numbers() -> None:
    room = overread_queue.measure.__path__[0]
    code = (
        "import importlib, pkgutil, sys\n"
        f"for one in pkgutil.iter_modules([{room!r}], 'overread_queue.measure.'):\n"
        "    importlib.import_module(one.name)\n"
        "print(*sorted(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "overread_queue.measure.survival" in loaded
    assert not loaded & HEAVY
