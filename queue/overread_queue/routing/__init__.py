"""Where a question goes, in which order people meet it, and how much one person is given."""
