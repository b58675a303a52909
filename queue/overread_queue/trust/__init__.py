"""Who may say what, and how a decision proves it: keys, signatures, rosters, used nonces."""
