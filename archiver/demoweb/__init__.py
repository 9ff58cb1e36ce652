"""A small social web on loopback, for the demo and the tests."""
