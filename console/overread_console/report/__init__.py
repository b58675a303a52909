"""Oversight's health as one file: opens everywhere, asks nothing of the network, prints well."""
