"""The audit chain: signed heads outside the database, and the examination that uses them."""
