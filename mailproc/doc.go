// Package mailproc is the desk at work: it receives messages, decides them,
// watches the clock, acts on mailboxes and sends letters — one stage a file.
//
// A stage takes its work from the store, never from the stage before it, and
// wakes on a kick or on its timer. Killed anywhere, the next start goes on:
//
//	receive  IMAP folder → archive, message, verdict, cursor (one transaction a batch)
//	decide   pending message → case, decision, letters owed, deadlines
//	clock    what falls due with time: steps, lapses, warnings
//	act      actions on the mailbox, journaled before and after
//	send     letters out, the attempt recorded before dialling
//
// # Where to look
//
// The stages, and what each leans on:
//
//	desk.go               the desk: what it is made of, what starts and ends together
//	receive.go, intake.go receive: a mailbox read from its cursor, a batch taken in
//	read.go               … whether everything was read by an instant
//	facts.go, guard.go    … what a message says, as rules want it; one that breaks its reader
//	decide.go, judge.go   decide; and the same for `sportello check`, without a store
//	registry.go           … what is known of mailboxes and orders:
//	registrycsv.go        … from files, looked through when they are read,
//	registryhttp.go       … or from the provider's own service
//	clock.go              clock: what falls due with time
//	act.go, action.go     act: a step, and how it may end:
//	actioncmd.go          … by a command,
//	actionhttp.go         … by a signed request
//	send.go, budget.go    send: the outbox; so many letters to an address and no more
//	gate.go               … the server takes none at all for a while,
//	uncertain.go          … a letter that perhaps went, and the receipts that tell,
//	cause.go              … what they say of one that did not arrive,
//	early.go              … those that came before it;
//	silence.go            … none come at all,
//	restored.go           … or a backup was restored since it went
//	underway.go           what is begun outside the store, and let end when the desk stops
//
// Persons, and what they are told:
//
//	office.go             the desk as operators see it: queue, cases, acts;
//	revoked.go            … a revocation that may mean several, and the act that takes them back;
//	officeview.go         … journal, incidents, open letters, users
//	byhand.go, replay.go  a parked message made a case, or looked at again
//	retry.go, heal.go     what waits is tried now; waits that a wrong clock made are shortened
//	watch.go              who wants to hear that something changed
//	house.go              disk, clock and the providers' index are looked at
//	documents.go          copies of documents go when their days are over
//	purge.go              … and what is closed, every night, when its retention is over
//	incident.go           what a person must be told of, noted with its event
//	alert.go, alertsend.go … told while it lasts, by command, webhook or mail
//	mask.go               addresses in a server's words, made unreadable
//	metrics.go, progress.go, notify.go   for monitors: figures, stages that hang, systemd
//
// # What is added often
//
//	an incident           d.raise, or d.raiseIn with what is recorded, under its kind, and its end (clear);
//	                      one of a case: incidentOf, ofCases and over (incident.go). Its kind in words.txt and its
//	                      text in sentences.txt of the console
//	a way to alert        an AlertSender (alertsend.go); its keys (cmd/sportello/config.go), chosen by alerts
//	                      (cmd/sportello/wire.go)
//	a figure              counted in metrics.go, named for Prometheus in cmd/sportello/metrics.go; what one
//	                      wakes for, in packaging/prometheus-alerts.yml
//	a source of registry  a Registry (registry.go); its keys likewise, chosen by openRegistry
//	a retention           of what is closed: Retention (store/purge.go), made in cmd/sportello/admin.go from [retention] and a
//	                      procedure's keep; of copies of documents: documents.go
//	a chore               what is looked at every minute, or done once a day: a line of house (house.go)
//	a header of letters   submit/compose.go, for every letter; from the case: compose (send.go)
//	an address of the API console/routes.go; for the socket's owner alone, cmd/sportello/admin.go
//
// Limits: one desk per database; the request mailboxes are read, never changed.
package mailproc
