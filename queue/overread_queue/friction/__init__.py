"""What an approval asks of the person who gives it. Pure: facts in, answer out."""
