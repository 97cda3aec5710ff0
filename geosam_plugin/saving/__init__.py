"""From a pending shape to a feature: target layers, their fields, the journal of what was saved."""
