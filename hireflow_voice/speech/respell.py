"""How names are written for the voices, so that they are said the way engineers say them.

Both voices mispronounce about one technical term in six, not the same ones; these spellings come out right in both.
Only what is spoken is respelled: captions and the record keep the written form.
"""

from __future__ import annotations

import re

VERSION = 7
"""Part of the key of rendered speech; raise it with every change of the table."""

TABLE: dict[str, str] = {
    "Postgres": "Post gress",
    "PostgreSQL": "Post gress Q L",
    "Redis": "Reddiss",
    "SQL": "S Q L",
    "MySQL": "My S Q L",
    "NoSQL": "No S Q L",
    "GraphQL": "Graph Q L",
    "RocksDB": "Rocks D B",
    "DynamoDB": "Dynamo D B",
    "MongoDB": "Mongo D B",
    "ClickHouse": "Click house",
    "PgBouncer": "P G bouncer",
    "Vitess": "vittess",
    "etcd": "et C D",
    "k8s": "Koober netties",
    "Kubernetes": "Koober netties",
    "kubectl": "cube control",
    "systemd": "system D",
    "nginx": "engine X",
    "HAProxy": "H eigh proxy",
    "YAML": "yammel",
    "JSON": "Jason",
    "Wasm": "wazm",
    "memcached": "mem cash D",
    "goroutine": "go routine",
    "goroutines": "go routines",
    "OOM": "O O M",
    "idempotent": "eye dempotent",
    "idempotency": "eye dempotency",
    "async": "eigh sink",
    "isolates": "isolits",
    "mutex": "mew tex",
    "fsync": "F sink",
    "mmap": "M map",
    "epoll": "E poll",
    "kqueue": "K queue",
    "io_uring": "I O you ring",
    "conntrack": "connection track",
    "iptables": "I P tables",
    "DDoS": "dee doss",
    "WAF": "whaff",
    "NAT": "gnat",
    "SYN": "sin",
    "SYN-ACK": "sin ack",
    "QUIC": "quick",
    "DAG": "dag",
    "modulo": "mod you low",
    "pub/sub": "pub sub",
    "Transfer-Encoding": "transfer, encoding",
    "CIDR": "sidder",
    "DNSSEC": "DNS seck",
    "mTLS": "M T L S",
    "IPv4": "I P V 4",
    "IPv6": "I P V 6",
    "TCP/IP": "TCP IP",
    "HTTP/1.1": "HTTP 1 point 1",
    "HTTP/2": "HTTP 2",
    "HTTP/3": "HTTP 3",
    "CI/CD": "C I C D",
    "I/O": "I O",
    "SLO": "S L O",
    "SLOs": "S L O's",
    "SLA": "S L eigh",
    "O(n log n)": "big O of n log n",
    "O(log n)": "big O of log n",
    "O(n)": "big O of n",
    "O(1)": "big O of one",
    "ABAC": "eigh back",
    "RBAC": "R back",
    "AAAA": "quad eigh",
    "ACK": "ack",
    "AF_XDP": "eigh F X D P",
    "ALPN": "eigh L P N",
    "ASPA": "eigh S P eigh",
    "AS path": "eigh S path",
    "CAA": "C eigh eigh",
    "CNAME": "C name",
    "DNSKEY": "DNS key",
    "DPLPMTUD": "D P L P M T U D",
    "EAGAIN": "E again",
    "EWOULDBLOCK": "E would block",
    "EPOLLEXCLUSIVE": "E poll exclusive",
    "ECMP": "E C M P",
    "ECN": "E C N",
    "GOAWAY": "go away",
    "GRO": "G R O",
    "HPACK": "H pack",
    "QPACK": "Q pack",
    "ICMPv6": "I C M P V 6",
    "IDOR": "eye door",
    "IXFR": "I X F R",
    "JA3": "jay eigh 3",
    "JA4": "jay eigh 4",
    "JIT": "jit",
    "NAPI": "nappy",
    "NAPT": "N eigh P T",
    "NAT64": "gnat 64",
    "NODATA": "no data",
    "NOTRACK": "no track",
    "NXDOMAIN": "N X domain",
    "NUMA": "noomah",
    "OCSP": "O C S P",
    "PACELC": "pass elk",
    "PUT": "put",
    "QNAME": "Q name",
    "ROA": "R O eigh",
    "RRSIG": "R R sig",
    "SERVFAIL": "serv fail",
    "SLAAC": "slack",
    "SLI": "S L I",
    "SNI": "S N I",
    "SO_REUSEADDR": "S O reuse adder",
    "SO_REUSEPORT": "S O reuse port",
    "SOA": "S O eigh",
    "softirq": "soft I R Q",
    "s-maxage": "S max age",
    "tcp_tw_reuse": "TCP T W reuse",
    "UMEM": "U mem",
    "YAGNI": "yag knee",
    "tracemalloc": "trace malloc",
    "cutover": "cut over",
    "PPPoE": "P P P O E",
    "CertificateVerify": "certificate verify",
    "HelloRetryRequest": "hello retry request",
    "ClientHello": "client hello",
    "ServerHello": "server hello",
    "microVM": "micro V M",
    "nf_conntrack_max": "N F connection track max",
    "1.1.1.1": "1 dot 1 dot 1 dot 1",
    "no_new_privs": "no new privileges",
    "chroot": "change root",
    "scrypt": "S crypt",
    "IMDSv2": "I M D S V 2",
    "inlining": "in lining",
    "allowlist": "allow list",
    "jemalloc": "J E malloc",
    "TCMalloc": "T C malloc",
    "VPN": "V P N",
    "checksum": "check sum",
    "SAN": "S eigh N",
    "outbox": "out box",
    "prefetch": "pre fetch",
    "typosquatting": "typo squatting",
    "kprobe": "K probe",
    "retpoline": "ret pole een",
    "DEK": "D E K",
    "p999": "P 999",
    "strace": "S trace",
    "top-k": "top kay",
    "goodput": "good put",
    "Gbps": "gigabits per second",
    "Mbps": "megabits per second",
    "Tbps": "terabits per second",
    "ms": "milliseconds",
    "p99": "P 99",
    "p95": "P 95",
    "e.g.": "for example",
    "i.e.": "that is",
    "vs.": "versus",
}
"""Written form -> respelled form."""

MISHEARD: dict[str, dict[str, str]] = {}
"""Glossary terms no respelling of which helped: term -> voice -> what Whisper made of it. A test keeps this list."""

CASE_MATTERS = frozenset(
    {
        "SYN",
        "WAF",
        "NAT",
        "ms",
        "I/O",
        "O(n)",
        "O(1)",
        "ACK",
        "AS path",
        "CAA",
        "JIT",
        "PUT",
        "ROA",
        "GRO",
        "SOA",
        "SAN",
    }
)
"""Written forms that mean something else, or nothing, in another case."""
AFTER_NUMBER = frozenset({"ms"})
"""Written forms that are meant only after a number."""


def _pattern() -> re.Pattern[str]:
    forms = []
    for form in sorted(TABLE, key=len, reverse=True):
        # A whole token, but "Redis-backed" and "async/await" hold two.
        before = r"(?<=\d)\s?" if form in AFTER_NUMBER else r"(?<![\w+])"
        after = "" if form.endswith(".") else r"(?![\w+])"
        case = "" if form in CASE_MATTERS else "i"
        forms.append(f"{before}(?{case}:{re.escape(form)}){after}" if case else f"{before}{re.escape(form)}{after}")
    return re.compile("|".join(forms))


_PATTERN = _pattern()
_EXACT = dict(TABLE)
_FOLDED = {form.lower(): said for form, said in TABLE.items() if form not in CASE_MATTERS}


def respell(text: str) -> str:
    """The text as the voices should read it: whole tokens of the table replaced, the longest first."""

    def said(match: re.Match[str]) -> str:
        form = match.group().strip()
        respelled = _EXACT.get(form) or _FOLDED[form.lower()]
        return f" {respelled}" if form in AFTER_NUMBER else respelled

    return _PATTERN.sub(said, text)


def unpronounceable(term: str) -> bool:
    """Whether no voice is known to say this glossary term so that it is understood."""
    from hireflow_voice.speech.cast import VOICES

    return set(MISHEARD.get(term, ())) >= set(VOICES)
