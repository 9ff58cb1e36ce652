"""Embeds become posts with an identity."""
