"""Labels of the discharge panel of a case."""

from __future__ import annotations

from screening.words import Text

DISCHARGE_LABELS: dict[str, Text] = {
    "ds_panel": Text("污染物排放", "Discharges"),
    "ds_lead_decided": Text(
        "按决定之日（{day}）施行、适用于 {district} 和行业 {industries} 的排放标准判定；不改变研判结论。",
        "Against the standards in force on the day of the decision ({day}) for {district} and industry {industries}; "
        "it does not change the verdict.",
    ),
    "ds_lead_today": Text(
        "按今日（{day}）施行、适用于 {district} 和行业 {industries} 的排放标准判定；作出决定后以决定之日为准。不改变研判结论。",
        "Against the standards in force today ({day}) for {district} and industry {industries}; once decided, those of "
        "that day count. It does not change the verdict.",
    ),
    "ds_no_industry": Text("（未填）", "(not stated)"),
    "ds_what": Text("排放", "Discharge"),
    "ds_declared": Text("申报值", "Declared"),
    "ds_limit": Text("限值与标准", "Limit and standard"),
    "ds_margin": Text("余量", "Margin"),
    "ds_result": Text("判定", "Result"),
    "ds_since": Text("{day} 起施行", "in force since {day}"),
    "ds_not_declared": Text("未申报", "not declared"),
    "ds_open_limits": Text("可能适用：", "may count:"),
    "ds_more": Text("另有 {count} 项", "{count} more"),
    "ds_not_held": Text("数值未载入", "value not held"),
    "ds_unchecked": Text("未经核对", "not checked"),
    "ds_unverified": Text(
        "所依限值尚未逐一核对正式文本。", "Not every limit it rests on was compared with the official text."
    ),
    "ds_by": Text("{by} 申报于 {at}", "declared by {by} on {at}"),
    "ds_replaced": Text(
        "另有 {count} 项已更正或撤回，见办理记录。", "{count} more were corrected or withdrawn; the record has them."
    ),
    "ds_nothing_else": Text("{medium}：除所列外别无其他排放", "{medium}: nothing but what is listed"),
    "ds_stated_none": Text(
        "{medium}：研判事实中申报为不排放", "{medium}: declared as none among the facts of the verdict"
    ),
    "ds_standards": Text("适用的标准与未申报的项目", "Standards, and what is not declared"),
    "ds_standards_help": Text(
        "条件未知时，标准可能适用即列出；没有申报的项目按“无法判定”处理。",
        "A standard is listed where it may count; what is not declared stays undetermined.",
    ),
    "ds_standard": Text("标准", "Standard"),
    "ds_condition": Text("适用条件", "Condition"),
    "ds_always": Text("无", "none"),
    "ds_undeclared": Text("未申报的项目", "Not declared"),
    "ds_all_declared": Text("均已申报", "all declared"),
    "ds_look_up": Text("限值未载入标准库，须查对标准文本", "its limits are not held here; look them up in its text"),
    "ds_add": Text("申报一项排放", "Declare a discharge"),
    "ds_correct": Text("更正或补充", "Correct or complete"),
    "ds_withdraw": Text("撤回", "Withdraw"),
    "ds_withdraw_this": Text("撤回“{what}”", "Withdraw “{what}”"),
    "ds_pollutant": Text("污染物", "Pollutant"),
    "ds_pollutant_help": Text("名称、符号或 CAS 号，如 COD、颗粒物。", "Name, symbol or CAS number, e.g. COD."),
    "ds_medium": Text("介质", "Medium"),
    "ds_outlet": Text("排放方式", "How it is discharged"),
    "ds_outlet_name": Text("排放口", "Outlet"),
    "ds_outlet_name_help": Text("如 DA001、DW001。", "E.g. DA001, DW001."),
    "ds_industry": Text("所属行业", "Industry"),
    "ds_built": Text("建成或环评批复日期", "Built, or EIA approved, on"),
    "ds_concentration": Text("最大浓度", "Greatest concentration"),
    "ds_value": Text("数值", "Value"),
    "ds_unit": Text("单位", "Unit"),
    "ds_averaging": Text("平均时间", "Averaging time"),
    "ds_further": Text("速率、年排放量、排气筒和分栏条件", "Rate, amount, stack, and what decides the limit"),
    "ds_rate": Text("排放速率（kg/h）", "Rate (kg/h)"),
    "ds_annual": Text("年排放量（t/a）", "Amount in a year (t/a)"),
    "ds_stack_height": Text("排气筒高度（m）", "Height of the stack (m)"),
    "ds_removal": Text("去除效率（%）", "Removal efficiency (%)"),
    "ds_unknown": Text("不明", "not known"),
    "ds_declare": Text("申报", "Declare"),
    "ds_complete": Text("声明别无其他排放", "State that there is nothing else"),
    "ds_complete_help": Text(
        "声明人对此负责：所列之外，不向该介质排放任何污染物。一项都没有列的，即不排放。",
        "Whoever states it answers for it: nothing but what is listed is discharged; where nothing is listed, nothing at all.",
    ),
    "ds_complete_one": Text("{medium}别无其他排放", "Nothing else: {medium}"),
}
