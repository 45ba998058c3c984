"""Labels of the page of plans and of the conflict view."""

from __future__ import annotations

from screening.words import Text

PLAN_LABELS: dict[str, Text] = {
    "nav_plans": Text("规划研判", "Plans"),
    "plan_page_title": Text("规划分区研判", "Plan screening"),
    "plan_page_lead": Text(
        "供规划环评用：规划范围与各类管控单元、各条线的占比，各分区各行业的研判结论，影响规划的条款，以及规划环境准入清单草案。",
        "For a planning EIA: shares of the control units and lines, the verdict on every industry in every part, the clauses "
        "that shape the plan, and a draft of its own access list.",
    ),
    "plan_page_kept": Text(
        "不保存任何内容；草案不代替主管部门发布的清单。", "Nothing is kept; a draft replaces no published list."
    ),
    "plan_form": Text("规划内容", "The plan"),
    "plan_name": Text("规划名称", "Name of the plan"),
    "plan_where": Text("各分区的边界", "Boundaries of the parts"),
    "plan_where_help": Text(
        "GeoJSON 要素集合，或每行“名称: WKT”，或界址点坐标（各分区之间空一行，名称写在坐标之前）。可以同时上传文件。",
        "A GeoJSON feature collection, or “name: WKT” in each line, or corner points (a blank line between parts, the name "
        "before them). A file may be added.",
    ),
    "plan_file": Text("或上传文件（一个文件可含多个分区）", "Or a file (it may hold several parts)"),
    "plan_file_again": Text("需要重新选择文件。", "The file must be chosen again."),
    "plan_industries": Text("行业代码", "Industry codes"),
    "plan_industries_help": Text(
        "GB/T 4754—2017，用空格、逗号或换行分隔，例如 C3360 D4417。宜填四位小类；代码越粗，无法判定的越多。",
        "GB/T 4754-2017, separated by blanks, commas or lines, as in C3360 D4417. Best four-digit classes: the coarser the "
        "code, the more stays undetermined.",
    ),
    "plan_facts": Text("共同申报事实（可不填）", "Facts declared for all industries (optional)"),
    "plan_fact_none": Text("未申报", "not declared"),
    "plan_yes": Text("是", "yes"),
    "plan_no": Text("否", "no"),
    "plan_most": Text(
        "一次最多 {count} 项（分区数 × 行业数）。", "At most {count} cells at once (parts × industries)."
    ),
    "plan_submit": Text("研判规划", "Screen the plan"),
    "plan_result": Text("规划研判结果", "Answer to the plan"),
    "plan_download": Text(
        "下载工作簿（含可交付格式的清单草案）", "Download the workbook (draft list in delivery format)"
    ),
    "plan_jump": Text("本页内容", "On this page"),
    "plan_classes": Text("管控单元占比", "Shares of the control units"),
    "plan_classes_help": Text(
        "按各分区的并集计算，重叠不重复计；不在任何单元内的部分单列。",
        "Of the union of the parts, overlaps counted once; what lies in no unit has its own row.",
    ),
    "plan_bar": Text("管控单元占比图", "Bar of shares"),
    "plan_area_name": Text("类别", "Kind"),
    "plan_whole": Text("规划全部", "Whole plan"),
    "plan_units": Text("所涉管控单元", "Control units"),
    "plan_lines": Text("各条线与要素分区", "Lines and element zones"),
    "plan_matrix": Text("各行业在各分区的结论", "Every industry in every part"),
    "plan_matrix_help": Text(
        "每格都是一次完整的单项目研判，取各层级最严者。",
        "Each cell is a whole screening of one project, the strictest of all levels.",
    ),
    "plan_industry": Text("行业", "Industry"),
    "plan_missing": Text("待申报 {count} 项", "{count} facts to declare"),
    "plan_deciding": Text("决定结论的 {count} 项", "{count} that decide"),
    "plan_shaping": Text("影响规划的条款", "Clauses that shape the plan"),
    "plan_shaping_help": Text("禁止最多者在前。", "Those that stop most come first."),
    "plan_more_clauses": Text(
        "其余 {count} 条（到达规划范围，对所列行业无限制）",
        "{count} more (they reach the plan and restrict none of these)",
    ),
    "plan_clause": Text("条款", "Clause"),
    "plan_stops": Text("禁止", "Stops"),
    "plan_leaves_open": Text("无法判定", "Leaves open"),
    "plan_conditions": Text("有条件", "Conditions"),
    "plan_cover": Text("占规划面积", "Share of the plan"),
    "plan_draft_list": Text("规划环境准入清单（草案）", "Draft access list"),
    "plan_part": Text("分区", "Part"),
    "plan_admission": Text("准入意见", "Admission"),
    "plan_basis": Text("依据条款及原文", "Clauses and wording"),
    "plan_basis_count": Text("全部依据（{count} 项）", "All it rests on ({count})"),
    "plan_checked": Text("已核对 {count} 条条款", "{count} clauses checked"),
    "plan_duties": Text("规划层面要求", "Duties of the plan"),
    "plan_none": Text("没有。", "None."),
    "plan_gaps": Text("没有查清的", "What could not be checked"),
    "plan_unverified": Text("未经核实", "not verified"),
    "plan_limits": Text("适用限度", "Limits of this answer"),
    # -- conflict view -------------------------------------------------------------------------------------------
    "conflicts": Text("同一事项各层级对照", "The same matter at all levels"),
    "conflicts_help": Text(
        "同一管控维度、同一事项（同一申报事实、同类分区或本项目行业）的条款并列；取最严者，较晚或较窄的规定不使其放宽。",
        "Clauses of one dimension on one matter (the same declared fact, the same zones, or this project's industry) side by "
        "side; the strictest counts, and neither a later nor a narrower one softens it.",
    ),
    "conflicts_none": Text(
        "没有两条以上涉及本项目的条款谈到同一事项。", "No two clauses that concern this project speak on one matter."
    ),
    "conflict_differs": Text("各条不一致", "They differ"),
    "conflict_agrees": Text("各条一致", "They agree"),
    "conflict_level": Text("层级", "Level"),
    "conflict_outcome": Text("结果", "Outcome"),
    "conflict_says": Text("条文与理由", "Wording and reason"),
    "conflict_days": Text("有效期", "In force"),
    "conflict_basis": Text("依据", "Basis"),
    "conflict_silent": Text("未作规定", "silent"),
    "conflict_decides": Text("决定", "decides"),
    "conflict_data": Text("机器可读（JSON）", "Machine-readable (JSON)"),
}
