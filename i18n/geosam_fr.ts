<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr_FR" sourcelanguage="en">
<context>
    <name>GeoSAM</name>
    <message>
        <source>The object that is not saved yet is kept: it is there again when you choose its image again.</source>
        <translation>L&apos;objet qui n&apos;est pas encore enregistré est conservé&#xa0;: il sera de nouveau là quand vous choisirez de nouveau son image.</translation>
    </message>
    <message>
        <source>The image has changed since it was encoded. Encode it again, or shapes will follow the old image.</source>
        <translation>L&apos;image a changé depuis son encodage. Encodez-la de nouveau, sinon les formes suivront l&apos;ancienne image.</translation>
    </message>
    <message>
        <source>That is in another part of the web map than the object at hand: save that first (Enter), or clear it (Esc).</source>
        <translation>C&apos;est dans une autre partie de la carte web que l&apos;objet en cours&#xa0;: enregistrez-le d&apos;abord (Entrée) ou effacez-le (Échap).</translation>
    </message>
    <message>
        <source>That is in another part of the web map: it can be clicked when the last object is saved.</source>
        <translation>C&apos;est dans une autre partie de la carte web&#xa0;: vous pourrez y cliquer quand le dernier objet sera enregistré.</translation>
    </message>
    <message>
        <source>{why} The object is kept: press “Take up again”.</source>
        <translation>{why} L&apos;objet est conservé&#xa0;: appuyez sur «&#xa0;Reprendre&#xa0;».</translation>
    </message>
    <message>
        <source>{why} The object is kept with its image.</source>
        <translation>{why} L&apos;objet est conservé avec son image.</translation>
    </message>
    <message>
        <source>The image is not encoded there yet.</source>
        <translation>L&apos;image n&apos;est pas encore encodée à cet endroit.</translation>
    </message>
    <message>
        <source>That is outside the image. Click on the image that is chosen in GeoSAM.</source>
        <translation>C&apos;est en dehors de l&apos;image. Cliquez sur l&apos;image choisie dans GeoSAM.</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Annulé.</translation>
    </message>
    <message>
        <source>{why} It is being started again.</source>
        <translation>{why} Il est relancé.</translation>
    </message>
    <message>
        <source>{why} That has happened twice over the same prompts: try others.</source>
        <translation>{why} C&apos;est arrivé deux fois avec les mêmes indications&#xa0;: essayez-en d&apos;autres.</translation>
    </message>
    <message numerus="yes">
        <source>The engine ended %n time(s) in a row and is not started again. {why} Its last words: {words}</source>
        <translation>
            <numerusform>Le moteur s&apos;est arrêté %n fois et n&apos;est pas relancé. {why} Ses derniers mots&#xa0;: {words}</numerusform>
            <numerusform>Le moteur s&apos;est arrêté %n fois de suite et n&apos;est pas relancé. {why} Ses derniers mots&#xa0;: {words}</numerusform>
        </translation>
    </message>
    <message>
        <source>The engine (version {engine}) does not belong to this version of the plugin. Restart QGIS; if that does not help, install the plugin again.</source>
        <translation>Le moteur (version {engine}) ne correspond pas à cette version de l&apos;extension. Redémarrez QGIS&#xa0;; si cela ne suffit pas, réinstallez l&apos;extension.</translation>
    </message>
    <message>
        <source>GeoSAM met an unexpected error with the engine&apos;s answer. QGIS&apos;s log messages say more.</source>
        <translation>GeoSAM a rencontré une erreur inattendue avec la réponse du moteur. Le journal des messages de QGIS en dit plus.</translation>
    </message>
    <message>
        <source>The engine&apos;s Python cannot be started: {}. Repair the engine on GeoSAM&apos;s settings page.</source>
        <translation>Le Python du moteur ne peut pas être lancé&#xa0;: {}. Réparez le moteur dans la page de paramètres de GeoSAM.</translation>
    </message>
    <message>
        <source>The engine answered something unreadable.</source>
        <translation>Le moteur a répondu quelque chose d&apos;illisible.</translation>
    </message>
    <message>
        <source>The engine ended unexpectedly.</source>
        <translation>Le moteur s&apos;est arrêté de façon inattendue.</translation>
    </message>
    <message>
        <source>The engine does not belong to this version of the plugin.</source>
        <translation>Le moteur ne correspond pas à cette version de l&apos;extension.</translation>
    </message>
    <message>
        <source>The engine did not answer.</source>
        <translation>Le moteur n&apos;a pas répondu.</translation>
    </message>
    <message>
        <source>These bands cannot be used: {details}</source>
        <translation>Ces bandes ne peuvent pas être utilisées&#xa0;: {details}</translation>
    </message>
    <message>
        <source>The feature cache is damaged.</source>
        <translation>Le cache de caractéristiques est endommagé.</translation>
    </message>
    <message>
        <source>The feature cache cannot be used: {details}</source>
        <translation>Le cache de caractéristiques ne peut pas être utilisé&#xa0;: {details}</translation>
    </message>
    <message>
        <source>Another program is writing to the feature cache just now.</source>
        <translation>Un autre programme est en train d&apos;écrire dans le cache de caractéristiques.</translation>
    </message>
    <message>
        <source>The feature cache belongs to another raster or to other settings: {details}</source>
        <translation>Le cache de caractéristiques appartient à un autre raster ou à d&apos;autres paramètres&#xa0;: {details}</translation>
    </message>
    <message>
        <source>The feature cache was made by a newer version of GeoSAM.</source>
        <translation>Le cache de caractéristiques a été créé par une version plus récente de GeoSAM.</translation>
    </message>
    <message>
        <source>There is not enough memory for the model.</source>
        <translation>Il n&apos;y a pas assez de mémoire pour le modèle.</translation>
    </message>
    <message>
        <source>The disk is full: {details}</source>
        <translation>Le disque est plein&#xa0;: {details}</translation>
    </message>
    <message>
        <source>The model could not be downloaded: {details}</source>
        <translation>Le modèle n&apos;a pas pu être téléchargé&#xa0;: {details}</translation>
    </message>
    <message>
        <source>The extent does not fit the raster: {details}</source>
        <translation>L&apos;emprise ne convient pas au raster&#xa0;: {details}</translation>
    </message>
    <message>
        <source>GeoSAM and its engine misunderstood each other.</source>
        <translation>GeoSAM et son moteur se sont mal compris.</translation>
    </message>
    <message>
        <source>The engine cannot be asked for that ({reason}).</source>
        <translation>On ne peut pas demander cela au moteur ({reason}).</translation>
    </message>
    <message>
        <source>{what_happened} {what_to_do}</source>
        <translation>{what_happened} {what_to_do}</translation>
    </message>
    <message>
        <source>The feature cache is gone.</source>
        <translation>Le cache de caractéristiques a disparu.</translation>
    </message>
    <message>
        <source>The engine met an unexpected error.</source>
        <translation>Le moteur a rencontré une erreur inattendue.</translation>
    </message>
    <message>
        <source>The engine lacks a package: {details}</source>
        <translation>Il manque un paquet au moteur&#xa0;: {details}</translation>
    </message>
    <message>
        <source>The raster&apos;s file was not found: {details}</source>
        <translation>Le fichier du raster est introuvable&#xa0;: {details}</translation>
    </message>
    <message>
        <source>Some map tiles are missing: {details}</source>
        <translation>Il manque des tuiles de carte&#xa0;: {details}</translation>
    </message>
    <message>
        <source>The model cannot be used: {details}</source>
        <translation>Le modèle ne peut pas être utilisé&#xa0;: {details}</translation>
    </message>
    <message>
        <source>The model is not on this computer yet.</source>
        <translation>Le modèle n&apos;est pas encore sur cet ordinateur.</translation>
    </message>
    <message>
        <source>There is nothing of the image there, only empty pixels (nodata).</source>
        <translation>Il n&apos;y a rien de l&apos;image à cet endroit, seulement des pixels vides (nodata).</translation>
    </message>
    <message>
        <source>Nothing changes, so no file is written.</source>
        <translation>Rien ne change, donc aucun fichier n&apos;est écrit.</translation>
    </message>
    <message>
        <source>No object was found there.</source>
        <translation>Aucun objet n&apos;a été trouvé à cet endroit.</translation>
    </message>
    <message>
        <source>The output cannot be written: {details}</source>
        <translation>La sortie ne peut pas être écrite&#xa0;: {details}</translation>
    </message>
    <message>
        <source>That is outside the image.</source>
        <translation>C&apos;est en dehors de l&apos;image.</translation>
    </message>
    <message>
        <source>These prompts cannot be used: {details}</source>
        <translation>Ces indications ne peuvent pas être utilisées&#xa0;: {details}</translation>
    </message>
    <message>
        <source>The raster cannot be used: {details}</source>
        <translation>Le raster ne peut pas être utilisé&#xa0;: {details}</translation>
    </message>
    <message>
        <source>The request cannot be understood: {details}</source>
        <translation>La requête n&apos;est pas compréhensible&#xa0;: {details}</translation>
    </message>
    <message>
        <source>The map tiles cannot be had: {details}</source>
        <translation>Les tuiles de carte ne peuvent pas être obtenues&#xa0;: {details}</translation>
    </message>
    <message>
        <source>The file of map tiles was not found: {details}</source>
        <translation>Le fichier de tuiles de carte est introuvable&#xa0;: {details}</translation>
    </message>
    <message>
        <source>The map tiles are of another size than was expected: {details}</source>
        <translation>Les tuiles de carte n&apos;ont pas la taille attendue&#xa0;: {details}</translation>
    </message>
    <message>
        <source>The engine cannot do that: {details}</source>
        <translation>Le moteur ne peut pas faire cela&#xa0;: {details}</translation>
    </message>
    <message>
        <source>Encode again, or choose another cache.</source>
        <translation>Encodez de nouveau ou choisissez un autre cache.</translation>
    </message>
    <message>
        <source>Restart QGIS; if that does not help, install the plugin again.</source>
        <translation>Redémarrez QGIS&#xa0;; si cela ne suffit pas, réinstallez l&apos;extension.</translation>
    </message>
    <message>
        <source>Encode the raster again: only what is damaged is made anew.</source>
        <translation>Encodez de nouveau le raster&#xa0;: seul ce qui est endommagé est refait.</translation>
    </message>
    <message>
        <source>Wait until it is done.</source>
        <translation>Attendez qu&apos;il ait terminé.</translation>
    </message>
    <message>
        <source>Update the plugin, or encode the raster again.</source>
        <translation>Mettez l&apos;extension à jour ou encodez de nouveau le raster.</translation>
    </message>
    <message>
        <source>Choose a smaller batch, a smaller model, or the processor as the device.</source>
        <translation>Choisissez moins de tuiles à la fois, un modèle plus petit, ou le processeur comme périphérique.</translation>
    </message>
    <message>
        <source>Make room and do the same again: what was finished is kept.</source>
        <translation>Libérez de la place et recommencez&#xa0;: ce qui était terminé est conservé.</translation>
    </message>
    <message>
        <source>Check the network and the proxy, then try again.</source>
        <translation>Vérifiez le réseau et le proxy, puis réessayez.</translation>
    </message>
    <message>
        <source>Its log says more.</source>
        <translation>Son journal en dit plus.</translation>
    </message>
    <message>
        <source>Repair the engine, or install the full one, on GeoSAM&apos;s settings page.</source>
        <translation>Réparez le moteur, ou installez le moteur complet, dans la page de paramètres de GeoSAM.</translation>
    </message>
    <message>
        <source>Download it on GeoSAM&apos;s settings page, or use nano.</source>
        <translation>Téléchargez-le dans la page de paramètres de GeoSAM, ou utilisez nano.</translation>
    </message>
    <message>
        <source>Click on the image itself.</source>
        <translation>Cliquez sur l&apos;image elle-même.</translation>
    </message>
    <message>
        <source>Encode that part first.</source>
        <translation>Encodez d&apos;abord cette partie.</translation>
    </message>
    <message>
        <source>Click on the middle of the object, or drag a box around it.</source>
        <translation>Cliquez au milieu de l&apos;objet ou tracez un cadre autour de lui.</translation>
    </message>
    <message>
        <source>Click on the image that is chosen in GeoSAM.</source>
        <translation>Cliquez sur l&apos;image choisie dans GeoSAM.</translation>
    </message>
    <message>
        <source>The engine took too long.</source>
        <translation>Le moteur a pris trop de temps.</translation>
    </message>
    <message>
        <source>The engine did not start in time.</source>
        <translation>Le moteur n&apos;a pas démarré à temps.</translation>
    </message>
    <message>
        <source>The object cannot be transformed into the layer&apos;s CRS ({crs}). Choose another target layer.</source>
        <translation>L&apos;objet ne peut pas être transformé dans le SCR de la couche ({crs}). Choisissez une autre couche cible.</translation>
    </message>
    <message>
        <source>Existing polygons cover the whole object: nothing of it is left to save.</source>
        <translation>Des polygones existants couvrent tout l&apos;objet&#xa0;: il n&apos;en reste rien à enregistrer.</translation>
    </message>
    <message>
        <source>The object could not be combined with existing polygons: {why}. Repair them with “Fix geometries”, or save it without avoiding overlaps.</source>
        <translation>L&apos;objet n&apos;a pas pu être combiné avec les polygones existants&#xa0;: {why}. Réparez-les avec «&#xa0;Réparer les géométries&#xa0;», ou enregistrez sans éviter les superpositions.</translation>
    </message>
    <message>
        <source>Downloading Python…</source>
        <translation>Téléchargement de Python…</translation>
    </message>
    <message>
        <source>Looking for Python…</source>
        <translation>Recherche de Python…</translation>
    </message>
    <message>
        <source>Making the engine&apos;s folder…</source>
        <translation>Création du dossier du moteur…</translation>
    </message>
    <message>
        <source>Installing packages…</source>
        <translation>Installation des paquets…</translation>
    </message>
    <message>
        <source>Installing torch (this is the large one)…</source>
        <translation>Installation de torch (c&apos;est le plus gros)…</translation>
    </message>
    <message>
        <source>Installing SAM 2…</source>
        <translation>Installation de SAM 2…</translation>
    </message>
    <message>
        <source>Testing: encode and click…</source>
        <translation>Test&#xa0;: encoder et cliquer…</translation>
    </message>
    <message>
        <source>Downloading the model…</source>
        <translation>Téléchargement du modèle…</translation>
    </message>
    <message>
        <source>Another QGIS is installing the engine (process {0} on {1}). Wait until it is done.</source>
        <translation>Un autre QGIS est en train d&apos;installer le moteur (processus {0} sur {1}). Attendez qu&apos;il ait terminé.</translation>
    </message>
    <message>
        <source>Cancelled. Nothing has changed.</source>
        <translation>Annulé. Rien n&apos;a changé.</translation>
    </message>
    <message>
        <source>The folder {0} cannot be written to. Name another one in the environment variable GEOSAM_ENGINE_DIR.</source>
        <translation>Impossible d&apos;écrire dans le dossier {0}. Indiquez-en un autre dans la variable d&apos;environnement GEOSAM_ENGINE_DIR.</translation>
    </message>
    <message>
        <source>The disk of {0} is too full: {1} GB are needed and {2} GB are free.</source>
        <translation>Le disque de {0} est trop plein&#xa0;: il faut {1} Go et {2} Go sont libres.</translation>
    </message>
    <message>
        <source>The folder {0} has no {1} for this computer. Add it, or install from the internet.</source>
        <translation>Le dossier {0} ne contient pas {1} pour cet ordinateur. Ajoutez-le, ou installez depuis Internet.</translation>
    </message>
    <message>
        <source>Nothing has happened for {0} min, so the installation was ended. Check the network connection and try again; what was downloaded is kept.</source>
        <translation>Rien ne s&apos;est passé pendant {0} min, l&apos;installation a donc été arrêtée. Vérifiez la connexion au réseau et réessayez&#xa0;; ce qui a été téléchargé est conservé.</translation>
    </message>
    <message>
        <source>The package index {0} has no uv {1} for this computer. Check the address of the mirror.</source>
        <translation>L&apos;index de paquets {0} n&apos;a pas uv {1} pour cet ordinateur. Vérifiez l&apos;adresse du miroir.</translation>
    </message>
    <message>
        <source>The package index {0} cannot be reached ({1}). Check the network, the proxy in QGIS&apos;s settings, or the address of the mirror.</source>
        <translation>L&apos;index de paquets {0} est injoignable ({1}). Vérifiez le réseau, le proxy dans les paramètres de QGIS, ou l&apos;adresse du miroir.</translation>
    </message>
    <message>
        <source>There is no current torch for Macs with an Intel processor. Install the small engine: it segments in every cache, also in those made with large models elsewhere.</source>
        <translation>Il n&apos;existe pas de torch actuel pour les Mac à processeur Intel. Installez le petit moteur&#xa0;: il segmente dans tous les caches, y compris ceux créés ailleurs avec de grands modèles.</translation>
    </message>
    <message>
        <source>This Linux is too old: its C library is {0}, and the packages need {1}.</source>
        <translation>Ce Linux est trop ancien&#xa0;: sa bibliothèque C est {0}, et les paquets demandent {1}.</translation>
    </message>
    <message>
        <source>This is macOS {0}; the packages need macOS {1} or newer.</source>
        <translation>Ceci est macOS {0}&#xa0;; les paquets demandent macOS {1} ou plus récent.</translation>
    </message>
    <message>
        <source>The engine is ready, but the model could not be downloaded: {0}</source>
        <translation>Le moteur est prêt, mais le modèle n&apos;a pas pu être téléchargé&#xa0;: {0}</translation>
    </message>
    <message>
        <source>CUDA does not exist on macOS. Choose the full engine: it uses Apple&apos;s graphics.</source>
        <translation>CUDA n&apos;existe pas sur macOS. Choisissez le moteur complet&#xa0;: il utilise la carte graphique d&apos;Apple.</translation>
    </message>
    <message>
        <source>Python {0} could not be downloaded from github.com. Install Python {0} yourself and choose it under “Use this Python”.</source>
        <translation>Python {0} n&apos;a pas pu être téléchargé depuis github.com. Installez vous-même Python {0} et choisissez-le sous «&#xa0;Utiliser ce Python&#xa0;».</translation>
    </message>
    <message>
        <source>This Python cannot run the engine: {0} Untick “as it is” to have it made ready.</source>
        <translation>Ce Python ne peut pas exécuter le moteur&#xa0;: {0} Décochez «&#xa0;tel quel&#xa0;» pour qu&apos;il soit préparé.</translation>
    </message>
    <message>
        <source>The packages could not be installed: {0} The log says more.</source>
        <translation>Les paquets n&apos;ont pas pu être installés&#xa0;: {0} Le journal en dit plus.</translation>
    </message>
    <message>
        <source>There are no packages for this kind of computer ({0}, {1}).</source>
        <translation>Il n&apos;y a pas de paquets pour ce type d&apos;ordinateur ({0}, {1}).</translation>
    </message>
    <message>
        <source>{0} is a 32-bit Python; the engine needs 64 bits.</source>
        <translation>{0} est un Python 32 bits&#xa0;; le moteur demande 64 bits.</translation>
    </message>
    <message>
        <source>{0} is {1}; the engine needs the usual Python.</source>
        <translation>{0} est {1}&#xa0;; le moteur demande le Python habituel.</translation>
    </message>
    <message>
        <source>{0} is Python {1}, for which not all packages exist yet. Choose one up to {2}.</source>
        <translation>{0} est Python {1}, pour lequel tous les paquets n&apos;existent pas encore. Choisissez-en un jusqu&apos;à {2}.</translation>
    </message>
    <message>
        <source>{0} is Python {1}; the engine needs {2} or newer. Choose another one, or leave the field empty.</source>
        <translation>{0} est Python {1}&#xa0;; le moteur demande {2} ou plus récent. Choisissez-en un autre ou laissez le champ vide.</translation>
    </message>
    <message>
        <source>{0} is not a Python that can be run.</source>
        <translation>{0} n&apos;est pas un Python exécutable.</translation>
    </message>
    <message>
        <source>{0} is Python {1}; here this engine needs {2}. Leave the field empty to have it downloaded.</source>
        <translation>{0} est Python {1}&#xa0;; ici, ce moteur demande {2}. Laissez le champ vide pour qu&apos;il soit téléchargé.</translation>
    </message>
    <message>
        <source>The new engine does not work: {0} The engine you had before is kept.</source>
        <translation>Le nouveau moteur ne fonctionne pas&#xa0;: {0} Le moteur précédent est conservé.</translation>
    </message>
    <message>
        <source>{0} is not the file that was published (its checksum differs), so it was not used. Check the mirror or the folder it came from.</source>
        <translation>{0} n&apos;est pas le fichier publié (sa somme de contrôle diffère), il n&apos;a donc pas été utilisé. Vérifiez le miroir ou le dossier d&apos;où il vient.</translation>
    </message>
    <message>
        <source>Segment by clicks</source>
        <translation>Segmenter par clics</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Paramètres…</translation>
    </message>
    <message>
        <source>The engine is being removed. Install it again to go on.</source>
        <translation>Le moteur est en cours de suppression. Réinstallez-le pour continuer.</translation>
    </message>
    <message>
        <source>Agree to a large raster</source>
        <translation>Accepter un grand raster</translation>
    </message>
    <message>
        <source>More than 65 million pixels, a thousand tiles. Most providers of web maps do not allow that.</source>
        <translation>Plus de 65 millions de pixels, mille tuiles. La plupart des fournisseurs de cartes web ne le permettent pas.</translation>
    </message>
    <message>
        <source>There is no such layer, or it cannot be read.</source>
        <translation>Cette couche n&apos;existe pas, ou ne peut pas être lue.</translation>
    </message>
    <message>
        <source>Feature cache</source>
        <translation>Cache de caractéristiques</translation>
    </message>
    <message>
        <source>Coverage</source>
        <translation>Couverture</translation>
    </message>
    <message>
        <source>A layer with one rectangle for each patch: its level, and whether it is encoded, missing, or empty for want of pixels.</source>
        <translation>Une couche avec un rectangle par tuile&#xa0;: son niveau, et si elle est encodée, manquante ou vide faute de pixels.</translation>
    </message>
    <message>
        <source>There is no folder {}.</source>
        <translation>Il n&apos;y a pas de dossier {}.</translation>
    </message>
    <message>
        <source>{} is not a feature cache. Encode a raster first, then choose its cache.</source>
        <translation>{} n&apos;est pas un cache de caractéristiques. Encodez d&apos;abord un raster, puis choisissez son cache.</translation>
    </message>
    <message>
        <source>GeoSAM&apos;s engine is not installed. Install it in QGIS&apos;s window, under Settings &gt; Options &gt; GeoSAM. On a server without a window: make a Python environment, install {packages} into it with pip, and name its Python in {settings}, under [geosam]: engine\python=…, engine\is_complete=true.</source>
        <translation>Le moteur de GeoSAM n&apos;est pas installé. Installez-le dans la fenêtre de QGIS, sous Préférences &gt; Options &gt; GeoSAM. Sur un serveur sans fenêtre&#xa0;: créez un environnement Python, installez-y {packages} avec pip, et indiquez son Python dans {settings}, sous [geosam]&#xa0;: engine\python=…, engine\is_complete=true.</translation>
    </message>
    <message>
        <source>GeoSAM&apos;s engine is not installed. Install it under Settings &gt; Options &gt; GeoSAM.</source>
        <translation>Le moteur de GeoSAM n&apos;est pas installé. Installez-le sous Préférences &gt; Options &gt; GeoSAM.</translation>
    </message>
    <message>
        <source>Describe a feature cache</source>
        <translation>Décrire un cache de caractéristiques</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>Encodage</translation>
    </message>
    <message>
        <source>Tells what a cache was made from and what is encoded.</source>
        <translation>Indique à partir de quoi un cache a été créé et ce qui est encodé.</translation>
    </message>
    <message>
        <source>Raster to compare with</source>
        <translation>Raster à comparer</translation>
    </message>
    <message>
        <source>Is it still the raster that was encoded?</source>
        <translation>Est-ce encore le raster qui a été encodé&#xa0;?</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>HTML files (*.html)</source>
        <translation>Fichiers HTML (*.html)</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Name of the raster</source>
        <translation>Nom du raster</translation>
    </message>
    <message>
        <source>What became of the raster</source>
        <translation>Ce qu&apos;est devenu le raster</translation>
    </message>
    <message>
        <source>CRS</source>
        <translation>SCR</translation>
    </message>
    <message>
        <source>Number of levels</source>
        <translation>Nombre de niveaux</translation>
    </message>
    <message>
        <source>Number of encoded patches</source>
        <translation>Nombre de tuiles encodées</translation>
    </message>
    <message>
        <source>Number of patches without any pixel</source>
        <translation>Nombre de tuiles sans aucun pixel</translation>
    </message>
    <message>
        <source>Number of patches that are not encoded</source>
        <translation>Nombre de tuiles non encodées</translation>
    </message>
    <message>
        <source>Size on disk in bytes</source>
        <translation>Taille sur le disque en octets</translation>
    </message>
    <message>
        <source>It is not a raster file.</source>
        <translation>Ce n&apos;est pas un fichier raster.</translation>
    </message>
    <message>
        <source>It cannot be written ({}).</source>
        <translation>Il ne peut pas être écrit ({}).</translation>
    </message>
    <message>
        <source>it is the raster that was encoded</source>
        <translation>c&apos;est le raster qui a été encodé</translation>
    </message>
    <message>
        <source>it is not the raster that was encoded: encode again</source>
        <translation>ce n&apos;est pas le raster qui a été encodé&#xa0;: encodez de nouveau</translation>
    </message>
    <message>
        <source>it cannot be read</source>
        <translation>il ne peut pas être lu</translation>
    </message>
    <message>
        <source>there is none</source>
        <translation>il n&apos;y en a pas</translation>
    </message>
    <message>
        <source>Raster</source>
        <translation>Raster</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Taille</translation>
    </message>
    <message>
        <source>{width} x {height} pixels of {across:g} x {down:g}</source>
        <translation>{width} x {height} pixels de {across:g} x {down:g}</translation>
    </message>
    <message>
        <source>Bands</source>
        <translation>Bandes</translation>
    </message>
    <message>
        <source>Stretch</source>
        <translation>Étirement</translation>
    </message>
    <message>
        <source>Patches</source>
        <translation>Tuiles</translation>
    </message>
    <message>
        <source>{PATCHES} encoded, {EMPTY} without any pixel, {MISSING} not encoded</source>
        <translation>{PATCHES} encodées, {EMPTY} sans aucun pixel, {MISSING} non encodées</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>Sur le disque</translation>
    </message>
    <message>
        <source>{:.1f} MB</source>
        <translation>{:.1f} Mo</translation>
    </message>
    <message>
        <source>Compared with</source>
        <translation>Comparé avec</translation>
    </message>
    <message>
        <source>Being written by</source>
        <translation>En cours d&apos;écriture par</translation>
    </message>
    <message>
        <source>process {pid} on {host}</source>
        <translation>processus {pid} sur {host}</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Niveau</translation>
    </message>
    <message>
        <source>Pixel size</source>
        <translation>Taille de pixel</translation>
    </message>
    <message>
        <source>Encoded</source>
        <translation>Encodées</translation>
    </message>
    <message>
        <source>Without any pixel</source>
        <translation>Sans aucun pixel</translation>
    </message>
    <message>
        <source>Raster layer</source>
        <translation>Couche raster</translation>
    </message>
    <message>
        <source>An image that is a file on this computer or a network drive. Of any other, such as a web map, a GeoTIFF of the extent is made first, at the zoom nearest to the resolution.</source>
        <translation>Une image qui est un fichier sur cet ordinateur ou sur un lecteur réseau. De toute autre, comme une carte web, un GeoTIFF de l&apos;emprise est fait d&apos;abord, au zoom le plus proche de la résolution.</translation>
    </message>
    <message>
        <source>nano is the quick default and comes with the plugin. The SAM 2.1 models are better: the page under Settings &gt; Options &gt; GeoSAM downloads them, once, with the full engine that they need.</source>
        <translation>nano est le modèle rapide par défaut, fourni avec l&apos;extension. Les modèles SAM 2.1 sont meilleurs&#xa0;: la page sous Préférences &gt; Options &gt; GeoSAM les télécharge une fois, avec le moteur complet qu&apos;ils demandent.</translation>
    </message>
    <message>
        <source>Extent</source>
        <translation>Emprise</translation>
    </message>
    <message>
        <source>Only what meets this is encoded; everything when empty. A further run with another extent adds to the same cache.</source>
        <translation>Seul ce qui la touche est encodé&#xa0;; tout, si elle est vide. Une nouvelle exécution avec une autre emprise complète le même cache.</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>Résolution</translation>
    </message>
    <message>
        <source>Size of a pixel as the model is to see it, in the raster&apos;s units; the raster&apos;s own when empty.</source>
        <translation>Taille de pixel sous laquelle le modèle doit voir l&apos;image, dans les unités du raster&#xa0;; celle du raster si vide.</translation>
    </message>
    <message>
        <source>One to three bands, red first; those that the layer is displayed with when empty.</source>
        <translation>Une à trois bandes, le rouge d&apos;abord&#xa0;; si vide, celles avec lesquelles la couche est affichée.</translation>
    </message>
    <message>
        <source>How values become brightness: auto, none, minmax, two percentiles such as 2,98, or values such as 0:3000 (or one such pair for each band, separated by commas). As the layer is displayed when empty.</source>
        <translation>Comment les valeurs deviennent de la luminosité&#xa0;: auto, none, minmax, deux percentiles comme 2,98, ou des valeurs comme 0:3000 (ou une telle paire par bande, séparées par des virgules). Si vide, comme la couche est affichée.</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>Point de contrôle (checkpoint)</translation>
    </message>
    <message>
        <source>Weights of your own, in the structure of the chosen model.</source>
        <translation>Vos propres poids, dans la structure du modèle choisi.</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>Niveaux</translation>
    </message>
    <message>
        <source>How many times the image is encoded, each time at half the resolution, so that objects larger than a patch can be clicked. When empty, until all fits one patch.</source>
        <translation>Combien de fois l&apos;image est encodée, chaque fois à la moitié de la résolution, pour que des objets plus grands qu&apos;une tuile puissent être cliqués. Si vide, jusqu&apos;à ce que tout tienne dans une tuile.</translation>
    </message>
    <message>
        <source>Overlap of patches</source>
        <translation>Recouvrement des tuiles</translation>
    </message>
    <message>
        <source>In pixels, a multiple of 4; a patch has 1024. With 0, objects end at the borders of patches.</source>
        <translation>En pixels, un multiple de 4&#xa0;; une tuile en a 1024. Avec 0, les objets s&apos;arrêtent aux bords des tuiles.</translation>
    </message>
    <message>
        <source>Stored as</source>
        <translation>Stocké en</translation>
    </message>
    <message>
        <source>auto keeps to what a cache has, and takes int8 for a new one: half the space of float16, and outlines that hardly differ.</source>
        <translation>auto garde ce qu&apos;un cache utilise et prend int8 pour un nouveau&#xa0;: la moitié de la place de float16, et des contours qui ne diffèrent guère.</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Périphérique</translation>
    </message>
    <message>
        <source>Where the model runs; auto takes a graphics card when it can.</source>
        <translation>Où le modèle s&apos;exécute&#xa0;; auto prend une carte graphique si possible.</translation>
    </message>
    <message>
        <source>Patches at once</source>
        <translation>Tuiles à la fois</translation>
    </message>
    <message>
        <source>When empty, what suits the device.</source>
        <translation>Si vide, ce qui convient au périphérique.</translation>
    </message>
    <message>
        <source>Replace the cache</source>
        <translation>Remplacer le cache</translation>
    </message>
    <message>
        <source>Do not go on with a cache that is there, but make it anew.</source>
        <translation>Ne pas continuer un cache existant, mais le refaire.</translation>
    </message>
    <message>
        <source>Feature cache (beside the raster when skipped)</source>
        <translation>Cache de caractéristiques (à côté du raster si omis)</translation>
    </message>
    <message>
        <source>The cache to make or to go on with. In a folder that is no cache it is made under its usual name, which is that of the raster and the model.</source>
        <translation>Le cache à créer ou à continuer. Dans un dossier qui n&apos;est pas un cache, il est créé sous son nom habituel, celui du raster et du modèle.</translation>
    </message>
    <message>
        <source>Encode raster</source>
        <translation>Encoder un raster</translation>
    </message>
    <message>
        <source>Prepares a raster once, so that it can be clicked ever after.</source>
        <translation>Prépare un raster une fois, pour qu&apos;on puisse ensuite toujours y cliquer.</translation>
    </message>
    <message>
        <source>Patches in the extent</source>
        <translation>Tuiles dans l&apos;emprise</translation>
    </message>
    <message>
        <source>Patches encoded by this run</source>
        <translation>Tuiles encodées par cette exécution</translation>
    </message>
    <message>
        <source>Patches without any pixel found by this run</source>
        <translation>Tuiles sans aucun pixel trouvées par cette exécution</translation>
    </message>
    <message>
        <source>Patches that were there already</source>
        <translation>Tuiles déjà présentes</translation>
    </message>
    <message>
        <source>The raster that was made of a layer without a file</source>
        <translation>Le raster fait d&apos;une couche sans fichier</translation>
    </message>
    <message>
        <source>Choose one to three bands, not {}.</source>
        <translation>Choisissez une à trois bandes, pas {}.</translation>
    </message>
    <message>
        <source>There is no band {}; the raster has {}.</source>
        <translation>Il n&apos;y a pas de bande {}&#xa0;; le raster en a {}.</translation>
    </message>
    <message>
        <source>“{}” is no file, and is encoded as it is displayed: choose the bands in its style.</source>
        <translation>«&#xa0;{}&#xa0;» n&apos;est pas un fichier et est encodée telle qu&apos;elle est affichée&#xa0;: choisissez les bandes dans son style.</translation>
    </message>
    <message>
        <source>“{}” is not understood. Use auto, none, minmax, two percentiles such as 2,98, or values such as 0:3000.</source>
        <translation>«&#xa0;{}&#xa0;» n&apos;est pas compris. Utilisez auto, none, minmax, deux percentiles comme 2,98, ou des valeurs comme 0:3000.</translation>
    </message>
    <message>
        <source>It must be a multiple of {} between 0 and {}, not {}.</source>
        <translation>Ce doit être un multiple de {} entre 0 et {}, pas {}.</translation>
    </message>
    <message>
        <source>That would be {columns} x {rows} pixels, more than can be made. Take a smaller extent or a coarser resolution.</source>
        <translation>Cela ferait {columns} x {rows} pixels, plus qu&apos;il n&apos;est possible. Prenez une emprise plus petite ou une résolution plus grossière.</translation>
    </message>
    <message>
        <source>That would be {columns} x {rows} pixels, more than {limit:.0f} million. Agree to a large raster if the provider&apos;s terms allow that, or take a smaller extent or a coarser resolution.</source>
        <translation>Cela ferait {columns} x {rows} pixels, plus de {limit:.0f} millions. Acceptez un grand raster si les conditions du fournisseur le permettent, ou prenez une emprise plus petite ou une résolution plus grossière.</translation>
    </message>
    <message>
        <source>That would be {count} tiles; the terms of {host} forbid bulk downloads, and {most} at once is what GeoSAM takes from it. Take a smaller extent, a lower zoom or another source.</source>
        <translation>Cela ferait {count} tuiles&#xa0;; les conditions de {host} interdisent les téléchargements en masse, et {most} à la fois est ce que GeoSAM y prend. Prenez une emprise plus petite, un zoom plus faible ou une autre source.</translation>
    </message>
    <message>
        <source>It is empty.</source>
        <translation>Elle est vide.</translation>
    </message>
    <message>
        <source>Web maps end at 85.05 degrees: the extent is cut off there.</source>
        <translation>Les cartes web finissent à 85,05 degrés&#xa0;: l&apos;emprise y est coupée.</translation>
    </message>
    <message>
        <source>“{}” has no end of its own: say which part is wanted.</source>
        <translation>«&#xa0;{}&#xa0;» n&apos;a pas de fin propre&#xa0;: indiquez la partie voulue.</translation>
    </message>
    <message>
        <source>“{}” is empty.</source>
        <translation>«&#xa0;{}&#xa0;» est vide.</translation>
    </message>
    <message>
        <source>Give a zoom or a resolution, not both.</source>
        <translation>Donnez un zoom ou une résolution, pas les deux.</translation>
    </message>
    <message>
        <source>Give a zoom from {first} to {last}, or a resolution.</source>
        <translation>Donnez un zoom de {first} à {last}, ou une résolution.</translation>
    </message>
    <message>
        <source>“{layer}” has the zooms {first} to {last}, not {zoom}.</source>
        <translation>«&#xa0;{layer}&#xa0;» a les zooms {first} à {last}, pas {zoom}.</translation>
    </message>
    <message>
        <source>It does not meet the layer.</source>
        <translation>Elle ne rencontre pas la couche.</translation>
    </message>
    <message>
        <source>“{}” has no pixels of its own: say how large they are.</source>
        <translation>«&#xa0;{}&#xa0;» n&apos;a pas de pixels propres&#xa0;: indiquez leur taille.</translation>
    </message>
    <message>
        <source>It must be above 0.</source>
        <translation>Elle doit être supérieure à 0.</translation>
    </message>
    <message>
        <source>Only XYZ layers have zooms: give a resolution instead.</source>
        <translation>Seules les couches XYZ ont des zooms&#xa0;: donnez plutôt une résolution.</translation>
    </message>
    <message>
        <source>It is too large.</source>
        <translation>Elle est trop grande.</translation>
    </message>
    <message>
        <source>It does not meet the raster.</source>
        <translation>Elle ne touche pas le raster.</translation>
    </message>
    <message>
        <source>There is no file {}.</source>
        <translation>Il n&apos;y a pas de fichier {}.</translation>
    </message>
    <message>
        <source>{} is a file, not a folder.</source>
        <translation>{} est un fichier, pas un dossier.</translation>
    </message>
    <message>
        <source>Cancelled. Nothing is written.</source>
        <translation>Annulé. Rien n&apos;est écrit.</translation>
    </message>
    <message>
        <source>Cancelled. What is encoded is kept: the same run goes on from there.</source>
        <translation>Annulé. Ce qui est encodé est conservé&#xa0;: la même exécution reprend à cet endroit.</translation>
    </message>
    <message>
        <source>“{}” is not a raster file. Layers from web services, databases, archives and containers have to be exported to a file first (Export → Save As…).</source>
        <translation>«&#xa0;{}&#xa0;» n&apos;est pas un fichier raster. Les couches de services web, de bases de données, d&apos;archives et de conteneurs doivent d&apos;abord être exportées vers un fichier (Exporter → Enregistrer sous…).</translation>
    </message>
    <message>
        <source>Patches: {done} of {total}</source>
        <translation>Tuiles&#xa0;: {done} sur {total}</translation>
    </message>
    <message>
        <source>{done}, {time} left</source>
        <translation>{done}, encore {time}</translation>
    </message>
    <message>
        <source>Patches encoded: {encoded} (in {seconds:.1f} s); without any pixel: {empty}; there already: {skipped}.</source>
        <translation>Tuiles encodées&#xa0;: {encoded} (en {seconds:.1f} s)&#xa0;; sans aucun pixel&#xa0;: {empty}&#xa0;; déjà présentes&#xa0;: {skipped}.</translation>
    </message>
    <message>
        <source>Choose another output, or tick “Replace the cache”.</source>
        <translation>Choisissez une autre sortie, ou cochez «&#xa0;Remplacer le cache&#xa0;».</translation>
    </message>
    <message>
        <source>Wait until it is done, press “Stop” in GeoSAM&apos;s dock if it is being encoded as you click, or choose another output.</source>
        <translation>Attendez qu&apos;il ait terminé, appuyez sur «&#xa0;Arrêter&#xa0;» dans le panneau de GeoSAM si l&apos;image est encodée pendant que vous cliquez, ou choisissez une autre sortie.</translation>
    </message>
    <message>
        <source>Choose another output.</source>
        <translation>Choisissez une autre sortie.</translation>
    </message>
    <message>
        <source>Choose an output on another disk, a smaller extent or a coarser resolution.</source>
        <translation>Choisissez une sortie sur un autre disque, une emprise plus petite ou une résolution plus grossière.</translation>
    </message>
    <message>
        <source>Prompts: {done} of {total}</source>
        <translation>Indications&#xa0;: {done} sur {total}</translation>
    </message>
    <message>
        <source>Prompts: {done}</source>
        <translation>Indications&#xa0;: {done}</translation>
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
        <translation>«&#xa0;{}&#xa0;» ne signifie ni inclure ni exclure.</translation>
    </message>
    <message>
        <source>It has no geometry.</source>
        <translation>Elle n&apos;a pas de géométrie.</translation>
    </message>
    <message>
        <source>It cannot be placed in the raster&apos;s CRS.</source>
        <translation>Elle ne peut pas être placée dans le SCR du raster.</translation>
    </message>
    <message>
        <source>Polygons</source>
        <translation>Polygones</translation>
    </message>
    <message>
        <source>Points or boxes</source>
        <translation>Points ou cadres</translation>
    </message>
    <message>
        <source>A point layer, or a polygon layer, of which the extents are the boxes; in any CRS.</source>
        <translation>Une couche de points, ou une couche de polygones dont les emprises sont les cadres&#xa0;; dans n&apos;importe quel SCR.</translation>
    </message>
    <message>
        <source>Include/exclude field</source>
        <translation>Champ inclure/exclure</translation>
    </message>
    <message>
        <source>For points: include, +, 1, true or nothing for what belongs to the object; exclude, -, 0 or false for what does not.</source>
        <translation>Pour les points&#xa0;: include, +, 1, true ou rien pour ce qui appartient à l&apos;objet&#xa0;; exclude, -, 0 ou false pour ce qui ne lui appartient pas.</translation>
    </message>
    <message>
        <source>Object field</source>
        <translation>Champ de l&apos;objet</translation>
    </message>
    <message>
        <source>For points: those with the same value are one object. Without it, every feature is one.</source>
        <translation>Pour les points&#xa0;: ceux qui ont la même valeur forment un objet. Sans lui, chaque entité en est un.</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>Candidat</translation>
    </message>
    <message>
        <source>auto: the best-scored of three for a single point, else the single one; single, best: that one always; all: up to three polygons for each prompt.</source>
        <translation>auto&#xa0;: le mieux noté des trois pour un point seul, sinon l&apos;unique&#xa0;; single, best&#xa0;: toujours celui-là&#xa0;; all&#xa0;: jusqu&apos;à trois polygones par indication.</translation>
    </message>
    <message>
        <source>Which level of the cache answers, 0 being the finest. When empty, that which suits a box&apos;s size, and the finest for points.</source>
        <translation>Quel niveau du cache répond, 0 étant le plus fin. Si vide, celui qui convient à la taille du cadre, et le plus fin pour les points.</translation>
    </message>
    <message>
        <source>Simplify</source>
        <translation>Simplifier</translation>
    </message>
    <message>
        <source>Tolerance in pixels.</source>
        <translation>Tolérance en pixels.</translation>
    </message>
    <message>
        <source>Smallest part</source>
        <translation>Plus petite partie</translation>
    </message>
    <message>
        <source>Smaller ones are left out, in square pixels.</source>
        <translation>Les plus petites sont écartées, en pixels carrés.</translation>
    </message>
    <message>
        <source>Smallest hole</source>
        <translation>Plus petit trou</translation>
    </message>
    <message>
        <source>Smaller ones are filled, in square pixels.</source>
        <translation>Les plus petits sont comblés, en pixels carrés.</translation>
    </message>
    <message>
        <source>Largest part only</source>
        <translation>La plus grande partie seulement</translation>
    </message>
    <message>
        <source>One part for each object, never several.</source>
        <translation>Une partie par objet, jamais plusieurs.</translation>
    </message>
    <message>
        <source>For buildings: outlines that are nearly rectangular get right angles only; all others stay as they are.</source>
        <translation>Pour les bâtiments&#xa0;: les contours presque rectangulaires ne reçoivent que des angles droits&#xa0;; tous les autres restent tels quels.</translation>
    </message>
    <message>
        <source>Right angles</source>
        <translation>Angles droits</translation>
    </message>
    <message>
        <source>Segment by points or boxes</source>
        <translation>Segmenter par points ou cadres</translation>
    </message>
    <message>
        <source>Segment everything</source>
        <translation>Tout segmenter</translation>
    </message>
    <message>
        <source>Segmentation</source>
        <translation>Segmentation</translation>
    </message>
    <message>
        <source>Makes a polygon for every object of an encoded raster.</source>
        <translation>Crée un polygone pour chaque objet d&apos;un raster encodé.</translation>
    </message>
    <message>
        <source>Lower the least score and the least stability, or take another level.</source>
        <translation>Abaissez le score minimal et la stabilité minimale, ou prenez un autre niveau.</translation>
    </message>
    <message>
        <source>Cancelled. For a week, the same run goes on from there.</source>
        <translation>Annulé. Pendant une semaine, la même exécution reprend à cet endroit.</translation>
    </message>
    <message>
        <source>Patches that are not encoded, left out: {}.</source>
        <translation>Tuiles non encodées, laissées de côté&#xa0;: {}.</translation>
    </message>
    <message>
        <source>Patches: {done} of {total}; objects: {objects}</source>
        <translation>Tuiles&#xa0;: {done} sur {total}&#xa0;; objets&#xa0;: {objects}</translation>
    </message>
    <message>
        <source>Makes a polygon for every point, group of points or box.</source>
        <translation>Crée un polygone pour chaque point, groupe de points ou cadre.</translation>
    </message>
    <message>
        <source>Number of polygons</source>
        <translation>Nombre de polygones</translation>
    </message>
    <message>
        <source>Number of prompts without a polygon</source>
        <translation>Nombre d&apos;indications sans polygone</translation>
    </message>
    <message>
        <source>A layer of points or polygons is needed.</source>
        <translation>Il faut une couche de points ou de polygones.</translation>
    </message>
    <message>
        <source>The layer has no field “{}”.</source>
        <translation>La couche n&apos;a pas de champ «&#xa0;{}&#xa0;».</translation>
    </message>
    <message>
        <source>Feature {}: {}</source>
        <translation>Entité {}&#xa0;: {}</translation>
    </message>
    <message>
        <source>No prompt gave a polygon. {}</source>
        <translation>Aucune indication n&apos;a donné de polygone. {}</translation>
    </message>
    <message>
        <source>Prompts without a polygon, left out: {}.</source>
        <translation>Indications sans polygone, laissées de côté&#xa0;: {}.</translation>
    </message>
    <message>
        <source>The object has no area.</source>
        <translation>L&apos;objet n&apos;a pas de surface.</translation>
    </message>
    <message>
        <source>The feature that was taken up is no longer there. Take it up again, or save the object as a new feature.</source>
        <translation>L&apos;entité qui avait été reprise n&apos;est plus là. Reprenez-la, ou enregistrez l&apos;objet comme nouvelle entité.</translation>
    </message>
    <message>
        <source>Segmented object</source>
        <translation>Objet segmenté</translation>
    </message>
    <message>
        <source>Cut by a segmented object</source>
        <translation>Découpé par un objet segmenté</translation>
    </message>
    <message>
        <source>Joined with a segmented object</source>
        <translation>Réuni avec un objet segmenté</translation>
    </message>
    <message>
        <source>Segmented again</source>
        <translation>Segmenté de nouveau</translation>
    </message>
    <message numerus="yes">
        <source>The feature would get %n part(s), but the layer takes single parts only.</source>
        <translation>
            <numerusform>L&apos;entité aurait %n partie, mais la couche n&apos;accepte que des parties uniques.</numerusform>
            <numerusform>L&apos;entité aurait %n parties, mais la couche n&apos;accepte que des parties uniques.</numerusform>
        </translation>
    </message>
    <message>
        <source>Select one feature of “{layer}” first.</source>
        <translation>Sélectionnez d&apos;abord une entité de «&#xa0;{layer}&#xa0;».</translation>
    </message>
    <message>
        <source>Select features of “{layer}” first.</source>
        <translation>Sélectionnez d&apos;abord des entités de «&#xa0;{layer}&#xa0;».</translation>
    </message>
    <message>
        <source>The layer “{layer}” cannot be edited. Choose another target layer.</source>
        <translation>La couche «&#xa0;{layer}&#xa0;» ne peut pas être modifiée. Choisissez une autre couche cible.</translation>
    </message>
    <message>
        <source>The layer “{layer}” does not take the object. Choose another target layer.</source>
        <translation>La couche «&#xa0;{layer}&#xa0;» n&apos;accepte pas l&apos;objet. Choisissez une autre couche cible.</translation>
    </message>
    <message>
        <source>The object covers the whole selected feature: nothing would be left.</source>
        <translation>L&apos;objet couvre toute l&apos;entité sélectionnée&#xa0;: il n&apos;en resterait rien.</translation>
    </message>
    <message>
        <source>The object does not touch the selected feature.</source>
        <translation>L&apos;objet ne touche pas l&apos;entité sélectionnée.</translation>
    </message>
    <message>
        <source>The target layer is gone. Choose another one and save again.</source>
        <translation>La couche cible n&apos;est plus là. Choisissez-en une autre et enregistrez de nouveau.</translation>
    </message>
    <message>
        <source>Choose the layer with the selected feature as the target first.</source>
        <translation>Choisissez d&apos;abord comme cible la couche de l&apos;entité sélectionnée.</translation>
    </message>
    <message>
        <source>The object could not be saved.</source>
        <translation>L&apos;objet n&apos;a pas pu être enregistré.</translation>
    </message>
    <message>
        <source>Objects in {raster}</source>
        <translation>Objets dans {raster}</translation>
    </message>
    <message>
        <source>It was edited meanwhile. Save it again.</source>
        <translation>Elle a été modifiée entre-temps. Enregistrez-la de nouveau.</translation>
    </message>
    <message>
        <source>The layer “{layer}” is now kept in {path}. Objects that come later are in its edits until you save these.</source>
        <translation>La couche «&#xa0;{layer}&#xa0;» est maintenant conservée dans {path}. Les objets suivants restent dans ses modifications jusqu&apos;à ce que vous les enregistriez.</translation>
    </message>
    <message>
        <source>The layer “{layer}” was not saved. {why}</source>
        <translation>La couche «&#xa0;{layer}&#xa0;» n&apos;a pas été enregistrée. {why}</translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation>Récupérer</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Abandonner</translation>
    </message>
    <message>
        <source>Log…</source>
        <translation>Journal…</translation>
    </message>
    <message>
        <source>Looking for its cache…</source>
        <translation>Recherche de son cache…</translation>
    </message>
    <message>
        <source>Not encoded yet.</source>
        <translation>Pas encore encodée.</translation>
    </message>
    <message>
        <source>Its first part is being encoded…</source>
        <translation>Encodage de sa première partie…</translation>
    </message>
    <message>
        <source>Opening its cache…</source>
        <translation>Ouverture de son cache…</translation>
    </message>
    <message>
        <source>Encoded with {model}, as far as you have looked.</source>
        <translation>Encodée avec {model}, là où vous avez regardé.</translation>
    </message>
    <message>
        <source>Encoded with {model}, pixels of {size}, {share} of the image.</source>
        <translation>Encodée avec {model}, pixels de {size}, {share} de l&apos;image.</translation>
    </message>
    <message>
        <source>Add a raster layer to the project.</source>
        <translation>Ajoutez une couche raster au projet.</translation>
    </message>
    <message>
        <source>Encode more…</source>
        <translation>Encoder plus…</translation>
    </message>
    <message>
        <source>Encode…</source>
        <translation>Encoder…</translation>
    </message>
    <message>
        <source>Saved: {count}</source>
        <translation>Enregistrés&#xa0;: {count}</translation>
    </message>
    <message>
        <source>last answer: {ms:.0f} ms</source>
        <translation>dernière réponse&#xa0;: {ms:.0f} ms</translation>
    </message>
    <message>
        <source>waiting to be saved: {count}</source>
        <translation>en attente d&apos;enregistrement&#xa0;: {count}</translation>
    </message>
    <message>
        <source>Engine: asleep</source>
        <translation>Moteur&#xa0;: en veille</translation>
    </message>
    <message>
        <source>Engine: starting…</source>
        <translation>Moteur&#xa0;: démarre…</translation>
    </message>
    <message>
        <source>Engine: ready</source>
        <translation>Moteur&#xa0;: prêt</translation>
    </message>
    <message>
        <source>Engine: starting again…</source>
        <translation>Moteur&#xa0;: redémarre…</translation>
    </message>
    <message>
        <source>Engine: not working</source>
        <translation>Moteur&#xa0;: ne fonctionne pas</translation>
    </message>
    <message numerus="yes">
        <source>%n part(s)</source>
        <translation>
            <numerusform>%n partie</numerusform>
            <numerusform>%n parties</numerusform>
        </translation>
    </message>
    <message>
        <source>1. Add an aerial or satellite image to the project.</source>
        <translation>1. Ajoutez une image aérienne ou satellite au projet.</translation>
    </message>
    <message>
        <source>1. Choose an image that is a file, or a web map.</source>
        <translation>1. Choisissez une image qui est un fichier, ou une carte web.</translation>
    </message>
    <message>
        <source>2. Press “Click now” to begin at once, or “Encode…” to prepare the whole image first: once per image, then every click gives an outline at once.</source>
        <translation>2. Appuyez sur «&#xa0;Cliquer tout de suite&#xa0;» pour commencer aussitôt, ou sur «&#xa0;Encoder…&#xa0;» pour préparer d&apos;abord toute l&apos;image&#xa0;: une fois par image, ensuite chaque clic donne aussitôt un contour.</translation>
    </message>
    <message>
        <source>2. Zoom to what you want to outline, and press “Click now”: what the map shows is fetched and encoded, and kept.</source>
        <translation>2. Zoomez sur ce que vous voulez détourer et appuyez sur «&#xa0;Cliquer tout de suite&#xa0;»&#xa0;: ce que la carte montre est téléchargé, encodé et conservé.</translation>
    </message>
    <message>
        <source>3. Press “Start clicking”.</source>
        <translation>3. Appuyez sur «&#xa0;Commencer à cliquer&#xa0;».</translation>
    </message>
    <message>
        <source>4. Click on an object, or drag a box around it.</source>
        <translation>4. Cliquez sur un objet ou tracez un cadre autour de lui.</translation>
    </message>
    <message>
        <source>Click on the object itself, too.</source>
        <translation>Cliquez aussi sur l&apos;objet lui-même.</translation>
    </message>
    <message>
        <source>What you click is kept until the engine works again.</source>
        <translation>Vos clics sont conservés jusqu&apos;à ce que le moteur fonctionne de nouveau.</translation>
    </message>
    <message>
        <source>That part of the image is being encoded: the outline comes by itself.</source>
        <translation>Cette partie de l&apos;image est en cours d&apos;encodage&#xa0;: le contour viendra de lui-même.</translation>
    </message>
    <message>
        <source>Looking for the object…</source>
        <translation>Recherche de l&apos;objet…</translation>
    </message>
    <message>
        <source>The object goes on where the image is still being encoded: the rest of it comes by itself. Enter saves what there is.</source>
        <translation>L&apos;objet se poursuit là où l&apos;image est encore en cours d&apos;encodage&#xa0;: le reste vient tout seul. Entrée enregistre ce qu&apos;il y a.</translation>
    </message>
    <message>
        <source>The object goes on where nothing is encoded yet. “Encode more…” brings the rest of it, Enter saves this part.</source>
        <translation>L&apos;objet se poursuit là où rien n&apos;est encore encodé. «&#xa0;Encoder plus…&#xa0;» apporte le reste, Entrée enregistre cette partie.</translation>
    </message>
    <message>
        <source>The object is too large to be seen whole at this scale. Zoom out and click on it again, or press Enter to save this part.</source>
        <translation>L&apos;objet est trop grand pour être vu en entier à cette échelle. Faites un zoom arrière et cliquez de nouveau dessus, ou appuyez sur Entrée pour enregistrer cette partie.</translation>
    </message>
    <message>
        <source>Where the outline is straight, the object may go on. Click on what is missing. Right? Press Enter to save it.</source>
        <translation>Là où le contour est droit, l&apos;objet se poursuit peut-être. Cliquez sur ce qui manque. C&apos;est juste&#xa0;? Appuyez sur Entrée pour l&apos;enregistrer.</translation>
    </message>
    <message>
        <source>The model is not sure of this shape. More of what is around is being encoded: a better one may come by itself.</source>
        <translation>Le modèle n&apos;est pas sûr de cette forme. Les alentours sont en cours d&apos;encodage&#xa0;: une meilleure viendra peut-être d&apos;elle-même.</translation>
    </message>
    <message>
        <source>The model is not sure of this shape. Click on what is missing, right-click on what is too much, or drag a box around the object. Right? Press Enter to save it.</source>
        <translation>Le modèle n&apos;est pas sûr de cette forme. Cliquez sur ce qui manque, cliquez droit sur ce qui est de trop, ou tracez un rectangle autour de l&apos;objet. Elle est juste&#xa0;? Appuyez sur Entrée pour l&apos;enregistrer.</translation>
    </message>
    <message>
        <source>Nothing was found. Click elsewhere, or undo.</source>
        <translation>Rien n&apos;a été trouvé. Cliquez ailleurs, ou annulez.</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) in no file, of a layer that is gone: {layers}</source>
        <translation>
            <numerusform>%n objet dans aucun fichier, d&apos;une couche disparue&#xa0;: {layers}</numerusform>
            <numerusform>%n objets dans aucun fichier, d&apos;une couche disparue&#xa0;: {layers}</numerusform>
        </translation>
    </message>
    <message>
        <source>Click on what is missing, right-click on what is too much. Enter replaces the feature, Esc leaves it as it was.</source>
        <translation>Cliquez sur ce qui manque, clic droit sur ce qui est en trop. Entrée remplace l&apos;entité, Échap la laisse telle qu&apos;elle était.</translation>
    </message>
    <message>
        <source>5. Too small? Click on what is missing. Too large? Right-click on what is too much. Right? Press Enter to save it.</source>
        <translation>5. Trop petit&#xa0;? Cliquez sur ce qui manque. Trop grand&#xa0;? Clic droit sur ce qui est en trop. Juste&#xa0;? Appuyez sur Entrée pour l&apos;enregistrer.</translation>
    </message>
    <message>
        <source>Score {score:.2f}</source>
        <translation>Score {score:.2f}</translation>
    </message>
    <message>
        <source>Shape {number} of {count}</source>
        <translation>Forme {number} sur {count}</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Prepare this image once, so that it can be clicked ever after.</source>
        <translation>Préparer cette image une fois, pour qu&apos;on puisse ensuite toujours y cliquer.</translation>
    </message>
    <message>
        <source>Choose cache…</source>
        <translation>Choisir un cache…</translation>
    </message>
    <message>
        <source>Use a feature cache that was made elsewhere.</source>
        <translation>Utiliser un cache de caractéristiques créé ailleurs.</translation>
    </message>
    <message>
        <source>Outline what is encoded.</source>
        <translation>Entourer ce qui est encodé.</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>Objet</translation>
    </message>
    <message>
        <source>Start clicking</source>
        <translation>Commencer à cliquer</translation>
    </message>
    <message>
        <source>Left button:</source>
        <translation>Bouton gauche&#xa0;:</translation>
    </message>
    <message>
        <source>Include</source>
        <translation>Inclure</translation>
    </message>
    <message>
        <source>A click says: this belongs to the object. Drag for a box.</source>
        <translation>Un clic dit&#xa0;: ceci appartient à l&apos;objet. Glissez pour tracer un cadre.</translation>
    </message>
    <message>
        <source>Exclude</source>
        <translation>Exclure</translation>
    </message>
    <message>
        <source>A click says: this does not. The right button always does so.</source>
        <translation>Un clic dit&#xa0;: ceci ne lui appartient pas. Le bouton droit le dit toujours.</translation>
    </message>
    <message>
        <source>Box</source>
        <translation>Cadre</translation>
    </message>
    <message>
        <source>Drag a box around the object.</source>
        <translation>Tracer un cadre autour de l&apos;objet.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Refaire</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Effacer</translation>
    </message>
    <message>
        <source>Other shape (Tab)</source>
        <translation>Autre forme (Tab)</translation>
    </message>
    <message>
        <source>The whole, a part, a part of that.</source>
        <translation>Le tout, une partie, une partie de celle-ci.</translation>
    </message>
    <message>
        <source>Objects that could not be saved, or were left unfinished.</source>
        <translation>Objets qui n&apos;ont pas pu être enregistrés ou sont restés inachevés.</translation>
    </message>
    <message numerus="yes">
        <source>Take up again (%n)</source>
        <translation>
            <numerusform>Reprendre (%n)</numerusform>
            <numerusform>Reprendre (%n)</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop clicking</source>
        <translation>Arrêter de cliquer</translation>
    </message>
    <message>
        <source>Save to</source>
        <translation>Enregistrer dans</translation>
    </message>
    <message>
        <source>New temporary layer</source>
        <translation>Nouvelle couche temporaire</translation>
    </message>
    <message>
        <source>e.g. building</source>
        <translation>p. ex. bâtiment</translation>
    </message>
    <message>
        <source>Go on clicking on it; saving replaces its shape. Or click on a polygon with Ctrl held.</source>
        <translation>Continuer à cliquer dessus&#xa0;; l&apos;enregistrement remplace sa forme. Ou cliquer sur un polygone en maintenant Ctrl.</translation>
    </message>
    <message>
        <source>New feature</source>
        <translation>Nouvelle entité</translation>
    </message>
    <message>
        <source>Add to the selected feature</source>
        <translation>Ajouter à l&apos;entité sélectionnée</translation>
    </message>
    <message>
        <source>Cut from the selected features</source>
        <translation>Retirer des entités sélectionnées</translation>
    </message>
    <message>
        <source>Merge with the selected features</source>
        <translation>Fusionner avec les entités sélectionnées</translation>
    </message>
    <message>
        <source>For one object: Shift+Enter adds, Alt+Enter cuts, Ctrl+Enter merges.</source>
        <translation>Pour un seul objet&#xa0;: Maj+Entrée ajoute, Alt+Entrée retire, Ctrl+Entrée fusionne.</translation>
    </message>
    <message>
        <source>Save object (Enter)</source>
        <translation>Enregistrer l&apos;objet (Entrée)</translation>
    </message>
    <message>
        <source>Click now</source>
        <translation>Cliquer tout de suite</translation>
    </message>
    <message>
        <source>Do not wait: what you click is encoded first, then the rest.</source>
        <translation>Sans attendre&#xa0;: ce que vous cliquez est encodé d&apos;abord, puis le reste.</translation>
    </message>
    <message>
        <source>Or S</source>
        <translation>Ou S</translation>
    </message>
    <message>
        <source>Save as GeoPackage…</source>
        <translation>Enregistrer en GeoPackage…</translation>
    </message>
    <message>
        <source>A temporary layer is lost when QGIS closes: keep it in a file.</source>
        <translation>Une couche temporaire est perdue à la fermeture de QGIS&#xa0;: conservez-la dans un fichier.</translation>
    </message>
    <message>
        <source>Take up selected feature</source>
        <translation>Reprendre l&apos;entité sélectionnée</translation>
    </message>
    <message>
        <source>Save edits</source>
        <translation>Enregistrer les modifications</translation>
    </message>
    <message>
        <source>Write the edits of the layer into its file.</source>
        <translation>Écrire les modifications de la couche dans son fichier.</translation>
    </message>
    <message>
        <source>Layer to raster</source>
        <translation>Couche en raster</translation>
    </message>
    <message>
        <source>Makes a GeoTIFF of any layer: of a web map, pixel by pixel.</source>
        <translation>Fait un GeoTIFF de toute couche&#xa0;: d&apos;une carte web, pixel par pixel.</translation>
    </message>
    <message>
        <source>Columns of pixels</source>
        <translation>Colonnes de pixels</translation>
    </message>
    <message>
        <source>Rows of pixels</source>
        <translation>Lignes de pixels</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Couche</translation>
    </message>
    <message>
        <source>A web map (XYZ, WMS, WMTS, WCS, vector tiles), a raster with its style, or any other layer that QGIS can draw.</source>
        <translation>Une carte web (XYZ, WMS, WMTS, WCS, tuiles vectorielles), un raster avec son style, ou toute autre couche que QGIS peut dessiner.</translation>
    </message>
    <message>
        <source>What the raster is to show. Layers with an end of their own are taken whole when this is empty.</source>
        <translation>Ce que le raster doit montrer. Si c&apos;est vide, les couches qui ont une fin propre sont prises en entier.</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Niveau de zoom</translation>
    </message>
    <message>
        <source>Of an XYZ layer, in place of a resolution: the pixels of its tiles, unchanged. Buildings need 18 or 19, fields are clear at 15 or 16.</source>
        <translation>D&apos;une couche XYZ, à la place d&apos;une résolution&#xa0;: les pixels de ses tuiles, inchangés. Les bâtiments demandent 18 ou 19, les champs sont nets à 15 ou 16.</translation>
    </message>
    <message>
        <source>Side of a pixel, in units of the CRS. When empty, that of the layer&apos;s own pixels, if it has any.</source>
        <translation>Côté d&apos;un pixel, en unités du SCR. Si c&apos;est vide, celui des pixels propres de la couche, si elle en a.</translation>
    </message>
    <message>
        <source>Of the raster. In another one than the layer&apos;s own, its pixels are resampled once.</source>
        <translation>Du raster. Dans un autre que celui de la couche, ses pixels sont rééchantillonnés une fois.</translation>
    </message>
    <message>
        <source>Attribution</source>
        <translation>Attribution</translation>
    </message>
    <message>
        <source>Whom to name; when empty, whom the layer&apos;s properties name. It goes into the file, and from there into the polygons&apos; layers.</source>
        <translation>Qui nommer&#xa0;; si c&apos;est vide, qui les propriétés de la couche nomment. Cela passe dans le fichier, puis dans les couches des polygones.</translation>
    </message>
    <message>
        <source>Leave empty what is missing</source>
        <translation>Laisser vide ce qui manque</translation>
    </message>
    <message>
        <source>What the layer&apos;s server does not deliver is transparent. Else there is no raster until it delivers everything.</source>
        <translation>Ce que le serveur de la couche ne livre pas est transparent. Sinon, il n&apos;y a pas de raster tant qu&apos;il ne livre pas tout.</translation>
    </message>
    <message>
        <source>A GeoTIFF of red, green, blue and alpha.</source>
        <translation>Un GeoTIFF de rouge, vert, bleu et alpha.</translation>
    </message>
    <message>
        <source>A GeoTIFF is written: let its name end in .tif.</source>
        <translation>C&apos;est un GeoTIFF qui est écrit&#xa0;: son nom doit finir par .tif.</translation>
    </message>
    <message>
        <source>Name the source: {}.</source>
        <translation>Nommez la source&#xa0;: {}.</translation>
    </message>
    <message>
        <source>The layer names no author; if it should, say so under “Attribution”.</source>
        <translation>La couche ne nomme aucun auteur&#xa0;; si elle le devait, indiquez-le sous «&#xa0;Attribution&#xa0;».</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Classe</translation>
    </message>
    <message>
        <source>As</source>
        <translation>Comme</translation>
    </message>
    <message>
        <source>Replace the feature that was taken up</source>
        <translation>Remplacer l&apos;entité reprise</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) not in the file yet</source>
        <translation>
            <numerusform>%n objet pas encore dans le fichier</numerusform>
            <numerusform>%n objets pas encore dans le fichier</numerusform>
        </translation>
    </message>
    <message>
        <source>Options</source>
        <translation>Options</translation>
    </message>
    <message>
        <source>Preview under the mouse</source>
        <translation>Aperçu sous la souris</translation>
    </message>
    <message>
        <source>Coarser pixels find larger objects. By zoom, the map&apos;s scale decides.</source>
        <translation>Des pixels plus grossiers trouvent des objets plus grands. Selon le zoom, c&apos;est l&apos;échelle de la carte qui décide.</translation>
    </message>
    <message>
        <source>For buildings: a shape that nearly has them gets right angles.</source>
        <translation>Pour les bâtiments&#xa0;: une forme qui les a presque reçoit des angles droits.</translation>
    </message>
    <message>
        <source>Avoid overlaps with existing polygons</source>
        <translation>Éviter de recouvrir les polygones existants</translation>
    </message>
    <message>
        <source>Simplify by</source>
        <translation>Simplifier de</translation>
    </message>
    <message>
        <source>By zoom</source>
        <translation>Selon le zoom</translation>
    </message>
    <message>
        <source> pixels</source>
        <translation> pixels</translation>
    </message>
    <message>
        <source>GeoSAM: the engine&apos;s log</source>
        <translation>GeoSAM&#xa0;: journal du moteur</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Moteur</translation>
    </message>
    <message>
        <source>Small (0.6 GB): nano, and clicking in every cache</source>
        <translation>Petit (0,6 Go)&#xa0;: nano, et cliquer dans tous les caches</translation>
    </message>
    <message>
        <source>Full (1.4 GB): encodes with the SAM 2.1 models as well</source>
        <translation>Complet (1,4 Go)&#xa0;: encode aussi avec les modèles SAM 2.1</translation>
    </message>
    <message>
        <source>Full for NVIDIA cards (about 6 GB)</source>
        <translation>Complet pour cartes NVIDIA (environ 6 Go)</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>Réparer</translation>
    </message>
    <message>
        <source>Installs the engine anew and replaces the old one.</source>
        <translation>Installe le moteur à neuf et remplace l&apos;ancien.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>What to install</source>
        <translation>À installer</translation>
    </message>
    <message>
        <source>Install nano</source>
        <translation>Installer nano</translation>
    </message>
    <message>
        <source>Finds all kinds of objects: buildings, trees, fields, water. With the full engine that it needs, about 0.6 GB are downloaded, once.</source>
        <translation>Trouve toutes sortes d&apos;objets&#xa0;: bâtiments, arbres, champs, eau. Avec le moteur complet dont il a besoin, environ 0,6 Go sont téléchargés, une seule fois.</translation>
    </message>
    <message>
        <source>SAM 2.1 tiny (recommended)</source>
        <translation>SAM 2.1 tiny (recommandé)</translation>
    </message>
    <message>
        <source>nano (offline preview)</source>
        <translation>nano (aperçu hors ligne)</translation>
    </message>
    <message>
        <source>Check the download</source>
        <translation>Vérifier le téléchargement</translation>
    </message>
    <message>
        <source>Install SAM 2.1 tiny</source>
        <translation>Installer SAM 2.1 tiny</translation>
    </message>
    <message>
        <source>Other sources</source>
        <translation>Autres sources</translation>
    </message>
    <message>
        <source>found, or downloaded</source>
        <translation>trouvé, ou téléchargé</translation>
    </message>
    <message>
        <source>It has all packages: use it as it is</source>
        <translation>Il a tous les paquets&#xa0;: l&apos;utiliser tel quel</translation>
    </message>
    <message>
        <source>Installs from this folder, without the network.</source>
        <translation>Installe depuis ce dossier, sans le réseau.</translation>
    </message>
    <message>
        <source>QGIS&apos;s proxy and this computer&apos;s certificates are used for it.</source>
        <translation>Le proxy de QGIS et les certificats de cet ordinateur sont utilisés pour cela.</translation>
    </message>
    <message>
        <source>Use this Python</source>
        <translation>Utiliser ce Python</translation>
    </message>
    <message>
        <source>Folder of wheels</source>
        <translation>Dossier de wheels</translation>
    </message>
    <message>
        <source>Package index</source>
        <translation>Index de paquets</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copier</translation>
    </message>
    <message>
        <source>Your own Python is used.</source>
        <translation>Votre propre Python est utilisé.</translation>
    </message>
    <message>
        <source>The engine&apos;s Python has gone. Repair installs it anew.</source>
        <translation>Le Python du moteur a disparu. «&#xa0;Réparer&#xa0;» l&apos;installe à neuf.</translation>
    </message>
    <message>
        <source>Ready: the small engine, with Python {0}.</source>
        <translation>Prêt&#xa0;: le petit moteur, avec Python {0}.</translation>
    </message>
    <message>
        <source>Ready: the full engine, with Python {0}.</source>
        <translation>Prêt&#xa0;: le moteur complet, avec Python {0}.</translation>
    </message>
    <message>
        <source>Not installed yet. GeoSAM finds outlines with an engine of its own, in a folder of its own: nothing in QGIS is changed. Choose below what to install.</source>
        <translation>Pas encore installé. GeoSAM trouve les contours avec son propre moteur, dans son propre dossier&#xa0;: rien n&apos;est modifié dans QGIS. Choisissez ci-dessous ce qu&apos;il faut installer.</translation>
    </message>
    <message>
        <source>Ready: the full engine for NVIDIA cards, with Python {0}.</source>
        <translation>Prêt&#xa0;: le moteur complet pour cartes NVIDIA, avec Python {0}.</translation>
    </message>
    <message>
        <source>{ready} This version of GeoSAM brings newer packages: press “Update”.</source>
        <translation>{ready} Cette version de GeoSAM apporte des paquets plus récents&#xa0;: appuyez sur «&#xa0;Mettre à jour&#xa0;».</translation>
    </message>
    <message>
        <source>{ready} Close this window. If the dock is not open then, press “Segment by clicks” in the toolbar.</source>
        <translation>{ready} Fermez cette fenêtre. Si le panneau n&apos;est pas ouvert alors, appuyez sur «&#xa0;Segmenter par clics&#xa0;» dans la barre d&apos;outils.</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Tester</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>Mettre à jour</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>Installer</translation>
    </message>
    <message>
        <source>Remove the engine</source>
        <translation>Supprimer le moteur</translation>
    </message>
    <message>
        <source>Remove the engine? Caches, models and layers stay.</source>
        <translation>Supprimer le moteur&#xa0;? Les caches, les modèles et les couches restent.</translation>
    </message>
    <message>
        <source>What you look at is fetched from {host} and kept. Many providers of web maps do not allow that, or to draw data off them: it is for you to know what this one does.</source>
        <translation>Ce que vous regardez est téléchargé depuis {host} et conservé. Beaucoup de fournisseurs de cartes web ne permettent pas cela, ou pas d&apos;en tirer des données&#xa0;: à vous de savoir ce que celui-ci permet.</translation>
    </message>
    <message>
        <source>What is allowed</source>
        <translation>Ce qui est permis</translation>
    </message>
    <message>
        <source>Choose a feature cache (…sam2.zarr)</source>
        <translation>Choisir un cache de caractéristiques (…sam2.zarr)</translation>
    </message>
    <message>
        <source>“{folder}” is no feature cache. Choose a folder whose name ends in .sam2.zarr.</source>
        <translation>«&#xa0;{folder}&#xa0;» n&apos;est pas un cache de caractéristiques. Choisissez un dossier dont le nom se termine par .sam2.zarr.</translation>
    </message>
    <message>
        <source>Encode here</source>
        <translation>Encoder ici</translation>
    </message>
    <message>
        <source>Choose the layer of the polygon under “Save to” first.</source>
        <translation>Choisissez d&apos;abord la couche du polygone sous «&#xa0;Enregistrer dans&#xa0;».</translation>
    </message>
    <message>
        <source>That feature is of “{raster}”. Choose this image first.</source>
        <translation>Cette entité provient de «&#xa0;{raster}&#xa0;». Choisissez d&apos;abord cette image.</translation>
    </message>
    <message>
        <source>That feature is not on this image. Choose its own first.</source>
        <translation>Cette entité n&apos;est pas sur cette image. Choisissez d&apos;abord la sienne.</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) waited to be saved and are kept: choose their image again and press “Take up again”.</source>
        <translation>
            <numerusform>%n objet en attente d&apos;enregistrement est conservé&#xa0;: choisissez de nouveau son image et appuyez sur «&#xa0;Reprendre&#xa0;».</numerusform>
            <numerusform>%n objets en attente d&apos;enregistrement sont conservés&#xa0;: choisissez de nouveau leur image et appuyez sur «&#xa0;Reprendre&#xa0;».</numerusform>
        </translation>
    </message>
    <message>
        <source>Save as GeoPackage</source>
        <translation>Enregistrer en GeoPackage</translation>
    </message>
    <message>
        <source>The edits of “{layer}” were not saved. {why}</source>
        <translation>Les modifications de «&#xa0;{layer}&#xa0;» n&apos;ont pas été enregistrées. {why}</translation>
    </message>
    <message>
        <source>Objects are in no file</source>
        <translation>Des objets ne sont dans aucun fichier</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) of a layer that you removed are in no file: {layers}</source>
        <translation>
            <numerusform>%n objet d&apos;une couche supprimée n&apos;est dans aucun fichier&#xa0;: {layers}</numerusform>
            <numerusform>%n objets d&apos;une couche supprimée ne sont dans aucun fichier&#xa0;: {layers}</numerusform>
        </translation>
    </message>
    <message>
        <source>What would you like to do?</source>
        <translation>Que souhaitez-vous faire&#xa0;?</translation>
    </message>
    <message>
        <source>Keep in the project</source>
        <translation>Garder dans le projet</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>Relancer</translation>
    </message>
    <message>
        <source>The engine is ready.</source>
        <translation>Le moteur est prêt.</translation>
    </message>
    <message>
        <source>This Python runs the engine.</source>
        <translation>Ce Python exécute le moteur.</translation>
    </message>
    <message>
        <source>The engine was removed.</source>
        <translation>Le moteur a été supprimé.</translation>
    </message>
    <message>
        <source>Asking the package index…</source>
        <translation>Interrogation de l&apos;index de paquets…</translation>
    </message>
    <message>
        <source>Read existing polygons</source>
        <translation>Lire les polygones existants</translation>
    </message>
    <message>
        <source>The existing polygons were not read. Save the object again.</source>
        <translation>Les polygones existants n&apos;ont pas été lus. Enregistrez de nouveau l&apos;objet.</translation>
    </message>
    <message>
        <source>Save “{layer}” as GeoPackage</source>
        <translation>Enregistrer «&#xa0;{layer}&#xa0;» en GeoPackage</translation>
    </message>
    <message>
        <source>The file could not be written. Make room on the disk, or choose another folder.</source>
        <translation>Le fichier n&apos;a pas pu être écrit. Libérez de la place sur le disque ou choisissez un autre dossier.</translation>
    </message>
    <message>
        <source>{file} is not a GeoPackage that can be written to.</source>
        <translation>{file} n&apos;est pas un GeoPackage dans lequel on peut écrire.</translation>
    </message>
    <message>
        <source>Objects of temporary layers cannot be kept for the case that QGIS crashes: {why}. Save the layers as GeoPackages soon.</source>
        <translation>Les objets des couches temporaires ne peuvent pas être conservés en cas de plantage de QGIS&#xa0;: {why}. Enregistrez bientôt les couches en GeoPackage.</translation>
    </message>
    <message>
        <source>The engine is being installed. GeoSAM opens when it is done.</source>
        <translation>Le moteur est en cours d&apos;installation. GeoSAM s&apos;ouvrira quand ce sera terminé.</translation>
    </message>
    <message>
        <source>GeoSAM needs its engine, which is not installed yet.</source>
        <translation>GeoSAM a besoin de son moteur, qui n&apos;est pas encore installé.</translation>
    </message>
    <message>
        <source>Install…</source>
        <translation>Installer…</translation>
    </message>
    <message>
        <source>no class</source>
        <translation>sans classe</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) from before QGIS was closed can be brought back: {layers}</source>
        <translation>
            <numerusform>%n objet d&apos;avant la fermeture de QGIS peut être récupéré&#xa0;: {layers}</numerusform>
            <numerusform>%n objets d&apos;avant la fermeture de QGIS peuvent être récupérés&#xa0;: {layers}</numerusform>
        </translation>
    </message>
    <message>
        <source>Open GeoSAM</source>
        <translation>Ouvrir GeoSAM</translation>
    </message>
    <message>
        <source>Cancelled. The engine is ready, but the model is not downloaded yet; what came of it is kept.</source>
        <translation>Annulé. Le moteur est prêt, mais le modèle n&apos;est pas encore téléchargé&#xa0;; ce qui en est arrivé est conservé.</translation>
    </message>
    <message>
        <source>An unexpected error ended this ({0}). The log says more; try again.</source>
        <translation>Une erreur inattendue y a mis fin ({0}). Le journal en dit plus&#xa0;; réessayez.</translation>
    </message>
    <message>
        <source>“{}” is placed by control points only. Warp it first (gdal:warpreproject in the toolbox), and encode the result.</source>
        <translation>«&#xa0;{}&#xa0;» n&apos;est placée que par des points de contrôle. Redressez-la d&apos;abord (gdal:warpreproject dans la boîte à outils) et encodez le résultat.</translation>
    </message>
    <message>
        <source>{} is a file for which no feature cache was found. Encode it first.</source>
        <translation>{} est un fichier pour lequel aucun cache de caractéristiques n&apos;a été trouvé. Encodez-le d&apos;abord.</translation>
    </message>
    <message>
        <source>The folder that encoding made; its name ends in .sam2.zarr. Scripts may give the raster instead.</source>
        <translation>Le dossier créé par l&apos;encodage&#xa0;; son nom se termine par .sam2.zarr. Les scripts peuvent indiquer le raster à la place.</translation>
    </message>
    <message>
        <source>The quick default: comes with GeoSAM, and is best with buildings. The small engine is enough: about 0.2 GB are downloaded. Other models can be added on this page later.</source>
        <translation>Le modèle rapide par défaut&#xa0;: fourni avec GeoSAM, c&apos;est avec les bâtiments qu&apos;il réussit le mieux. Le petit moteur suffit&#xa0;: environ 0,2 Go sont téléchargés. D&apos;autres modèles peuvent être ajoutés plus tard sur cette page.</translation>
    </message>
    <message>
        <source>Larger model:</source>
        <translation>Modèle plus grand&#xa0;:</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Télécharger</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Encode nothing but what you click.</source>
        <translation>N&apos;encoder que ce que vous cliquez.</translation>
    </message>
    <message>
        <source>Everything at once</source>
        <translation>Tout à la fois</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>Ce que montre la carte</translation>
    </message>
    <message>
        <source>The whole image</source>
        <translation>Toute l&apos;image</translation>
    </message>
    <message>
        <source>Makes a polygon of every object, in a temporary layer that fills while you go on. Resolution and outlines are as the options say. What was found is kept when you stop, and the same run goes on from there.</source>
        <translation>Fait un polygone de chaque objet, dans une couche temporaire qui se remplit pendant que vous continuez. La résolution et les contours sont ceux des options. Ce qui a été trouvé est conservé à l&apos;arrêt, et la même exécution reprend de là.</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>Detailed</source>
        <translation>Détaillé</translation>
    </message>
    <message>
        <source>Fast</source>
        <translation>Rapide</translation>
    </message>
    <message>
        <source>Detailed: small objects as well, at several times the time. Fast: a quick look.</source>
        <translation>Détaillé&#xa0;: les petits objets aussi, en plusieurs fois plus de temps. Rapide&#xa0;: un coup d&apos;œil.</translation>
    </message>
    <message>
        <source> m²</source>
        <translation> m²</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>What is encoded is kept; it can be gone on with any time.</source>
        <translation>Ce qui est encodé est conservé&#xa0;; on peut continuer à tout moment.</translation>
    </message>
    <message>
        <source>The whole image is encoded.</source>
        <translation>Toute l&apos;image est encodée.</translation>
    </message>
    <message>
        <source>What the map shows is encoded.</source>
        <translation>Ce que la carte montre est encodé.</translation>
    </message>
    <message>
        <source>Starting to encode…</source>
        <translation>Début de l&apos;encodage…</translation>
    </message>
    <message>
        <source>Stopped: {done} of {total} patches</source>
        <translation>Arrêté&#xa0;: {done} tuiles sur {total}</translation>
    </message>
    <message>
        <source>The map does not show the image that is chosen in GeoSAM.</source>
        <translation>La carte ne montre pas l&apos;image choisie dans GeoSAM.</translation>
    </message>
    <message>
        <source>Everything in {raster}</source>
        <translation>Tout dans {raster}</translation>
    </message>
    <message>
        <source>The layer “{layer}” takes no more objects.</source>
        <translation>La couche «&#xa0;{layer}&#xa0;» n&apos;accepte plus d&apos;objets.</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) found, in a temporary layer.</source>
        <translation>
            <numerusform>%n objet trouvé, dans une couche temporaire.</numerusform>
            <numerusform>%n objets trouvés, dans une couche temporaire.</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose “Detailed”, or encode the image with a larger model.</source>
        <translation>Choisissez «&#xa0;Détaillé&#xa0;», ou encodez l&apos;image avec un modèle plus grand.</translation>
    </message>
    <message>
        <source>{why} What was found is kept: the same run goes on there.</source>
        <translation>{why} Ce qui a été trouvé est conservé&#xa0;: la même exécution reprend là.</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Arrêt en cours…</translation>
    </message>
    <message>
        <source>Encoding the image enlarged, for small objects…</source>
        <translation>Encodage de l&apos;image agrandie, pour les petits objets…</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Démarrage…</translation>
    </message>
    <message>
        <source>Its layer was removed: not everything has been segmented.</source>
        <translation>Sa couche a été supprimée&#xa0;: tout n&apos;a pas été segmenté.</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Arrêté.</translation>
    </message>
    <message>
        <source>Stopping: {done} of {total} patches</source>
        <translation>Arrêt en cours&#xa0;: {done} tuiles sur {total}</translation>
    </message>
    <message>
        <source>Stopped: {done} of {total} patches. The same run goes on from there.</source>
        <translation>Arrêté&#xa0;: {done} tuiles sur {total}. La même exécution reprend là.</translation>
    </message>
    <message>
        <source>Paused: {done} of {total} patches</source>
        <translation>En pause&#xa0;: {done} tuiles sur {total}</translation>
    </message>
    <message>
        <source>Encoding: {done} of {total} patches</source>
        <translation>Encodage&#xa0;: {done} tuiles sur {total}</translation>
    </message>
    <message>
        <source>QGIS reaches the network by a SOCKS proxy, which the engine of GeoSAM cannot use. Choose an HTTP proxy in QGIS&apos;s options, under Network, or make a file of the part that you need by “Layer to raster” in the toolbox, and choose that.</source>
        <translation>QGIS accède au réseau par un proxy SOCKS, que le moteur de GeoSAM ne peut pas utiliser. Choisissez un proxy HTTP dans les options de QGIS, sous « Réseau », ou créez par « Couche en raster » de la boîte à outils un fichier de la partie voulue, et choisissez-le.</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be written to ({why}).</source>
        <translation>Impossible d&apos;écrire dans le dossier {folder} ({why}).</translation>
    </message>
    <message>
        <source>Click now: “{image}” is encoded as you click, with nano, the quick default. Larger, more accurate models are in “Encode…”.</source>
        <translation>Cliquez tout de suite&#xa0;: «&#xa0;{image}&#xa0;» est encodée pendant que vous cliquez, avec nano, le choix rapide. Des modèles plus grands et plus précis se trouvent sous «&#xa0;Encoder…&#xa0;».</translation>
    </message>
    <message>
        <source>Click now: “{image}” is encoded as you click, with {model}.</source>
        <translation>Cliquez tout de suite&#xa0;: «&#xa0;{image}&#xa0;» est encodée pendant que vous cliquez, avec {model}.</translation>
    </message>
    <message>
        <source>What is looked at is encoded; there already: {there}. The cache: {cache}</source>
        <translation>Ce qui est regardé est encodé&#xa0;; déjà présents&#xa0;: {there}. Le cache&#xa0;: {cache}</translation>
    </message>
    <message>
        <source>Bands {bands} are read: red, green and blue.</source>
        <translation>Les bandes {bands} sont lues&#xa0;: rouge, vert et bleu.</translation>
    </message>
    <message>
        <source>Checking what is in the cache already.</source>
        <translation>Vérification de ce qui est déjà dans le cache.</translation>
    </message>
    <message>
        <source>Damaged places in the cache: {places}. What is lost is encoded again.</source>
        <translation>Endroits endommagés dans le cache&#xa0;: {places}. Ce qui est perdu est encodé de nouveau.</translation>
    </message>
    <message>
        <source>That takes up to {bytes_needed:.0f} MB of disk; {bytes_free:.0f} MB are free.</source>
        <translation>Cela prend jusqu&apos;à {bytes_needed:.0f}&#xa0;Mo de disque&#xa0;; {bytes_free:.0f}&#xa0;Mo sont libres.</translation>
    </message>
    <message>
        <source>Encoding with {model} on {device}.</source>
        <translation>Encodage avec {model} sur {device}.</translation>
    </message>
    <message>
        <source>Patches to come: {rest}. By what the first ones took, that is about {time}.</source>
        <translation>Tuiles restantes&#xa0;: {rest}. D&apos;après la durée des premières, il faut environ {time}.</translation>
    </message>
    <message>
        <source>Levels: {levels} instead of {wanted}, since one patch of the last one holds the raster.</source>
        <translation>Niveaux&#xa0;: {levels} au lieu de {wanted}, car une tuile du dernier contient tout le raster.</translation>
    </message>
    <message>
        <source>The raster has no CRS: coordinates are in its own, unnamed units.</source>
        <translation>Le raster n&apos;a pas de SCR&#xa0;: les coordonnées sont dans ses propres unités, sans nom.</translation>
    </message>
    <message>
        <source>The raster is not georeferenced: coordinates are pixels.</source>
        <translation>Le raster n&apos;est pas géoréférencé&#xa0;: les coordonnées sont des pixels.</translation>
    </message>
    <message>
        <source>That is not beside the raster, because the folder {folder} cannot be written.</source>
        <translation>Il n&apos;est pas à côté du raster, car le dossier {folder} n&apos;est pas accessible en écriture.</translation>
    </message>
    <message>
        <source>Nothing to encode: {cache} has all patches.</source>
        <translation>Rien à encoder&#xa0;: {cache} a toutes les tuiles.</translation>
    </message>
    <message>
        <source>The memory of {device} does not hold a single patch: going on on the processor.</source>
        <translation>La mémoire de {device} ne contient pas une seule tuile&#xa0;: on continue sur le processeur.</translation>
    </message>
    <message>
        <source>Band {band} has a palette, which is expanded to RGB.</source>
        <translation>La bande {band} a une palette, qui est convertie en RVB.</translation>
    </message>
    <message>
        <source>The memory of {device} does not hold {size} patches at once: going on with {batch}.</source>
        <translation>La mémoire de {device} ne contient pas {size} tuiles à la fois&#xa0;: on continue avec {batch}.</translation>
    </message>
    <message>
        <source>The terms of who offers this map say how much of it may be fetched, and what for.</source>
        <translation>Les conditions du fournisseur de cette carte disent combien on peut en récupérer, et pour quel usage.</translation>
    </message>
    <message>
        <source>Map tiles to fetch: {tiles}.</source>
        <translation>Tuiles de la carte à récupérer&#xa0;: {tiles}.</translation>
    </message>
    <message>
        <source>Patches to encode: {patches}; there already: {there}. The cache: {cache}</source>
        <translation>Tuiles à encoder&#xa0;: {patches}&#xa0;; déjà présentes&#xa0;: {there}. Le cache&#xa0;: {cache}</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Préréglage</translation>
    </message>
    <message>
        <source>Standard: the model&apos;s own values. Detailed: more and smaller objects, slowly. Fast: a quick look. Scripts say default, detailed or fast.</source>
        <translation>Standard&#xa0;: les valeurs propres au modèle. Détaillé&#xa0;: des objets plus nombreux et plus petits, lentement. Rapide&#xa0;: un aperçu rapide. Dans les scripts, default, detailed ou fast.</translation>
    </message>
    <message>
        <source>Which level of the cache is looked at, 0 being the finest; large objects are found on coarser ones.</source>
        <translation>Quel niveau du cache est examiné, 0 étant le plus fin&#xa0;; les grands objets se trouvent sur des niveaux plus grossiers.</translation>
    </message>
    <message>
        <source>Only objects in this; everything when empty.</source>
        <translation>Seulement les objets dans celle-ci&#xa0;; tout si vide.</translation>
    </message>
    <message>
        <source>Mask layer</source>
        <translation>Couche de masque</translation>
    </message>
    <message>
        <source>Only objects of which at least half lies in its polygons; in any CRS.</source>
        <translation>Seulement les objets dont au moins la moitié se trouve dans ses polygones&#xa0;; dans n&apos;importe quel SCR.</translation>
    </message>
    <message>
        <source>Smallest object</source>
        <translation>Plus petit objet</translation>
    </message>
    <message>
        <source>Largest object</source>
        <translation>Plus grand objet</translation>
    </message>
    <message>
        <source>In square metres.</source>
        <translation>En mètres carrés.</translation>
    </message>
    <message>
        <source>Raster of classes</source>
        <translation>Raster de classes</translation>
    </message>
    <message>
        <source>Each object gets the class that most of it has there.</source>
        <translation>Chaque objet reçoit la classe qu&apos;y a sa plus grande partie.</translation>
    </message>
    <message>
        <source>As the preset has it when empty.</source>
        <translation>Comme dans le préréglage si vide.</translation>
    </message>
    <message>
        <source>Points along a side of a patch</source>
        <translation>Points le long d&apos;un côté de tuile</translation>
    </message>
    <message>
        <source>Points decoded together</source>
        <translation>Points décodés ensemble</translation>
    </message>
    <message>
        <source>Least score (0 to 1)</source>
        <translation>Score minimal (0 à 1)</translation>
    </message>
    <message>
        <source>Least stability (0 to 1)</source>
        <translation>Stabilité minimale (0 à 1)</translation>
    </message>
    <message>
        <source>Offset of the stability</source>
        <translation>Décalage de la stabilité</translation>
    </message>
    <message>
        <source>Overlap of duplicates in a patch (0 to 1)</source>
        <translation>Recouvrement des doublons dans une tuile (0 à 1)</translation>
    </message>
    <message>
        <source>Overlap of duplicates among patches (0 to 1)</source>
        <translation>Recouvrement des doublons entre tuiles (0 à 1)</translation>
    </message>
    <message>
        <source>Finer levels looked at as well</source>
        <translation>Niveaux plus fins examinés aussi</translation>
    </message>
    <message>
        <source>Fewer points by this at each finer level</source>
        <translation>Facteur de réduction des points à chaque niveau plus fin</translation>
    </message>
    <message>
        <source>Holes and specks left out, in cells</source>
        <translation>Trous et points isolés ignorés, en cellules</translation>
    </message>
    <message>
        <source>As the preset</source>
        <translation>Comme le préréglage</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Oui</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Non</translation>
    </message>
    <message>
        <source>Refine each mask</source>
        <translation>Affiner chaque masque</translation>
    </message>
    <message>
        <source>Each mask is decoded once more: better outlines, four times slower.</source>
        <translation>Chaque masque est décodé une fois de plus&#xa0;: de meilleurs contours, quatre fois plus lent.</translation>
    </message>
    <message>
        <source>Skip points in masks</source>
        <translation>Ignorer les points dans les masques</translation>
    </message>
    <message>
        <source>Points in masks found so far are not asked: faster, with fewer objects inside others.</source>
        <translation>Les points dans les masques déjà trouvés ne sont pas demandés&#xa0;: plus rapide, avec moins d&apos;objets à l&apos;intérieur d&apos;autres.</translation>
    </message>
    <message>
        <source>For finer levels than the cache has, which look at the enlarged raster: where it lies, if not beside the cache.</source>
        <translation>Pour des niveaux plus fins que ceux du cache, qui regardent le raster agrandi&#xa0;: où il se trouve, s&apos;il n&apos;est pas à côté du cache.</translation>
    </message>
    <message>
        <source>All parts</source>
        <translation>Toutes les parties</translation>
    </message>
    <message>
        <source>Parts of a mask away from its point are kept, too.</source>
        <translation>Les parties d&apos;un masque éloignées de son point sont conservées aussi.</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>Objets</translation>
    </message>
    <message>
        <source>Raster of numbers</source>
        <translation>Raster de numéros</translation>
    </message>
    <message>
        <source>Each pixel has the number of its object, 0 where there is none.</source>
        <translation>Chaque pixel a le numéro de son objet, 0 où il n&apos;y en a pas.</translation>
    </message>
    <message>
        <source>Foreground raster</source>
        <translation>Raster d&apos;avant-plan</translation>
    </message>
    <message>
        <source>Each pixel of an object is 1, all others are 0.</source>
        <translation>Chaque pixel d&apos;un objet vaut 1, tous les autres 0.</translation>
    </message>
    <message>
        <source>Coloured overlay</source>
        <translation>Superposition colorée</translation>
    </message>
    <message>
        <source>A picture with a colour for each object, 35 % opaque.</source>
        <translation>Une image avec une couleur pour chaque objet, opaque à 35&#xa0;%.</translation>
    </message>
    <message>
        <source>“{layer}” is a file of tiles.</source>
        <translation>«&#xa0;{layer}&#xa0;» est un fichier de tuiles.</translation>
    </message>
    <message>
        <source>“{layer}” does not come from a server.</source>
        <translation>«&#xa0;{layer}&#xa0;» ne vient pas d&apos;un serveur.</translation>
    </message>
    <message>
        <source>“{layer}” holds heights, and no pictures.</source>
        <translation>«&#xa0;{layer}&#xa0;» contient des altitudes, et pas d&apos;images.</translation>
    </message>
    <message>
        <source>The server of “{layer}” has not told what it offers. Load the layer again when it can be reached.</source>
        <translation>Le serveur de «&#xa0;{layer}&#xa0;» n&apos;a pas dit ce qu&apos;il propose. Rechargez la couche quand il sera joignable.</translation>
    </message>
    <message>
        <source>“{layer}” is not to be had in the projection of web maps.</source>
        <translation>«&#xa0;{layer}&#xa0;» n&apos;existe pas dans la projection des cartes web.</translation>
    </message>
    <message>
        <source>“{layer}” asks for a password or has an authentication set in QGIS, which stays in QGIS: what is clicked is fetched by the engine of GeoSAM.</source>
        <translation>«&#xa0;{layer}&#xa0;» demande un mot de passe ou a une authentification définie dans QGIS, qui reste dans QGIS&#xa0;: ce que vous cliquez est récupéré par le moteur de GeoSAM.</translation>
    </message>
    <message>
        <source>“{layer}” is a WMTS whose tiles are not those of web maps.</source>
        <translation>«&#xa0;{layer}&#xa0;» est un WMTS dont les tuiles ne sont pas celles des cartes web.</translation>
    </message>
    <message>
        <source>“{layer}” changes with the time that the map is set to.</source>
        <translation>«&#xa0;{layer}&#xa0;» change avec le temps auquel la carte est réglée.</translation>
    </message>
    <message>
        <source>{why} Make a file of the part that you need by “Layer to raster” in the toolbox, and choose that.</source>
        <translation>{why} Faites un fichier de la partie dont vous avez besoin avec «&#xa0;Couche en raster&#xa0;» dans la boîte à outils, et choisissez-le.</translation>
    </message>
    <message>
        <source>“{layer}” is hidden at the scale of that resolution, 1:{scale:.0f}. Change its visibility, or take another resolution.</source>
        <translation>«&#xa0;{layer}&#xa0;» est masquée à l&apos;échelle de cette résolution, 1:{scale:.0f}. Changez sa visibilité, ou prenez une autre résolution.</translation>
    </message>
    <message>
        <source>It crosses the antimeridian. Make two rasters, of {west} and of {east}.</source>
        <translation>Elle traverse l&apos;antiméridien. Faites deux rasters, de {west} et de {east}.</translation>
    </message>
    <message>
        <source>Web maps end at {:.2f} degrees.</source>
        <translation>Les cartes web finissent à {:.2f} degrés.</translation>
    </message>
    <message>
        <source>It has no place in the CRS {crs}.</source>
        <translation>Elle n&apos;a pas de place dans le SCR {crs}.</translation>
    </message>
    <message>
        <source>The raster could not be written. Make room on the disk, or choose another file.</source>
        <translation>Le raster n&apos;a pas pu être écrit. Faites de la place sur le disque, ou choisissez un autre fichier.</translation>
    </message>
    <message>
        <source>the server did not answer in time</source>
        <translation>le serveur n&apos;a pas répondu à temps</translation>
    </message>
    <message>
        <source>“{layer}” does not deliver all of it: {why}. Try again later, take another zoom or extent, or tick “Leave empty what is missing”.</source>
        <translation>«&#xa0;{layer}&#xa0;» ne livre pas tout&#xa0;: {why}. Réessayez plus tard, prenez un autre zoom ou une autre emprise, ou cochez «&#xa0;Laisser vide ce qui manque&#xa0;».</translation>
    </message>
    <message>
        <source>“{layer}” delivers nothing there: {why}.</source>
        <translation>«&#xa0;{layer}&#xa0;» n&apos;y livre rien&#xa0;: {why}.</translation>
    </message>
    <message>
        <source>“{layer}” shows nothing there. Take another extent or another resolution.</source>
        <translation>«&#xa0;{layer}&#xa0;» n&apos;y montre rien. Prenez une autre emprise ou une autre résolution.</translation>
    </message>
    <message>
        <source>The raster that was made before is encoded: {}</source>
        <translation>Le raster fait auparavant est encodé&#xa0;: {}</translation>
    </message>
    <message>
        <source>The raster is kept, and encoded now: {}</source>
        <translation>Le raster est conservé, et encodé maintenant&#xa0;: {}</translation>
    </message>
    <message>
        <source>The raster may need {needed:.0f} MB; {free:.0f} MB are free in {folder}.</source>
        <translation>Le raster peut demander {needed:.0f} Mo&#xa0;; {free:.0f} Mo sont libres dans {folder}.</translation>
    </message>
    <message>
        <source>A raster of {columns} x {rows} pixels of {size:.6g} in {crs}.</source>
        <translation>Un raster de {columns} x {rows} pixels de {size:.6g} en {crs}.</translation>
    </message>
    <message>
        <source>no CRS</source>
        <translation>aucun SCR</translation>
    </message>
    <message>
        <source>{raster} Zoom {zoom}.</source>
        <translation>{raster} Niveau de zoom {zoom}.</translation>
    </message>
    <message>
        <source>Reading “{layer}”</source>
        <translation>Lecture de «&#xa0;{layer}&#xa0;»</translation>
    </message>
    <message>
        <source>{path} cannot be written: {why}.</source>
        <translation>{path} ne peut pas être écrit&#xa0;: {why}.</translation>
    </message>
    <message>
        <source>Parts are missing and left empty, the first because of: {why}.</source>
        <translation>Des parties manquent et restent vides, la première à cause de&#xa0;: {why}.</translation>
    </message>
    <message>
        <source>Refine footprints</source>
        <translation>Affiner les emprises</translation>
    </message>
    <message>
        <source>Buildings</source>
        <translation>Bâtiments</translation>
    </message>
    <message>
        <source>Compares building footprints with an encoded image and proposes corrections.</source>
        <translation>Compare des emprises de bâtiments avec une image encodée et propose des corrections.</translation>
    </message>
    <message>
        <source>Number of buildings that fit</source>
        <translation>Nombre de bâtiments qui conviennent</translation>
    </message>
    <message>
        <source>Number of shifted buildings</source>
        <translation>Nombre de bâtiments déplacés</translation>
    </message>
    <message>
        <source>Number of buildings with a new outline</source>
        <translation>Nombre de bâtiments avec un nouveau contour</translation>
    </message>
    <message>
        <source>Number of uncertain buildings</source>
        <translation>Nombre de bâtiments incertains</translation>
    </message>
    <message>
        <source>Number of buildings that are gone</source>
        <translation>Nombre de bâtiments disparus</translation>
    </message>
    <message>
        <source>Number of missing buildings that were found</source>
        <translation>Nombre de bâtiments manquants trouvés</translation>
    </message>
    <message>
        <source>Offset to the east in metres</source>
        <translation>Décalage vers l&apos;est en mètres</translation>
    </message>
    <message>
        <source>Offset to the north in metres</source>
        <translation>Décalage vers le nord en mètres</translation>
    </message>
    <message>
        <source>Is its CRS the right one, and the cache that of this place?</source>
        <translation>Son SCR est-il le bon, et le cache celui de ce lieu ?</translation>
    </message>
    <message>
        <source>Choose a layer, or a file of OpenStreetMap.</source>
        <translation>Choisissez une couche ou un fichier d&apos;OpenStreetMap.</translation>
    </message>
    <message>
        <source>A layer of polygons is needed.</source>
        <translation>Une couche de polygones est nécessaire.</translation>
    </message>
    <message>
        <source>The layer has no CRS. Set it in the layer&apos;s properties.</source>
        <translation>La couche n&apos;a pas de SCR. Définissez-le dans les propriétés de la couche.</translation>
    </message>
    <message>
        <source>There are no features in it.</source>
        <translation>Elle ne contient aucune entité.</translation>
    </message>
    <message>
        <source>Name a file for the changes to OpenStreetMap as well.</source>
        <translation>Indiquez aussi un fichier pour les modifications d&apos;OpenStreetMap.</translation>
    </message>
    <message>
        <source>Changes to OpenStreetMap need the file that the layer was made from.</source>
        <translation>Les modifications d&apos;OpenStreetMap demandent le fichier dont la couche a été tirée.</translation>
    </message>
    <message>
        <source>Name a .osm or .osc file.</source>
        <translation>Nommez un fichier .osm ou .osc.</translation>
    </message>
    <message>
        <source>That file is the one that is read. Name another one.</source>
        <translation>Ce fichier est celui qui est lu. Indiquez-en un autre.</translation>
    </message>
    <message>
        <source>A layer of points is needed.</source>
        <translation>Une couche de points est nécessaire.</translation>
    </message>
    <message>
        <source>Comparing with the image: {done} %</source>
        <translation>Comparaison avec l&apos;image&#xa0;: {done} %</translation>
    </message>
    <message>
        <source>Looking for missing buildings: {done} %</source>
        <translation>Recherche des bâtiments manquants&#xa0;: {done} %</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Écriture</translation>
    </message>
    <message>
        <source>The buildings would fit the image if they were moved {east:+.2f} m to the east and {north:+.2f} m to the north ({count} of {measured} agree).</source>
        <translation>Les bâtiments conviendraient à l&apos;image si on les déplaçait de {east:+.2f} m vers l&apos;est et de {north:+.2f} m vers le nord ({count} sur {measured} concordent).</translation>
    </message>
    <message>
        <source>The layer has a field “{}” already: that of the verdict is “{}”.</source>
        <translation>La couche a déjà un champ « {} »&#xa0;: celui du verdict est « {} ».</translation>
    </message>
    <message>
        <source>What the engine wrote cannot be read: {}</source>
        <translation>Ce que le moteur a écrit ne peut être lu&#xa0;: {}</translation>
    </message>
    <message>
        <source>A layer of footprints, in any CRS. Leave it empty to take those of a file of OpenStreetMap.</source>
        <translation>Une couche d&apos;emprises, dans n&apos;importe quel SCR. Laissez vide pour prendre celles d&apos;un fichier d&apos;OpenStreetMap.</translation>
    </message>
    <message>
        <source>File of OpenStreetMap</source>
        <translation>Fichier d&apos;OpenStreetMap</translation>
    </message>
    <message>
        <source>OpenStreetMap (*.osm *.pbf)</source>
        <translation>OpenStreetMap (*.osm *.pbf)</translation>
    </message>
    <message>
        <source>The .osm or .osm.pbf file that has the buildings, or that the layer was made from.</source>
        <translation>Le fichier .osm ou .osm.pbf qui contient les bâtiments, ou dont la couche a été tirée.</translation>
    </message>
    <message>
        <source>What is right where they differ as a whole</source>
        <translation>Qui a raison là où ils diffèrent dans l&apos;ensemble</translation>
    </message>
    <message>
        <source>The buildings: they stay where they are</source>
        <translation>Les bâtiments&#xa0;: ils restent où ils sont</translation>
    </message>
    <message>
        <source>The image: they are moved to it</source>
        <translation>L&apos;image&#xa0;: ils sont déplacés vers elle</translation>
    </message>
    <message>
        <source>With the buildings, what is drawn anew is moved to fit them, as OpenStreetMap has it. Scripts say features or imagery.</source>
        <translation>Avec les bâtiments, ce qui est dessiné à neuf est déplacé pour leur convenir, comme le veut OpenStreetMap. Dans les scripts, features ou imagery.</translation>
    </message>
    <message>
        <source>Find missing buildings</source>
        <translation>Trouver les bâtiments manquants</translation>
    </message>
    <message>
        <source>What looks like the buildings of the layer and is not in it.</source>
        <translation>Ce qui ressemble aux bâtiments de la couche et n&apos;y est pas.</translation>
    </message>
    <message>
        <source>Points of missing buildings</source>
        <translation>Points de bâtiments manquants</translation>
    </message>
    <message>
        <source>Missing buildings are looked for at these points only.</source>
        <translation>Les bâtiments manquants ne sont cherchés qu&apos;à ces points.</translation>
    </message>
    <message>
        <source>Least likeness (0 to 1)</source>
        <translation>Ressemblance minimale (0 à 1)</translation>
    </message>
    <message>
        <source>How much a missing building must look like those of the layer; fewer and surer ones with more.</source>
        <translation>À quel point un bâtiment manquant doit ressembler à ceux de la couche&#xa0;; avec plus, moins nombreux et plus sûrs.</translation>
    </message>
    <message>
        <source>Turn as the neighbours</source>
        <translation>Aligner sur les voisins</translation>
    </message>
    <message>
        <source>New outlines are turned to the direction that their neighbours have.</source>
        <translation>Les nouveaux contours sont tournés dans la direction de leurs voisins.</translation>
    </message>
    <message>
        <source>Clean shared walls</source>
        <translation>Nettoyer les murs mitoyens</translation>
    </message>
    <message>
        <source>No overlaps and slivers between neighbours where one of them is changed.</source>
        <translation>Ni chevauchements ni interstices entre voisins dont l&apos;un est modifié.</translation>
    </message>
    <message>
        <source>Smallest outline (m²)</source>
        <translation>Plus petit contour (m²)</translation>
    </message>
    <message>
        <source>No smaller one is proposed.</source>
        <translation>Aucun plus petit n&apos;est proposé.</translation>
    </message>
    <message>
        <source>Protect</source>
        <translation>Protéger</translation>
    </message>
    <message>
        <source>Features that stay as they are: FIELD for those that have a value there, FIELD=VALUE for those that have this one, or a tag of OpenStreetMap; several with semicolons.</source>
        <translation>Entités qui restent telles quelles&#xa0;: CHAMP pour celles qui y ont une valeur, CHAMP=VALEUR pour celles qui ont celle-ci, ou un attribut d&apos;OpenStreetMap&#xa0;; plusieurs séparés par des points-virgules.</translation>
    </message>
    <message>
        <source>Which level of the cache is looked at, 0 being the finest. When empty, that which suits each building&apos;s size.</source>
        <translation>Quel niveau du cache est regardé, 0 étant le plus fin. Si vide, celui qui convient à la taille de chaque bâtiment.</translation>
    </message>
    <message>
        <source>Search radius (m)</source>
        <translation>Rayon de recherche (m)</translation>
    </message>
    <message>
        <source>How far from its place a building is looked for.</source>
        <translation>Jusqu&apos;à quelle distance de sa place un bâtiment est cherché.</translation>
    </message>
    <message>
        <source>Delete buildings that are gone from OpenStreetMap</source>
        <translation>Supprimer d&apos;OpenStreetMap les bâtiments disparus</translation>
    </message>
    <message>
        <source>In the changes to OpenStreetMap; else they stay in it.</source>
        <translation>Dans les modifications d&apos;OpenStreetMap&#xa0;; sinon ils y restent.</translation>
    </message>
    <message>
        <source>Refined</source>
        <translation>Affiné</translation>
    </message>
    <message>
        <source>Changes to OpenStreetMap</source>
        <translation>Modifications d&apos;OpenStreetMap</translation>
    </message>
    <message>
        <source>For JOSM (*.osm);;osmChange (*.osc)</source>
        <translation>Pour JOSM (*.osm);;osmChange (*.osc)</translation>
    </message>
    <message>
        <source>A file to be looked at in JOSM, and uploaded there; nothing is uploaded from here.</source>
        <translation>Un fichier à examiner dans JOSM et à envoyer de là&#xa0;; rien n&apos;est envoyé d&apos;ici.</translation>
    </message>
    <message>
        <source>Read what is to be reviewed</source>
        <translation>Lire ce qui est à vérifier</translation>
    </message>
    <message>
        <source>“{layer}” is a temporary layer: what you decide is lost with it.</source>
        <translation>«&#xa0;{layer}&#xa0;» est une couche temporaire : ce que vous décidez est perdu avec elle.</translation>
    </message>
    <message>
        <source>“{refined}” cannot be brought into the CRS of “{target}”.</source>
        <translation>«&#xa0;{refined}&#xa0;» ne peut pas être ramenée au SCR de «&#xa0;{target}&#xa0;».</translation>
    </message>
    <message>
        <source>There is nothing to review in “{refined}”: what the image shows fits.</source>
        <translation>Il n&apos;y a rien à vérifier dans «&#xa0;{refined}&#xa0;»&#xa0;: ce que montre l&apos;image concorde.</translation>
    </message>
    <message>
        <source>“{target}” is not the layer that “{refined}” was made from: its features lie elsewhere. Choose the layer that was refined.</source>
        <translation>«&#xa0;{target}&#xa0;» n&apos;est pas la couche dont «&#xa0;{refined}&#xa0;» est issue&#xa0;: ses entités se trouvent ailleurs. Choisissez la couche qui a été affinée.</translation>
    </message>
    <message>
        <source>Review: feature removed</source>
        <translation>Vérification&#xa0;: entité supprimée</translation>
    </message>
    <message>
        <source>Review: feature added</source>
        <translation>Vérification&#xa0;: entité ajoutée</translation>
    </message>
    <message>
        <source>Review: outline replaced</source>
        <translation>Vérification&#xa0;: contour remplacé</translation>
    </message>
    <message>
        <source>Review: taken back</source>
        <translation>Vérification&#xa0;: annulé</translation>
    </message>
    <message>
        <source>The feature is no longer in “{layer}”. Reject the proposal, or go on.</source>
        <translation>L&apos;entité n&apos;est plus dans «&#xa0;{layer}&#xa0;». Rejetez la proposition, ou continuez.</translation>
    </message>
    <message>
        <source>There is no polygon of “{layer}” there.</source>
        <translation>Il n&apos;y a pas de polygone de «&#xa0;{layer}&#xa0;» à cet endroit.</translation>
    </message>
    <message>
        <source>Look for the polygon</source>
        <translation>Chercher le polygone</translation>
    </message>
    <message>
        <source>Asking the server of “{layer}” what it offers…</source>
        <translation>Le serveur de «&#xa0;{layer}&#xa0;» est interrogé sur ce qu&apos;il propose…</translation>
    </message>
    <message>
        <source>The map shows no part of “{layer}” here: web maps end at 85 degrees.</source>
        <translation>La carte ne montre ici aucune partie de «&#xa0;{layer}&#xa0;»&#xa0;: les cartes web s&apos;arrêtent à 85 degrés.</translation>
    </message>
    <message>
        <source>How fine the image is: proposed from the map&apos;s scale, fine enough for buildings. Larger things are found on its coarser levels.</source>
        <translation>La finesse de l&apos;image&#xa0;: proposée d&apos;après l&apos;échelle de la carte, assez fine pour les bâtiments. Ce qui est plus grand se trouve sur ses niveaux plus grossiers.</translation>
    </message>
    <message>
        <source>{zoom} (pixels of {size} m)</source>
        <translation>{zoom} (pixels de {size} m)</translation>
    </message>
    <message numerus="yes">
        <source>%n feature(s) of “{layer}” are not where they were when it was refined: they can only be rejected.</source>
        <translation>
            <numerusform>%n entité de «&#xa0;{layer}&#xa0;» n&apos;est plus là où elle était lors de l&apos;affinage&#xa0;: elle ne peut qu&apos;être rejetée.</numerusform>
            <numerusform>%n entités de «&#xa0;{layer}&#xa0;» ne sont plus là où elles étaient lors de l&apos;affinage&#xa0;: elles ne peuvent qu&apos;être rejetées.</numerusform>
        </translation>
    </message>
    <message>
        <source>That was accepted when the project was open before: edit it, or change it in the layer.</source>
        <translation>Cela a été accepté lors d&apos;une ouverture précédente du projet&#xa0;: modifiez-le, ou changez-le dans la couche.</translation>
    </message>
    <message>
        <source>The review of this object was left.</source>
        <translation>La vérification de cet objet a été quittée.</translation>
    </message>
    <message>
        <source>What “Refine footprints” has made: it has a field “verdict”.</source>
        <translation>Ce qu&apos;a produit «&#xa0;Affiner les emprises&#xa0;»&#xa0;: elle a un champ «&#xa0;verdict&#xa0;».</translation>
    </message>
    <message>
        <source>What you accept goes into its edits.</source>
        <translation>Ce que vous acceptez entre dans ses modifications.</translation>
    </message>
    <message>
        <source>Correct buildings</source>
        <translation>Corriger des bâtiments</translation>
    </message>
    <message>
        <source>Refine footprints…</source>
        <translation>Affiner les emprises…</translation>
    </message>
    <message>
        <source>Accept all of this kind</source>
        <translation>Accepter tous ceux de cette sorte</translation>
    </message>
    <message>
        <source>Choose the kind in the list above. Each one can be taken back.</source>
        <translation>Choisissez la sorte dans la liste ci-dessus. Chacun peut être annulé.</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>Its edits are not saved yet.</source>
        <translation>Ses modifications ne sont pas encore enregistrées.</translation>
    </message>
    <message>
        <source>Accept ({key})</source>
        <translation>Accepter ({key})</translation>
    </message>
    <message>
        <source>Reject ({key})</source>
        <translation>Rejeter ({key})</translation>
    </message>
    <message>
        <source>Edit ({key})</source>
        <translation>Modifier ({key})</translation>
    </message>
    <message>
        <source>Back ({key})</source>
        <translation>Précédent ({key})</translation>
    </message>
    <message>
        <source>Next ({key})</source>
        <translation>Suivant ({key})</translation>
    </message>
    <message>
        <source>Undo ({key})</source>
        <translation>Annuler ({key})</translation>
    </message>
    <message>
        <source>Click on it as on any object; Enter saves it, and it counts as accepted.</source>
        <translation>Cliquer dessus comme sur tout objet&#xa0;; Entrée l&apos;enregistre, et il compte comme accepté.</translation>
    </message>
    <message>
        <source>Takes the last decision back.</source>
        <translation>Annule la dernière décision.</translation>
    </message>
    <message>
        <source>Compares each building of the layer with the image, and has you review what it proposes.</source>
        <translation>Compare chaque bâtiment de la couche à l&apos;image et vous fait vérifier ce qui est proposé.</translation>
    </message>
    <message>
        <source>Encode the image first.</source>
        <translation>Encodez d&apos;abord l&apos;image.</translation>
    </message>
    <message>
        <source>Start review</source>
        <translation>Commencer la vérification</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Lecture…</translation>
    </message>
    <message>
        <source>Leave review</source>
        <translation>Quitter la vérification</translation>
    </message>
    <message>
        <source>All ({count})</source>
        <translation>Tous ({count})</translation>
    </message>
    <message>
        <source>in the layer</source>
        <translation>dans la couche</translation>
    </message>
    <message>
        <source>proposed</source>
        <translation>proposé</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>décalé</translation>
    </message>
    <message>
        <source>another shape</source>
        <translation>autre forme</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>manquant</translation>
    </message>
    <message>
        <source>gone</source>
        <translation>disparu</translation>
    </message>
    <message>
        <source>uncertain</source>
        <translation>incertain</translation>
    </message>
    <message>
        <source>{number} of {total}</source>
        <translation>{number} sur {total}</translation>
    </message>
    <message>
        <source>{count} accepted</source>
        <translation>{count} acceptés</translation>
    </message>
    <message>
        <source>{count} rejected</source>
        <translation>{count} rejetés</translation>
    </message>
    <message>
        <source>all decided</source>
        <translation>tous décidés</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>accepté</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>rejeté</translation>
    </message>
    <message>
        <source>It fits.</source>
        <translation>Il correspond.</translation>
    </message>
    <message>
        <source>It is protected.</source>
        <translation>Il est protégé.</translation>
    </message>
    <message>
        <source>It fits {metres} m away.</source>
        <translation>Il correspond à {metres} m de là.</translation>
    </message>
    <message>
        <source>It fits where the layer&apos;s offset puts it.</source>
        <translation>Il correspond là où le décalage de la couche le place.</translation>
    </message>
    <message>
        <source>Another outline fits clearly better.</source>
        <translation>Un autre contour correspond nettement mieux.</translation>
    </message>
    <message>
        <source>In another size it fits clearly better.</source>
        <translation>À une autre taille, il correspond nettement mieux.</translation>
    </message>
    <message>
        <source>Turned it fits clearly better.</source>
        <translation>Tourné, il correspond nettement mieux.</translation>
    </message>
    <message>
        <source>Nothing there looks like the other buildings.</source>
        <translation>Rien à cet endroit ne ressemble aux autres bâtiments.</translation>
    </message>
    <message>
        <source>Too little of it is on the image.</source>
        <translation>Une trop petite partie se trouve sur l&apos;image.</translation>
    </message>
    <message>
        <source>The image is not encoded there.</source>
        <translation>L&apos;image n&apos;y est pas encodée.</translation>
    </message>
    <message>
        <source>The image has no data there.</source>
        <translation>L&apos;image n&apos;y a pas de données.</translation>
    </message>
    <message>
        <source>The cache is damaged there.</source>
        <translation>Le cache y est endommagé.</translation>
    </message>
    <message>
        <source>It has no outline on the image.</source>
        <translation>Il n&apos;a pas de contour sur l&apos;image.</translation>
    </message>
    <message>
        <source>It is too small to be seen.</source>
        <translation>Il est trop petit pour être vu.</translation>
    </message>
    <message>
        <source>What is there looks like none of the other buildings.</source>
        <translation>Ce qui s&apos;y trouve ne ressemble à aucun des autres bâtiments.</translation>
    </message>
    <message>
        <source>It may be off, in a layer where hardly another one is.</source>
        <translation>Il est peut-être décalé, dans une couche où presque aucun autre ne l&apos;est.</translation>
    </message>
    <message>
        <source>The image shows nothing that fits it well.</source>
        <translation>L&apos;image ne montre rien qui lui corresponde bien.</translation>
    </message>
    <message>
        <source>The outline that fits is smaller than what is asked for.</source>
        <translation>Le contour qui correspond est plus petit que ce qui est demandé.</translation>
    </message>
    <message>
        <source>The layer has nothing here; it looks like its buildings ({percent}%).</source>
        <translation>La couche n&apos;a rien ici&#xa0;; cela ressemble à ses bâtiments ({percent}%).</translation>
    </message>
    <message>
        <source>It overlaps a neighbour.</source>
        <translation>Il chevauche un voisin.</translation>
    </message>
    <message>
        <source>The measures (M) of the coordinates are not in what is written.</source>
        <translation>Les mesures (M) des coordonnées ne sont pas dans ce qui est écrit.</translation>
    </message>
    <message>
        <source>Not compared, since too little of them is on the image, or it is not encoded or empty there: {count} features.</source>
        <translation>Non comparées, car trop peu d&apos;elles se trouve sur l&apos;image, ou car elle n&apos;y est pas encodée ou y est vide&#xa0;: {count} entités.</translation>
    </message>
    <message>
        <source>Too few buildings of the layer are seen on the image to say what one looks like: nothing was looked for that it lacks.</source>
        <translation>Trop peu de bâtiments de la couche sont visibles sur l&apos;image pour dire à quoi ils ressemblent&#xa0;: ce qui lui manque n&apos;a pas été cherché.</translation>
    </message>
    <message>
        <source>No outline was drawn anew, so none was given right angles.</source>
        <translation>Aucun contour n&apos;a été redessiné, donc aucun n&apos;a reçu d&apos;angles droits.</translation>
    </message>
    <message>
        <source>No outline that was drawn anew has the shape that right angles are for: {count} have their own.</source>
        <translation>Aucun contour redessiné n&apos;a la forme à laquelle conviennent des angles droits&#xa0;: {count} gardent la leur.</translation>
    </message>
    <message>
        <source>Without an id of OpenStreetMap, so not in the changes to it: {count} features that would change.</source>
        <translation>Sans identifiant OpenStreetMap, donc absentes des modifications&#xa0;: {count} entités qui changeraient.</translation>
    </message>
    <message>
        <source>Nothing changes in OpenStreetMap, so there is no file to open.</source>
        <translation>Rien ne change dans OpenStreetMap, donc il n&apos;y a pas de fichier à ouvrir.</translation>
    </message>
    <message>
        <source>Way {id} {why}: change it by hand.</source>
        <translation>Le chemin {id} {why}&#xa0;: modifiez-le à la main.</translation>
    </message>
    <message>
        <source>Relation {id} {why}: change it by hand.</source>
        <translation>La relation {id} {why}&#xa0;: modifiez-la à la main.</translation>
    </message>
    <message>
        <source>Way {id} is part of a relation: delete it by hand.</source>
        <translation>Le chemin {id} fait partie d&apos;une relation&#xa0;: supprimez-le à la main.</translation>
    </message>
    <message>
        <source>Relation {id} is part of a relation: delete it by hand.</source>
        <translation>La relation {id} fait partie d&apos;une relation&#xa0;: supprimez-la à la main.</translation>
    </message>
    <message>
        <source>Way {id} does not run over node {node} any more, which has tags, as an entrance has: move or delete the node, too.</source>
        <translation>Le chemin {id} ne passe plus par le nœud {node}, qui a des attributs, comme une entrée&#xa0;: déplacez ou supprimez aussi le nœud.</translation>
    </message>
    <message>
        <source>Relation {id} does not run over node {node} any more, which has tags, as an entrance has: move or delete the node, too.</source>
        <translation>La relation {id} ne passe plus par le nœud {node}, qui a des attributs, comme une entrée&#xa0;: déplacez ou supprimez aussi le nœud.</translation>
    </message>
    <message>
        <source>A new building at {latitude}, {longitude} {why}: draw it by hand.</source>
        <translation>Un nouveau bâtiment à {latitude}, {longitude} {why}&#xa0;: dessinez-le à la main.</translation>
    </message>
    <message>
        <source>has another number of rings than its new outline</source>
        <translation>n&apos;a pas autant d&apos;anneaux que son nouveau contour</translation>
    </message>
    <message>
        <source>has ways that make a ring together</source>
        <translation>a des chemins qui forment ensemble un anneau</translation>
    </message>
    <message>
        <source>shares a way with another building, whose outline is not the same</source>
        <translation>partage un chemin avec un autre bâtiment dont le contour n&apos;est pas le même</translation>
    </message>
    <message>
        <source>crosses the antimeridian</source>
        <translation>traverse l&apos;antiméridien</translation>
    </message>
    <message>
        <source>is smaller than OpenStreetMap&apos;s coordinates are exact</source>
        <translation>est plus petit que la précision des coordonnées d&apos;OpenStreetMap</translation>
    </message>
    <message>
        <source>has {corners} corners, and a way has at most {most} nodes</source>
        <translation>a {corners} sommets, et un chemin a au plus {most} nœuds</translation>
    </message>
    <message>
        <source>{buildings}, refined</source>
        <translation>{buildings}, affinée</translation>
    </message>
    <message>
        <source>“{layer}” can be reviewed when this review is left: choose it as Result.</source>
        <translation>«&#xa0;{layer}&#xa0;» pourra être vérifiée quand vous aurez quitté cette vérification : choisissez-la comme Résultat.</translation>
    </message>
    <message>
        <source>The buildings would fit the image if all were moved {east:+.1f} m to the east and {north:+.1f} m to the north.</source>
        <translation>Les bâtiments conviendraient à l&apos;image si on les déplaçait tous de {east:+.1f} m vers l&apos;est et de {north:+.1f} m vers le nord.</translation>
    </message>
</context>
</TS>
