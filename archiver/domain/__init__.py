"""Frozen values that every stage speaks; no input or output happens here."""
