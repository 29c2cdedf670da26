"""`python -m pos_app` is the `bohari` command; the packaged program starts here."""

from pos_app.cli import main

if __name__ == "__main__":
    main()
