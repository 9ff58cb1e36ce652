"""The egress guard, our own HTTP client, and pace per host."""
