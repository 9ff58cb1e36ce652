"""Intake: from what the user names to the documents in which embeds are looked for."""
