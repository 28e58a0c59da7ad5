"""Every environment variable that the platform reads: one list, from which the reference is written and a test checks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
    """One variable: its name, what holds when it is not set, what it is for, and whether its value is a secret."""

    name: str
    default: str
    meaning: str
    secret: bool = False


VARIABLES = (
    Variable("SHUNIU_VAR", "var", "数据目录：数据库、密钥、暂存、日志都在其中；备份以外只需保管这一个目录"),
    Variable("SHUNIU_HOST", "127.0.0.1", "监听的地址；是具体地址时自动列入允许的主机名"),
    Variable("SHUNIU_PORT", "8043", "监听的端口"),
    Variable("SHUNIU_PUBLIC_URL", "http://localhost:端口", "对外的网址，印在信用报告的二维码里"),
    Variable(
        "SHUNIU_DATABASE_URL",
        "内嵌的数据库",
        "改用的 PostgreSQL（15 以上），形如 postgresql://用户:口令@主机/库名",
        secret=True,
    ),
    Variable("SHUNIU_PG_BIN", "自动查找", "PostgreSQL 程序所在目录"),
    Variable(
        "SHUNIU_MAIL_URL",
        "无",
        "发邮件的服务器：smtps://、smtp+starttls:// 或 smtp://用户:口令@主机:端口",
        secret=True,
    ),
    Variable("SHUNIU_MAIL_FROM", "无", "发件人，如 枢纽 <no-reply@hub.example.gov.cn>"),
    Variable("SHUNIU_SMS_URL", "无", "短信网关的网址"),
    Variable("SHUNIU_SMS_SECRET", "无", "与短信网关共享的签名密钥", secret=True),
    Variable("SHUNIU_PAYMENT_URL", "无", "支付平台接口的网址；不设则网上缴费未开通，演示实例由 run 启动不动真钱的沙箱"),
    Variable("SHUNIU_PAYMENT_SECRET", "无", "与支付平台共享的签名密钥", secret=True),
    Variable("SHUNIU_COURIER_URL", "无", "寄递企业接口的网址；不设则由窗口人工登记运单号"),
    Variable("SHUNIU_COURIER_SECRET", "无", "与寄递企业共享的签名密钥", secret=True),
    Variable("SHUNIU_LIVE_PLAIN", "0", "设为 1 表示封闭政务网内允许登记和调用不加密（http）的实时接口；否则只用 https"),
    Variable("SHUNIU_TIME_SOURCE", "无", "授时服务器（NTP），主机或 主机:端口；自检时与它核对时钟"),
    Variable("SHUNIU_CLAMD", "无", "查毒服务（clamd），形如 tcp://主机:端口 或 unix:///路径；不设只做内置检查"),
    Variable("SHUNIU_STAMP_URL", "无", "时间戳服务（RFC 3161）的网址；不设则留痕和证据不加盖时间戳"),
    Variable("SHUNIU_STAMP_ROOTS", "无", "时间戳服务的根证书（PEM 文件）；不设则不核对是谁盖的"),
    Variable("SHUNIU_POOLED", "0", "设为 1 表示数据库前有共享会话的连接池：不使用预备语句"),
    Variable("SHUNIU_PROVINCE", "43", "演示实例的省；生产实例以 init 时写下的为准"),
    Variable("SHUNIU_RULE_PACK", "current-2026", "规则包：current-2026 或 period-2010"),
    Variable("SHUNIU_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", "允许的主机名，逗号分隔"),
    Variable("SHUNIU_TRUSTED_ORIGINS", "无", "允许提交表单的其他来源，逗号分隔，如 https://hub.example.gov.cn"),
    Variable("SHUNIU_HTTPS", "0", "设为 1 表示只经 HTTPS 访问：Cookie 只走加密连接，并发送 HSTS"),
    Variable(
        "SHUNIU_PROXY_HEADER",
        "无",
        "TLS 终结设备用来说明原连接的请求头，如 X-Forwarded-Proto；该设备必须覆盖外来的同名头，并丢弃名称带下划线的头",
    ),
    Variable(
        "SHUNIU_ADDRESS_HEADER",
        "无",
        "代理用来说明访问者网络地址的请求头，如 X-Real-IP；该代理必须覆盖外来的同名头，并丢弃名称带下划线的头。"
        "经代理访问而不设，则不能按地址限制登录失败次数",
    ),
    Variable(
        "SHUNIU_CERTIFICATE_HEADER",
        "无",
        "代理用来交来客户端证书（百分号编码的 PEM，如 nginx 的 $ssl_client_escaped_cert）的请求头；"
        "名称只用字母和数字，如 ClientCertificate；该代理必须核对私钥并覆盖外来的同名头",
    ),
    Variable("SHUNIU_BACKUP_PASSPHRASE", "无", "备份口令，至少 12 个字符；也可用 --passphrase-file", secret=True),
    Variable("SHUNIU_NODE_DATABASE", "节点配置里的 database", "前置节点所查的数据库的地址", secret=True),
    Variable("SHUNIU_DEMO_SIZE", "1", "演示数据的规模倍数"),
)
