"""Resolution: which post an embed shows, where to look for it, and how that is known."""
