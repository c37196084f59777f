"""The first whole path as a person walks it: once with JavaScript, once without."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

LIST = Path(__file__).parents[1] / "ingest" / "lists" / "01_qingya_scene_chances.xlsx"
SUPPLIER = re.compile(r"管探士[（(]武汉[）)]科技有限公司")


@pytest.fixture(params=["page", "page_without_javascript"])
def any_page(request: pytest.FixtureRequest) -> Page:
    found: Page = request.getfixturevalue(request.param)
    return found


def test_find_a_need_and_read_why_a_supplier_fits(site: Site, any_page: Page) -> None:
    page = any_page
    page.goto(site.address)
    page.get_by_role("main").get_by_role("searchbox").fill("排水管道 缺陷")
    page.get_by_role("main").get_by_role("button", name="搜索").click()
    page.get_by_role("link", name="排水管道CCTV检测视频缺陷自动判读").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("排水管道CCTV检测视频缺陷自动判读")
    main = page.get_by_role("main")
    expect(main).to_contain_text("缺陷检出率不低于93%")
    expect(main).to_contain_text(SUPPLIER)
    expect(main).to_contain_text("脱节、渗漏、障碍物等检出率94.1%")
    expect(main).to_contain_text(re.compile(r"场景项目清单.*第 \d+ 行"))

    page.get_by_role("link", name=SUPPLIER).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SUPPLIER)
    expect(page.get_by_role("main")).to_contain_text("排水管道CCTV检测视频缺陷自动判读")


def test_filter_a_list_and_take_the_filter_back(site: Site, any_page: Page) -> None:
    page = any_page
    page.goto(f"{site.address}/lists/scenario")
    expect(page.get_by_role("main")).to_contain_text("共 25 条")

    page.get_by_role("main").get_by_role("link", name="港口").first.click()
    expect(page).to_have_url(re.compile("sector="))
    expect(page.get_by_role("main")).to_contain_text("共 2 条")

    page.goto(f"{site.address}/lists/scenario?q=量子引力波天线阵列")
    expect(page.get_by_role("main")).to_contain_text("没有")


def test_upload_a_list_check_it_and_publish_it(site: Site, any_page: Page) -> None:
    page = any_page
    site.sign_in(page, "主办方")
    page.get_by_role("link", name="导入清单").first.click()
    page.locator("input[type=file]").set_input_files(LIST)
    page.get_by_role("main").get_by_role("button", name="上传").click()

    main = page.get_by_role("main")
    expect(main).to_contain_text("雨污混接点识别")
    expect(main).to_contain_text("这一行是填写示例，没有采用。")
    page.get_by_label("新清单的名称").fill("青崖市场景机会清单")
    page.get_by_role("button", name="下一步：确认发布").click()
    page.get_by_label(re.compile("我已核对以上 [0-9]+ 处")).check()
    page.get_by_role("main").get_by_role("button", name=re.compile("^(确认)?发布")).click()

    expect(page).to_have_url(re.compile("/editions/"))
    expect(page.get_by_role("main")).to_contain_text("雨污混接点识别")
    page.goto(f"{site.address}/search?q=雨污混接点识别")
    page.get_by_role("link", name="雨污混接点识别").first.click()
    expect(page.get_by_role("main")).to_contain_text(LIST.name)


def test_refuse_a_broken_file_and_keep_the_page(site: Site, any_page: Page, tmp_path: Path) -> None:
    page = any_page
    broken = tmp_path / "坏清单.xlsx"
    broken.write_bytes(b"PK\x03\x04 broken")
    site.sign_in(page, "主办方")
    page.goto(f"{site.address}/intakes")
    page.locator("input[type=file]").set_input_files(broken)
    page.get_by_role("main").get_by_role("button", name="上传").click()

    expect(page.get_by_role("main")).to_contain_text("坏清单.xlsx：")
    expect(page.locator("input[type=file]")).to_be_visible()
