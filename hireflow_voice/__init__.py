"""HireFlow Voice: a mock technical phone interview that runs on your own computer."""

import os

# onnxruntime (from 1.29 on) reports model names and more to its maker, on Linux too, unless this is set before the
# library loads. Whatever the user's environment says: nothing leaves this computer.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"
