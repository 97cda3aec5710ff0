<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>GeoSAM</name>
    <message>
        <source>The object that is not saved yet is kept: it is there again when you choose its image again.</source>
        <translation>尚未保存的对象已保留：再次选择其影像时会重新出现。</translation>
    </message>
    <message>
        <source>The image has changed since it was encoded. Encode it again, or shapes will follow the old image.</source>
        <translation>影像在编码之后发生了变化。请重新编码，否则形状将按旧影像绘制。</translation>
    </message>
    <message>
        <source>That is in another part of the web map than the object at hand: save that first (Enter), or clear it (Esc).</source>
        <translation>该处与当前对象不在网络地图的同一部分：请先保存当前对象（回车）或清除它（Esc）。</translation>
    </message>
    <message>
        <source>That is in another part of the web map: it can be clicked when the last object is saved.</source>
        <translation>那里是网络地图的另一部分：最后一个对象保存后即可点击。</translation>
    </message>
    <message>
        <source>{why} The object is kept: press “Take up again”.</source>
        <translation>{why}对象已保留：请点击“继续编辑”。</translation>
    </message>
    <message>
        <source>{why} The object is kept with its image.</source>
        <translation>{why}对象已随其影像保留。</translation>
    </message>
    <message>
        <source>The image is not encoded there yet.</source>
        <translation>该处影像尚未编码。</translation>
    </message>
    <message>
        <source>That is outside the image. Click on the image that is chosen in GeoSAM.</source>
        <translation>该处在影像之外。请点击 GeoSAM 中所选的影像。</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>{why} It is being started again.</source>
        <translation>{why}正在重新启动引擎。</translation>
    </message>
    <message>
        <source>{why} That has happened twice over the same prompts: try others.</source>
        <translation>{why} 相同的提示已两次导致此情况：请尝试其他提示。</translation>
    </message>
    <message numerus="yes">
        <source>The engine ended %n time(s) in a row and is not started again. {why} Its last words: {words}</source>
        <translation>
            <numerusform>引擎已连续 %n 次意外退出，不再重新启动。{why}其最后的输出：{words}</numerusform>
        </translation>
    </message>
    <message>
        <source>The engine (version {engine}) does not belong to this version of the plugin. Restart QGIS; if that does not help, install the plugin again.</source>
        <translation>引擎（版本 {engine}）与此版本的插件不匹配。请重启 QGIS；如果仍无效，请重新安装插件。</translation>
    </message>
    <message>
        <source>GeoSAM met an unexpected error with the engine&apos;s answer. QGIS&apos;s log messages say more.</source>
        <translation>GeoSAM 在处理引擎应答时遇到意外错误。详情请见 QGIS 的日志信息。</translation>
    </message>
    <message>
        <source>The engine&apos;s Python cannot be started: {}. Repair the engine on GeoSAM&apos;s settings page.</source>
        <translation>无法启动引擎的 Python：{}。请在 GeoSAM 的设置页面修复引擎。</translation>
    </message>
    <message>
        <source>The engine answered something unreadable.</source>
        <translation>引擎的应答无法读取。</translation>
    </message>
    <message>
        <source>The engine ended unexpectedly.</source>
        <translation>引擎意外退出。</translation>
    </message>
    <message>
        <source>The engine does not belong to this version of the plugin.</source>
        <translation>引擎与此版本的插件不匹配。</translation>
    </message>
    <message>
        <source>The engine did not answer.</source>
        <translation>引擎没有应答。</translation>
    </message>
    <message>
        <source>These bands cannot be used: {details}</source>
        <translation>无法使用这些波段：{details}</translation>
    </message>
    <message>
        <source>The feature cache is damaged.</source>
        <translation>特征缓存已损坏。</translation>
    </message>
    <message>
        <source>The feature cache cannot be used: {details}</source>
        <translation>无法使用特征缓存：{details}</translation>
    </message>
    <message>
        <source>Another program is writing to the feature cache just now.</source>
        <translation>另一个程序正在写入特征缓存。</translation>
    </message>
    <message>
        <source>The feature cache belongs to another raster or to other settings: {details}</source>
        <translation>特征缓存属于另一个栅格或另一组设置：{details}</translation>
    </message>
    <message>
        <source>The feature cache was made by a newer version of GeoSAM.</source>
        <translation>特征缓存由更新版本的 GeoSAM 创建。</translation>
    </message>
    <message>
        <source>There is not enough memory for the model.</source>
        <translation>内存不足，无法运行模型。</translation>
    </message>
    <message>
        <source>The disk is full: {details}</source>
        <translation>磁盘已满：{details}</translation>
    </message>
    <message>
        <source>The model could not be downloaded: {details}</source>
        <translation>无法下载模型：{details}</translation>
    </message>
    <message>
        <source>The extent does not fit the raster: {details}</source>
        <translation>范围与栅格不符：{details}</translation>
    </message>
    <message>
        <source>GeoSAM and its engine misunderstood each other.</source>
        <translation>GeoSAM 与其引擎之间通信有误。</translation>
    </message>
    <message>
        <source>The engine cannot be asked for that ({reason}).</source>
        <translation>无法向引擎提出该请求（{reason}）。</translation>
    </message>
    <message>
        <source>{what_happened} {what_to_do}</source>
        <translation>{what_happened}{what_to_do}</translation>
    </message>
    <message>
        <source>The feature cache is gone.</source>
        <translation>特征缓存已不存在。</translation>
    </message>
    <message>
        <source>The engine met an unexpected error.</source>
        <translation>引擎遇到意外错误。</translation>
    </message>
    <message>
        <source>The engine lacks a package: {details}</source>
        <translation>引擎缺少软件包：{details}</translation>
    </message>
    <message>
        <source>The raster&apos;s file was not found: {details}</source>
        <translation>找不到栅格文件：{details}</translation>
    </message>
    <message>
        <source>Some map tiles are missing: {details}</source>
        <translation>缺少部分地图瓦片：{details}</translation>
    </message>
    <message>
        <source>The model cannot be used: {details}</source>
        <translation>无法使用模型：{details}</translation>
    </message>
    <message>
        <source>The model is not on this computer yet.</source>
        <translation>此计算机上还没有该模型。</translation>
    </message>
    <message>
        <source>There is nothing of the image there, only empty pixels (nodata).</source>
        <translation>该处没有影像，只有空像素（nodata）。</translation>
    </message>
    <message>
        <source>Nothing changes, so no file is written.</source>
        <translation>没有任何变化，因此不写入文件。</translation>
    </message>
    <message>
        <source>No object was found there.</source>
        <translation>该处未找到对象。</translation>
    </message>
    <message>
        <source>The output cannot be written: {details}</source>
        <translation>无法写入输出：{details}</translation>
    </message>
    <message>
        <source>That is outside the image.</source>
        <translation>该处在影像之外。</translation>
    </message>
    <message>
        <source>These prompts cannot be used: {details}</source>
        <translation>无法使用这些提示：{details}</translation>
    </message>
    <message>
        <source>The raster cannot be used: {details}</source>
        <translation>无法使用栅格：{details}</translation>
    </message>
    <message>
        <source>The request cannot be understood: {details}</source>
        <translation>无法理解该请求：{details}</translation>
    </message>
    <message>
        <source>The map tiles cannot be had: {details}</source>
        <translation>无法获取地图瓦片：{details}</translation>
    </message>
    <message>
        <source>The file of map tiles was not found: {details}</source>
        <translation>找不到地图瓦片文件：{details}</translation>
    </message>
    <message>
        <source>The map tiles are of another size than was expected: {details}</source>
        <translation>地图瓦片的大小与预期不同：{details}</translation>
    </message>
    <message>
        <source>The engine cannot do that: {details}</source>
        <translation>引擎无法执行该操作：{details}</translation>
    </message>
    <message>
        <source>Encode again, or choose another cache.</source>
        <translation>请重新编码，或选择另一个缓存。</translation>
    </message>
    <message>
        <source>Restart QGIS; if that does not help, install the plugin again.</source>
        <translation>请重启 QGIS；如果仍无效，请重新安装插件。</translation>
    </message>
    <message>
        <source>Encode the raster again: only what is damaged is made anew.</source>
        <translation>请再次编码栅格：只会重做损坏的部分。</translation>
    </message>
    <message>
        <source>Wait until it is done.</source>
        <translation>请等待其完成。</translation>
    </message>
    <message>
        <source>Update the plugin, or encode the raster again.</source>
        <translation>请更新插件，或重新编码栅格。</translation>
    </message>
    <message>
        <source>Choose a smaller batch, a smaller model, or the processor as the device.</source>
        <translation>请减少同时处理的图块数，选择更小的模型，或选择处理器作为设备。</translation>
    </message>
    <message>
        <source>Make room and do the same again: what was finished is kept.</source>
        <translation>请腾出空间后再次执行：已完成的部分会保留。</translation>
    </message>
    <message>
        <source>Check the network and the proxy, then try again.</source>
        <translation>请检查网络和代理，然后重试。</translation>
    </message>
    <message>
        <source>Its log says more.</source>
        <translation>详情请见其日志。</translation>
    </message>
    <message>
        <source>Repair the engine, or install the full one, on GeoSAM&apos;s settings page.</source>
        <translation>请在 GeoSAM 的设置页面修复引擎，或安装完整引擎。</translation>
    </message>
    <message>
        <source>Download it on GeoSAM&apos;s settings page, or use nano.</source>
        <translation>请在 GeoSAM 的设置页面下载该模型，或使用 nano。</translation>
    </message>
    <message>
        <source>Click on the image itself.</source>
        <translation>请点击影像本身。</translation>
    </message>
    <message>
        <source>Encode that part first.</source>
        <translation>请先编码该部分。</translation>
    </message>
    <message>
        <source>Click on the middle of the object, or drag a box around it.</source>
        <translation>请点击对象中部，或在其周围拖出一个框。</translation>
    </message>
    <message>
        <source>Click on the image that is chosen in GeoSAM.</source>
        <translation>请点击 GeoSAM 中所选的影像。</translation>
    </message>
    <message>
        <source>The engine took too long.</source>
        <translation>引擎用时过长。</translation>
    </message>
    <message>
        <source>The engine did not start in time.</source>
        <translation>引擎未能及时启动。</translation>
    </message>
    <message>
        <source>The object cannot be transformed into the layer&apos;s CRS ({crs}). Choose another target layer.</source>
        <translation>无法将对象转换到图层的坐标参照系（{crs}）。请选择另一个目标图层。</translation>
    </message>
    <message>
        <source>Existing polygons cover the whole object: nothing of it is left to save.</source>
        <translation>现有多边形覆盖了整个对象：没有可保存的部分。</translation>
    </message>
    <message>
        <source>The object could not be combined with existing polygons: {why}. Repair them with “Fix geometries”, or save it without avoiding overlaps.</source>
        <translation>对象无法与现有多边形合并计算：{why}。请用“修正几何图形”修复它们，或在不避免重叠的情况下保存。</translation>
    </message>
    <message>
        <source>Downloading Python…</source>
        <translation>正在下载 Python…</translation>
    </message>
    <message>
        <source>Looking for Python…</source>
        <translation>正在查找 Python…</translation>
    </message>
    <message>
        <source>Making the engine&apos;s folder…</source>
        <translation>正在创建引擎文件夹…</translation>
    </message>
    <message>
        <source>Installing packages…</source>
        <translation>正在安装软件包…</translation>
    </message>
    <message>
        <source>Installing torch (this is the large one)…</source>
        <translation>正在安装 torch（体积较大）…</translation>
    </message>
    <message>
        <source>Installing SAM 2…</source>
        <translation>正在安装 SAM 2…</translation>
    </message>
    <message>
        <source>Testing: encode and click…</source>
        <translation>正在测试：编码并点击…</translation>
    </message>
    <message>
        <source>Downloading the model…</source>
        <translation>正在下载模型…</translation>
    </message>
    <message>
        <source>Another QGIS is installing the engine (process {0} on {1}). Wait until it is done.</source>
        <translation>另一个 QGIS 正在安装引擎（{1} 上的进程 {0}）。请等待其完成。</translation>
    </message>
    <message>
        <source>Cancelled. Nothing has changed.</source>
        <translation>已取消。没有任何更改。</translation>
    </message>
    <message>
        <source>The folder {0} cannot be written to. Name another one in the environment variable GEOSAM_ENGINE_DIR.</source>
        <translation>无法写入文件夹 {0}。请在环境变量 GEOSAM_ENGINE_DIR 中指定另一个文件夹。</translation>
    </message>
    <message>
        <source>The disk of {0} is too full: {1} GB are needed and {2} GB are free.</source>
        <translation>{0} 所在磁盘空间不足：需要 {1} GB，可用 {2} GB。</translation>
    </message>
    <message>
        <source>The folder {0} has no {1} for this computer. Add it, or install from the internet.</source>
        <translation>文件夹 {0} 中没有适用于此计算机的 {1}。请添加，或从互联网安装。</translation>
    </message>
    <message>
        <source>Nothing has happened for {0} min, so the installation was ended. Check the network connection and try again; what was downloaded is kept.</source>
        <translation>已有 {0} 分钟没有任何进展，因此安装已结束。请检查网络连接后重试；已下载的内容会保留。</translation>
    </message>
    <message>
        <source>The package index {0} has no uv {1} for this computer. Check the address of the mirror.</source>
        <translation>软件包索引 {0} 没有适用于此计算机的 uv {1}。请检查镜像地址。</translation>
    </message>
    <message>
        <source>The package index {0} cannot be reached ({1}). Check the network, the proxy in QGIS&apos;s settings, or the address of the mirror.</source>
        <translation>无法访问软件包索引 {0}（{1}）。请检查网络、QGIS 设置中的代理或镜像地址。</translation>
    </message>
    <message>
        <source>There is no current torch for Macs with an Intel processor. Install the small engine: it segments in every cache, also in those made with large models elsewhere.</source>
        <translation>对于使用 Intel 处理器的 Mac，没有最新的 torch。请安装小型引擎：它可在任何缓存中分割，包括在别处用大模型创建的缓存。</translation>
    </message>
    <message>
        <source>This Linux is too old: its C library is {0}, and the packages need {1}.</source>
        <translation>此 Linux 过旧：其 C 库为 {0}，软件包需要 {1}。</translation>
    </message>
    <message>
        <source>This is macOS {0}; the packages need macOS {1} or newer.</source>
        <translation>当前系统为 macOS {0}；软件包需要 macOS {1} 或更高版本。</translation>
    </message>
    <message>
        <source>The engine is ready, but the model could not be downloaded: {0}</source>
        <translation>引擎已就绪，但无法下载模型：{0}</translation>
    </message>
    <message>
        <source>CUDA does not exist on macOS. Choose the full engine: it uses Apple&apos;s graphics.</source>
        <translation>macOS 上没有 CUDA。请选择完整引擎：它使用 Apple 的图形处理器。</translation>
    </message>
    <message>
        <source>Python {0} could not be downloaded from github.com. Install Python {0} yourself and choose it under “Use this Python”.</source>
        <translation>无法从 github.com 下载 Python {0}。请自行安装 Python {0}，并在“使用此 Python”中选择它。</translation>
    </message>
    <message>
        <source>This Python cannot run the engine: {0} Untick “as it is” to have it made ready.</source>
        <translation>此 Python 无法运行引擎：{0} 请取消勾选“按原样使用”，以便对其进行准备。</translation>
    </message>
    <message>
        <source>The packages could not be installed: {0} The log says more.</source>
        <translation>无法安装软件包：{0} 详情请见日志。</translation>
    </message>
    <message>
        <source>There are no packages for this kind of computer ({0}, {1}).</source>
        <translation>没有适用于此类计算机的软件包（{0}，{1}）。</translation>
    </message>
    <message>
        <source>{0} is a 32-bit Python; the engine needs 64 bits.</source>
        <translation>{0} 是 32 位 Python；引擎需要 64 位。</translation>
    </message>
    <message>
        <source>{0} is {1}; the engine needs the usual Python.</source>
        <translation>{0} 是 {1}；引擎需要标准的 Python。</translation>
    </message>
    <message>
        <source>{0} is Python {1}, for which not all packages exist yet. Choose one up to {2}.</source>
        <translation>{0} 是 Python {1}，部分软件包尚不支持该版本。请选择不高于 {2} 的版本。</translation>
    </message>
    <message>
        <source>{0} is Python {1}; the engine needs {2} or newer. Choose another one, or leave the field empty.</source>
        <translation>{0} 是 Python {1}；引擎需要 {2} 或更高版本。请另选一个，或将该栏留空。</translation>
    </message>
    <message>
        <source>{0} is not a Python that can be run.</source>
        <translation>{0} 不是可运行的 Python。</translation>
    </message>
    <message>
        <source>{0} is Python {1}; here this engine needs {2}. Leave the field empty to have it downloaded.</source>
        <translation>{0} 是 Python {1}；此处该引擎需要 {2}。将该栏留空即可自动下载。</translation>
    </message>
    <message>
        <source>The new engine does not work: {0} The engine you had before is kept.</source>
        <translation>新引擎无法工作：{0} 已保留原来的引擎。</translation>
    </message>
    <message>
        <source>{0} is not the file that was published (its checksum differs), so it was not used. Check the mirror or the folder it came from.</source>
        <translation>{0} 不是所发布的文件（校验和不同），因此未使用。请检查镜像或其来源文件夹。</translation>
    </message>
    <message>
        <source>Segment by clicks</source>
        <translation>点击分割</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>The engine is being removed. Install it again to go on.</source>
        <translation>正在移除引擎。请重新安装后再继续。</translation>
    </message>
    <message>
        <source>Agree to a large raster</source>
        <translation>同意制作大栅格</translation>
    </message>
    <message>
        <source>More than 65 million pixels, a thousand tiles. Most providers of web maps do not allow that.</source>
        <translation>超过 6500 万像素，即一千个瓦片。多数网络地图提供者不允许这样做。</translation>
    </message>
    <message>
        <source>There is no such layer, or it cannot be read.</source>
        <translation>没有这个图层，或无法读取。</translation>
    </message>
    <message>
        <source>Feature cache</source>
        <translation>特征缓存</translation>
    </message>
    <message>
        <source>Coverage</source>
        <translation>覆盖范围</translation>
    </message>
    <message>
        <source>A layer with one rectangle for each patch: its level, and whether it is encoded, missing, or empty for want of pixels.</source>
        <translation>每个图块对应一个矩形的图层：其级别，以及是已编码、缺失还是因无像素而为空。</translation>
    </message>
    <message>
        <source>There is no folder {}.</source>
        <translation>文件夹 {} 不存在。</translation>
    </message>
    <message>
        <source>{} is not a feature cache. Encode a raster first, then choose its cache.</source>
        <translation>{} 不是特征缓存。请先编码栅格，然后选择其缓存。</translation>
    </message>
    <message>
        <source>GeoSAM&apos;s engine is not installed. Install it in QGIS&apos;s window, under Settings &gt; Options &gt; GeoSAM. On a server without a window: make a Python environment, install {packages} into it with pip, and name its Python in {settings}, under [geosam]: engine\python=…, engine\is_complete=true.</source>
        <translation>GeoSAM 的引擎尚未安装。请在 QGIS 窗口的“设置 &gt; 选项 &gt; GeoSAM”中安装。在没有窗口的服务器上：创建一个 Python 环境，用 pip 在其中安装 {packages}，并在 {settings} 的 [geosam] 下写明它的 Python：engine\python=…，engine\is_complete=true。</translation>
    </message>
    <message>
        <source>GeoSAM&apos;s engine is not installed. Install it under Settings &gt; Options &gt; GeoSAM.</source>
        <translation>GeoSAM 的引擎尚未安装。请在“设置 &gt; 选项 &gt; GeoSAM”中安装。</translation>
    </message>
    <message>
        <source>Describe a feature cache</source>
        <translation>描述特征缓存</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>Tells what a cache was made from and what is encoded.</source>
        <translation>说明缓存由什么创建以及哪些部分已编码。</translation>
    </message>
    <message>
        <source>Raster to compare with</source>
        <translation>用于比较的栅格</translation>
    </message>
    <message>
        <source>Is it still the raster that was encoded?</source>
        <translation>它仍是当初编码的栅格吗？</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>HTML files (*.html)</source>
        <translation>HTML 文件 (*.html)</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Name of the raster</source>
        <translation>栅格名称</translation>
    </message>
    <message>
        <source>What became of the raster</source>
        <translation>栅格的现状</translation>
    </message>
    <message>
        <source>CRS</source>
        <translation>坐标参照系</translation>
    </message>
    <message>
        <source>Number of levels</source>
        <translation>级别数</translation>
    </message>
    <message>
        <source>Number of encoded patches</source>
        <translation>已编码图块数</translation>
    </message>
    <message>
        <source>Number of patches without any pixel</source>
        <translation>无像素图块数</translation>
    </message>
    <message>
        <source>Number of patches that are not encoded</source>
        <translation>未编码图块数</translation>
    </message>
    <message>
        <source>Size on disk in bytes</source>
        <translation>占用磁盘大小（字节）</translation>
    </message>
    <message>
        <source>It is not a raster file.</source>
        <translation>它不是栅格文件。</translation>
    </message>
    <message>
        <source>It cannot be written ({}).</source>
        <translation>无法写入（{}）。</translation>
    </message>
    <message>
        <source>it is the raster that was encoded</source>
        <translation>是当初编码的栅格</translation>
    </message>
    <message>
        <source>it is not the raster that was encoded: encode again</source>
        <translation>不是当初编码的栅格：请重新编码</translation>
    </message>
    <message>
        <source>it cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>there is none</source>
        <translation>不存在</translation>
    </message>
    <message>
        <source>Raster</source>
        <translation>栅格</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>{width} x {height} pixels of {across:g} x {down:g}</source>
        <translation>{width} x {height} 像素，每像素 {across:g} x {down:g}</translation>
    </message>
    <message>
        <source>Bands</source>
        <translation>波段</translation>
    </message>
    <message>
        <source>Stretch</source>
        <translation>拉伸</translation>
    </message>
    <message>
        <source>Patches</source>
        <translation>图块</translation>
    </message>
    <message>
        <source>{PATCHES} encoded, {EMPTY} without any pixel, {MISSING} not encoded</source>
        <translation>已编码 {PATCHES}，无像素 {EMPTY}，未编码 {MISSING}</translation>
    </message>
    <message>
        <source>On disk</source>
        <translation>磁盘占用</translation>
    </message>
    <message>
        <source>{:.1f} MB</source>
        <translation>{:.1f} MB</translation>
    </message>
    <message>
        <source>Compared with</source>
        <translation>比较对象</translation>
    </message>
    <message>
        <source>Being written by</source>
        <translation>正在写入者</translation>
    </message>
    <message>
        <source>process {pid} on {host}</source>
        <translation>{host} 上的进程 {pid}</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Pixel size</source>
        <translation>像素大小</translation>
    </message>
    <message>
        <source>Encoded</source>
        <translation>已编码</translation>
    </message>
    <message>
        <source>Without any pixel</source>
        <translation>无像素</translation>
    </message>
    <message>
        <source>Raster layer</source>
        <translation>栅格图层</translation>
    </message>
    <message>
        <source>An image that is a file on this computer or a network drive. Of any other, such as a web map, a GeoTIFF of the extent is made first, at the zoom nearest to the resolution.</source>
        <translation>本计算机或网络驱动器上的影像文件。若是其他影像（如网络地图），会先以最接近该分辨率的缩放级别制成该范围的 GeoTIFF。</translation>
    </message>
    <message>
        <source>nano is the quick default and comes with the plugin. The SAM 2.1 models are better: the page under Settings &gt; Options &gt; GeoSAM downloads them, once, with the full engine that they need.</source>
        <translation>nano 是快速的默认模型，随插件提供。SAM 2.1 模型效果更好：“设置 &gt; 选项 &gt; GeoSAM”页面可一次性下载它们及其所需的完整引擎。</translation>
    </message>
    <message>
        <source>Extent</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Only what meets this is encoded; everything when empty. A further run with another extent adds to the same cache.</source>
        <translation>仅编码与此范围相交的部分；留空则全部编码。再次以另一范围运行会补充到同一缓存。</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>分辨率</translation>
    </message>
    <message>
        <source>Size of a pixel as the model is to see it, in the raster&apos;s units; the raster&apos;s own when empty.</source>
        <translation>模型所见影像的像素大小，以栅格的单位计；留空则为栅格自身的大小。</translation>
    </message>
    <message>
        <source>One to three bands, red first; those that the layer is displayed with when empty.</source>
        <translation>一到三个波段，红色在前；留空则为图层显示所用的波段。</translation>
    </message>
    <message>
        <source>How values become brightness: auto, none, minmax, two percentiles such as 2,98, or values such as 0:3000 (or one such pair for each band, separated by commas). As the layer is displayed when empty.</source>
        <translation>如何将数值转换为亮度：auto、none、minmax、两个百分位数（如 2,98）或数值（如 0:3000，或每个波段一对，以逗号分隔）。留空则与图层显示一致。</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>Weights of your own, in the structure of the chosen model.</source>
        <translation>自有权重，结构须与所选模型相同。</translation>
    </message>
    <message>
        <source>Levels</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>How many times the image is encoded, each time at half the resolution, so that objects larger than a patch can be clicked. When empty, until all fits one patch.</source>
        <translation>影像编码的次数，每次分辨率减半，以便也能点击大于一个图块的对象。留空则直到全部影像可放入一个图块。</translation>
    </message>
    <message>
        <source>Overlap of patches</source>
        <translation>图块重叠</translation>
    </message>
    <message>
        <source>In pixels, a multiple of 4; a patch has 1024. With 0, objects end at the borders of patches.</source>
        <translation>以像素计，须为 4 的倍数；一个图块为 1024 像素。为 0 时，对象止于图块边界。</translation>
    </message>
    <message>
        <source>Stored as</source>
        <translation>存储类型</translation>
    </message>
    <message>
        <source>auto keeps to what a cache has, and takes int8 for a new one: half the space of float16, and outlines that hardly differ.</source>
        <translation>auto 沿用缓存已有的方式，新缓存使用 int8：只占 float16 一半的空间，轮廓几乎没有差别。</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Where the model runs; auto takes a graphics card when it can.</source>
        <translation>模型运行的位置；auto 会尽可能使用显卡。</translation>
    </message>
    <message>
        <source>Patches at once</source>
        <translation>同时处理的图块数</translation>
    </message>
    <message>
        <source>When empty, what suits the device.</source>
        <translation>留空则采用适合设备的值。</translation>
    </message>
    <message>
        <source>Replace the cache</source>
        <translation>替换缓存</translation>
    </message>
    <message>
        <source>Do not go on with a cache that is there, but make it anew.</source>
        <translation>不继续现有缓存，而是重新创建。</translation>
    </message>
    <message>
        <source>Feature cache (beside the raster when skipped)</source>
        <translation>特征缓存（跳过则位于栅格旁）</translation>
    </message>
    <message>
        <source>The cache to make or to go on with. In a folder that is no cache it is made under its usual name, which is that of the raster and the model.</source>
        <translation>要创建或继续的缓存。如果所选文件夹不是缓存，则在其中以通常的名称（栅格名和模型名）创建。</translation>
    </message>
    <message>
        <source>Encode raster</source>
        <translation>编码栅格</translation>
    </message>
    <message>
        <source>Prepares a raster once, so that it can be clicked ever after.</source>
        <translation>对栅格进行一次准备，之后即可随时点击。</translation>
    </message>
    <message>
        <source>Patches in the extent</source>
        <translation>范围内的图块</translation>
    </message>
    <message>
        <source>Patches encoded by this run</source>
        <translation>本次运行编码的图块</translation>
    </message>
    <message>
        <source>Patches without any pixel found by this run</source>
        <translation>本次运行发现的无像素图块</translation>
    </message>
    <message>
        <source>Patches that were there already</source>
        <translation>原已存在的图块</translation>
    </message>
    <message>
        <source>The raster that was made of a layer without a file</source>
        <translation>由没有文件的图层制成的栅格</translation>
    </message>
    <message>
        <source>Choose one to three bands, not {}.</source>
        <translation>请选择一到三个波段，而不是 {} 个。</translation>
    </message>
    <message>
        <source>There is no band {}; the raster has {}.</source>
        <translation>没有波段 {}；该栅格有 {} 个波段。</translation>
    </message>
    <message>
        <source>“{}” is no file, and is encoded as it is displayed: choose the bands in its style.</source>
        <translation>“{}”不是文件，按其显示方式编码：请在其样式中选择波段。</translation>
    </message>
    <message>
        <source>“{}” is not understood. Use auto, none, minmax, two percentiles such as 2,98, or values such as 0:3000.</source>
        <translation>无法理解“{}”。请使用 auto、none、minmax、两个百分位数（如 2,98）或数值（如 0:3000）。</translation>
    </message>
    <message>
        <source>It must be a multiple of {} between 0 and {}, not {}.</source>
        <translation>必须是 {} 的倍数，介于 0 和 {} 之间，而不是 {}。</translation>
    </message>
    <message>
        <source>That would be {columns} x {rows} pixels, more than can be made. Take a smaller extent or a coarser resolution.</source>
        <translation>那将有 {columns} x {rows} 个像素，超出所能制作的数量。请取较小的范围或较粗的分辨率。</translation>
    </message>
    <message>
        <source>That would be {columns} x {rows} pixels, more than {limit:.0f} million. Agree to a large raster if the provider&apos;s terms allow that, or take a smaller extent or a coarser resolution.</source>
        <translation>那将有 {columns} x {rows} 个像素，超过 {limit:.0f} 百万。如果提供者的条款允许，请同意制作大栅格；否则请取较小的范围或较粗的分辨率。</translation>
    </message>
    <message>
        <source>That would be {count} tiles; the terms of {host} forbid bulk downloads, and {most} at once is what GeoSAM takes from it. Take a smaller extent, a lower zoom or another source.</source>
        <translation>那将有 {count} 张瓦片；{host} 的条款禁止批量下载，GeoSAM 一次只从那里取 {most} 张。请取较小的范围、较低的缩放级别或其他来源。</translation>
    </message>
    <message>
        <source>It is empty.</source>
        <translation>范围为空。</translation>
    </message>
    <message>
        <source>Web maps end at 85.05 degrees: the extent is cut off there.</source>
        <translation>网络地图止于 85.05 度：范围在该处被截断。</translation>
    </message>
    <message>
        <source>“{}” has no end of its own: say which part is wanted.</source>
        <translation>“{}”没有自身的边界：请指明所需的部分。</translation>
    </message>
    <message>
        <source>“{}” is empty.</source>
        <translation>“{}”是空的。</translation>
    </message>
    <message>
        <source>Give a zoom or a resolution, not both.</source>
        <translation>请给出缩放级别或分辨率，不要两者都给。</translation>
    </message>
    <message>
        <source>Give a zoom from {first} to {last}, or a resolution.</source>
        <translation>请给出 {first} 至 {last} 的缩放级别，或给出分辨率。</translation>
    </message>
    <message>
        <source>“{layer}” has the zooms {first} to {last}, not {zoom}.</source>
        <translation>“{layer}”的缩放级别为 {first} 至 {last}，没有 {zoom}。</translation>
    </message>
    <message>
        <source>It does not meet the layer.</source>
        <translation>范围与图层不相交。</translation>
    </message>
    <message>
        <source>“{}” has no pixels of its own: say how large they are.</source>
        <translation>“{}”没有自身的像素：请指明像素大小。</translation>
    </message>
    <message>
        <source>It must be above 0.</source>
        <translation>必须大于 0。</translation>
    </message>
    <message>
        <source>Only XYZ layers have zooms: give a resolution instead.</source>
        <translation>只有 XYZ 图层才有缩放级别：请改为给出分辨率。</translation>
    </message>
    <message>
        <source>It is too large.</source>
        <translation>过大。</translation>
    </message>
    <message>
        <source>It does not meet the raster.</source>
        <translation>它与栅格不相交。</translation>
    </message>
    <message>
        <source>There is no file {}.</source>
        <translation>文件 {} 不存在。</translation>
    </message>
    <message>
        <source>{} is a file, not a folder.</source>
        <translation>{} 是文件，不是文件夹。</translation>
    </message>
    <message>
        <source>Cancelled. Nothing is written.</source>
        <translation>已取消。没有写入任何内容。</translation>
    </message>
    <message>
        <source>Cancelled. What is encoded is kept: the same run goes on from there.</source>
        <translation>已取消。已编码的部分会保留：再次执行同样的运行会从该处继续。</translation>
    </message>
    <message>
        <source>“{}” is not a raster file. Layers from web services, databases, archives and containers have to be exported to a file first (Export → Save As…).</source>
        <translation>“{}”不是栅格文件。来自网络服务、数据库、压缩包和容器的图层须先导出为文件（导出 → 另存为…）。</translation>
    </message>
    <message>
        <source>Patches: {done} of {total}</source>
        <translation>图块：{done} / {total}</translation>
    </message>
    <message>
        <source>{done}, {time} left</source>
        <translation>{done}，剩余 {time}</translation>
    </message>
    <message>
        <source>Patches encoded: {encoded} (in {seconds:.1f} s); without any pixel: {empty}; there already: {skipped}.</source>
        <translation>已编码图块：{encoded}（用时 {seconds:.1f} s）；无像素：{empty}；原已存在：{skipped}。</translation>
    </message>
    <message>
        <source>Choose another output, or tick “Replace the cache”.</source>
        <translation>请选择另一个输出，或勾选“替换缓存”。</translation>
    </message>
    <message>
        <source>Wait until it is done, press “Stop” in GeoSAM&apos;s dock if it is being encoded as you click, or choose another output.</source>
        <translation>请等待其完成；若正在边点击边编码，请在 GeoSAM 面板中点击“停止”；或选择其他输出。</translation>
    </message>
    <message>
        <source>Choose another output.</source>
        <translation>请选择另一个输出。</translation>
    </message>
    <message>
        <source>Choose an output on another disk, a smaller extent or a coarser resolution.</source>
        <translation>请选择另一磁盘上的输出、更小的范围或更粗的分辨率。</translation>
    </message>
    <message>
        <source>Prompts: {done} of {total}</source>
        <translation>提示：{done} / {total}</translation>
    </message>
    <message>
        <source>Prompts: {done}</source>
        <translation>提示：{done}</translation>
    </message>
    <message>
        <source>{:.0f} s</source>
        <translation>{:.0f} 秒</translation>
    </message>
    <message>
        <source>{:.0f} min</source>
        <translation>{:.0f} 分钟</translation>
    </message>
    <message>
        <source>{:.1f} h</source>
        <translation>{:.1f} 小时</translation>
    </message>
    <message>
        <source>“{}” means neither include nor exclude.</source>
        <translation>“{}”既不表示包含也不表示排除。</translation>
    </message>
    <message>
        <source>It has no geometry.</source>
        <translation>它没有几何图形。</translation>
    </message>
    <message>
        <source>It cannot be placed in the raster&apos;s CRS.</source>
        <translation>无法将其置于栅格的坐标参照系中。</translation>
    </message>
    <message>
        <source>Polygons</source>
        <translation>多边形</translation>
    </message>
    <message>
        <source>Points or boxes</source>
        <translation>点或框</translation>
    </message>
    <message>
        <source>A point layer, or a polygon layer, of which the extents are the boxes; in any CRS.</source>
        <translation>点图层，或以各要素范围为框的多边形图层；可为任意坐标参照系。</translation>
    </message>
    <message>
        <source>Include/exclude field</source>
        <translation>包含/排除字段</translation>
    </message>
    <message>
        <source>For points: include, +, 1, true or nothing for what belongs to the object; exclude, -, 0 or false for what does not.</source>
        <translation>对于点：include、+、1、true 或空值表示属于对象；exclude、-、0 或 false 表示不属于对象。</translation>
    </message>
    <message>
        <source>Object field</source>
        <translation>对象字段</translation>
    </message>
    <message>
        <source>For points: those with the same value are one object. Without it, every feature is one.</source>
        <translation>对于点：值相同的点为一个对象。不指定时，每个要素为一个对象。</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>候选</translation>
    </message>
    <message>
        <source>auto: the best-scored of three for a single point, else the single one; single, best: that one always; all: up to three polygons for each prompt.</source>
        <translation>auto：单个点取三个候选中得分最高者，否则取唯一结果；single、best：始终取该结果；all：每个提示最多三个多边形。</translation>
    </message>
    <message>
        <source>Which level of the cache answers, 0 being the finest. When empty, that which suits a box&apos;s size, and the finest for points.</source>
        <translation>由缓存的哪个级别应答，0 为最精细。留空时，按框的大小选择合适级别，点则用最精细级别。</translation>
    </message>
    <message>
        <source>Simplify</source>
        <translation>简化</translation>
    </message>
    <message>
        <source>Tolerance in pixels.</source>
        <translation>容差，以像素计。</translation>
    </message>
    <message>
        <source>Smallest part</source>
        <translation>最小部分</translation>
    </message>
    <message>
        <source>Smaller ones are left out, in square pixels.</source>
        <translation>更小的部分会被舍去，以平方像素计。</translation>
    </message>
    <message>
        <source>Smallest hole</source>
        <translation>最小孔洞</translation>
    </message>
    <message>
        <source>Smaller ones are filled, in square pixels.</source>
        <translation>更小的孔洞会被填充，以平方像素计。</translation>
    </message>
    <message>
        <source>Largest part only</source>
        <translation>仅最大部分</translation>
    </message>
    <message>
        <source>One part for each object, never several.</source>
        <translation>每个对象只有一个部分，不会有多个。</translation>
    </message>
    <message>
        <source>For buildings: outlines that are nearly rectangular get right angles only; all others stay as they are.</source>
        <translation>用于建筑物：接近直角的轮廓只保留直角，其余的保持不变。</translation>
    </message>
    <message>
        <source>Right angles</source>
        <translation>直角</translation>
    </message>
    <message>
        <source>Segment by points or boxes</source>
        <translation>按点或框分割</translation>
    </message>
    <message>
        <source>Segment everything</source>
        <translation>全部分割</translation>
    </message>
    <message>
        <source>Segmentation</source>
        <translation>分割</translation>
    </message>
    <message>
        <source>Makes a polygon for every object of an encoded raster.</source>
        <translation>为已编码栅格中的每个对象生成一个多边形。</translation>
    </message>
    <message>
        <source>Lower the least score and the least stability, or take another level.</source>
        <translation>请降低最低得分和最低稳定性，或选择其他级别。</translation>
    </message>
    <message>
        <source>Cancelled. For a week, the same run goes on from there.</source>
        <translation>已取消。一周之内，同样的运行会从此处继续。</translation>
    </message>
    <message>
        <source>Patches that are not encoded, left out: {}.</source>
        <translation>未编码而略过的图块：{}。</translation>
    </message>
    <message>
        <source>Patches: {done} of {total}; objects: {objects}</source>
        <translation>图块：{done}/{total}；对象：{objects}</translation>
    </message>
    <message>
        <source>Makes a polygon for every point, group of points or box.</source>
        <translation>为每个点、每组点或每个框生成一个多边形。</translation>
    </message>
    <message>
        <source>Number of polygons</source>
        <translation>多边形数</translation>
    </message>
    <message>
        <source>Number of prompts without a polygon</source>
        <translation>未得到多边形的提示数</translation>
    </message>
    <message>
        <source>A layer of points or polygons is needed.</source>
        <translation>需要点图层或多边形图层。</translation>
    </message>
    <message>
        <source>The layer has no field “{}”.</source>
        <translation>图层没有字段“{}”。</translation>
    </message>
    <message>
        <source>Feature {}: {}</source>
        <translation>要素 {}：{}</translation>
    </message>
    <message>
        <source>No prompt gave a polygon. {}</source>
        <translation>没有提示得到多边形。{}</translation>
    </message>
    <message>
        <source>Prompts without a polygon, left out: {}.</source>
        <translation>未得到多边形而被忽略的提示：{}。</translation>
    </message>
    <message>
        <source>The object has no area.</source>
        <translation>对象没有面积。</translation>
    </message>
    <message>
        <source>The feature that was taken up is no longer there. Take it up again, or save the object as a new feature.</source>
        <translation>正在编辑的要素已不存在。请再次选择并继续编辑，或将对象保存为新要素。</translation>
    </message>
    <message>
        <source>Segmented object</source>
        <translation>分割对象</translation>
    </message>
    <message>
        <source>Cut by a segmented object</source>
        <translation>被分割对象裁剪</translation>
    </message>
    <message>
        <source>Joined with a segmented object</source>
        <translation>与分割对象合并</translation>
    </message>
    <message>
        <source>Segmented again</source>
        <translation>重新分割</translation>
    </message>
    <message numerus="yes">
        <source>The feature would get %n part(s), but the layer takes single parts only.</source>
        <translation>
            <numerusform>要素将有 %n 个部分，但该图层只接受单部分。</numerusform>
        </translation>
    </message>
    <message>
        <source>Select one feature of “{layer}” first.</source>
        <translation>请先选择“{layer}”的一个要素。</translation>
    </message>
    <message>
        <source>Select features of “{layer}” first.</source>
        <translation>请先选择“{layer}”的要素。</translation>
    </message>
    <message>
        <source>The layer “{layer}” cannot be edited. Choose another target layer.</source>
        <translation>图层“{layer}”无法编辑。请选择另一个目标图层。</translation>
    </message>
    <message>
        <source>The layer “{layer}” does not take the object. Choose another target layer.</source>
        <translation>图层“{layer}”不接受该对象。请选择另一个目标图层。</translation>
    </message>
    <message>
        <source>The object covers the whole selected feature: nothing would be left.</source>
        <translation>对象覆盖了整个所选要素：不会剩下任何部分。</translation>
    </message>
    <message>
        <source>The object does not touch the selected feature.</source>
        <translation>对象未接触所选要素。</translation>
    </message>
    <message>
        <source>The target layer is gone. Choose another one and save again.</source>
        <translation>目标图层已不存在。请选择另一个并再次保存。</translation>
    </message>
    <message>
        <source>Choose the layer with the selected feature as the target first.</source>
        <translation>请先将所选要素所在的图层选为目标。</translation>
    </message>
    <message>
        <source>The object could not be saved.</source>
        <translation>无法保存对象。</translation>
    </message>
    <message>
        <source>Objects in {raster}</source>
        <translation>{raster} 中的对象</translation>
    </message>
    <message>
        <source>It was edited meanwhile. Save it again.</source>
        <translation>它在此期间被编辑过。请再次保存。</translation>
    </message>
    <message>
        <source>The layer “{layer}” is now kept in {path}. Objects that come later are in its edits until you save these.</source>
        <translation>图层“{layer}”现在保存在 {path} 中。之后的对象在您保存编辑之前只存在于其编辑内容中。</translation>
    </message>
    <message>
        <source>The layer “{layer}” was not saved. {why}</source>
        <translation>图层“{layer}”未保存。{why}</translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Log…</source>
        <translation>日志…</translation>
    </message>
    <message>
        <source>Looking for its cache…</source>
        <translation>正在查找其缓存…</translation>
    </message>
    <message>
        <source>Not encoded yet.</source>
        <translation>尚未编码。</translation>
    </message>
    <message>
        <source>Its first part is being encoded…</source>
        <translation>正在编码其第一部分…</translation>
    </message>
    <message>
        <source>Opening its cache…</source>
        <translation>正在打开其缓存…</translation>
    </message>
    <message>
        <source>Encoded with {model}, as far as you have looked.</source>
        <translation>已用 {model} 编码，范围为您查看过的地方。</translation>
    </message>
    <message>
        <source>Encoded with {model}, pixels of {size}, {share} of the image.</source>
        <translation>已用 {model} 编码，像素大小 {size}，已完成影像的 {share}。</translation>
    </message>
    <message>
        <source>Add a raster layer to the project.</source>
        <translation>请向工程添加一个栅格图层。</translation>
    </message>
    <message>
        <source>Encode more…</source>
        <translation>继续编码…</translation>
    </message>
    <message>
        <source>Encode…</source>
        <translation>编码…</translation>
    </message>
    <message>
        <source>Saved: {count}</source>
        <translation>已保存：{count}</translation>
    </message>
    <message>
        <source>last answer: {ms:.0f} ms</source>
        <translation>上次应答：{ms:.0f} ms</translation>
    </message>
    <message>
        <source>waiting to be saved: {count}</source>
        <translation>等待保存：{count}</translation>
    </message>
    <message>
        <source>Engine: asleep</source>
        <translation>引擎：休眠</translation>
    </message>
    <message>
        <source>Engine: starting…</source>
        <translation>引擎：正在启动…</translation>
    </message>
    <message>
        <source>Engine: ready</source>
        <translation>引擎：就绪</translation>
    </message>
    <message>
        <source>Engine: starting again…</source>
        <translation>引擎：正在重新启动…</translation>
    </message>
    <message>
        <source>Engine: not working</source>
        <translation>引擎：无法工作</translation>
    </message>
    <message numerus="yes">
        <source>%n part(s)</source>
        <translation>
            <numerusform>%n 个部分</numerusform>
        </translation>
    </message>
    <message>
        <source>1. Add an aerial or satellite image to the project.</source>
        <translation>1. 向工程添加一幅航空或卫星影像。</translation>
    </message>
    <message>
        <source>1. Choose an image that is a file, or a web map.</source>
        <translation>1. 请选择一个文件形式的影像，或一个网络地图。</translation>
    </message>
    <message>
        <source>2. Press “Click now” to begin at once, or “Encode…” to prepare the whole image first: once per image, then every click gives an outline at once.</source>
        <translation>2. 点击“立即点击”即可马上开始，或点击“编码…”先准备整幅影像：每幅影像只需一次，之后每次点击都会立即得到轮廓。</translation>
    </message>
    <message>
        <source>2. Zoom to what you want to outline, and press “Click now”: what the map shows is fetched and encoded, and kept.</source>
        <translation>2. 缩放到要勾画的地方，按“立即点击”：地图所显示的内容会被获取、编码并保留。</translation>
    </message>
    <message>
        <source>3. Press “Start clicking”.</source>
        <translation>3. 点击“开始点击”。</translation>
    </message>
    <message>
        <source>4. Click on an object, or drag a box around it.</source>
        <translation>4. 点击一个对象，或在其周围拖出一个框。</translation>
    </message>
    <message>
        <source>Click on the object itself, too.</source>
        <translation>请也点击对象本身。</translation>
    </message>
    <message>
        <source>What you click is kept until the engine works again.</source>
        <translation>您的点击会保留到引擎恢复工作为止。</translation>
    </message>
    <message>
        <source>That part of the image is being encoded: the outline comes by itself.</source>
        <translation>影像的这一部分正在编码：轮廓会自动出现。</translation>
    </message>
    <message>
        <source>Looking for the object…</source>
        <translation>正在查找对象…</translation>
    </message>
    <message>
        <source>The object goes on where the image is still being encoded: the rest of it comes by itself. Enter saves what there is.</source>
        <translation>对象延伸到图像仍在编码的地方：其余部分会自动补上。按回车键保存现有部分。</translation>
    </message>
    <message>
        <source>The object goes on where nothing is encoded yet. “Encode more…” brings the rest of it, Enter saves this part.</source>
        <translation>对象延伸到尚未编码的地方。“继续编码…”可补全其余部分，按回车键保存这一部分。</translation>
    </message>
    <message>
        <source>The object is too large to be seen whole at this scale. Zoom out and click on it again, or press Enter to save this part.</source>
        <translation>对象太大，在此比例尺下无法完整显示。请缩小地图后再次点击它，或按回车键保存这一部分。</translation>
    </message>
    <message>
        <source>Where the outline is straight, the object may go on. Click on what is missing. Right? Press Enter to save it.</source>
        <translation>轮廓为直线的地方，对象可能还在延伸。请点击缺少的部分。正确吗？按回车键保存。</translation>
    </message>
    <message>
        <source>The model is not sure of this shape. More of what is around is being encoded: a better one may come by itself.</source>
        <translation>模型对该形状没有把握。周围更多的部分正在编码：可能会自动出现更好的形状。</translation>
    </message>
    <message>
        <source>The model is not sure of this shape. Click on what is missing, right-click on what is too much, or drag a box around the object. Right? Press Enter to save it.</source>
        <translation>模型对该形状没有把握。点击缺少的部分，右键点击多余的部分，或围绕对象拖出一个框。正确？按回车保存。</translation>
    </message>
    <message>
        <source>Nothing was found. Click elsewhere, or undo.</source>
        <translation>未找到任何对象。请点击别处，或撤销。</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) in no file, of a layer that is gone: {layers}</source>
        <translation>
            <numerusform>%n 个对象不在任何文件中，其图层已不存在：{layers}</numerusform>
        </translation>
    </message>
    <message>
        <source>Click on what is missing, right-click on what is too much. Enter replaces the feature, Esc leaves it as it was.</source>
        <translation>点击缺少的部分，右键点击多余的部分。回车替换该要素，Esc 使其保持原样。</translation>
    </message>
    <message>
        <source>5. Too small? Click on what is missing. Too large? Right-click on what is too much. Right? Press Enter to save it.</source>
        <translation>5. 太小？点击缺少的部分。太大？右键点击多余的部分。正确？按回车键保存。</translation>
    </message>
    <message>
        <source>Score {score:.2f}</source>
        <translation>得分 {score:.2f}</translation>
    </message>
    <message>
        <source>Shape {number} of {count}</source>
        <translation>形状 {number} / {count}</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>影像</translation>
    </message>
    <message>
        <source>Prepare this image once, so that it can be clicked ever after.</source>
        <translation>对此影像进行一次准备，之后即可随时点击。</translation>
    </message>
    <message>
        <source>Choose cache…</source>
        <translation>选择缓存…</translation>
    </message>
    <message>
        <source>Use a feature cache that was made elsewhere.</source>
        <translation>使用在别处创建的特征缓存。</translation>
    </message>
    <message>
        <source>Outline what is encoded.</source>
        <translation>勾勒已编码的部分。</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Start clicking</source>
        <translation>开始点击</translation>
    </message>
    <message>
        <source>Left button:</source>
        <translation>左键：</translation>
    </message>
    <message>
        <source>Include</source>
        <translation>包含</translation>
    </message>
    <message>
        <source>A click says: this belongs to the object. Drag for a box.</source>
        <translation>点击表示：这属于对象。拖动可画框。</translation>
    </message>
    <message>
        <source>Exclude</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>A click says: this does not. The right button always does so.</source>
        <translation>点击表示：这不属于对象。右键始终如此。</translation>
    </message>
    <message>
        <source>Box</source>
        <translation>框</translation>
    </message>
    <message>
        <source>Drag a box around the object.</source>
        <translation>在对象周围拖出一个框。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Other shape (Tab)</source>
        <translation>其他形状 (Tab)</translation>
    </message>
    <message>
        <source>The whole, a part, a part of that.</source>
        <translation>整体、部分、部分的部分。</translation>
    </message>
    <message>
        <source>Objects that could not be saved, or were left unfinished.</source>
        <translation>未能保存或尚未完成的对象。</translation>
    </message>
    <message numerus="yes">
        <source>Take up again (%n)</source>
        <translation>
            <numerusform>继续编辑 (%n)</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop clicking</source>
        <translation>停止点击</translation>
    </message>
    <message>
        <source>Save to</source>
        <translation>保存到</translation>
    </message>
    <message>
        <source>New temporary layer</source>
        <translation>新建临时图层</translation>
    </message>
    <message>
        <source>e.g. building</source>
        <translation>例如：建筑物</translation>
    </message>
    <message>
        <source>Go on clicking on it; saving replaces its shape. Or click on a polygon with Ctrl held.</source>
        <translation>继续点击该要素；保存时会替换其形状。也可按住 Ctrl 点击一个多边形。</translation>
    </message>
    <message>
        <source>New feature</source>
        <translation>新要素</translation>
    </message>
    <message>
        <source>Add to the selected feature</source>
        <translation>添加到所选要素</translation>
    </message>
    <message>
        <source>Cut from the selected features</source>
        <translation>从所选要素中裁去</translation>
    </message>
    <message>
        <source>Merge with the selected features</source>
        <translation>与所选要素合并</translation>
    </message>
    <message>
        <source>For one object: Shift+Enter adds, Alt+Enter cuts, Ctrl+Enter merges.</source>
        <translation>仅对一个对象：Shift+回车添加，Alt+回车裁去，Ctrl+回车合并。</translation>
    </message>
    <message>
        <source>Save object (Enter)</source>
        <translation>保存对象 (回车)</translation>
    </message>
    <message>
        <source>Click now</source>
        <translation>立即点击</translation>
    </message>
    <message>
        <source>Do not wait: what you click is encoded first, then the rest.</source>
        <translation>无需等待：先编码您点击的部分，再编码其余部分。</translation>
    </message>
    <message>
        <source>Or S</source>
        <translation>或 S</translation>
    </message>
    <message>
        <source>Save as GeoPackage…</source>
        <translation>另存为 GeoPackage…</translation>
    </message>
    <message>
        <source>A temporary layer is lost when QGIS closes: keep it in a file.</source>
        <translation>临时图层会在 QGIS 关闭时丢失：请将其保存到文件。</translation>
    </message>
    <message>
        <source>Take up selected feature</source>
        <translation>继续编辑所选要素</translation>
    </message>
    <message>
        <source>Save edits</source>
        <translation>保存编辑</translation>
    </message>
    <message>
        <source>Write the edits of the layer into its file.</source>
        <translation>将图层的编辑写入其文件。</translation>
    </message>
    <message>
        <source>Layer to raster</source>
        <translation>图层转栅格</translation>
    </message>
    <message>
        <source>Makes a GeoTIFF of any layer: of a web map, pixel by pixel.</source>
        <translation>把任何图层制成 GeoTIFF：网络地图逐像素不变。</translation>
    </message>
    <message>
        <source>Columns of pixels</source>
        <translation>像素列数</translation>
    </message>
    <message>
        <source>Rows of pixels</source>
        <translation>像素行数</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>A web map (XYZ, WMS, WMTS, WCS, vector tiles), a raster with its style, or any other layer that QGIS can draw.</source>
        <translation>网络地图（XYZ、WMS、WMTS、WCS、矢量瓦片）、带样式的栅格，或 QGIS 能绘制的任何其他图层。</translation>
    </message>
    <message>
        <source>What the raster is to show. Layers with an end of their own are taken whole when this is empty.</source>
        <translation>栅格要显示的内容。留空时，有自身边界的图层整个取用。</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放级别</translation>
    </message>
    <message>
        <source>Of an XYZ layer, in place of a resolution: the pixels of its tiles, unchanged. Buildings need 18 or 19, fields are clear at 15 or 16.</source>
        <translation>用于 XYZ 图层，代替分辨率：取其瓦片的像素，不作改变。建筑物需要 18 或 19，农田在 15 或 16 就很清楚。</translation>
    </message>
    <message>
        <source>Side of a pixel, in units of the CRS. When empty, that of the layer&apos;s own pixels, if it has any.</source>
        <translation>像素的边长，以坐标参照系的单位计。留空时取图层自身像素的边长（如果有）。</translation>
    </message>
    <message>
        <source>Of the raster. In another one than the layer&apos;s own, its pixels are resampled once.</source>
        <translation>栅格的坐标参照系。若与图层自身的不同，其像素会重采样一次。</translation>
    </message>
    <message>
        <source>Attribution</source>
        <translation>归属</translation>
    </message>
    <message>
        <source>Whom to name; when empty, whom the layer&apos;s properties name. It goes into the file, and from there into the polygons&apos; layers.</source>
        <translation>应署名的来源；留空时取图层属性中的来源。它会写入文件，并由此进入多边形图层。</translation>
    </message>
    <message>
        <source>Leave empty what is missing</source>
        <translation>缺失处留空</translation>
    </message>
    <message>
        <source>What the layer&apos;s server does not deliver is transparent. Else there is no raster until it delivers everything.</source>
        <translation>图层服务器未提供之处为透明。否则在其全部提供之前不会有栅格。</translation>
    </message>
    <message>
        <source>A GeoTIFF of red, green, blue and alpha.</source>
        <translation>由红、绿、蓝和透明度组成的 GeoTIFF。</translation>
    </message>
    <message>
        <source>A GeoTIFF is written: let its name end in .tif.</source>
        <translation>写入的是 GeoTIFF：文件名须以 .tif 结尾。</translation>
    </message>
    <message>
        <source>Name the source: {}.</source>
        <translation>请注明来源：{}。</translation>
    </message>
    <message>
        <source>The layer names no author; if it should, say so under “Attribution”.</source>
        <translation>该图层未注明作者；如果应当注明，请在“归属”中给出。</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>As</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>Replace the feature that was taken up</source>
        <translation>替换正在编辑的要素</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) not in the file yet</source>
        <translation>
            <numerusform>%n 个对象尚未写入文件</numerusform>
        </translation>
    </message>
    <message>
        <source>Options</source>
        <translation>选项</translation>
    </message>
    <message>
        <source>Preview under the mouse</source>
        <translation>鼠标处预览</translation>
    </message>
    <message>
        <source>Coarser pixels find larger objects. By zoom, the map&apos;s scale decides.</source>
        <translation>像素越粗，找到的对象越大。“按缩放”由地图比例尺决定。</translation>
    </message>
    <message>
        <source>For buildings: a shape that nearly has them gets right angles.</source>
        <translation>用于建筑物：接近直角的形状会被修整为直角。</translation>
    </message>
    <message>
        <source>Avoid overlaps with existing polygons</source>
        <translation>避免与现有多边形重叠</translation>
    </message>
    <message>
        <source>Simplify by</source>
        <translation>简化</translation>
    </message>
    <message>
        <source>By zoom</source>
        <translation>按缩放</translation>
    </message>
    <message>
        <source> pixels</source>
        <translation> 像素</translation>
    </message>
    <message>
        <source>GeoSAM: the engine&apos;s log</source>
        <translation>GeoSAM：引擎日志</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Small (0.6 GB): nano, and clicking in every cache</source>
        <translation>小型（0.6 GB）：nano，以及在任何缓存中点击</translation>
    </message>
    <message>
        <source>Full (1.4 GB): encodes with the SAM 2.1 models as well</source>
        <translation>完整（1.4 GB）：还可用 SAM 2.1 模型编码</translation>
    </message>
    <message>
        <source>Full for NVIDIA cards (about 6 GB)</source>
        <translation>适用于 NVIDIA 显卡的完整版（约 6 GB）</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>Installs the engine anew and replaces the old one.</source>
        <translation>重新安装引擎并替换旧引擎。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>What to install</source>
        <translation>安装内容</translation>
    </message>
    <message>
        <source>Install nano</source>
        <translation>安装 nano</translation>
    </message>
    <message>
        <source>Finds all kinds of objects: buildings, trees, fields, water. With the full engine that it needs, about 0.6 GB are downloaded, once.</source>
        <translation>可识别各类对象：建筑物、树木、农田、水体。连同其所需的完整引擎，只需下载一次，约 0.6 GB。</translation>
    </message>
    <message>
        <source>SAM 2.1 tiny (recommended)</source>
        <translation>SAM 2.1 tiny（推荐）</translation>
    </message>
    <message>
        <source>nano (offline preview)</source>
        <translation>nano（离线预览）</translation>
    </message>
    <message>
        <source>Check the download</source>
        <translation>检查下载</translation>
    </message>
    <message>
        <source>Install SAM 2.1 tiny</source>
        <translation>安装 SAM 2.1 tiny</translation>
    </message>
    <message>
        <source>Other sources</source>
        <translation>其他来源</translation>
    </message>
    <message>
        <source>found, or downloaded</source>
        <translation>自动查找或下载</translation>
    </message>
    <message>
        <source>It has all packages: use it as it is</source>
        <translation>已含全部软件包：按原样使用</translation>
    </message>
    <message>
        <source>Installs from this folder, without the network.</source>
        <translation>从此文件夹安装，不使用网络。</translation>
    </message>
    <message>
        <source>QGIS&apos;s proxy and this computer&apos;s certificates are used for it.</source>
        <translation>将使用 QGIS 的代理和此计算机的证书。</translation>
    </message>
    <message>
        <source>Use this Python</source>
        <translation>使用此 Python</translation>
    </message>
    <message>
        <source>Folder of wheels</source>
        <translation>wheel 文件夹</translation>
    </message>
    <message>
        <source>Package index</source>
        <translation>软件包索引</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Your own Python is used.</source>
        <translation>正在使用您自己的 Python。</translation>
    </message>
    <message>
        <source>The engine&apos;s Python has gone. Repair installs it anew.</source>
        <translation>引擎的 Python 已不存在。点击“修复”可重新安装。</translation>
    </message>
    <message>
        <source>Ready: the small engine, with Python {0}.</source>
        <translation>就绪：小型引擎，Python {0}。</translation>
    </message>
    <message>
        <source>Ready: the full engine, with Python {0}.</source>
        <translation>就绪：完整引擎，Python {0}。</translation>
    </message>
    <message>
        <source>Not installed yet. GeoSAM finds outlines with an engine of its own, in a folder of its own: nothing in QGIS is changed. Choose below what to install.</source>
        <translation>尚未安装。GeoSAM 使用位于独立文件夹中的自有引擎来查找轮廓：不会改动 QGIS 的任何内容。请在下方选择要安装的内容。</translation>
    </message>
    <message>
        <source>Ready: the full engine for NVIDIA cards, with Python {0}.</source>
        <translation>就绪：适用于 NVIDIA 显卡的完整引擎，Python {0}。</translation>
    </message>
    <message>
        <source>{ready} This version of GeoSAM brings newer packages: press “Update”.</source>
        <translation>{ready}此版本的 GeoSAM 带有更新的软件包：请点击“更新”。</translation>
    </message>
    <message>
        <source>{ready} Close this window. If the dock is not open then, press “Segment by clicks” in the toolbar.</source>
        <translation>{ready}请关闭此窗口。如果面板没有打开，请点击工具栏中的“点击分割”。</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>安装</translation>
    </message>
    <message>
        <source>Remove the engine</source>
        <translation>移除引擎</translation>
    </message>
    <message>
        <source>Remove the engine? Caches, models and layers stay.</source>
        <translation>要移除引擎吗？缓存、模型和图层会保留。</translation>
    </message>
    <message>
        <source>What you look at is fetched from {host} and kept. Many providers of web maps do not allow that, or to draw data off them: it is for you to know what this one does.</source>
        <translation>您所查看的内容会从 {host} 获取并保留。许多网络地图提供商不允许这样做，或不允许据此绘制数据：请您自行了解该提供商的规定。</translation>
    </message>
    <message>
        <source>What is allowed</source>
        <translation>允许什么</translation>
    </message>
    <message>
        <source>Choose a feature cache (…sam2.zarr)</source>
        <translation>选择特征缓存（…sam2.zarr）</translation>
    </message>
    <message>
        <source>“{folder}” is no feature cache. Choose a folder whose name ends in .sam2.zarr.</source>
        <translation>“{folder}”不是特征缓存。请选择名称以 .sam2.zarr 结尾的文件夹。</translation>
    </message>
    <message>
        <source>Encode here</source>
        <translation>在此编码</translation>
    </message>
    <message>
        <source>Choose the layer of the polygon under “Save to” first.</source>
        <translation>请先在“保存到”下选择该多边形所在的图层。</translation>
    </message>
    <message>
        <source>That feature is of “{raster}”. Choose this image first.</source>
        <translation>该要素来自“{raster}”。请先选择该影像。</translation>
    </message>
    <message>
        <source>That feature is not on this image. Choose its own first.</source>
        <translation>该要素不在此影像上。请先选择它所在的影像。</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) waited to be saved and are kept: choose their image again and press “Take up again”.</source>
        <translation>
            <numerusform>%n 个等待保存的对象已保留：请再次选择其影像并点击“继续编辑”。</numerusform>
        </translation>
    </message>
    <message>
        <source>Save as GeoPackage</source>
        <translation>另存为 GeoPackage</translation>
    </message>
    <message>
        <source>The edits of “{layer}” were not saved. {why}</source>
        <translation>“{layer}”的编辑未保存。{why}</translation>
    </message>
    <message>
        <source>Objects are in no file</source>
        <translation>对象尚未存入文件</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) of a layer that you removed are in no file: {layers}</source>
        <translation>
            <numerusform>已移除的图层中有 %n 个对象不在任何文件中：{layers}</numerusform>
        </translation>
    </message>
    <message>
        <source>What would you like to do?</source>
        <translation>您想怎么做？</translation>
    </message>
    <message>
        <source>Keep in the project</source>
        <translation>保留在工程中</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>The engine is ready.</source>
        <translation>引擎已就绪。</translation>
    </message>
    <message>
        <source>This Python runs the engine.</source>
        <translation>此 Python 可运行引擎。</translation>
    </message>
    <message>
        <source>The engine was removed.</source>
        <translation>引擎已移除。</translation>
    </message>
    <message>
        <source>Asking the package index…</source>
        <translation>正在查询软件包索引…</translation>
    </message>
    <message>
        <source>Read existing polygons</source>
        <translation>读取现有多边形</translation>
    </message>
    <message>
        <source>The existing polygons were not read. Save the object again.</source>
        <translation>未能读取现有多边形。请再次保存对象。</translation>
    </message>
    <message>
        <source>Save “{layer}” as GeoPackage</source>
        <translation>将“{layer}”另存为 GeoPackage</translation>
    </message>
    <message>
        <source>The file could not be written. Make room on the disk, or choose another folder.</source>
        <translation>无法写入文件。请释放磁盘空间，或选择另一个文件夹。</translation>
    </message>
    <message>
        <source>{file} is not a GeoPackage that can be written to.</source>
        <translation>{file} 不是可写入的 GeoPackage。</translation>
    </message>
    <message>
        <source>Objects of temporary layers cannot be kept for the case that QGIS crashes: {why}. Save the layers as GeoPackages soon.</source>
        <translation>无法为 QGIS 崩溃的情况保留临时图层中的对象：{why}。请尽快将图层另存为 GeoPackage。</translation>
    </message>
    <message>
        <source>The engine is being installed. GeoSAM opens when it is done.</source>
        <translation>正在安装引擎。完成后 GeoSAM 会自动打开。</translation>
    </message>
    <message>
        <source>GeoSAM needs its engine, which is not installed yet.</source>
        <translation>GeoSAM 需要其引擎，但引擎尚未安装。</translation>
    </message>
    <message>
        <source>Install…</source>
        <translation>安装…</translation>
    </message>
    <message>
        <source>no class</source>
        <translation>无类别</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) from before QGIS was closed can be brought back: {layers}</source>
        <translation>
            <numerusform>QGIS 关闭之前的 %n 个对象可以恢复：{layers}</numerusform>
        </translation>
    </message>
    <message>
        <source>Open GeoSAM</source>
        <translation>打开 GeoSAM</translation>
    </message>
    <message>
        <source>Cancelled. The engine is ready, but the model is not downloaded yet; what came of it is kept.</source>
        <translation>已取消。引擎已就绪，但模型尚未下载完成；已下载的部分会保留。</translation>
    </message>
    <message>
        <source>An unexpected error ended this ({0}). The log says more; try again.</source>
        <translation>发生意外错误，操作已终止（{0}）。详情请见日志；请重试。</translation>
    </message>
    <message>
        <source>“{}” is placed by control points only. Warp it first (gdal:warpreproject in the toolbox), and encode the result.</source>
        <translation>“{}”仅由控制点定位。请先进行变形（工具箱中的 gdal:warpreproject），再编码其结果。</translation>
    </message>
    <message>
        <source>{} is a file for which no feature cache was found. Encode it first.</source>
        <translation>{} 是一个文件，未找到它的特征缓存。请先对其编码。</translation>
    </message>
    <message>
        <source>The folder that encoding made; its name ends in .sam2.zarr. Scripts may give the raster instead.</source>
        <translation>编码生成的文件夹；其名称以 .sam2.zarr 结尾。脚本也可以改为给出栅格。</translation>
    </message>
    <message>
        <source>The quick default: comes with GeoSAM, and is best with buildings. The small engine is enough: about 0.2 GB are downloaded. Other models can be added on this page later.</source>
        <translation>快速的默认模型：随 GeoSAM 提供，最擅长识别建筑物。使用小型引擎即可：下载约 0.2 GB。以后可在此页面添加其他模型。</translation>
    </message>
    <message>
        <source>Larger model:</source>
        <translation>更大的模型：</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Encode nothing but what you click.</source>
        <translation>只编码您点击的部分。</translation>
    </message>
    <message>
        <source>Everything at once</source>
        <translation>一次分割全部</translation>
    </message>
    <message>
        <source>What the map shows</source>
        <translation>地图所示范围</translation>
    </message>
    <message>
        <source>The whole image</source>
        <translation>整幅图像</translation>
    </message>
    <message>
        <source>Makes a polygon of every object, in a temporary layer that fills while you go on. Resolution and outlines are as the options say. What was found is kept when you stop, and the same run goes on from there.</source>
        <translation>为每个对象生成一个多边形，存入临时图层；您继续操作时该图层会逐渐填充。分辨率和轮廓按选项设置。停止时已找到的内容会保留，相同的运行会从那里继续。</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>标准</translation>
    </message>
    <message>
        <source>Detailed</source>
        <translation>精细</translation>
    </message>
    <message>
        <source>Fast</source>
        <translation>快速</translation>
    </message>
    <message>
        <source>Detailed: small objects as well, at several times the time. Fast: a quick look.</source>
        <translation>精细：也包括小对象，用时为数倍。快速：粗略查看。</translation>
    </message>
    <message>
        <source> m²</source>
        <translation> 平方米</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>What is encoded is kept; it can be gone on with any time.</source>
        <translation>已编码的部分会保留；可随时继续。</translation>
    </message>
    <message>
        <source>The whole image is encoded.</source>
        <translation>整幅影像已编码。</translation>
    </message>
    <message>
        <source>What the map shows is encoded.</source>
        <translation>地图所显示的内容已编码。</translation>
    </message>
    <message>
        <source>Starting to encode…</source>
        <translation>开始编码…</translation>
    </message>
    <message>
        <source>Stopped: {done} of {total} patches</source>
        <translation>已停止：{done} / {total} 图块</translation>
    </message>
    <message>
        <source>The map does not show the image that is chosen in GeoSAM.</source>
        <translation>地图未显示 GeoSAM 中所选的图像。</translation>
    </message>
    <message>
        <source>Everything in {raster}</source>
        <translation>{raster} 中的全部对象</translation>
    </message>
    <message>
        <source>The layer “{layer}” takes no more objects.</source>
        <translation>图层“{layer}”无法再接收对象。</translation>
    </message>
    <message numerus="yes">
        <source>%n object(s) found, in a temporary layer.</source>
        <translation>
            <numerusform>找到 %n 个对象，位于临时图层中。</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose “Detailed”, or encode the image with a larger model.</source>
        <translation>请选择“精细”，或用更大的模型对图像进行编码。</translation>
    </message>
    <message>
        <source>{why} What was found is kept: the same run goes on there.</source>
        <translation>{why} 已找到的内容会保留：相同的运行会从那里继续。</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Encoding the image enlarged, for small objects…</source>
        <translation>正在对放大后的图像编码，以便找到小对象…</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Its layer was removed: not everything has been segmented.</source>
        <translation>其图层已被移除：尚未分割全部内容。</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>已停止。</translation>
    </message>
    <message>
        <source>Stopping: {done} of {total} patches</source>
        <translation>正在停止：{done} / {total} 图块</translation>
    </message>
    <message>
        <source>Stopped: {done} of {total} patches. The same run goes on from there.</source>
        <translation>已停止：{done} / {total} 图块。同样的运行会从那里继续。</translation>
    </message>
    <message>
        <source>Paused: {done} of {total} patches</source>
        <translation>已暂停：{done} / {total} 图块</translation>
    </message>
    <message>
        <source>Encoding: {done} of {total} patches</source>
        <translation>正在编码：{done} / {total} 图块</translation>
    </message>
    <message>
        <source>QGIS reaches the network by a SOCKS proxy, which the engine of GeoSAM cannot use. Choose an HTTP proxy in QGIS&apos;s options, under Network, or make a file of the part that you need by “Layer to raster” in the toolbox, and choose that.</source>
        <translation>QGIS 通过 SOCKS 代理访问网络，而 GeoSAM 的引擎无法使用这种代理。请在 QGIS 选项的“网络”中选择 HTTP 代理，或用工具箱中的“图层转栅格”将所需部分制成文件，再选择该文件。</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be written to ({why}).</source>
        <translation>无法写入文件夹 {folder}（{why}）。</translation>
    </message>
    <message>
        <source>Click now: “{image}” is encoded as you click, with nano, the quick default. Larger, more accurate models are in “Encode…”.</source>
        <translation>立即点击：“{image}”会在您点击时用 nano（快速默认模型）编码。更大、更精确的模型在“编码…”中。</translation>
    </message>
    <message>
        <source>Click now: “{image}” is encoded as you click, with {model}.</source>
        <translation>立即点击：“{image}”会在您点击时用 {model} 编码。</translation>
    </message>
    <message>
        <source>What is looked at is encoded; there already: {there}. The cache: {cache}</source>
        <translation>正在查看的部分会被编码；已有：{there}。缓存：{cache}</translation>
    </message>
    <message>
        <source>Bands {bands} are read: red, green and blue.</source>
        <translation>读取波段 {bands}：红、绿、蓝。</translation>
    </message>
    <message>
        <source>Checking what is in the cache already.</source>
        <translation>正在检查缓存中已有的内容。</translation>
    </message>
    <message>
        <source>Damaged places in the cache: {places}. What is lost is encoded again.</source>
        <translation>缓存中的损坏处：{places}。丢失的部分将重新编码。</translation>
    </message>
    <message>
        <source>That takes up to {bytes_needed:.0f} MB of disk; {bytes_free:.0f} MB are free.</source>
        <translation>最多占用 {bytes_needed:.0f} MB 磁盘空间；可用 {bytes_free:.0f} MB。</translation>
    </message>
    <message>
        <source>Encoding with {model} on {device}.</source>
        <translation>使用 {model} 在 {device} 上编码。</translation>
    </message>
    <message>
        <source>Patches to come: {rest}. By what the first ones took, that is about {time}.</source>
        <translation>剩余图块：{rest}。按最初几块的用时估计，约需 {time}。</translation>
    </message>
    <message>
        <source>Levels: {levels} instead of {wanted}, since one patch of the last one holds the raster.</source>
        <translation>级别：{levels}，而非 {wanted}，因为最后一级的一个图块已包含整个栅格。</translation>
    </message>
    <message>
        <source>The raster has no CRS: coordinates are in its own, unnamed units.</source>
        <translation>栅格没有坐标参照系：坐标使用其自身的未命名单位。</translation>
    </message>
    <message>
        <source>The raster is not georeferenced: coordinates are pixels.</source>
        <translation>栅格没有地理参照：坐标为像素。</translation>
    </message>
    <message>
        <source>That is not beside the raster, because the folder {folder} cannot be written.</source>
        <translation>它不在栅格旁边，因为文件夹 {folder} 无法写入。</translation>
    </message>
    <message>
        <source>Nothing to encode: {cache} has all patches.</source>
        <translation>无需编码：{cache} 已有全部图块。</translation>
    </message>
    <message>
        <source>The memory of {device} does not hold a single patch: going on on the processor.</source>
        <translation>{device} 的内存容纳不下一个图块：改用处理器继续。</translation>
    </message>
    <message>
        <source>Band {band} has a palette, which is expanded to RGB.</source>
        <translation>波段 {band} 带有调色板，将展开为 RGB。</translation>
    </message>
    <message>
        <source>The memory of {device} does not hold {size} patches at once: going on with {batch}.</source>
        <translation>{device} 的内存无法同时容纳 {size} 个图块：改为 {batch} 个继续。</translation>
    </message>
    <message>
        <source>The terms of who offers this map say how much of it may be fetched, and what for.</source>
        <translation>该地图提供者的条款规定了可以获取多少内容以及用于何种目的。</translation>
    </message>
    <message>
        <source>Map tiles to fetch: {tiles}.</source>
        <translation>需要获取的地图瓦片：{tiles}。</translation>
    </message>
    <message>
        <source>Patches to encode: {patches}; there already: {there}. The cache: {cache}</source>
        <translation>待编码图块：{patches}；已有：{there}。缓存：{cache}</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Standard: the model&apos;s own values. Detailed: more and smaller objects, slowly. Fast: a quick look. Scripts say default, detailed or fast.</source>
        <translation>标准：模型自身的取值。精细：更多更小的对象，较慢。快速：快速浏览。脚本中写 default、detailed 或 fast。</translation>
    </message>
    <message>
        <source>Which level of the cache is looked at, 0 being the finest; large objects are found on coarser ones.</source>
        <translation>查看缓存的哪个级别，0 为最精细；大型对象在较粗的级别上找到。</translation>
    </message>
    <message>
        <source>Only objects in this; everything when empty.</source>
        <translation>仅限其中的对象；留空则为全部。</translation>
    </message>
    <message>
        <source>Mask layer</source>
        <translation>掩膜图层</translation>
    </message>
    <message>
        <source>Only objects of which at least half lies in its polygons; in any CRS.</source>
        <translation>仅限至少一半位于其多边形内的对象；可为任意 CRS。</translation>
    </message>
    <message>
        <source>Smallest object</source>
        <translation>最小对象</translation>
    </message>
    <message>
        <source>Largest object</source>
        <translation>最大对象</translation>
    </message>
    <message>
        <source>In square metres.</source>
        <translation>单位为平方米。</translation>
    </message>
    <message>
        <source>Raster of classes</source>
        <translation>类别栅格</translation>
    </message>
    <message>
        <source>Each object gets the class that most of it has there.</source>
        <translation>每个对象取其在该栅格中占多数的类别。</translation>
    </message>
    <message>
        <source>As the preset has it when empty.</source>
        <translation>留空则按预设。</translation>
    </message>
    <message>
        <source>Points along a side of a patch</source>
        <translation>图块每边的点数</translation>
    </message>
    <message>
        <source>Points decoded together</source>
        <translation>一起解码的点数</translation>
    </message>
    <message>
        <source>Least score (0 to 1)</source>
        <translation>最低得分（0 到 1）</translation>
    </message>
    <message>
        <source>Least stability (0 to 1)</source>
        <translation>最低稳定性（0 到 1）</translation>
    </message>
    <message>
        <source>Offset of the stability</source>
        <translation>稳定性偏移</translation>
    </message>
    <message>
        <source>Overlap of duplicates in a patch (0 to 1)</source>
        <translation>图块内重复对象的重叠度（0 到 1）</translation>
    </message>
    <message>
        <source>Overlap of duplicates among patches (0 to 1)</source>
        <translation>图块之间重复对象的重叠度（0 到 1）</translation>
    </message>
    <message>
        <source>Finer levels looked at as well</source>
        <translation>同时查看的更精细级别数</translation>
    </message>
    <message>
        <source>Fewer points by this at each finer level</source>
        <translation>每个更精细级别的点数缩减倍数</translation>
    </message>
    <message>
        <source>Holes and specks left out, in cells</source>
        <translation>忽略的孔洞和斑点（单元数）</translation>
    </message>
    <message>
        <source>As the preset</source>
        <translation>按预设</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>No</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Refine each mask</source>
        <translation>细化每个掩膜</translation>
    </message>
    <message>
        <source>Each mask is decoded once more: better outlines, four times slower.</source>
        <translation>每个掩膜再解码一次：轮廓更好，但慢四倍。</translation>
    </message>
    <message>
        <source>Skip points in masks</source>
        <translation>跳过掩膜内的点</translation>
    </message>
    <message>
        <source>Points in masks found so far are not asked: faster, with fewer objects inside others.</source>
        <translation>已找到的掩膜内的点不再询问：更快，但其他对象内部的对象会更少。</translation>
    </message>
    <message>
        <source>For finer levels than the cache has, which look at the enlarged raster: where it lies, if not beside the cache.</source>
        <translation>用于比缓存更精细的级别，这些级别查看放大的栅格：若栅格不在缓存旁边，其所在位置。</translation>
    </message>
    <message>
        <source>All parts</source>
        <translation>所有部分</translation>
    </message>
    <message>
        <source>Parts of a mask away from its point are kept, too.</source>
        <translation>掩膜中远离其点的部分也会保留。</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Raster of numbers</source>
        <translation>编号栅格</translation>
    </message>
    <message>
        <source>Each pixel has the number of its object, 0 where there is none.</source>
        <translation>每个像素为其对象的编号，没有对象处为 0。</translation>
    </message>
    <message>
        <source>Foreground raster</source>
        <translation>前景栅格</translation>
    </message>
    <message>
        <source>Each pixel of an object is 1, all others are 0.</source>
        <translation>对象的每个像素为 1，其余均为 0。</translation>
    </message>
    <message>
        <source>Coloured overlay</source>
        <translation>彩色叠加图</translation>
    </message>
    <message>
        <source>A picture with a colour for each object, 35 % opaque.</source>
        <translation>每个对象一种颜色的图片，不透明度为 35 %。</translation>
    </message>
    <message>
        <source>“{layer}” is a file of tiles.</source>
        <translation>“{layer}”是一个瓦片文件。</translation>
    </message>
    <message>
        <source>“{layer}” does not come from a server.</source>
        <translation>“{layer}”不是来自服务器。</translation>
    </message>
    <message>
        <source>“{layer}” holds heights, and no pictures.</source>
        <translation>“{layer}”包含的是高程，而不是图像。</translation>
    </message>
    <message>
        <source>The server of “{layer}” has not told what it offers. Load the layer again when it can be reached.</source>
        <translation>“{layer}”的服务器没有说明它提供什么。请在可以访问时重新加载该图层。</translation>
    </message>
    <message>
        <source>“{layer}” is not to be had in the projection of web maps.</source>
        <translation>“{layer}”不提供网络地图所用的投影。</translation>
    </message>
    <message>
        <source>“{layer}” asks for a password or has an authentication set in QGIS, which stays in QGIS: what is clicked is fetched by the engine of GeoSAM.</source>
        <translation>“{layer}”需要密码，或使用在 QGIS 中设置的身份验证；这些信息只保留在 QGIS 中，而点击的内容由 GeoSAM 的引擎获取。</translation>
    </message>
    <message>
        <source>“{layer}” is a WMTS whose tiles are not those of web maps.</source>
        <translation>“{layer}”是 WMTS，其瓦片不是网络地图的瓦片。</translation>
    </message>
    <message>
        <source>“{layer}” changes with the time that the map is set to.</source>
        <translation>“{layer}”随地图所设的时间而变化。</translation>
    </message>
    <message>
        <source>{why} Make a file of the part that you need by “Layer to raster” in the toolbox, and choose that.</source>
        <translation>{why}请用工具箱中的“图层转栅格”把所需部分制成文件，然后选择该文件。</translation>
    </message>
    <message>
        <source>“{layer}” is hidden at the scale of that resolution, 1:{scale:.0f}. Change its visibility, or take another resolution.</source>
        <translation>“{layer}”在该分辨率的比例尺 1:{scale:.0f} 下被隐藏。请更改其可见性，或取另一分辨率。</translation>
    </message>
    <message>
        <source>It crosses the antimeridian. Make two rasters, of {west} and of {east}.</source>
        <translation>范围跨越 180° 经线。请制作两个栅格：{west} 和 {east}。</translation>
    </message>
    <message>
        <source>Web maps end at {:.2f} degrees.</source>
        <translation>网络地图止于 {:.2f} 度。</translation>
    </message>
    <message>
        <source>It has no place in the CRS {crs}.</source>
        <translation>该范围在坐标参照系 {crs} 中没有对应位置。</translation>
    </message>
    <message>
        <source>The raster could not be written. Make room on the disk, or choose another file.</source>
        <translation>无法写入栅格。请在磁盘上腾出空间，或另选文件。</translation>
    </message>
    <message>
        <source>the server did not answer in time</source>
        <translation>服务器没有及时应答</translation>
    </message>
    <message>
        <source>“{layer}” does not deliver all of it: {why}. Try again later, take another zoom or extent, or tick “Leave empty what is missing”.</source>
        <translation>“{layer}”没有提供全部内容：{why}。请稍后再试，取另一缩放级别或范围，或选中“缺失处留空”。</translation>
    </message>
    <message>
        <source>“{layer}” delivers nothing there: {why}.</source>
        <translation>“{layer}”在那里没有提供任何内容：{why}。</translation>
    </message>
    <message>
        <source>“{layer}” shows nothing there. Take another extent or another resolution.</source>
        <translation>“{layer}”在那里什么也不显示。请取另一范围或另一分辨率。</translation>
    </message>
    <message>
        <source>The raster that was made before is encoded: {}</source>
        <translation>编码此前制成的栅格：{}</translation>
    </message>
    <message>
        <source>The raster is kept, and encoded now: {}</source>
        <translation>栅格已保留，现在进行编码：{}</translation>
    </message>
    <message>
        <source>The raster may need {needed:.0f} MB; {free:.0f} MB are free in {folder}.</source>
        <translation>栅格可能需要 {needed:.0f} MB；{folder} 中可用空间为 {free:.0f} MB。</translation>
    </message>
    <message>
        <source>A raster of {columns} x {rows} pixels of {size:.6g} in {crs}.</source>
        <translation>{columns} x {rows} 像素的栅格，像素大小 {size:.6g}，坐标参照系 {crs}。</translation>
    </message>
    <message>
        <source>no CRS</source>
        <translation>无坐标参照系</translation>
    </message>
    <message>
        <source>{raster} Zoom {zoom}.</source>
        <translation>{raster}缩放级别 {zoom}。</translation>
    </message>
    <message>
        <source>Reading “{layer}”</source>
        <translation>正在读取“{layer}”</translation>
    </message>
    <message>
        <source>{path} cannot be written: {why}.</source>
        <translation>无法写入 {path}：{why}。</translation>
    </message>
    <message>
        <source>Parts are missing and left empty, the first because of: {why}.</source>
        <translation>有部分缺失并留空，第一处的原因是：{why}。</translation>
    </message>
    <message>
        <source>Refine footprints</source>
        <translation>优化建筑轮廓</translation>
    </message>
    <message>
        <source>Buildings</source>
        <translation>建筑</translation>
    </message>
    <message>
        <source>Compares building footprints with an encoded image and proposes corrections.</source>
        <translation>将建筑轮廓与已编码的影像比较并提出修正建议。</translation>
    </message>
    <message>
        <source>Number of buildings that fit</source>
        <translation>吻合的建筑数</translation>
    </message>
    <message>
        <source>Number of shifted buildings</source>
        <translation>移位的建筑数</translation>
    </message>
    <message>
        <source>Number of buildings with a new outline</source>
        <translation>有新轮廓的建筑数</translation>
    </message>
    <message>
        <source>Number of uncertain buildings</source>
        <translation>不确定的建筑数</translation>
    </message>
    <message>
        <source>Number of buildings that are gone</source>
        <translation>已消失的建筑数</translation>
    </message>
    <message>
        <source>Number of missing buildings that were found</source>
        <translation>找到的缺失建筑数</translation>
    </message>
    <message>
        <source>Offset to the east in metres</source>
        <translation>向东偏移（米）</translation>
    </message>
    <message>
        <source>Offset to the north in metres</source>
        <translation>向北偏移（米）</translation>
    </message>
    <message>
        <source>Is its CRS the right one, and the cache that of this place?</source>
        <translation>其坐标参照系是否正确，缓存是否属于此地？</translation>
    </message>
    <message>
        <source>Choose a layer, or a file of OpenStreetMap.</source>
        <translation>请选择图层或 OpenStreetMap 文件。</translation>
    </message>
    <message>
        <source>A layer of polygons is needed.</source>
        <translation>需要面图层。</translation>
    </message>
    <message>
        <source>The layer has no CRS. Set it in the layer&apos;s properties.</source>
        <translation>图层没有坐标参照系。请在图层属性中设置。</translation>
    </message>
    <message>
        <source>There are no features in it.</source>
        <translation>其中没有要素。</translation>
    </message>
    <message>
        <source>Name a file for the changes to OpenStreetMap as well.</source>
        <translation>请同时指定用于保存 OpenStreetMap 更改的文件。</translation>
    </message>
    <message>
        <source>Changes to OpenStreetMap need the file that the layer was made from.</source>
        <translation>写出 OpenStreetMap 的更改需要生成该图层的原始文件。</translation>
    </message>
    <message>
        <source>Name a .osm or .osc file.</source>
        <translation>请指定 .osm 或 .osc 文件。</translation>
    </message>
    <message>
        <source>That file is the one that is read. Name another one.</source>
        <translation>该文件正是要读取的文件。请指定另一个文件。</translation>
    </message>
    <message>
        <source>A layer of points is needed.</source>
        <translation>需要点图层。</translation>
    </message>
    <message>
        <source>Comparing with the image: {done} %</source>
        <translation>正在与影像比较：{done} %</translation>
    </message>
    <message>
        <source>Looking for missing buildings: {done} %</source>
        <translation>正在查找缺失的建筑：{done} %</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>正在写入</translation>
    </message>
    <message>
        <source>The buildings would fit the image if they were moved {east:+.2f} m to the east and {north:+.2f} m to the north ({count} of {measured} agree).</source>
        <translation>若将建筑向东移动 {east:+.2f} 米、向北移动 {north:+.2f} 米，即与影像吻合（{measured} 个中有 {count} 个一致）。</translation>
    </message>
    <message>
        <source>The layer has a field “{}” already: that of the verdict is “{}”.</source>
        <translation>图层已有字段“{}”：结论所用的字段为“{}”。</translation>
    </message>
    <message>
        <source>What the engine wrote cannot be read: {}</source>
        <translation>无法读取引擎写出的内容：{}</translation>
    </message>
    <message>
        <source>A layer of footprints, in any CRS. Leave it empty to take those of a file of OpenStreetMap.</source>
        <translation>任意坐标参照系的建筑轮廓图层。留空则使用 OpenStreetMap 文件中的建筑。</translation>
    </message>
    <message>
        <source>File of OpenStreetMap</source>
        <translation>OpenStreetMap 文件</translation>
    </message>
    <message>
        <source>OpenStreetMap (*.osm *.pbf)</source>
        <translation>OpenStreetMap (*.osm *.pbf)</translation>
    </message>
    <message>
        <source>The .osm or .osm.pbf file that has the buildings, or that the layer was made from.</source>
        <translation>包含建筑或用于生成该图层的 .osm 或 .osm.pbf 文件。</translation>
    </message>
    <message>
        <source>What is right where they differ as a whole</source>
        <translation>整体不一致时以哪一方为准</translation>
    </message>
    <message>
        <source>The buildings: they stay where they are</source>
        <translation>建筑：保持原位</translation>
    </message>
    <message>
        <source>The image: they are moved to it</source>
        <translation>影像：建筑移动到影像的位置</translation>
    </message>
    <message>
        <source>With the buildings, what is drawn anew is moved to fit them, as OpenStreetMap has it. Scripts say features or imagery.</source>
        <translation>以建筑为准时，新画的轮廓移动到与之吻合，这是 OpenStreetMap 的做法。脚本中写 features 或 imagery。</translation>
    </message>
    <message>
        <source>Find missing buildings</source>
        <translation>查找缺失的建筑</translation>
    </message>
    <message>
        <source>What looks like the buildings of the layer and is not in it.</source>
        <translation>看起来像图层中的建筑但不在其中的。</translation>
    </message>
    <message>
        <source>Points of missing buildings</source>
        <translation>缺失建筑的点</translation>
    </message>
    <message>
        <source>Missing buildings are looked for at these points only.</source>
        <translation>仅在这些点处查找缺失的建筑。</translation>
    </message>
    <message>
        <source>Least likeness (0 to 1)</source>
        <translation>最小相似度（0 到 1）</translation>
    </message>
    <message>
        <source>How much a missing building must look like those of the layer; fewer and surer ones with more.</source>
        <translation>缺失的建筑须与图层中的建筑有多相似；值越大，找到的越少但越可靠。</translation>
    </message>
    <message>
        <source>Turn as the neighbours</source>
        <translation>与邻近建筑对齐</translation>
    </message>
    <message>
        <source>New outlines are turned to the direction that their neighbours have.</source>
        <translation>新轮廓会转到邻近建筑的方向。</translation>
    </message>
    <message>
        <source>Clean shared walls</source>
        <translation>清理共用墙</translation>
    </message>
    <message>
        <source>No overlaps and slivers between neighbours where one of them is changed.</source>
        <translation>当相邻建筑之一改变时，其间没有重叠和狭缝。</translation>
    </message>
    <message>
        <source>Smallest outline (m²)</source>
        <translation>最小轮廓（平方米）</translation>
    </message>
    <message>
        <source>No smaller one is proposed.</source>
        <translation>不会建议更小的轮廓。</translation>
    </message>
    <message>
        <source>Protect</source>
        <translation>保护</translation>
    </message>
    <message>
        <source>Features that stay as they are: FIELD for those that have a value there, FIELD=VALUE for those that have this one, or a tag of OpenStreetMap; several with semicolons.</source>
        <translation>保持不变的要素：字段 表示该字段有值的要素，字段=值 表示值为此值的要素，也可以是 OpenStreetMap 标签；多个用分号分隔。</translation>
    </message>
    <message>
        <source>Which level of the cache is looked at, 0 being the finest. When empty, that which suits each building&apos;s size.</source>
        <translation>查看缓存的哪一级，0 为最精细。留空时按每栋建筑的大小选择。</translation>
    </message>
    <message>
        <source>Search radius (m)</source>
        <translation>搜索半径（米）</translation>
    </message>
    <message>
        <source>How far from its place a building is looked for.</source>
        <translation>在距原位置多远的范围内查找建筑。</translation>
    </message>
    <message>
        <source>Delete buildings that are gone from OpenStreetMap</source>
        <translation>从 OpenStreetMap 中删除已消失的建筑</translation>
    </message>
    <message>
        <source>In the changes to OpenStreetMap; else they stay in it.</source>
        <translation>在 OpenStreetMap 的更改中；否则保留在其中。</translation>
    </message>
    <message>
        <source>Refined</source>
        <translation>优化结果</translation>
    </message>
    <message>
        <source>Changes to OpenStreetMap</source>
        <translation>OpenStreetMap 的更改</translation>
    </message>
    <message>
        <source>For JOSM (*.osm);;osmChange (*.osc)</source>
        <translation>供 JOSM 使用 (*.osm);;osmChange (*.osc)</translation>
    </message>
    <message>
        <source>A file to be looked at in JOSM, and uploaded there; nothing is uploaded from here.</source>
        <translation>供在 JOSM 中查看并由其上传的文件；此处不会上传任何内容。</translation>
    </message>
    <message>
        <source>Read what is to be reviewed</source>
        <translation>读取待审查的内容</translation>
    </message>
    <message>
        <source>“{layer}” is a temporary layer: what you decide is lost with it.</source>
        <translation>“{layer}”是临时图层：您所做的决定会随它一起消失。</translation>
    </message>
    <message>
        <source>“{refined}” cannot be brought into the CRS of “{target}”.</source>
        <translation>无法将“{refined}”转换到“{target}”的坐标参照系。</translation>
    </message>
    <message>
        <source>There is nothing to review in “{refined}”: what the image shows fits.</source>
        <translation>“{refined}”中没有需要审查的内容：影像所示部分全部吻合。</translation>
    </message>
    <message>
        <source>“{target}” is not the layer that “{refined}” was made from: its features lie elsewhere. Choose the layer that was refined.</source>
        <translation>“{target}”不是生成“{refined}”所用的图层：其要素位于别处。请选择被优化的图层。</translation>
    </message>
    <message>
        <source>Review: feature removed</source>
        <translation>审查：要素已删除</translation>
    </message>
    <message>
        <source>Review: feature added</source>
        <translation>审查：要素已添加</translation>
    </message>
    <message>
        <source>Review: outline replaced</source>
        <translation>审查：轮廓已替换</translation>
    </message>
    <message>
        <source>Review: taken back</source>
        <translation>审查：已撤回</translation>
    </message>
    <message>
        <source>The feature is no longer in “{layer}”. Reject the proposal, or go on.</source>
        <translation>该要素已不在“{layer}”中。请拒绝该建议，或继续下一个。</translation>
    </message>
    <message>
        <source>There is no polygon of “{layer}” there.</source>
        <translation>该处没有“{layer}”的多边形。</translation>
    </message>
    <message>
        <source>Look for the polygon</source>
        <translation>查找多边形</translation>
    </message>
    <message>
        <source>Asking the server of “{layer}” what it offers…</source>
        <translation>正在询问“{layer}”的服务器提供哪些内容…</translation>
    </message>
    <message>
        <source>The map shows no part of “{layer}” here: web maps end at 85 degrees.</source>
        <translation>地图在此处不显示“{layer}”的任何部分：网络地图止于 85 度。</translation>
    </message>
    <message>
        <source>How fine the image is: proposed from the map&apos;s scale, fine enough for buildings. Larger things are found on its coarser levels.</source>
        <translation>影像的精细程度：按地图比例尺建议，足以识别建筑物。更大的对象可在其较粗的层级上找到。</translation>
    </message>
    <message>
        <source>{zoom} (pixels of {size} m)</source>
        <translation>{zoom}（像素 {size} 米）</translation>
    </message>
    <message numerus="yes">
        <source>%n feature(s) of “{layer}” are not where they were when it was refined: they can only be rejected.</source>
        <translation>
            <numerusform>“{layer}”中有 %n 个要素已不在优化时的位置：只能拒绝。</numerusform>
        </translation>
    </message>
    <message>
        <source>That was accepted when the project was open before: edit it, or change it in the layer.</source>
        <translation>该项在此前打开项目时已接受：请编辑它，或在图层中修改。</translation>
    </message>
    <message>
        <source>The review of this object was left.</source>
        <translation>已退出对该对象的审查。</translation>
    </message>
    <message>
        <source>What “Refine footprints” has made: it has a field “verdict”.</source>
        <translation>“优化建筑轮廓”的结果：带有字段“verdict”。</translation>
    </message>
    <message>
        <source>What you accept goes into its edits.</source>
        <translation>您接受的内容会进入其编辑缓冲区。</translation>
    </message>
    <message>
        <source>Correct buildings</source>
        <translation>校正建筑</translation>
    </message>
    <message>
        <source>Refine footprints…</source>
        <translation>优化建筑轮廓…</translation>
    </message>
    <message>
        <source>Accept all of this kind</source>
        <translation>接受此类的全部</translation>
    </message>
    <message>
        <source>Choose the kind in the list above. Each one can be taken back.</source>
        <translation>请在上方列表中选择类别。每一项都可以撤回。</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Its edits are not saved yet.</source>
        <translation>其编辑尚未保存。</translation>
    </message>
    <message>
        <source>Accept ({key})</source>
        <translation>接受 ({key})</translation>
    </message>
    <message>
        <source>Reject ({key})</source>
        <translation>拒绝 ({key})</translation>
    </message>
    <message>
        <source>Edit ({key})</source>
        <translation>编辑 ({key})</translation>
    </message>
    <message>
        <source>Back ({key})</source>
        <translation>上一个 ({key})</translation>
    </message>
    <message>
        <source>Next ({key})</source>
        <translation>下一个 ({key})</translation>
    </message>
    <message>
        <source>Undo ({key})</source>
        <translation>撤销 ({key})</translation>
    </message>
    <message>
        <source>Click on it as on any object; Enter saves it, and it counts as accepted.</source>
        <translation>像点击其他对象一样点击它；按回车保存，并视为已接受。</translation>
    </message>
    <message>
        <source>Takes the last decision back.</source>
        <translation>撤回上一个决定。</translation>
    </message>
    <message>
        <source>Compares each building of the layer with the image, and has you review what it proposes.</source>
        <translation>将图层中的每座建筑与影像比较，并由您审查所提出的修改。</translation>
    </message>
    <message>
        <source>Encode the image first.</source>
        <translation>请先编码影像。</translation>
    </message>
    <message>
        <source>Start review</source>
        <translation>开始审查</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Leave review</source>
        <translation>退出审查</translation>
    </message>
    <message>
        <source>All ({count})</source>
        <translation>全部 ({count})</translation>
    </message>
    <message>
        <source>in the layer</source>
        <translation>图层中</translation>
    </message>
    <message>
        <source>proposed</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>位移</translation>
    </message>
    <message>
        <source>another shape</source>
        <translation>形状不同</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>gone</source>
        <translation>已消失</translation>
    </message>
    <message>
        <source>uncertain</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>{number} of {total}</source>
        <translation>第 {number} 个，共 {total} 个</translation>
    </message>
    <message>
        <source>{count} accepted</source>
        <translation>已接受 {count} 个</translation>
    </message>
    <message>
        <source>{count} rejected</source>
        <translation>已拒绝 {count} 个</translation>
    </message>
    <message>
        <source>all decided</source>
        <translation>全部已决定</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>已接受</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>It fits.</source>
        <translation>吻合。</translation>
    </message>
    <message>
        <source>It is protected.</source>
        <translation>受保护。</translation>
    </message>
    <message>
        <source>It fits {metres} m away.</source>
        <translation>在 {metres} m 之外吻合。</translation>
    </message>
    <message>
        <source>It fits where the layer&apos;s offset puts it.</source>
        <translation>按图层的偏移量移动后吻合。</translation>
    </message>
    <message>
        <source>Another outline fits clearly better.</source>
        <translation>另一个轮廓明显更吻合。</translation>
    </message>
    <message>
        <source>In another size it fits clearly better.</source>
        <translation>换一个大小明显更吻合。</translation>
    </message>
    <message>
        <source>Turned it fits clearly better.</source>
        <translation>旋转后明显更吻合。</translation>
    </message>
    <message>
        <source>Nothing there looks like the other buildings.</source>
        <translation>那里没有任何东西像其他建筑物。</translation>
    </message>
    <message>
        <source>Too little of it is on the image.</source>
        <translation>它在影像上的部分太少。</translation>
    </message>
    <message>
        <source>The image is not encoded there.</source>
        <translation>影像在那里没有编码。</translation>
    </message>
    <message>
        <source>The image has no data there.</source>
        <translation>影像在那里没有数据。</translation>
    </message>
    <message>
        <source>The cache is damaged there.</source>
        <translation>缓存在那里已损坏。</translation>
    </message>
    <message>
        <source>It has no outline on the image.</source>
        <translation>它在影像上没有轮廓。</translation>
    </message>
    <message>
        <source>It is too small to be seen.</source>
        <translation>它太小，看不清。</translation>
    </message>
    <message>
        <source>What is there looks like none of the other buildings.</source>
        <translation>那里的东西不像其他任何建筑物。</translation>
    </message>
    <message>
        <source>It may be off, in a layer where hardly another one is.</source>
        <translation>它可能偏了，而图层中几乎没有其他建筑物偏移。</translation>
    </message>
    <message>
        <source>The image shows nothing that fits it well.</source>
        <translation>影像上没有与它很吻合的东西。</translation>
    </message>
    <message>
        <source>The outline that fits is smaller than what is asked for.</source>
        <translation>吻合的轮廓小于所要求的面积。</translation>
    </message>
    <message>
        <source>The layer has nothing here; it looks like its buildings ({percent}%).</source>
        <translation>图层在此没有要素；它看起来像图层中的建筑物（{percent}%）。</translation>
    </message>
    <message>
        <source>It overlaps a neighbour.</source>
        <translation>它与相邻建筑物重叠。</translation>
    </message>
    <message>
        <source>The measures (M) of the coordinates are not in what is written.</source>
        <translation>写入的内容不含坐标的度量值（M）。</translation>
    </message>
    <message>
        <source>Not compared, since too little of them is on the image, or it is not encoded or empty there: {count} features.</source>
        <translation>未比较（落在影像上的部分太少，或该处影像未编码或为空）：{count} 个要素。</translation>
    </message>
    <message>
        <source>Too few buildings of the layer are seen on the image to say what one looks like: nothing was looked for that it lacks.</source>
        <translation>影像上能看到的该图层建筑物太少，无法得知建筑物的样子：没有查找图层缺少的建筑物。</translation>
    </message>
    <message>
        <source>No outline was drawn anew, so none was given right angles.</source>
        <translation>没有重新绘制任何轮廓，因此没有轮廓变为直角。</translation>
    </message>
    <message>
        <source>No outline that was drawn anew has the shape that right angles are for: {count} have their own.</source>
        <translation>重新绘制的轮廓都不适合用直角：{count} 个保留各自的形状。</translation>
    </message>
    <message>
        <source>Without an id of OpenStreetMap, so not in the changes to it: {count} features that would change.</source>
        <translation>没有 OpenStreetMap 的 ID，因此不在对它的更改中：{count} 个本应更改的要素。</translation>
    </message>
    <message>
        <source>Nothing changes in OpenStreetMap, so there is no file to open.</source>
        <translation>OpenStreetMap 没有任何变化，因此没有可打开的文件。</translation>
    </message>
    <message>
        <source>Way {id} {why}: change it by hand.</source>
        <translation>路径 {id}{why}：请手动更改。</translation>
    </message>
    <message>
        <source>Relation {id} {why}: change it by hand.</source>
        <translation>关系 {id}{why}：请手动更改。</translation>
    </message>
    <message>
        <source>Way {id} is part of a relation: delete it by hand.</source>
        <translation>路径 {id} 是某个关系的一部分：请手动删除。</translation>
    </message>
    <message>
        <source>Relation {id} is part of a relation: delete it by hand.</source>
        <translation>关系 {id} 是某个关系的一部分：请手动删除。</translation>
    </message>
    <message>
        <source>Way {id} does not run over node {node} any more, which has tags, as an entrance has: move or delete the node, too.</source>
        <translation>路径 {id} 不再经过节点 {node}，而该节点带有标签（例如入口）：请同时移动或删除该节点。</translation>
    </message>
    <message>
        <source>Relation {id} does not run over node {node} any more, which has tags, as an entrance has: move or delete the node, too.</source>
        <translation>关系 {id} 不再经过节点 {node}，而该节点带有标签（例如入口）：请同时移动或删除该节点。</translation>
    </message>
    <message>
        <source>A new building at {latitude}, {longitude} {why}: draw it by hand.</source>
        <translation>位于 {latitude}, {longitude} 的新建筑物{why}：请手动绘制。</translation>
    </message>
    <message>
        <source>has another number of rings than its new outline</source>
        <translation>的环数与其新轮廓不同</translation>
    </message>
    <message>
        <source>has ways that make a ring together</source>
        <translation>由多条路径共同组成一个环</translation>
    </message>
    <message>
        <source>shares a way with another building, whose outline is not the same</source>
        <translation>与另一个轮廓不同的建筑物共用一条路径</translation>
    </message>
    <message>
        <source>crosses the antimeridian</source>
        <translation>跨越 180° 经线</translation>
    </message>
    <message>
        <source>is smaller than OpenStreetMap&apos;s coordinates are exact</source>
        <translation>小于 OpenStreetMap 坐标的精度</translation>
    </message>
    <message>
        <source>has {corners} corners, and a way has at most {most} nodes</source>
        <translation>有 {corners} 个角点，而一条路径最多有 {most} 个节点</translation>
    </message>
    <message>
        <source>{buildings}, refined</source>
        <translation>{buildings}（已优化）</translation>
    </message>
    <message>
        <source>“{layer}” can be reviewed when this review is left: choose it as Result.</source>
        <translation>退出本次审查后即可审查“{layer}”：请将其选为“结果”。</translation>
    </message>
    <message>
        <source>The buildings would fit the image if all were moved {east:+.1f} m to the east and {north:+.1f} m to the north.</source>
        <translation>若将所有建筑向东移动 {east:+.1f} 米、向北移动 {north:+.1f} 米，即与影像吻合。</translation>
    </message>
</context>
</TS>
