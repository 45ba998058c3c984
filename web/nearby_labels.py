"""Labels of cases by place: the panel of projects nearby, and the page of affected cases."""

from __future__ import annotations

from screening.words import Text

NEARBY_LABELS: dict[str, Text] = {
    "a_affected": Text("受影响的审批", "Affected cases"),
    "near_title": Text("附近的项目", "Projects nearby"),
    "near_lead": Text(
        "已同意的项目和在办的审批，按最近选址的距离由近到远；只列出您可查看的，不同意、不予受理和撤回的不列。",
        "Approved projects and cases in hand, by the distance of the nearest sites; only those you may see, and none that were refused, not accepted or withdrawn.",
    ),
    "near_count": Text("{distance} 内 {count} 件", "{count} within {distance}"),
    "near_within": Text("距离", "Within"),
    "near_show": Text("查看", "Show"),
    "near_none": Text("该距离内没有。", "None within that distance."),
    "near_first": Text("只显示最近的 {shown} 件，共 {count} 件。", "The nearest {shown} of {count}."),
    "near_unplaced": Text(
        "本件没有可确定的选址位置，没有查找附近的项目；不等于附近没有。",
        "The place of this case is not known, so nothing was looked for; that is not to say that nothing is near.",
    ),
    "near_without_place": Text(
        "另有 {count} 件选址位置不明，不在此列。",
        "Of {count} more cases the place is not known; they are not among these.",
    ),
    "near_silent": Text(
        "没有生效的成果，无法查找附近的项目。", "No release is in force, so nothing can be looked for."
    ),
    "near_distance": Text("距离", "Distance"),
    "near_meets": Text("相接或重叠", "meets this site"),
    "near_industry": Text("行业", "Industry"),
    "near_standing": Text("状态", "Standing"),
    "near_day": Text("日期", "Date"),
    "near_decided": Text("{day} 决定", "decided {day}"),
    "near_opened": Text("{day} 提交", "submitted {day}"),
    "aff_lead": Text(
        "选两个成果版本，列出选址落在变化处的审批，逐件说明是哪个图层、哪个分区、怎样变化，以便重新研判。",
        "Choose two releases: the cases whose sites lie where they differ, with the layer, the zone and the change, so that they can be screened anew.",
    ),
    "aff_old": Text("旧版本", "Earlier release"),
    "aff_new": Text("新版本", "Later release"),
    "aff_layer": Text("图层", "Layer"),
    "aff_within": Text("再加邻近（米）", "And as near as (m)"),
    "aff_within_help": Text(
        "0 表示相接或在图层精度以内。", "0: those that meet a change, or lie within the accuracy of the layer."
    ),
    "aff_find": Text("查找", "Find"),
    "aff_one_release": Text(
        "只有一个成果版本，没有可比较的；新版本发布后再来。",
        "There is one release only, so nothing to compare; come back when the next is published.",
    ),
    "aff_count": Text("{count} 件受影响", "{count} affected"),
    "aff_none": Text("没有选址落在变化处。", "No site lies where they differ."),
    "aff_difference": Text("两个版本的全部变化", "Everything that changed"),
    "aff_not_in_force": Text(
        "今天生效的是 {release}：现在重新研判依据的是它，不是所选的新版本。",
        "In force today is {release}: screening anew rests on it and not on the later release chosen.",
    ),
    "aff_case": Text("审批", "Case"),
    "aff_why": Text("变化", "What changed"),
    "aff_again": Text("重新研判", "Screen anew"),
    "aff_site": Text("选址 {number}", "Site {number}"),
    "aff_more": Text("另有 {count} 处", "{count} more"),
    "aff_meets": Text("相接", "meets"),
    "aff_apart": Text("相距 {distance} 米", "{distance} m away"),
    "aff_withheld": Text("位置不公开", "place not published"),
    "aff_refresh": Text("按今天重新研判", "Screen as of today"),
    "aff_before": Text("原研判", "Earlier verdict"),
    "aff_refreshed": Text("已刷新，尚未附到审批", "screened anew, not yet attached"),
    "aff_current": Text("已按新版本研判", "rests on the later release"),
    "aff_no_verdict": Text("还没有研判", "no verdict yet"),
    "aff_form": Text("填好研判表", "Check with the form filled in"),
    "aff_downloads": Text("下载全部", "All of them"),
    "aff_demonstration": Text("示例数据", "demonstration"),
}
