"""PayNow, as it stands outside: made-up orders, signed by the scheme it publishes, posted to a public address."""

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request

SECRET = "pn-desktop-7c1f0e5ab94d42d8"


def order(number: int, name: str = "Maya Hart") -> bytes:
    """A completed order over 19.98 US dollars."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    line = {"product_name": "VIP Rank", "price": 1998, "quantity": 1, "total_amount": 1998}
    body = {
        "id": f"4114864916303{number:05}",
        "customer": {"name": name},
        "currency": "USD",
        "total_amount": 1998,
        "created_at": now,
        "completed_at": now,
        "billing_name": name,
        "billing_email": "maya@example.com",
        "lines": [line],
        "status": "completed",
    }
    event = {"event_type": "ON_ORDER_COMPLETED", "event_id": f"8{number:05}", "body": body}
    return json.dumps(event).encode()


def post(url: str, body: bytes, secret: str = SECRET) -> int:
    """The status a message gets; 0 where nobody answers."""
    stamp = str(time.time_ns() // 1_000_000)
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).digest()
    headers = {
        "Content-Type": "application/json",
        "PayNow-Timestamp": stamp,
        "PayNow-Signature": base64.b64encode(digest).decode(),
    }
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except urllib.error.URLError:
        return 0
