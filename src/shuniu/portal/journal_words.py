"""What an entry of the journal keeps beside its act, in words: for the auditor, who reads Chinese and no JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shuniu.trust.declare import Json

_WORDS = {
    "absent": gettext_noop("未到数"), "accepted": gettext_noop("受理"), "account": gettext_noop("账号"),
    "address": gettext_noop("地址"), "after": gettext_noop("起点"), "again": gettext_noop("再次"),
    "agencies": gettext_noop("单位数"), "agency": gettext_noop("单位"), "agreed": gettext_noop("同意"),
    "agreement": gettext_noop("共享协议"), "amount": gettext_noop("金额"), "answer": gettext_noop("答复"),
    "answered": gettext_noop("答复结果"), "answers": gettext_noop("所答序号"), "application": gettext_noop("应用"),
    "approved_by": gettext_noop("批准人"), "asked": gettext_noop("所答申请"), "asked_by": gettext_noop("申请人"),
    "at": gettext_noop("时间"), "authority": gettext_noop("时间戳机构"), "awaiting": gettext_noop("待匹配数"),
    "batch": gettext_noop("批次"), "because": gettext_noop("原因"), "began_after": gettext_noop("在其后开始"),
    "bill": gettext_noop("缴费单"), "bills": gettext_noop("缴费单数"), "booking": gettext_noop("预约"),
    "bookings": gettext_noop("预约数"), "branches": gettext_noop("分支"), "bundle": gettext_noop("联办件"),
    "bytes": gettext_noop("字节数"), "called": gettext_noop("所叫号码"), "calls": gettext_noop("调用数"),
    "cancelled": gettext_noop("取消"), "cards": gettext_noop("监察牌数"), "case": gettext_noop("办件"),
    "cases": gettext_noop("办件数"), "cause": gettext_noop("原因"), "certificate": gettext_noop("证书"),
    "changed": gettext_noop("不同数"), "changes": gettext_noop("变更数"), "channel": gettext_noop("渠道"),
    "chased": gettext_noop("催办"), "clock": gettext_noop("时钟"), "clocks": gettext_noop("时钟数"),
    "code_lists": gettext_noop("代码表数"), "codes": gettext_noop("恢复码数"), "commitments": gettext_noop("承诺值"),
    "consent": gettext_noop("同意授权"), "consumer": gettext_noop("使用单位"), "contacts": gettext_noop("联系方式数"),
    "corrected": gettext_noop("已补正"), "correction": gettext_noop("补正"), "counted": gettext_noop("笔数"),
    "counter": gettext_noop("窗口代办"), "crosses": gettext_noop("交叉签名数"), "day": gettext_noop("日期"),
    "days": gettext_noop("天数"), "decided": gettext_noop("决定"), "delegations": gettext_noop("委托数"),
    "deleted": gettext_noop("删除数"), "deliveries": gettext_noop("投递数"), "delivery": gettext_noop("送达"),
    "destroyed": gettext_noop("已销毁"), "digest": gettext_noop("摘要值"), "document": gettext_noop("公文"),
    "done": gettext_noop("办理数"), "doubts": gettext_noop("疑问数"), "dropped": gettext_noop("取消数"),
    "dry_run": gettext_noop("试运行"), "earlier": gettext_noop("以往办件数"), "elements": gettext_noop("数据元数"),
    "encryption": gettext_noop("加密证书"), "ended": gettext_noop("结束"), "enqueued": gettext_noop("重排数"),
    "entries": gettext_noop("留痕条数"), "entry": gettext_noop("录入"), "events": gettext_noop("主题数"),
    "evidence": gettext_noop("证据"), "examined": gettext_noop("审查结果"), "expected": gettext_noop("预约未到数"),
    "expired": gettext_noop("到期数"), "expires": gettext_noop("到期"), "exported": gettext_noop("导出"),
    "extension": gettext_noop("延期"), "extra": gettext_noop("多出数"), "factor": gettext_noop("第二因素"),
    "factors": gettext_noop("因素数"), "facts": gettext_noop("记录数"), "faults": gettext_noop("问题数"),
    "fields": gettext_noop("字段数"), "files": gettext_noop("文件数"), "first": gettext_noop("起"),
    "flags": gettext_noop("提示数"), "form": gettext_noop("形式"), "forms": gettext_noop("表单数"),
    "found": gettext_noop("找到数"), "from": gettext_noop("自"), "gone": gettext_noop("已删除"),
    "grades": gettext_noop("等次"), "granted": gettext_noop("同意项数"), "ground": gettext_noop("情形"),
    "held": gettext_noop("资源数"), "here": gettext_noop("平台笔数"), "hidden": gettext_noop("遮盖处数"),
    "holder": gettext_noop("持有人"), "host": gettext_noop("主机"), "hours": gettext_noop("时段数"),
    "identifier": gettext_noop("标识"), "incoming": gettext_noop("收文"),
    "instead_of": gettext_noop("代理岗位的本人"), "interface": gettext_noop("接口"),
    "invitation": gettext_noop("邀请码编号"), "issuer": gettext_noop("颁发者"), "item": gettext_noop("事项"),
    "items": gettext_noop("信息项"), "keep": gettext_noop("保留"), "key": gettext_noop("密钥编号"),
    "keys": gettext_noop("代码"), "kind": gettext_noop("种类"), "late": gettext_noop("逾期数"),
    "left": gettext_noop("待核查数"), "licences": gettext_noop("证照数"), "line": gettext_noop("收费项"),
    "lines": gettext_noop("行数"), "link": gettext_noop("链接"), "linked": gettext_noop("已匹配数"),
    "made": gettext_noop("备份时间"), "matched": gettext_noop("相符"), "matters": gettext_noop("事项数"),
    "minute": gettext_noop("时刻"), "missed": gettext_noop("过号"), "missing": gettext_noop("缺少数"),
    "month": gettext_noop("月份"), "more": gettext_noop("未逐条记的次数"), "move": gettext_noop("动作"),
    "moved": gettext_noop("变动数"), "new": gettext_noop("新增"), "node": gettext_noop("节点"), "nothing": gettext_noop("零报送"),
    "notices": gettext_noop("通知数"), "number": gettext_noop("编号"), "numbers": gettext_noop("叫号数"),
    "object": gettext_noop("对象"), "officers": gettext_noop("人员数"), "opened": gettext_noop("启动数"),
    "order": gettext_noop("单号"), "origin": gettext_noop("来源地址"), "outcome": gettext_noop("结果"),
    "owner": gettext_noop("提供单位"), "page": gettext_noop("页"), "pages": gettext_noop("页数"),
    "part": gettext_noop("办理部分"), "parts": gettext_noop("部分数"), "people": gettext_noop("人数"),
    "period": gettext_noop("所属期"), "person": gettext_noop("人员"), "position": gettext_noop("封存位置"),
    "post": gettext_noop("岗位"), "posts": gettext_noop("岗位"), "problems": gettext_noop("问题数"),
    "proof": gettext_noop("凭据"), "published": gettext_noop("公开"), "purpose": gettext_noop("用途"),
    "question": gettext_noop("询问"), "ratings": gettext_noop("评价数"), "read": gettext_noop("已阅"),
    "reader": gettext_noop("查看人"), "readers": gettext_noop("阅读人"), "readings": gettext_noop("查阅数"),
    "reason": gettext_noop("理由"), "recall": gettext_noop("撤回单"), "receipt": gettext_noop("回执"),
    "recount": gettext_noop("重算"), "reference": gettext_noop("参考号"), "refund": gettext_noop("退款单"),
    "refunds": gettext_noop("退款数"), "refused": gettext_noop("拒绝"), "region": gettext_noop("区划"),
    "regions": gettext_noop("区划"), "rejects": gettext_noop("退回行数"), "release": gettext_noop("取出申请"),
    "released": gettext_noop("放行"), "reminded": gettext_noop("已提醒数"), "reminders": gettext_noop("提醒数"),
    "removed": gettext_noop("清理数"), "repeated": gettext_noop("重复提交"), "replaces": gettext_noop("替换"),
    "reporter": gettext_noop("举报人"), "reset": gettext_noop("重置申请"), "resource": gettext_noop("资源"),
    "resources": gettext_noop("资源数"), "retried": gettext_noop("重试"), "return": gettext_noop("退单"),
    "returned": gettext_noop("退回"), "rights": gettext_noop("权限"), "role": gettext_noop("角色"),
    "root": gettext_noop("根"), "round": gettext_noop("轮次"), "row": gettext_noop("行"),
    "rows": gettext_noop("行数"), "rule": gettext_noop("规则"), "said": gettext_noop("说明"),
    "satisfied": gettext_noop("满意"), "scan": gettext_noop("查毒"), "scanned": gettext_noop("已查毒"),
    "scope": gettext_noop("范围"), "second": gettext_noop("止"), "seq": gettext_noop("序号"),
    "served": gettext_noop("已办数"), "settled": gettext_noop("已定数"), "show": gettext_noop("显示"),
    "shown": gettext_noop("列出条数"), "simulated": gettext_noop("试派数"), "since": gettext_noop("自"),
    "sitting": gettext_noop("登录会话"), "sittings": gettext_noop("登录会话数"), "size": gettext_noop("大小"),
    "slip": gettext_noop("票据号"), "sort": gettext_noop("类别"), "special": gettext_noop("特别程序"),
    "special_ended": gettext_noop("特别程序结束"), "stage": gettext_noop("环节"), "stages": gettext_noop("环节数"),
    "stamps": gettext_noop("时间戳数"), "standing": gettext_noop("情形"), "state": gettext_noop("状态"),
    "step": gettext_noop("步骤"), "stopped": gettext_noop("停止"), "stuck": gettext_noop("不能迁移"),
    "substitutions": gettext_noop("代理数"), "successions": gettext_noop("机构承接数"),
    "successor": gettext_noop("承接单位"), "suite": gettext_noop("密码套件"), "table": gettext_noop("表"),
    "taken": gettext_noop("领取"), "task": gettext_noop("任务"), "term": gettext_noop("任期"),
    "text": gettext_noop("查询文字"), "there": gettext_noop("对账单笔数"), "title": gettext_noop("名称"),
    "to": gettext_noop("至"), "token": gettext_noop("令牌"), "told": gettext_noop("已通知数"),
    "traced": gettext_noop("追查对象"), "trade": gettext_noop("交易号"), "tries": gettext_noop("次数"),
    "twice": gettext_noop("重复采集数"), "type": gettext_noop("类型"), "undone": gettext_noop("已撤销"),
    "unissued": gettext_noop("待制证数"), "until": gettext_noop("至"), "upload": gettext_noop("上传材料"),
    "uploads": gettext_noop("材料数"), "verb": gettext_noop("操作"), "verified": gettext_noop("已验证"),
    "version": gettext_noop("版本"), "versions": gettext_noop("版本数"), "viewer": gettext_noop("查看身份"),
    "virus": gettext_noop("病毒"), "waiting": gettext_noop("等待数"), "way": gettext_noop("方式"),
    "waybill": gettext_noop("运单号"), "what": gettext_noop("操作"), "which": gettext_noop("范围"),
    "window": gettext_noop("窗口"), "withdrawn": gettext_noop("撤回"), "writer": gettext_noop("来信人"),
    "wrong": gettext_noop("不符数"), "year": gettext_noop("年份"),
}  # fmt: skip
"""What verbs keep, by the names under which it stands in entries and their proofs (a test walks all that are written)."""


def detail_words(detail: Mapping[str, Json]) -> str:
    """An entry's detail as one line: what it is, colon, its value without quotation marks and brackets."""
    said = (
        (_(_WORDS[key]) if key in _WORDS else key, value) for key, value in detail.items() if value not in ("", None)
    )
    return _("；").join(word + _("：") + _value(value) for word, value in said)


def _value(value: Json) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(map(_value, value)) or "—"
    if isinstance(value, dict):
        return _("，").join(f"{key} {_value(one)}" for key, one in value.items()) or "—"
    return value if isinstance(value, str) else json.dumps(value)
