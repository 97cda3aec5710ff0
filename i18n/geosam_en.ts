<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en">
<context>
    <name>GeoSAM</name>
    <message numerus="yes">
        <source>The feature would get %n part(s), but the layer takes single parts only.</source>
        <translation>
            <numerusform>The feature would get %n part, but the layer takes single parts only.</numerusform>
            <numerusform>The feature would get %n parts, but the layer takes single parts only.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Take up again (%n)</source>
        <translation>
            <numerusform>Take up again (%n)</numerusform>
            <numerusform>Take up again (%n)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) not in the file yet</source>
        <translation>
            <numerusform>%n object not in the file yet</numerusform>
            <numerusform>%n objects not in the file yet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The engine ended %n time(s) in a row and is not started again. {why} Its last words: {words}</source>
        <translation>
            <numerusform>The engine ended %n time and is not started again. {why} Its last words: {words}</numerusform>
            <numerusform>The engine ended %n times in a row and is not started again. {why} Its last words: {words}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) waited to be saved and are kept: choose their image again and press “Take up again”.</source>
        <translation>
            <numerusform>%n object waited to be saved and is kept: choose its image again and press “Take up again”.</numerusform>
            <numerusform>%n objects waited to be saved and are kept: choose their image again and press “Take up again”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) in no file, of a layer that is gone: {layers}</source>
        <translation>
            <numerusform>%n object in no file, of a layer that is gone: {layers}</numerusform>
            <numerusform>%n objects in no file, of a layer that is gone: {layers}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n part(s)</source>
        <translation>
            <numerusform>%n part</numerusform>
            <numerusform>%n parts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) of a layer that you removed are in no file: {layers}</source>
        <translation>
            <numerusform>%n object of a layer that you removed is in no file: {layers}</numerusform>
            <numerusform>%n objects of a layer that you removed are in no file: {layers}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) from before QGIS was closed can be brought back: {layers}</source>
        <translation>
            <numerusform>%n object from before QGIS was closed can be brought back: {layers}</numerusform>
            <numerusform>%n objects from before QGIS was closed can be brought back: {layers}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) found, in a temporary layer.</source>
        <translation>
            <numerusform>%n object found, in a temporary layer.</numerusform>
            <numerusform>%n objects found, in a temporary layer.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n feature(s) of “{layer}” are not where they were when it was refined: they can only be rejected.</source>
        <translation>
            <numerusform>%n feature of “{layer}” is not where it was when it was refined: it can only be rejected.</numerusform>
            <numerusform>%n features of “{layer}” are not where they were when it was refined: they can only be rejected.</numerusform>
        </translation>
    </message>
</context>
</TS>
