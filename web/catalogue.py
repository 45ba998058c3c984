"""Every label of the pages and the map, Chinese first and English beside it.

Names begin with the part of the page they belong to. A `{placeholder}` is filled by the page or by `static/app.js`;
both wordings of a label fill the same places.
"""

from __future__ import annotations

from screening.words import Language, Text
from web.approval_labels import APPROVAL_NAV_LABELS
from web.check_labels import CHECK_LABELS
from web.compare_labels import COMPARE_LABELS
from web.document_labels import DOCUMENT_LABELS
from web.look_up_labels import NAV_LABELS
from web.plan_labels import PLAN_LABELS
from web.run_labels import RUN_LABELS
from web.zone_map_labels import MAP_NAV_LABELS, ZONE_MAP_LABELS

LABELS: dict[str, Text] = {
    **PLAN_LABELS,
    **NAV_LABELS,
    **DOCUMENT_LABELS,
    **MAP_NAV_LABELS,
    **ZONE_MAP_LABELS,
    "nav_compare": COMPARE_LABELS["nav_compare"],
    **CHECK_LABELS,
    **APPROVAL_NAV_LABELS,
    **RUN_LABELS,
    # -- every page ----------------------------------------------------------------------------------------------
    "site_title": Text("三线一单选址研判", "Three Lines · site screening"),
    "site_other_title": Text("Three Lines", "三线一单"),
    "skip": Text("跳到主要内容", "Skip to the main content"),
    "language": Text("语言", "Language"),
    "nav": Text("主导航", "Main navigation"),
    "nav_check": Text("选址研判", "Check a site"),
    "nav_batch": Text("批量研判", "Batch"),
    "nav_docs": Text("数据接口", "API"),
    "nav_releases": Text("成果版本", "Releases"),
    "demonstration": Text("示例数据 · demonstration", "Demonstration data · 示例数据"),
    "demonstration_text": Text(
        "为演示而制，不是任何政府部门的正式成果，不得用于真实决策。",
        "Made for demonstration; no authority's release, not for real decisions.",
    ),
    "footer": Text(
        "公众研判结论不具法律效力，不代替行政审批；以生态环境主管部门的意见为准。",
        "A public verdict has no legal force and replaces no permit; the ecology and environment authority decides.",
    ),
    # -- releases ------------------------------------------------------------------------------------------------
    "releases_title": Text("成果版本", "Releases"),
    "releases_lead": Text(
        "每个版本发布后不再改变，编号由内容算出；每次研判都注明所用的版本，任何时候都能重新核对。",
        "A release never changes once published and its id is computed from its content; every verdict names its own.",
    ),
    "releases_id": Text("编号", "Id"),
    "releases_name": Text("名称", "Title"),
    "releases_days": Text("有效期", "In force"),
    "releases_open": Text("长期", "open"),
    "releases_published": Text("发布", "Published"),
    "releases_issues": Text("提示数", "Warnings"),
    "releases_state": Text("状态", "State"),
    "releases_in_force": Text("现行", "In force today"),
    "releases_not_in_force": Text("非现行", "Not in force today"),
    "releases_withdrawn": Text("已撤回", "Withdrawn"),
    "releases_changes": Text("与上一版本比较", "What changed since the one before"),
    "quality_title": Text("版本质量", "Quality of a release"),
    "quality_data": Text("机器可读", "machine-readable"),
    "quality_days": Text("有效期", "In force"),
    "quality_approval": Text("批准文件", "Approval"),
    "quality_filing": Text("备案号", "Filing number"),
    "quality_prepared": Text("编制", "Prepared by"),
    "quality_zones_version": Text("分区版本（全部图层内容）", "Version of the zones (content of all layers)"),
    "quality_list_version": Text("清单版本", "Version of the list"),
    "quality_clauses": Text("清单条款", "Clauses"),
    "quality_clauses_count": Text("{all} 条，其中 {unverified} 条未核实", "{all}, of which {unverified} not verified"),
    "quality_unsaid": Text("交付未说明", "not said by the delivery"),
    "quality_missing": Text("缺少图层：", "Layers missing:"),
    "quality_partition": Text("不重不漏", "Partition proof"),
    "quality_partition_help": Text(
        "应铺满的图层：各分区面积之和、并集面积与应覆盖面积相等，且没有缺口和重叠，才算不重不漏。单位 m²，辖区投影平面。",
        "Layers that must tile: the sum of the areas, the area of the union and the territory agree, "
        "and there is no gap and no overlap. m² on the jurisdiction's plane.",
    ),
    "quality_partition_holds": Text("全部成立。", "It holds for all of them."),
    "quality_partition_fails": Text("有图层不成立。", "It does not hold for all of them."),
    "quality_layer": Text("图层", "Layer"),
    "quality_territory": Text("应覆盖", "Territory"),
    "quality_sum": Text("分区之和", "Sum of zones"),
    "quality_union": Text("并集", "Union"),
    "quality_gaps": Text("缺口（处 · m²）", "Gaps (places · m²)"),
    "quality_overlaps": Text("重叠（处 · m²）", "Overlaps (places · m²)"),
    "quality_outside": Text("超出", "Beyond"),
    "quality_layers": Text("图层：现势性、精度与责任", "Layers: currency, accuracy, responsibility"),
    "quality_required": Text("必需", "required"),
    "quality_zones": Text("个数", "Zones"),
    "quality_areas": Text("面积 km²", "Area, km²"),
    "quality_current": Text("反映状况", "State of"),
    "quality_until": Text("有效至", "current until"),
    "quality_stale": Text("已过期", "out of date"),
    "quality_accuracy": Text("精度", "Accuracy"),
    "quality_read": Text("读自", "Read from"),
    "quality_responsible": Text("责任单位 / 来源", "Responsible / source"),
    "quality_issues": Text("错误 / 提示", "Errors / warnings"),
    "quality_log": Text("问题清单", "Issue log"),
    "quality_no_issues": Text("没有发现问题。", "Nothing was found wrong."),
    "quality_severity": Text("级别", "Severity"),
    "quality_place": Text("位置", "Place"),
    "quality_message": Text("问题", "Issue"),
    "quality_map": Text("在地图上", "On the map"),
    "severity_error": Text("错误", "error"),
    "severity_warning": Text("提示", "warning"),
    # -- check page ----------------------------------------------------------------------------------------------
    "check_title": Text("选址研判", "Check a site"),
    "check_lead": Text(
        "在地图上选一处地方、选一个行业，看现行“三线一单”成果怎么说，以及哪些还不知道。",
        "Choose a place on the map and an industry; read what the release in force says, and what is not known.",
    ),
    "map_label": Text("管控分区地图，单击选点", "Zone map, click to choose a point"),
    "map_help": Text(
        "不用鼠标也可以：在右侧（手机在下方）输入经纬度或粘贴图形。",
        "No mouse needed: enter coordinates or paste a shape in the form beside (on phones: below) the map.",
    ),
    "step_where": Text("在哪里", "Where"),
    "step_what": Text("做什么", "What"),
    "step_answer": Text("看结论", "The verdict"),
    "step": Text("第 {number} 步", "Step {number}"),
    "where_help": Text(
        "单击地图选一个点，或画出范围；也可在此输入。",
        "Click a point or draw the extent on the map, or enter it here.",
    ),
    "where_text": Text(
        "坐标、界址点、地图链接、WKT 或 GeoJSON", "Coordinates, corner points, a map link, WKT or GeoJSON"
    ),
    "where_placeholder": Text("120.41036, 36.39012", "120.41036, 36.39012"),
    "where_show": Text("地图定位", "Show on map"),
    "read_as": Text("读作：{read_as}；精度不优于 ±{accuracy} m", "Read as: {read_as}; no better than ±{accuracy} m"),
    "readings_choose": Text("请选定正确的读法：", "Choose the reading that is right:"),
    "sites_several": Text("共有 {count} 处，请选一处：", "{count} sites; choose one:"),
    "file_reading": Text("正在读取 {name}…", "Reading {name}…"),
    "where_file": Text("打开文件…", "Open a file…"),
    "where_clear": Text("清除", "Clear"),
    "where_none": Text("尚未选址", "No site yet"),
    "where_point": Text(
        "一个点：{lon}，{lat}（没有边界，研判较粗）", "A point: {lon}, {lat} (no boundary: a coarser answer)"
    ),
    "where_area": Text("范围约 {area}，以研判时量算为准", "About {area}; the screening measures it exactly"),
    "where_line": Text("线状选址，长约 {length}；请填写占地宽度", "A line of about {length}; state the width it takes"),
    "where_unseen": Text(
        "此处不能预览这段文字，提交时由服务器读取。", "This text cannot be previewed; the server will read it."
    ),
    "width": Text("线状选址宽度（米）", "Width of the line (metres)"),
    "start_station": Text("起点桩号（可不填，默认 K0+000）", "Start station (optional, K0+000 if blank)"),
    "start_station_help": Text(
        "写成 K12+340 或米数；结论列出各穿越段的桩号。",
        "K12+340 or metres; the answer gives stations of every crossing.",
    ),
    "are_points": Text(
        "这些坐标是各自独立的点位（排口、钻孔、风机等）", "These are separate points (outfalls, boreholes, turbines)"
    ),
    "radius": Text("每个点位的半径（米）", "Radius around each point (metres)"),
    "where_points": Text("{count} 个点位；请填写半径", "{count} points; state the radius"),
    "stated": Text("核对用：填写的区县和面积（可不填）", "For checking: district and area as stated (optional)"),
    "stated_help": Text(
        "只用来和坐标核对，不改变结论；不符时会提醒。",
        "Only held against the coordinates, never used for the verdict; you are told where they disagree.",
    ),
    "district": Text("所在区县", "District"),
    "district_none": Text("未填", "not stated"),
    "declared_area": Text("申报面积（平方米）", "Area as stated (m²)"),
    "units": Text("所在管控单元", "Control units here"),
    "units_asking": Text("正在查询管控单元…", "Looking up control units…"),
    "units_sampled": Text(
        "按图形的 {count} 个代表点查询，可能不全；研判时按整个图形核对。",
        "Asked at {count} points of the shape and may be incomplete; the screening checks the whole shape.",
    ),
    "units_failed": Text(
        "管控单元暂时查不到，不等于没有管控；仍可提交研判。",
        "Control units cannot be looked up now, which does not mean there are none; you can still submit.",
    ),
    "site_name": Text("地块名称（可不填）", "Name of the site (optional)"),
    "industry": Text("国民经济行业（GB/T 4754）", "Industry (GB/T 4754)"),
    "industry_help": Text(
        "输入行业名称、俗称或代码，例如“电镀”“C3360”，再从列表中选择；可选多个。",
        "Type Chinese words or a code, e.g. 电镀 or C3360, then choose from the list; several are allowed.",
    ),
    "industry_results": Text("找到 {count} 个行业，用上下键选择", "{count} industries found, use the arrow keys"),
    "industry_nothing": Text("没有找到，换个词或直接输入代码", "Nothing found; try other words or a code"),
    "industry_notices": Text("关于此代码：", "About this code:"),
    "industry_chosen": Text("已选行业", "Industries chosen"),
    "industry_remove": Text("移除 {name}", "Remove {name}"),
    "construction": Text("建设性质", "Kind of construction"),
    "construction_none": Text("未申报", "not declared"),
    "construction_new": Text("新建（含迁建）", "new (or relocation)"),
    "construction_rebuild": Text("改建", "rebuilding"),
    "construction_expand": Text("扩建", "expansion"),
    "construction_upgrade": Text("技改", "technical upgrade"),
    "facts": Text("申报事实", "Declared facts"),
    "facts_count": Text("已申报 {declared} 项，共 {total} 项", "{declared} of {total} declared"),
    "facts_help": Text(
        "留空就是未申报。未申报不等于零：缺少的事实会使有关条款“无法判定”。",
        "Blank means not declared. Not declared is not zero: what is missing leaves clauses undetermined.",
    ),
    "facts_asked": Text("{asked} 项，已申报 {declared} 项", "{asked}, {declared} declared"),
    "facts_settled": Text("已无影响结论的申报项", "nothing more to declare would change the answer"),
    "facts_failed": Text(
        "申报项清单读取失败，目前只能按“未申报”研判。",
        "The list of facts could not be read; for now all count as not declared.",
    ),
    "particulars": Text("项目基本情况（选填）", "Particulars of the project (optional)"),
    "particulars_count": Text("已填 {declared} 项", "{declared} filled in"),
    "particulars_help": Text(
        "环评报告表“建设项目基本情况”所列字段，随研判记录保存，不影响结论。请勿填写联系人、电话等个人信息。",
        "The fields of part 1 of the EIA report form. Kept with the answer; none changes it. No names of persons or telephone numbers, please.",
    ),
    "particulars_failed": Text(
        "字段清单读取失败，目前不能填写；不影响研判。",
        "The list of fields could not be read, so nothing can be filled in now; the screening is not affected.",
    ),
    "fact_unit": Text("{label}的单位", "Unit of: {label}"),
    "fact_days": Text("全年运行天数", "Operating days per year"),
    "fact_undeclared": Text("未申报", "not declared"),
    "fact_yes": Text("是", "yes"),
    "fact_no": Text("否", "no"),
    "project_name": Text("项目名称（可不填）", "Name of the project (optional)"),
    "as_of": Text("研判基准日", "As of"),
    "as_of_help": Text(
        "按这一天有效的成果研判，默认今天。", "Screened by the release in force that day; today by default."
    ),
    "submit": Text("开始研判", "Check the site"),
    "submitting": Text("正在研判：核对图层和条款…", "Screening: checking layers and clauses…"),
    "needs_site": Text("请先选址：单击地图、画出范围，或输入经纬度。", "Choose a site first: click, draw or type."),
    "needs_industry": Text("请至少选择一个行业。", "Choose at least one industry."),
    "map_other_release": Text(
        "本结论依据成果版本 {answered}，而地图显示的是版本 {shown}：以结论为准，勿对照地图核对。",
        "This answer rests on release {answered}, the map shows {shown}: go by the answer, do not check it against the map.",
    ),
    "verdict_ready": Text("研判完成：{conclusion}", "Screening done: {conclusion}"),
    "permalink": Text("固定网址", "Permanent address"),
    "copy": Text("复制网址", "Copy the address"),
    "copied": Text("已复制", "Copied"),
    "copy_failed": Text("请手工复制", "Please copy by hand"),
    "print": Text("打印", "Print"),
    "back_to_form": Text("返回修改", "Back to the form"),
    "show_on_map": Text("在地图上显示", "Show on the map"),
    # -- map -----------------------------------------------------------------------------------------------------
    "layers": Text("图层与图例", "Layers and legend"),
    "group_unit": Text("环境管控单元", "Control units"),
    "group_element": Text("要素管控分区", "Element zones"),
    "group_special": Text("法定与敏感区域", "Areas the law names"),
    "group_reference": Text("底图", "Base map"),
    "opacity": Text("分区不透明度", "Opacity of zones"),
    "map_review": Text("审图号：{number}", "Map review number: {number}"),
    "map_review_none": Text("审图号：无（示例数据）", "Map review number: none (demonstration data)"),
    "map_review_missing": Text("审图号：未填", "Map review number: not given"),
    "layer_failed": Text(
        "部分图块加载失败，空白处不代表没有管控。", "Some tiles failed to load; blank does not mean unrestricted."
    ),
    "layers_unpublished": Text(
        "图形不公开，未显示但照常参与研判：{names}", "Not published, so not drawn; they count all the same: {names}"
    ),
    "layers_silent": Text(
        "以下图层没有可用数据，图上看不到，不代表没有管控：{names}",
        "These layers have no usable data and are not on the map, which does not mean unrestricted: {names}",
    ),
    "class_1": Text("优先保护", "priority protection"),
    "class_2": Text("重点管控", "key control"),
    "class_3": Text("一般管控", "general control"),
    "zoom_in": Text("放大", "Zoom in"),
    "zoom_out": Text("缩小", "Zoom out"),
    "draw_polygon": Text("画多边形", "Draw a polygon"),
    "draw_rectangle": Text("画矩形", "Draw a rectangle"),
    "draw_polyline": Text("画线（管道、道路）", "Draw a line (pipe, road)"),
    "draw_marker": Text("放一个点", "Place a point"),
    "draw_cancel": Text("取消", "Cancel"),
    "draw_cancel_title": Text("取消绘制", "Cancel drawing"),
    "draw_finish": Text("完成", "Finish"),
    "draw_finish_title": Text("完成绘制", "Finish drawing"),
    "draw_undo": Text("撤销一点", "Undo a point"),
    "draw_undo_title": Text("删除最后一点", "Delete the last point"),
    "draw_start": Text("单击开始绘制", "Click to start"),
    "draw_go_on": Text("单击添加下一点", "Click to add a point"),
    "draw_close": Text("单击第一点闭合", "Click the first point to close"),
    "draw_line_end": Text("单击最后一点结束", "Click the last point to finish"),
    "draw_drag": Text("按住并拖动画出矩形", "Press and drag to draw a rectangle"),
    "draw_release": Text("松开完成", "Release to finish"),
    "draw_place": Text("单击放置", "Click to place"),
    "draw_edit": Text("修改图形", "Edit the shape"),
    "draw_edit_none": Text("没有可修改的图形", "Nothing to edit"),
    "draw_edit_help": Text("拖动控制点修改", "Drag the handles to edit"),
    "draw_save": Text("保存", "Save"),
    "draw_save_title": Text("保存修改", "Save changes"),
    "draw_discard_title": Text("放弃修改", "Discard changes"),
    "draw_crossing": Text("边界不能相交", "Edges must not cross"),
    # -- explanation ---------------------------------------------------------------------------------------------
    "verdict": Text("研判结论", "Verdict"),
    "counts": Text("核对情况", "What was checked"),
    "warnings": Text("坐标与填写不符", "The coordinates contradict what was stated"),
    "deciding": Text("为什么", "Why"),
    "next_steps": Text("接下来", "What to do next"),
    "concerned": Text("涉及的管控要求", "Requirements that concern it"),
    "turning": Text("怎样会改变结论", "What would change the conclusion"),
    "turning_help": Text(
        "每次只改一项申报，其余不变。须据实申报。",
        "One declaration at a time, all else unchanged. Declare what is true.",
    ),
    "places": Text("选址落在哪里", "Where the site lies"),
    "places_help": Text("地图所示内容的文字说明，按图层列出。", "What the map shows, in words, layer by layer."),
    "without_data": Text("没有查清的", "What could not be checked"),
    "without_data_help": Text(
        "没有查清不等于没有限制。", "What could not be checked is not to be read as unrestricted."
    ),
    "without_data_none": Text("应查图层均已答复。", "Every layer that had to answer did."),
    "levels": Text("清单各层级怎么说", "What each level of the list says"),
    "levels_help": Text(
        "各层级分别回答，取最严者；只有条款写明时，例外才优先于禁止。",
        "Each level answers for itself and the strictest counts; an exception beats a ban only where a clause says so.",
    ),
    "concerned_none": Text("已核对的内容中没有涉及的要求。", "Nothing that was checked concerns it."),
    "not_concerned": Text("已核对、不涉及", "Checked, not concerned"),
    "more_entries": Text("其余 {count} 项", "{count} more"),
    "rows": Text("依据与量算（{count} 项）", "Basis and measures ({count})"),
    "summary": Text("研判所依据的内容", "What this answer is based on"),
    "remarks": Text("请人工核对之处", "What a person should look at"),
    "remarks_help": Text("仅作提示，不影响研判结论。", "Remarks only; no part of the verdict."),
    "limits": Text("适用限度", "Limits of this answer"),
    "items": Text("{count} 项", "{count}"),
    # -- permalink page ------------------------------------------------------------------------------------------
    "screening_title": Text("研判记录", "Screening record"),
    "screening_id": Text("编号", "Number"),
    "screening_created": Text("作出时间", "Answered at"),
    "screening_digest": Text("内容摘要 SHA-256", "Digest, SHA-256"),
    "screening_data": Text("机器可读记录（JSON）", "Machine-readable record (JSON)"),
    "screening_new": Text("研判另一个选址", "Check another site"),
    "seal": Text("签章", "Seal"),
    "seal_none": Text(
        "作出于封存格式 1 之前，不能重新计算，也不能刷新；需要可核验的结论请重新研判。",
        "Sealed before format 1: it cannot be recomputed or refreshed; screen again for one that can be checked.",
    ),
    "seal_valid": Text("有效期", "Valid"),
    "seal_until": Text("至 {day}", "until {day}"),
    "seal_standing": Text("现时状态", "Today"),
    "seal_digest": Text("签章摘要 SHA-256", "Sealed digest, SHA-256"),
    "seal_past": Text("以下结论不宜再用：", "The verdict below is not to be relied on any more: "),
    "seal_checks": Text("校验信息", "To check it"),
    "seal_verify": Text("离线核验", "Offline"),
    "seal_key": Text("签章密钥", "Key"),
    "seal_refreshes": Text("刷新自", "Refreshes"),
    "seal_refreshed_by": Text("已有更新的研判", "A later screening of the same question"),
    "statement": Text("一图一表一说明", "Map, table, narrative"),
    "seal_download": Text("下载签章文件", "Download the sealed file"),
    "seal_refresh": Text("刷新", "Refresh"),
    "seal_refresh_help": Text("同一选址和项目，按今天重新研判", "The same site and project, screened as of today"),
    "seal_qr": Text("扫码查看现时结论", "Scan for the live verdict"),
    "changes_title": Text("与上一次研判相比", "Compared with the screening before"),
    "changes_none": Text("各项要点均与上次相同。", "All findings are what they were."),
    "changes_basis": Text("研判依据", "What it rests on"),
    "changes_added": Text("新增的要点", "New findings"),
    "changes_removed": Text("不再有的要点", "Findings no longer there"),
    "changes_changed": Text("有变化的要点", "Findings that changed"),
    "changes_others": Text(
        "另有 {count} 处量算或说明不同，见机器可读记录。",
        "{count} other measures or notes differ; see the machine-readable record.",
    ),
    # -- batches -------------------------------------------------------------------------------------------------
    "batch_title": Text("批量研判", "Screen a batch"),
    "batch_lead": Text(
        "一次研判许多项目：填写模板，或上传 Shapefile、GeoJSON 并说明各列是什么。读得懂的行逐行研判并存档，读不懂的行写明原因后退回，改好再传；一行也不会丢。",
        "Many projects at once: fill in the template, or send a Shapefile or GeoJSON and say what its columns are. Rows that can be read are screened and kept one by one, the others come back with the reason; no row is lost.",
    ),
    "batch_template": Text("下载模板（.xlsx）", "Download the template (.xlsx)"),
    "batch_file": Text("选择填好的文件", "Choose the filled file"),
    "batch_file_again": Text(
        "请再次选择文件（上次的文件没有保留）", "Choose the file again (the last one was not kept)"
    ),
    "batch_file_help": Text(
        "模板 .xlsx、CSV（UTF-8 或 GBK）、Shapefile 压缩包、GeoPackage、GeoJSON、KML。每次最多 {rows} 行、{size}。",
        "The template as .xlsx, CSV (UTF-8 or GBK), zipped Shapefile, GeoPackage, GeoJSON, KML. At most {rows} rows and {size} at a time.",
    ),
    "batch_mapping": Text("列名与模板不同时：列映射与坐标基准", "Where columns have other names: mapping and datum"),
    "batch_mapping_help": Text(
        "每行写“代号 = 列名”。先看一看，会列出认出的列和没有用到的列。等号后留空表示不用。",
        "One “key = column” on each line. Have a look first: it lists columns recognised and columns not used. Nothing after the equals sign means not used.",
    ),
    "batch_mapping_label": Text("列映射", "Mapping of columns"),
    "batch_datum": Text("坐标基准（行内没有写明时）", "Datum (where rows say none)"),
    "batch_datum_none": Text("未声明", "not declared"),
    "batch_keys": Text("可用的代号", "Keys that can be used"),
    "batch_look": Text("先看一看（不研判）", "Have a look (nothing is screened)"),
    "batch_screen": Text("逐行研判", "Screen row by row"),
    "batch_kept_help": Text(
        "每条研判都会存档并有编号；上传的文件本身不保留，结果和待修改的工作簿保留 {hours} 小时。行数多时需要等待。",
        "Each screening is kept under a number; the file itself is not kept, the workbooks of results and of rows to mend for {hours} hours. Many rows take a while.",
    ),
    "batch_look_title": Text("“{file}”会这样读", "How “{file}” would be read"),
    "batch_look_help": Text("尚未研判，什么也没有保存。", "Nothing has been screened or kept."),
    "batch_too_many": Text(
        "超过每次 {most} 行的上限，不能研判；请分成几个文件。",
        "More than {most} rows: split the file before screening.",
    ),
    "batch_used": Text("使用的列（{count}）", "Columns used ({count})"),
    "batch_unmapped": Text("没有用到的列：", "Columns not used:"),
    "batch_none": Text("无", "none"),
    "batch_faults": Text("有问题的单元格（{count}）", "Cells with problems ({count})"),
    "batch_place": Text("位置", "Place"),
    "batch_column": Text("列", "Column"),
    "batch_name": Text("名称", "Name"),
    "batch_record": Text("研判记录", "Record"),
    "batch_rows": Text("逐行结果", "Results by row"),
    "batch_count_rows": Text("行数", "Rows"),
    "batch_count_ready": Text("可以研判", "Ready to screen"),
    "batch_count_screened": Text("已研判", "Screened"),
    "batch_count_faulty": Text("待修改", "To mend"),
    "batch_count_blank": Text("空行", "Blank"),
    "batch_count_example": Text("示例行（不研判）", "Examples (never screened)"),
    "batch_done_title": Text("“{file}”的研判结果", "Results of “{file}”"),
    "batch_results": Text("下载结果（.xlsx）", "Download the results (.xlsx)"),
    "batch_mend": Text("下载待修改的行（.xlsx）", "Download the rows to mend (.xlsx)"),
    "batch_again": Text("再传一个文件", "Send another file"),
    "batch_files_kept": Text(
        "两个工作簿保留 {hours} 小时，知道链接的人都能下载；每条研判长期保留。",
        "Both workbooks are kept for {hours} hours and can be fetched by whoever has the link; each screening is kept for good.",
    ),
    "batch_mend_help": Text(
        "“待修改”只含没有研判的行，各格原样保留，问题写在第一列；改好后再上传即可。",
        "The file to mend holds only the rows that were not screened, every cell as it was, the problems in its first column; mend it and send it again.",
    ),
    # -- problems ------------------------------------------------------------------------------------------------
    "problem_what": Text("情况", "What"),
    "problem_why": Text("原因", "Why"),
    "problem_cure": Text("怎么办", "What to do"),
    "problem_value": Text("收到的值", "Value received"),
    "problem_candidates": Text("是否想要", "Did you mean"),
    "problem_back": Text("回到选址研判", "Back to site screening"),
    "network_title": Text("没有连上服务器", "The server could not be reached"),
    "network_what": Text("请求没有送达，或服务器没有答复。", "The request did not arrive, or no answer came back."),
    "network_why": Text(
        "网络中断或服务停止时无法研判；这不是任何结论。",
        "Without network or service nothing can be screened; this is no verdict of any kind.",
    ),
    "network_cure": Text("请检查网络后重试，填写的内容仍在。", "Check the network and try again; your input is kept."),
    "timeout_title": Text("等待超时", "No answer in time"),
    "too_large_title": Text("内容过大", "Too large"),
    "too_large_what": Text("选址图形或文件超过上限（{limit}）。", "The shape or file exceeds the limit ({limit})."),
    "too_large_why": Text(
        "过大的请求会拖慢所有人，因此不予接受。", "Requests that large slow everybody, so they are refused."
    ),
    "too_large_cure": Text(
        "请只保留地块边界、减少顶点，或在 GIS 中化简后再提交。",
        "Keep only the site's boundary, reduce its vertices, or simplify it in a GIS first.",
    ),
    "strange_title": Text("服务器答复异常", "Unexpected answer"),
    "strange_what": Text(
        "服务器答复了状态 {status}，没有说明。", "The server answered with status {status} and no explanation."
    ),
    "strange_why": Text("没有得到结论；不能视为符合。", "There is no verdict; it must not be read as compliance."),
    "strange_cure": Text(
        "请稍后重试；若仍如此，请告知服务管理者。", "Try again later; if it persists, tell the operator."
    ),
    # -- API page ------------------------------------------------------------------------------------------------
    "docs_title": Text("数据接口", "API"),
    "docs_lead": Text(
        "同一套研判也以 HTTP 接口提供，网页能做的，接口都能做。下方由 /openapi.json 生成。",
        "The same screening is offered over HTTP; what the pages do, the API does. Generated from /openapi.json.",
    ),
}


def words(language: Language) -> dict[str, str]:
    """All labels in one language, by name.

    >>> words("zh")["concerned"], words("en")["industry_chosen"]
    ('涉及的管控要求', 'Industries chosen')
    """
    return {name: text.in_(language) for name, text in LABELS.items()}
