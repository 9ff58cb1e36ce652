"""The platforms of the demo web, one file each, and the news hosts."""
