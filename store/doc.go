// Package store keeps what the desk must not lose: messages, cases, the
// journal, letters owed and deadlines in one bbolt file, and the raw messages
// in an archive of plain tar files, one a month.
//
// The order of every write is: raw bytes appended and synced, then one bbolt
// transaction that names them. So a message is either there with its bytes, or
// not there at all; bytes behind the last one named are cut off at the next
// start (see Open).
//
// The journal is the business record. Tx.Record is the only write path of a
// case: it chains the event's hash to the one before, folds the event into the
// case, and brings every index, queue and counter along in the same
// transaction. A case is therefore always the fold of its events, and Check
// proves it.
//
//	archive/2026-11.tar  raw messages of a month, in the order of arrival
//	sportello.db         everything else
//
// # Where to look
//
//	store.go, tx.go       opening and closing; transactions and the buckets
//	commit.go, fs.go      many updates in one commit; every durable effect
//	intake.go, archive.go a batch of messages: first the bytes, then what names them
//	message.go, known.go  a message, and what a second copy of it is known by
//	journal.go            Record: the journal, and all that follows from an event
//	journalcode.go, privatecode.go       … an entry's JSON as auditors read it,
//	privateread.go        … and read back
//	cases.go, record.go   a case, and how it lies on disk:
//	coder.go              … one list of fields for writing and reading
//	warm.go               … those of a moment ago at hand
//	list.go, card.go      the queue: filters, and what they ask of a case
//	words.go, sheet.go    the index of words,
//	caseset.go            … and sets of cases found by it
//	outbox.go, deadlines.go              letters and instants that wait
//	kv.go                 small buckets of the desk's own
//	verify.go             the chain proved
//	check.go, checkwords.go              everything else proved against a full scan
//	damage.go             a page that is none
//	backup.go, purge.go   copies; retention,
//	erase.go              … and a message erased on order, or when its own time is over
//	chores.go, cut.go     work on the archive that outlives a crash; its unnamed tail
//	removed.go            what a purge removed, until the journal says it
//	compact.go, trim.go   the file made small; what of it is in memory
//	migrate.go            older schemas
//
// A new field of a case or a letter has its line in record.go, one of an event in
// journalcode.go and, if it may be personal, in privatecode.go and privateread.go;
// then the schema is raised (migrate.go). Tests compare each with the type.
//
// Limits: one process at a time holds the store (read-only ones share it);
// no network file systems; a letter's text and an explanation live in the
// private part of the journal, so Cases lists cases without them.
package store
