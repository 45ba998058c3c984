"""Labels of the library, the list of EIA agencies, the news and the glossary."""

from __future__ import annotations

from screening.words import Text

LIBRARY_LABELS: dict[str, Text] = {
    "library_title": Text("政策法规库", "Policy and regulation library"),
    "library_lead": Text(
        "法律、法规、标准和文件：哪一天有效、被什么代替、哪些准入清单条款以它为依据。",
        "Laws, regulations, standards and notices: in force on which day, replaced by what, and which clauses rest on them.",
    ),
    "library_words": Text("标题、文号、内容或条款中的词", "Words of title, number, content or clause"),
    "library_words_help": Text(
        "两个字即可，如“噪声”；多个词用空格分开，须同时出现。",
        "Two Chinese characters are enough; several words must all occur.",
    ),
    "library_kind": Text("种类", "Kind"),
    "library_day": Text("效力按哪一天", "State on this day"),
    "library_documents": Text("文件", "Documents"),
    "library_clauses": Text("准入清单条款", "Clauses of the access list"),
    "library_repeals": Text("废止与承接规定", "Repeals"),
    "library_nothing": Text(
        "没有找到。换一个更短的词，或去掉条件再试。", "Nothing found. Try a shorter word, or fewer conditions."
    ),
    "library_no_clauses": Text(
        "没有可用的现行成果，条款没有查到：{reason}",
        "No usable release in force, so clauses were not searched: {reason}",
    ),
    "library_number": Text("文号", "Number"),
    "library_issuer": Text("发布机关", "Issued by"),
    "library_issued": Text("发布", "Issued"),
    "library_from": Text("施行", "In force from"),
    "library_to": Text("失效（末日）", "Last day in force"),
    "library_standing": Text("{day} 的效力", "State on {day}"),
    "library_current": Text("现在可引用", "What may be cited"),
    "library_likely": Text("很可能是（未核实）", "Probably (not checked)"),
    "library_chain": Text("废止与承接", "Repeal chain"),
    "library_chain_none": Text("依据库没有记录它被废止。", "The library records no repeal of it."),
    "library_replaces": Text("它代替了", "It replaced"),
    "library_replaced_on": Text("{day} 起由以下文件代替：", "is replaced from {day} by"),
    "library_ended_on": Text("{day} 起废止，无承接文件", "ended on {day} without a successor"),
    "library_resting": Text("以它为依据的条款", "Clauses that rest on it"),
    "library_resting_help": Text(
        "按文号或标题识别；标题相同的各次修订都会列出。",
        "Recognised by number or title; editions that share a title are all named.",
    ),
    "library_resting_none": Text("现行准入清单没有条款引用它。", "No clause of the list in force cites it."),
    "library_formerly": Text("原依据", "former basis"),
    "library_more": Text("其余 {count} 条", "{count} more"),
    "library_source": Text("资料来源", "Source"),
    "library_verified": Text("已对照官方文本核实。", "Checked against the official text."),
    "library_show": Text("查看", "Show"),
    # -- agencies ------------------------------------------------------------------------------------------------
    "agencies_title": Text("环评单位查询", "EIA agencies"),
    "agencies_lead": Text(
        "环境影响评价编制单位的信用状况；不推荐、不排名。",
        "The credit status of agencies that prepare EIA documents; nobody is recommended or ranked.",
    ),
    "agencies_name": Text("名称或统一社会信用代码", "Name or social credit code"),
    "agencies_place": Text("城市或区县", "City or district"),
    "agencies_status": Text("信用状态", "Credit status"),
    "agencies_points": Text("失信记分", "Points"),
    "agencies_engineers": Text("环评工程师", "EIA engineers"),
    "agencies_phone": Text("电话", "Telephone"),
    "agencies_updated": Text("更新", "Updated"),
    "agencies_demonstration": Text(
        "下列单位全部虚构，只为演示；本市尚未导入自己的名录。",
        "All agencies below are invented for demonstration; the city has not imported its own list.",
    ),
    "agencies_empty": Text(
        "本市尚未导入环评单位名录，这里没有可查的内容。请到生态环境部“环境影响评价信用平台”查询。",
        "The city has imported no list of EIA agencies, so there is nothing to search here. Ask the national EIA credit platform.",
    ),
    "agencies_nothing": Text(
        "名录中没有符合条件的单位；不表示该单位不存在。",
        "No agency of the list fits; that does not mean that it does not exist.",
    ),
    "agencies_table": Text("环评单位", "EIA agencies"),
    # -- news ----------------------------------------------------------------------------------------------------
    "news_title": Text("更新说明", "What is new"),
    "news_lead": Text("每次发布改了什么，最新的在前。", "What each release changed, the newest first."),
    "news_effective": Text("{day} 起施行", "In force from {day}"),
    "news_published": Text("发布于 {day}", "published {day}"),
    "news_unchanged": Text("与上一次发布相比，内容没有变化。", "Nothing changed against the release before."),
    "news_classes": Text("管控分类改变的单元", "Units that changed class"),
    "news_all": Text("逐项比较", "Every single change"),
    "news_quality": Text("版本质量", "Quality"),
    "news_none": Text("还没有发布过成果。", "Nothing has been published yet."),
    "news_withdrawn": Text("已撤回：{reason}", "Withdrawn: {reason}"),
    "news_in_force": Text("现行", "in force today"),
    # -- terms ---------------------------------------------------------------------------------------------------
    "terms_title": Text("用语解释", "Terms explained"),
    "terms_lead": Text(
        "页面、结论和接口用的是同一套词；每个词只有一个意思。",
        "Pages, answers and the interface use the same words; each has one meaning.",
    ),
}
