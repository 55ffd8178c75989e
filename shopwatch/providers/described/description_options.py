"""What an owner can tell of a sender that ShopWatch has no declaration for."""

from shopwatch.domain.messages.event import Kind
from shopwatch.providers.kit.options import Option

ALL = "*"
"""In a list of types: every type that no list names."""

KINDS = {
    "sales": Kind.SALE,
    "refunds": Kind.REFUND,
    "contacts": Kind.CONTACT,
    "messages": Kind.MESSAGE,
    "notices": Kind.NOTICE,
}
"""The options that list types, and what messages of these types are."""

PLACE = "Names of members with full stops between, such as data.customer.email."
_TYPES = "Types with commas between, or * for all others."

OPTIONS = (
    Option(
        "method",
        "How it shows who it is",
        required=True,
        choices=("none", "basic", "token", "hmac", "jwt"),
        named=(
            "It shows nothing; it only knows the address",
            "By a name and a password",
            "By a secret that it shows",
            "By a signature",
            "By a signed token (JWT) that is the whole message",
        ),
    ),
    Option("jwt", "How its token is signed", "The secret is the service’s public key.", choices=("RS256", "ES256")),
    Option(
        "token_in",
        "Where its secret stands",
        choices=("header", "query", "body"),
        named=("In a header", "In the address", "In the message"),
    ),
    Option(
        "token_name", "Name of the secret’s place", "The header, the field of the address, or the place in the body."
    ),
    Option("token_scheme", "Word before the secret", "Such as Bearer; empty if the secret stands alone."),
    Option("signature_header", "Header of its signature"),
    Option("signature_prefix", "Text before the signature", "Such as sha256=."),
    Option(
        "signed",
        "What is signed",
        "Made of {body}, {timestamp}, {id}, {url}, {path}, {method}, {header:X-Name}, {member:data.id} and {query:id}, "
        "with any text between; {body} if empty.",
    ),
    Option("algorithm", "Algorithm", choices=("sha256", "sha1", "sha384", "sha512", "md5")),
    Option(
        "encoding",
        "How the signature is written",
        choices=("hex", "base64"),
        named=("In hexadecimal digits", "In base64"),
    ),
    Option(
        "key",
        "How the secret is written",
        choices=("text", "base64", "hex"),
        named=("As plain text", "In base64", "In hexadecimal digits"),
    ),
    Option("timestamp_header", "Header of its time"),
    Option("timestamp_unit", "What its time counts", choices=("s", "ms"), named=("Seconds", "Milliseconds")),
    Option("tolerance", "How old a message may be", "In seconds; 300 if empty, 0 for any age."),
    Option(
        "tried_by",
        "How it tries the address",
        choices=("no", "head", "get", "both"),
        named=("Not at all", "By a HEAD request", "By a GET request", "By both"),
    ),
    Option("answer", "Answer to a GET request", "Such as ok, or {query:challenge} for what the address says there."),
    Option("batch", "List of events", "Where one message tells several: names of members, such as data.events."),
    Option("id", "Its number", PLACE),
    Option("id_header", "Header of its number"),
    Option("type", "Its type", PLACE),
    Option("type_header", "Header of its type"),
    Option(
        "before",
        "Status before",
        "Where its type is a status: the place of the one before it. The same status again is no news.",
    ),
    Option("sales", "Types that are sales", _TYPES),
    Option("refunds", "Types that are refunds", _TYPES),
    Option("contacts", "Types that are contacts", _TYPES),
    Option("messages", "Types that are text messages", _TYPES),
    Option("notices", "Types that are worth a line", _TYPES),
    Option("order", "Number of the order", PLACE),
    Option("number", "Number of the order as you know it", PLACE),
    Option("refund", "Number of the refund", PLACE),
    Option("amount", "Amount", PLACE),
    Option(
        "refunded",
        "Given back so far",
        "The place where a refund tells the sum of all refunds of its order. Its own amount is not needed then.",
    ),
    Option(
        "amount_in",
        "How the amount is written",
        choices=("decimal", "minor"),
        named=("As people write it, such as 42.50", "In the smallest coins, such as 4250"),
    ),
    Option("currency", "Currency", "A place, or always the same one, such as EUR."),
    Option("name", "Name", PLACE),
    Option("email", "E-mail", PLACE),
    Option("phone", "Phone", PLACE),
    Option("company", "Company", PLACE),
    Option("text", "Words", PLACE),
    Option("time", "Time", PLACE),
    Option("test", "Mark of the sender’s own tests", PLACE),
    Option("items", "List of items", PLACE),
    Option("item_name", "Name in an item", PLACE),
    Option("item_qty", "How many in an item", PLACE),
    Option("item_price", "Price of one in an item", PLACE),
)
