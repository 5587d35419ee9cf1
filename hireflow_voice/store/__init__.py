"""What is kept: takes with sidecars on disk, and an index of them in SQLite that can be rebuilt."""
