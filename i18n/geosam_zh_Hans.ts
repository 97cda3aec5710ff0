<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>EnginePage</name>
    <message>
        <source>Recommended</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SAM 2.1 tiny finds all kinds of objects; this installs it with the full engine. The built-in model “nano” is an offline preview: quick, made for roofs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install SAM 2.1 tiny (156 MB)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Small (0.6 GB): nano, and clicking in every cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full (1.4 GB): encodes with the SAM 2.1 models as well</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Full for NVIDIA cards (about 6 GB)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Installs the engine anew and replaces the old one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other sources</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>found, or downloaded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has all packages: use it as it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Installs from this folder, without the network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>QGIS&apos;s proxy and this computer&apos;s certificates are used for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use this Python</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder of wheels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Package index</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not installed yet. Encoding and clicking need it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your own Python is used.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine&apos;s Python has gone. Repair installs it anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready: the small engine, with Python {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready: the full engine, with Python {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready: the full engine for NVIDIA cards, Python {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This version of GeoSAM brings newer packages.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Update</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the engine? Caches, models and layers stay.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GeoSAM</name>
    <message>
        <source>The image has changed since it was encoded. Encode it again, or shapes will follow the old image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The image is not encoded there yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is outside the image. Click on the image that is chosen in GeoSAM.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is being started again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine ended {count} times in a row and is not started again. {why} Its last words: {words}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine (version {engine}) does not belong to this version of the plugin. Restart QGIS; if that does not help, install the plugin again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine&apos;s Python cannot be started: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine answered something unreadable.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine ended unexpectedly.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine does not belong to this version of the plugin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine did not answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These bands cannot be used: {details}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The feature cache is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The feature cache cannot be used: {details}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another program is writing to the feature cache just now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The feature cache belongs to another raster or to other settings: {details}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The feature cache is not there any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The feature cache was made by a newer version of GeoSAM.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is not enough memory for the model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk is full: {details}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model could not be downloaded: {details}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The extent does not fit the raster: {details}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GeoSAM and its engine misunderstood each other.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine met a fault of its own: {details}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine lacks a package: {details}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The raster&apos;s file was not found: {details}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model cannot be used: {details}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The model is not on this computer yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing of the image there, only empty pixels (nodata).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No object was found there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The output cannot be written: {details}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is outside the image.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These prompts cannot be used: {details}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The raster cannot be used: {details}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine cannot do that: {details}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encode the raster again, or choose another cache.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Restart QGIS; if that does not help, install the plugin again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encode the raster again: only what is damaged is made anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wait until it is done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Update the plugin, or encode the raster again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a smaller batch, a smaller model, or the processor as the device.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make room and do the same again: what was finished is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check the network and the proxy, then try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine&apos;s log says more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repair the engine, or install the full one, on GeoSAM&apos;s settings page.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download it on GeoSAM&apos;s settings page, or use nano.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click on the image itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encode that part first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click on the middle of the object, or drag a box around it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click on the image that is chosen in GeoSAM.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine took too long.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine did not start in time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object cannot be transformed into the layer&apos;s CRS ({crs}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Existing polygons cover the whole object: nothing of it is left to save.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Downloading Python…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for Python…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making the engine&apos;s folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Installing packages…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Installing torch (this is the large one)…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Installing SAM 2…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Testing: encode and click…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Downloading the model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another QGIS is installing the engine (process {0} on {1}). Wait until it is done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelled. Nothing has changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder {0} cannot be written to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk of {0} is too full: {1} GB are needed and {2} GB are free.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder {0} has no {1} for this computer. Add it, or install from the internet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has happened for {0} minutes, so the installation was ended. Check the network connection and try again; what was downloaded is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The package index {0} has no uv {1} for this computer. Check the address of the mirror.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The package index {0} cannot be reached ({1}). Check the network, the proxy in QGIS&apos;s settings, or the address of the mirror.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no current torch for Macs with an Intel processor. Install the small engine: it segments in every cache, also in those made with large models elsewhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This Linux is too old: its C library is {0}, and the packages need {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is macOS {0}; the packages need macOS {1} or newer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine is ready, but the model could not be downloaded: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CUDA does not exist on macOS. Choose the full engine: it uses Apple&apos;s graphics.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Python {0} could not be downloaded from github.com. Install Python {0} yourself and choose it under “Use this Python”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This Python cannot run the engine: {0} Untick “as it is” to have it made ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The packages could not be installed: {0} The log says more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no packages for this kind of computer ({0}, {1}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is a 32-bit Python; the engine needs 64 bits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is {1}; the engine needs the usual Python.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is Python {1}, for which not all packages exist yet. Choose one up to {2}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is Python {1}; the engine needs {2} or newer. Choose another one, or leave the field empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is not a Python that can be run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is Python {1}; here this engine needs {2}. Leave the field empty to have it downloaded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The new engine does not work: {0} The engine you had before is kept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} is not the file that was published (its checksum differs), so it was not used. Check the mirror or the folder it came from.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Segment by clicks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GeoSAM needs its engine. Install it on this page, then start again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feature cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder that encoding made; its name ends in .sam2.zarr.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Coverage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A layer with one rectangle for each patch that is encoded, with its level and whether it has any pixels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no folder {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} is not a feature cache. Encode a raster first, then choose its cache.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GeoSAM&apos;s engine is not installed. Install it on the Engine page of GeoSAM&apos;s settings (Plugins menu).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Describe a feature cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tells what a cache was made from and what is encoded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raster to compare with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is it still the raster that was encoded?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>HTML files (*.html)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the raster</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What became of the raster</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CRS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of levels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of encoded patches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of patches without any pixel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of patches that are not encoded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size on disk in bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is not a raster file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It cannot be written ({}).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is the raster that was encoded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it is not the raster that was encoded: encode again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>there is none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raster</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{width} x {height} pixels of {across:g} x {down:g}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bands</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stretch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{PATCHES} encoded, {EMPTY} without any pixel, {MISSING} not encoded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On disk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{:.1f} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compared with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Being written by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>process {pid} on {host}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Level</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pixel size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encoded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Without any pixel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Raster layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An image that is a file on this computer or a network drive.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nano comes with the plugin: an offline preview. The others are better, have to be downloaded once, and need the engine&apos;s full flavour.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Extent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only what meets this is encoded; everything when empty. A further run with another extent adds to the same cache.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size of a pixel as the model is to see it, in the raster&apos;s units; the raster&apos;s own when empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One to three bands, red first; those that the layer is displayed with when empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How values become brightness: auto, none, minmax, two percentiles such as 2,98, or values such as 0:3000 (or one such pair for each band, separated by commas). As the layer is displayed when empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weights of your own, in the structure of the chosen model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Levels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many times the image is encoded, each time at half the resolution, so that objects larger than a patch can be clicked. When empty, until all fits one patch.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Overlap of patches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In pixels, a multiple of 4; a patch has 1024.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stored as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>float16 takes half the space, and no difference can be seen.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the model runs; auto takes a graphics card when it can.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patches at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When empty, what suits the device.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace the cache</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not go on with a cache that is there, but make it anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feature cache (beside the raster when skipped)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The cache to make or to go on with. In a folder that is no cache it is made under its usual name, which is that of the raster and the model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encode raster</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prepares a raster once, so that it can be clicked ever after.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patches in the extent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patches encoded by this run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patches without any pixel found by this run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patches that were there already</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose one to three bands, not {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no band {}; the raster has {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{}” is not understood. Use auto, none, minmax, two percentiles such as 2,98, or values such as 0:3000.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It must be a multiple of {} between 0 and {}, not {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It must be above 0.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It does not meet the raster.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no file {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{} is a file, not a folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{}” is not a raster file. Layers from web services, databases, archives and containers have to be exported to a file first (Export → Save As…).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patches: {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done}, {time} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Patches encoded: {encoded} (in {seconds:.1f} s); without any pixel: {empty}; there already: {skipped}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another output, or tick “Replace the cache”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another output.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an output on another disk, a smaller extent or a coarser resolution.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Download it on the Engine page of GeoSAM&apos;s settings, or use nano.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install the engine&apos;s full flavour on the Engine page of GeoSAM&apos;s settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{:.0f} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{:.0f} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{:.1f} h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{}” means neither include nor exclude.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has no geometry.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It cannot be placed in the raster&apos;s CRS.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Polygons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Points or boxes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A point layer, or a polygon layer, of which the extents are the boxes; in any CRS.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Include/exclude field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For points: include, +, 1, true or nothing for what belongs to the object; exclude, -, 0 or false for what does not.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Object field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For points: those with the same value are one object. Without it, every feature is one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>auto: the best-scored of three for a single point, else the single one; single, best: that one always; all: up to three polygons for each prompt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which level of the cache answers, 0 being the finest. When empty, that which suits a box&apos;s size, and the finest for points.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Simplify</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tolerance in pixels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smallest part</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smaller ones are left out, in square pixels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smallest hole</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Smaller ones are filled, in square pixels.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest part only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One part for each object, never several.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Segment by points or boxes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Segmentation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Makes a polygon for every point, group of points or box.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of polygons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number of prompts without a polygon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A layer of points or polygons is needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The layer has no field “{}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feature {}: {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No prompt gave a polygon. {}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prompts without a polygon, left out: {}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object has no area.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Segmented object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut by a segmented object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Joined with a segmented object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object covers the whole selected feature: nothing would be left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object does not touch the selected feature.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The feature would get {count} parts, but the layer takes single parts only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select one feature of &quot;{layer}&quot; first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select features of &quot;{layer}&quot; first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The layer &quot;{layer}&quot; cannot be edited. Choose another target layer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The layer &quot;{layer}&quot; does not take the object.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The target layer is gone. Choose another one and save again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the layer with the selected feature as the target first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Objects in {raster}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it was edited meanwhile. Save it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The layer &quot;{layer}&quot; is now kept in {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The layer &quot;{layer}&quot; was not saved: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not encoded yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening its cache…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encoded with {model}, pixels of {size:.3g} {unit}, {share} of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a raster layer to the project.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encode more…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encode…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved: {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>last answer: {ms:.0f} ms</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>waiting to be saved: {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} objects of “{layers}” were in a temporary layer that is gone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Engine: asleep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Engine: starting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Engine: ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Engine: starting again…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Engine: not working</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1. Add an aerial or satellite image to the project.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>2. Press “Encode…”. That takes a while, once per image; afterwards every click gives an outline at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>3. Press “Start clicking”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>4. Click on an object, or drag a box around it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click on the object itself, too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for the object…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was found. Click elsewhere, or undo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>5. Too small? Click on what is missing. Too large? Right-click on what is too much. Right? Press Enter to save it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Score {score:.2f}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shape {number} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prepare this image once, so that it can be clicked ever after.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose cache…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use a feature cache that was made elsewhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outline what is encoded.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start clicking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Left button:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Include</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A click says: this belongs to the object. Drag for a box.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exclude</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A click says: this does not. The right button always does so.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Box</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drag a box around the object.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other shape (Tab)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole, a part, a part of that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop clicking</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New temporary layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>e.g. building</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New feature</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add to the selected feature</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut from the selected features</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Merge with the selected features</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For one object: Shift+Enter adds, Alt+Enter cuts, Ctrl+Enter merges.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save object (Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Or S</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as GeoPackage…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A temporary layer is lost when QGIS closes: keep it in a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Layer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Options</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview under the mouse</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Coarser pixels find larger objects. By zoom, the map&apos;s scale decides.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Avoid overlaps with existing polygons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Simplify by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By zoom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GeoSAM: the engine&apos;s log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a feature cache (…sam2.zarr)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encode here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The object before this one is not saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as GeoPackage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start again</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Installer</name>
    <message>
        <source>The engine is ready.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This Python runs the engine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine was removed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking the package index…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
