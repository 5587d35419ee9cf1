"""HireFlow Voice: a mock technical phone interview that runs on your own computer."""

__version__ = "0.1.0"
