"""What the candidate brings along: a job description, a résumé. It leans the choice of questions and nothing else."""
