"""Readers of their own that check what was written."""
