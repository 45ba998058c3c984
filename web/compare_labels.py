"""Labels of the page that compares sites."""

from __future__ import annotations

from screening.words import Text

COMPARE_LABELS: dict[str, Text] = {
    "nav_compare": Text("选址比选", "Compare sites"),
    "compare_title": Text("选址比选", "Compare sites"),
    "compare_lead": Text(
        "同一个项目，2 至 5 个选址，一张表、一幅图。每个选址单独研判，与逐个研判的结果完全相同。",
        "One project, two to five sites, one table and one map. Each site is screened by itself, and the answer is the very "
        "one it would have alone.",
    ),
    "compare_kept": Text(
        "各选址的研判连同坐标和申报按编号保存，凭编号可查；请勿填写个人信息。",
        "Each screening is kept under its id with coordinates and declarations, and whoever has the id can read it: "
        "write nothing personal.",
    ),
    "compare_sites": Text("选址", "Sites"),
    "compare_sites_help": Text(
        "每行一个选址：经纬度、度分秒、国家大地坐标，或 WKT、GeoJSON。",
        "One site a field: degrees, degrees-minutes-seconds, grid coordinates, WKT or GeoJSON.",
    ),
    "compare_click": Text(
        "也可在图上点击或绘制，依次填入下一个空格。", "Or click or draw on the map: it fills the next empty field."
    ),
    "compare_site": Text("选址 {number}", "Site {number}"),
    "compare_name": Text("名称（可不填）", "Name (optional)"),
    "compare_where": Text("坐标", "Coordinates"),
    "compare_project": Text("项目", "Project"),
    "compare_industry": Text("行业", "Industry"),
    "compare_industry_help": Text(
        "GB/T 4754—2017 代码，或名称、俗称，例如 C2614、奶茶店。",
        "A code of GB/T 4754-2017, or a name, such as C2614 or bakery.",
    ),
    "compare_submit": Text("比选", "Compare"),
    "compare_again": Text("改选址或项目", "Change sites or project"),
    "compare_map": Text("各选址的位置", "Where the sites lie"),
    "compare_map_words": Text(
        "位置的文字说明见表中“所在位置与距离”。", "In words: the rows “Where it lies” of the table."
    ),
    "compare_table": Text("{count} 个选址对照", "{count} sites side by side"),
    "compare_what": Text("项目", "What"),
    "compare_differing": Text("{count} 项不同，{same} 项相同。", "{count} rows differ, {same} are the same."),
    "compare_only": Text("只看不同的项目", "Show only what differs"),
    "compare_differs": Text("不同", "differs"),
    "compare_open": Text("打开研判", "Open the screening"),
    "compare_excel": Text("下载 Excel", "Download as Excel"),
    "compare_json": Text("本表数据", "The table as data"),
    "compare_print": Text("打印", "Print"),
    "compare_no_force": Text(
        "公众研判结论不具法律效力，不代替行政审批。", "A public verdict has no legal force and replaces no permit."
    ),
}
