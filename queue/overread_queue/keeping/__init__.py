"""Keeping a desk over years: what is erased when, copies of it, and coming back from one."""
