"""The door to the engine: its processes, and requests and answers over their pipes."""
