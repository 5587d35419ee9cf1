"""Model weights: what is needed, where it comes from, and proof that it is what it claims to be."""
