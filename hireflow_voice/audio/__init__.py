"""Sound in and out: devices, the ring, takes on disk, tones. PortAudio is imported nowhere else."""
