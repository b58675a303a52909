"""A model of a desk and its reviewers, to price friction and staffing. It is never evidence."""
