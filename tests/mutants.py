"""Small changes to the code that must not go unnoticed: `python tests/mutants.py MODULE TEST…`.

Each change is made in a copy of the three source roots, and the tests given run against it. What
they do not notice is printed: either a test is missing, or the change means nothing.
"""

from __future__ import annotations

import ast
import copy
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOTS = ("console", "queue", "briefs")
SECONDS = 60
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}


def mutants(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of each changed module."""
    tree = ast.parse(source)
    for place, node in enumerate(ast.walk(tree)):
        for kind in range(2):
            changed = copy.deepcopy(tree)
            if _change(list(ast.walk(changed))[place], kind):
                yield getattr(node, "lineno", 0), ast.unparse(ast.fix_missing_locations(changed))


def _change(node: ast.AST, kind: int) -> bool:
    """Change it in place, in the first or the second way there is; False where there is none."""
    if isinstance(node, ast.Compare) and kind == 0:
        node.ops[0] = SWAPS[type(node.ops[0])]()  # type: ignore[assignment]
    elif isinstance(node, ast.BoolOp | ast.BinOp) and kind == 0 and type(node.op) in SWAPS:
        node.op = SWAPS[type(node.op)]()  # type: ignore[assignment]
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        node.value += 1 if kind == 0 else -1
    elif isinstance(node, ast.If) and kind == 0:
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.Raise) and kind == 0:
        node.exc, node.cause = ast.Name("ValueError", ast.Load()), None
    else:
        return False
    return True


def survives(folder: Path, module: Path, text: str, tests: list[str]) -> bool:
    (folder / module).write_text(text)
    paths = os.pathsep.join(str(folder / root) for root in ROOTS)
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    try:
        run = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": paths},
            capture_output=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


def main(module: str, *tests: str) -> None:
    source = (ROOT / module).read_text()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for root in ROOTS:
            shutil.copytree(ROOT / root, folder / root)
        assert survives(folder, Path(module), source, list(tests)), "the tests fail unchanged"
        made = left = 0
        for line, text in mutants(source):
            made += 1
            if survives(folder, Path(module), text, list(tests)):
                left += 1
                print(f"{module}:{line}: not noticed", flush=True)
    print(f"{module}: {made - left} of {made} noticed")


if __name__ == "__main__":
    main(*sys.argv[1:])
