"""Finding again what was asked: which words may be found, and by whom."""
