"""GeoSAM for QGIS: the shell around the engine, which runs in a process of its own."""
