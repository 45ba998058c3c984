"""Labels of the zone map: the page, its panel, and what its scripts say."""

from __future__ import annotations

from screening.words import Text

MAP_NAV_LABELS: dict[str, Text] = {
    "nav_map": Text("分区地图", "Map"),
    "map_open_large": Text("打开大图", "Open the large map"),
}
ZONE_MAP_LABELS: dict[str, Text] = {
    # -- page ----------------------------------------------------------------------------------------------------
    "zm_title": Text("管控分区地图", "Zone map"),
    "zm_compare_title": Text("两个日期的管控分区", "Zones on two dates"),
    "zm_map": Text("管控分区地图", "Zone map"),
    "zm_map_left": Text("较早版本的地图", "Map of the earlier release"),
    "zm_map_right": Text("较晚版本的地图", "Map of the later release"),
    "zm_keys": Text(
        "键盘：方向键移动，加减号缩放，回车查看图中央的位置。地图内容在下方另有文字说明。",
        "Keyboard: arrows move, plus and minus zoom, Enter asks about the middle of the map. "
        "What the map shows is told in words below.",
    ),
    "zm_loading": Text("图层正在载入…", "Layers are arriving…"),
    "zm_no_script": Text(
        "地图需要脚本。没有脚本也能搜索、按坐标查询、比较版本并阅读下面的图层说明。",
        "The map itself needs scripts. Search, coordinates, comparison and the layers in words work without.",
    ),
    "zm_no_force": Text(
        "本图供查阅，不具法律效力；分区边界以批准的成果为准。",
        "For information only, without legal force; the approved boundaries decide.",
    ),
    # -- search --------------------------------------------------------------------------------------------------
    "zm_search": Text("地名、单元编码、名称或坐标", "Place, unit code, name or coordinates"),
    "zm_search_help": Text("也可以在图上单击一处。", "Or click a place on the map."),
    "zm_search_list": Text("搜索结果", "Results"),
    "zm_search_go": Text("查找", "Find"),
    "zm_found": Text("找到 {total} 个", "{total} found"),
    "zm_found_more": Text("找到 {total} 个，列出最相近的 {shown} 个", "{total} found, the closest {shown} listed"),
    "zm_found_point": Text("读作一处坐标：{read_as}", "Read as a place: {read_as}"),
    "zm_point_option": Text("这处坐标", "These coordinates"),
    "zm_found_none": Text("没有找到。不能视为没有限制。", "Nothing found. Not to be read as unrestricted."),
    # -- answer --------------------------------------------------------------------------------------------------
    "zm_answer": Text("查询结果", "Answer"),
    "zm_answer_search": Text("搜索“{words}”", "Search for “{words}”"),
    "zm_here": Text("这个位置", "This place"),
    "zm_none_here": Text("以下图层在这里没有分区", "No zone here in these layers"),
    "zm_unanswered": Text(
        "以下图层没有作答，不能视为没有限制", "These layers did not answer; not to be read as unrestricted"
    ),
    "zm_unit_page": Text("单元的全部要求", "All requirements of the unit"),
    "zm_screen_here": Text("在这里研判", "Screen a site here"),
    "zm_show": Text("在图上显示", "Show on the map"),
    "zm_layer": Text("图层", "Layer"),
    "zm_class": Text("类别", "Class"),
    "zm_subtype": Text("细类", "Sub-type"),
    "zm_gone_zone": Text(
        "这一版成果中没有该分区（{code}）。它可能在其他版本中。",
        "This release has no such zone ({code}). Another release may.",
    ),
    "zm_close": Text("清除", "Clear"),
    "zm_busy": Text("正在查询…", "Looking…"),
    "zm_here_count": Text("该处有 {count} 个分区", "{count} zones at this place"),
    # -- layers --------------------------------------------------------------------------------------------------
    "zm_layers": Text("图层与图例", "Layers and legend"),
    "zm_layers_help": Text("勾选显示；拖动滑块改变不透明度。", "Tick to show; the slider changes opacity."),
    "zm_group_count": Text("{on} / {all}", "{on} of {all}"),
    "zm_opacity": Text("不透明度：{layer}", "Opacity: {layer}"),
    "zm_percent": Text("{share}%", "{share}%"),
    "zm_group_all": Text("整组显示：{group}", "Whole group: {group}"),
    "zm_only_left": Text("仅较早版本有", "only in the earlier release"),
    "zm_only_right": Text("仅较晚版本有", "only in the later release"),
    "zm_layer_failed": Text(
        "此图层有瓦片未能取得：空白不表示没有分区。",
        "Some tiles of this layer did not arrive: blank does not mean no zones.",
    ),
    "zm_base_failed": Text("外部底图未能取得。", "The outside base map did not arrive."),
    "zm_reset": Text("恢复默认图层", "Default layers"),
    # -- dates ---------------------------------------------------------------------------------------------------
    "zm_slider": Text("成果版本", "Release"),
    "zm_one_release": Text(
        "只发布过一个版本，自 {first} 起生效。", "Only one release was ever published, in force from {first}."
    ),
    "zm_all_releases": Text("全部版本", "All releases"),
    "zm_from_to": Text("{first} 至 {last}", "{first} to {last}"),
    "zm_from": Text("{first} 起", "from {first}"),
    "zm_standing_in_force": Text("现行", "in force"),
    "zm_standing_coming": Text("尚未生效", "not yet in force"),
    "zm_standing_past": Text("已被替代", "replaced"),
    "zm_standing_withdrawn": Text("已撤回", "withdrawn"),
    "zm_standing_never": Text("未曾生效", "never in force"),
    "zm_told_coming": Text(
        "这一版自 {first} 起才生效。今天的研判不依据它。",
        "This release takes effect on {first}. Nothing is judged by it today.",
    ),
    "zm_told_past": Text(
        "这一版已不再有效（{first} 至 {last}）。今天的研判不依据它。",
        "This release is no longer in force ({first} to {last}). Nothing is judged by it today.",
    ),
    "zm_told_withdrawn": Text(
        "这一版已于 {day} 撤回，原因：{because}。任何日期的研判都不再依据它，仅供对照。",
        "This release was withdrawn on {day}: {because}. Nothing is judged by it for any date; for reference only.",
    ),
    "zm_told_never": Text(
        "这一版在生效之前已被替代，从未生效，仅供对照。",
        "This release was replaced before its first day and was never in force; for reference only.",
    ),
    "zm_back_in_force": Text("回到现行版本", "Back to the release in force"),
    "zm_day": Text("看某一天的现行版本", "Release in force on a day"),
    "zm_day_go": Text("查看", "Show"),
    "zm_compare": Text("与另一版本并排比较", "Compare side by side with"),
    "zm_compare_go": Text("比较", "Compare"),
    "zm_compare_end": Text("结束比较", "End the comparison"),
    "zm_earlier": Text("较早", "Earlier"),
    "zm_later": Text("较晚", "Later"),
    # -- differences ---------------------------------------------------------------------------------------------
    "zm_changes": Text("变化", "What changed"),
    "zm_changes_help": Text("图上的圆圈标出分区变化的位置。", "Rings on the map mark where zones changed."),
    "zm_changes_none": Text("分区没有变化。", "No zone changed."),
    "zm_changes_rows": Text("另有条款、上线与目标的变化 {count} 处", "Another {count} changes of clauses and lines"),
    "zm_changes_all": Text("完整的版本比较", "The whole difference"),
    "zm_changes_more": Text("列出前 {shown} 处，共 {total} 处", "The first {shown} of {total}"),
    "zm_gained": Text("增 {area} 公顷", "{area} ha gained"),
    "zm_lost": Text("减 {area} 公顷", "{area} ha lost"),
    "zm_changes_rest": Text("其余 {count} 处", "The other {count}"),
    # -- in words ------------------------------------------------------------------------------------------------
    "zm_words": Text("地图内容的文字说明", "The map in words"),
    "zm_words_help": Text(
        "{title}（{release}）。每个分区按其内部一点计入一个区县。",
        "{title} ({release}). Each zone is counted once, in the district of a point inside it.",
    ),
    "zm_count": Text("数量", "Zones"),
    "zm_where": Text("分布", "Where"),
    "zm_elsewhere": Text("区县以外（如海域）{count}", "outside districts (at sea) {count}"),
    "zm_where_unknown": Text("没有区县图层，无法说明", "no layer of districts: not known"),
    "zm_surveyed": Text("数据时点", "As surveyed"),
    "zm_silent": Text(
        "没有可用数据、不在图上的图层（不表示没有限制）",
        "Layers without usable data, not on the map (which does not mean unrestricted)",
    ),
    "zm_units_list": Text("单元列表", "List of units"),
}
