"""Documents become embeds."""
