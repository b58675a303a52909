"""Agents where they live: one file for each runtime, over one delivery loop that they share.

Nothing in here is imported by the rest, and each file imports its runtime only when it is used.
"""
