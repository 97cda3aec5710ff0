"""What the user sees beside the map: the dock, the dialogs and the settings pages."""
