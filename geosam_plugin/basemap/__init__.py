"""Web layers of the project as images that can be clicked: where their tiles come from, which part
of the world is one image, and how fine it is."""
