"""Small changes to the code that a test must notice: `python tests/mutants.py [PART OF A PATH…]`.

Each change is compiled into a process of its own, which runs the tests named for that module in
`PLAN`. It is forked from one that has imported everything except the module and what imports it,
so the changed one is imported the ordinary way, by whoever needs it. Programs that a test starts
run the unchanged code, which can only hide that a change was noticed. What is not noticed is
printed: a test is missing, or the change means nothing. `mutants.md` says which.
"""

from __future__ import annotations

import ast
import gc
import importlib
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from code_changes import mutants

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 20
"""A change that keeps the tests busy for longer has been noticed."""
PLAN = {
    "queue/overread_queue/trust/sshsig.py": ("queue/test_trust_sshsig.py",),
    "queue/overread_queue/trust/wire.py": ("queue/test_trust_sshsig.py queue/test_trust_keys.py",),
    "queue/overread_queue/trust/envelope.py": (
        "queue/test_trust_envelope.py queue/test_trust_opinions.py",
        "queue/test_trust_attacks.py -k not(mutation)",
    ),
    "queue/overread_queue/trust/ledger.py": ("queue/test_trust_ledger.py -k not(processes_never)",),
    "queue/overread_queue/opinions.py": ("queue/test_dual_attacks.py", "queue/test_dual.py"),
    "queue/overread_queue/moves.py": ("queue/test_moves_conformance.py", "queue/test_sweep.py"),
    "queue/overread_queue/states.py": ("queue/test_moves_conformance.py", "queue/test_tiers.py"),
    "briefs/overread_briefs/visible.py": ("briefs/test_visible.py -k not(every_)",),
}
"""Module, and what pytest is given for it, in the folder of the tests: the next one where nothing
was noticed by those before."""
OPTIONS = "-q -x -p no:cacheprovider -W ignore::pytest.PytestAssertRewriteWarning"
"""Plugins are imported ahead, too, which pytest would warn of."""


def _dotted(module: Path) -> str:
    return ".".join(module.with_suffix("").parts[1:])


class _Changed(SourceFileLoader):
    """Finds one module, and gives it the changed code."""

    def __init__(self, module: Path, code: CodeType) -> None:
        super().__init__(_dotted(module), str(ROOT / module))
        self.code = code

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, fullname: str) -> CodeType:
        return self.code


def outcome(module: Path, code: CodeType, folder: str) -> str:
    """`survived`, or what the first tests that did not pass made of it."""
    results = (_result(_Changed(module, code), tests, folder) for tests in PLAN[str(module)])
    return next((result for result in results if result != "survived"), "survived")


def _result(changed: _Changed, tests: str, folder: str) -> str:
    """`survived`, `noticed` or `hung`, from a process of its own."""
    child = os.fork()
    if not child:
        signal.alarm(SECONDS)
        os._exit(_run_tests(changed, tests, folder))
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        return "hung"
    return "noticed" if status else "survived"


def _forget(name: str) -> None:
    """Let the module be imported again, and every one that imports it, be it through others."""
    ours = {one: module for one, module in sys.modules.items() if one.startswith("overread_")}
    uses = {one: _uses(module) for one, module in ours.items()}
    stale = {name}
    while more := {one for one, used in uses.items() if used & stale} - stale:
        stale |= more
    for one in stale & ours.keys():
        del sys.modules[one]
        package, _, leaf = one.rpartition(".")
        if package in ours:
            delattr(ours[package], leaf)


def _uses(module: ModuleType) -> set[str]:
    """Every module that it may import, anywhere in its text."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text())):
        match node:
            case ast.ImportFrom(str() as package, aliases):
                names |= {package, *(f"{package}.{alias.name}" for alias in aliases)}
            case ast.Import(aliases):
                names |= {alias.name for alias in aliases}
    return names


def _run_tests(changed: _Changed, tests: str, folder: str) -> int:
    sys.meta_path.insert(0, changed)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    chosen = [f"tests/{word}" if word.endswith(".py") else word for word in tests.split()]
    result = int(pytest.main([*OPTIONS.split(), f"--basetemp={folder}/tests", *chosen]))
    Path(folder, "imported").write_text("\n".join(_imported(changed)))
    return result


def _imported(changed: _Changed) -> Iterator[str]:
    """What can be imported ahead: everything but the tests. Nothing, if `changed` never was."""
    if getattr(sys.modules.get(changed.name), "__loader__", None) is changed:
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None) or ""
            tests = Path(file).is_relative_to(ROOT / "tests")
            if file.endswith((".py", ".so")) and not tests:
                yield name


def _unchanged(module: Path, folder: str) -> list[str]:
    """What the tests import when nothing is changed; they have to pass, and use the module."""
    code = compile((ROOT / module).read_text(), str(ROOT / module), "exec")
    if outcome(module, code, folder) != "survived":
        raise SystemExit(f"{module}: its tests fail, or take too long, without any change")
    imported = Path(folder, "imported").read_text().split()
    assert imported, f"{module}: its tests never import it"
    return imported


def measure(name: str, folder: str) -> None:
    module = Path(name)
    dotted = _dotted(module)
    _forget(dotted)
    for other in _unchanged(module, folder):
        importlib.import_module(other)
    _forget(dotted)
    _unchanged(module, folder)
    gc.freeze()
    found: Counter[str] = Counter()
    for mutant in mutants(ROOT / module):
        result = outcome(module, mutant.code, folder)
        found[result] += 1
        if result == "survived":
            print(f"{name}:{mutant.line}: {mutant.what}", flush=True)
    print(f"{name}: {found.total() - found['survived']} of {found.total()} noticed,", end=" ")
    print(f"{found['hung']} of them by hanging", flush=True)


if __name__ == "__main__":
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as temporary:
        for one in PLAN:
            if not sys.argv[1:] or any(part in one for part in sys.argv[1:]):
                measure(one, temporary)
