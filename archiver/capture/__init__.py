"""Posts become captures: what a real browser received."""
