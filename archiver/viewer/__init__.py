"""Looking at what was kept: a list of the archive's posts, and their replay in a browser."""
