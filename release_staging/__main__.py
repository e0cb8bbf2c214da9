"""``python -m release_staging``: the command line."""

from release_staging.cli.main import main

if __name__ == "__main__":
    main()
