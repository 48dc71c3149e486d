// Command sportello is the request desk of a PEC provider: it reads the
// request mailboxes, proves who signed each message, decides, answers, and
// keeps the evidence. `sportello help` teaches every verb.
//
// # Where to look
//
//	main.go, root.go      the program, the flags of every verb
//	run.go, admin.go      the daemon, and what its owner may ask of it
//	wire.go, web.go       configuration → desk, console
//	serve.go              what a client may keep of the daemon
//	metrics.go            for monitors
//	config.go             sportello.toml: its keys and their defaults,
//	configvalue.go        … durations, sizes, secrets,
//	configcheck.go        … what can be wrong in it without any network,
//	configplace.go        … or on this machine,
//	configerror.go        … each mistake with its line
//	configcmd.go          config check
//	restart.go            which keys a reload puts in force
//	demo.go, demosamples.go, demoscreen.go   demo
//	check.go              check
//	queue.go, watch.go, show.go, files.go    queue: the lists, a case
//	acts.go               … and the verbs that change one
//	parked.go, letters.go, procedures.go, log.go, stats.go, incidents.go, trust.go, user.go, token.go
//	registry.go           registry
//	keep.go               backup, restore, purge, redact, verify
//	docs.go               manual pages and completions, for packages
//
// What verbs share:
//
//	client.go, inprocess.go   questions to the daemon, or to the store when it is stopped
//	list.go, table.go, meter.go   lists as table or JSON; how far long work is
//	complete.go           words that a shell offers
//	owner.go, texts.go    whose the data folder is; where the texts are installed
//
// A new verb is a file here and a word in root.go, or a line in its group's; what it asks
// of the daemon goes through ask (keep.go) to an address of the API (console/routes.go;
// admin.go for the owner alone). Manual pages and completions come of themselves. A new key, its field in config.go
// with its check in configcheck.go and its line in packaging/sportello.toml (a test
// misses it).
//
// Limits: Linux; one daemon for a data folder. While it is stopped nothing
// can be decided: the verbs that only look read the database.
package main
