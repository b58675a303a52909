"""Measures of oversight, with their uncertainty. Pure."""
