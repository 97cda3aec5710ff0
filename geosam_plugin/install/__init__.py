"""Installs, repairs and removes the engine's own Python environment."""
