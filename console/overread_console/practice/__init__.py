"""Labelled practice: items whose right answer is known, on a desk that is thrown away."""
