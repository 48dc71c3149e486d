// Package mailbox reads one IMAP folder: every message, in order, at least once.
//
// A Poller keeps one connection. It opens the folder read-only (the server's flags are never our state), lists what lies
// behind the cursor, fetches the bodies in one streamed command, and hands them in batches to a Sink, which makes them
// durable together with the new cursor. Then it idles until the server speaks of news, and looks by itself now and then.
//
//	p := &mailbox.Poller{Account: account, Sink: sink, Observer: observer}
//	err := p.Run(ctx, cursor) // cursor: what the Sink stored last
//
// A message is handed over only when every byte the server announced has come. The cursor never passes a message that
// was listed and neither came nor was proved to be gone: what the server will not give is asked for again by itself, in
// another way, on another connection, and at last handed over as a Message with Err, so that a person sees it and the
// messages behind it go on.
//
// # Where to look
//
//	mailbox.go    what it is told and what it tells: Account, Sink, Observer, Poller; defaults, addresses
//	run.go        Run: connections one after the other, where reading begins, what is behind the cursor, pauses
//	session.go    one connection: login, the folder opened, listed, searched, waited on
//	conn.go       … its deadlines, TLS
//	fetch.go      a window of messages fetched, and asked for one by one where the server does not give them
//	body.go       a message's bytes, in memory or in a file; a batch
//	storer.go     batches handed to the Sink while the next is read
//
// A server's oddity begins as a server that behaves so: beside TestServersThatDoNotLetUsIn, or as a row of TestNonsense.
// A new way to log in is a case of login (session.go).
//
// # Limits
//
// One folder on one connection; nothing is ever written to the server. go-imap closes the connection at an untagged
// reply it does not know (VANISHED): we come back, and the error names the reply. Passwords only, no OAuth.
package mailbox
