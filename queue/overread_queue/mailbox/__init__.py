"""For agents that run as another system user: an inbox that nobody believes, a private desk, an
outbox of signed files, and a trust folder that only the desk's side writes."""
