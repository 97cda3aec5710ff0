"""From clicks on the map to a pending shape: the map tool, the prompts and who asks the engine."""
