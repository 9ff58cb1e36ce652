"""Commands: parse, one call, print, exit code."""
