"""What the terms mean: one plain sentence or two for each, beside the vocabulary of `screening.terms`.

The names are those of `TERMS`; a test keeps the two alike. Nothing here decides anything.
"""

from __future__ import annotations

from screening.words import Text

GROUPS: dict[str, Text] = {
    "field": Text("基本用语", "Basic terms"),
    "zone_class": Text("管控分类", "Classes of units and zones"),
    "outcome": Text("研判结果", "Outcomes"),
    "level": Text("清单层级", "Levels of the access list"),
    "dimension": Text("管控维度", "Dimensions of requirements"),
    "effect": Text("管控效力", "Effects of a clause"),
    "construction": Text("建设性质", "Kinds of construction"),
    "position": Text("条款的空间条件", "Where a clause applies"),
    "relation": Text("空间关系", "Spatial relations"),
    "realm": Text("陆海", "Land and sea"),
    "answer": Text("图层是否作答", "Whether a layer answered"),
    "nature": Text("成果性质", "Nature of a release"),
}
MEANING: dict[str, dict[str, Text]] = {
    "field": {
        "three_lines": Text(
            "生态保护红线、环境质量底线、资源利用上线，加上生态环境准入清单：一处地方能建什么，先看这四样。",
            "The ecological red line, the quality baseline, the resource ceiling, and the access list: the four things to "
            "consult before asking what may be built in a place.",
        ),
        "zone_control": Text(
            "把辖区划成管控单元，按单元提出要求的制度；“三线一单”是它的主要内容。",
            "The system that divides a territory into control units, each with its own requirements; the three lines and one "
            "list are its substance.",
        ),
        "red_line": Text(
            "生态功能极重要、极脆弱而须强制严格保护的区域边界。", "The border of areas that must be strictly protected."
        ),
        "quality_baseline": Text(
            "水、大气、土壤环境质量的目标；未达标的地方，对新增排放有更严的要求。",
            "Targets for water, air and soil; where they are not met, new discharges face stricter requirements.",
        ),
        "resource_ceiling": Text(
            "水、能源、煤炭、土地等资源可使用的上限；已用量和余量按单元或区县记录。",
            "How much water, energy, coal or land may be used; use and what is left are kept by unit or district.",
        ),
        "access_list": Text(
            "各层级、各单元允许、限制、禁止什么的条款汇编；国家、省、市、单元各层级都要逐条对照。",
            "All clauses on what is permitted, restricted or prohibited; every level from the nation to the unit is checked.",
        ),
        "control_unit": Text(
            "分区管控的基本单位，由要素分区与乡镇、园区等边界叠加得到；陆域编码以 ZH 开头，海域以 HY 开头，第九位是管控分类。",
            "The basic area of zone control, made by overlaying element zones with townships and parks. Codes begin with ZH on "
            "land and HY at sea; the ninth sign is the class.",
        ),
        "element_zone": Text(
            "只针对一种要素（生态、水、大气、土壤、自然资源、岸线）的分区；一个单元内通常有多个。",
            "A zone for one element only (ecology, water, air, soil, resources, shoreline); a unit usually holds several.",
        ),
        "clause": Text(
            "准入清单中的一条要求，有层级、维度、依据和有效期。",
            "One requirement of the list, with level, dimension, legal basis and dates.",
        ),
        "basis": Text(
            "条款所依据的法律、法规、标准或文件。", "The law, regulation, standard or document a clause rests on."
        ),
        "site": Text(
            "项目打算建设的位置：点、线（带宽度）或面。",
            "Where a project would stand: a point, a line with its width, or an area.",
        ),
        "project": Text(
            "要研判的建设内容：行业、建设性质和申报事实。",
            "What would be built: industry, kind of construction, declared facts.",
        ),
        "industry": Text("按 GB/T 4754 划分的行业代码和名称。", "Codes and names of industries by GB/T 4754."),
        "construction": Text("新建、改建、扩建或技术改造。", "New, rebuilding, expansion or technical upgrade."),
        "fact": Text(
            "申报人说明的情况（如是否排水）；没有申报的视为未知，不是零，也不是“否”。",
            "What an applicant states; what is not declared is unknown, neither zero nor no.",
        ),
        "finding": Text(
            "一条条款或一条线对项目的判断及理由。", "What one clause or line means for the project, and why."
        ),
        "verdict": Text(
            "全部研判要点的结论，取最严者；不具法律效力。",
            "The conclusion from all findings, the strictest one; without legal force.",
        ),
        "evidence": Text(
            "作出结论时查到的分区、条款，以及哪些图层没有作答。",
            "Zones and clauses found, and which layers did not answer.",
        ),
        "release": Text(
            "某一天起生效的一整套分区、清单和数据，发布后不再改变。",
            "One complete set of zones, list and figures, in force from a day and never changed.",
        ),
        "as_of": Text("按哪一天有效的规定研判。", "The day whose rules are applied."),
        "share": Text("重叠面积占单元、分区或选址面积的比例。", "The common area as a part of the unit, zone or site."),
        "water_source": Text(
            "为保护饮用水水源依法划定的区域，分一级、二级和准保护区，限制由严到宽；同级区域的范围以批复为准。",
            "An area laid down by law to protect a source of drinking water: level 1, level 2 and quasi-protection, the "
            "strictest first; the approval document fixes the extent.",
        ),
        "eia": Text(
            "建设前对环境影响的分析和审批程序，分报告书、报告表和登记表。",
            "The analysis before construction: report, report form or registration form.",
        ),
        "park": Text(
            "开发区、工业园区等；单元内的园区另有自己的准入要求。",
            "Development zones and industrial estates, with requirements of their own.",
        ),
    },
    "zone_class": {
        "priority": Text(
            "以生态保护为主，禁止或限制大规模开发。", "Protection first; large development is prohibited or restricted."
        ),
        "key": Text(
            "发展与治理压力大的地方，重点是减排、防风险、提高资源利用效率。",
            "Where pressure is high: reduce emissions, prevent risks, use resources well.",
        ),
        "general": Text("执行区域生态环境保护的基本要求。", "The basic requirements of the region apply."),
    },
    "outcome": {
        "violates": Text("有条款禁止。", "Something prohibits it."),
        "undetermined": Text(
            "数据或申报不全，或须由人工判断；绝不等于可以。",
            "Data or declarations are missing, or a person must judge; never a yes.",
        ),
        "conditional": Text("满足列出的要求后符合。", "Complies once the listed requirements are met."),
        "complies": Text("已查的内容中没有不符合之处。", "Nothing that was checked speaks against it."),
        "not_concerned": Text("该条款与这个项目或地点无关。", "The clause does not concern this project or place."),
    },
    "level": {
        "nation": Text("全国适用的要求。", "Requirements for the whole country."),
        "province": Text("全省适用的要求。", "Requirements for the whole province."),
        "circle": Text("经济圈或流域等跨市区域的要求。", "Requirements for a region of several cities."),
        "city": Text("全市适用的要求。", "Requirements for the whole city."),
        "unit_class": Text("同一类单元共同的要求。", "Requirements shared by all units of one class."),
        "unit": Text("只针对一个单元的要求。", "Requirements for one unit alone."),
    },
    "dimension": {
        "space": Text("哪里能建、不能建什么。", "What may be built where."),
        "discharge": Text("排放多少、如何治理和替代。", "How much may be discharged, how it is treated or replaced."),
        "risk": Text("防止土壤污染、危险化学品等环境风险。", "Preventing environmental risks such as soil pollution."),
        "resource": Text(
            "用水、用能、用地等的效率和总量要求。", "Efficiency and limits in the use of water, energy and land."
        ),
    },
    "effect": {
        "prohibit": Text("不得建设，除非属于条款写明的例外。", "Not allowed, unless the clause names an exception."),
        "restrict": Text("受限制，须由主管部门判断。", "Restricted; the authority judges."),
        "conditional": Text("满足条件才可以。", "Allowed on conditions."),
        "require": Text("必须做到的要求。", "Something that must be done."),
        "encourage": Text("鼓励，不构成约束。", "Encouraged, not binding."),
        "permit": Text("允许；只对写明的条款构成例外。", "Allowed; an exception only to the clauses it names."),
        "phase_out": Text("已有的须逐步退出。", "What exists must go in time."),
        "prose": Text("机器读不懂的条文，由人工判读。", "Wording no machine can read; a person decides."),
    },
    "construction": {
        "new": Text("从无到有建设。", "Built where nothing was."),
        "rebuild": Text("改变原有设施、工艺或产品。", "Existing plant, process or product is changed."),
        "expand": Text("扩大原有规模。", "Existing capacity is enlarged."),
        "upgrade": Text("以技术改造为主，不新增产能。", "Technical renewal without new capacity."),
    },
    "position": {
        "within": Text("选址有任何部分在分区内即适用。", "Applies if any part of the site lies in the zone."),
        "outside": Text("选址有任何部分在分区外即适用。", "Applies if any part of the site lies outside."),
        "near": Text("选址在分区周边一定距离内即适用。", "Applies within a distance of the zone."),
    },
    "relation": {
        "overlaps": Text("有公共面积，或点在分区内。", "They share area, or the point lies inside."),
        "touches": Text("边界相接，没有公共面积。", "They share a border and no area."),
        "apart": Text("互不接触，给出最近距离。", "They do not meet; the distance is given."),
    },
    "realm": {
        "land": Text("区县覆盖的陆地部分。", "What the districts cover."),
        "sea": Text("辖区内的海域部分。", "The marine part of the territory."),
        "both": Text("陆地和海域都适用。", "Both land and sea."),
    },
    "answer": {
        "answered": Text("图层完整、现行，“没有”就是没有。", "Complete and current: none found means none."),
        "missing": Text("没有这个图层，什么也不能说明。", "There is no such layer; nothing can be said."),
        "broken": Text("文件损坏，什么也不能说明。", "The file is damaged; nothing can be said."),
        "stale": Text("数据超过有效期，不能据此放行。", "The data is out of date and clears nothing."),
        "not_covering": Text("数据没有覆盖到这里，不能据此放行。", "The data does not reach here and clears nothing."),
    },
    "nature": {
        "official": Text("主管部门批准发布的成果。", "Approved and published by the authority."),
        "demonstration": Text("为演示制作，不得用于真实决策。", "Made for demonstration, not for real decisions."),
    },
}
