"""What is JSON by RFC 8259, what is none, and where readers differ: pieces of each, alone and within others."""

_VALUES = (
    "0", "-0", "7", "-7", "10", "1.5", "-0.1", "0.0", "1e1", "1E+2", "2e-2", "1.0E5", "true", "false", "null",
    '""', '"a"', '" "', r'"\u0041"', r'"\u0000"', r'"\n\t\r\b\f\/\\\""', '"\u00e9"', r'"\ud83c\udf38"', '"\U0001f338"',
    '"\x7f"', '"\u2028"', '"a/*b*/"', "[]", "{}", "[[]]", "[1, 2]", '{"": 0}', '{"a": {"b": [1]}, "c": null}',
)  # fmt: skip
_BROKEN = (
    "01", "-01", "-", "+1", "1.", ".5", "-.5", "1e", "1e+", "1.e1", "0x1", "1_0", "--1", "- 1", "1 000", "1,5e",
    "\uff11", "tru", "True", "nul", "NULL", "undefined", "nan", "NaN", "Infinity", "-Infinity", "'a'", "a", '"a',
    'a"', '"a"b"', r'"\x41"', r'"\a"', r'"\u12"', r'"\u00G0"', r'"\u"', '"\\', '"\n"', '"\t"', '"\x00"', '"\x1f"',
    r'\u0022a"',
    "[", "]", "{", "}", "[1", "[1,]", "[,1]", "[,]", "[1 2]", "[1,,2]", "[1}", "[1:2]", '["a": 1]', "[1]]", "(1)",
    "{1: 1}", "{null: 1}", '{"a"}', '{"a":}', '{"a" 1}', '{"a":: 1}', '{"a": 1,}', '{, "a": 1}', '{"a": 1 "b": 2}',
    "{'a': 1}", "{a: 1}", '{"a": 1]', '{"a": 1', '{"a"', '{"a": 1}}', '{"a", 1}', '{[]: 1}', "/*a*/ 1", "1 // a",
    "1 # a", "\f1", "\u00a01", "\u20281", "\ufeff1", "<a/>", "1;", "$", "\\", "*",
)  # fmt: skip
_WITHIN = ("{}", "[{}]", '{{"k": {}}}', " \t\n\r[0 , {} ]\r\n")

JSON = [within.format(value).encode() for within in _WITHIN for value in _VALUES]
NO_JSON = [within.format(value).encode() for within in _WITHIN[:3] for value in _BROKEN]
NO_JSON += [b"", b" ", b"[1] [2]", b"1 1", b'{"a": 1} {"a": 1}', b"1,", b"[1],", b'["a",\n1', b"\x00", b"[\x00]"]
EITHER = [
    *(b'["%b"]' % half for half in (rb"\ud800", rb"\udf38", rb"\ud800\ud800", rb"\udf38\ud83c", rb"\ud800a")),
    *(b"[%b]" % number for number in (b"1e400", b"-1e400", b"1e-400", b"1" * 100, b"1" * 5_000, b"0." + b"1" * 5_000)),
    *(b"[%b]" % number for number in (b"-1e+9999", b"1.5e+9999", b"123123e100000", b"0e99999999999", b"-0.0e-0")),
    *(b'["%b"]' % raw for raw in (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xe2\x80", b"\x80", b"\xf4\x90\x80\x80")),
    *('["\u00e9"]'.encode(codec) for codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "latin-1")),
    *(b"[" * deep + b"]" * deep for deep in (64, 65, 500, 1_000, 100_000)),
    b'{"a": 1, "a": 1}', b'{"a": 1, "a": 2}', b'{"a": {"b": 1, "b": 2}}', rb'{"a": 1, "\u0061": 2}',
]  # fmt: skip
