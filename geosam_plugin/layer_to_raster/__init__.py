"""Any layer of QGIS as a GeoTIFF: which pixels it is to have, how the layer is drawn into them, and
what it says when it cannot."""
