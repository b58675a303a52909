"""What is waiting."""
