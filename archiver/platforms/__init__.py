"""Knowledge of each platform, one file each."""
