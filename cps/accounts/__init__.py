"""Accounts, identities, roles, sign-in, sessions and verification."""
