"""Labels of the check page's three steps, of what is kept, of links that fill the form, and of the installed page."""

from __future__ import annotations

from screening.words import Text

CHECK_LABELS: dict[str, Text] = {
    # -- where ---------------------------------------------------------------------------------------------------
    "where_mine": Text("我的位置", "My position"),
    "where_mine_asking": Text("正在定位…", "Finding your position…"),
    "where_mine_found": Text(
        "您的位置：{lon}，{lat}，误差约 ±{accuracy} m。靠近界线时，结论会说明这样的误差够不够分清。",
        "Your position: {lon}, {lat}, about ±{accuracy} m. Near a line the answer says whether that is good enough.",
    ),
    "where_mine_title": Text("没有得到位置", "Your position could not be had"),
    "where_mine_denied": Text("定位没有得到许可。", "Permission to use the position was not given."),
    "where_mine_failed": Text("设备没有给出位置。", "The device gave no position."),
    "where_mine_missing": Text(
        "此浏览器或此网址不能定位（需要 HTTPS）。", "This browser or address cannot find positions (HTTPS is needed)."
    ),
    "where_mine_cure": Text("请在地图上单击，或输入经纬度。", "Click the map, or type the coordinates."),
    "where_marker": Text("选址位置", "The site chosen"),
    "where_more": Text("更多：分散点位、区县和面积、名称", "More: separate points, district and area, name"),
    "optional": Text("可不填", "optional"),
    "datum": Text("坐标基准（文字没有写明时）", "Datum (where the text says none)"),
    "datum_none": Text("未声明", "not declared"),
    # -- what ----------------------------------------------------------------------------------------------------
    "industry_plain_help": Text(
        "写行业代码，如 C3360，多个用逗号隔开；只写名称时会列出候选供选择。",
        "Write codes such as C3360, several separated by commas; for names you are given codes to choose from.",
    ),
    "industry_take": Text("请选择一个行业：", "Choose an industry:"),
    "facts_first": Text("这几项会影响结论", "These would change the answer"),
    "facts_first_help": Text(
        "按影响大小排列。不清楚就留空：留空是“未申报”，不是零。",
        "Weightiest first. Leave blank what you do not know: blank is “not declared”, not zero.",
    ),
    "facts_first_more": Text("其余 {count} 项", "{count} more"),
    "what_more": Text("更多：其他事实、项目名称、基准日", "More: other facts, name, date"),
    # -- answer --------------------------------------------------------------------------------------------------
    "kept_title": Text("保存什么，不保存什么", "What is kept and what is not"),
    "kept_yes": Text(
        "提交后保存：选址、行业、申报内容、您填写的名称，以及结论；凭编号网址可以再看，知道网址的人都能打开。",
        "Kept once you submit: the site, the industry, what you declared, names you typed, and the answer; anybody who "
        "has its address can open it.",
    ),
    "kept_no": Text(
        "不保存：只填不交的内容、上传的文件本身。不需登录，不用 Cookie，不问姓名电话。",
        "Not kept: what you fill in without submitting, and uploaded files themselves. No sign-in, no cookies, no "
        "personal details are asked.",
    ),
    "kept_position": Text(
        "用了“我的位置”，所提交的坐标就是您所在之处。",
        "If you used “My position”, the coordinates you submit are where you are.",
    ),
    "no_force": Text("结论不具法律效力。", "The answer has no legal force."),
    "link_fill": Text("复制填好的链接", "Copy a link that fills this in"),
    "link_help": Text(
        "链接里有选址、行业、建设性质和基准日；打开后只填表，不研判，不保存。",
        "The link holds site, industry, kind of construction and day; opening it fills the form and keeps nothing.",
    ),
    "link_too_long": Text("图形太大，放不进链接", "The shape is too large for a link"),
    "share": Text("分享：二维码与网址", "Share: QR code and address"),
    "record_page": Text("研判记录页", "The record's own page"),
    "without_script": Text(
        "浏览器没有启用脚本：没有地图，但可以输入坐标和行业代码，一样得到结论。",
        "Scripts are off: there is no map, but coordinates and an industry code get the same answer.",
    ),
    "without_script_facts": Text(
        "脚本关闭时不能逐项申报事实；结论会说明缺少哪些。",
        "Facts cannot be declared one by one without scripts; the answer says which are missing.",
    ),
    # -- installed page ------------------------------------------------------------------------------------------
    "app_name": Text("三线一单选址研判", "Three Lines · site screening"),
    "app_short": Text("三线一单", "Three Lines"),
    "app_about": Text(
        "一处地方、一个行业，现行生态环境分区管控怎么说，哪些还不知道。",
        "One place, one industry: what zone control in force says, and what is not known.",
    ),
    "offline_title": Text("没有网络", "No network"),
    "offline_what": Text(
        "现在连不上服务器，不能研判，也不能查询。",
        "The service cannot be reached: nothing can be screened or looked up.",
    ),
    "offline_why": Text(
        "成果和清单会更新，旧的结论可能已经不对，所以本机不存结论，断网时也不作任何结论。",
        "Releases and lists change and an old answer may be wrong by now, so none is stored on this device, and none "
        "is given without the network.",
    ),
    "offline_cure": Text("恢复网络后再试。", "Try again when the network is back."),
    "offline_again": Text("再试一次", "Try again"),
}
