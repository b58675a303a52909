"""The review flow: what is shown when, which keys act, and why a key is locked. No terminal."""
