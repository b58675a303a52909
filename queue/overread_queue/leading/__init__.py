"""What every part of the leads' door stands on, and the policy under change control."""
