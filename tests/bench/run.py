"""Run every benchmark beside this file; each prints ratios against a limit of the same run."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(names: list[str]) -> None:
    sys.path[:0] = [str(HERE), str(HERE.parent)]
    chosen = [HERE / f"bench_{name}.py" for name in names] or sorted(HERE.glob("bench_*.py"))
    for path in chosen:
        print(f"\n{path.stem.removeprefix('bench_')}", flush=True)
        runpy.run_path(str(path), run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
