<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es_ES" sourcelanguage="en">
<context>
    <name>GeoSAM</name>
    <message>
        <source>The object that is not saved yet is kept: it is there again when you choose its image again.</source>
        <translation>El objeto que aún no se ha guardado se conserva: volverá a estar ahí cuando vuelva a elegir su imagen.</translation>
    </message>
    <message>
        <source>The image has changed since it was encoded. Encode it again, or shapes will follow the old image.</source>
        <translation>La imagen ha cambiado desde que se codificó. Codifíquela de nuevo o las formas seguirán la imagen antigua.</translation>
    </message>
    <message>
        <source>That is in another part of the web map than the object at hand: save that first (Enter), or clear it (Esc).</source>
        <translation>Eso está en otra parte del mapa web que el objeto actual: guárdelo antes (Intro) o bórrelo (Esc).</translation>
    </message>
    <message>
        <source>That is in another part of the web map: it can be clicked when the last object is saved.</source>
        <translation>Eso está en otra parte del mapa web: podrá pulsar allí cuando se haya guardado el último objeto.</translation>
    </message>
    <message>
        <source>{why} The object is kept: press “Take up again”.</source>
        <translation>{why} El objeto se conserva: pulse «Retomar».</translation>
    </message>
    <message>
        <source>{why} The object is kept with its image.</source>
        <translation>{why} El objeto se conserva con su imagen.</translation>
    </message>
    <message>
        <source>The image is not encoded there yet.</source>
        <translation>La imagen aún no está codificada ahí.</translation>
    </message>
    <message>
        <source>That is outside the image. Click on the image that is chosen in GeoSAM.</source>
        <translation>Eso está fuera de la imagen. Haga clic en la imagen elegida en GeoSAM.</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Cancelado.</translation>
    </message>
    <message>
        <source>{why} It is being started again.</source>
        <translation>{why} Se está iniciando de nuevo.</translation>
    </message>
    <message>
        <source>{why} That has happened twice over the same prompts: try others.</source>
        <translation>{why} Ha ocurrido dos veces con las mismas indicaciones: pruebe con otras.</translation>
    </message>
    <message numerus="yes">
        <source>The engine ended %n time(s) in a row and is not started again. {why} Its last words: {words}</source>
        <translation>
            <numerusform>El motor se ha detenido %n vez y no se vuelve a iniciar. {why} Sus últimas palabras: {words}</numerusform>
            <numerusform>El motor se ha detenido %n veces seguidas y no se vuelve a iniciar. {why} Sus últimas palabras: {words}</numerusform>
        </translation>
    </message>
    <message>
        <source>The engine (version {engine}) does not belong to this version of the plugin. Restart QGIS; if that does not help, install the plugin again.</source>
        <translation>El motor (versión {engine}) no corresponde a esta versión del complemento. Reinicie QGIS; si no ayuda, instale el complemento de nuevo.</translation>
    </message>
    <message>
        <source>GeoSAM met an unexpected error with the engine&apos;s answer. QGIS&apos;s log messages say more.</source>
        <translation>GeoSAM encontró un error inesperado con la respuesta del motor. Los mensajes del registro de QGIS dicen más.</translation>
    </message>
    <message>
        <source>The engine&apos;s Python cannot be started: {}. Repair the engine on GeoSAM&apos;s settings page.</source>
        <translation>No se puede iniciar el Python del motor: {}. Repare el motor en la página de configuración de GeoSAM.</translation>
    </message>
    <message>
        <source>The engine answered something unreadable.</source>
        <translation>El motor respondió algo ilegible.</translation>
    </message>
    <message>
        <source>The engine ended unexpectedly.</source>
        <translation>El motor se detuvo inesperadamente.</translation>
    </message>
    <message>
        <source>The engine does not belong to this version of the plugin.</source>
        <translation>El motor no corresponde a esta versión del complemento.</translation>
    </message>
    <message>
        <source>The engine did not answer.</source>
        <translation>El motor no respondió.</translation>
    </message>
    <message>
        <source>These bands cannot be used: {details}</source>
        <translation>Estas bandas no se pueden usar: {details}</translation>
    </message>
    <message>
        <source>The feature cache is damaged.</source>
        <translation>La caché de características está dañada.</translation>
    </message>
    <message>
        <source>The feature cache cannot be used: {details}</source>
        <translation>La caché de características no se puede usar: {details}</translation>
    </message>
    <message>
        <source>Another program is writing to the feature cache just now.</source>
        <translation>Otro programa está escribiendo en la caché de características.</translation>
    </message>
    <message>
        <source>The feature cache belongs to another raster or to other settings: {details}</source>
        <translation>La caché de características pertenece a otro ráster o a otra configuración: {details}</translation>
    </message>
    <message>
        <source>The feature cache was made by a newer version of GeoSAM.</source>
        <translation>La caché de características se creó con una versión más reciente de GeoSAM.</translation>
    </message>
    <message>
        <source>There is not enough memory for the model.</source>
        <translation>No hay memoria suficiente para el modelo.</translation>
    </message>
    <message>
        <source>The disk is full: {details}</source>
        <translation>El disco está lleno: {details}</translation>
    </message>
    <message>
        <source>The model could not be downloaded: {details}</source>
        <translation>No se pudo descargar el modelo: {details}</translation>
    </message>
    <message>
        <source>The extent does not fit the raster: {details}</source>
        <translation>La extensión no se ajusta al ráster: {details}</translation>
    </message>
    <message>
        <source>GeoSAM and its engine misunderstood each other.</source>
        <translation>GeoSAM y su motor no se entendieron.</translation>
    </message>
    <message>
        <source>The engine cannot be asked for that ({reason}).</source>
        <translation>No se puede pedir eso al motor ({reason}).</translation>
    </message>
    <message>
        <source>{what_happened} {what_to_do}</source>
        <translation>{what_happened} {what_to_do}</translation>
    </message>
    <message>
        <source>The feature cache is gone.</source>
        <translation>La caché de características ya no está.</translation>
    </message>
    <message>
        <source>The engine met an unexpected error.</source>
        <translation>El motor encontró un error inesperado.</translation>
    </message>
    <message>
        <source>The engine lacks a package: {details}</source>
        <translation>Al motor le falta un paquete: {details}</translation>
    </message>
    <message>
        <source>The raster&apos;s file was not found: {details}</source>
        <translation>No se encontró el archivo del ráster: {details}</translation>
    </message>
    <message>
        <source>Some map tiles are missing: {details}</source>
        <translation>Faltan algunas teselas del mapa: {details}</translation>
    </message>
    <message>
        <source>The model cannot be used: {details}</source>
        <translation>El modelo no se puede usar: {details}</translation>
    </message>
    <message>
        <source>The model is not on this computer yet.</source>
        <translation>El modelo aún no está en este equipo.</translation>
    </message>
    <message>
        <source>There is nothing of the image there, only empty pixels (nodata).</source>
        <translation>Ahí no hay nada de la imagen, solo píxeles vacíos (nodata).</translation>
    </message>
    <message>
        <source>Nothing changes, so no file is written.</source>
        <translation>Nada cambia, así que no se escribe ningún archivo.</translation>
    </message>
    <message>
        <source>No object was found there.</source>
        <translation>Ahí no se encontró ningún objeto.</translation>
    </message>
    <message>
        <source>The output cannot be written: {details}</source>
        <translation>No se puede escribir la salida: {details}</translation>
    </message>
    <message>
        <source>That is outside the image.</source>
        <translation>Eso está fuera de la imagen.</translation>
    </message>
    <message>
        <source>These prompts cannot be used: {details}</source>
        <translation>Estas indicaciones no se pueden usar: {details}</translation>
    </message>
    <message>
        <source>The raster cannot be used: {details}</source>
        <translation>El ráster no se puede usar: {details}</translation>
    </message>
    <message>
        <source>The request cannot be understood: {details}</source>
        <translation>No se puede entender la solicitud: {details}</translation>
    </message>
    <message>
        <source>The map tiles cannot be had: {details}</source>
        <translation>No se pueden obtener las teselas del mapa: {details}</translation>
    </message>
    <message>
        <source>The file of map tiles was not found: {details}</source>
        <translation>No se encontró el archivo de teselas del mapa: {details}</translation>
    </message>
    <message>
        <source>The map tiles are of another size than was expected: {details}</source>
        <translation>Las teselas del mapa tienen otro tamaño que el esperado: {details}</translation>
    </message>
    <message>
        <source>The engine cannot do that: {details}</source>
        <translation>El motor no puede hacer eso: {details}</translation>
    </message>
    <message>
        <source>Encode again, or choose another cache.</source>
        <translation>Codifique de nuevo o elija otra caché.</translation>
    </message>
    <message>
        <source>Restart QGIS; if that does not help, install the plugin again.</source>
        <translation>Reinicie QGIS; si no ayuda, instale el complemento de nuevo.</translation>
    </message>
    <message>
        <source>Encode the raster again: only what is damaged is made anew.</source>
        <translation>Codifique el ráster de nuevo: solo se rehace lo dañado.</translation>
    </message>
    <message>
        <source>Wait until it is done.</source>
        <translation>Espere a que termine.</translation>
    </message>
    <message>
        <source>Update the plugin, or encode the raster again.</source>
        <translation>Actualice el complemento o codifique el ráster de nuevo.</translation>
    </message>
    <message>
        <source>Choose a smaller batch, a smaller model, or the processor as the device.</source>
        <translation>Elija menos teselas a la vez, un modelo más pequeño o el procesador como dispositivo.</translation>
    </message>
    <message>
        <source>Make room and do the same again: what was finished is kept.</source>
        <translation>Libere espacio y repita lo mismo: lo que estaba terminado se conserva.</translation>
    </message>
    <message>
        <source>Check the network and the proxy, then try again.</source>
        <translation>Compruebe la red y el proxy e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Its log says more.</source>
        <translation>Su registro dice más.</translation>
    </message>
    <message>
        <source>Repair the engine, or install the full one, on GeoSAM&apos;s settings page.</source>
        <translation>Repare el motor, o instale el completo, en la página de configuración de GeoSAM.</translation>
    </message>
    <message>
        <source>Download it on GeoSAM&apos;s settings page, or use nano.</source>
        <translation>Descárguelo en la página de configuración de GeoSAM o use nano.</translation>
    </message>
    <message>
        <source>Click on the image itself.</source>
        <translation>Haga clic en la propia imagen.</translation>
    </message>
    <message>
        <source>Encode that part first.</source>
        <translation>Codifique primero esa parte.</translation>
    </message>
    <message>
        <source>Click on the middle of the object, or drag a box around it.</source>
        <translation>Haga clic en el centro del objeto o arrastre un recuadro a su alrededor.</translation>
    </message>
    <message>
        <source>Click on the image that is chosen in GeoSAM.</source>
        <translation>Haga clic en la imagen elegida en GeoSAM.</translation>
    </message>
    <message>
        <source>The engine took too long.</source>
        <translation>El motor tardó demasiado.</translation>
    </message>
    <message>
        <source>The engine did not start in time.</source>
        <translation>El motor no se inició a tiempo.</translation>
    </message>
    <message>
        <source>The object cannot be transformed into the layer&apos;s CRS ({crs}). Choose another target layer.</source>
        <translation>El objeto no se puede transformar al SRC de la capa ({crs}). Elija otra capa de destino.</translation>
    </message>
    <message>
        <source>Existing polygons cover the whole object: nothing of it is left to save.</source>
        <translation>Los polígonos existentes cubren todo el objeto: no queda nada que guardar.</translation>
    </message>
    <message>
        <source>The object could not be combined with existing polygons: {why}. Repair them with “Fix geometries”, or save it without avoiding overlaps.</source>
        <translation>El objeto no se pudo combinar con los polígonos existentes: {why}. Repárelos con «Corregir geometrías» o guárdelo sin evitar superposiciones.</translation>
    </message>
    <message>
        <source>Downloading Python…</source>
        <translation>Descargando Python…</translation>
    </message>
    <message>
        <source>Looking for Python…</source>
        <translation>Buscando Python…</translation>
    </message>
    <message>
        <source>Making the engine&apos;s folder…</source>
        <translation>Creando la carpeta del motor…</translation>
    </message>
    <message>
        <source>Installing packages…</source>
        <translation>Instalando paquetes…</translation>
    </message>
    <message>
        <source>Installing torch (this is the large one)…</source>
        <translation>Instalando torch (este es el grande)…</translation>
    </message>
    <message>
        <source>Installing SAM 2…</source>
        <translation>Instalando SAM 2…</translation>
    </message>
    <message>
        <source>Testing: encode and click…</source>
        <translation>Probando: codificar y hacer clic…</translation>
    </message>
    <message>
        <source>Downloading the model…</source>
        <translation>Descargando el modelo…</translation>
    </message>
    <message>
        <source>Another QGIS is installing the engine (process {0} on {1}). Wait until it is done.</source>
        <translation>Otro QGIS está instalando el motor (proceso {0} en {1}). Espere a que termine.</translation>
    </message>
    <message>
        <source>Cancelled. Nothing has changed.</source>
        <translation>Cancelado. Nada ha cambiado.</translation>
    </message>
    <message>
        <source>The folder {0} cannot be written to. Name another one in the environment variable GEOSAM_ENGINE_DIR.</source>
        <translation>No se puede escribir en la carpeta {0}. Indique otra en la variable de entorno GEOSAM_ENGINE_DIR.</translation>
    </message>
    <message>
        <source>The disk of {0} is too full: {1} GB are needed and {2} GB are free.</source>
        <translation>El disco de {0} está demasiado lleno: se necesitan {1} GB y hay {2} GB libres.</translation>
    </message>
    <message>
        <source>The folder {0} has no {1} for this computer. Add it, or install from the internet.</source>
        <translation>La carpeta {0} no tiene {1} para este equipo. Añádalo o instale desde internet.</translation>
    </message>
    <message>
        <source>Nothing has happened for {0} min, so the installation was ended. Check the network connection and try again; what was downloaded is kept.</source>
        <translation>No ha ocurrido nada durante {0} min, así que la instalación se detuvo. Compruebe la conexión de red e inténtelo de nuevo; lo descargado se conserva.</translation>
    </message>
    <message>
        <source>The package index {0} has no uv {1} for this computer. Check the address of the mirror.</source>
        <translation>El índice de paquetes {0} no tiene uv {1} para este equipo. Compruebe la dirección del espejo.</translation>
    </message>
    <message>
        <source>The package index {0} cannot be reached ({1}). Check the network, the proxy in QGIS&apos;s settings, or the address of the mirror.</source>
        <translation>No se puede acceder al índice de paquetes {0} ({1}). Compruebe la red, el proxy en la configuración de QGIS o la dirección del espejo.</translation>
    </message>
    <message>
        <source>There is no current torch for Macs with an Intel processor. Install the small engine: it segments in every cache, also in those made with large models elsewhere.</source>
        <translation>No hay un torch actual para Macs con procesador Intel. Instale el motor pequeño: segmenta en todas las cachés, también en las creadas con modelos grandes en otro lugar.</translation>
    </message>
    <message>
        <source>This Linux is too old: its C library is {0}, and the packages need {1}.</source>
        <translation>Este Linux es demasiado antiguo: su biblioteca de C es {0} y los paquetes necesitan {1}.</translation>
    </message>
    <message>
        <source>This is macOS {0}; the packages need macOS {1} or newer.</source>
        <translation>Esto es macOS {0}; los paquetes necesitan macOS {1} o posterior.</translation>
    </message>
    <message>
        <source>The engine is ready, but the model could not be downloaded: {0}</source>
        <translation>El motor está listo, pero no se pudo descargar el modelo: {0}</translation>
    </message>
    <message>
        <source>CUDA does not exist on macOS. Choose the full engine: it uses Apple&apos;s graphics.</source>
        <translation>CUDA no existe en macOS. Elija el motor completo: usa los gráficos de Apple.</translation>
    </message>
    <message>
        <source>Python {0} could not be downloaded from github.com. Install Python {0} yourself and choose it under “Use this Python”.</source>
        <translation>No se pudo descargar Python {0} de github.com. Instale usted mismo Python {0} y elíjalo en «Usar este Python».</translation>
    </message>
    <message>
        <source>This Python cannot run the engine: {0} Untick “as it is” to have it made ready.</source>
        <translation>Este Python no puede ejecutar el motor: {0} Desmarque «tal como está» para que se prepare.</translation>
    </message>
    <message>
        <source>The packages could not be installed: {0} The log says more.</source>
        <translation>No se pudieron instalar los paquetes: {0} El registro dice más.</translation>
    </message>
    <message>
        <source>There are no packages for this kind of computer ({0}, {1}).</source>
        <translation>No hay paquetes para este tipo de equipo ({0}, {1}).</translation>
    </message>
    <message>
        <source>{0} is a 32-bit Python; the engine needs 64 bits.</source>
        <translation>{0} es un Python de 32 bits; el motor necesita 64 bits.</translation>
    </message>
    <message>
        <source>{0} is {1}; the engine needs the usual Python.</source>
        <translation>{0} es {1}; el motor necesita el Python habitual.</translation>
    </message>
    <message>
        <source>{0} is Python {1}, for which not all packages exist yet. Choose one up to {2}.</source>
        <translation>{0} es Python {1}, para el que aún no existen todos los paquetes. Elija uno hasta {2}.</translation>
    </message>
    <message>
        <source>{0} is Python {1}; the engine needs {2} or newer. Choose another one, or leave the field empty.</source>
        <translation>{0} es Python {1}; el motor necesita {2} o posterior. Elija otro o deje el campo vacío.</translation>
    </message>
    <message>
        <source>{0} is not a Python that can be run.</source>
        <translation>{0} no es un Python que se pueda ejecutar.</translation>
    </message>
    <message>
        <source>{0} is Python {1}; here this engine needs {2}. Leave the field empty to have it downloaded.</source>
        <translation>{0} es Python {1}; aquí este motor necesita {2}. Deje el campo vacío para que se descargue.</translation>
    </message>
    <message>
        <source>The new engine does not work: {0} The engine you had before is kept.</source>
        <translation>El motor nuevo no funciona: {0} Se conserva el motor anterior.</translation>
    </message>
    <message>
        <source>{0} is not the file that was published (its checksum differs), so it was not used. Check the mirror or the folder it came from.</source>
        <translation>{0} no es el archivo que se publicó (su suma de comprobación difiere), así que no se usó. Compruebe el espejo o la carpeta de donde vino.</translation>
    </message>
    <message>
        <source>Segment by clicks</source>
        <translation>Segmentar con clics</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Configuración…</translation>
    </message>
    <message>
        <source>The engine is being removed. Install it again to go on.</source>
        <translation>El motor se está eliminando. Instálelo de nuevo para continuar.</translation>
    </message>
    <message>
        <source>Agree to a large raster</source>
        <translation>Aceptar un ráster grande</translation>
    </message>
    <message>
        <source>More than 65 million pixels, a thousand tiles. Most providers of web maps do not allow that.</source>
        <translation>Más de 65 millones de píxeles, mil teselas. La mayoría de los proveedores de mapas web no lo permiten.</translation>
    </message>
    <message>
        <source>There is no such layer, or it cannot be read.</source>
        <translation>No existe esa capa, o no se puede leer.</translation>
    </message>
    <message>
        <source>Feature cache</source>
        <translation>Caché de características</translation>
    </message>
    <message>
        <source>Coverage</source>
        <translation>Cobertura</translation>
    </message>
    <message>
        <source>A layer with one rectangle for each patch: its level, and whether it is encoded, missing, or empty for want of pixels.</source>
        <translation>Una capa con un rectángulo por tesela: su nivel y si está codificada, falta o está vacía por no tener píxeles.</translation>
    </message>
    <message>
        <source>There is no folder {}.</source>
        <translation>No hay ninguna carpeta {}.</translation>
    </message>
    <message>
        <source>{} is not a feature cache. Encode a raster first, then choose its cache.</source>
        <translation>{} no es una caché de características. Codifique primero un ráster y elija después su caché.</translation>
    </message>
    <message>
        <source>GeoSAM&apos;s engine is not installed. Install it in QGIS&apos;s window, under Settings &gt; Options &gt; GeoSAM. On a server without a window: make a Python environment, install {packages} into it with pip, and name its Python in {settings}, under [geosam]: engine\python=…, engine\is_complete=true.</source>
        <translation>El motor de GeoSAM no está instalado. Instálelo en la ventana de QGIS, en Configuración &gt; Opciones &gt; GeoSAM. En un servidor sin ventana: cree un entorno de Python, instale en él {packages} con pip e indique su Python en {settings}, bajo [geosam]: engine\python=…, engine\is_complete=true.</translation>
    </message>
    <message>
        <source>GeoSAM&apos;s engine is not installed. Install it under Settings &gt; Options &gt; GeoSAM.</source>
        <translation>El motor de GeoSAM no está instalado. Instálelo en Configuración &gt; Opciones &gt; GeoSAM.</translation>
    </message>
    <message>
        <source>Describe a feature cache</source>
        <translation>Describir una caché de características</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>Codificación</translation>
    </message>
    <message>
        <source>Tells what a cache was made from and what is encoded.</source>
        <translation>Dice a partir de qué se creó una caché y qué está codificado.</translation>
    </message>
    <message>
        <source>Raster to compare with</source>
        <translation>Ráster con el que comparar</translation>
    </message>
    <message>
        <source>Is it still the raster that was encoded?</source>
        <translation>¿Sigue siendo el ráster que se codificó?</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Informe</translation>
    </message>
    <message>
        <source>HTML files (*.html)</source>
        <translation>Archivos HTML (*.html)</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>Name of the raster</source>
        <translation>Nombre del ráster</translation>
    </message>
    <message>
        <source>What became of the raster</source>
        <translation>Qué ha sido del ráster</translation>
    </message>
    <message>
        <source>CRS</source>
        <translation>SRC</translation>
    </message>
    <message>
        <source>Number of levels</source>
        <translation>Número de niveles</translation>
    </message>
    <message>
        <source>Number of encoded patches</source>
        <translation>Número de teselas codificadas</translation>
    </message>
    <message>
        <source>Number of patches without any pixel</source>
        <translation>Número de teselas sin ningún píxel</translation>
    </message>
    <message>
        <source>Number of patches that are not encoded</source>
        <translation>Número de teselas sin codificar</translation>
    </message>
    <message>
        <source>Size on disk in bytes</source>
        <translation>Tamaño en disco en bytes</translation>
    </message>
    <message>
        <source>It is not a raster file.</source>
        <translation>No es un archivo ráster.</translation>
    </message>
    <message>
        <source>It cannot be written ({}).</source>
        <translation>No se puede escribir ({}).</translation>
    </message>
    <message>
        <source>it is the raster that was encoded</source>
        <translation>es el ráster que se codificó</translation>
    </message>
    <message>
        <source>it is not the raster that was encoded: encode again</source>
        <translation>no es el ráster que se codificó: codifique de nuevo</translation>
    </message>
    <message>
        <source>it cannot be read</source>
        <translation>no se puede leer</translation>
    </message>
    <message>
        <source>there is none</source>
        <translation>no hay ninguno</translation>
    </message>
    <message>
        <source>Raster</source>
        <translation>Ráster</translation>
    </message>
    <message>
        <source>none</source>
        <translation>ninguno</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamaño</translation>
    </message>
    <message>
        <source>{width} x {height} pixels of {across:g} x {down:g}</source>
        <translation>{width} x {height} píxeles de {across:g} x {down:g}</translation>
    </message>
    <message>
        <source>Bands</source>
        <translation>Bandas</translation>
    </message>
    <message>
        <source>Stretch</source>
        <translation>Estiramiento</translation>
    </message>
    <message>
        <source>Patches</source>
        <translation>Teselas</translation>
    </message>
    <message>
        <source>{PATCHES} encoded, {EMPTY} without any pixel, {MISSING} not encoded</source>
        <translation>{PATCHES} codificadas, {EMPTY} sin ningún píxel, {MISSING} sin codificar</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>En disco</translation>
    </message>
    <message>
        <source>{:.1f} MB</source>
        <translation>{:.1f} MB</translation>
    </message>
    <message>
        <source>Compared with</source>
        <translation>Comparado con</translation>
    </message>
    <message>
        <source>Being written by</source>
        <translation>La está escribiendo</translation>
    </message>
    <message>
        <source>process {pid} on {host}</source>
        <translation>proceso {pid} en {host}</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Nivel</translation>
    </message>
    <message>
        <source>Pixel size</source>
        <translation>Tamaño de píxel</translation>
    </message>
    <message>
        <source>Encoded</source>
        <translation>Codificadas</translation>
    </message>
    <message>
        <source>Without any pixel</source>
        <translation>Sin ningún píxel</translation>
    </message>
    <message>
        <source>Raster layer</source>
        <translation>Capa ráster</translation>
    </message>
    <message>
        <source>An image that is a file on this computer or a network drive. Of any other, such as a web map, a GeoTIFF of the extent is made first, at the zoom nearest to the resolution.</source>
        <translation>Una imagen que es un archivo en este equipo o en una unidad de red. De cualquier otra, como un mapa web, se crea primero un GeoTIFF de la extensión, en el zoom más cercano a la resolución.</translation>
    </message>
    <message>
        <source>nano is the quick default and comes with the plugin. The SAM 2.1 models are better: the page under Settings &gt; Options &gt; GeoSAM downloads them, once, with the full engine that they need.</source>
        <translation>nano es el modelo rápido por omisión y viene con el complemento. Los modelos SAM 2.1 son mejores: la página Configuración &gt; Opciones &gt; GeoSAM los descarga una vez, con el motor completo que necesitan.</translation>
    </message>
    <message>
        <source>Extent</source>
        <translation>Extensión</translation>
    </message>
    <message>
        <source>Only what meets this is encoded; everything when empty. A further run with another extent adds to the same cache.</source>
        <translation>Solo se codifica lo que la toca; todo, si está vacía. Otra ejecución con otra extensión amplía la misma caché.</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>Resolución</translation>
    </message>
    <message>
        <source>Size of a pixel as the model is to see it, in the raster&apos;s units; the raster&apos;s own when empty.</source>
        <translation>Tamaño de píxel con el que el modelo verá la imagen, en las unidades del ráster; el del propio ráster si está vacío.</translation>
    </message>
    <message>
        <source>One to three bands, red first; those that the layer is displayed with when empty.</source>
        <translation>De una a tres bandas, la roja primero; si está vacío, aquellas con las que se muestra la capa.</translation>
    </message>
    <message>
        <source>How values become brightness: auto, none, minmax, two percentiles such as 2,98, or values such as 0:3000 (or one such pair for each band, separated by commas). As the layer is displayed when empty.</source>
        <translation>Cómo se convierten los valores en brillo: auto, none, minmax, dos percentiles como 2,98, o valores como 0:3000 (o un par así por banda, separados por comas). Si está vacío, tal como se muestra la capa.</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>Punto de control (checkpoint)</translation>
    </message>
    <message>
        <source>Weights of your own, in the structure of the chosen model.</source>
        <translation>Pesos propios, con la estructura del modelo elegido.</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>Niveles</translation>
    </message>
    <message>
        <source>How many times the image is encoded, each time at half the resolution, so that objects larger than a patch can be clicked. When empty, until all fits one patch.</source>
        <translation>Cuántas veces se codifica la imagen, cada vez con la mitad de resolución, para poder hacer clic también en objetos mayores que una tesela. Si está vacío, hasta que todo quepa en una tesela.</translation>
    </message>
    <message>
        <source>Overlap of patches</source>
        <translation>Solape de las teselas</translation>
    </message>
    <message>
        <source>In pixels, a multiple of 4; a patch has 1024. With 0, objects end at the borders of patches.</source>
        <translation>En píxeles, un múltiplo de 4; una tesela tiene 1024. Con 0, los objetos terminan en los bordes de las teselas.</translation>
    </message>
    <message>
        <source>Stored as</source>
        <translation>Almacenado como</translation>
    </message>
    <message>
        <source>auto keeps to what a cache has, and takes int8 for a new one: half the space of float16, and outlines that hardly differ.</source>
        <translation>auto mantiene lo que tiene una caché y usa int8 para una nueva: ocupa la mitad que float16 y los contornos apenas cambian.</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Dispositivo</translation>
    </message>
    <message>
        <source>Where the model runs; auto takes a graphics card when it can.</source>
        <translation>Dónde se ejecuta el modelo; auto usa una tarjeta gráfica si puede.</translation>
    </message>
    <message>
        <source>Patches at once</source>
        <translation>Teselas a la vez</translation>
    </message>
    <message>
        <source>When empty, what suits the device.</source>
        <translation>Si está vacío, lo que convenga al dispositivo.</translation>
    </message>
    <message>
        <source>Replace the cache</source>
        <translation>Reemplazar la caché</translation>
    </message>
    <message>
        <source>Do not go on with a cache that is there, but make it anew.</source>
        <translation>No continuar una caché existente, sino hacerla de nuevo.</translation>
    </message>
    <message>
        <source>Feature cache (beside the raster when skipped)</source>
        <translation>Caché de características (junto al ráster si se omite)</translation>
    </message>
    <message>
        <source>The cache to make or to go on with. In a folder that is no cache it is made under its usual name, which is that of the raster and the model.</source>
        <translation>La caché que se creará o continuará. En una carpeta que no es una caché se crea con su nombre habitual, el del ráster y el modelo.</translation>
    </message>
    <message>
        <source>Encode raster</source>
        <translation>Codificar ráster</translation>
    </message>
    <message>
        <source>Prepares a raster once, so that it can be clicked ever after.</source>
        <translation>Prepara un ráster una vez, para poder hacer clic en él siempre.</translation>
    </message>
    <message>
        <source>Patches in the extent</source>
        <translation>Teselas en la extensión</translation>
    </message>
    <message>
        <source>Patches encoded by this run</source>
        <translation>Teselas codificadas en esta ejecución</translation>
    </message>
    <message>
        <source>Patches without any pixel found by this run</source>
        <translation>Teselas sin ningún píxel halladas en esta ejecución</translation>
    </message>
    <message>
        <source>Patches that were there already</source>
        <translation>Teselas que ya estaban</translation>
    </message>
    <message>
        <source>The raster that was made of a layer without a file</source>
        <translation>El ráster creado de una capa sin archivo</translation>
    </message>
    <message>
        <source>Choose one to three bands, not {}.</source>
        <translation>Elija de una a tres bandas, no {}.</translation>
    </message>
    <message>
        <source>There is no band {}; the raster has {}.</source>
        <translation>No hay ninguna banda {}; el ráster tiene {}.</translation>
    </message>
    <message>
        <source>“{}” is no file, and is encoded as it is displayed: choose the bands in its style.</source>
        <translation>«{}» no es un archivo y se codifica tal como se muestra: elija las bandas en su estilo.</translation>
    </message>
    <message>
        <source>“{}” is not understood. Use auto, none, minmax, two percentiles such as 2,98, or values such as 0:3000.</source>
        <translation>No se entiende «{}». Use auto, none, minmax, dos percentiles como 2,98, o valores como 0:3000.</translation>
    </message>
    <message>
        <source>It must be a multiple of {} between 0 and {}, not {}.</source>
        <translation>Debe ser un múltiplo de {} entre 0 y {}, no {}.</translation>
    </message>
    <message>
        <source>That would be {columns} x {rows} pixels, more than can be made. Take a smaller extent or a coarser resolution.</source>
        <translation>Serían {columns} x {rows} píxeles, más de los que se pueden crear. Tome una extensión menor o una resolución más gruesa.</translation>
    </message>
    <message>
        <source>That would be {columns} x {rows} pixels, more than {limit:.0f} million. Agree to a large raster if the provider&apos;s terms allow that, or take a smaller extent or a coarser resolution.</source>
        <translation>Serían {columns} x {rows} píxeles, más de {limit:.0f} millones. Acepte un ráster grande si las condiciones del proveedor lo permiten, o tome una extensión menor o una resolución más gruesa.</translation>
    </message>
    <message>
        <source>That would be {count} tiles; the terms of {host} forbid bulk downloads, and {most} at once is what GeoSAM takes from it. Take a smaller extent, a lower zoom or another source.</source>
        <translation>Serían {count} teselas; las condiciones de {host} prohíben las descargas masivas, y {most} a la vez es lo que GeoSAM toma de allí. Tome una extensión menor, un zoom más bajo u otra fuente.</translation>
    </message>
    <message>
        <source>It is empty.</source>
        <translation>Está vacía.</translation>
    </message>
    <message>
        <source>Web maps end at 85.05 degrees: the extent is cut off there.</source>
        <translation>Los mapas web acaban en 85,05 grados: la extensión se recorta ahí.</translation>
    </message>
    <message>
        <source>“{}” has no end of its own: say which part is wanted.</source>
        <translation>«{}» no tiene fin propio: indique qué parte se desea.</translation>
    </message>
    <message>
        <source>“{}” is empty.</source>
        <translation>«{}» está vacía.</translation>
    </message>
    <message>
        <source>Give a zoom or a resolution, not both.</source>
        <translation>Indique un zoom o una resolución, no ambos.</translation>
    </message>
    <message>
        <source>Give a zoom from {first} to {last}, or a resolution.</source>
        <translation>Indique un zoom de {first} a {last}, o una resolución.</translation>
    </message>
    <message>
        <source>“{layer}” has the zooms {first} to {last}, not {zoom}.</source>
        <translation>«{layer}» tiene los zooms {first} a {last}, no {zoom}.</translation>
    </message>
    <message>
        <source>It does not meet the layer.</source>
        <translation>No toca la capa.</translation>
    </message>
    <message>
        <source>“{}” has no pixels of its own: say how large they are.</source>
        <translation>«{}» no tiene píxeles propios: indique su tamaño.</translation>
    </message>
    <message>
        <source>It must be above 0.</source>
        <translation>Debe ser mayor que 0.</translation>
    </message>
    <message>
        <source>Only XYZ layers have zooms: give a resolution instead.</source>
        <translation>Solo las capas XYZ tienen zooms: indique una resolución en su lugar.</translation>
    </message>
    <message>
        <source>It is too large.</source>
        <translation>Es demasiado grande.</translation>
    </message>
    <message>
        <source>It does not meet the raster.</source>
        <translation>No toca el ráster.</translation>
    </message>
    <message>
        <source>There is no file {}.</source>
        <translation>No hay ningún archivo {}.</translation>
    </message>
    <message>
        <source>{} is a file, not a folder.</source>
        <translation>{} es un archivo, no una carpeta.</translation>
    </message>
    <message>
        <source>Cancelled. Nothing is written.</source>
        <translation>Cancelado. No se escribió nada.</translation>
    </message>
    <message>
        <source>Cancelled. What is encoded is kept: the same run goes on from there.</source>
        <translation>Cancelado. Lo codificado se conserva: la misma ejecución continúa desde ahí.</translation>
    </message>
    <message>
        <source>“{}” is not a raster file. Layers from web services, databases, archives and containers have to be exported to a file first (Export → Save As…).</source>
        <translation>«{}» no es un archivo ráster. Las capas de servicios web, bases de datos, archivos comprimidos y contenedores deben exportarse antes a un archivo (Exportar → Guardar como…).</translation>
    </message>
    <message>
        <source>Patches: {done} of {total}</source>
        <translation>Teselas: {done} de {total}</translation>
    </message>
    <message>
        <source>{done}, {time} left</source>
        <translation>{done}, quedan {time}</translation>
    </message>
    <message>
        <source>Patches encoded: {encoded} (in {seconds:.1f} s); without any pixel: {empty}; there already: {skipped}.</source>
        <translation>Teselas codificadas: {encoded} (en {seconds:.1f} s); sin ningún píxel: {empty}; ya estaban: {skipped}.</translation>
    </message>
    <message>
        <source>Choose another output, or tick “Replace the cache”.</source>
        <translation>Elija otra salida o marque «Reemplazar la caché».</translation>
    </message>
    <message>
        <source>Wait until it is done, press “Stop” in GeoSAM&apos;s dock if it is being encoded as you click, or choose another output.</source>
        <translation>Espere a que termine, pulse «Detener» en el panel de GeoSAM si se está codificando mientras hace clic, o elija otra salida.</translation>
    </message>
    <message>
        <source>Choose another output.</source>
        <translation>Elija otra salida.</translation>
    </message>
    <message>
        <source>Choose an output on another disk, a smaller extent or a coarser resolution.</source>
        <translation>Elija una salida en otro disco, una extensión menor o una resolución más gruesa.</translation>
    </message>
    <message>
        <source>Prompts: {done} of {total}</source>
        <translation>Indicaciones: {done} de {total}</translation>
    </message>
    <message>
        <source>Prompts: {done}</source>
        <translation>Indicaciones: {done}</translation>
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
        <translation>«{}» no significa ni incluir ni excluir.</translation>
    </message>
    <message>
        <source>It has no geometry.</source>
        <translation>No tiene geometría.</translation>
    </message>
    <message>
        <source>It cannot be placed in the raster&apos;s CRS.</source>
        <translation>No se puede situar en el SRC del ráster.</translation>
    </message>
    <message>
        <source>Polygons</source>
        <translation>Polígonos</translation>
    </message>
    <message>
        <source>Points or boxes</source>
        <translation>Puntos o recuadros</translation>
    </message>
    <message>
        <source>A point layer, or a polygon layer, of which the extents are the boxes; in any CRS.</source>
        <translation>Una capa de puntos, o una capa de polígonos cuyas extensiones son los recuadros; en cualquier SRC.</translation>
    </message>
    <message>
        <source>Include/exclude field</source>
        <translation>Campo incluir/excluir</translation>
    </message>
    <message>
        <source>For points: include, +, 1, true or nothing for what belongs to the object; exclude, -, 0 or false for what does not.</source>
        <translation>Para puntos: include, +, 1, true o nada para lo que pertenece al objeto; exclude, -, 0 o false para lo que no.</translation>
    </message>
    <message>
        <source>Object field</source>
        <translation>Campo de objeto</translation>
    </message>
    <message>
        <source>For points: those with the same value are one object. Without it, every feature is one.</source>
        <translation>Para puntos: los que tienen el mismo valor son un objeto. Sin él, cada objeto espacial es uno.</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>Candidato</translation>
    </message>
    <message>
        <source>auto: the best-scored of three for a single point, else the single one; single, best: that one always; all: up to three polygons for each prompt.</source>
        <translation>auto: el mejor puntuado de tres para un solo punto, si no el único; single, best: siempre ese; all: hasta tres polígonos por indicación.</translation>
    </message>
    <message>
        <source>Which level of the cache answers, 0 being the finest. When empty, that which suits a box&apos;s size, and the finest for points.</source>
        <translation>Qué nivel de la caché responde, siendo 0 el más fino. Si está vacío, el que conviene al tamaño del recuadro, y el más fino para puntos.</translation>
    </message>
    <message>
        <source>Simplify</source>
        <translation>Simplificar</translation>
    </message>
    <message>
        <source>Tolerance in pixels.</source>
        <translation>Tolerancia en píxeles.</translation>
    </message>
    <message>
        <source>Smallest part</source>
        <translation>Parte más pequeña</translation>
    </message>
    <message>
        <source>Smaller ones are left out, in square pixels.</source>
        <translation>Las menores se descartan, en píxeles cuadrados.</translation>
    </message>
    <message>
        <source>Smallest hole</source>
        <translation>Hueco más pequeño</translation>
    </message>
    <message>
        <source>Smaller ones are filled, in square pixels.</source>
        <translation>Los menores se rellenan, en píxeles cuadrados.</translation>
    </message>
    <message>
        <source>Largest part only</source>
        <translation>Solo la parte mayor</translation>
    </message>
    <message>
        <source>One part for each object, never several.</source>
        <translation>Una parte por objeto, nunca varias.</translation>
    </message>
    <message>
        <source>For buildings: outlines that are nearly rectangular get right angles only; all others stay as they are.</source>
        <translation>Para edificios: los contornos casi rectangulares reciben solo ángulos rectos; todos los demás quedan como están.</translation>
    </message>
    <message>
        <source>Right angles</source>
        <translation>Ángulos rectos</translation>
    </message>
    <message>
        <source>Segment by points or boxes</source>
        <translation>Segmentar por puntos o recuadros</translation>
    </message>
    <message>
        <source>Segment everything</source>
        <translation>Segmentar todo</translation>
    </message>
    <message>
        <source>Segmentation</source>
        <translation>Segmentación</translation>
    </message>
    <message>
        <source>Makes a polygon for every object of an encoded raster.</source>
        <translation>Crea un polígono para cada objeto de un ráster codificado.</translation>
    </message>
    <message>
        <source>Lower the least score and the least stability, or take another level.</source>
        <translation>Reduzca la puntuación mínima y la estabilidad mínima, o tome otro nivel.</translation>
    </message>
    <message>
        <source>Cancelled. For a week, the same run goes on from there.</source>
        <translation>Cancelado. Durante una semana, la misma ejecución continúa desde ahí.</translation>
    </message>
    <message>
        <source>Patches that are not encoded, left out: {}.</source>
        <translation>Teselas no codificadas, omitidas: {}.</translation>
    </message>
    <message>
        <source>Patches: {done} of {total}; objects: {objects}</source>
        <translation>Teselas: {done} de {total}; objetos: {objects}</translation>
    </message>
    <message>
        <source>Makes a polygon for every point, group of points or box.</source>
        <translation>Crea un polígono por cada punto, grupo de puntos o recuadro.</translation>
    </message>
    <message>
        <source>Number of polygons</source>
        <translation>Número de polígonos</translation>
    </message>
    <message>
        <source>Number of prompts without a polygon</source>
        <translation>Número de indicaciones sin polígono</translation>
    </message>
    <message>
        <source>A layer of points or polygons is needed.</source>
        <translation>Hace falta una capa de puntos o de polígonos.</translation>
    </message>
    <message>
        <source>The layer has no field “{}”.</source>
        <translation>La capa no tiene ningún campo «{}».</translation>
    </message>
    <message>
        <source>Feature {}: {}</source>
        <translation>Objeto espacial {}: {}</translation>
    </message>
    <message>
        <source>No prompt gave a polygon. {}</source>
        <translation>Ninguna indicación dio un polígono. {}</translation>
    </message>
    <message>
        <source>Prompts without a polygon, left out: {}.</source>
        <translation>Indicaciones sin polígono, omitidas: {}.</translation>
    </message>
    <message>
        <source>The object has no area.</source>
        <translation>El objeto no tiene superficie.</translation>
    </message>
    <message>
        <source>The feature that was taken up is no longer there. Take it up again, or save the object as a new feature.</source>
        <translation>El objeto espacial que se había retomado ya no está. Retómelo de nuevo o guarde el objeto como uno nuevo.</translation>
    </message>
    <message>
        <source>Segmented object</source>
        <translation>Objeto segmentado</translation>
    </message>
    <message>
        <source>Cut by a segmented object</source>
        <translation>Recortado por un objeto segmentado</translation>
    </message>
    <message>
        <source>Joined with a segmented object</source>
        <translation>Unido con un objeto segmentado</translation>
    </message>
    <message>
        <source>Segmented again</source>
        <translation>Segmentado de nuevo</translation>
    </message>
    <message numerus="yes">
        <source>The feature would get %n part(s), but the layer takes single parts only.</source>
        <translation>
            <numerusform>El objeto espacial tendría %n parte, pero la capa solo admite partes únicas.</numerusform>
            <numerusform>El objeto espacial tendría %n partes, pero la capa solo admite partes únicas.</numerusform>
        </translation>
    </message>
    <message>
        <source>Select one feature of “{layer}” first.</source>
        <translation>Seleccione primero un objeto espacial de «{layer}».</translation>
    </message>
    <message>
        <source>Select features of “{layer}” first.</source>
        <translation>Seleccione primero objetos espaciales de «{layer}».</translation>
    </message>
    <message>
        <source>The layer “{layer}” cannot be edited. Choose another target layer.</source>
        <translation>La capa «{layer}» no se puede editar. Elija otra capa de destino.</translation>
    </message>
    <message>
        <source>The layer “{layer}” does not take the object. Choose another target layer.</source>
        <translation>La capa «{layer}» no admite el objeto. Elija otra capa de destino.</translation>
    </message>
    <message>
        <source>The object covers the whole selected feature: nothing would be left.</source>
        <translation>El objeto cubre todo el objeto espacial seleccionado: no quedaría nada.</translation>
    </message>
    <message>
        <source>The object does not touch the selected feature.</source>
        <translation>El objeto no toca el objeto espacial seleccionado.</translation>
    </message>
    <message>
        <source>The target layer is gone. Choose another one and save again.</source>
        <translation>La capa de destino ya no está. Elija otra y guarde de nuevo.</translation>
    </message>
    <message>
        <source>Choose the layer with the selected feature as the target first.</source>
        <translation>Elija primero como destino la capa con el objeto espacial seleccionado.</translation>
    </message>
    <message>
        <source>The object could not be saved.</source>
        <translation>No se pudo guardar el objeto.</translation>
    </message>
    <message>
        <source>Objects in {raster}</source>
        <translation>Objetos en {raster}</translation>
    </message>
    <message>
        <source>It was edited meanwhile. Save it again.</source>
        <translation>Se ha editado mientras tanto. Guárdela de nuevo.</translation>
    </message>
    <message>
        <source>The layer “{layer}” is now kept in {path}. Objects that come later are in its edits until you save these.</source>
        <translation>La capa «{layer}» se guarda ahora en {path}. Los objetos posteriores quedan en su edición hasta que guarde los cambios.</translation>
    </message>
    <message>
        <source>The layer “{layer}” was not saved. {why}</source>
        <translation>La capa «{layer}» no se guardó. {why}</translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation>Recuperar</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Descartar</translation>
    </message>
    <message>
        <source>Log…</source>
        <translation>Registro…</translation>
    </message>
    <message>
        <source>Looking for its cache…</source>
        <translation>Buscando su caché…</translation>
    </message>
    <message>
        <source>Not encoded yet.</source>
        <translation>Aún sin codificar.</translation>
    </message>
    <message>
        <source>Its first part is being encoded…</source>
        <translation>Codificando su primera parte…</translation>
    </message>
    <message>
        <source>Opening its cache…</source>
        <translation>Abriendo su caché…</translation>
    </message>
    <message>
        <source>Encoded with {model}, as far as you have looked.</source>
        <translation>Codificada con {model}, hasta donde ha mirado.</translation>
    </message>
    <message>
        <source>Encoded with {model}, pixels of {size}, {share} of the image.</source>
        <translation>Codificada con {model}, píxeles de {size}, {share} de la imagen.</translation>
    </message>
    <message>
        <source>Add a raster layer to the project.</source>
        <translation>Añada una capa ráster al proyecto.</translation>
    </message>
    <message>
        <source>Encode more…</source>
        <translation>Codificar más…</translation>
    </message>
    <message>
        <source>Encode…</source>
        <translation>Codificar…</translation>
    </message>
    <message>
        <source>Saved: {count}</source>
        <translation>Guardados: {count}</translation>
    </message>
    <message>
        <source>last answer: {ms:.0f} ms</source>
        <translation>última respuesta: {ms:.0f} ms</translation>
    </message>
    <message>
        <source>waiting to be saved: {count}</source>
        <translation>pendientes de guardar: {count}</translation>
    </message>
    <message>
        <source>Engine: asleep</source>
        <translation>Motor: en reposo</translation>
    </message>
    <message>
        <source>Engine: starting…</source>
        <translation>Motor: iniciando…</translation>
    </message>
    <message>
        <source>Engine: ready</source>
        <translation>Motor: listo</translation>
    </message>
    <message>
        <source>Engine: starting again…</source>
        <translation>Motor: iniciando de nuevo…</translation>
    </message>
    <message>
        <source>Engine: not working</source>
        <translation>Motor: no funciona</translation>
    </message>
    <message numerus="yes">
        <source>%n part(s)</source>
        <translation>
            <numerusform>%n parte</numerusform>
            <numerusform>%n partes</numerusform>
        </translation>
    </message>
    <message>
        <source>1. Add an aerial or satellite image to the project.</source>
        <translation>1. Añada una imagen aérea o de satélite al proyecto.</translation>
    </message>
    <message>
        <source>1. Choose an image that is a file, or a web map.</source>
        <translation>1. Elija una imagen que sea un archivo, o un mapa web.</translation>
    </message>
    <message>
        <source>2. Press “Click now” to begin at once, or “Encode…” to prepare the whole image first: once per image, then every click gives an outline at once.</source>
        <translation>2. Pulse «Hacer clic ya» para empezar enseguida, o «Codificar…» para preparar antes toda la imagen: una vez por imagen, y después cada clic da un contorno al instante.</translation>
    </message>
    <message>
        <source>2. Zoom to what you want to outline, and press “Click now”: what the map shows is fetched and encoded, and kept.</source>
        <translation>2. Acérquese a lo que quiera delinear y pulse «Hacer clic ya»: lo que muestra el mapa se descarga, se codifica y se guarda.</translation>
    </message>
    <message>
        <source>3. Press “Start clicking”.</source>
        <translation>3. Pulse «Empezar a hacer clic».</translation>
    </message>
    <message>
        <source>4. Click on an object, or drag a box around it.</source>
        <translation>4. Haga clic en un objeto o arrastre un recuadro a su alrededor.</translation>
    </message>
    <message>
        <source>Click on the object itself, too.</source>
        <translation>Haga clic también en el propio objeto.</translation>
    </message>
    <message>
        <source>What you click is kept until the engine works again.</source>
        <translation>Sus clics se conservan hasta que el motor vuelva a funcionar.</translation>
    </message>
    <message>
        <source>That part of the image is being encoded: the outline comes by itself.</source>
        <translation>Esa parte de la imagen se está codificando: el contorno llegará solo.</translation>
    </message>
    <message>
        <source>Looking for the object…</source>
        <translation>Buscando el objeto…</translation>
    </message>
    <message>
        <source>The object goes on where the image is still being encoded: the rest of it comes by itself. Enter saves what there is.</source>
        <translation>El objeto continúa donde la imagen aún se está codificando: el resto llega por sí solo. Intro guarda lo que hay.</translation>
    </message>
    <message>
        <source>The object goes on where nothing is encoded yet. “Encode more…” brings the rest of it, Enter saves this part.</source>
        <translation>El objeto continúa donde aún no hay nada codificado. «Codificar más…» trae el resto, Intro guarda esta parte.</translation>
    </message>
    <message>
        <source>The object is too large to be seen whole at this scale. Zoom out and click on it again, or press Enter to save this part.</source>
        <translation>El objeto es demasiado grande para verse entero a esta escala. Aleje el zoom y vuelva a hacer clic en él, o pulse Intro para guardar esta parte.</translation>
    </message>
    <message>
        <source>Where the outline is straight, the object may go on. Click on what is missing. Right? Press Enter to save it.</source>
        <translation>Donde el contorno es recto, el objeto quizá continúe. Haga clic en lo que falta. ¿Correcto? Pulse Intro para guardarlo.</translation>
    </message>
    <message>
        <source>The model is not sure of this shape. More of what is around is being encoded: a better one may come by itself.</source>
        <translation>El modelo no está seguro de esta forma. Se está codificando más de los alrededores: puede que llegue sola una mejor.</translation>
    </message>
    <message>
        <source>The model is not sure of this shape. Click on what is missing, right-click on what is too much, or drag a box around the object. Right? Press Enter to save it.</source>
        <translation>El modelo no está seguro de esta forma. Haga clic en lo que falta, clic derecho en lo que sobra, o arrastre un rectángulo alrededor del objeto. ¿Es correcta? Pulse Intro para guardarla.</translation>
    </message>
    <message>
        <source>Nothing was found. Click elsewhere, or undo.</source>
        <translation>No se encontró nada. Haga clic en otro sitio o deshaga.</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) in no file, of a layer that is gone: {layers}</source>
        <translation>
            <numerusform>%n objeto en ningún archivo, de una capa que ya no existe: {layers}</numerusform>
            <numerusform>%n objetos en ningún archivo, de una capa que ya no existe: {layers}</numerusform>
        </translation>
    </message>
    <message>
        <source>Click on what is missing, right-click on what is too much. Enter replaces the feature, Esc leaves it as it was.</source>
        <translation>Haga clic en lo que falta y clic derecho en lo que sobra. Intro reemplaza el objeto espacial, Esc lo deja como estaba.</translation>
    </message>
    <message>
        <source>5. Too small? Click on what is missing. Too large? Right-click on what is too much. Right? Press Enter to save it.</source>
        <translation>5. ¿Demasiado pequeño? Haga clic en lo que falta. ¿Demasiado grande? Clic derecho en lo que sobra. ¿Correcto? Pulse Intro para guardarlo.</translation>
    </message>
    <message>
        <source>Score {score:.2f}</source>
        <translation>Puntuación {score:.2f}</translation>
    </message>
    <message>
        <source>Shape {number} of {count}</source>
        <translation>Forma {number} de {count}</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Imagen</translation>
    </message>
    <message>
        <source>Prepare this image once, so that it can be clicked ever after.</source>
        <translation>Preparar esta imagen una vez, para poder hacer clic en ella siempre.</translation>
    </message>
    <message>
        <source>Choose cache…</source>
        <translation>Elegir caché…</translation>
    </message>
    <message>
        <source>Use a feature cache that was made elsewhere.</source>
        <translation>Usar una caché de características creada en otro lugar.</translation>
    </message>
    <message>
        <source>Outline what is encoded.</source>
        <translation>Perfilar lo que está codificado.</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Objeto</translation>
    </message>
    <message>
        <source>Start clicking</source>
        <translation>Empezar a hacer clic</translation>
    </message>
    <message>
        <source>Left button:</source>
        <translation>Botón izquierdo:</translation>
    </message>
    <message>
        <source>Include</source>
        <translation>Incluir</translation>
    </message>
    <message>
        <source>A click says: this belongs to the object. Drag for a box.</source>
        <translation>Un clic dice: esto pertenece al objeto. Arrastre para un recuadro.</translation>
    </message>
    <message>
        <source>Exclude</source>
        <translation>Excluir</translation>
    </message>
    <message>
        <source>A click says: this does not. The right button always does so.</source>
        <translation>Un clic dice: esto no pertenece. El botón derecho siempre lo dice.</translation>
    </message>
    <message>
        <source>Box</source>
        <translation>Recuadro</translation>
    </message>
    <message>
        <source>Drag a box around the object.</source>
        <translation>Arrastrar un recuadro alrededor del objeto.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Deshacer</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rehacer</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Limpiar</translation>
    </message>
    <message>
        <source>Other shape (Tab)</source>
        <translation>Otra forma (Tab)</translation>
    </message>
    <message>
        <source>The whole, a part, a part of that.</source>
        <translation>El todo, una parte, una parte de esta.</translation>
    </message>
    <message>
        <source>Objects that could not be saved, or were left unfinished.</source>
        <translation>Objetos que no se pudieron guardar o quedaron sin terminar.</translation>
    </message>
    <message numerus="yes">
        <source>Take up again (%n)</source>
        <translation>
            <numerusform>Retomar (%n)</numerusform>
            <numerusform>Retomar (%n)</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop clicking</source>
        <translation>Dejar de hacer clic</translation>
    </message>
    <message>
        <source>Save to</source>
        <translation>Guardar en</translation>
    </message>
    <message>
        <source>New temporary layer</source>
        <translation>Nueva capa temporal</translation>
    </message>
    <message>
        <source>e.g. building</source>
        <translation>p. ej. edificio</translation>
    </message>
    <message>
        <source>Go on clicking on it; saving replaces its shape. Or click on a polygon with Ctrl held.</source>
        <translation>Siga haciendo clic en él; al guardar se reemplaza su forma. O haga clic en un polígono con Ctrl pulsada.</translation>
    </message>
    <message>
        <source>New feature</source>
        <translation>Nuevo objeto espacial</translation>
    </message>
    <message>
        <source>Add to the selected feature</source>
        <translation>Añadir al objeto espacial seleccionado</translation>
    </message>
    <message>
        <source>Cut from the selected features</source>
        <translation>Recortar de los objetos seleccionados</translation>
    </message>
    <message>
        <source>Merge with the selected features</source>
        <translation>Combinar con los objetos seleccionados</translation>
    </message>
    <message>
        <source>For one object: Shift+Enter adds, Alt+Enter cuts, Ctrl+Enter merges.</source>
        <translation>Para un solo objeto: Mayús+Intro añade, Alt+Intro recorta, Ctrl+Intro combina.</translation>
    </message>
    <message>
        <source>Save object (Enter)</source>
        <translation>Guardar objeto (Intro)</translation>
    </message>
    <message>
        <source>Click now</source>
        <translation>Hacer clic ya</translation>
    </message>
    <message>
        <source>Do not wait: what you click is encoded first, then the rest.</source>
        <translation>Sin esperar: primero se codifica donde hace clic y después el resto.</translation>
    </message>
    <message>
        <source>Or S</source>
        <translation>O S</translation>
    </message>
    <message>
        <source>Save as GeoPackage…</source>
        <translation>Guardar como GeoPackage…</translation>
    </message>
    <message>
        <source>A temporary layer is lost when QGIS closes: keep it in a file.</source>
        <translation>Una capa temporal se pierde al cerrar QGIS: consérvela en un archivo.</translation>
    </message>
    <message>
        <source>Take up selected feature</source>
        <translation>Retomar el objeto seleccionado</translation>
    </message>
    <message>
        <source>Save edits</source>
        <translation>Guardar cambios</translation>
    </message>
    <message>
        <source>Write the edits of the layer into its file.</source>
        <translation>Escribir los cambios de la capa en su archivo.</translation>
    </message>
    <message>
        <source>Layer to raster</source>
        <translation>Capa a ráster</translation>
    </message>
    <message>
        <source>Makes a GeoTIFF of any layer: of a web map, pixel by pixel.</source>
        <translation>Crea un GeoTIFF de cualquier capa: de un mapa web, píxel a píxel.</translation>
    </message>
    <message>
        <source>Columns of pixels</source>
        <translation>Columnas de píxeles</translation>
    </message>
    <message>
        <source>Rows of pixels</source>
        <translation>Filas de píxeles</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Capa</translation>
    </message>
    <message>
        <source>A web map (XYZ, WMS, WMTS, WCS, vector tiles), a raster with its style, or any other layer that QGIS can draw.</source>
        <translation>Un mapa web (XYZ, WMS, WMTS, WCS, teselas vectoriales), un ráster con su estilo, o cualquier otra capa que QGIS pueda dibujar.</translation>
    </message>
    <message>
        <source>What the raster is to show. Layers with an end of their own are taken whole when this is empty.</source>
        <translation>Lo que el ráster debe mostrar. Si está vacío, las capas con fin propio se toman enteras.</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Nivel de zoom</translation>
    </message>
    <message>
        <source>Of an XYZ layer, in place of a resolution: the pixels of its tiles, unchanged. Buildings need 18 or 19, fields are clear at 15 or 16.</source>
        <translation>De una capa XYZ, en lugar de una resolución: los píxeles de sus teselas, sin cambios. Los edificios necesitan 18 o 19, los campos se ven bien con 15 o 16.</translation>
    </message>
    <message>
        <source>Side of a pixel, in units of the CRS. When empty, that of the layer&apos;s own pixels, if it has any.</source>
        <translation>Lado de un píxel, en unidades del SRC. Si está vacío, el de los píxeles propios de la capa, si los tiene.</translation>
    </message>
    <message>
        <source>Of the raster. In another one than the layer&apos;s own, its pixels are resampled once.</source>
        <translation>Del ráster. En uno distinto del de la capa, sus píxeles se remuestrean una vez.</translation>
    </message>
    <message>
        <source>Attribution</source>
        <translation>Atribución</translation>
    </message>
    <message>
        <source>Whom to name; when empty, whom the layer&apos;s properties name. It goes into the file, and from there into the polygons&apos; layers.</source>
        <translation>A quién citar; si está vacío, a quien citen las propiedades de la capa. Pasa al archivo y de ahí a las capas de polígonos.</translation>
    </message>
    <message>
        <source>Leave empty what is missing</source>
        <translation>Dejar vacío lo que falte</translation>
    </message>
    <message>
        <source>What the layer&apos;s server does not deliver is transparent. Else there is no raster until it delivers everything.</source>
        <translation>Lo que el servidor de la capa no entrega queda transparente. Si no, no hay ráster hasta que lo entregue todo.</translation>
    </message>
    <message>
        <source>A GeoTIFF of red, green, blue and alpha.</source>
        <translation>Un GeoTIFF de rojo, verde, azul y alfa.</translation>
    </message>
    <message>
        <source>A GeoTIFF is written: let its name end in .tif.</source>
        <translation>Se escribe un GeoTIFF: su nombre debe acabar en .tif.</translation>
    </message>
    <message>
        <source>Name the source: {}.</source>
        <translation>Cite la fuente: {}.</translation>
    </message>
    <message>
        <source>The layer names no author; if it should, say so under “Attribution”.</source>
        <translation>La capa no cita a ningún autor; si debiera, indíquelo en «Atribución».</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Clase</translation>
    </message>
    <message>
        <source>As</source>
        <translation>Como</translation>
    </message>
    <message>
        <source>Replace the feature that was taken up</source>
        <translation>Reemplazar el objeto retomado</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) not in the file yet</source>
        <translation>
            <numerusform>%n objeto aún no está en el archivo</numerusform>
            <numerusform>%n objetos aún no están en el archivo</numerusform>
        </translation>
    </message>
    <message>
        <source>Options</source>
        <translation>Opciones</translation>
    </message>
    <message>
        <source>Preview under the mouse</source>
        <translation>Vista previa bajo el ratón</translation>
    </message>
    <message>
        <source>Coarser pixels find larger objects. By zoom, the map&apos;s scale decides.</source>
        <translation>Los píxeles más gruesos encuentran objetos mayores. Según el zoom, decide la escala del mapa.</translation>
    </message>
    <message>
        <source>For buildings: a shape that nearly has them gets right angles.</source>
        <translation>Para edificios: una forma que casi los tiene recibe ángulos rectos.</translation>
    </message>
    <message>
        <source>Avoid overlaps with existing polygons</source>
        <translation>Evitar superposiciones con polígonos existentes</translation>
    </message>
    <message>
        <source>Simplify by</source>
        <translation>Simplificar en</translation>
    </message>
    <message>
        <source>By zoom</source>
        <translation>Según el zoom</translation>
    </message>
    <message>
        <source> pixels</source>
        <translation> píxeles</translation>
    </message>
    <message>
        <source>GeoSAM: the engine&apos;s log</source>
        <translation>GeoSAM: registro del motor</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Motor</translation>
    </message>
    <message>
        <source>Small (0.6 GB): nano, and clicking in every cache</source>
        <translation>Pequeño (0,6 GB): nano, y hacer clic en cualquier caché</translation>
    </message>
    <message>
        <source>Full (1.4 GB): encodes with the SAM 2.1 models as well</source>
        <translation>Completo (1,4 GB): codifica también con los modelos SAM 2.1</translation>
    </message>
    <message>
        <source>Full for NVIDIA cards (about 6 GB)</source>
        <translation>Completo para tarjetas NVIDIA (unos 6 GB)</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>Reparar</translation>
    </message>
    <message>
        <source>Installs the engine anew and replaces the old one.</source>
        <translation>Instala el motor de nuevo y reemplaza el antiguo.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Eliminar</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>What to install</source>
        <translation>Qué instalar</translation>
    </message>
    <message>
        <source>Install nano</source>
        <translation>Instalar nano</translation>
    </message>
    <message>
        <source>Finds all kinds of objects: buildings, trees, fields, water. With the full engine that it needs, about 0.6 GB are downloaded, once.</source>
        <translation>Encuentra todo tipo de objetos: edificios, árboles, campos, agua. Con el motor completo que necesita, se descargan unos 0,6 GB, una sola vez.</translation>
    </message>
    <message>
        <source>SAM 2.1 tiny (recommended)</source>
        <translation>SAM 2.1 tiny (recomendado)</translation>
    </message>
    <message>
        <source>nano (offline preview)</source>
        <translation>nano (vista previa sin conexión)</translation>
    </message>
    <message>
        <source>Check the download</source>
        <translation>Comprobar la descarga</translation>
    </message>
    <message>
        <source>Install SAM 2.1 tiny</source>
        <translation>Instalar SAM 2.1 tiny</translation>
    </message>
    <message>
        <source>Other sources</source>
        <translation>Otras fuentes</translation>
    </message>
    <message>
        <source>found, or downloaded</source>
        <translation>encontrado o descargado</translation>
    </message>
    <message>
        <source>It has all packages: use it as it is</source>
        <translation>Tiene todos los paquetes: usarlo tal como está</translation>
    </message>
    <message>
        <source>Installs from this folder, without the network.</source>
        <translation>Instala desde esta carpeta, sin la red.</translation>
    </message>
    <message>
        <source>QGIS&apos;s proxy and this computer&apos;s certificates are used for it.</source>
        <translation>Se usan el proxy de QGIS y los certificados de este equipo.</translation>
    </message>
    <message>
        <source>Use this Python</source>
        <translation>Usar este Python</translation>
    </message>
    <message>
        <source>Folder of wheels</source>
        <translation>Carpeta de wheels</translation>
    </message>
    <message>
        <source>Package index</source>
        <translation>Índice de paquetes</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Registro</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
    <message>
        <source>Your own Python is used.</source>
        <translation>Se usa su propio Python.</translation>
    </message>
    <message>
        <source>The engine&apos;s Python has gone. Repair installs it anew.</source>
        <translation>El Python del motor ha desaparecido. «Reparar» lo instala de nuevo.</translation>
    </message>
    <message>
        <source>Ready: the small engine, with Python {0}.</source>
        <translation>Listo: el motor pequeño, con Python {0}.</translation>
    </message>
    <message>
        <source>Ready: the full engine, with Python {0}.</source>
        <translation>Listo: el motor completo, con Python {0}.</translation>
    </message>
    <message>
        <source>Not installed yet. GeoSAM finds outlines with an engine of its own, in a folder of its own: nothing in QGIS is changed. Choose below what to install.</source>
        <translation>Aún no instalado. GeoSAM encuentra los contornos con un motor propio, en una carpeta propia: no se cambia nada en QGIS. Elija abajo qué instalar.</translation>
    </message>
    <message>
        <source>Ready: the full engine for NVIDIA cards, with Python {0}.</source>
        <translation>Listo: el motor completo para tarjetas NVIDIA, con Python {0}.</translation>
    </message>
    <message>
        <source>{ready} This version of GeoSAM brings newer packages: press “Update”.</source>
        <translation>{ready} Esta versión de GeoSAM trae paquetes más recientes: pulse «Actualizar».</translation>
    </message>
    <message>
        <source>{ready} Close this window. If the dock is not open then, press “Segment by clicks” in the toolbar.</source>
        <translation>{ready} Cierre esta ventana. Si el panel no está abierto entonces, pulse «Segmentar con clics» en la barra de herramientas.</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Probar</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>Actualizar</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>Instalar</translation>
    </message>
    <message>
        <source>Remove the engine</source>
        <translation>Eliminar el motor</translation>
    </message>
    <message>
        <source>Remove the engine? Caches, models and layers stay.</source>
        <translation>¿Eliminar el motor? Las cachés, los modelos y las capas se conservan.</translation>
    </message>
    <message>
        <source>What you look at is fetched from {host} and kept. Many providers of web maps do not allow that, or to draw data off them: it is for you to know what this one does.</source>
        <translation>Lo que mira se descarga de {host} y se guarda. Muchos proveedores de mapas web no lo permiten, o no permiten dibujar datos a partir de ellos: le corresponde saber qué permite este.</translation>
    </message>
    <message>
        <source>What is allowed</source>
        <translation>Qué está permitido</translation>
    </message>
    <message>
        <source>Choose a feature cache (…sam2.zarr)</source>
        <translation>Elegir una caché de características (…sam2.zarr)</translation>
    </message>
    <message>
        <source>“{folder}” is no feature cache. Choose a folder whose name ends in .sam2.zarr.</source>
        <translation>«{folder}» no es una caché de características. Elija una carpeta cuyo nombre termine en .sam2.zarr.</translation>
    </message>
    <message>
        <source>Encode here</source>
        <translation>Codificar aquí</translation>
    </message>
    <message>
        <source>Choose the layer of the polygon under “Save to” first.</source>
        <translation>Elija primero la capa del polígono en «Guardar en».</translation>
    </message>
    <message>
        <source>That feature is of “{raster}”. Choose this image first.</source>
        <translation>Ese objeto procede de «{raster}». Elija primero esa imagen.</translation>
    </message>
    <message>
        <source>That feature is not on this image. Choose its own first.</source>
        <translation>Ese objeto no está en esta imagen. Elija primero la suya.</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) waited to be saved and are kept: choose their image again and press “Take up again”.</source>
        <translation>
            <numerusform>%n objeto pendiente de guardar se conserva: elija de nuevo su imagen y pulse «Retomar».</numerusform>
            <numerusform>%n objetos pendientes de guardar se conservan: elija de nuevo su imagen y pulse «Retomar».</numerusform>
        </translation>
    </message>
    <message>
        <source>Save as GeoPackage</source>
        <translation>Guardar como GeoPackage</translation>
    </message>
    <message>
        <source>The edits of “{layer}” were not saved. {why}</source>
        <translation>Los cambios de «{layer}» no se guardaron. {why}</translation>
    </message>
    <message>
        <source>Objects are in no file</source>
        <translation>Hay objetos que no están en ningún archivo</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) of a layer that you removed are in no file: {layers}</source>
        <translation>
            <numerusform>%n objeto de una capa eliminada no está en ningún archivo: {layers}</numerusform>
            <numerusform>%n objetos de una capa eliminada no están en ningún archivo: {layers}</numerusform>
        </translation>
    </message>
    <message>
        <source>What would you like to do?</source>
        <translation>¿Qué desea hacer?</translation>
    </message>
    <message>
        <source>Keep in the project</source>
        <translation>Conservar en el proyecto</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>Iniciar de nuevo</translation>
    </message>
    <message>
        <source>The engine is ready.</source>
        <translation>El motor está listo.</translation>
    </message>
    <message>
        <source>This Python runs the engine.</source>
        <translation>Este Python ejecuta el motor.</translation>
    </message>
    <message>
        <source>The engine was removed.</source>
        <translation>El motor se eliminó.</translation>
    </message>
    <message>
        <source>Asking the package index…</source>
        <translation>Consultando el índice de paquetes…</translation>
    </message>
    <message>
        <source>Read existing polygons</source>
        <translation>Leer los polígonos existentes</translation>
    </message>
    <message>
        <source>The existing polygons were not read. Save the object again.</source>
        <translation>Los polígonos existentes no se leyeron. Guarde el objeto de nuevo.</translation>
    </message>
    <message>
        <source>Save “{layer}” as GeoPackage</source>
        <translation>Guardar «{layer}» como GeoPackage</translation>
    </message>
    <message>
        <source>The file could not be written. Make room on the disk, or choose another folder.</source>
        <translation>No se pudo escribir el archivo. Libere espacio en el disco o elija otra carpeta.</translation>
    </message>
    <message>
        <source>{file} is not a GeoPackage that can be written to.</source>
        <translation>{file} no es un GeoPackage en el que se pueda escribir.</translation>
    </message>
    <message>
        <source>Objects of temporary layers cannot be kept for the case that QGIS crashes: {why}. Save the layers as GeoPackages soon.</source>
        <translation>Los objetos de las capas temporales no se pueden conservar por si QGIS falla: {why}. Guarde pronto las capas como GeoPackage.</translation>
    </message>
    <message>
        <source>The engine is being installed. GeoSAM opens when it is done.</source>
        <translation>El motor se está instalando. GeoSAM se abrirá cuando termine.</translation>
    </message>
    <message>
        <source>GeoSAM needs its engine, which is not installed yet.</source>
        <translation>GeoSAM necesita su motor, que aún no está instalado.</translation>
    </message>
    <message>
        <source>Install…</source>
        <translation>Instalar…</translation>
    </message>
    <message>
        <source>no class</source>
        <translation>sin clase</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) from before QGIS was closed can be brought back: {layers}</source>
        <translation>
            <numerusform>%n objeto de antes de cerrarse QGIS se puede recuperar: {layers}</numerusform>
            <numerusform>%n objetos de antes de cerrarse QGIS se pueden recuperar: {layers}</numerusform>
        </translation>
    </message>
    <message>
        <source>Open GeoSAM</source>
        <translation>Abrir GeoSAM</translation>
    </message>
    <message>
        <source>Cancelled. The engine is ready, but the model is not downloaded yet; what came of it is kept.</source>
        <translation>Cancelado. El motor está listo, pero el modelo aún no está descargado; lo que llegó de él se conserva.</translation>
    </message>
    <message>
        <source>An unexpected error ended this ({0}). The log says more; try again.</source>
        <translation>Un error inesperado puso fin a esto ({0}). El registro dice más; inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>“{}” is placed by control points only. Warp it first (gdal:warpreproject in the toolbox), and encode the result.</source>
        <translation>«{}» solo está situada por puntos de control. Combe primero la imagen (gdal:warpreproject en la caja de herramientas) y codifique el resultado.</translation>
    </message>
    <message>
        <source>{} is a file for which no feature cache was found. Encode it first.</source>
        <translation>{} es un archivo para el que no se encontró ninguna caché de características. Codifíquelo primero.</translation>
    </message>
    <message>
        <source>The folder that encoding made; its name ends in .sam2.zarr. Scripts may give the raster instead.</source>
        <translation>La carpeta que creó la codificación; su nombre termina en .sam2.zarr. Los scripts pueden indicar el ráster en su lugar.</translation>
    </message>
    <message>
        <source>The quick default: comes with GeoSAM, and is best with buildings. The small engine is enough: about 0.2 GB are downloaded. Other models can be added on this page later.</source>
        <translation>El modelo rápido por omisión: viene con GeoSAM y donde mejores resultados da es con edificios. Basta con el motor pequeño: se descargan unos 0,2 GB. Más adelante se pueden añadir otros modelos en esta página.</translation>
    </message>
    <message>
        <source>Larger model:</source>
        <translation>Modelo más grande:</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Descargar</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pausar</translation>
    </message>
    <message>
        <source>Encode nothing but what you click.</source>
        <translation>Codificar solo donde haga clic.</translation>
    </message>
    <message>
        <source>Everything at once</source>
        <translation>Todo a la vez</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>Lo que muestra el mapa</translation>
    </message>
    <message>
        <source>The whole image</source>
        <translation>Toda la imagen</translation>
    </message>
    <message>
        <source>Makes a polygon of every object, in a temporary layer that fills while you go on. Resolution and outlines are as the options say. What was found is kept when you stop, and the same run goes on from there.</source>
        <translation>Hace un polígono de cada objeto, en una capa temporal que se llena mientras usted sigue trabajando. La resolución y los contornos son los de las opciones. Lo encontrado se conserva al detenerlo, y la misma ejecución continúa desde ahí.</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>Estándar</translation>
    </message>
    <message>
        <source>Detailed</source>
        <translation>Detallado</translation>
    </message>
    <message>
        <source>Fast</source>
        <translation>Rápido</translation>
    </message>
    <message>
        <source>Detailed: small objects as well, at several times the time. Fast: a quick look.</source>
        <translation>Detallado: también objetos pequeños, en varias veces más tiempo. Rápido: un vistazo.</translation>
    </message>
    <message>
        <source> m²</source>
        <translation> m²</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
    <message>
        <source>What is encoded is kept; it can be gone on with any time.</source>
        <translation>Lo codificado se conserva; se puede continuar en cualquier momento.</translation>
    </message>
    <message>
        <source>The whole image is encoded.</source>
        <translation>Toda la imagen está codificada.</translation>
    </message>
    <message>
        <source>What the map shows is encoded.</source>
        <translation>Lo que muestra el mapa está codificado.</translation>
    </message>
    <message>
        <source>Starting to encode…</source>
        <translation>Empezando a codificar…</translation>
    </message>
    <message>
        <source>Stopped: {done} of {total} patches</source>
        <translation>Detenido: {done} de {total} teselas</translation>
    </message>
    <message>
        <source>The map does not show the image that is chosen in GeoSAM.</source>
        <translation>El mapa no muestra la imagen elegida en GeoSAM.</translation>
    </message>
    <message>
        <source>Everything in {raster}</source>
        <translation>Todo en {raster}</translation>
    </message>
    <message>
        <source>The layer “{layer}” takes no more objects.</source>
        <translation>La capa «{layer}» no admite más objetos.</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) found, in a temporary layer.</source>
        <translation>
            <numerusform>%n objeto encontrado, en una capa temporal.</numerusform>
            <numerusform>%n objetos encontrados, en una capa temporal.</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose “Detailed”, or encode the image with a larger model.</source>
        <translation>Elija «Detallado», o codifique la imagen con un modelo mayor.</translation>
    </message>
    <message>
        <source>{why} What was found is kept: the same run goes on there.</source>
        <translation>{why} Lo encontrado se conserva: la misma ejecución continúa ahí.</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Deteniendo…</translation>
    </message>
    <message>
        <source>Encoding the image enlarged, for small objects…</source>
        <translation>Codificando la imagen ampliada, para objetos pequeños…</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Iniciando…</translation>
    </message>
    <message>
        <source>Its layer was removed: not everything has been segmented.</source>
        <translation>Se eliminó su capa: no se ha segmentado todo.</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Detenido.</translation>
    </message>
    <message>
        <source>Stopping: {done} of {total} patches</source>
        <translation>Deteniendo: {done} de {total} teselas</translation>
    </message>
    <message>
        <source>Stopped: {done} of {total} patches. The same run goes on from there.</source>
        <translation>Detenido: {done} de {total} teselas. La misma ejecución sigue desde ahí.</translation>
    </message>
    <message>
        <source>Paused: {done} of {total} patches</source>
        <translation>En pausa: {done} de {total} teselas</translation>
    </message>
    <message>
        <source>Encoding: {done} of {total} patches</source>
        <translation>Codificadas: {done} de {total} teselas</translation>
    </message>
    <message>
        <source>QGIS reaches the network by a SOCKS proxy, which the engine of GeoSAM cannot use. Choose an HTTP proxy in QGIS&apos;s options, under Network, or make a file of the part that you need by “Layer to raster” in the toolbox, and choose that.</source>
        <translation>QGIS llega a la red a través de un proxy SOCKS, que el motor de GeoSAM no puede usar. Elija un proxy HTTP en las opciones de QGIS, en «Red», o cree con «Capa a ráster» de la caja de herramientas un archivo de la parte que necesita, y elíjalo.</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be written to ({why}).</source>
        <translation>No se puede escribir en la carpeta {folder} ({why}).</translation>
    </message>
    <message>
        <source>Click now: “{image}” is encoded as you click, with nano, the quick default. Larger, more accurate models are in “Encode…”.</source>
        <translation>Haga clic ya: «{image}» se codifica mientras hace clic, con nano, la opción rápida. Los modelos mayores y más precisos están en «Codificar…».</translation>
    </message>
    <message>
        <source>Click now: “{image}” is encoded as you click, with {model}.</source>
        <translation>Haga clic ya: «{image}» se codifica mientras hace clic, con {model}.</translation>
    </message>
    <message>
        <source>What is looked at is encoded; there already: {there}. The cache: {cache}</source>
        <translation>Se codifica lo que se mira; ya presentes: {there}. La caché: {cache}</translation>
    </message>
    <message>
        <source>Bands {bands} are read: red, green and blue.</source>
        <translation>Se leen las bandas {bands}: rojo, verde y azul.</translation>
    </message>
    <message>
        <source>Checking what is in the cache already.</source>
        <translation>Se comprueba lo que ya hay en la caché.</translation>
    </message>
    <message>
        <source>Damaged places in the cache: {places}. What is lost is encoded again.</source>
        <translation>Lugares dañados en la caché: {places}. Lo perdido se codifica de nuevo.</translation>
    </message>
    <message>
        <source>That takes up to {bytes_needed:.0f} MB of disk; {bytes_free:.0f} MB are free.</source>
        <translation>Ocupa hasta {bytes_needed:.0f} MB de disco; hay {bytes_free:.0f} MB libres.</translation>
    </message>
    <message>
        <source>Encoding with {model} on {device}.</source>
        <translation>Se codifica con {model} en {device}.</translation>
    </message>
    <message>
        <source>Patches to come: {rest}. By what the first ones took, that is about {time}.</source>
        <translation>Teselas que faltan: {rest}. Por lo que tardaron las primeras, son unos {time}.</translation>
    </message>
    <message>
        <source>Levels: {levels} instead of {wanted}, since one patch of the last one holds the raster.</source>
        <translation>Niveles: {levels} en lugar de {wanted}, pues una tesela del último contiene todo el ráster.</translation>
    </message>
    <message>
        <source>The raster has no CRS: coordinates are in its own, unnamed units.</source>
        <translation>El ráster no tiene SRC: las coordenadas están en sus propias unidades, sin nombre.</translation>
    </message>
    <message>
        <source>The raster is not georeferenced: coordinates are pixels.</source>
        <translation>El ráster no está georreferenciado: las coordenadas son píxeles.</translation>
    </message>
    <message>
        <source>That is not beside the raster, because the folder {folder} cannot be written.</source>
        <translation>No está junto al ráster porque no se puede escribir en la carpeta {folder}.</translation>
    </message>
    <message>
        <source>Nothing to encode: {cache} has all patches.</source>
        <translation>Nada que codificar: {cache} tiene todas las teselas.</translation>
    </message>
    <message>
        <source>The memory of {device} does not hold a single patch: going on on the processor.</source>
        <translation>La memoria de {device} no admite ni una tesela: se continúa en el procesador.</translation>
    </message>
    <message>
        <source>Band {band} has a palette, which is expanded to RGB.</source>
        <translation>La banda {band} tiene una paleta, que se expande a RGB.</translation>
    </message>
    <message>
        <source>The memory of {device} does not hold {size} patches at once: going on with {batch}.</source>
        <translation>La memoria de {device} no admite {size} teselas a la vez: se continúa con {batch}.</translation>
    </message>
    <message>
        <source>The terms of who offers this map say how much of it may be fetched, and what for.</source>
        <translation>Las condiciones de quien ofrece este mapa dicen cuánto de él se puede descargar y para qué.</translation>
    </message>
    <message>
        <source>Map tiles to fetch: {tiles}.</source>
        <translation>Teselas del mapa por descargar: {tiles}.</translation>
    </message>
    <message>
        <source>Patches to encode: {patches}; there already: {there}. The cache: {cache}</source>
        <translation>Teselas por codificar: {patches}; ya presentes: {there}. La caché: {cache}</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Ajuste predefinido</translation>
    </message>
    <message>
        <source>Standard: the model&apos;s own values. Detailed: more and smaller objects, slowly. Fast: a quick look. Scripts say default, detailed or fast.</source>
        <translation>Estándar: los valores propios del modelo. Detallado: más objetos y más pequeños, despacio. Rápido: una vista rápida. En los scripts, default, detailed o fast.</translation>
    </message>
    <message>
        <source>Which level of the cache is looked at, 0 being the finest; large objects are found on coarser ones.</source>
        <translation>Qué nivel de la caché se examina, siendo 0 el más fino; los objetos grandes se encuentran en niveles más gruesos.</translation>
    </message>
    <message>
        <source>Only objects in this; everything when empty.</source>
        <translation>Solo los objetos dentro de ella; todo si está vacía.</translation>
    </message>
    <message>
        <source>Mask layer</source>
        <translation>Capa de máscara</translation>
    </message>
    <message>
        <source>Only objects of which at least half lies in its polygons; in any CRS.</source>
        <translation>Solo los objetos de los que al menos la mitad esté en sus polígonos; en cualquier SRC.</translation>
    </message>
    <message>
        <source>Smallest object</source>
        <translation>Objeto más pequeño</translation>
    </message>
    <message>
        <source>Largest object</source>
        <translation>Objeto más grande</translation>
    </message>
    <message>
        <source>In square metres.</source>
        <translation>En metros cuadrados.</translation>
    </message>
    <message>
        <source>Raster of classes</source>
        <translation>Ráster de clases</translation>
    </message>
    <message>
        <source>Each object gets the class that most of it has there.</source>
        <translation>Cada objeto recibe la clase que tiene allí su mayor parte.</translation>
    </message>
    <message>
        <source>As the preset has it when empty.</source>
        <translation>Como en el ajuste predefinido si está vacío.</translation>
    </message>
    <message>
        <source>Points along a side of a patch</source>
        <translation>Puntos a lo largo de un lado de la tesela</translation>
    </message>
    <message>
        <source>Points decoded together</source>
        <translation>Puntos decodificados juntos</translation>
    </message>
    <message>
        <source>Least score (0 to 1)</source>
        <translation>Puntuación mínima (0 a 1)</translation>
    </message>
    <message>
        <source>Least stability (0 to 1)</source>
        <translation>Estabilidad mínima (0 a 1)</translation>
    </message>
    <message>
        <source>Offset of the stability</source>
        <translation>Desplazamiento de la estabilidad</translation>
    </message>
    <message>
        <source>Overlap of duplicates in a patch (0 to 1)</source>
        <translation>Superposición de duplicados en una tesela (0 a 1)</translation>
    </message>
    <message>
        <source>Overlap of duplicates among patches (0 to 1)</source>
        <translation>Superposición de duplicados entre teselas (0 a 1)</translation>
    </message>
    <message>
        <source>Finer levels looked at as well</source>
        <translation>Niveles más finos que también se examinan</translation>
    </message>
    <message>
        <source>Fewer points by this at each finer level</source>
        <translation>Factor de reducción de puntos en cada nivel más fino</translation>
    </message>
    <message>
        <source>Holes and specks left out, in cells</source>
        <translation>Huecos y motas que se omiten, en celdas</translation>
    </message>
    <message>
        <source>As the preset</source>
        <translation>Como el ajuste predefinido</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Sí</translation>
    </message>
    <message>
        <source>No</source>
        <translation>No</translation>
    </message>
    <message>
        <source>Refine each mask</source>
        <translation>Refinar cada máscara</translation>
    </message>
    <message>
        <source>Each mask is decoded once more: better outlines, four times slower.</source>
        <translation>Cada máscara se decodifica una vez más: mejores contornos, cuatro veces más lento.</translation>
    </message>
    <message>
        <source>Skip points in masks</source>
        <translation>Omitir puntos en máscaras</translation>
    </message>
    <message>
        <source>Points in masks found so far are not asked: faster, with fewer objects inside others.</source>
        <translation>Los puntos en máscaras ya encontradas no se consultan: más rápido, con menos objetos dentro de otros.</translation>
    </message>
    <message>
        <source>For finer levels than the cache has, which look at the enlarged raster: where it lies, if not beside the cache.</source>
        <translation>Para niveles más finos que los de la caché, que miran el ráster ampliado: dónde está, si no está junto a la caché.</translation>
    </message>
    <message>
        <source>All parts</source>
        <translation>Todas las partes</translation>
    </message>
    <message>
        <source>Parts of a mask away from its point are kept, too.</source>
        <translation>También se conservan las partes de una máscara alejadas de su punto.</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>Objetos</translation>
    </message>
    <message>
        <source>Raster of numbers</source>
        <translation>Ráster de números</translation>
    </message>
    <message>
        <source>Each pixel has the number of its object, 0 where there is none.</source>
        <translation>Cada píxel tiene el número de su objeto, 0 donde no hay ninguno.</translation>
    </message>
    <message>
        <source>Foreground raster</source>
        <translation>Ráster de primer plano</translation>
    </message>
    <message>
        <source>Each pixel of an object is 1, all others are 0.</source>
        <translation>Cada píxel de un objeto es 1, todos los demás son 0.</translation>
    </message>
    <message>
        <source>Coloured overlay</source>
        <translation>Superposición en color</translation>
    </message>
    <message>
        <source>A picture with a colour for each object, 35 % opaque.</source>
        <translation>Una imagen con un color para cada objeto, con opacidad del 35 %.</translation>
    </message>
    <message>
        <source>“{layer}” is a file of tiles.</source>
        <translation>«{layer}» es un archivo de teselas.</translation>
    </message>
    <message>
        <source>“{layer}” does not come from a server.</source>
        <translation>«{layer}» no procede de un servidor.</translation>
    </message>
    <message>
        <source>“{layer}” holds heights, and no pictures.</source>
        <translation>«{layer}» contiene alturas, no imágenes.</translation>
    </message>
    <message>
        <source>The server of “{layer}” has not told what it offers. Load the layer again when it can be reached.</source>
        <translation>El servidor de «{layer}» no ha indicado qué ofrece. Vuelva a cargar la capa cuando sea accesible.</translation>
    </message>
    <message>
        <source>“{layer}” is not to be had in the projection of web maps.</source>
        <translation>«{layer}» no está disponible en la proyección de los mapas web.</translation>
    </message>
    <message>
        <source>“{layer}” asks for a password or has an authentication set in QGIS, which stays in QGIS: what is clicked is fetched by the engine of GeoSAM.</source>
        <translation>«{layer}» pide una contraseña o tiene una autenticación configurada en QGIS, que se queda en QGIS: lo que se pulsa lo descarga el motor de GeoSAM.</translation>
    </message>
    <message>
        <source>“{layer}” is a WMTS whose tiles are not those of web maps.</source>
        <translation>«{layer}» es un WMTS cuyas teselas no son las de los mapas web.</translation>
    </message>
    <message>
        <source>“{layer}” changes with the time that the map is set to.</source>
        <translation>«{layer}» cambia con el tiempo en que está puesto el mapa.</translation>
    </message>
    <message>
        <source>{why} Make a file of the part that you need by “Layer to raster” in the toolbox, and choose that.</source>
        <translation>{why} Haga un archivo de la parte que necesita con «Capa a ráster» en la caja de herramientas y elija ese.</translation>
    </message>
    <message>
        <source>“{layer}” is hidden at the scale of that resolution, 1:{scale:.0f}. Change its visibility, or take another resolution.</source>
        <translation>«{layer}» está oculta a la escala de esa resolución, 1:{scale:.0f}. Cambie su visibilidad o tome otra resolución.</translation>
    </message>
    <message>
        <source>It crosses the antimeridian. Make two rasters, of {west} and of {east}.</source>
        <translation>Cruza el antimeridiano. Cree dos rásteres, de {west} y de {east}.</translation>
    </message>
    <message>
        <source>Web maps end at {:.2f} degrees.</source>
        <translation>Los mapas web acaban en {:.2f} grados.</translation>
    </message>
    <message>
        <source>It has no place in the CRS {crs}.</source>
        <translation>No tiene lugar en el SRC {crs}.</translation>
    </message>
    <message>
        <source>The raster could not be written. Make room on the disk, or choose another file.</source>
        <translation>No se pudo escribir el ráster. Haga sitio en el disco o elija otro archivo.</translation>
    </message>
    <message>
        <source>the server did not answer in time</source>
        <translation>el servidor no respondió a tiempo</translation>
    </message>
    <message>
        <source>“{layer}” does not deliver all of it: {why}. Try again later, take another zoom or extent, or tick “Leave empty what is missing”.</source>
        <translation>«{layer}» no lo entrega todo: {why}. Inténtelo más tarde, tome otro zoom u otra extensión, o marque «Dejar vacío lo que falte».</translation>
    </message>
    <message>
        <source>“{layer}” delivers nothing there: {why}.</source>
        <translation>«{layer}» no entrega nada ahí: {why}.</translation>
    </message>
    <message>
        <source>“{layer}” shows nothing there. Take another extent or another resolution.</source>
        <translation>«{layer}» no muestra nada ahí. Tome otra extensión u otra resolución.</translation>
    </message>
    <message>
        <source>The raster that was made before is encoded: {}</source>
        <translation>Se codifica el ráster creado antes: {}</translation>
    </message>
    <message>
        <source>The raster is kept, and encoded now: {}</source>
        <translation>El ráster se conserva y se codifica ahora: {}</translation>
    </message>
    <message>
        <source>The raster may need {needed:.0f} MB; {free:.0f} MB are free in {folder}.</source>
        <translation>El ráster puede necesitar {needed:.0f} MB; en {folder} hay {free:.0f} MB libres.</translation>
    </message>
    <message>
        <source>A raster of {columns} x {rows} pixels of {size:.6g} in {crs}.</source>
        <translation>Un ráster de {columns} x {rows} píxeles de {size:.6g} en {crs}.</translation>
    </message>
    <message>
        <source>no CRS</source>
        <translation>sin SRC</translation>
    </message>
    <message>
        <source>{raster} Zoom {zoom}.</source>
        <translation>{raster} Nivel de zoom {zoom}.</translation>
    </message>
    <message>
        <source>Reading “{layer}”</source>
        <translation>Leyendo «{layer}»</translation>
    </message>
    <message>
        <source>{path} cannot be written: {why}.</source>
        <translation>No se puede escribir {path}: {why}.</translation>
    </message>
    <message>
        <source>Parts are missing and left empty, the first because of: {why}.</source>
        <translation>Faltan partes, que quedan vacías, la primera por: {why}.</translation>
    </message>
    <message>
        <source>Refine footprints</source>
        <translation>Refinar huellas de edificios</translation>
    </message>
    <message>
        <source>Buildings</source>
        <translation>Edificios</translation>
    </message>
    <message>
        <source>Compares building footprints with an encoded image and proposes corrections.</source>
        <translation>Compara huellas de edificios con una imagen codificada y propone correcciones.</translation>
    </message>
    <message>
        <source>Number of buildings that fit</source>
        <translation>Número de edificios que encajan</translation>
    </message>
    <message>
        <source>Number of shifted buildings</source>
        <translation>Número de edificios desplazados</translation>
    </message>
    <message>
        <source>Number of buildings with a new outline</source>
        <translation>Número de edificios con un contorno nuevo</translation>
    </message>
    <message>
        <source>Number of uncertain buildings</source>
        <translation>Número de edificios inciertos</translation>
    </message>
    <message>
        <source>Number of buildings that are gone</source>
        <translation>Número de edificios desaparecidos</translation>
    </message>
    <message>
        <source>Number of missing buildings that were found</source>
        <translation>Número de edificios que faltaban y se encontraron</translation>
    </message>
    <message>
        <source>Offset to the east in metres</source>
        <translation>Desplazamiento hacia el este en metros</translation>
    </message>
    <message>
        <source>Offset to the north in metres</source>
        <translation>Desplazamiento hacia el norte en metros</translation>
    </message>
    <message>
        <source>Is its CRS the right one, and the cache that of this place?</source>
        <translation>¿Es correcto su SRC, y la caché es de este lugar?</translation>
    </message>
    <message>
        <source>Choose a layer, or a file of OpenStreetMap.</source>
        <translation>Elija una capa o un archivo de OpenStreetMap.</translation>
    </message>
    <message>
        <source>A layer of polygons is needed.</source>
        <translation>Hace falta una capa de polígonos.</translation>
    </message>
    <message>
        <source>The layer has no CRS. Set it in the layer&apos;s properties.</source>
        <translation>La capa no tiene SRC. Defínalo en las propiedades de la capa.</translation>
    </message>
    <message>
        <source>There are no features in it.</source>
        <translation>No hay objetos en ella.</translation>
    </message>
    <message>
        <source>Name a file for the changes to OpenStreetMap as well.</source>
        <translation>Indique también un archivo para los cambios en OpenStreetMap.</translation>
    </message>
    <message>
        <source>Changes to OpenStreetMap need the file that the layer was made from.</source>
        <translation>Los cambios en OpenStreetMap necesitan el archivo del que se hizo la capa.</translation>
    </message>
    <message>
        <source>Name a .osm or .osc file.</source>
        <translation>Indique un archivo .osm u .osc.</translation>
    </message>
    <message>
        <source>That file is the one that is read. Name another one.</source>
        <translation>Ese archivo es el que se lee. Indique otro.</translation>
    </message>
    <message>
        <source>A layer of points is needed.</source>
        <translation>Hace falta una capa de puntos.</translation>
    </message>
    <message>
        <source>Comparing with the image: {done} %</source>
        <translation>Comparación con la imagen: {done} %</translation>
    </message>
    <message>
        <source>Looking for missing buildings: {done} %</source>
        <translation>Buscando edificios que faltan: {done} %</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Escribiendo</translation>
    </message>
    <message>
        <source>The buildings would fit the image if they were moved {east:+.2f} m to the east and {north:+.2f} m to the north ({count} of {measured} agree).</source>
        <translation>Los edificios encajarían con la imagen si se movieran {east:+.2f} m al este y {north:+.2f} m al norte ({count} de {measured} coinciden).</translation>
    </message>
    <message>
        <source>The layer has a field “{}” already: that of the verdict is “{}”.</source>
        <translation>La capa ya tiene un campo «{}»: el del veredicto es «{}».</translation>
    </message>
    <message>
        <source>What the engine wrote cannot be read: {}</source>
        <translation>No se puede leer lo que escribió el motor: {}</translation>
    </message>
    <message>
        <source>A layer of footprints, in any CRS. Leave it empty to take those of a file of OpenStreetMap.</source>
        <translation>Una capa de huellas, en cualquier SRC. Déjela vacía para tomar las de un archivo de OpenStreetMap.</translation>
    </message>
    <message>
        <source>File of OpenStreetMap</source>
        <translation>Archivo de OpenStreetMap</translation>
    </message>
    <message>
        <source>OpenStreetMap (*.osm *.pbf)</source>
        <translation>OpenStreetMap (*.osm *.pbf)</translation>
    </message>
    <message>
        <source>The .osm or .osm.pbf file that has the buildings, or that the layer was made from.</source>
        <translation>El archivo .osm u .osm.pbf que tiene los edificios, o del que se hizo la capa.</translation>
    </message>
    <message>
        <source>What is right where they differ as a whole</source>
        <translation>Qué tiene razón donde difieren en conjunto</translation>
    </message>
    <message>
        <source>The buildings: they stay where they are</source>
        <translation>Los edificios: se quedan donde están</translation>
    </message>
    <message>
        <source>The image: they are moved to it</source>
        <translation>La imagen: se mueven a ella</translation>
    </message>
    <message>
        <source>With the buildings, what is drawn anew is moved to fit them, as OpenStreetMap has it. Scripts say features or imagery.</source>
        <translation>Con los edificios, lo que se dibuja de nuevo se mueve para encajar con ellos, como se hace en OpenStreetMap. En los scripts, features o imagery.</translation>
    </message>
    <message>
        <source>Find missing buildings</source>
        <translation>Buscar edificios que faltan</translation>
    </message>
    <message>
        <source>What looks like the buildings of the layer and is not in it.</source>
        <translation>Lo que se parece a los edificios de la capa y no está en ella.</translation>
    </message>
    <message>
        <source>Points of missing buildings</source>
        <translation>Puntos de edificios que faltan</translation>
    </message>
    <message>
        <source>Missing buildings are looked for at these points only.</source>
        <translation>Los edificios que faltan se buscan solo en estos puntos.</translation>
    </message>
    <message>
        <source>Least likeness (0 to 1)</source>
        <translation>Parecido mínimo (0 a 1)</translation>
    </message>
    <message>
        <source>How much a missing building must look like those of the layer; fewer and surer ones with more.</source>
        <translation>Cuánto debe parecerse un edificio que falta a los de la capa; con más, menos y más seguros.</translation>
    </message>
    <message>
        <source>Turn as the neighbours</source>
        <translation>Alinear con los vecinos</translation>
    </message>
    <message>
        <source>New outlines are turned to the direction that their neighbours have.</source>
        <translation>Los contornos nuevos se giran a la dirección de sus vecinos.</translation>
    </message>
    <message>
        <source>Clean shared walls</source>
        <translation>Limpiar paredes compartidas</translation>
    </message>
    <message>
        <source>No overlaps and slivers between neighbours where one of them is changed.</source>
        <translation>Sin solapes ni astillas entre vecinos cuando uno de ellos se cambia.</translation>
    </message>
    <message>
        <source>Smallest outline (m²)</source>
        <translation>Contorno más pequeño (m²)</translation>
    </message>
    <message>
        <source>No smaller one is proposed.</source>
        <translation>No se propone ninguno más pequeño.</translation>
    </message>
    <message>
        <source>Protect</source>
        <translation>Proteger</translation>
    </message>
    <message>
        <source>Features that stay as they are: FIELD for those that have a value there, FIELD=VALUE for those that have this one, or a tag of OpenStreetMap; several with semicolons.</source>
        <translation>Objetos que se quedan como están: CAMPO para los que tienen un valor en él, CAMPO=VALOR para los que tienen ese, o una etiqueta de OpenStreetMap; varios separados por punto y coma.</translation>
    </message>
    <message>
        <source>Which level of the cache is looked at, 0 being the finest. When empty, that which suits each building&apos;s size.</source>
        <translation>Qué nivel de la caché se mira; 0 es el más fino. Si está vacío, el que conviene al tamaño de cada edificio.</translation>
    </message>
    <message>
        <source>Search radius (m)</source>
        <translation>Radio de búsqueda (m)</translation>
    </message>
    <message>
        <source>How far from its place a building is looked for.</source>
        <translation>A qué distancia de su sitio se busca un edificio.</translation>
    </message>
    <message>
        <source>Delete buildings that are gone from OpenStreetMap</source>
        <translation>Borrar de OpenStreetMap los edificios desaparecidos</translation>
    </message>
    <message>
        <source>In the changes to OpenStreetMap; else they stay in it.</source>
        <translation>En los cambios de OpenStreetMap; si no, se quedan en él.</translation>
    </message>
    <message>
        <source>Refined</source>
        <translation>Refinado</translation>
    </message>
    <message>
        <source>Changes to OpenStreetMap</source>
        <translation>Cambios en OpenStreetMap</translation>
    </message>
    <message>
        <source>For JOSM (*.osm);;osmChange (*.osc)</source>
        <translation>Para JOSM (*.osm);;osmChange (*.osc)</translation>
    </message>
    <message>
        <source>A file to be looked at in JOSM, and uploaded there; nothing is uploaded from here.</source>
        <translation>Un archivo para revisar en JOSM y subir desde allí; desde aquí no se sube nada.</translation>
    </message>
    <message>
        <source>Read what is to be reviewed</source>
        <translation>Leer lo que hay que revisar</translation>
    </message>
    <message>
        <source>“{layer}” is a temporary layer: what you decide is lost with it.</source>
        <translation>«{layer}» es una capa temporal: lo que decida se pierde con ella.</translation>
    </message>
    <message>
        <source>“{refined}” cannot be brought into the CRS of “{target}”.</source>
        <translation>«{refined}» no se puede pasar al SRC de «{target}».</translation>
    </message>
    <message>
        <source>There is nothing to review in “{refined}”: what the image shows fits.</source>
        <translation>No hay nada que revisar en «{refined}»: lo que muestra la imagen encaja.</translation>
    </message>
    <message>
        <source>“{target}” is not the layer that “{refined}” was made from: its features lie elsewhere. Choose the layer that was refined.</source>
        <translation>«{target}» no es la capa de la que se hizo «{refined}»: sus objetos están en otro lugar. Elija la capa que se refinó.</translation>
    </message>
    <message>
        <source>Review: feature removed</source>
        <translation>Revisión: objeto eliminado</translation>
    </message>
    <message>
        <source>Review: feature added</source>
        <translation>Revisión: objeto añadido</translation>
    </message>
    <message>
        <source>Review: outline replaced</source>
        <translation>Revisión: contorno reemplazado</translation>
    </message>
    <message>
        <source>Review: taken back</source>
        <translation>Revisión: anulado</translation>
    </message>
    <message>
        <source>The feature is no longer in “{layer}”. Reject the proposal, or go on.</source>
        <translation>El objeto ya no está en «{layer}». Rechace la propuesta o continúe.</translation>
    </message>
    <message>
        <source>There is no polygon of “{layer}” there.</source>
        <translation>Ahí no hay ningún polígono de «{layer}».</translation>
    </message>
    <message>
        <source>Look for the polygon</source>
        <translation>Buscar el polígono</translation>
    </message>
    <message>
        <source>Asking the server of “{layer}” what it offers…</source>
        <translation>Preguntando al servidor de «{layer}» qué ofrece…</translation>
    </message>
    <message>
        <source>The map shows no part of “{layer}” here: web maps end at 85 degrees.</source>
        <translation>Aquí el mapa no muestra nada de «{layer}»: los mapas web terminan a los 85 grados.</translation>
    </message>
    <message>
        <source>How fine the image is: proposed from the map&apos;s scale, fine enough for buildings. Larger things are found on its coarser levels.</source>
        <translation>Lo fina que es la imagen: propuesto según la escala del mapa, suficiente para edificios. Lo más grande se encuentra en sus niveles más gruesos.</translation>
    </message>
    <message>
        <source>{zoom} (pixels of {size} m)</source>
        <translation>{zoom} (píxeles de {size} m)</translation>
    </message>
    <message numerus="yes">
        <source>%n feature(s) of “{layer}” are not where they were when it was refined: they can only be rejected.</source>
        <translation>
            <numerusform>%n objeto de «{layer}» no está donde estaba cuando se refinó la capa: solo se puede rechazar.</numerusform>
            <numerusform>%n objetos de «{layer}» no están donde estaban cuando se refinó la capa: solo se pueden rechazar.</numerusform>
        </translation>
    </message>
    <message>
        <source>That was accepted when the project was open before: edit it, or change it in the layer.</source>
        <translation>Eso se aceptó cuando el proyecto estuvo abierto antes: edítelo o cámbielo en la capa.</translation>
    </message>
    <message>
        <source>The review of this object was left.</source>
        <translation>Se salió de la revisión de este objeto.</translation>
    </message>
    <message>
        <source>What “Refine footprints” has made: it has a field “verdict”.</source>
        <translation>Lo que ha hecho «Refinar huellas de edificios»: tiene un campo «verdict».</translation>
    </message>
    <message>
        <source>What you accept goes into its edits.</source>
        <translation>Lo que acepte pasa a sus ediciones.</translation>
    </message>
    <message>
        <source>Correct buildings</source>
        <translation>Corregir edificios</translation>
    </message>
    <message>
        <source>Refine footprints…</source>
        <translation>Refinar huellas de edificios…</translation>
    </message>
    <message>
        <source>Accept all of this kind</source>
        <translation>Aceptar todos los de este tipo</translation>
    </message>
    <message>
        <source>Choose the kind in the list above. Each one can be taken back.</source>
        <translation>Elija el tipo en la lista de arriba. Cada uno se puede deshacer.</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Resultado</translation>
    </message>
    <message>
        <source>Its edits are not saved yet.</source>
        <translation>Sus cambios aún no están guardados.</translation>
    </message>
    <message>
        <source>Accept ({key})</source>
        <translation>Aceptar ({key})</translation>
    </message>
    <message>
        <source>Reject ({key})</source>
        <translation>Rechazar ({key})</translation>
    </message>
    <message>
        <source>Edit ({key})</source>
        <translation>Editar ({key})</translation>
    </message>
    <message>
        <source>Back ({key})</source>
        <translation>Anterior ({key})</translation>
    </message>
    <message>
        <source>Next ({key})</source>
        <translation>Siguiente ({key})</translation>
    </message>
    <message>
        <source>Undo ({key})</source>
        <translation>Deshacer ({key})</translation>
    </message>
    <message>
        <source>Click on it as on any object; Enter saves it, and it counts as accepted.</source>
        <translation>Haga clic en él como en cualquier objeto; Intro lo guarda y cuenta como aceptado.</translation>
    </message>
    <message>
        <source>Takes the last decision back.</source>
        <translation>Anula la última decisión.</translation>
    </message>
    <message>
        <source>Compares each building of the layer with the image, and has you review what it proposes.</source>
        <translation>Compara cada edificio de la capa con la imagen y le deja revisar lo que propone.</translation>
    </message>
    <message>
        <source>Encode the image first.</source>
        <translation>Codifique primero la imagen.</translation>
    </message>
    <message>
        <source>Start review</source>
        <translation>Empezar la revisión</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Leyendo…</translation>
    </message>
    <message>
        <source>Leave review</source>
        <translation>Salir de la revisión</translation>
    </message>
    <message>
        <source>All ({count})</source>
        <translation>Todos ({count})</translation>
    </message>
    <message>
        <source>in the layer</source>
        <translation>en la capa</translation>
    </message>
    <message>
        <source>proposed</source>
        <translation>propuesto</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>desplazado</translation>
    </message>
    <message>
        <source>another shape</source>
        <translation>otra forma</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>falta</translation>
    </message>
    <message>
        <source>gone</source>
        <translation>ya no está</translation>
    </message>
    <message>
        <source>uncertain</source>
        <translation>incierto</translation>
    </message>
    <message>
        <source>{number} of {total}</source>
        <translation>{number} de {total}</translation>
    </message>
    <message>
        <source>{count} accepted</source>
        <translation>{count} aceptados</translation>
    </message>
    <message>
        <source>{count} rejected</source>
        <translation>{count} rechazados</translation>
    </message>
    <message>
        <source>all decided</source>
        <translation>todo decidido</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>aceptado</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>rechazado</translation>
    </message>
    <message>
        <source>It fits.</source>
        <translation>Encaja.</translation>
    </message>
    <message>
        <source>It is protected.</source>
        <translation>Está protegido.</translation>
    </message>
    <message>
        <source>It fits {metres} m away.</source>
        <translation>Encaja a {metres} m de distancia.</translation>
    </message>
    <message>
        <source>It fits where the layer&apos;s offset puts it.</source>
        <translation>Encaja donde lo sitúa el desplazamiento de la capa.</translation>
    </message>
    <message>
        <source>Another outline fits clearly better.</source>
        <translation>Otro contorno encaja claramente mejor.</translation>
    </message>
    <message>
        <source>In another size it fits clearly better.</source>
        <translation>Con otro tamaño encaja claramente mejor.</translation>
    </message>
    <message>
        <source>Turned it fits clearly better.</source>
        <translation>Girado encaja claramente mejor.</translation>
    </message>
    <message>
        <source>Nothing there looks like the other buildings.</source>
        <translation>Nada allí se parece a los demás edificios.</translation>
    </message>
    <message>
        <source>Too little of it is on the image.</source>
        <translation>Hay demasiado poco de él en la imagen.</translation>
    </message>
    <message>
        <source>The image is not encoded there.</source>
        <translation>La imagen no está codificada allí.</translation>
    </message>
    <message>
        <source>The image has no data there.</source>
        <translation>La imagen no tiene datos allí.</translation>
    </message>
    <message>
        <source>The cache is damaged there.</source>
        <translation>La caché está dañada allí.</translation>
    </message>
    <message>
        <source>It has no outline on the image.</source>
        <translation>No tiene contorno en la imagen.</translation>
    </message>
    <message>
        <source>It is too small to be seen.</source>
        <translation>Es demasiado pequeño para verse.</translation>
    </message>
    <message>
        <source>What is there looks like none of the other buildings.</source>
        <translation>Lo que hay allí no se parece a ninguno de los demás edificios.</translation>
    </message>
    <message>
        <source>It may be off, in a layer where hardly another one is.</source>
        <translation>Puede estar desplazado, en una capa en la que casi ningún otro lo está.</translation>
    </message>
    <message>
        <source>The image shows nothing that fits it well.</source>
        <translation>La imagen no muestra nada que encaje bien con él.</translation>
    </message>
    <message>
        <source>The outline that fits is smaller than what is asked for.</source>
        <translation>El contorno que encaja es menor de lo que se pide.</translation>
    </message>
    <message>
        <source>The layer has nothing here; it looks like its buildings ({percent}%).</source>
        <translation>La capa no tiene nada aquí; se parece a sus edificios ({percent}%).</translation>
    </message>
    <message>
        <source>It overlaps a neighbour.</source>
        <translation>Se solapa con un vecino.</translation>
    </message>
    <message>
        <source>The measures (M) of the coordinates are not in what is written.</source>
        <translation>Las medidas (M) de las coordenadas no están en lo que se escribe.</translation>
    </message>
    <message>
        <source>Not compared, since too little of them is on the image, or it is not encoded or empty there: {count} features.</source>
        <translation>No comparados, porque hay demasiado poco de ellos en la imagen, o porque allí no está codificada o está vacía: {count} objetos.</translation>
    </message>
    <message>
        <source>Too few buildings of the layer are seen on the image to say what one looks like: nothing was looked for that it lacks.</source>
        <translation>Se ven demasiado pocos edificios de la capa en la imagen para saber qué aspecto tienen: no se buscó lo que le falta.</translation>
    </message>
    <message>
        <source>No outline was drawn anew, so none was given right angles.</source>
        <translation>No se dibujó ningún contorno nuevo, así que ninguno recibió ángulos rectos.</translation>
    </message>
    <message>
        <source>No outline that was drawn anew has the shape that right angles are for: {count} have their own.</source>
        <translation>Ningún contorno dibujado de nuevo tiene la forma para la que son los ángulos rectos: {count} conservan la suya.</translation>
    </message>
    <message>
        <source>Without an id of OpenStreetMap, so not in the changes to it: {count} features that would change.</source>
        <translation>Sin id de OpenStreetMap, así que no están en los cambios: {count} objetos que cambiarían.</translation>
    </message>
    <message>
        <source>Nothing changes in OpenStreetMap, so there is no file to open.</source>
        <translation>Nada cambia en OpenStreetMap, así que no hay archivo que abrir.</translation>
    </message>
    <message>
        <source>Way {id} {why}: change it by hand.</source>
        <translation>La vía {id} {why}: cámbiela a mano.</translation>
    </message>
    <message>
        <source>Relation {id} {why}: change it by hand.</source>
        <translation>La relación {id} {why}: cámbiela a mano.</translation>
    </message>
    <message>
        <source>Way {id} is part of a relation: delete it by hand.</source>
        <translation>La vía {id} forma parte de una relación: bórrela a mano.</translation>
    </message>
    <message>
        <source>Relation {id} is part of a relation: delete it by hand.</source>
        <translation>La relación {id} forma parte de una relación: bórrela a mano.</translation>
    </message>
    <message>
        <source>Way {id} does not run over node {node} any more, which has tags, as an entrance has: move or delete the node, too.</source>
        <translation>La vía {id} ya no pasa por el nodo {node}, que tiene etiquetas, como las tiene una entrada: mueva o borre también el nodo.</translation>
    </message>
    <message>
        <source>Relation {id} does not run over node {node} any more, which has tags, as an entrance has: move or delete the node, too.</source>
        <translation>La relación {id} ya no pasa por el nodo {node}, que tiene etiquetas, como las tiene una entrada: mueva o borre también el nodo.</translation>
    </message>
    <message>
        <source>A new building at {latitude}, {longitude} {why}: draw it by hand.</source>
        <translation>Un edificio nuevo en {latitude}, {longitude} {why}: dibújelo a mano.</translation>
    </message>
    <message>
        <source>has another number of rings than its new outline</source>
        <translation>tiene otro número de anillos que su nuevo contorno</translation>
    </message>
    <message>
        <source>has ways that make a ring together</source>
        <translation>tiene vías que forman juntas un anillo</translation>
    </message>
    <message>
        <source>shares a way with another building, whose outline is not the same</source>
        <translation>comparte una vía con otro edificio cuyo contorno no es el mismo</translation>
    </message>
    <message>
        <source>crosses the antimeridian</source>
        <translation>cruza el antimeridiano</translation>
    </message>
    <message>
        <source>is smaller than OpenStreetMap&apos;s coordinates are exact</source>
        <translation>es menor que la precisión de las coordenadas de OpenStreetMap</translation>
    </message>
    <message>
        <source>has {corners} corners, and a way has at most {most} nodes</source>
        <translation>tiene {corners} esquinas, y una vía tiene como máximo {most} nodos</translation>
    </message>
    <message>
        <source>{buildings}, refined</source>
        <translation>{buildings}, refinada</translation>
    </message>
    <message>
        <source>“{layer}” can be reviewed when this review is left: choose it as Result.</source>
        <translation>«{layer}» se puede revisar al salir de esta revisión: elíjala como Resultado.</translation>
    </message>
    <message>
        <source>The buildings would fit the image if all were moved {east:+.1f} m to the east and {north:+.1f} m to the north.</source>
        <translation>Los edificios encajarían con la imagen si se movieran todos {east:+.1f} m al este y {north:+.1f} m al norte.</translation>
    </message>
</context>
</TS>
