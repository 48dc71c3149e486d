// Package console is the operators' web console and the JSON API. Browser,
// command line and scripts speak to the same handlers.
//
// Pages are made by the server from embedded templates and work without
// JavaScript; a little of it keeps them live, previews letters in place and
// gives the keyboard its moves. Nothing is loaded from elsewhere, and nothing
// that a customer wrote is ever shown but as text, or as a picture whose type
// was looked at first.
//
// # Where to look
//
//	console.go, page.go   the parts; how a page is made
//	desk.go               what is asked of the desk behind
//	routes.go, schema.go  the JSON API: one list makes handlers, roles, schema and table
//	api.go, apimessage.go, peopleapi.go  … its answers
//	socket.go             … over the daemon's socket: who acts there
//	queue.go, csv.go      the queue
//	case.go, brief.go     a case, and its few lines in brief
//	event.go              … an entry of its journal in a sentence
//	act.go, foureyes.go   an act and its preview; approvals that two persons make
//	message.go, parts.go  a message and its files
//	export.go             the dossier
//	letters.go            letters that wait, and incidents
//	stats.go, chart.go    statistics
//	deskpages.go          trust, procedures, log and system
//	journal.go            the journal by who did it, and when
//	live.go, presence.go  pages that change by themselves; who else looks at a case
//	login.go, session.go, throttle.go    who it is,
//	user.go, password.go, peoplepages.go … and the users
//	words.go, format.go   Italian and English: words.txt, dates, numbers
//	sentences.go          the sentences of rules in Italian: sentences.txt
//
// A new column of the queue is a field of Row, filled by RowOf (api.go), which the API
// then answers; its cell in columns (csv.go), in pages/queue.html, which shows the case
// itself, and in queueTable of cmd/sportello/queue.go. What a case does not hold yet
// begins in rules/case.go.
//
// A third language is a column more in words.txt (words.go) and sentences.txt (sentences.go), its dates and
// numbers in format.go, and its place in Languages. A kind of file that is shown in place is a type in parts.go. What
// a role may do is in routes.go and console.go, beside each address; the roles themselves in user.go. Keys are in
// static/console.js.
//
// A new page is a template in pages/, its handler, its place in console.go and its
// words in words.txt; a new address of the API, a row of routes. Tests miss a word,
// a sentence or a role.
//
// Limits: it shows and asks; every decision and every change is made behind
// the Desk interface. Presence and throttling live in this process's memory.
package console
