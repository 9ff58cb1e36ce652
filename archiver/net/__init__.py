"""The network: the egress guard, our own HTTP client, and the pace at which hosts are asked."""
