"""The review flow as plain lines: for screen readers, scripts and slow links."""
