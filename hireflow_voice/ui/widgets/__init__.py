"""The parts the pages are made of; each gets the theme and plain data, and knows nothing of the application."""
