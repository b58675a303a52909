"""The lead's screens: how oversight goes."""
