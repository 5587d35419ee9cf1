"""What the calls so far add up to: marks, topics and delivery over time. Pure computation over records."""
