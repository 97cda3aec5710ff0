<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>GeoSAM</name>
    <message>
        <source>The object that is not saved yet is kept: it is there again when you choose its image again.</source>
        <translation>Das noch nicht gespeicherte Objekt bleibt erhalten: Es ist wieder da, sobald Sie sein Bild wieder wählen.</translation>
    </message>
    <message>
        <source>The image has changed since it was encoded. Encode it again, or shapes will follow the old image.</source>
        <translation>Das Bild hat sich geändert, seit es kodiert wurde. Kodieren Sie es neu, sonst folgen die Formen dem alten Bild.</translation>
    </message>
    <message>
        <source>That is in another part of the web map than the object at hand: save that first (Enter), or clear it (Esc).</source>
        <translation>Das liegt in einem anderen Teil der Webkarte als das aktuelle Objekt: Speichern Sie dieses zuerst (Eingabe), oder verwerfen Sie es (Esc).</translation>
    </message>
    <message>
        <source>That is in another part of the web map: it can be clicked when the last object is saved.</source>
        <translation>Das liegt in einem anderen Teil der Webkarte: Dort können Sie klicken, sobald das letzte Objekt gespeichert ist.</translation>
    </message>
    <message>
        <source>{why} The object is kept: press “Take up again”.</source>
        <translation>{why} Das Objekt bleibt erhalten: Drücken Sie „Wieder aufnehmen“.</translation>
    </message>
    <message>
        <source>{why} The object is kept with its image.</source>
        <translation>{why} Das Objekt bleibt bei seinem Bild erhalten.</translation>
    </message>
    <message>
        <source>The image is not encoded there yet.</source>
        <translation>Dort ist das Bild noch nicht kodiert.</translation>
    </message>
    <message>
        <source>That is outside the image. Click on the image that is chosen in GeoSAM.</source>
        <translation>Das liegt außerhalb des Bildes. Klicken Sie auf das Bild, das in GeoSAM gewählt ist.</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>{why} It is being started again.</source>
        <translation>{why} Sie wird neu gestartet.</translation>
    </message>
    <message>
        <source>{why} That has happened twice over the same prompts: try others.</source>
        <translation>{why} Das ist bei denselben Vorgaben schon zweimal geschehen: Versuchen Sie andere.</translation>
    </message>
    <message numerus="yes">
        <source>The engine ended %n time(s) in a row and is not started again. {why} Its last words: {words}</source>
        <translation>
            <numerusform>Die Engine hat sich %n-mal beendet und wird nicht neu gestartet. {why} Ihre letzten Worte: {words}</numerusform>
            <numerusform>Die Engine hat sich %n-mal hintereinander beendet und wird nicht neu gestartet. {why} Ihre letzten Worte: {words}</numerusform>
        </translation>
    </message>
    <message>
        <source>The engine (version {engine}) does not belong to this version of the plugin. Restart QGIS; if that does not help, install the plugin again.</source>
        <translation>Die Engine (Version {engine}) gehört nicht zu dieser Version der Erweiterung. Starten Sie QGIS neu; wenn das nicht hilft, installieren Sie die Erweiterung noch einmal.</translation>
    </message>
    <message>
        <source>GeoSAM met an unexpected error with the engine&apos;s answer. QGIS&apos;s log messages say more.</source>
        <translation>GeoSAM ist bei der Antwort der Engine auf einen unerwarteten Fehler gestoßen. Mehr steht im Protokoll von QGIS.</translation>
    </message>
    <message>
        <source>The engine&apos;s Python cannot be started: {}. Repair the engine on GeoSAM&apos;s settings page.</source>
        <translation>Das Python der Engine lässt sich nicht starten: {}. Reparieren Sie die Engine auf der Einstellungsseite von GeoSAM.</translation>
    </message>
    <message>
        <source>The engine answered something unreadable.</source>
        <translation>Die Engine hat etwas Unlesbares geantwortet.</translation>
    </message>
    <message>
        <source>The engine ended unexpectedly.</source>
        <translation>Die Engine hat sich unerwartet beendet.</translation>
    </message>
    <message>
        <source>The engine does not belong to this version of the plugin.</source>
        <translation>Die Engine gehört nicht zu dieser Version der Erweiterung.</translation>
    </message>
    <message>
        <source>The engine did not answer.</source>
        <translation>Die Engine hat nicht geantwortet.</translation>
    </message>
    <message>
        <source>These bands cannot be used: {details}</source>
        <translation>Diese Kanäle lassen sich nicht verwenden: {details}</translation>
    </message>
    <message>
        <source>The feature cache is damaged.</source>
        <translation>Der Merkmals-Cache ist beschädigt.</translation>
    </message>
    <message>
        <source>The feature cache cannot be used: {details}</source>
        <translation>Der Merkmals-Cache lässt sich nicht verwenden: {details}</translation>
    </message>
    <message>
        <source>Another program is writing to the feature cache just now.</source>
        <translation>Ein anderes Programm schreibt gerade in den Merkmals-Cache.</translation>
    </message>
    <message>
        <source>The feature cache belongs to another raster or to other settings: {details}</source>
        <translation>Der Merkmals-Cache gehört zu einem anderen Raster oder zu anderen Einstellungen: {details}</translation>
    </message>
    <message>
        <source>The feature cache was made by a newer version of GeoSAM.</source>
        <translation>Der Merkmals-Cache stammt von einer neueren Version von GeoSAM.</translation>
    </message>
    <message>
        <source>There is not enough memory for the model.</source>
        <translation>Für das Modell ist nicht genug Arbeitsspeicher da.</translation>
    </message>
    <message>
        <source>The disk is full: {details}</source>
        <translation>Der Datenträger ist voll: {details}</translation>
    </message>
    <message>
        <source>The model could not be downloaded: {details}</source>
        <translation>Das Modell konnte nicht heruntergeladen werden: {details}</translation>
    </message>
    <message>
        <source>The extent does not fit the raster: {details}</source>
        <translation>Die Ausdehnung passt nicht zum Raster: {details}</translation>
    </message>
    <message>
        <source>GeoSAM and its engine misunderstood each other.</source>
        <translation>GeoSAM und seine Engine haben sich missverstanden.</translation>
    </message>
    <message>
        <source>The engine cannot be asked for that ({reason}).</source>
        <translation>Das kann die Engine nicht gefragt werden ({reason}).</translation>
    </message>
    <message>
        <source>{what_happened} {what_to_do}</source>
        <translation>{what_happened} {what_to_do}</translation>
    </message>
    <message>
        <source>The feature cache is gone.</source>
        <translation>Der Merkmals-Cache ist weg.</translation>
    </message>
    <message>
        <source>The engine met an unexpected error.</source>
        <translation>Die Engine ist auf einen unerwarteten Fehler gestoßen.</translation>
    </message>
    <message>
        <source>The engine lacks a package: {details}</source>
        <translation>Der Engine fehlt ein Paket: {details}</translation>
    </message>
    <message>
        <source>The raster&apos;s file was not found: {details}</source>
        <translation>Die Datei des Rasters wurde nicht gefunden: {details}</translation>
    </message>
    <message>
        <source>Some map tiles are missing: {details}</source>
        <translation>Einige Kartenkacheln fehlen: {details}</translation>
    </message>
    <message>
        <source>The model cannot be used: {details}</source>
        <translation>Das Modell lässt sich nicht verwenden: {details}</translation>
    </message>
    <message>
        <source>The model is not on this computer yet.</source>
        <translation>Das Modell ist noch nicht auf diesem Rechner.</translation>
    </message>
    <message>
        <source>There is nothing of the image there, only empty pixels (nodata).</source>
        <translation>Dort ist nichts vom Bild, nur leere Pixel (NoData).</translation>
    </message>
    <message>
        <source>Nothing changes, so no file is written.</source>
        <translation>Nichts ändert sich, also wird keine Datei geschrieben.</translation>
    </message>
    <message>
        <source>No object was found there.</source>
        <translation>Dort wurde kein Objekt gefunden.</translation>
    </message>
    <message>
        <source>The output cannot be written: {details}</source>
        <translation>Die Ausgabe kann nicht geschrieben werden: {details}</translation>
    </message>
    <message>
        <source>That is outside the image.</source>
        <translation>Das liegt außerhalb des Bildes.</translation>
    </message>
    <message>
        <source>These prompts cannot be used: {details}</source>
        <translation>Diese Vorgaben lassen sich nicht verwenden: {details}</translation>
    </message>
    <message>
        <source>The raster cannot be used: {details}</source>
        <translation>Das Raster lässt sich nicht verwenden: {details}</translation>
    </message>
    <message>
        <source>The request cannot be understood: {details}</source>
        <translation>Die Anfrage ist nicht zu verstehen: {details}</translation>
    </message>
    <message>
        <source>The map tiles cannot be had: {details}</source>
        <translation>Die Kartenkacheln sind nicht zu bekommen: {details}</translation>
    </message>
    <message>
        <source>The file of map tiles was not found: {details}</source>
        <translation>Die Datei mit den Kartenkacheln wurde nicht gefunden: {details}</translation>
    </message>
    <message>
        <source>The map tiles are of another size than was expected: {details}</source>
        <translation>Die Kartenkacheln haben eine andere Größe als erwartet: {details}</translation>
    </message>
    <message>
        <source>The engine cannot do that: {details}</source>
        <translation>Das kann die Engine nicht: {details}</translation>
    </message>
    <message>
        <source>Encode again, or choose another cache.</source>
        <translation>Kodieren Sie neu oder wählen Sie einen anderen Cache.</translation>
    </message>
    <message>
        <source>Restart QGIS; if that does not help, install the plugin again.</source>
        <translation>Starten Sie QGIS neu; wenn das nicht hilft, installieren Sie die Erweiterung noch einmal.</translation>
    </message>
    <message>
        <source>Encode the raster again: only what is damaged is made anew.</source>
        <translation>Kodieren Sie das Raster noch einmal: Nur was beschädigt ist, wird neu gemacht.</translation>
    </message>
    <message>
        <source>Wait until it is done.</source>
        <translation>Warten Sie, bis es fertig ist.</translation>
    </message>
    <message>
        <source>Update the plugin, or encode the raster again.</source>
        <translation>Aktualisieren Sie die Erweiterung oder kodieren Sie das Raster neu.</translation>
    </message>
    <message>
        <source>Choose a smaller batch, a smaller model, or the processor as the device.</source>
        <translation>Wählen Sie weniger Kacheln zugleich, ein kleineres Modell oder den Prozessor als Gerät.</translation>
    </message>
    <message>
        <source>Make room and do the same again: what was finished is kept.</source>
        <translation>Schaffen Sie Platz und tun Sie dasselbe noch einmal: Was fertig war, bleibt erhalten.</translation>
    </message>
    <message>
        <source>Check the network and the proxy, then try again.</source>
        <translation>Prüfen Sie das Netzwerk und den Proxy und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Its log says more.</source>
        <translation>Mehr steht in ihrem Protokoll.</translation>
    </message>
    <message>
        <source>Repair the engine, or install the full one, on GeoSAM&apos;s settings page.</source>
        <translation>Reparieren Sie die Engine oder installieren Sie die volle, auf der Einstellungsseite von GeoSAM.</translation>
    </message>
    <message>
        <source>Download it on GeoSAM&apos;s settings page, or use nano.</source>
        <translation>Laden Sie es auf der Einstellungsseite von GeoSAM herunter oder nehmen Sie nano.</translation>
    </message>
    <message>
        <source>Click on the image itself.</source>
        <translation>Klicken Sie auf das Bild selbst.</translation>
    </message>
    <message>
        <source>Encode that part first.</source>
        <translation>Kodieren Sie zuerst diesen Teil.</translation>
    </message>
    <message>
        <source>Click on the middle of the object, or drag a box around it.</source>
        <translation>Klicken Sie auf die Mitte des Objekts oder ziehen Sie einen Rahmen darum.</translation>
    </message>
    <message>
        <source>Click on the image that is chosen in GeoSAM.</source>
        <translation>Klicken Sie auf das Bild, das in GeoSAM gewählt ist.</translation>
    </message>
    <message>
        <source>The engine took too long.</source>
        <translation>Die Engine hat zu lange gebraucht.</translation>
    </message>
    <message>
        <source>The engine did not start in time.</source>
        <translation>Die Engine ist nicht rechtzeitig gestartet.</translation>
    </message>
    <message>
        <source>The object cannot be transformed into the layer&apos;s CRS ({crs}). Choose another target layer.</source>
        <translation>Das Objekt lässt sich nicht in das KBS des Layers ({crs}) transformieren. Wählen Sie einen anderen Ziellayer.</translation>
    </message>
    <message>
        <source>Existing polygons cover the whole object: nothing of it is left to save.</source>
        <translation>Vorhandene Polygone bedecken das ganze Objekt: Es bleibt nichts zu speichern.</translation>
    </message>
    <message>
        <source>The object could not be combined with existing polygons: {why}. Repair them with “Fix geometries”, or save it without avoiding overlaps.</source>
        <translation>Das Objekt ließ sich nicht mit den vorhandenen Polygonen verrechnen: {why}. Reparieren Sie diese mit „Geometrien reparieren“ oder speichern Sie, ohne Überlappungen zu vermeiden.</translation>
    </message>
    <message>
        <source>Downloading Python…</source>
        <translation>Python wird heruntergeladen…</translation>
    </message>
    <message>
        <source>Looking for Python…</source>
        <translation>Python wird gesucht…</translation>
    </message>
    <message>
        <source>Making the engine&apos;s folder…</source>
        <translation>Der Ordner der Engine wird angelegt…</translation>
    </message>
    <message>
        <source>Installing packages…</source>
        <translation>Pakete werden installiert…</translation>
    </message>
    <message>
        <source>Installing torch (this is the large one)…</source>
        <translation>torch wird installiert (das ist das große)…</translation>
    </message>
    <message>
        <source>Installing SAM 2…</source>
        <translation>SAM 2 wird installiert…</translation>
    </message>
    <message>
        <source>Testing: encode and click…</source>
        <translation>Test: kodieren und klicken…</translation>
    </message>
    <message>
        <source>Downloading the model…</source>
        <translation>Das Modell wird heruntergeladen…</translation>
    </message>
    <message>
        <source>Another QGIS is installing the engine (process {0} on {1}). Wait until it is done.</source>
        <translation>Ein anderes QGIS installiert gerade die Engine (Prozess {0} auf {1}). Warten Sie, bis es fertig ist.</translation>
    </message>
    <message>
        <source>Cancelled. Nothing has changed.</source>
        <translation>Abgebrochen. Nichts hat sich geändert.</translation>
    </message>
    <message>
        <source>The folder {0} cannot be written to. Name another one in the environment variable GEOSAM_ENGINE_DIR.</source>
        <translation>In den Ordner {0} kann nicht geschrieben werden. Nennen Sie einen anderen in der Umgebungsvariable GEOSAM_ENGINE_DIR.</translation>
    </message>
    <message>
        <source>The disk of {0} is too full: {1} GB are needed and {2} GB are free.</source>
        <translation>Der Datenträger von {0} ist zu voll: {1} GB werden gebraucht, {2} GB sind frei.</translation>
    </message>
    <message>
        <source>The folder {0} has no {1} for this computer. Add it, or install from the internet.</source>
        <translation>Im Ordner {0} fehlt {1} für diesen Rechner. Legen Sie es dazu oder installieren Sie aus dem Internet.</translation>
    </message>
    <message>
        <source>Nothing has happened for {0} min, so the installation was ended. Check the network connection and try again; what was downloaded is kept.</source>
        <translation>Seit {0} min ist nichts geschehen, darum wurde die Installation beendet. Prüfen Sie die Netzwerkverbindung und versuchen Sie es noch einmal; was heruntergeladen ist, bleibt erhalten.</translation>
    </message>
    <message>
        <source>The package index {0} has no uv {1} for this computer. Check the address of the mirror.</source>
        <translation>Der Paketindex {0} hat kein uv {1} für diesen Rechner. Prüfen Sie die Adresse des Spiegels.</translation>
    </message>
    <message>
        <source>The package index {0} cannot be reached ({1}). Check the network, the proxy in QGIS&apos;s settings, or the address of the mirror.</source>
        <translation>Der Paketindex {0} ist nicht erreichbar ({1}). Prüfen Sie das Netzwerk, den Proxy in den Einstellungen von QGIS oder die Adresse des Spiegels.</translation>
    </message>
    <message>
        <source>There is no current torch for Macs with an Intel processor. Install the small engine: it segments in every cache, also in those made with large models elsewhere.</source>
        <translation>Für Macs mit Intel-Prozessor gibt es kein aktuelles torch. Installieren Sie die kleine Engine: Sie segmentiert in jedem Cache, auch in solchen, die anderswo mit großen Modellen gemacht wurden.</translation>
    </message>
    <message>
        <source>This Linux is too old: its C library is {0}, and the packages need {1}.</source>
        <translation>Dieses Linux ist zu alt: Seine C-Bibliothek ist {0}, die Pakete brauchen {1}.</translation>
    </message>
    <message>
        <source>This is macOS {0}; the packages need macOS {1} or newer.</source>
        <translation>Dies ist macOS {0}; die Pakete brauchen macOS {1} oder neuer.</translation>
    </message>
    <message>
        <source>The engine is ready, but the model could not be downloaded: {0}</source>
        <translation>Die Engine ist bereit, aber das Modell konnte nicht heruntergeladen werden: {0}</translation>
    </message>
    <message>
        <source>CUDA does not exist on macOS. Choose the full engine: it uses Apple&apos;s graphics.</source>
        <translation>CUDA gibt es auf macOS nicht. Wählen Sie die volle Engine: Sie nutzt Apples Grafik.</translation>
    </message>
    <message>
        <source>Python {0} could not be downloaded from github.com. Install Python {0} yourself and choose it under “Use this Python”.</source>
        <translation>Python {0} konnte nicht von github.com heruntergeladen werden. Installieren Sie Python {0} selbst und wählen Sie es unter „Dieses Python verwenden“.</translation>
    </message>
    <message>
        <source>This Python cannot run the engine: {0} Untick “as it is” to have it made ready.</source>
        <translation>Dieses Python kann die Engine nicht ausführen: {0} Entfernen Sie das Häkchen bei „so, wie es ist“, damit es eingerichtet wird.</translation>
    </message>
    <message>
        <source>The packages could not be installed: {0} The log says more.</source>
        <translation>Die Pakete konnten nicht installiert werden: {0} Mehr steht im Protokoll.</translation>
    </message>
    <message>
        <source>There are no packages for this kind of computer ({0}, {1}).</source>
        <translation>Für diese Art von Rechner gibt es keine Pakete ({0}, {1}).</translation>
    </message>
    <message>
        <source>{0} is a 32-bit Python; the engine needs 64 bits.</source>
        <translation>{0} ist ein 32-Bit-Python; die Engine braucht 64 Bit.</translation>
    </message>
    <message>
        <source>{0} is {1}; the engine needs the usual Python.</source>
        <translation>{0} ist {1}; die Engine braucht das übliche Python.</translation>
    </message>
    <message>
        <source>{0} is Python {1}, for which not all packages exist yet. Choose one up to {2}.</source>
        <translation>{0} ist Python {1}, für das es noch nicht alle Pakete gibt. Wählen Sie eines bis {2}.</translation>
    </message>
    <message>
        <source>{0} is Python {1}; the engine needs {2} or newer. Choose another one, or leave the field empty.</source>
        <translation>{0} ist Python {1}; die Engine braucht {2} oder neuer. Wählen Sie ein anderes oder lassen Sie das Feld leer.</translation>
    </message>
    <message>
        <source>{0} is not a Python that can be run.</source>
        <translation>{0} ist kein Python, das sich ausführen lässt.</translation>
    </message>
    <message>
        <source>{0} is Python {1}; here this engine needs {2}. Leave the field empty to have it downloaded.</source>
        <translation>{0} ist Python {1}; hier braucht diese Engine {2}. Lassen Sie das Feld leer, dann wird es heruntergeladen.</translation>
    </message>
    <message>
        <source>The new engine does not work: {0} The engine you had before is kept.</source>
        <translation>Die neue Engine arbeitet nicht: {0} Die bisherige Engine bleibt erhalten.</translation>
    </message>
    <message>
        <source>{0} is not the file that was published (its checksum differs), so it was not used. Check the mirror or the folder it came from.</source>
        <translation>{0} ist nicht die veröffentlichte Datei (ihre Prüfsumme weicht ab) und wurde darum nicht verwendet. Prüfen Sie den Spiegel oder den Ordner, aus dem sie kam.</translation>
    </message>
    <message>
        <source>Segment by clicks</source>
        <translation>Durch Klicks segmentieren</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <source>The engine is being removed. Install it again to go on.</source>
        <translation>Die Engine wird gerade entfernt. Installieren Sie sie wieder, um weiterzumachen.</translation>
    </message>
    <message>
        <source>Agree to a large raster</source>
        <translation>Einem großen Raster zustimmen</translation>
    </message>
    <message>
        <source>More than 65 million pixels, a thousand tiles. Most providers of web maps do not allow that.</source>
        <translation>Mehr als 65 Millionen Pixel, tausend Kacheln. Die meisten Anbieter von Webkarten erlauben das nicht.</translation>
    </message>
    <message>
        <source>There is no such layer, or it cannot be read.</source>
        <translation>Diesen Layer gibt es nicht, oder er kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>Feature cache</source>
        <translation>Merkmals-Cache</translation>
    </message>
    <message>
        <source>Coverage</source>
        <translation>Abdeckung</translation>
    </message>
    <message>
        <source>A layer with one rectangle for each patch: its level, and whether it is encoded, missing, or empty for want of pixels.</source>
        <translation>Ein Layer mit einem Rechteck für jede Kachel: ihre Stufe und ob sie kodiert ist, fehlt oder mangels Pixeln leer ist.</translation>
    </message>
    <message>
        <source>There is no folder {}.</source>
        <translation>Es gibt keinen Ordner {}.</translation>
    </message>
    <message>
        <source>{} is not a feature cache. Encode a raster first, then choose its cache.</source>
        <translation>{} ist kein Merkmals-Cache. Kodieren Sie zuerst ein Raster und wählen Sie dann dessen Cache.</translation>
    </message>
    <message>
        <source>GeoSAM&apos;s engine is not installed. Install it in QGIS&apos;s window, under Settings &gt; Options &gt; GeoSAM. On a server without a window: make a Python environment, install {packages} into it with pip, and name its Python in {settings}, under [geosam]: engine\python=…, engine\is_complete=true.</source>
        <translation>Die Engine von GeoSAM ist nicht installiert. Installieren Sie sie im Fenster von QGIS unter Einstellungen &gt; Optionen &gt; GeoSAM. Auf einem Server ohne Fenster: Legen Sie eine Python-Umgebung an, installieren Sie {packages} mit pip darin, und nennen Sie deren Python in {settings} unter [geosam]: engine\python=…, engine\is_complete=true.</translation>
    </message>
    <message>
        <source>GeoSAM&apos;s engine is not installed. Install it under Settings &gt; Options &gt; GeoSAM.</source>
        <translation>Die Engine von GeoSAM ist nicht installiert. Installieren Sie sie unter Einstellungen &gt; Optionen &gt; GeoSAM.</translation>
    </message>
    <message>
        <source>Describe a feature cache</source>
        <translation>Merkmals-Cache beschreiben</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>Kodieren</translation>
    </message>
    <message>
        <source>Tells what a cache was made from and what is encoded.</source>
        <translation>Sagt, woraus ein Cache gemacht wurde und was kodiert ist.</translation>
    </message>
    <message>
        <source>Raster to compare with</source>
        <translation>Raster zum Vergleich</translation>
    </message>
    <message>
        <source>Is it still the raster that was encoded?</source>
        <translation>Ist es noch das Raster, das kodiert wurde?</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>HTML files (*.html)</source>
        <translation>HTML-Dateien (*.html)</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Name of the raster</source>
        <translation>Name des Rasters</translation>
    </message>
    <message>
        <source>What became of the raster</source>
        <translation>Was aus dem Raster geworden ist</translation>
    </message>
    <message>
        <source>CRS</source>
        <translation>KBS</translation>
    </message>
    <message>
        <source>Number of levels</source>
        <translation>Anzahl der Stufen</translation>
    </message>
    <message>
        <source>Number of encoded patches</source>
        <translation>Anzahl der kodierten Kacheln</translation>
    </message>
    <message>
        <source>Number of patches without any pixel</source>
        <translation>Anzahl der Kacheln ohne Pixel</translation>
    </message>
    <message>
        <source>Number of patches that are not encoded</source>
        <translation>Anzahl der nicht kodierten Kacheln</translation>
    </message>
    <message>
        <source>Size on disk in bytes</source>
        <translation>Größe auf dem Datenträger in Byte</translation>
    </message>
    <message>
        <source>It is not a raster file.</source>
        <translation>Es ist keine Rasterdatei.</translation>
    </message>
    <message>
        <source>It cannot be written ({}).</source>
        <translation>Er kann nicht geschrieben werden ({}).</translation>
    </message>
    <message>
        <source>it is the raster that was encoded</source>
        <translation>es ist das Raster, das kodiert wurde</translation>
    </message>
    <message>
        <source>it is not the raster that was encoded: encode again</source>
        <translation>es ist nicht das Raster, das kodiert wurde: neu kodieren</translation>
    </message>
    <message>
        <source>it cannot be read</source>
        <translation>es ist nicht lesbar</translation>
    </message>
    <message>
        <source>there is none</source>
        <translation>es gibt keines</translation>
    </message>
    <message>
        <source>Raster</source>
        <translation>Raster</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keines</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>{width} x {height} pixels of {across:g} x {down:g}</source>
        <translation>{width} x {height} Pixel zu {across:g} x {down:g}</translation>
    </message>
    <message>
        <source>Bands</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <source>Stretch</source>
        <translation>Streckung</translation>
    </message>
    <message>
        <source>Patches</source>
        <translation>Kacheln</translation>
    </message>
    <message>
        <source>{PATCHES} encoded, {EMPTY} without any pixel, {MISSING} not encoded</source>
        <translation>{PATCHES} kodiert, {EMPTY} ohne Pixel, {MISSING} nicht kodiert</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>Auf dem Datenträger</translation>
    </message>
    <message>
        <source>{:.1f} MB</source>
        <translation>{:.1f} MB</translation>
    </message>
    <message>
        <source>Compared with</source>
        <translation>Verglichen mit</translation>
    </message>
    <message>
        <source>Being written by</source>
        <translation>Wird geschrieben von</translation>
    </message>
    <message>
        <source>process {pid} on {host}</source>
        <translation>Prozess {pid} auf {host}</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Pixel size</source>
        <translation>Pixelgröße</translation>
    </message>
    <message>
        <source>Encoded</source>
        <translation>Kodiert</translation>
    </message>
    <message>
        <source>Without any pixel</source>
        <translation>Ohne Pixel</translation>
    </message>
    <message>
        <source>Raster layer</source>
        <translation>Rasterlayer</translation>
    </message>
    <message>
        <source>An image that is a file on this computer or a network drive. Of any other, such as a web map, a GeoTIFF of the extent is made first, at the zoom nearest to the resolution.</source>
        <translation>Ein Bild, das eine Datei auf diesem Computer oder einem Netzlaufwerk ist. Aus jedem anderen, etwa einer Webkarte, wird zuerst ein GeoTIFF der Ausdehnung gemacht, in der Zoomstufe, die der Auflösung am nächsten ist.</translation>
    </message>
    <message>
        <source>nano is the quick default and comes with the plugin. The SAM 2.1 models are better: the page under Settings &gt; Options &gt; GeoSAM downloads them, once, with the full engine that they need.</source>
        <translation>nano ist die schnelle Vorgabe und wird mitgeliefert. Die Modelle von SAM 2.1 sind besser: Die Seite unter Einstellungen &gt; Optionen &gt; GeoSAM lädt sie einmal herunter, mit der vollen Engine, die sie brauchen.</translation>
    </message>
    <message>
        <source>Extent</source>
        <translation>Ausdehnung</translation>
    </message>
    <message>
        <source>Only what meets this is encoded; everything when empty. A further run with another extent adds to the same cache.</source>
        <translation>Nur was hierin liegt, wird kodiert; alles, wenn leer. Ein weiterer Lauf mit einer anderen Ausdehnung ergänzt denselben Cache.</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>Auflösung</translation>
    </message>
    <message>
        <source>Size of a pixel as the model is to see it, in the raster&apos;s units; the raster&apos;s own when empty.</source>
        <translation>Pixelgröße, in der das Modell das Bild sehen soll, in den Einheiten des Rasters; dessen eigene, wenn leer.</translation>
    </message>
    <message>
        <source>One to three bands, red first; those that the layer is displayed with when empty.</source>
        <translation>Ein bis drei Kanäle, Rot zuerst; wenn leer, die, mit denen der Layer dargestellt wird.</translation>
    </message>
    <message>
        <source>How values become brightness: auto, none, minmax, two percentiles such as 2,98, or values such as 0:3000 (or one such pair for each band, separated by commas). As the layer is displayed when empty.</source>
        <translation>Wie aus Werten Helligkeit wird: auto, none, minmax, zwei Perzentile wie 2,98 oder Werte wie 0:3000 (oder ein solches Paar je Kanal, durch Kommas getrennt). Wenn leer, wie der Layer dargestellt wird.</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>Checkpoint</translation>
    </message>
    <message>
        <source>Weights of your own, in the structure of the chosen model.</source>
        <translation>Eigene Gewichte, im Aufbau des gewählten Modells.</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>Stufen</translation>
    </message>
    <message>
        <source>How many times the image is encoded, each time at half the resolution, so that objects larger than a patch can be clicked. When empty, until all fits one patch.</source>
        <translation>Wie oft das Bild kodiert wird, jedes Mal mit halber Auflösung, damit auch Objekte angeklickt werden können, die größer als eine Kachel sind. Wenn leer, bis alles in eine Kachel passt.</translation>
    </message>
    <message>
        <source>Overlap of patches</source>
        <translation>Überlappung der Kacheln</translation>
    </message>
    <message>
        <source>In pixels, a multiple of 4; a patch has 1024. With 0, objects end at the borders of patches.</source>
        <translation>In Pixeln, ein Vielfaches von 4; eine Kachel hat 1024. Bei 0 enden Objekte an den Rändern der Kacheln.</translation>
    </message>
    <message>
        <source>Stored as</source>
        <translation>Gespeichert als</translation>
    </message>
    <message>
        <source>auto keeps to what a cache has, and takes int8 for a new one: half the space of float16, and outlines that hardly differ.</source>
        <translation>auto behält bei, was ein Cache hat, und nimmt für einen neuen int8: halb so viel Platz wie float16, und die Umrisse unterscheiden sich kaum.</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Where the model runs; auto takes a graphics card when it can.</source>
        <translation>Wo das Modell läuft; auto nimmt eine Grafikkarte, wenn es geht.</translation>
    </message>
    <message>
        <source>Patches at once</source>
        <translation>Kacheln zugleich</translation>
    </message>
    <message>
        <source>When empty, what suits the device.</source>
        <translation>Wenn leer, was zum Gerät passt.</translation>
    </message>
    <message>
        <source>Replace the cache</source>
        <translation>Den Cache ersetzen</translation>
    </message>
    <message>
        <source>Do not go on with a cache that is there, but make it anew.</source>
        <translation>Einen vorhandenen Cache nicht fortsetzen, sondern neu machen.</translation>
    </message>
    <message>
        <source>Feature cache (beside the raster when skipped)</source>
        <translation>Merkmals-Cache (neben dem Raster, wenn ausgelassen)</translation>
    </message>
    <message>
        <source>The cache to make or to go on with. In a folder that is no cache it is made under its usual name, which is that of the raster and the model.</source>
        <translation>Der Cache, der angelegt oder fortgesetzt wird. In einem Ordner, der kein Cache ist, wird er unter seinem üblichen Namen angelegt: dem des Rasters und des Modells.</translation>
    </message>
    <message>
        <source>Encode raster</source>
        <translation>Raster kodieren</translation>
    </message>
    <message>
        <source>Prepares a raster once, so that it can be clicked ever after.</source>
        <translation>Bereitet ein Raster einmal vor, sodass es danach immer angeklickt werden kann.</translation>
    </message>
    <message>
        <source>Patches in the extent</source>
        <translation>Kacheln in der Ausdehnung</translation>
    </message>
    <message>
        <source>Patches encoded by this run</source>
        <translation>In diesem Lauf kodierte Kacheln</translation>
    </message>
    <message>
        <source>Patches without any pixel found by this run</source>
        <translation>In diesem Lauf gefundene Kacheln ohne Pixel</translation>
    </message>
    <message>
        <source>Patches that were there already</source>
        <translation>Schon vorhandene Kacheln</translation>
    </message>
    <message>
        <source>The raster that was made of a layer without a file</source>
        <translation>Das Raster, das aus einem Layer ohne Datei gemacht wurde</translation>
    </message>
    <message>
        <source>Choose one to three bands, not {}.</source>
        <translation>Wählen Sie ein bis drei Kanäle, nicht {}.</translation>
    </message>
    <message>
        <source>There is no band {}; the raster has {}.</source>
        <translation>Es gibt keinen Kanal {}; das Raster hat {}.</translation>
    </message>
    <message>
        <source>“{}” is no file, and is encoded as it is displayed: choose the bands in its style.</source>
        <translation>„{}“ ist keine Datei und wird kodiert, wie er dargestellt wird: Wählen Sie die Kanäle in seinem Stil.</translation>
    </message>
    <message>
        <source>“{}” is not understood. Use auto, none, minmax, two percentiles such as 2,98, or values such as 0:3000.</source>
        <translation>„{}“ ist nicht zu verstehen. Erlaubt sind auto, none, minmax, zwei Perzentile wie 2,98 oder Werte wie 0:3000.</translation>
    </message>
    <message>
        <source>It must be a multiple of {} between 0 and {}, not {}.</source>
        <translation>Es muss ein Vielfaches von {} zwischen 0 und {} sein, nicht {}.</translation>
    </message>
    <message>
        <source>That would be {columns} x {rows} pixels, more than can be made. Take a smaller extent or a coarser resolution.</source>
        <translation>Das wären {columns} x {rows} Pixel, mehr als möglich. Nehmen Sie eine kleinere Ausdehnung oder eine gröbere Auflösung.</translation>
    </message>
    <message>
        <source>That would be {columns} x {rows} pixels, more than {limit:.0f} million. Agree to a large raster if the provider&apos;s terms allow that, or take a smaller extent or a coarser resolution.</source>
        <translation>Das wären {columns} x {rows} Pixel, mehr als {limit:.0f} Millionen. Stimmen Sie einem großen Raster zu, wenn die Bedingungen des Anbieters das erlauben, oder nehmen Sie eine kleinere Ausdehnung oder eine gröbere Auflösung.</translation>
    </message>
    <message>
        <source>That would be {count} tiles; the terms of {host} forbid bulk downloads, and {most} at once is what GeoSAM takes from it. Take a smaller extent, a lower zoom or another source.</source>
        <translation>Das wären {count} Kacheln; die Bedingungen von {host} verbieten massenhaftes Herunterladen, und {most} auf einmal sind es, die GeoSAM von dort holt. Nehmen Sie eine kleinere Ausdehnung, eine niedrigere Zoomstufe oder eine andere Quelle.</translation>
    </message>
    <message>
        <source>It is empty.</source>
        <translation>Sie ist leer.</translation>
    </message>
    <message>
        <source>Web maps end at 85.05 degrees: the extent is cut off there.</source>
        <translation>Webkarten enden bei 85,05 Grad: Die Ausdehnung wird dort abgeschnitten.</translation>
    </message>
    <message>
        <source>“{}” has no end of its own: say which part is wanted.</source>
        <translation>„{}“ hat kein eigenes Ende: Geben Sie an, welcher Teil gewünscht ist.</translation>
    </message>
    <message>
        <source>“{}” is empty.</source>
        <translation>„{}“ ist leer.</translation>
    </message>
    <message>
        <source>Give a zoom or a resolution, not both.</source>
        <translation>Geben Sie eine Zoomstufe oder eine Auflösung an, nicht beides.</translation>
    </message>
    <message>
        <source>Give a zoom from {first} to {last}, or a resolution.</source>
        <translation>Geben Sie eine Zoomstufe von {first} bis {last} an, oder eine Auflösung.</translation>
    </message>
    <message>
        <source>“{layer}” has the zooms {first} to {last}, not {zoom}.</source>
        <translation>„{layer}“ hat die Zoomstufen {first} bis {last}, nicht {zoom}.</translation>
    </message>
    <message>
        <source>It does not meet the layer.</source>
        <translation>Sie trifft den Layer nicht.</translation>
    </message>
    <message>
        <source>“{}” has no pixels of its own: say how large they are.</source>
        <translation>„{}“ hat keine eigenen Pixel: Geben Sie an, wie groß sie sind.</translation>
    </message>
    <message>
        <source>It must be above 0.</source>
        <translation>Sie muss über 0 liegen.</translation>
    </message>
    <message>
        <source>Only XYZ layers have zooms: give a resolution instead.</source>
        <translation>Nur XYZ-Layer haben Zoomstufen: Geben Sie stattdessen eine Auflösung an.</translation>
    </message>
    <message>
        <source>It is too large.</source>
        <translation>Sie ist zu groß.</translation>
    </message>
    <message>
        <source>It does not meet the raster.</source>
        <translation>Sie trifft das Raster nicht.</translation>
    </message>
    <message>
        <source>There is no file {}.</source>
        <translation>Es gibt keine Datei {}.</translation>
    </message>
    <message>
        <source>{} is a file, not a folder.</source>
        <translation>{} ist eine Datei, kein Ordner.</translation>
    </message>
    <message>
        <source>Cancelled. Nothing is written.</source>
        <translation>Abgebrochen. Es wurde nichts geschrieben.</translation>
    </message>
    <message>
        <source>Cancelled. What is encoded is kept: the same run goes on from there.</source>
        <translation>Abgebrochen. Was kodiert ist, bleibt erhalten: Derselbe Lauf macht dort weiter.</translation>
    </message>
    <message>
        <source>“{}” is not a raster file. Layers from web services, databases, archives and containers have to be exported to a file first (Export → Save As…).</source>
        <translation>„{}“ ist keine Rasterdatei. Layer aus Webdiensten, Datenbanken, Archiven und Containern müssen zuerst in eine Datei exportiert werden (Exportieren → Speichern als…).</translation>
    </message>
    <message>
        <source>Patches: {done} of {total}</source>
        <translation>Kacheln: {done} von {total}</translation>
    </message>
    <message>
        <source>{done}, {time} left</source>
        <translation>{done}, noch {time}</translation>
    </message>
    <message>
        <source>Patches encoded: {encoded} (in {seconds:.1f} s); without any pixel: {empty}; there already: {skipped}.</source>
        <translation>Kodierte Kacheln: {encoded} (in {seconds:.1f} s); ohne Pixel: {empty}; schon da: {skipped}.</translation>
    </message>
    <message>
        <source>Choose another output, or tick “Replace the cache”.</source>
        <translation>Wählen Sie eine andere Ausgabe oder haken Sie „Den Cache ersetzen“ an.</translation>
    </message>
    <message>
        <source>Wait until it is done, press “Stop” in GeoSAM&apos;s dock if it is being encoded as you click, or choose another output.</source>
        <translation>Warten Sie, bis es fertig ist, drücken Sie in GeoSAMs Bedienfeld „Anhalten“, falls es beim Klicken kodiert wird, oder wählen Sie eine andere Ausgabe.</translation>
    </message>
    <message>
        <source>Choose another output.</source>
        <translation>Wählen Sie eine andere Ausgabe.</translation>
    </message>
    <message>
        <source>Choose an output on another disk, a smaller extent or a coarser resolution.</source>
        <translation>Wählen Sie eine Ausgabe auf einem anderen Datenträger, eine kleinere Ausdehnung oder eine gröbere Auflösung.</translation>
    </message>
    <message>
        <source>Prompts: {done} of {total}</source>
        <translation>Vorgaben: {done} von {total}</translation>
    </message>
    <message>
        <source>Prompts: {done}</source>
        <translation>Vorgaben: {done}</translation>
    </message>
    <message>
        <source>{:.0f} s</source>
        <translation>{:.0f} s</translation>
    </message>
    <message>
        <source>{:.0f} min</source>
        <translation>{:.0f} min</translation>
    </message>
    <message>
        <source>{:.1f} h</source>
        <translation>{:.1f} h</translation>
    </message>
    <message>
        <source>“{}” means neither include nor exclude.</source>
        <translation>„{}“ bedeutet weder einschließen noch ausschließen.</translation>
    </message>
    <message>
        <source>It has no geometry.</source>
        <translation>Es hat keine Geometrie.</translation>
    </message>
    <message>
        <source>It cannot be placed in the raster&apos;s CRS.</source>
        <translation>Es lässt sich nicht in das KBS des Rasters übertragen.</translation>
    </message>
    <message>
        <source>Polygons</source>
        <translation>Polygone</translation>
    </message>
    <message>
        <source>Points or boxes</source>
        <translation>Punkte oder Rahmen</translation>
    </message>
    <message>
        <source>A point layer, or a polygon layer, of which the extents are the boxes; in any CRS.</source>
        <translation>Ein Punktlayer oder ein Polygonlayer, dessen Ausdehnungen die Rahmen sind; in beliebigem KBS.</translation>
    </message>
    <message>
        <source>Include/exclude field</source>
        <translation>Feld für Einschließen/Ausschließen</translation>
    </message>
    <message>
        <source>For points: include, +, 1, true or nothing for what belongs to the object; exclude, -, 0 or false for what does not.</source>
        <translation>Für Punkte: include, +, 1, true oder nichts für das, was zum Objekt gehört; exclude, -, 0 oder false für das, was nicht dazugehört.</translation>
    </message>
    <message>
        <source>Object field</source>
        <translation>Objektfeld</translation>
    </message>
    <message>
        <source>For points: those with the same value are one object. Without it, every feature is one.</source>
        <translation>Für Punkte: Die mit demselben Wert sind ein Objekt. Ohne dieses Feld ist jedes eines für sich.</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>Kandidat</translation>
    </message>
    <message>
        <source>auto: the best-scored of three for a single point, else the single one; single, best: that one always; all: up to three polygons for each prompt.</source>
        <translation>auto: bei einem einzelnen Punkt der bestbewertete von dreien, sonst der einzige; single, best: immer dieser; all: bis zu drei Polygone je Vorgabe.</translation>
    </message>
    <message>
        <source>Which level of the cache answers, 0 being the finest. When empty, that which suits a box&apos;s size, and the finest for points.</source>
        <translation>Welche Stufe des Caches antwortet; 0 ist die feinste. Wenn leer, die zur Größe eines Rahmens passende, für Punkte die feinste.</translation>
    </message>
    <message>
        <source>Simplify</source>
        <translation>Vereinfachen</translation>
    </message>
    <message>
        <source>Tolerance in pixels.</source>
        <translation>Toleranz in Pixeln.</translation>
    </message>
    <message>
        <source>Smallest part</source>
        <translation>Kleinster Teil</translation>
    </message>
    <message>
        <source>Smaller ones are left out, in square pixels.</source>
        <translation>Kleinere werden weggelassen, in Quadratpixeln.</translation>
    </message>
    <message>
        <source>Smallest hole</source>
        <translation>Kleinstes Loch</translation>
    </message>
    <message>
        <source>Smaller ones are filled, in square pixels.</source>
        <translation>Kleinere werden gefüllt, in Quadratpixeln.</translation>
    </message>
    <message>
        <source>Largest part only</source>
        <translation>Nur der größte Teil</translation>
    </message>
    <message>
        <source>One part for each object, never several.</source>
        <translation>Ein Teil je Objekt, nie mehrere.</translation>
    </message>
    <message>
        <source>For buildings: outlines that are nearly rectangular get right angles only; all others stay as they are.</source>
        <translation>Für Gebäude: Umrisse, die nahezu rechtwinklig sind, bekommen nur rechte Winkel; alle anderen bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Right angles</source>
        <translation>Rechte Winkel</translation>
    </message>
    <message>
        <source>Segment by points or boxes</source>
        <translation>Durch Punkte oder Rahmen segmentieren</translation>
    </message>
    <message>
        <source>Segment everything</source>
        <translation>Alles segmentieren</translation>
    </message>
    <message>
        <source>Segmentation</source>
        <translation>Segmentierung</translation>
    </message>
    <message>
        <source>Makes a polygon for every object of an encoded raster.</source>
        <translation>Macht aus jedem Objekt eines kodierten Rasters ein Polygon.</translation>
    </message>
    <message>
        <source>Lower the least score and the least stability, or take another level.</source>
        <translation>Setzen Sie die kleinste Bewertung und die kleinste Stabilität herab, oder nehmen Sie eine andere Stufe.</translation>
    </message>
    <message>
        <source>Cancelled. For a week, the same run goes on from there.</source>
        <translation>Abgebrochen. Eine Woche lang macht derselbe Lauf dort weiter.</translation>
    </message>
    <message>
        <source>Patches that are not encoded, left out: {}.</source>
        <translation>Nicht kodierte Kacheln, ausgelassen: {}.</translation>
    </message>
    <message>
        <source>Patches: {done} of {total}; objects: {objects}</source>
        <translation>Kacheln: {done} von {total}; Objekte: {objects}</translation>
    </message>
    <message>
        <source>Makes a polygon for every point, group of points or box.</source>
        <translation>Macht ein Polygon für jeden Punkt, jede Gruppe von Punkten oder jeden Rahmen.</translation>
    </message>
    <message>
        <source>Number of polygons</source>
        <translation>Anzahl der Polygone</translation>
    </message>
    <message>
        <source>Number of prompts without a polygon</source>
        <translation>Anzahl der Vorgaben ohne Polygon</translation>
    </message>
    <message>
        <source>A layer of points or polygons is needed.</source>
        <translation>Gebraucht wird ein Layer mit Punkten oder Polygonen.</translation>
    </message>
    <message>
        <source>The layer has no field “{}”.</source>
        <translation>Der Layer hat kein Feld „{}“.</translation>
    </message>
    <message>
        <source>Feature {}: {}</source>
        <translation>Objekt {}: {}</translation>
    </message>
    <message>
        <source>No prompt gave a polygon. {}</source>
        <translation>Keine Vorgabe ergab ein Polygon. {}</translation>
    </message>
    <message>
        <source>Prompts without a polygon, left out: {}.</source>
        <translation>Weggelassene Vorgaben ohne Polygon: {}.</translation>
    </message>
    <message>
        <source>The object has no area.</source>
        <translation>Das Objekt hat keine Fläche.</translation>
    </message>
    <message>
        <source>The feature that was taken up is no longer there. Take it up again, or save the object as a new feature.</source>
        <translation>Das wieder aufgenommene Objekt ist nicht mehr da. Nehmen Sie es noch einmal auf oder speichern Sie als neues Objekt.</translation>
    </message>
    <message>
        <source>Segmented object</source>
        <translation>Segmentiertes Objekt</translation>
    </message>
    <message>
        <source>Cut by a segmented object</source>
        <translation>Durch ein segmentiertes Objekt ausgeschnitten</translation>
    </message>
    <message>
        <source>Joined with a segmented object</source>
        <translation>Mit einem segmentierten Objekt vereinigt</translation>
    </message>
    <message>
        <source>Segmented again</source>
        <translation>Neu segmentiert</translation>
    </message>
    <message numerus="yes">
        <source>The feature would get %n part(s), but the layer takes single parts only.</source>
        <translation>
            <numerusform>Das Objekt bekäme %n Teil, aber der Layer nimmt nur einteilige.</numerusform>
            <numerusform>Das Objekt bekäme %n Teile, aber der Layer nimmt nur einteilige.</numerusform>
        </translation>
    </message>
    <message>
        <source>Select one feature of “{layer}” first.</source>
        <translation>Wählen Sie zuerst ein Objekt von „{layer}“ aus.</translation>
    </message>
    <message>
        <source>Select features of “{layer}” first.</source>
        <translation>Wählen Sie zuerst Objekte von „{layer}“ aus.</translation>
    </message>
    <message>
        <source>The layer “{layer}” cannot be edited. Choose another target layer.</source>
        <translation>Der Layer „{layer}“ lässt sich nicht bearbeiten. Wählen Sie einen anderen Ziellayer.</translation>
    </message>
    <message>
        <source>The layer “{layer}” does not take the object. Choose another target layer.</source>
        <translation>Der Layer „{layer}“ nimmt das Objekt nicht an. Wählen Sie einen anderen Ziellayer.</translation>
    </message>
    <message>
        <source>The object covers the whole selected feature: nothing would be left.</source>
        <translation>Die neue Form bedeckt das ganze gewählte Objekt: Es bliebe nichts übrig.</translation>
    </message>
    <message>
        <source>The object does not touch the selected feature.</source>
        <translation>Die neue Form berührt das gewählte Objekt nicht.</translation>
    </message>
    <message>
        <source>The target layer is gone. Choose another one and save again.</source>
        <translation>Der Ziellayer ist nicht mehr da. Wählen Sie einen anderen und speichern Sie noch einmal.</translation>
    </message>
    <message>
        <source>Choose the layer with the selected feature as the target first.</source>
        <translation>Wählen Sie zuerst den Layer mit dem gewählten Objekt als Ziel.</translation>
    </message>
    <message>
        <source>The object could not be saved.</source>
        <translation>Das Objekt konnte nicht gespeichert werden.</translation>
    </message>
    <message>
        <source>Objects in {raster}</source>
        <translation>Objekte in {raster}</translation>
    </message>
    <message>
        <source>It was edited meanwhile. Save it again.</source>
        <translation>Er wurde inzwischen bearbeitet. Speichern Sie ihn noch einmal.</translation>
    </message>
    <message>
        <source>The layer “{layer}” is now kept in {path}. Objects that come later are in its edits until you save these.</source>
        <translation>Der Layer „{layer}“ liegt jetzt in {path}. Spätere Objekte bleiben in seinen Änderungen, bis Sie diese speichern.</translation>
    </message>
    <message>
        <source>The layer “{layer}” was not saved. {why}</source>
        <translation>Der Layer „{layer}“ wurde nicht gespeichert. {why}</translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Log…</source>
        <translation>Protokoll…</translation>
    </message>
    <message>
        <source>Looking for its cache…</source>
        <translation>Sein Cache wird gesucht…</translation>
    </message>
    <message>
        <source>Not encoded yet.</source>
        <translation>Noch nicht kodiert.</translation>
    </message>
    <message>
        <source>Its first part is being encoded…</source>
        <translation>Sein erster Teil wird kodiert…</translation>
    </message>
    <message>
        <source>Opening its cache…</source>
        <translation>Sein Cache wird geöffnet…</translation>
    </message>
    <message>
        <source>Encoded with {model}, as far as you have looked.</source>
        <translation>Mit {model} kodiert, soweit Sie hingesehen haben.</translation>
    </message>
    <message>
        <source>Encoded with {model}, pixels of {size}, {share} of the image.</source>
        <translation>Mit {model} kodiert, Pixel von {size}, {share} des Bildes.</translation>
    </message>
    <message>
        <source>Add a raster layer to the project.</source>
        <translation>Fügen Sie dem Projekt einen Rasterlayer hinzu.</translation>
    </message>
    <message>
        <source>Encode more…</source>
        <translation>Mehr kodieren…</translation>
    </message>
    <message>
        <source>Encode…</source>
        <translation>Kodieren…</translation>
    </message>
    <message>
        <source>Saved: {count}</source>
        <translation>Gespeichert: {count}</translation>
    </message>
    <message>
        <source>last answer: {ms:.0f} ms</source>
        <translation>letzte Antwort: {ms:.0f} ms</translation>
    </message>
    <message>
        <source>waiting to be saved: {count}</source>
        <translation>warten aufs Speichern: {count}</translation>
    </message>
    <message>
        <source>Engine: asleep</source>
        <translation>Engine: schläft</translation>
    </message>
    <message>
        <source>Engine: starting…</source>
        <translation>Engine: startet…</translation>
    </message>
    <message>
        <source>Engine: ready</source>
        <translation>Engine: bereit</translation>
    </message>
    <message>
        <source>Engine: starting again…</source>
        <translation>Engine: startet neu…</translation>
    </message>
    <message>
        <source>Engine: not working</source>
        <translation>Engine: arbeitet nicht</translation>
    </message>
    <message numerus="yes">
        <source>%n part(s)</source>
        <translation>
            <numerusform>%n Teil</numerusform>
            <numerusform>%n Teile</numerusform>
        </translation>
    </message>
    <message>
        <source>1. Add an aerial or satellite image to the project.</source>
        <translation>1. Fügen Sie dem Projekt ein Luft- oder Satellitenbild hinzu.</translation>
    </message>
    <message>
        <source>1. Choose an image that is a file, or a web map.</source>
        <translation>1. Wählen Sie ein Bild, das eine Datei ist, oder eine Webkarte.</translation>
    </message>
    <message>
        <source>2. Press “Click now” to begin at once, or “Encode…” to prepare the whole image first: once per image, then every click gives an outline at once.</source>
        <translation>2. Drücken Sie „Sofort klicken“, um gleich zu beginnen, oder „Kodieren…“, um erst das ganze Bild vorzubereiten: einmal je Bild, danach ergibt jeder Klick sofort einen Umriss.</translation>
    </message>
    <message>
        <source>2. Zoom to what you want to outline, and press “Click now”: what the map shows is fetched and encoded, and kept.</source>
        <translation>2. Zoomen Sie auf das, was Sie umreißen wollen, und drücken Sie „Sofort klicken“: Was die Karte zeigt, wird geholt, kodiert und behalten.</translation>
    </message>
    <message>
        <source>3. Press “Start clicking”.</source>
        <translation>3. Drücken Sie „Klicken beginnen“.</translation>
    </message>
    <message>
        <source>4. Click on an object, or drag a box around it.</source>
        <translation>4. Klicken Sie auf ein Objekt oder ziehen Sie einen Rahmen darum.</translation>
    </message>
    <message>
        <source>Click on the object itself, too.</source>
        <translation>Klicken Sie auch auf das Objekt selbst.</translation>
    </message>
    <message>
        <source>What you click is kept until the engine works again.</source>
        <translation>Was Sie anklicken, bleibt erhalten, bis die Engine wieder arbeitet.</translation>
    </message>
    <message>
        <source>That part of the image is being encoded: the outline comes by itself.</source>
        <translation>Dieser Teil des Bildes wird gerade kodiert: Der Umriss kommt von selbst.</translation>
    </message>
    <message>
        <source>Looking for the object…</source>
        <translation>Das Objekt wird gesucht…</translation>
    </message>
    <message>
        <source>The object goes on where the image is still being encoded: the rest of it comes by itself. Enter saves what there is.</source>
        <translation>Das Objekt geht dort weiter, wo das Bild noch kodiert wird: Der Rest kommt von selbst. Die Eingabetaste speichert, was da ist.</translation>
    </message>
    <message>
        <source>The object goes on where nothing is encoded yet. “Encode more…” brings the rest of it, Enter saves this part.</source>
        <translation>Das Objekt geht dort weiter, wo noch nichts kodiert ist. „Mehr kodieren…“ bringt den Rest, die Eingabetaste speichert diesen Teil.</translation>
    </message>
    <message>
        <source>The object is too large to be seen whole at this scale. Zoom out and click on it again, or press Enter to save this part.</source>
        <translation>Das Objekt ist zu groß, um in diesem Maßstab ganz gesehen zu werden. Zoomen Sie heraus und klicken Sie es noch einmal an, oder speichern Sie diesen Teil mit der Eingabetaste.</translation>
    </message>
    <message>
        <source>Where the outline is straight, the object may go on. Click on what is missing. Right? Press Enter to save it.</source>
        <translation>Wo der Umriss gerade ist, geht das Objekt vielleicht weiter. Klicken Sie auf das, was fehlt. Richtig? Speichern Sie es mit der Eingabetaste.</translation>
    </message>
    <message>
        <source>The model is not sure of this shape. More of what is around is being encoded: a better one may come by itself.</source>
        <translation>Das Modell ist sich bei diesem Umriss nicht sicher. Mehr von der Umgebung wird gerade kodiert: Vielleicht kommt von selbst ein besserer.</translation>
    </message>
    <message>
        <source>The model is not sure of this shape. Click on what is missing, right-click on what is too much, or drag a box around the object. Right? Press Enter to save it.</source>
        <translation>Das Modell ist sich bei diesem Umriss nicht sicher. Klicken Sie auf das, was fehlt, mit rechts auf das, was zu viel ist, oder ziehen Sie ein Rechteck um das Objekt. Stimmt er? Speichern Sie mit Eingabe.</translation>
    </message>
    <message>
        <source>Nothing was found. Click elsewhere, or undo.</source>
        <translation>Nichts gefunden. Klicken Sie woandershin oder machen Sie rückgängig.</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) in no file, of a layer that is gone: {layers}</source>
        <translation>
            <numerusform>%n Objekt in keiner Datei, aus einem Layer, den es nicht mehr gibt: {layers}</numerusform>
            <numerusform>%n Objekte in keiner Datei, aus einem Layer, den es nicht mehr gibt: {layers}</numerusform>
        </translation>
    </message>
    <message>
        <source>Click on what is missing, right-click on what is too much. Enter replaces the feature, Esc leaves it as it was.</source>
        <translation>Klicken Sie auf das, was fehlt, und rechts auf das, was zu viel ist. Eingabe ersetzt das Objekt, Esc lässt es, wie es war.</translation>
    </message>
    <message>
        <source>5. Too small? Click on what is missing. Too large? Right-click on what is too much. Right? Press Enter to save it.</source>
        <translation>5. Zu klein? Klicken Sie auf das, was fehlt. Zu groß? Klicken Sie rechts auf das, was zu viel ist. Richtig? Drücken Sie die Eingabetaste zum Speichern.</translation>
    </message>
    <message>
        <source>Score {score:.2f}</source>
        <translation>Bewertung {score:.2f}</translation>
    </message>
    <message>
        <source>Shape {number} of {count}</source>
        <translation>Form {number} von {count}</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Prepare this image once, so that it can be clicked ever after.</source>
        <translation>Dieses Bild einmal vorbereiten, sodass es danach immer angeklickt werden kann.</translation>
    </message>
    <message>
        <source>Choose cache…</source>
        <translation>Cache wählen…</translation>
    </message>
    <message>
        <source>Use a feature cache that was made elsewhere.</source>
        <translation>Einen Merkmals-Cache verwenden, der anderswo gemacht wurde.</translation>
    </message>
    <message>
        <source>Outline what is encoded.</source>
        <translation>Umranden, was kodiert ist.</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Objekt</translation>
    </message>
    <message>
        <source>Start clicking</source>
        <translation>Klicken beginnen</translation>
    </message>
    <message>
        <source>Left button:</source>
        <translation>Linke Taste:</translation>
    </message>
    <message>
        <source>Include</source>
        <translation>Einschließen</translation>
    </message>
    <message>
        <source>A click says: this belongs to the object. Drag for a box.</source>
        <translation>Ein Klick sagt: Das gehört zum Objekt. Ziehen ergibt einen Rahmen.</translation>
    </message>
    <message>
        <source>Exclude</source>
        <translation>Ausschließen</translation>
    </message>
    <message>
        <source>A click says: this does not. The right button always does so.</source>
        <translation>Ein Klick sagt: Das gehört nicht dazu. Die rechte Taste tut das immer.</translation>
    </message>
    <message>
        <source>Box</source>
        <translation>Rahmen</translation>
    </message>
    <message>
        <source>Drag a box around the object.</source>
        <translation>Einen Rahmen um das Objekt ziehen.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Other shape (Tab)</source>
        <translation>Andere Form (Tab)</translation>
    </message>
    <message>
        <source>The whole, a part, a part of that.</source>
        <translation>Das Ganze, ein Teil, ein Teil davon.</translation>
    </message>
    <message>
        <source>Objects that could not be saved, or were left unfinished.</source>
        <translation>Objekte, die nicht gespeichert werden konnten oder unfertig blieben.</translation>
    </message>
    <message numerus="yes">
        <source>Take up again (%n)</source>
        <translation>
            <numerusform>Wieder aufnehmen (%n)</numerusform>
            <numerusform>Wieder aufnehmen (%n)</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop clicking</source>
        <translation>Klicken beenden</translation>
    </message>
    <message>
        <source>Save to</source>
        <translation>Speichern in</translation>
    </message>
    <message>
        <source>New temporary layer</source>
        <translation>Neuer Temporärlayer</translation>
    </message>
    <message>
        <source>e.g. building</source>
        <translation>z. B. Gebäude</translation>
    </message>
    <message>
        <source>Go on clicking on it; saving replaces its shape. Or click on a polygon with Ctrl held.</source>
        <translation>Auf das Objekt weiterklicken; Speichern ersetzt seine Form. Oder bei gedrückter Strg-Taste auf ein Polygon klicken.</translation>
    </message>
    <message>
        <source>New feature</source>
        <translation>Neues Objekt</translation>
    </message>
    <message>
        <source>Add to the selected feature</source>
        <translation>Zum gewählten Objekt hinzufügen</translation>
    </message>
    <message>
        <source>Cut from the selected features</source>
        <translation>Aus den gewählten Objekten ausschneiden</translation>
    </message>
    <message>
        <source>Merge with the selected features</source>
        <translation>Mit den gewählten Objekten verschmelzen</translation>
    </message>
    <message>
        <source>For one object: Shift+Enter adds, Alt+Enter cuts, Ctrl+Enter merges.</source>
        <translation>Für ein einzelnes: Umschalt+Eingabe fügt hinzu, Alt+Eingabe schneidet aus, Strg+Eingabe verschmilzt.</translation>
    </message>
    <message>
        <source>Save object (Enter)</source>
        <translation>Objekt speichern (Eingabe)</translation>
    </message>
    <message>
        <source>Click now</source>
        <translation>Sofort klicken</translation>
    </message>
    <message>
        <source>Do not wait: what you click is encoded first, then the rest.</source>
        <translation>Nicht warten: Was Sie anklicken, wird zuerst kodiert, dann der Rest.</translation>
    </message>
    <message>
        <source>Or S</source>
        <translation>Oder S</translation>
    </message>
    <message>
        <source>Save as GeoPackage…</source>
        <translation>Als GeoPackage speichern…</translation>
    </message>
    <message>
        <source>A temporary layer is lost when QGIS closes: keep it in a file.</source>
        <translation>Ein Temporärlayer geht beim Schließen von QGIS verloren: in einer Datei aufbewahren.</translation>
    </message>
    <message>
        <source>Take up selected feature</source>
        <translation>Gewähltes Objekt aufnehmen</translation>
    </message>
    <message>
        <source>Save edits</source>
        <translation>Änderungen speichern</translation>
    </message>
    <message>
        <source>Write the edits of the layer into its file.</source>
        <translation>Die Änderungen des Layers in seine Datei schreiben.</translation>
    </message>
    <message>
        <source>Layer to raster</source>
        <translation>Layer in Raster</translation>
    </message>
    <message>
        <source>Makes a GeoTIFF of any layer: of a web map, pixel by pixel.</source>
        <translation>Macht ein GeoTIFF aus jedem Layer: aus einer Webkarte Pixel für Pixel.</translation>
    </message>
    <message>
        <source>Columns of pixels</source>
        <translation>Pixelspalten</translation>
    </message>
    <message>
        <source>Rows of pixels</source>
        <translation>Pixelzeilen</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Layer</translation>
    </message>
    <message>
        <source>A web map (XYZ, WMS, WMTS, WCS, vector tiles), a raster with its style, or any other layer that QGIS can draw.</source>
        <translation>Eine Webkarte (XYZ, WMS, WMTS, WCS, Vektorkacheln), ein Raster mit seinem Stil oder ein anderer Layer, den QGIS zeichnen kann.</translation>
    </message>
    <message>
        <source>What the raster is to show. Layers with an end of their own are taken whole when this is empty.</source>
        <translation>Was das Raster zeigen soll. Ist das leer, werden Layer, die ein eigenes Ende haben, ganz genommen.</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoomstufe</translation>
    </message>
    <message>
        <source>Of an XYZ layer, in place of a resolution: the pixels of its tiles, unchanged. Buildings need 18 or 19, fields are clear at 15 or 16.</source>
        <translation>Eines XYZ-Layers, anstelle einer Auflösung: die Pixel seiner Kacheln, unverändert. Gebäude brauchen 18 oder 19, Felder sind bei 15 oder 16 deutlich.</translation>
    </message>
    <message>
        <source>Side of a pixel, in units of the CRS. When empty, that of the layer&apos;s own pixels, if it has any.</source>
        <translation>Seite eines Pixels in Einheiten des KBS. Wenn leer, die der eigenen Pixel des Layers, falls er welche hat.</translation>
    </message>
    <message>
        <source>Of the raster. In another one than the layer&apos;s own, its pixels are resampled once.</source>
        <translation>Des Rasters. In einem anderen als dem des Layers werden seine Pixel einmal neu berechnet.</translation>
    </message>
    <message>
        <source>Attribution</source>
        <translation>Namensnennung</translation>
    </message>
    <message>
        <source>Whom to name; when empty, whom the layer&apos;s properties name. It goes into the file, and from there into the polygons&apos; layers.</source>
        <translation>Wer zu nennen ist; wenn leer, wen die Eigenschaften des Layers nennen. Das kommt in die Datei und von dort in die Layer der Polygone.</translation>
    </message>
    <message>
        <source>Leave empty what is missing</source>
        <translation>Fehlendes leer lassen</translation>
    </message>
    <message>
        <source>What the layer&apos;s server does not deliver is transparent. Else there is no raster until it delivers everything.</source>
        <translation>Was der Server des Layers nicht liefert, ist durchsichtig. Sonst gibt es kein Raster, bis er alles liefert.</translation>
    </message>
    <message>
        <source>A GeoTIFF of red, green, blue and alpha.</source>
        <translation>Ein GeoTIFF aus Rot, Grün, Blau und Alpha.</translation>
    </message>
    <message>
        <source>A GeoTIFF is written: let its name end in .tif.</source>
        <translation>Geschrieben wird ein GeoTIFF: Sein Name muss auf .tif enden.</translation>
    </message>
    <message>
        <source>Name the source: {}.</source>
        <translation>Nennen Sie die Quelle: {}.</translation>
    </message>
    <message>
        <source>The layer names no author; if it should, say so under “Attribution”.</source>
        <translation>Der Layer nennt keinen Urheber; wenn er sollte, geben Sie ihn unter „Namensnennung“ an.</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>As</source>
        <translation>Als</translation>
    </message>
    <message>
        <source>Replace the feature that was taken up</source>
        <translation>Das aufgenommene Objekt ersetzen</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) not in the file yet</source>
        <translation>
            <numerusform>%n Objekt noch nicht in der Datei</numerusform>
            <numerusform>%n Objekte noch nicht in der Datei</numerusform>
        </translation>
    </message>
    <message>
        <source>Options</source>
        <translation>Optionen</translation>
    </message>
    <message>
        <source>Preview under the mouse</source>
        <translation>Vorschau unter der Maus</translation>
    </message>
    <message>
        <source>Coarser pixels find larger objects. By zoom, the map&apos;s scale decides.</source>
        <translation>Gröbere Pixel finden größere Objekte. Nach Zoom heißt: Der Maßstab der Karte entscheidet.</translation>
    </message>
    <message>
        <source>For buildings: a shape that nearly has them gets right angles.</source>
        <translation>Für Gebäude: Eine Form, die sie beinahe hat, erhält rechte Winkel.</translation>
    </message>
    <message>
        <source>Avoid overlaps with existing polygons</source>
        <translation>Überlappung mit vorhandenen Polygonen vermeiden</translation>
    </message>
    <message>
        <source>Simplify by</source>
        <translation>Vereinfachen um</translation>
    </message>
    <message>
        <source>By zoom</source>
        <translation>Nach Zoom</translation>
    </message>
    <message>
        <source> pixels</source>
        <translation> Pixel</translation>
    </message>
    <message>
        <source>GeoSAM: the engine&apos;s log</source>
        <translation>GeoSAM: Protokoll der Engine</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Engine</translation>
    </message>
    <message>
        <source>Small (0.6 GB): nano, and clicking in every cache</source>
        <translation>Klein (0,6 GB): nano, und Klicken in jedem Cache</translation>
    </message>
    <message>
        <source>Full (1.4 GB): encodes with the SAM 2.1 models as well</source>
        <translation>Voll (1,4 GB): kodiert auch mit den SAM 2.1-Modellen</translation>
    </message>
    <message>
        <source>Full for NVIDIA cards (about 6 GB)</source>
        <translation>Voll für NVIDIA-Karten (etwa 6 GB)</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>Reparieren</translation>
    </message>
    <message>
        <source>Installs the engine anew and replaces the old one.</source>
        <translation>Installiert die Engine neu und ersetzt die alte.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>What to install</source>
        <translation>Was installiert werden soll</translation>
    </message>
    <message>
        <source>Install nano</source>
        <translation>nano installieren</translation>
    </message>
    <message>
        <source>Finds all kinds of objects: buildings, trees, fields, water. With the full engine that it needs, about 0.6 GB are downloaded, once.</source>
        <translation>Findet Objekte aller Art: Gebäude, Bäume, Felder, Gewässer. Mit der vollen Engine, die es braucht, werden einmal etwa 0,6 GB heruntergeladen.</translation>
    </message>
    <message>
        <source>SAM 2.1 tiny (recommended)</source>
        <translation>SAM 2.1 tiny (empfohlen)</translation>
    </message>
    <message>
        <source>nano (offline preview)</source>
        <translation>nano (Offline-Vorschau)</translation>
    </message>
    <message>
        <source>Check the download</source>
        <translation>Download prüfen</translation>
    </message>
    <message>
        <source>Install SAM 2.1 tiny</source>
        <translation>SAM 2.1 tiny installieren</translation>
    </message>
    <message>
        <source>Other sources</source>
        <translation>Andere Quellen</translation>
    </message>
    <message>
        <source>found, or downloaded</source>
        <translation>gefunden oder heruntergeladen</translation>
    </message>
    <message>
        <source>It has all packages: use it as it is</source>
        <translation>Es hat alle Pakete: verwenden so, wie es ist</translation>
    </message>
    <message>
        <source>Installs from this folder, without the network.</source>
        <translation>Installiert aus diesem Ordner, ohne Netzwerk.</translation>
    </message>
    <message>
        <source>QGIS&apos;s proxy and this computer&apos;s certificates are used for it.</source>
        <translation>Dafür gelten der Proxy von QGIS und die Zertifikate dieses Rechners.</translation>
    </message>
    <message>
        <source>Use this Python</source>
        <translation>Dieses Python verwenden</translation>
    </message>
    <message>
        <source>Folder of wheels</source>
        <translation>Ordner mit Wheels</translation>
    </message>
    <message>
        <source>Package index</source>
        <translation>Paketindex</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Your own Python is used.</source>
        <translation>Ihr eigenes Python wird verwendet.</translation>
    </message>
    <message>
        <source>The engine&apos;s Python has gone. Repair installs it anew.</source>
        <translation>Das Python der Engine ist verschwunden. „Reparieren“ installiert sie neu.</translation>
    </message>
    <message>
        <source>Ready: the small engine, with Python {0}.</source>
        <translation>Bereit: die kleine Engine, mit Python {0}.</translation>
    </message>
    <message>
        <source>Ready: the full engine, with Python {0}.</source>
        <translation>Bereit: die volle Engine, mit Python {0}.</translation>
    </message>
    <message>
        <source>Not installed yet. GeoSAM finds outlines with an engine of its own, in a folder of its own: nothing in QGIS is changed. Choose below what to install.</source>
        <translation>Noch nicht installiert. GeoSAM findet Umrisse mit einer eigenen Engine in einem eigenen Ordner: An QGIS wird nichts geändert. Wählen Sie unten, was installiert werden soll.</translation>
    </message>
    <message>
        <source>Ready: the full engine for NVIDIA cards, with Python {0}.</source>
        <translation>Bereit: die volle Engine für NVIDIA-Karten, mit Python {0}.</translation>
    </message>
    <message>
        <source>{ready} This version of GeoSAM brings newer packages: press “Update”.</source>
        <translation>{ready} Diese Version von GeoSAM bringt neuere Pakete mit: Drücken Sie „Aktualisieren“.</translation>
    </message>
    <message>
        <source>{ready} Close this window. If the dock is not open then, press “Segment by clicks” in the toolbar.</source>
        <translation>{ready} Schließen Sie dieses Fenster. Ist das Bedienfeld dann nicht offen, drücken Sie „Durch Klicks segmentieren“ in der Werkzeugleiste.</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Testen</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>Aktualisieren</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>Installieren</translation>
    </message>
    <message>
        <source>Remove the engine</source>
        <translation>Engine entfernen</translation>
    </message>
    <message>
        <source>Remove the engine? Caches, models and layers stay.</source>
        <translation>Die Engine entfernen? Caches, Modelle und Layer bleiben.</translation>
    </message>
    <message>
        <source>What you look at is fetched from {host} and kept. Many providers of web maps do not allow that, or to draw data off them: it is for you to know what this one does.</source>
        <translation>Was Sie ansehen, wird von {host} geholt und behalten. Viele Anbieter von Webkarten erlauben das nicht, oder nicht, Daten davon abzuzeichnen: Was für diesen gilt, müssen Sie wissen.</translation>
    </message>
    <message>
        <source>What is allowed</source>
        <translation>Was erlaubt ist</translation>
    </message>
    <message>
        <source>Choose a feature cache (…sam2.zarr)</source>
        <translation>Merkmals-Cache wählen (…sam2.zarr)</translation>
    </message>
    <message>
        <source>“{folder}” is no feature cache. Choose a folder whose name ends in .sam2.zarr.</source>
        <translation>„{folder}“ ist kein Merkmals-Cache. Wählen Sie einen Ordner, dessen Name auf .sam2.zarr endet.</translation>
    </message>
    <message>
        <source>Encode here</source>
        <translation>Hier kodieren</translation>
    </message>
    <message>
        <source>Choose the layer of the polygon under “Save to” first.</source>
        <translation>Wählen Sie unter „Speichern in“ zuerst den Layer des Polygons.</translation>
    </message>
    <message>
        <source>That feature is of “{raster}”. Choose this image first.</source>
        <translation>Dieses Objekt stammt aus „{raster}“. Wählen Sie zuerst dieses Bild.</translation>
    </message>
    <message>
        <source>That feature is not on this image. Choose its own first.</source>
        <translation>Dieses Objekt liegt nicht auf diesem Bild. Wählen Sie zuerst das seine.</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) waited to be saved and are kept: choose their image again and press “Take up again”.</source>
        <translation>
            <numerusform>%n Objekt wartete aufs Speichern und bleibt erhalten: Wählen Sie sein Bild wieder und drücken Sie „Wieder aufnehmen“.</numerusform>
            <numerusform>%n Objekte warteten aufs Speichern und bleiben erhalten: Wählen Sie ihr Bild wieder und drücken Sie „Wieder aufnehmen“.</numerusform>
        </translation>
    </message>
    <message>
        <source>Save as GeoPackage</source>
        <translation>Als GeoPackage speichern</translation>
    </message>
    <message>
        <source>The edits of “{layer}” were not saved. {why}</source>
        <translation>Die Änderungen von „{layer}“ wurden nicht gespeichert. {why}</translation>
    </message>
    <message>
        <source>Objects are in no file</source>
        <translation>Objekte liegen in keiner Datei</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) of a layer that you removed are in no file: {layers}</source>
        <translation>
            <numerusform>%n Objekt eines entfernten Layers liegt in keiner Datei: {layers}</numerusform>
            <numerusform>%n Objekte eines entfernten Layers liegen in keiner Datei: {layers}</numerusform>
        </translation>
    </message>
    <message>
        <source>What would you like to do?</source>
        <translation>Was möchten Sie tun?</translation>
    </message>
    <message>
        <source>Keep in the project</source>
        <translation>Im Projekt behalten</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>Neu starten</translation>
    </message>
    <message>
        <source>The engine is ready.</source>
        <translation>Die Engine ist bereit.</translation>
    </message>
    <message>
        <source>This Python runs the engine.</source>
        <translation>Dieses Python führt die Engine aus.</translation>
    </message>
    <message>
        <source>The engine was removed.</source>
        <translation>Die Engine wurde entfernt.</translation>
    </message>
    <message>
        <source>Asking the package index…</source>
        <translation>Der Paketindex wird befragt…</translation>
    </message>
    <message>
        <source>Read existing polygons</source>
        <translation>Vorhandene Polygone lesen</translation>
    </message>
    <message>
        <source>The existing polygons were not read. Save the object again.</source>
        <translation>Die vorhandenen Polygone wurden nicht gelesen. Speichern Sie das Objekt noch einmal.</translation>
    </message>
    <message>
        <source>Save “{layer}” as GeoPackage</source>
        <translation>„{layer}“ als GeoPackage speichern</translation>
    </message>
    <message>
        <source>The file could not be written. Make room on the disk, or choose another folder.</source>
        <translation>Die Datei konnte nicht geschrieben werden. Schaffen Sie Platz auf dem Datenträger, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{file} is not a GeoPackage that can be written to.</source>
        <translation>{file} ist kein GeoPackage, in das geschrieben werden kann.</translation>
    </message>
    <message>
        <source>Objects of temporary layers cannot be kept for the case that QGIS crashes: {why}. Save the layers as GeoPackages soon.</source>
        <translation>Objekte von Temporärlayern lassen sich nicht für den Fall eines Absturzes von QGIS aufbewahren: {why}. Speichern Sie die Layer bald als GeoPackage.</translation>
    </message>
    <message>
        <source>The engine is being installed. GeoSAM opens when it is done.</source>
        <translation>Die Engine wird installiert. GeoSAM öffnet sich, wenn sie bereit ist.</translation>
    </message>
    <message>
        <source>GeoSAM needs its engine, which is not installed yet.</source>
        <translation>GeoSAM braucht seine Engine, die noch nicht installiert ist.</translation>
    </message>
    <message>
        <source>Install…</source>
        <translation>Installieren…</translation>
    </message>
    <message>
        <source>no class</source>
        <translation>keine Klasse</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) from before QGIS was closed can be brought back: {layers}</source>
        <translation>
            <numerusform>%n Objekt aus der Zeit, bevor QGIS beendet wurde, kann zurückgeholt werden: {layers}</numerusform>
            <numerusform>%n Objekte aus der Zeit, bevor QGIS beendet wurde, können zurückgeholt werden: {layers}</numerusform>
        </translation>
    </message>
    <message>
        <source>Open GeoSAM</source>
        <translation>GeoSAM öffnen</translation>
    </message>
    <message>
        <source>Cancelled. The engine is ready, but the model is not downloaded yet; what came of it is kept.</source>
        <translation>Abgebrochen. Die Engine ist bereit, aber das Modell ist noch nicht heruntergeladen; was davon da ist, bleibt erhalten.</translation>
    </message>
    <message>
        <source>An unexpected error ended this ({0}). The log says more; try again.</source>
        <translation>Ein unerwarteter Fehler hat dies beendet ({0}). Mehr steht im Protokoll; versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>“{}” is placed by control points only. Warp it first (gdal:warpreproject in the toolbox), and encode the result.</source>
        <translation>„{}“ ist nur durch Passpunkte verortet. Entzerren Sie es zuerst (gdal:warpreproject in der Werkzeugkiste) und kodieren Sie das Ergebnis.</translation>
    </message>
    <message>
        <source>{} is a file for which no feature cache was found. Encode it first.</source>
        <translation>{} ist eine Datei, für die kein Merkmals-Cache gefunden wurde. Kodieren Sie sie zuerst.</translation>
    </message>
    <message>
        <source>The folder that encoding made; its name ends in .sam2.zarr. Scripts may give the raster instead.</source>
        <translation>Der Ordner, den das Kodieren angelegt hat; sein Name endet auf .sam2.zarr. Skripte dürfen stattdessen das Raster angeben.</translation>
    </message>
    <message>
        <source>The quick default: comes with GeoSAM, and is best with buildings. The small engine is enough: about 0.2 GB are downloaded. Other models can be added on this page later.</source>
        <translation>Die schnelle Vorgabe: wird mit GeoSAM geliefert und kann Gebäude am besten. Die kleine Engine genügt: Etwa 0,2 GB werden heruntergeladen. Andere Modelle lassen sich später auf dieser Seite hinzufügen.</translation>
    </message>
    <message>
        <source>Larger model:</source>
        <translation>Größeres Modell:</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Encode nothing but what you click.</source>
        <translation>Nur noch kodieren, was Sie anklicken.</translation>
    </message>
    <message>
        <source>Everything at once</source>
        <translation>Alles auf einmal</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>Was die Karte zeigt</translation>
    </message>
    <message>
        <source>The whole image</source>
        <translation>Das ganze Bild</translation>
    </message>
    <message>
        <source>Makes a polygon of every object, in a temporary layer that fills while you go on. Resolution and outlines are as the options say. What was found is kept when you stop, and the same run goes on from there.</source>
        <translation>Macht aus jedem Objekt ein Polygon, in einem temporären Layer, der sich füllt, während Sie weiterarbeiten. Auflösung und Umrisse sind so, wie die Optionen sagen. Was gefunden wurde, bleibt beim Stoppen erhalten, und der gleiche Lauf geht von dort weiter.</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>Detailed</source>
        <translation>Detailliert</translation>
    </message>
    <message>
        <source>Fast</source>
        <translation>Schnell</translation>
    </message>
    <message>
        <source>Detailed: small objects as well, at several times the time. Fast: a quick look.</source>
        <translation>Detailliert: auch kleine Objekte, in einem Mehrfachen der Zeit. Schnell: ein kurzer Blick.</translation>
    </message>
    <message>
        <source> m²</source>
        <translation> m²</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>What is encoded is kept; it can be gone on with any time.</source>
        <translation>Was kodiert ist, bleibt erhalten; es kann jederzeit weitergehen.</translation>
    </message>
    <message>
        <source>The whole image is encoded.</source>
        <translation>Das ganze Bild ist kodiert.</translation>
    </message>
    <message>
        <source>What the map shows is encoded.</source>
        <translation>Was die Karte zeigt, ist kodiert.</translation>
    </message>
    <message>
        <source>Starting to encode…</source>
        <translation>Kodieren beginnt…</translation>
    </message>
    <message>
        <source>Stopped: {done} of {total} patches</source>
        <translation>Angehalten: {done} von {total} Kacheln</translation>
    </message>
    <message>
        <source>The map does not show the image that is chosen in GeoSAM.</source>
        <translation>Die Karte zeigt das Bild nicht, das in GeoSAM gewählt ist.</translation>
    </message>
    <message>
        <source>Everything in {raster}</source>
        <translation>Alles in {raster}</translation>
    </message>
    <message>
        <source>The layer “{layer}” takes no more objects.</source>
        <translation>Der Layer „{layer}“ nimmt keine weiteren Objekte an.</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) found, in a temporary layer.</source>
        <translation>
            <numerusform>%n Objekt gefunden, in einem temporären Layer.</numerusform>
            <numerusform>%n Objekte gefunden, in einem temporären Layer.</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose “Detailed”, or encode the image with a larger model.</source>
        <translation>Wählen Sie „Detailliert“, oder kodieren Sie das Bild mit einem größeren Modell.</translation>
    </message>
    <message>
        <source>{why} What was found is kept: the same run goes on there.</source>
        <translation>{why} Was gefunden wurde, bleibt erhalten: Der gleiche Lauf geht dort weiter.</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird angehalten…</translation>
    </message>
    <message>
        <source>Encoding the image enlarged, for small objects…</source>
        <translation>Das vergrößerte Bild wird kodiert, für kleine Objekte…</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Wird gestartet…</translation>
    </message>
    <message>
        <source>Its layer was removed: not everything has been segmented.</source>
        <translation>Sein Layer wurde entfernt: Nicht alles ist segmentiert.</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Angehalten.</translation>
    </message>
    <message>
        <source>Stopping: {done} of {total} patches</source>
        <translation>Wird angehalten: {done} von {total} Kacheln</translation>
    </message>
    <message>
        <source>Stopped: {done} of {total} patches. The same run goes on from there.</source>
        <translation>Angehalten: {done} von {total} Kacheln. Derselbe Lauf geht dort weiter.</translation>
    </message>
    <message>
        <source>Paused: {done} of {total} patches</source>
        <translation>Pause: {done} von {total} Kacheln</translation>
    </message>
    <message>
        <source>Encoding: {done} of {total} patches</source>
        <translation>Kodiert: {done} von {total} Kacheln</translation>
    </message>
    <message>
        <source>QGIS reaches the network by a SOCKS proxy, which the engine of GeoSAM cannot use. Choose an HTTP proxy in QGIS&apos;s options, under Network, or make a file of the part that you need by “Layer to raster” in the toolbox, and choose that.</source>
        <translation>QGIS erreicht das Netz über einen SOCKS-Proxy, den die Engine von GeoSAM nicht benutzen kann. Wählen Sie in den Optionen von QGIS unter „Netzwerk“ einen HTTP-Proxy, oder machen Sie mit „Layer in Raster“ in der Werkzeugkiste eine Datei des Ausschnitts, den Sie brauchen, und wählen Sie diese.</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be written to ({why}).</source>
        <translation>In den Ordner {folder} kann nicht geschrieben werden ({why}).</translation>
    </message>
    <message>
        <source>Click now: “{image}” is encoded as you click, with nano, the quick default. Larger, more accurate models are in “Encode…”.</source>
        <translation>Sofort klicken: „{image}“ wird beim Klicken kodiert, mit nano, der schnellen Vorgabe. Größere, genauere Modelle finden Sie unter „Kodieren…“.</translation>
    </message>
    <message>
        <source>Click now: “{image}” is encoded as you click, with {model}.</source>
        <translation>Sofort klicken: „{image}“ wird beim Klicken kodiert, mit {model}.</translation>
    </message>
    <message>
        <source>What is looked at is encoded; there already: {there}. The cache: {cache}</source>
        <translation>Codiert wird, was angesehen wird; schon vorhanden: {there}. Der Cache: {cache}</translation>
    </message>
    <message>
        <source>Bands {bands} are read: red, green and blue.</source>
        <translation>Gelesen werden die Kanäle {bands}: Rot, Grün und Blau.</translation>
    </message>
    <message>
        <source>Checking what is in the cache already.</source>
        <translation>Es wird geprüft, was schon im Cache ist.</translation>
    </message>
    <message>
        <source>Damaged places in the cache: {places}. What is lost is encoded again.</source>
        <translation>Beschädigte Stellen im Cache: {places}. Was verloren ist, wird neu kodiert.</translation>
    </message>
    <message>
        <source>That takes up to {bytes_needed:.0f} MB of disk; {bytes_free:.0f} MB are free.</source>
        <translation>Das braucht bis zu {bytes_needed:.0f} MB auf der Festplatte; {bytes_free:.0f} MB sind frei.</translation>
    </message>
    <message>
        <source>Encoding with {model} on {device}.</source>
        <translation>Kodiert wird mit {model} auf {device}.</translation>
    </message>
    <message>
        <source>Patches to come: {rest}. By what the first ones took, that is about {time}.</source>
        <translation>Verbleibende Kacheln: {rest}. Nach der Dauer der ersten sind das etwa {time}.</translation>
    </message>
    <message>
        <source>Levels: {levels} instead of {wanted}, since one patch of the last one holds the raster.</source>
        <translation>Stufen: {levels} statt {wanted}, denn eine Kachel der letzten enthält das ganze Raster.</translation>
    </message>
    <message>
        <source>The raster has no CRS: coordinates are in its own, unnamed units.</source>
        <translation>Das Raster hat kein KBS: Die Koordinaten sind in seinen eigenen, unbenannten Einheiten.</translation>
    </message>
    <message>
        <source>The raster is not georeferenced: coordinates are pixels.</source>
        <translation>Das Raster ist nicht georeferenziert: Die Koordinaten sind Pixel.</translation>
    </message>
    <message>
        <source>That is not beside the raster, because the folder {folder} cannot be written.</source>
        <translation>Das liegt nicht neben dem Raster, weil in den Ordner {folder} nicht geschrieben werden kann.</translation>
    </message>
    <message>
        <source>Nothing to encode: {cache} has all patches.</source>
        <translation>Nichts zu kodieren: {cache} hat alle Kacheln.</translation>
    </message>
    <message>
        <source>The memory of {device} does not hold a single patch: going on on the processor.</source>
        <translation>Der Speicher von {device} fasst keine einzige Kachel: Es geht auf dem Prozessor weiter.</translation>
    </message>
    <message>
        <source>Band {band} has a palette, which is expanded to RGB.</source>
        <translation>Kanal {band} hat eine Palette, die zu RGB aufgelöst wird.</translation>
    </message>
    <message>
        <source>The memory of {device} does not hold {size} patches at once: going on with {batch}.</source>
        <translation>Der Speicher von {device} fasst keine {size} Kacheln auf einmal: Es geht mit {batch} weiter.</translation>
    </message>
    <message>
        <source>The terms of who offers this map say how much of it may be fetched, and what for.</source>
        <translation>Die Bedingungen des Anbieters dieser Karte sagen, wie viel davon geholt werden darf und wofür.</translation>
    </message>
    <message>
        <source>Map tiles to fetch: {tiles}.</source>
        <translation>Zu holende Kartenkacheln: {tiles}.</translation>
    </message>
    <message>
        <source>Patches to encode: {patches}; there already: {there}. The cache: {cache}</source>
        <translation>Zu kodierende Kacheln: {patches}; schon vorhanden: {there}. Der Cache: {cache}</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Voreinstellung</translation>
    </message>
    <message>
        <source>Standard: the model&apos;s own values. Detailed: more and smaller objects, slowly. Fast: a quick look. Scripts say default, detailed or fast.</source>
        <translation>Standard: die eigenen Werte des Modells. Detailliert: mehr und kleinere Objekte, langsam. Schnell: ein schneller Blick. In Skripten default, detailed oder fast.</translation>
    </message>
    <message>
        <source>Which level of the cache is looked at, 0 being the finest; large objects are found on coarser ones.</source>
        <translation>Welche Stufe des Caches angesehen wird, 0 ist die feinste; große Objekte werden auf gröberen gefunden.</translation>
    </message>
    <message>
        <source>Only objects in this; everything when empty.</source>
        <translation>Nur Objekte darin; alles, wenn leer.</translation>
    </message>
    <message>
        <source>Mask layer</source>
        <translation>Maskenlayer</translation>
    </message>
    <message>
        <source>Only objects of which at least half lies in its polygons; in any CRS.</source>
        <translation>Nur Objekte, die mindestens zur Hälfte in seinen Polygonen liegen; in jedem KBS.</translation>
    </message>
    <message>
        <source>Smallest object</source>
        <translation>Kleinstes Objekt</translation>
    </message>
    <message>
        <source>Largest object</source>
        <translation>Größtes Objekt</translation>
    </message>
    <message>
        <source>In square metres.</source>
        <translation>In Quadratmetern.</translation>
    </message>
    <message>
        <source>Raster of classes</source>
        <translation>Klassenraster</translation>
    </message>
    <message>
        <source>Each object gets the class that most of it has there.</source>
        <translation>Jedes Objekt bekommt die Klasse, die dort sein größter Teil hat.</translation>
    </message>
    <message>
        <source>As the preset has it when empty.</source>
        <translation>Wie in der Voreinstellung, wenn leer.</translation>
    </message>
    <message>
        <source>Points along a side of a patch</source>
        <translation>Punkte entlang einer Kachelseite</translation>
    </message>
    <message>
        <source>Points decoded together</source>
        <translation>Zusammen dekodierte Punkte</translation>
    </message>
    <message>
        <source>Least score (0 to 1)</source>
        <translation>Kleinste Bewertung (0 bis 1)</translation>
    </message>
    <message>
        <source>Least stability (0 to 1)</source>
        <translation>Kleinste Stabilität (0 bis 1)</translation>
    </message>
    <message>
        <source>Offset of the stability</source>
        <translation>Versatz der Stabilität</translation>
    </message>
    <message>
        <source>Overlap of duplicates in a patch (0 to 1)</source>
        <translation>Überlappung von Doppelten in einer Kachel (0 bis 1)</translation>
    </message>
    <message>
        <source>Overlap of duplicates among patches (0 to 1)</source>
        <translation>Überlappung von Doppelten zwischen Kacheln (0 bis 1)</translation>
    </message>
    <message>
        <source>Finer levels looked at as well</source>
        <translation>Feinere Stufen, die auch angesehen werden</translation>
    </message>
    <message>
        <source>Fewer points by this at each finer level</source>
        <translation>Um so viel weniger Punkte auf jeder feineren Stufe</translation>
    </message>
    <message>
        <source>Holes and specks left out, in cells</source>
        <translation>Löcher und Sprenkel, die wegfallen, in Zellen</translation>
    </message>
    <message>
        <source>As the preset</source>
        <translation>Wie die Voreinstellung</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>Refine each mask</source>
        <translation>Jede Maske verfeinern</translation>
    </message>
    <message>
        <source>Each mask is decoded once more: better outlines, four times slower.</source>
        <translation>Jede Maske wird noch einmal dekodiert: bessere Umrisse, viermal so langsam.</translation>
    </message>
    <message>
        <source>Skip points in masks</source>
        <translation>Punkte in Masken auslassen</translation>
    </message>
    <message>
        <source>Points in masks found so far are not asked: faster, with fewer objects inside others.</source>
        <translation>Punkte in schon gefundenen Masken werden nicht gefragt: schneller, mit weniger Objekten innerhalb anderer.</translation>
    </message>
    <message>
        <source>For finer levels than the cache has, which look at the enlarged raster: where it lies, if not beside the cache.</source>
        <translation>Für feinere Stufen, als der Cache hat, die das vergrößerte Raster ansehen: wo es liegt, falls nicht neben dem Cache.</translation>
    </message>
    <message>
        <source>All parts</source>
        <translation>Alle Teile</translation>
    </message>
    <message>
        <source>Parts of a mask away from its point are kept, too.</source>
        <translation>Auch Teile einer Maske, die abseits ihres Punktes liegen, bleiben.</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>Objekte</translation>
    </message>
    <message>
        <source>Raster of numbers</source>
        <translation>Nummernraster</translation>
    </message>
    <message>
        <source>Each pixel has the number of its object, 0 where there is none.</source>
        <translation>Jeder Pixel hat die Nummer seines Objekts, 0, wo keines ist.</translation>
    </message>
    <message>
        <source>Foreground raster</source>
        <translation>Vordergrundraster</translation>
    </message>
    <message>
        <source>Each pixel of an object is 1, all others are 0.</source>
        <translation>Jedes Pixel eines Objekts ist 1, alle anderen sind 0.</translation>
    </message>
    <message>
        <source>Coloured overlay</source>
        <translation>Farbige Überlagerung</translation>
    </message>
    <message>
        <source>A picture with a colour for each object, 35 % opaque.</source>
        <translation>Ein Bild mit einer Farbe für jedes Objekt, zu 35 % deckend.</translation>
    </message>
    <message>
        <source>“{layer}” is a file of tiles.</source>
        <translation>„{layer}“ ist eine Datei mit Kacheln.</translation>
    </message>
    <message>
        <source>“{layer}” does not come from a server.</source>
        <translation>„{layer}“ kommt von keinem Server.</translation>
    </message>
    <message>
        <source>“{layer}” holds heights, and no pictures.</source>
        <translation>„{layer}“ enthält Höhen und keine Bilder.</translation>
    </message>
    <message>
        <source>The server of “{layer}” has not told what it offers. Load the layer again when it can be reached.</source>
        <translation>Der Server von „{layer}“ hat nicht gesagt, was er anbietet. Laden Sie den Layer neu, wenn er erreichbar ist.</translation>
    </message>
    <message>
        <source>“{layer}” is not to be had in the projection of web maps.</source>
        <translation>„{layer}“ gibt es nicht in der Projektion der Webkarten.</translation>
    </message>
    <message>
        <source>“{layer}” asks for a password or has an authentication set in QGIS, which stays in QGIS: what is clicked is fetched by the engine of GeoSAM.</source>
        <translation>„{layer}“ verlangt ein Passwort oder hat eine in QGIS eingestellte Authentifizierung, die in QGIS bleibt: Was angeklickt wird, holt die Engine von GeoSAM.</translation>
    </message>
    <message>
        <source>“{layer}” is a WMTS whose tiles are not those of web maps.</source>
        <translation>„{layer}“ ist ein WMTS, dessen Kacheln nicht die von Webkarten sind.</translation>
    </message>
    <message>
        <source>“{layer}” changes with the time that the map is set to.</source>
        <translation>„{layer}“ ändert sich mit der Zeit, auf die die Karte eingestellt ist.</translation>
    </message>
    <message>
        <source>{why} Make a file of the part that you need by “Layer to raster” in the toolbox, and choose that.</source>
        <translation>{why} Machen Sie aus dem Teil, den Sie brauchen, mit „Layer in Raster“ in der Werkzeugkiste eine Datei, und wählen Sie diese.</translation>
    </message>
    <message>
        <source>“{layer}” is hidden at the scale of that resolution, 1:{scale:.0f}. Change its visibility, or take another resolution.</source>
        <translation>„{layer}“ ist im Maßstab dieser Auflösung, 1:{scale:.0f}, ausgeblendet. Ändern Sie seine Sichtbarkeit oder nehmen Sie eine andere Auflösung.</translation>
    </message>
    <message>
        <source>It crosses the antimeridian. Make two rasters, of {west} and of {east}.</source>
        <translation>Sie überquert den 180. Längengrad. Machen Sie zwei Raster, von {west} und von {east}.</translation>
    </message>
    <message>
        <source>Web maps end at {:.2f} degrees.</source>
        <translation>Webkarten enden bei {:.2f} Grad.</translation>
    </message>
    <message>
        <source>It has no place in the CRS {crs}.</source>
        <translation>Sie hat im KBS {crs} keinen Platz.</translation>
    </message>
    <message>
        <source>The raster could not be written. Make room on the disk, or choose another file.</source>
        <translation>Das Raster konnte nicht geschrieben werden. Schaffen Sie Platz auf dem Datenträger oder wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>the server did not answer in time</source>
        <translation>der Server hat nicht rechtzeitig geantwortet</translation>
    </message>
    <message>
        <source>“{layer}” does not deliver all of it: {why}. Try again later, take another zoom or extent, or tick “Leave empty what is missing”.</source>
        <translation>„{layer}“ liefert nicht alles davon: {why}. Versuchen Sie es später noch einmal, nehmen Sie eine andere Zoomstufe oder Ausdehnung, oder haken Sie „Fehlendes leer lassen“ an.</translation>
    </message>
    <message>
        <source>“{layer}” delivers nothing there: {why}.</source>
        <translation>„{layer}“ liefert dort nichts: {why}.</translation>
    </message>
    <message>
        <source>“{layer}” shows nothing there. Take another extent or another resolution.</source>
        <translation>„{layer}“ zeigt dort nichts. Nehmen Sie eine andere Ausdehnung oder eine andere Auflösung.</translation>
    </message>
    <message>
        <source>The raster that was made before is encoded: {}</source>
        <translation>Das Raster, das früher gemacht wurde, wird kodiert: {}</translation>
    </message>
    <message>
        <source>The raster is kept, and encoded now: {}</source>
        <translation>Das Raster bleibt erhalten und wird nun kodiert: {}</translation>
    </message>
    <message>
        <source>The raster may need {needed:.0f} MB; {free:.0f} MB are free in {folder}.</source>
        <translation>Das Raster braucht vielleicht {needed:.0f} MB; in {folder} sind {free:.0f} MB frei.</translation>
    </message>
    <message>
        <source>A raster of {columns} x {rows} pixels of {size:.6g} in {crs}.</source>
        <translation>Ein Raster von {columns} x {rows} Pixeln zu {size:.6g} in {crs}.</translation>
    </message>
    <message>
        <source>no CRS</source>
        <translation>ohne KBS</translation>
    </message>
    <message>
        <source>{raster} Zoom {zoom}.</source>
        <translation>{raster} Zoomstufe {zoom}.</translation>
    </message>
    <message>
        <source>Reading “{layer}”</source>
        <translation>„{layer}“ wird gelesen</translation>
    </message>
    <message>
        <source>{path} cannot be written: {why}.</source>
        <translation>{path} kann nicht geschrieben werden: {why}.</translation>
    </message>
    <message>
        <source>Parts are missing and left empty, the first because of: {why}.</source>
        <translation>Teile fehlen und bleiben leer, der erste deswegen: {why}.</translation>
    </message>
    <message>
        <source>Refine footprints</source>
        <translation>Grundrisse verfeinern</translation>
    </message>
    <message>
        <source>Buildings</source>
        <translation>Gebäude</translation>
    </message>
    <message>
        <source>Compares building footprints with an encoded image and proposes corrections.</source>
        <translation>Vergleicht Gebäudeumrisse mit einem kodierten Bild und schlägt Korrekturen vor.</translation>
    </message>
    <message>
        <source>Number of buildings that fit</source>
        <translation>Anzahl passender Gebäude</translation>
    </message>
    <message>
        <source>Number of shifted buildings</source>
        <translation>Anzahl verschobener Gebäude</translation>
    </message>
    <message>
        <source>Number of buildings with a new outline</source>
        <translation>Anzahl der Gebäude mit neuem Umriss</translation>
    </message>
    <message>
        <source>Number of uncertain buildings</source>
        <translation>Anzahl unsicherer Gebäude</translation>
    </message>
    <message>
        <source>Number of buildings that are gone</source>
        <translation>Anzahl verschwundener Gebäude</translation>
    </message>
    <message>
        <source>Number of missing buildings that were found</source>
        <translation>Anzahl gefundener fehlender Gebäude</translation>
    </message>
    <message>
        <source>Offset to the east in metres</source>
        <translation>Versatz nach Osten in Metern</translation>
    </message>
    <message>
        <source>Offset to the north in metres</source>
        <translation>Versatz nach Norden in Metern</translation>
    </message>
    <message>
        <source>Is its CRS the right one, and the cache that of this place?</source>
        <translation>Ist sein KBS das richtige, und gehört der Cache zu diesem Ort?</translation>
    </message>
    <message>
        <source>Choose a layer, or a file of OpenStreetMap.</source>
        <translation>Wählen Sie einen Layer oder eine Datei von OpenStreetMap.</translation>
    </message>
    <message>
        <source>A layer of polygons is needed.</source>
        <translation>Ein Polygonlayer wird gebraucht.</translation>
    </message>
    <message>
        <source>The layer has no CRS. Set it in the layer&apos;s properties.</source>
        <translation>Der Layer hat kein KBS. Legen Sie es in den Layereigenschaften fest.</translation>
    </message>
    <message>
        <source>There are no features in it.</source>
        <translation>Es sind keine Objekte darin.</translation>
    </message>
    <message>
        <source>Name a file for the changes to OpenStreetMap as well.</source>
        <translation>Nennen Sie auch eine Datei für die Änderungen an OpenStreetMap.</translation>
    </message>
    <message>
        <source>Changes to OpenStreetMap need the file that the layer was made from.</source>
        <translation>Änderungen an OpenStreetMap brauchen die Datei, aus der der Layer gemacht wurde.</translation>
    </message>
    <message>
        <source>Name a .osm or .osc file.</source>
        <translation>Nennen Sie eine .osm- oder .osc-Datei.</translation>
    </message>
    <message>
        <source>That file is the one that is read. Name another one.</source>
        <translation>Diese Datei wird gelesen. Nennen Sie eine andere.</translation>
    </message>
    <message>
        <source>A layer of points is needed.</source>
        <translation>Ein Punktlayer wird gebraucht.</translation>
    </message>
    <message>
        <source>Comparing with the image: {done} %</source>
        <translation>Vergleich mit dem Bild: {done} %</translation>
    </message>
    <message>
        <source>Looking for missing buildings: {done} %</source>
        <translation>Fehlende Gebäude werden gesucht: {done} %</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Es wird geschrieben</translation>
    </message>
    <message>
        <source>The buildings would fit the image if they were moved {east:+.2f} m to the east and {north:+.2f} m to the north ({count} of {measured} agree).</source>
        <translation>Die Gebäude würden zum Bild passen, wenn man sie um {east:+.2f} m nach Osten und {north:+.2f} m nach Norden verschöbe ({count} von {measured} stimmen überein).</translation>
    </message>
    <message>
        <source>The layer has a field “{}” already: that of the verdict is “{}”.</source>
        <translation>Der Layer hat schon ein Feld „{}“: Das des Urteils heißt „{}“.</translation>
    </message>
    <message>
        <source>What the engine wrote cannot be read: {}</source>
        <translation>Was die Engine geschrieben hat, lässt sich nicht lesen: {}</translation>
    </message>
    <message>
        <source>A layer of footprints, in any CRS. Leave it empty to take those of a file of OpenStreetMap.</source>
        <translation>Ein Layer von Gebäudeumrissen in beliebigem KBS. Leer lassen, um die einer Datei von OpenStreetMap zu nehmen.</translation>
    </message>
    <message>
        <source>File of OpenStreetMap</source>
        <translation>Datei von OpenStreetMap</translation>
    </message>
    <message>
        <source>OpenStreetMap (*.osm *.pbf)</source>
        <translation>OpenStreetMap (*.osm *.pbf)</translation>
    </message>
    <message>
        <source>The .osm or .osm.pbf file that has the buildings, or that the layer was made from.</source>
        <translation>Die .osm- oder .osm.pbf-Datei, in der die Gebäude sind oder aus der der Layer gemacht wurde.</translation>
    </message>
    <message>
        <source>What is right where they differ as a whole</source>
        <translation>Was stimmt, wo sie im Ganzen abweichen</translation>
    </message>
    <message>
        <source>The buildings: they stay where they are</source>
        <translation>Die Gebäude: Sie bleiben, wo sie sind</translation>
    </message>
    <message>
        <source>The image: they are moved to it</source>
        <translation>Das Bild: Sie werden zu ihm verschoben</translation>
    </message>
    <message>
        <source>With the buildings, what is drawn anew is moved to fit them, as OpenStreetMap has it. Scripts say features or imagery.</source>
        <translation>Mit den Gebäuden wird, was neu gezeichnet wird, zu ihnen passend verschoben, wie es bei OpenStreetMap üblich ist. In Skripten features oder imagery.</translation>
    </message>
    <message>
        <source>Find missing buildings</source>
        <translation>Fehlende Gebäude finden</translation>
    </message>
    <message>
        <source>What looks like the buildings of the layer and is not in it.</source>
        <translation>Was wie die Gebäude des Layers aussieht und nicht darin ist.</translation>
    </message>
    <message>
        <source>Points of missing buildings</source>
        <translation>Punkte fehlender Gebäude</translation>
    </message>
    <message>
        <source>Missing buildings are looked for at these points only.</source>
        <translation>Fehlende Gebäude werden nur an diesen Punkten gesucht.</translation>
    </message>
    <message>
        <source>Least likeness (0 to 1)</source>
        <translation>Geringste Ähnlichkeit (0 bis 1)</translation>
    </message>
    <message>
        <source>How much a missing building must look like those of the layer; fewer and surer ones with more.</source>
        <translation>Wie sehr ein fehlendes Gebäude denen des Layers ähneln muss; mit mehr weniger und sicherere.</translation>
    </message>
    <message>
        <source>Turn as the neighbours</source>
        <translation>An den Nachbarn ausrichten</translation>
    </message>
    <message>
        <source>New outlines are turned to the direction that their neighbours have.</source>
        <translation>Neue Umrisse werden in die Richtung gedreht, die ihre Nachbarn haben.</translation>
    </message>
    <message>
        <source>Clean shared walls</source>
        <translation>Gemeinsame Wände bereinigen</translation>
    </message>
    <message>
        <source>No overlaps and slivers between neighbours where one of them is changed.</source>
        <translation>Keine Überlappungen und Splitter zwischen Nachbarn, von denen einer geändert wird.</translation>
    </message>
    <message>
        <source>Smallest outline (m²)</source>
        <translation>Kleinster Umriss (m²)</translation>
    </message>
    <message>
        <source>No smaller one is proposed.</source>
        <translation>Kein kleinerer wird vorgeschlagen.</translation>
    </message>
    <message>
        <source>Protect</source>
        <translation>Schützen</translation>
    </message>
    <message>
        <source>Features that stay as they are: FIELD for those that have a value there, FIELD=VALUE for those that have this one, or a tag of OpenStreetMap; several with semicolons.</source>
        <translation>Objekte, die bleiben, wie sie sind: FELD für die, die dort einen Wert haben, FELD=WERT für die mit diesem Wert, oder ein Tag von OpenStreetMap; mehrere mit Semikolon.</translation>
    </message>
    <message>
        <source>Which level of the cache is looked at, 0 being the finest. When empty, that which suits each building&apos;s size.</source>
        <translation>Welche Stufe des Caches angesehen wird, 0 ist die feinste. Ist nichts angegeben, die zur Größe jedes Gebäudes passende.</translation>
    </message>
    <message>
        <source>Search radius (m)</source>
        <translation>Suchradius (m)</translation>
    </message>
    <message>
        <source>How far from its place a building is looked for.</source>
        <translation>Wie weit von seinem Platz ein Gebäude gesucht wird.</translation>
    </message>
    <message>
        <source>Delete buildings that are gone from OpenStreetMap</source>
        <translation>Verschwundene Gebäude aus OpenStreetMap löschen</translation>
    </message>
    <message>
        <source>In the changes to OpenStreetMap; else they stay in it.</source>
        <translation>In den Änderungen an OpenStreetMap; sonst bleiben sie darin.</translation>
    </message>
    <message>
        <source>Refined</source>
        <translation>Verfeinert</translation>
    </message>
    <message>
        <source>Changes to OpenStreetMap</source>
        <translation>Änderungen an OpenStreetMap</translation>
    </message>
    <message>
        <source>For JOSM (*.osm);;osmChange (*.osc)</source>
        <translation>Für JOSM (*.osm);;osmChange (*.osc)</translation>
    </message>
    <message>
        <source>A file to be looked at in JOSM, and uploaded there; nothing is uploaded from here.</source>
        <translation>Eine Datei, die in JOSM angesehen und von dort hochgeladen wird; von hier wird nichts hochgeladen.</translation>
    </message>
    <message>
        <source>Read what is to be reviewed</source>
        <translation>Lesen, was zu prüfen ist</translation>
    </message>
    <message>
        <source>“{layer}” is a temporary layer: what you decide is lost with it.</source>
        <translation>„{layer}“ ist ein temporärer Layer: Was Sie entscheiden, geht mit ihm verloren.</translation>
    </message>
    <message>
        <source>“{refined}” cannot be brought into the CRS of “{target}”.</source>
        <translation>„{refined}“ lässt sich nicht in das KBS von „{target}“ bringen.</translation>
    </message>
    <message>
        <source>There is nothing to review in “{refined}”: what the image shows fits.</source>
        <translation>In „{refined}“ gibt es nichts zu prüfen: Was das Bild zeigt, passt.</translation>
    </message>
    <message>
        <source>“{target}” is not the layer that “{refined}” was made from: its features lie elsewhere. Choose the layer that was refined.</source>
        <translation>„{target}“ ist nicht der Layer, aus dem „{refined}“ entstanden ist: Seine Objekte liegen anderswo. Wählen Sie den Layer, der verfeinert wurde.</translation>
    </message>
    <message>
        <source>Review: feature removed</source>
        <translation>Prüfung: Objekt entfernt</translation>
    </message>
    <message>
        <source>Review: feature added</source>
        <translation>Prüfung: Objekt hinzugefügt</translation>
    </message>
    <message>
        <source>Review: outline replaced</source>
        <translation>Prüfung: Umriss ersetzt</translation>
    </message>
    <message>
        <source>Review: taken back</source>
        <translation>Prüfung: zurückgenommen</translation>
    </message>
    <message>
        <source>The feature is no longer in “{layer}”. Reject the proposal, or go on.</source>
        <translation>Das Objekt ist nicht mehr in „{layer}“. Lehnen Sie den Vorschlag ab, oder gehen Sie weiter.</translation>
    </message>
    <message>
        <source>There is no polygon of “{layer}” there.</source>
        <translation>Dort liegt kein Polygon von „{layer}“.</translation>
    </message>
    <message>
        <source>Look for the polygon</source>
        <translation>Das Polygon suchen</translation>
    </message>
    <message>
        <source>Asking the server of “{layer}” what it offers…</source>
        <translation>Der Server von „{layer}“ wird gefragt, was er anbietet …</translation>
    </message>
    <message>
        <source>The map shows no part of “{layer}” here: web maps end at 85 degrees.</source>
        <translation>Die Karte zeigt hier keinen Teil von „{layer}“: Webkarten enden bei 85 Grad.</translation>
    </message>
    <message>
        <source>How fine the image is: proposed from the map&apos;s scale, fine enough for buildings. Larger things are found on its coarser levels.</source>
        <translation>Wie fein das Bild ist: nach dem Maßstab der Karte vorgeschlagen, fein genug für Gebäude. Größeres wird auf seinen gröberen Ebenen gefunden.</translation>
    </message>
    <message>
        <source>{zoom} (pixels of {size} m)</source>
        <translation>{zoom} (Pixel von {size} m)</translation>
    </message>
    <message numerus="yes">
        <source>%n feature(s) of “{layer}” are not where they were when it was refined: they can only be rejected.</source>
        <translation>
            <numerusform>%n Objekt von „{layer}“ ist nicht mehr, wo es beim Verfeinern war: Es kann nur abgelehnt werden.</numerusform>
            <numerusform>%n Objekte von „{layer}“ sind nicht mehr, wo sie beim Verfeinern waren: Sie können nur abgelehnt werden.</numerusform>
        </translation>
    </message>
    <message>
        <source>That was accepted when the project was open before: edit it, or change it in the layer.</source>
        <translation>Das wurde angenommen, als das Projekt zuvor geöffnet war: Bearbeiten Sie es, oder ändern Sie es im Layer.</translation>
    </message>
    <message>
        <source>The review of this object was left.</source>
        <translation>Die Prüfung dieses Objekts wurde verlassen.</translation>
    </message>
    <message>
        <source>What “Refine footprints” has made: it has a field “verdict”.</source>
        <translation>Was „Grundrisse verfeinern“ erzeugt hat: Es hat ein Feld „verdict“.</translation>
    </message>
    <message>
        <source>What you accept goes into its edits.</source>
        <translation>Was Sie annehmen, kommt in seine Bearbeitungen.</translation>
    </message>
    <message>
        <source>Correct buildings</source>
        <translation>Gebäude berichtigen</translation>
    </message>
    <message>
        <source>Refine footprints…</source>
        <translation>Grundrisse verfeinern…</translation>
    </message>
    <message>
        <source>Accept all of this kind</source>
        <translation>Alle dieser Art annehmen</translation>
    </message>
    <message>
        <source>Choose the kind in the list above. Each one can be taken back.</source>
        <translation>Wählen Sie die Art in der Liste oben. Jede Entscheidung kann zurückgenommen werden.</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Its edits are not saved yet.</source>
        <translation>Seine Änderungen sind noch nicht gespeichert.</translation>
    </message>
    <message>
        <source>Accept ({key})</source>
        <translation>Annehmen ({key})</translation>
    </message>
    <message>
        <source>Reject ({key})</source>
        <translation>Ablehnen ({key})</translation>
    </message>
    <message>
        <source>Edit ({key})</source>
        <translation>Bearbeiten ({key})</translation>
    </message>
    <message>
        <source>Back ({key})</source>
        <translation>Zurück ({key})</translation>
    </message>
    <message>
        <source>Next ({key})</source>
        <translation>Weiter ({key})</translation>
    </message>
    <message>
        <source>Undo ({key})</source>
        <translation>Rückgängig ({key})</translation>
    </message>
    <message>
        <source>Click on it as on any object; Enter saves it, and it counts as accepted.</source>
        <translation>Darauf klicken wie auf jedes Objekt; Eingabe speichert es, und es gilt als angenommen.</translation>
    </message>
    <message>
        <source>Takes the last decision back.</source>
        <translation>Nimmt die letzte Entscheidung zurück.</translation>
    </message>
    <message>
        <source>Compares each building of the layer with the image, and has you review what it proposes.</source>
        <translation>Vergleicht jedes Gebäude des Layers mit dem Bild und lässt Sie prüfen, was vorgeschlagen wird.</translation>
    </message>
    <message>
        <source>Encode the image first.</source>
        <translation>Kodieren Sie zuerst das Bild.</translation>
    </message>
    <message>
        <source>Start review</source>
        <translation>Prüfung beginnen</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
    <message>
        <source>Leave review</source>
        <translation>Prüfung verlassen</translation>
    </message>
    <message>
        <source>All ({count})</source>
        <translation>Alle ({count})</translation>
    </message>
    <message>
        <source>in the layer</source>
        <translation>im Layer</translation>
    </message>
    <message>
        <source>proposed</source>
        <translation>vorgeschlagen</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>verschoben</translation>
    </message>
    <message>
        <source>another shape</source>
        <translation>andere Form</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>gone</source>
        <translation>nicht mehr da</translation>
    </message>
    <message>
        <source>uncertain</source>
        <translation>unsicher</translation>
    </message>
    <message>
        <source>{number} of {total}</source>
        <translation>{number} von {total}</translation>
    </message>
    <message>
        <source>{count} accepted</source>
        <translation>{count} angenommen</translation>
    </message>
    <message>
        <source>{count} rejected</source>
        <translation>{count} abgelehnt</translation>
    </message>
    <message>
        <source>all decided</source>
        <translation>alle entschieden</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>angenommen</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>It fits.</source>
        <translation>Es passt.</translation>
    </message>
    <message>
        <source>It is protected.</source>
        <translation>Es ist geschützt.</translation>
    </message>
    <message>
        <source>It fits {metres} m away.</source>
        <translation>Es passt {metres} m weiter.</translation>
    </message>
    <message>
        <source>It fits where the layer&apos;s offset puts it.</source>
        <translation>Es passt dort, wohin der Versatz des Layers es bringt.</translation>
    </message>
    <message>
        <source>Another outline fits clearly better.</source>
        <translation>Ein anderer Umriss passt deutlich besser.</translation>
    </message>
    <message>
        <source>In another size it fits clearly better.</source>
        <translation>In anderer Größe passt es deutlich besser.</translation>
    </message>
    <message>
        <source>Turned it fits clearly better.</source>
        <translation>Gedreht passt es deutlich besser.</translation>
    </message>
    <message>
        <source>Nothing there looks like the other buildings.</source>
        <translation>Nichts dort sieht aus wie die anderen Gebäude.</translation>
    </message>
    <message>
        <source>Too little of it is on the image.</source>
        <translation>Zu wenig davon ist auf dem Bild.</translation>
    </message>
    <message>
        <source>The image is not encoded there.</source>
        <translation>Das Bild ist dort nicht kodiert.</translation>
    </message>
    <message>
        <source>The image has no data there.</source>
        <translation>Das Bild hat dort keine Daten.</translation>
    </message>
    <message>
        <source>The cache is damaged there.</source>
        <translation>Der Cache ist dort beschädigt.</translation>
    </message>
    <message>
        <source>It has no outline on the image.</source>
        <translation>Es hat keinen Umriss auf dem Bild.</translation>
    </message>
    <message>
        <source>It is too small to be seen.</source>
        <translation>Es ist zu klein, um gesehen zu werden.</translation>
    </message>
    <message>
        <source>What is there looks like none of the other buildings.</source>
        <translation>Was dort ist, sieht wie keines der anderen Gebäude aus.</translation>
    </message>
    <message>
        <source>It may be off, in a layer where hardly another one is.</source>
        <translation>Es liegt vielleicht falsch, in einem Layer, in dem es kaum ein anderes tut.</translation>
    </message>
    <message>
        <source>The image shows nothing that fits it well.</source>
        <translation>Das Bild zeigt nichts, was gut dazu passt.</translation>
    </message>
    <message>
        <source>The outline that fits is smaller than what is asked for.</source>
        <translation>Der Umriss, der passt, ist kleiner als verlangt.</translation>
    </message>
    <message>
        <source>The layer has nothing here; it looks like its buildings ({percent}%).</source>
        <translation>Der Layer hat hier nichts; es sieht wie seine Gebäude aus ({percent}%).</translation>
    </message>
    <message>
        <source>It overlaps a neighbour.</source>
        <translation>Es überlappt einen Nachbarn.</translation>
    </message>
    <message>
        <source>The measures (M) of the coordinates are not in what is written.</source>
        <translation>Die Messwerte (M) der Koordinaten sind nicht in dem, was geschrieben wird.</translation>
    </message>
    <message>
        <source>Not compared, since too little of them is on the image, or it is not encoded or empty there: {count} features.</source>
        <translation>Nicht verglichen, weil zu wenig davon auf dem Bild liegt oder es dort nicht kodiert oder leer ist: {count} Objekte.</translation>
    </message>
    <message>
        <source>Too few buildings of the layer are seen on the image to say what one looks like: nothing was looked for that it lacks.</source>
        <translation>Zu wenige Gebäude des Layers sind auf dem Bild zu sehen, um zu sagen, wie eines aussieht: Was ihm fehlt, wurde nicht gesucht.</translation>
    </message>
    <message>
        <source>No outline was drawn anew, so none was given right angles.</source>
        <translation>Kein Umriss wurde neu gezeichnet, also bekam keiner rechte Winkel.</translation>
    </message>
    <message>
        <source>No outline that was drawn anew has the shape that right angles are for: {count} have their own.</source>
        <translation>Kein neu gezeichneter Umriss hat die Form, für die rechte Winkel gedacht sind: {count} behalten ihre eigene.</translation>
    </message>
    <message>
        <source>Without an id of OpenStreetMap, so not in the changes to it: {count} features that would change.</source>
        <translation>Ohne OpenStreetMap-ID, also nicht in den Änderungen daran: {count} Objekte, die sich ändern würden.</translation>
    </message>
    <message>
        <source>Nothing changes in OpenStreetMap, so there is no file to open.</source>
        <translation>In OpenStreetMap ändert sich nichts, also gibt es keine Datei zu öffnen.</translation>
    </message>
    <message>
        <source>Way {id} {why}: change it by hand.</source>
        <translation>Weg {id} {why}: Ändern Sie ihn von Hand.</translation>
    </message>
    <message>
        <source>Relation {id} {why}: change it by hand.</source>
        <translation>Relation {id} {why}: Ändern Sie sie von Hand.</translation>
    </message>
    <message>
        <source>Way {id} is part of a relation: delete it by hand.</source>
        <translation>Weg {id} ist Teil einer Relation: Löschen Sie ihn von Hand.</translation>
    </message>
    <message>
        <source>Relation {id} is part of a relation: delete it by hand.</source>
        <translation>Relation {id} ist Teil einer Relation: Löschen Sie sie von Hand.</translation>
    </message>
    <message>
        <source>Way {id} does not run over node {node} any more, which has tags, as an entrance has: move or delete the node, too.</source>
        <translation>Der Weg {id} läuft nicht mehr über den Knoten {node}, der Tags hat, wie ein Eingang: den Knoten auch verschieben oder löschen.</translation>
    </message>
    <message>
        <source>Relation {id} does not run over node {node} any more, which has tags, as an entrance has: move or delete the node, too.</source>
        <translation>Die Relation {id} läuft nicht mehr über den Knoten {node}, der Tags hat, wie ein Eingang: den Knoten auch verschieben oder löschen.</translation>
    </message>
    <message>
        <source>A new building at {latitude}, {longitude} {why}: draw it by hand.</source>
        <translation>Ein neues Gebäude bei {latitude}, {longitude} {why}: Zeichnen Sie es von Hand.</translation>
    </message>
    <message>
        <source>has another number of rings than its new outline</source>
        <translation>hat eine andere Zahl von Ringen als der neue Umriss</translation>
    </message>
    <message>
        <source>has ways that make a ring together</source>
        <translation>hat Wege, die zusammen einen Ring bilden</translation>
    </message>
    <message>
        <source>shares a way with another building, whose outline is not the same</source>
        <translation>teilt einen Weg mit einem anderen Gebäude, dessen Umriss nicht derselbe ist</translation>
    </message>
    <message>
        <source>crosses the antimeridian</source>
        <translation>überquert den 180. Längengrad</translation>
    </message>
    <message>
        <source>is smaller than OpenStreetMap&apos;s coordinates are exact</source>
        <translation>ist kleiner, als die Koordinaten von OpenStreetMap genau sind</translation>
    </message>
    <message>
        <source>has {corners} corners, and a way has at most {most} nodes</source>
        <translation>hat {corners} Ecken, und ein Weg hat höchstens {most} Knoten</translation>
    </message>
    <message>
        <source>{buildings}, refined</source>
        <translation>{buildings}, verfeinert</translation>
    </message>
    <message>
        <source>“{layer}” can be reviewed when this review is left: choose it as Result.</source>
        <translation>„{layer}“ kann geprüft werden, wenn diese Prüfung verlassen ist: Wählen Sie ihn als Ergebnis.</translation>
    </message>
    <message>
        <source>The buildings would fit the image if all were moved {east:+.1f} m to the east and {north:+.1f} m to the north.</source>
        <translation>Die Gebäude würden zum Bild passen, wenn man alle um {east:+.1f} m nach Osten und {north:+.1f} m nach Norden verschöbe.</translation>
    </message>
</context>
</TS>
