PRAGMA application_id=1398231880;
CREATE TABLE addresses (
	source INTEGER NOT NULL,
	base TEXT NOT NULL,
	PRIMARY KEY (source)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE alive (
	id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE asking (
	source INTEGER NOT NULL,
	since INTEGER NOT NULL,
	until INTEGER NOT NULL,
	mark TEXT NOT NULL,
	looked_at INTEGER NOT NULL,
	PRIMARY KEY (source)
);
CREATE TABLE check_ins (
	event INTEGER NOT NULL,
	check_in_id TEXT NOT NULL,
	place TEXT NOT NULL,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	phone TEXT NOT NULL,
	remark TEXT NOT NULL,
	PRIMARY KEY (event)
);
CREATE TABLE contacts (
	event INTEGER NOT NULL,
	contact_id TEXT NOT NULL,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	phone TEXT NOT NULL,
	company TEXT NOT NULL,
	form TEXT NOT NULL,
	did TEXT NOT NULL,
	fields BLOB NOT NULL,
	PRIMARY KEY (event)
);
CREATE TABLE day_checks (
	source INTEGER NOT NULL,
	day TEXT NOT NULL,
	checked_at INTEGER NOT NULL,
	found TEXT NOT NULL,
	PRIMARY KEY (source, day)
)
 WITHOUT ROWID
;
CREATE TABLE deliveries (
	id INTEGER NOT NULL,
	source INTEGER NOT NULL,
	received_at INTEGER NOT NULL,
	outcome TEXT NOT NULL,
	reason TEXT NOT NULL,
	detail TEXT NOT NULL,
	event INTEGER,
	practice BOOLEAN NOT NULL,
	method TEXT NOT NULL,
	url TEXT NOT NULL,
	remote_addr TEXT,
	size INTEGER NOT NULL,
	headers BLOB NOT NULL,
	body BLOB,
	PRIMARY KEY (id),
	FOREIGN KEY(source) REFERENCES sources (no)
);
CREATE TABLE endpoints (
	source INTEGER NOT NULL,
	endpoint TEXT NOT NULL,
	made_at INTEGER NOT NULL,
	checked_at INTEGER NOT NULL,
	confirmed_at INTEGER NOT NULL,
	old TEXT,
	problem TEXT NOT NULL,
	begun TEXT NOT NULL,
	since INTEGER DEFAULT '0' NOT NULL,
	PRIMARY KEY (source)
);
CREATE TABLE events (
	id INTEGER NOT NULL,
	source INTEGER NOT NULL,
	practice BOOLEAN NOT NULL,
	"key" BLOB NOT NULL,
	type TEXT NOT NULL,
	kind TEXT NOT NULL,
	occurred_at INTEGER NOT NULL,
	received_at INTEGER NOT NULL,
	live BOOLEAN NOT NULL,
	sale INTEGER,
	claim BLOB,
	unreadable TEXT NOT NULL,
	needs_fetch TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (source, practice, "key"),
	FOREIGN KEY(source) REFERENCES sources (no)
);
CREATE TABLE file_changes (
	event INTEGER NOT NULL,
	accounts BLOB NOT NULL,
	files BLOB NOT NULL,
	PRIMARY KEY (event)
);
CREATE TABLE gaps (
	id INTEGER NOT NULL,
	cause TEXT NOT NULL,
	began_at INTEGER NOT NULL,
	ended_at INTEGER,
	PRIMARY KEY (id)
);
CREATE TABLE goods (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	currency TEXT NOT NULL,
	PRIMARY KEY (id),
	CONSTRAINT uq_goods UNIQUE (name, currency)
);
CREATE TABLE heads (
	id INTEGER NOT NULL,
	delivery INTEGER NOT NULL,
	sale INTEGER NOT NULL,
	seen INTEGER NOT NULL,
	sources INTEGER NOT NULL,
	inbox_seen INTEGER DEFAULT '0' NOT NULL,
	settings INTEGER NOT NULL,
	moved_to TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE jobs (
	event INTEGER NOT NULL,
	rule INTEGER NOT NULL,
	step INTEGER NOT NULL,
	source INTEGER NOT NULL,
	practice BOOLEAN NOT NULL,
	"trigger" TEXT NOT NULL,
	action TEXT NOT NULL,
	settings TEXT NOT NULL,
	sale INTEGER,
	state TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	made_at INTEGER NOT NULL,
	due_at INTEGER NOT NULL,
	changed_at INTEGER NOT NULL,
	told TEXT NOT NULL,
	result TEXT NOT NULL,
	node TEXT NOT NULL,
	PRIMARY KEY (event, rule, step)
)
 WITHOUT ROWID
;
CREATE TABLE judged_again (
	delivery INTEGER NOT NULL,
	place INTEGER NOT NULL,
	PRIMARY KEY (delivery),
	UNIQUE (place)
);
CREATE TABLE messages (
	event INTEGER NOT NULL,
	message_id TEXT NOT NULL,
	phone TEXT NOT NULL,
	"to" TEXT NOT NULL,
	text TEXT NOT NULL,
	name TEXT NOT NULL,
	place TEXT NOT NULL,
	media BLOB NOT NULL,
	PRIMARY KEY (event)
);
CREATE TABLE moments (
	event INTEGER NOT NULL,
	person INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (event)
);
CREATE TABLE notices (
	event INTEGER NOT NULL,
	title TEXT NOT NULL,
	text TEXT NOT NULL,
	name TEXT NOT NULL,
	email TEXT NOT NULL,
	phone TEXT NOT NULL,
	PRIMARY KEY (event)
);
CREATE TABLE people (
	id INTEGER NOT NULL,
	practice BOOLEAN NOT NULL,
	name TEXT NOT NULL,
	named_at INTEGER NOT NULL,
	first_at INTEGER NOT NULL,
	last_at INTEGER NOT NULL,
	last_kind TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE people_heads (
	id INTEGER NOT NULL,
	person INTEGER NOT NULL,
	event INTEGER NOT NULL,
	traces BOOLEAN NOT NULL,
	country TEXT NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE person_keys (
	practice BOOLEAN NOT NULL,
	"key" TEXT NOT NULL,
	person INTEGER NOT NULL,
	shown TEXT NOT NULL,
	told_at INTEGER NOT NULL,
	PRIMARY KEY (practice, "key")
)
 WITHOUT ROWID
;
CREATE TABLE person_words (
	word TEXT NOT NULL,
	person INTEGER NOT NULL,
	PRIMARY KEY (word, person)
)
 WITHOUT ROWID
;
CREATE TABLE popular_heads (
	id INTEGER NOT NULL,
	event INTEGER NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE practice_nonces (
	hash BLOB NOT NULL,
	source INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	PRIMARY KEY (hash),
	FOREIGN KEY(source) REFERENCES sources (no)
);
CREATE TABLE rules (
	id INTEGER NOT NULL,
	place INTEGER NOT NULL,
	data TEXT NOT NULL,
	changed_at INTEGER NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE rules_heads (
	id INTEGER NOT NULL,
	rule INTEGER NOT NULL,
	stamp INTEGER NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE sale_names (
	source INTEGER NOT NULL,
	practice BOOLEAN NOT NULL,
	name TEXT NOT NULL,
	sale INTEGER NOT NULL,
	PRIMARY KEY (source, practice, name)
)
 WITHOUT ROWID
;
CREATE TABLE sales (
	id INTEGER NOT NULL,
	source INTEGER NOT NULL,
	provider TEXT NOT NULL,
	received_at INTEGER NOT NULL,
	order_id TEXT NOT NULL,
	number TEXT NOT NULL,
	number_key TEXT NOT NULL,
	state TEXT NOT NULL,
	currency TEXT NOT NULL,
	amount INTEGER NOT NULL,
	amount_text TEXT NOT NULL,
	back_currency TEXT NOT NULL,
	back INTEGER NOT NULL,
	kept INTEGER,
	name TEXT NOT NULL,
	customer_key TEXT NOT NULL,
	email TEXT NOT NULL,
	items BLOB NOT NULL,
	paid_at INTEGER NOT NULL,
	practice BOOLEAN NOT NULL,
	live BOOLEAN NOT NULL,
	words TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(source) REFERENCES sources (no)
);
CREATE VIRTUAL TABLE sales_words USING fts5(words, content='sales', content_rowid='id', detail=none, columnsize=0, prefix='1 2 3 4 5 6 7', tokenize='ascii');
CREATE TABLE sealed_items (
	name TEXT NOT NULL,
	"key" INTEGER NOT NULL,
	value BLOB NOT NULL,
	changed_at INTEGER NOT NULL,
	PRIMARY KEY (name)
);
CREATE TABLE sealing_keys (
	no INTEGER NOT NULL,
	public BLOB NOT NULL,
	salt BLOB NOT NULL,
	made_at INTEGER NOT NULL,
	PRIMARY KEY (no)
);
CREATE TABLE search_heads (
	id INTEGER NOT NULL,
	sale INTEGER NOT NULL,
	PRIMARY KEY (id)
);
CREATE TABLE sent_again (
	event INTEGER NOT NULL,
	rule INTEGER NOT NULL,
	step INTEGER NOT NULL,
	times INTEGER NOT NULL,
	PRIMARY KEY (event, rule, step)
)
 WITHOUT ROWID
;
CREATE TABLE shop_settings (
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	changed_at INTEGER NOT NULL,
	PRIMARY KEY (name)
);
CREATE TABLE sold (
	sale INTEGER NOT NULL,
	day INTEGER NOT NULL,
	lines BLOB NOT NULL,
	PRIMARY KEY (sale)
);
CREATE TABLE sold_before (
	day INTEGER NOT NULL,
	goods INTEGER NOT NULL,
	qty INTEGER NOT NULL,
	minor INTEGER NOT NULL,
	PRIMARY KEY (day, goods)
)
 WITHOUT ROWID
;
CREATE TABLE sold_blocks (
	day INTEGER NOT NULL,
	PRIMARY KEY (day)
);
CREATE TABLE sold_on (
	day INTEGER NOT NULL,
	goods INTEGER NOT NULL,
	qty INTEGER NOT NULL,
	minor INTEGER NOT NULL,
	PRIMARY KEY (day, goods)
)
 WITHOUT ROWID
;
CREATE TABLE sources (
	no INTEGER NOT NULL,
	id TEXT NOT NULL,
	provider TEXT NOT NULL,
	name TEXT NOT NULL,
	path TEXT NOT NULL,
	options TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	secrets_changed_at INTEGER NOT NULL,
	removed_at INTEGER,
	PRIMARY KEY (no),
	UNIQUE (id),
	UNIQUE (path)
);
CREATE TABLE usage (
	month TEXT NOT NULL,
	requests INTEGER NOT NULL,
	PRIMARY KEY (month)
);
CREATE INDEX contacts_by_contact ON contacts (contact_id);
CREATE INDEX deliveries_by_outcome ON deliveries (outcome) WHERE outcome <> 'accepted';
CREATE INDEX events_owed ON events (source, id) WHERE needs_fetch <> '';
CREATE INDEX events_unreadable ON events (id) WHERE unreadable <> '';
CREATE INDEX ix_events_sale ON events (sale);
CREATE INDEX jobs_to_do ON jobs (action, state, due_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX jobs_wanting_a_look ON jobs (event) WHERE state IN ('uncertain', 'failed', 'held');
CREATE INDEX moments_by_person ON moments (person, at);
CREATE INDEX people_by_time ON people (last_at, id);
CREATE INDEX person_keys_by_person ON person_keys (person);
CREATE INDEX person_words_by_person ON person_words (person, word);
CREATE INDEX sales_by_amount ON sales (currency, amount);
CREATE INDEX sales_by_customer ON sales (customer_key);
CREATE INDEX sales_by_number ON sales (number_key);
CREATE INDEX sales_by_provider ON sales (provider);
CREATE INDEX sales_by_source ON sales (source, state, paid_at);
CREATE INDEX sales_by_state ON sales (state);
CREATE INDEX sales_by_time ON sales (paid_at, id, currency, kept);
INSERT INTO "alembic_version" VALUES ('0020');
INSERT INTO "alive" VALUES (1, 0);
INSERT INTO "heads" VALUES (1, 0, 0, 0, 0, 0, 0, '');
INSERT INTO "people_heads" VALUES (1, 0, 0, 0, '');
INSERT INTO "popular_heads" VALUES (1, 0);
INSERT INTO "rules" VALUES (1, 1, '{"id": 0, "name": "Ring each sale", "on": true, "when": "sale-paid", "if": [], "then": [{"do": "ring", "bell": "yes"}]}', 0);
INSERT INTO "rules" VALUES (2, 2, '{"id": 0, "name": "Quiet for the rest", "on": true, "when": "anything", "if": [], "then": [{"do": "quiet"}]}', 0);
INSERT INTO "rules_heads" VALUES (1, 2, 1);
INSERT INTO "search_heads" VALUES (1, 0);
