"""Captures and records become manifests."""
