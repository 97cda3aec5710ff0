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
        <source>The engine ended %n time(s) in a row and is not started again. {why} Its last words: {words}</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) of a temporary layer that is gone: {layers}</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The removed layer “{layer}” held %n object(s) that are in no file.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) waited to be saved and are kept: choose their image again and press “Take up again”.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
</TS>
