"""How each macro of the desks' kit is used, as the kit's own page shows it to the next developer."""

from collections.abc import Mapping
from typing import Final

USAGES: Final[Mapping[str, str]] = {
    "states": """\
{{ marks.state("等待核验", "waiting") }}  draft waiting open paused done refused closed
{{ marks.verified(organisation.verified_at) }}  {{ marks.count(3, "未读：") }}  {{ marks.meter(7, 11, "完整度") }}""",
    "long-form": """\
{% call forms.section("要什么", why="…", id="what") %} … {% endcall %}
{{ forms.textarea("problem", "要解决的问题", value=…, hint=…, error=errors.get("problem", ""), maxlength=2000, rows=5, optional=false) }}
{{ forms.lines("points", "要点", values=[…], maxlength=200, most=20, spare=3, noun="条") }}  同名多值：form.getlist("points")
{{ forms.money("budget", "预算上限", value="90", unit="wan") }}  另送 budget_unit；typed.yuan(text, unit)
{{ forms.date("end", "完成时间", value=iso, min=iso, max=iso) }}
{{ forms.choices("type", "需求类型", [(值, 名称, 说明)], chosen=…, many=false, inline=false) }}  {{ forms.checkbox("agree", "我已核对") }}
{% call forms.actions("发布需求", name="", value="", tone="primary", stays=false) %} 次要按钮 {% endcall %}  {{ forms.act(frame, "/收藏地址", "收藏") }}""",
    "autosave": """\

            <form id="draft" data-autosave="/地址/autosave" data-autosave-conflict="/地址/conflict" data-preview="/地址/preview" data-preview-target="#preview" …>

  {{ forms.csrf(frame) }} {{ forms.version(draft.version) }} … {{ forms.autosave_mark(at="12:03") }}
停笔 1.2 秒或离开一格时送出：_version，_changed（改过的项名，可多个），以及这些项现在的全部值；请求头 X-CSRF-Token。
在 _changed 里而没有值的项，就是清空了。以 _ 开头的名字不是内容；文件不自动保存。
回答 200 {"version": 4, "saved_at": "2026-11-21T09:33:00+00:00", "errors": {项: 提示}}（已保存，但还不能发布）
     409 {"link": "/地址/conflict"}：停止保存，给出链接   422 {"errors": {…}, "message": "…"}：没有保存
     401、403 或跳转：登录已过期，内容留在页面上，登录回来后接着保存   5xx 或断网：3 至 30 秒后自动重试
每次保存后表单发出事件 autosaved。服务端：web/pages/typed.py 的 changed、version、saved。
预览：停笔 0.7 秒把整份表单送到 data-preview，回答的片段放进目标。""",
    "both": """\
{{ story.both([{"field": …, "label": …, "base": …, "mine": …, "theirs": …}]) }}  送出 keep-<field> = mine 或 theirs；不预先选定""",
    "frames": """\
{{ frames.tabs([(地址, 名称, 数量或不写)], at=当前地址) }}  {{ frames.stepper([(名称, 地址, "done|now|todo")]) }}
{% call frames.cards() %}{% call frames.card("标题", href="", about="") %} … {% endcall %}{% endcall %}
{{ frames.summary_list([(名称, 值), (名称, 值, 修改地址, "修改")], empty="未填写") }}""",
    "confirmation": """\
{% call frames.confirmation(frame, action, "发布需求", happens=…, told=…, undo=…, back=…, grave=false, more=[(问, 答)]) %} 隐藏字段 {% endcall %}""",
    "tables": """\
{% call tables.data("表名", ["名称", ("预算", "排序键", "num")], query=frame.query, pick=false) %}
 <tr>{{ tables.pick(值, 名称) }}<td>首格是手机上的卡片标题</td><td data-label="状态">…</td></tr>
{% endcall %}
{{ tables.selection([("值", "按钮", "grave")], noun="条") }}  同一个表单里；送出 picked（多值）和 act""",
    "notices": """\
{{ notices.banner(文字, "info|good|warn|bad", 地址) }}  {% call notices.empty("还没有…") %} 会有什么、怎样得到 {% endcall %}
{{ notices.done(frame, {"published": "已发布。接下来……"}) }}  办完后 303 跳转到 ?done=published""",
}
"""By section of the page."""
