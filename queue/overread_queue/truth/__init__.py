"""What was really right: outcomes judged afterwards, and what they say of the policy."""
