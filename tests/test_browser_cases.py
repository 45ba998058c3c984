"""The whole life of a case by role in Debian's Chromium, scripts off where a form suffices; two at once; axe on every page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.approval_port import approval_port
from api.service import ScreeningService
from api.settings import Settings
from tests.approvals import CHEAP, HERE, OPERATOR, PASSWORD, PEOPLE, add_person
from tests.test_browser import browser, served, watched  # noqa: F401  a fixture of the module
from tests.test_browser_lookups import SIZES, violations

SITE = "POLYGON((120.17 36.07,120.18 36.07,120.18 36.08,120.17 36.08,120.17 36.07))"
SignedIn = Callable[[str], Page]


@pytest.fixture(scope="module")
def address(small_store: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("cases")
    settings = Settings(data=folder, password_cost=CHEAP)
    service = ScreeningService(settings)
    port = approval_port(service, settings)
    for name, role, districts in PEOPLE:
        add_person(port, name, role, *districts)
    assert OPERATOR.id
    service.close()
    yield from served(small_store[0], folder)


def sign_in(page: Page, address: str, name: str, language: str = "zh") -> None:
    page.goto(f"{address}/approval/sign-in?lang={language}")
    page.locator("#f-name").fill(name)
    page.locator("#f-password").fill(PASSWORD)
    page.locator("form.sheet button").click()
    expect(page.locator(".port-bar")).to_contain_text(name.title())


@pytest.fixture
def signed_in(browser: Browser, address: str) -> Iterator[SignedIn]:  # noqa: F811
    """Pages of people, each in a browser of their own, without scripts."""
    contexts = []

    def enter(name: str) -> Page:
        context = browser.new_context(
            java_script_enabled=False, locale="zh-CN", viewport={"width": 1280, "height": 900}
        )
        contexts.append(context)
        page = context.new_page()
        sign_in(page, address, name)
        return page

    yield enter
    for one in contexts:
        one.close()


def opened(page: Page, address: str, project: str) -> str:
    """A case from scratch; its address."""
    page.goto(f"{address}/approval/cases/new?lang=zh")
    page.get_by_label("项目名称").fill(project)
    page.get_by_label("建设单位").fill("示范公司")
    page.get_by_label("所在区县").select_option(HERE)
    page.get_by_label("建设性质").select_option("new")
    page.get_by_label("行业代码").fill("I6511")
    page.get_by_label("选址坐标").fill(SITE)
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(project)
    return page.url


def act(page: Page, name: str, text: str = "", opinion: str = "") -> None:
    box = page.locator("details.act").filter(has=page.locator("summary", has_text=re.compile(f"^{name}$")))
    box.locator("summary").click()
    if opinion:
        box.get_by_label(opinion, exact=True).check()
    if text:
        box.get_by_role("textbox").last.fill(text)
    box.get_by_role("button", name=name, exact=True).click()


def override_all(anna: Page, folder: Path) -> None:
    """Upload a document and override every finding shown by it."""
    document = folder / "现场核查.pdf"
    document.write_bytes(b"%PDF-1.7 checked")
    anna.get_by_label("文件", exact=True).set_input_files(document)
    anna.get_by_role("button", name="上传").click()
    expect(anna.locator("#files ~ .plain-list")).to_contain_text("现场核查.pdf")
    for one in anna.locator(".findings input[type=checkbox]").all():
        one.check()
    box = anna.locator("details.act").filter(has_text="对选中的要点提出意见")
    box.locator("summary").click()
    box.get_by_label("意见", exact=True).select_option("complies")
    box.get_by_label("依据文件").select_option(label="现场核查.pdf")
    box.get_by_label("理由").fill("现场核实，均已落实")
    box.get_by_role("button").click()
    row = anna.locator(".findings tbody tr").first
    expect(row).to_contain_text("无法判定")  # the machine's answer stays
    expect(row).to_contain_text("现场核实")


def stage(page: Page) -> str:
    return page.locator(".progress-steps [aria-current=step]").inner_text()


def test_the_life_of_a_case_without_scripts(signed_in: SignedIn, address: str, tmp_path: Path) -> None:
    applicant, anna, bert, chief = (signed_in(name) for name in ("applicant", "anna", "bert", "chief"))
    case = opened(applicant, address, "海岸研究站")
    assert stage(applicant) == "受理"

    anna.goto(f"{address}/approval?lang=zh")
    anna.get_by_role("link", name="海岸研究站").click()
    act(anna, "受理", "材料齐全")
    assert stage(anna) == "研判"
    act(anna, "要求补正", "请说明废水去向")
    expect(anna.locator(".facts-list")).to_contain_text("计时停止")

    applicant.goto(case)
    expect(applicant.locator(".timeline")).to_contain_text("请说明废水去向")
    act(applicant, "补正答复", "不外排")

    anna.goto(case)
    box = anna.locator("details.act").filter(has_text="附研判结论").first
    box.locator("summary").click()
    box.get_by_role("button", name="按所填坐标立即研判").click()
    expect(anna.locator(".findings")).to_be_visible()
    expect(anna.locator(".case-site")).to_contain_text("无法判定")
    act(anna, "提出审核意见", "同意", opinion="同意")
    expect(anna.get_by_role("alert")).to_contain_text("目前不能")
    expect(anna.locator("details.act[open] textarea")).to_have_value("同意")

    anna.goto(case)
    override_all(anna, tmp_path)

    bert.goto(case)
    waiting = bert.locator("form[action*='/confirm'] input[type=checkbox]")
    for box_number in range(waiting.count()):
        waiting.nth(box_number).check()
    if waiting.count():
        bert.get_by_role("button", name="复核选中的意见").click()
    anna.goto(case)
    act(anna, "提出审核意见", "符合要求", opinion="附条件同意")
    assert stage(anna) == "复核"
    bert.goto(case)
    act(bert, "复核通过")
    chief.goto(case)
    act(chief, "作出决定", "按审核意见办理", opinion="附条件同意")
    act(chief, "归档")
    assert stage(chief) == "归档"
    expect(chief.locator(".facts-list")).to_contain_text("附条件同意")
    head = chief.locator(".head-hash").inner_text()
    assert re.fullmatch(r"[0-9a-f]{64}", head)

    applicant.goto(case)
    expect(applicant.locator(".facts-list")).to_contain_text("附条件同意")
    expect(applicant.locator(".timeline")).not_to_contain_text("提出审核意见")
    with applicant.expect_response(lambda one: "/approval/audit" in one.url) as refused:
        applicant.goto(f"{address}/approval/audit?lang=zh")
    assert refused.value.status == 403


def test_of_two_at_once_the_second_is_told_and_keeps_what_was_typed(signed_in: SignedIn, address: str) -> None:
    applicant, anna, bert = (signed_in(name) for name in ("applicant", "anna", "bert"))
    case = opened(applicant, address, "两人同办")
    anna.goto(case)
    bert.goto(case)
    act(anna, "受理", "安娜受理")
    act(bert, "要求补正", "请补充占地面积")
    told = bert.get_by_role("alert")
    expect(told).to_contain_text("刚被别人办理")
    expect(bert.locator(".changes")).to_contain_text("Anna")
    expect(bert.locator("details.act[open] textarea")).to_have_value("请补充占地面积")
    assert stage(bert) == "研判"
    bert.locator("details.act[open]").get_by_role("button").click()
    expect(bert.locator(".facts-list")).to_contain_text("计时停止")
    expect(bert.locator(".timeline")).to_contain_text("安娜受理")
    expect(bert.locator(".timeline")).to_contain_text("请补充占地面积")


def test_an_investor_keeps_a_screening_and_opens_a_case_with_it(signed_in: SignedIn, address: str) -> None:
    page = signed_in("neighbour")
    answer = page.request.post(
        f"{address}/api/v1/screenings",
        data={
            "site": {"text": "120.18,36.08"},
            "project": {"name": "仓库", "industries": ["G5990"], "construction": "new"},
        },
    )
    page.goto(f"{address}/screenings/{answer.json()['id']}?lang=zh")
    page.get_by_role("link", name="存入我的选址").click()
    page.get_by_label("名称", exact=True).fill("北地块")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("rowheader", name="北地块")).to_be_visible()
    page.get_by_role("link", name="提交审批").last.click()
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("仓库")
    page.goto(f"{address}/approval?lang=zh")
    expect(page.get_by_role("link", name="仓库")).to_be_visible()


def test_the_administrator_makes_an_account_and_a_key(signed_in: SignedIn, address: str) -> None:
    page = signed_in("administrator")
    page.goto(f"{address}/approval/accounts?lang=zh")
    form = page.locator("form[action^='/approval/accounts?']")
    form.get_by_label("账户名").fill("wang.fang")
    form.get_by_label("角色").select_option("approver")
    form.get_by_label("密码").fill("weak")
    form.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_contain_text("至少要负责一个区县")
    form.get_by_label("区县代码").fill(HERE)
    form.get_by_label("密码").fill(PASSWORD)
    form.get_by_role("button").click()
    expect(page.get_by_role("rowheader", name="wang.fang")).to_be_visible()
    page.goto(f"{address}/approval/keys?lang=zh")
    page.get_by_label("使用系统").fill("OA 系统")
    page.get_by_role("button", name="新建密钥").click()
    key = page.locator(".shown-key").inner_text()
    reading = page.request.get(f"{address}/api/v1/approval/cases", headers={"authorization": f"Bearer {key}"})
    assert reading.status == 200
    page.goto(f"{address}/approval/keys?lang=zh")
    expect(page.locator(".shown-key")).to_have_count(0)
    page.get_by_role("button", name="作废 OA 系统").click()
    expect(page.get_by_role("cell", name="已作废")).to_be_visible()
    page.goto(f"{address}/approval/audit?lang=zh")
    expect(page.locator(".whole-chain")).to_contain_text("没有发现改动")
    page.get_by_role("button", name="退出").click()
    page.goto(f"{address}/approval/accounts?lang=zh")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")


def declare(page: Page, pollutant: str, medium: str, value: str, unit: str, outlet: str = "") -> None:
    page.locator("#discharges > summary").click()
    box = page.locator("#discharges > details.act").filter(has_text="申报一项排放")
    box.locator("summary").first.click()
    box.get_by_label("污染物", exact=True).fill(pollutant)
    box.get_by_label("介质").select_option(medium)
    if outlet:
        box.get_by_label("排放方式").select_option(outlet)
    box.get_by_label("排放口").fill("DW001")
    box.get_by_label("数值").fill(value)
    box.get_by_label("单位").select_option(unit)
    box.get_by_role("button", name="申报", exact=True).click()


def test_an_applicant_declares_discharges_and_everybody_on_the_case_sees_what_they_mean(
    signed_in: SignedIn, address: str
) -> None:
    applicant, anna = signed_in("applicant"), signed_in("anna")
    case = opened(applicant, address, "申报排放的项目")
    panel = applicant.locator("#discharges")
    expect(panel.locator("> summary")).to_have_text("污染物排放 · 无法判定")
    panel.locator("> summary").click()
    expect(panel).to_contain_text("没有申报不等于没有排放")
    expect(panel).to_contain_text("首先申报：化学需氧量")
    panel.locator("summary", has_text="适用的标准与未申报的项目").click()
    row = panel.get_by_role("row", name="DB37/3416.5-2018")
    expect(row).to_contain_text("2019-03-16 起施行")
    expect(row).to_contain_text("未经核对")
    expect(row).to_contain_text("氨氮")

    applicant.goto(case)
    declare(applicant, "仙气", "water", "45", "mg/L")
    expect(applicant.get_by_role("alert")).to_contain_text("污染物表中没有“仙气”")
    box = applicant.locator("#discharges > details.act[open]")
    expect(box.get_by_label("污染物", exact=True)).to_have_value("仙气")
    expect(box.get_by_label("数值")).to_have_value("45")
    box.get_by_label("污染物", exact=True).fill("COD")
    box.get_by_role("button", name="申报", exact=True).click()
    row = applicant.locator("#discharges > table").get_by_role("row", name="化学需氧量")
    applicant.locator("#discharges > summary").click()
    expect(row.first).to_contain_text("须申报：排放方式")

    anna.goto(case)
    anna.locator("#discharges > summary").click()
    box = anna.locator("#discharges .plain-list details.act")
    box.locator("summary").first.click()
    expect(box.get_by_label("数值").first).to_have_value("45")
    box.get_by_label("排放方式").select_option("direct")
    box.get_by_label("污染源类型").select_option("source=process")
    box.get_by_role("button", name="更正或补充").click()
    anna.locator("#discharges > summary").click()
    row = anna.locator("#discharges > table").get_by_role("row", name="化学需氧量")
    expect(row).to_contain_text("达标")
    expect(row).to_contain_text("≤ 50 mg/L")
    expect(row).to_contain_text("余 5 mg/L")
    expect(row).to_contain_text("2019-03-16 起施行")
    expect(anna.locator("#discharges")).to_contain_text("另有 1 项已更正或撤回")
    expect(anna.locator("#discharges > summary")).to_have_text("污染物排放 · 无法判定")
    expect(anna.locator(".timeline")).to_contain_text("申报排放：化学需氧量 45 mg/L（更正第 1 项）")

    applicant.goto(case)
    applicant.locator("#discharges > summary").click()
    expect(applicant.locator("#discharges")).to_contain_text("Anna 申报于")
    expect(applicant.locator("#discharges .plain-list details.act")).to_have_count(0)  # hers to correct
    declare_nothing = applicant.locator("#discharges > details.act").filter(has_text="声明别无其他排放")
    declare_nothing.locator("summary").click()
    declare_nothing.get_by_role("button", name="噪声别无其他排放").click()
    applicant.locator("#discharges > summary").click()
    expect(applicant.locator("#discharges")).to_contain_text("噪声：除所列外别无其他排放")
    applicant.get_by_role("button", name="撤回“噪声：除所列外别无其他排放”").click()
    expect(applicant.locator(".timeline")).to_contain_text("撤回第 3 项")

    keeper = signed_in("keeper")
    keeper.goto(case)
    keeper.locator("#discharges > summary").click()
    expect(keeper.locator("#discharges > table")).to_be_visible()
    expect(keeper.locator("#discharges form")).to_have_count(0)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_fits_loads_only_from_us_and_passes_axe(
    browser: Browser,  # noqa: F811
    signed_in: SignedIn,
    address: str,
    size: str,
    language: str,
) -> None:
    applicant = signed_in("applicant")
    case = opened(applicant, address, f"可达性 {size} {language}").split("?")[0].removeprefix(address)
    declare(applicant, "COD", "water", "45", "mg/L", "direct")
    declare(applicant, "非甲烷总烃", "air", "600", "mg/m³", "organised")
    anna = signed_in("anna")
    anna.goto(f"{address}{case}?lang=zh")
    act(anna, "受理")
    box = anna.locator("details.act").filter(has_text="附研判结论").first
    box.locator("summary").click()
    box.get_by_role("button", name="按所填坐标立即研判").click()
    width, height = SIZES[size]
    seen = watched(browser, address, width=width, height=height)
    for name, pages in (
        ("", ("/approval/sign-in",)),
        (
            "chief",
            ("/approval", "/approval/cases", "/approval/cases/new", case, "/approval/sites", "/approval/account"),
        ),
        ("administrator", ("/approval/accounts", "/approval/keys", "/approval/audit")),
    ):
        if name:
            sign_in(seen.page, address, name, language)
        for scheme in ("light", "dark"):
            seen.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            for path in pages:
                seen.page.goto(f"{address}{path}?lang={language}")
                for one in seen.page.locator("main details").all():
                    one.evaluate("one => { one.open = true; }")
                fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
                assert seen.page.evaluate(fits), path
                assert violations(seen.page) == [], (path, scheme)
    seen.expect_no_trouble()
