"""Captures become WARC records and index lines."""
