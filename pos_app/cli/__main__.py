"""`python -m pos_app.cli` is the `bohari` command."""

from pos_app.cli import main

if __name__ == "__main__":
    main()
