"""Sentences of the explanation, in both languages, with `{placeholders}`.

Pages take theirs from `web/catalogue.py` in the same form; a test proves that both languages fill the same places.
"""

from __future__ import annotations

from screening.words import Text

PHRASES: dict[str, Text] = {
    "headline_violates": Text(
        "按现行成果，此项目不能在此选址。",
        "Under the release in force this project may not be built here.",
    ),
    "headline_undetermined": Text(
        "现有资料不足以作答，不能视为可以准入。",
        "What is known does not suffice for an answer, and that is not a yes.",
    ),
    "headline_conditional": Text(
        "落实下列要求后，方与管控成果相符。",
        "It agrees with the release only when the requirements below are met.",
    ),
    "headline_complies": Text(
        "已核对的图层和条款中，没有与此项目不符的内容。",
        "Nothing in the layers and clauses that were checked speaks against this project here.",
    ),
    "notice_demonstration": Text(
        "示例数据 · 不是任何城市的正式成果，图形和清单均为演示而制。",
        "Demonstration data · no city's official release; shapes and list were made for demonstration.",
    ),
    "because": Text("{title}：{reason}。", "{title}: {reason}."),
    "because_clause": Text("{wording}{place}{reason}。〔{title}〕", "{wording} {place}{reason}. [{title}]"),
    "because_place": Text("选址{zones}。", "The site: {zones}. "),
    "place_share": Text("有 {share} 位于{zone}", "{share} in {zone}"),
    "place_point": Text("位于{zone}", "in {zone}"),
    "place_near": Text("距{zone} {distance}", "{distance} from {zone}"),
    "and_more": Text("等另 {count} 处", " and {count} more"),
    "step_declare": Text("补充申报：{facts}。未申报不等于零。", "Declare: {facts}. Not declared is not zero."),
    "step_coordinates": Text(
        "先核对坐标：填写的区县与坐标不符，下面的结论只针对坐标所在之处。",
        "Check the coordinates first: they do not lie in the district stated, and this answer is about where they lie.",
    ),
    "step_violates": Text("请另行选址或调整项目。", "Choose another site or change the project."),
    "step_undetermined": Text("请向生态环境部门咨询。", "Ask the ecology and environment authority."),
    "step_conditional": Text("请落实所列要求。", "Meet the requirements listed."),
    "step_complies": Text(
        "可继续办理环评等手续；本结论不代替审批。",
        "Go on with EIA and other procedures; this answer replaces none of them.",
    ),
    "remark": Text("{label}：{message}。", "{label}: {message}."),
    "undeclared": Text("未申报", "not declared"),
    "point_only": Text("仅一个点，没有边界", "a point only, no boundary"),
    "unverified": Text("（未经核实）", " (not verified)"),
    "contact_overlaps": Text(
        "{zone}：选址{part}，重叠 {area}，占选址 {share}，占该区 {of_zone}",
        "{zone}: {part} of the site, {area}, {share} of the site and {of_zone} of the zone",
    ),
    "contact_withheld": Text("{zone}：{part}在区内", "{zone}: {part} lies inside"),
    "certainty_withheld": Text(
        "（临界：在界线精度 {width} 以内，须由人工核定）",
        " (borderline: within the accuracy of the line, {width}; a person must decide)",
    ),
    "limit_disclosed": Text(
        "结论按原始界线计算；“{layer}”{decision}（{source}，{day}）。",
        "The answer rests on the original lines; “{layer}”: {decision} ({source}, {day}).",
    ),
    "contact_point": Text("{zone}：点位在区内", "{zone}: the point lies inside"),
    "contact_touches": Text("{zone}：相邻，不重叠", "{zone}: adjoins, no overlap"),
    "contact_apart": Text("{zone}：相距 {distance}", "{zone}: {distance} away"),
    "certainty_beside": Text(
        "（近于界线精度 {width}，按公布的界线不重叠，请核实界线）",
        " (nearer than the accuracy of the line, {width}; no overlap by the published line, verify it)",
    ),
    "certainty_point": Text(
        "（临界：界线与点位精度合计 {width}，相差 {flip} 即改变）",
        " (borderline: lines and point are known to {width}, a shift of {flip} would change it)",
    ),
    "certainty_borderline": Text(
        "（临界：界线与选址精度合计 {width}，重叠可能为 {least} 至 {most}，相差 {flip} 即改变）",
        " (borderline: lines and site are known to {width}, the overlap may be {least} to {most}, a shift of {flip} "
        "would change it)",
    ),
    "layer_inside": Text("选址位于其中 {count} 处分区。", "The site lies in {count} of its zones."),
    "layer_borderline": Text(
        "选址涉及其中 {count} 处分区，有的在位置精度以内不能确定。",
        "The site concerns {count} of its zones, some only within the accuracy of the lines.",
    ),
    "alignment": Text(
        "中心线 {length} m（{stations}），宽 {width} m", "centre line {length} m ({stations}), {width} m wide"
    ),
    "alignment_parts": Text(
        "中心线共 {length} m，分 {count} 段，各自从 {start} 起算，宽 {width} m",
        "centre line {length} m in {count} parts, each from {start}, {width} m wide",
    ),
    "points": Text("{count} 个点位，半径 {radius} m", "{count} points, radius {radius} m"),
    "passage": Text(
        "中心线在区内长 {length} m（{stations}），占全线 {share}",
        "{length} m of the centre line within ({stations}), {share} of the line",
    ),
    "stretch_of_part": Text("第 {part} 段 {stations}", "part {part} {stations}"),
    "passage_beside": Text(
        "中心线未进入该区（区内长 0 m），但其两侧用地进入 {area} m²，照样计入",
        "the centre line does not enter (0 m within), but the land beside it does by {area} m², which counts all the same",
    ),
    "points_inside": Text("{count} 个点位在区内：{points}", "{count} points inside: {points}"),
    "points_reaching": Text(
        "另有 {count} 个点位的半径触及该区：{points}，最近的 {nearest} 相距 {distance} m",
        "{count} more reach it with their radius: {points}; the nearest, {nearest}, is {distance} m away",
    ),
    "points_outside": Text(
        "没有点位在区内，但有 {count} 个点位的半径触及：{points}，最近的 {nearest} 相距 {distance} m，照样计入",
        "no point inside, but {count} reach it with their radius, which counts all the same: {points}; the nearest, "
        "{nearest}, is {distance} m away",
    ),
    "turn": Text(
        "若“{fact}”申报为{value}，其余不变，结论将为“{conclusion}”。",
        "If “{fact}” were declared as {value}, all else unchanged, the conclusion would be “{conclusion}”.",
    ),
    "turn_at": Text("{value}", "{value}"),
    "turn_below": Text("略低于 {value}", "slightly less than {value}"),
    "turn_above": Text("略高于 {value}", "slightly more than {value}"),
    "label_steps": Text("推演", "Reasoning"),
    "contact_and_stations": Text("{contact}；{stations}", "{contact}; {stations}"),
    "layer_clear": Text(
        "已核对“{layer}”，选址不在其中。", "“{layer}” was checked; the site lies in none of its zones."
    ),
    "layer_clear_near": Text(
        "已核对“{layer}”，选址不在其中，最近距离 {distance}。",
        "“{layer}” was checked; the site lies in none of its zones, the nearest is {distance} away.",
    ),
    "layer_clear_within": Text(
        "已核对“{layer}”，选址不在其中，{distance} 内也没有。",
        "“{layer}” was checked; the site lies in none of its zones and none lies within {distance}.",
    ),
    "clauses_elsewhere": Text("其他 {count} 条条款", "{count} other clauses"),
    "clauses_elsewhere_text": Text(
        "生效的 {count} 条条款适用于其他单元或分区，与本选址无关。",
        "{count} clauses in force speak about other units or zones.",
    ),
    "clauses_unplaced": Text("{count} 条按单元适用的条款", "{count} clauses bound to units"),
    "clauses_unplaced_text": Text(
        "选址有一部分不在已知的管控单元内，这些条款是否适用无从核对。",
        "Part of the site lies in no known control unit, so whether these clauses apply could not be checked.",
    ),
    "limit_no_legal_force": Text(
        "本结论供参考，不具法律效力，不代替环评审批及其他行政许可。",
        "For reference only: it has no legal force and replaces no EIA approval or other permit.",
    ),
    "limit_demonstration": Text(
        "所依据的是示例数据，不得用于真实项目。",
        "It rests on demonstration data and must not be used for a real project.",
    ),
    "limit_unverified": Text(
        "所涉 {total} 条条款中有 {count} 条的文字或依据未经核实。",
        "Wording or basis of {count} of the {total} clauses concerned is not verified.",
    ),
    "limit_point": Text(
        "只核对了一个点；项目边界可能触及其他分区，请以边界再查。",
        "Only a point was checked; the project's boundary may reach other zones. Check again with the boundary.",
    ),
    "limit_accuracy": Text(
        "已计入选址位置精度 {accuracy} 和各图层的精度。",
        "The site's accuracy of {accuracy} and that of every layer are taken into account.",
    ),
    "limit_accuracy_unstated": Text(
        "未说明选址的位置精度，只计入各图层的精度。",
        "The accuracy of the site was not stated; only that of the layers is taken into account.",
    ),
    "limit_declared": Text("结论以申报内容属实为前提。", "It holds only if what was declared is true."),
    "label_project": Text("项目", "Project"),
    "label_industry": Text("行业", "Industry"),
    "label_construction": Text("建设性质", "Kind of construction"),
    "label_site": Text("选址", "Site"),
    "label_read_as": Text("坐标读法", "Read as"),
    "label_site_area": Text("选址面积", "Site area"),
    "label_layout": Text("线路或点位", "Line or points"),
    "label_place": Text("在区内的位置", "Within the zone"),
    "label_as_of": Text("研判基准日", "As of"),
    "label_release": Text("依据成果", "Release"),
    "label_list_version": Text("清单版本", "List version"),
    "label_area_method": Text("面积算法", "Area method"),
    "label_engine": Text("研判引擎", "Engine"),
    "label_wording": Text("条文", "Wording"),
    "label_level": Text("层级", "Level"),
    "label_dimension": Text("管控维度", "Dimension"),
    "label_effect": Text("管控效力", "Effect"),
    "label_basis": Text("依据", "Basis"),
    "label_zone": Text("所涉分区", "Zone"),
    "label_duty": Text("须做", "To do"),
    "label_replacement": Text("须替代的量", "To be replaced"),
    "replacement": Text("{fact}：{declared} × {ratio} = {amount}", "{fact}: {declared} × {ratio} = {amount}"),
    "replacement_open": Text("{fact}：申报量 × {ratio}（尚未申报）", "{fact}: amount × {ratio} (not declared yet)"),
    "level_decides": Text("由{clauses}决定结论：{reason}", "{clauses} decides: {reason}"),
    "level_says": Text("{clauses}：{reason}", "{clauses}: {reason}"),
    "level_silent": Text(
        "该层级到达选址的 {count} 条均不涉及本项目。",
        "None of its {count} clauses that reach the site concerns the project.",
    ),
    "label_missing": Text("缺少的申报", "Not declared"),
    "label_relation_overlaps": Text("重叠", "Overlaps"),
    "label_relation_touches": Text("相邻", "Adjoins"),
    "label_relation_apart": Text("附近", "Nearby"),
    "matter_fact": Text("{fact}", "{fact}"),
    "matter_layer": Text("{layer}范围", "{layer}"),
    "matter_industry": Text("{industry}", "{industry}"),
    "matter_decides": Text(
        "以{clauses}为准：{outcome}，是各条中最严的。",
        "Decided by {clauses}: {outcome}, the strictest of them.",
    ),
    "matter_decides_alone": Text(
        "各条结果相同，均为“{outcome}”，须同时遵守。",
        "All come to the same, “{outcome}”, and all must be kept.",
    ),
    "matter_exception": Text(
        "{permit}写明是{clause}的例外；{clause}：{reason}。",
        "{permit} is stated to be an exception to {clause}; {clause}: {reason}.",
    ),
    "matter_narrower": Text(
        "{clauses}层级较低而要求较宽，不因此放宽。",
        "Of a narrower level and milder, yet not softening it: {clauses}.",
    ),
    "matter_later": Text(
        "{clauses}生效较晚而要求较宽，不因此放宽。",
        "Later and milder, yet not softening it: {clauses}.",
    ),
    "matter_open": Text(
        "{clauses}尚不能判定；无论结果如何，都不会使其放宽。",
        "Not yet decided, and not softening it whatever they come to: {clauses}.",
    ),
    "matter_silent": Text(
        "{levels}对此没有针对本选址的规定；没有规定不等于允许。",
        "Silent on it for this site: {levels}. Silence is not permission.",
    ),
    "plan_title": Text("规划分区研判", "Plan screening"),
    "plan_draft": Text(
        "规划环境准入清单（草案）· 基准日 {as_of} · 依据成果 {release}",
        "Draft access list of the plan · as of {as_of} · release {release}",
    ),
    "plan_no_limit": Text("未见限制", "no restriction seen"),
    "plan_no_limit_text": Text(
        "已核对 {count} 条条款，未见限制；未见限制不等于允许，项目仍须单独研判。",
        "{count} clauses were checked and no restriction was seen; that is no permission, each project is still screened.",
    ),
    "plan_prohibited": Text("禁止", "prohibited"),
    "plan_conditional": Text("限制（有条件）", "restricted (on conditions)"),
    "plan_open": Text("需人工判断或补充资料", "for a person to judge, or more data needed"),
    "plan_class": Text("{cls}单元", "{cls} units"),
    "plan_uncovered": Text("不在任何管控单元内", "In no control unit"),
    "plan_priority": Text(
        "优先保护单元与各要素优先保护区合计（并集，不重复计）",
        "Priority units and priority zones of all layers together (union, counted once)",
    ),
    "plan_least": Text("至少 {value}", "at least {value}"),
    "plan_unknown": Text("不明", "not known"),
    "plan_overlap": Text(
        "分区“{first}”与“{second}”重叠 {area}；规划面积按并集计，重叠部分不重复计。",
        "Parts “{first}” and “{second}” overlap by {area}; the plan's area is that of the union, counted once.",
    ),
    "plan_everywhere": Text("全部分区、全部行业", "all parts, all industries"),
    "plan_place": Text("{part}：{industries}", "{part}: {industries}"),
    "plan_source": Text("{id}：{wording}", "{id}: {wording}"),
    "plan_area": Text("规划面积（各分区并集）", "Plan area (union of its parts)"),
    "plan_parts": Text("分区", "Parts"),
    "plan_facts": Text("共同申报事实", "Facts declared for all"),
    "plan_limit_draft": Text(
        "清单为草案，只汇总所列基准日、成果和申报内容下的研判，不代替规划环评审查意见和主管部门发布的清单。",
        "The list is a draft: it sums up verdicts of that day, release and declaration, and replaces neither the review "
        "of the planning EIA nor a list published by the authority.",
    ),
    "plan_limit_industries": Text(
        "只列出所给行业；未列出的行业没有研判，不得理解为允许。行业不向上归并。",
        "Only the industries given are listed; one not listed was not screened and is not allowed thereby. "
        "Industries are not put together under wider codes.",
    ),
    "plan_limit_projects": Text(
        "各项按“整个分区建一个该行业项目”核对，未申报用地面积的以分区面积为用地；具体项目须按其边界另行研判。",
        "Each cell is a project of that industry filling the part, the part's area being its land unless land is "
        "declared; a real project is screened again with its own boundary.",
    ),
    "plan_clause_wording": Text(
        "（草案）{part}，{industry}，按 {as_of} 的申报内容：{admission}。{basis}",
        "(Draft) {part}, {industry}, by what was declared on {as_of}: {admission}. {basis}",
    ),
}
