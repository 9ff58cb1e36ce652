"""The working parts behind the platform tables: addresses, recognition, times in ids."""
