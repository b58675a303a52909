"""Records that leave the desk: what is exported, in which columns, and what stays out."""
