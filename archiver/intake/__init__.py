"""Seeds of every kind become documents."""
