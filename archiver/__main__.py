"""`python -m archiver` is the same as `archiver`."""

from archiver.cli.main import main

if __name__ == "__main__":
    main()
