"""Runs become WACZ files."""
