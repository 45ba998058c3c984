"""Labels of the dashboards and of the page that imports past approvals."""

from __future__ import annotations

from screening.words import Text

DASHBOARD_LABELS: dict[str, Text] = {
    "a_dashboards": Text("统计看板", "Dashboards"),
    "a_history": Text("历史审批", "Past approvals"),
    "db_nav": Text("看板", "Dashboards"),
    "db_filter": Text("筛选", "Filter"),
    "db_first": Text("提交日期自", "Submitted from"),
    "db_last": Text("至", "until"),
    "db_district": Text("区县", "District"),
    "db_all": Text("全部", "all"),
    "db_apply": Text("统计", "Show"),
    "db_covers": Text("共 {count} 件", "{count} cases"),
    "db_demonstration": Text(
        "其中 {count} 件是示例数据（虚构），不是真实审批。",
        "{count} of them are invented for demonstration; no real approvals.",
    ),
    "db_chart_table": Text("图中数值见下表。", "The figures are in the table below."),
    "db_left_out": Text("另有 {count} 行见下表。", "{count} more rows are in the table below."),
    "db_unknown": Text("“—”表示不明或没有记载，不等于 0。", "“—”: not known or not recorded, which is not zero."),
    "db_shown": Text(
        "显示前 {shown} 行，全部 {count} 行见下载。", "The first {shown} of {count} rows; all are in the download."
    ),
    "db_download": Text("下载“{title}”", "Download “{title}”"),
    "db_none": Text("没有符合条件的内容。", "Nothing fits."),
    "db_map": Text("在地图上查看", "on the map"),
    "db_percentile": Text(
        "“中位数”“九成不超过”按最近序位法：把数值由小到大排列，取第 ⌈p·n⌉ 个。日期筛选按提交日期。",
        "Median and 90th percentile by nearest rank: of the values in order, number ⌈p·n⌉. The period is by day of submission.",
    ),
    "hi_title": Text("导入历史审批", "Import past approvals"),
    "hi_lead": Text(
        "上传原系统导出的已办结审批（.xlsx 或 .csv）。每件按原编号只导入一次，同一文件可重复上传；读不懂的行逐行说明，其余照常导入。",
        "Upload closed cases of an earlier system (.xlsx or .csv). Each number is imported once, a file may be sent again; "
        "rows that cannot be read are told one by one, the others are imported.",
    ),
    "hi_template": Text("下载空白模板", "Download the template"),
    "hi_file": Text("文件", "File"),
    "hi_demonstration": Text("这是示例数据（虚构）", "This is demonstration data"),
    "hi_send": Text("导入", "Import"),
    "hi_done": Text(
        "“{file}”：导入 {added} 件，已有 {unchanged} 件，未导入 {refused} 行。",
        "“{file}”: {added} imported, {unchanged} known already, {refused} rows not imported.",
    ),
    "hi_issues": Text("未导入的行", "Rows not imported"),
    "hi_place": Text("位置", "Place"),
    "hi_problem": Text("原因", "Why"),
    "hi_more": Text("另有 {count} 行未列出。", "{count} more rows are not listed."),
    "policy_panel": Text("产业政策", "Industrial policy"),
    "policy_lead": Text(
        "按行业代码、项目名称和申报事实找出可能对应的目录条目；是否对应由人确认。",
        "Entries that may be meant, by industry code, name and declared facts; a person confirms which are.",
    ),
    "policy_catalogue": Text("目录", "Catalogue"),
    "policy_class": Text("类别", "Class"),
    "policy_candidates": Text("候选条目", "Candidates"),
    "policy_more": Text("另有 {count} 条", "{count} more"),
    "policy_unverified": Text("所依条目未经核对正式文本", "entries not compared with the official text"),
    "policy_plans": Text("规划环评工作区", "Planning EIA workspace"),
    "mark_title": Text("监管信息", "For supervision"),
    "mark_key": Text("重点项目", "Key project"),
    "mark_yes": Text("是", "yes"),
    "mark_no": Text("否", "no"),
    "mark_unknown": Text("不明", "not known"),
    "mark_category": Text("环评类别", "EIA category"),
    "mark_started": Text("开工日期", "Construction began on"),
    "mark_operated": Text("投产日期", "In operation since"),
    "case_origin_imported": Text("由原系统导入，原编号 {source}", "Imported from an earlier system, number {source}"),
    "case_demonstration": Text("示例数据（虚构）", "Demonstration data (invented)"),
    "case_origin": Text("来源", "Origin"),
}
