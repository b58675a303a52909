"""What agents did and told of."""
