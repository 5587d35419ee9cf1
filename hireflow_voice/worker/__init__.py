"""The one process that holds all models. It may crash or hang; the call never does."""
