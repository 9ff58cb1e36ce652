"""Where everything lies: paths, ledger, lock, mending."""
