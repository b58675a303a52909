"""What oversight can be shown to be: facts off the chain, tallies, measures, alarms."""
