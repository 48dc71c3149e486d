// Package pectest is a PEC provider for tests, benchmarks and the demo: it
// certifies messages the way Italian providers do, byte shape included, and it
// forges them in every way the verifier must refuse.
//
//   - [Authority] is a root and an intermediate like AgID's; [Provider] holds a
//     signing certificate issued by it and the mail domains it manages.
//   - [Provider.Transport], [Provider.Anomaly] and [Provider.Receipt] make signed
//     envelopes; a [Variation] changes one thing about them.
//   - [World] holds several providers and makes the two corpora: [World.Genuine]
//     and [World.Forgeries].
//   - [Server] is the provider's SMTP submission server, whose receipts and
//     failures are chosen letter by letter.
//   - [Backlog], [Provider.Large] and [Office.Samples] make the mail of benchmarks
//     and scenarios.
//
// # Where to look
//
//	pectest.go, authority.go, index.go   a provider, its certificates and its row of the index
//	world.go, office.go   several providers; the request desk that they write to
//	message.go            what customers write
//	draft.go              an envelope before it is signed: everything that a Variation can change
//	envelope.go           … signed; its parts:
//	daticert.go, notice.go, cms.go   … certification data, the text for people, the signature
//	genuine.go            what must be proved:
//	genuinereal.go        … in the very shape of single providers,
//	genuinemarket.go      … by providers as the index knows them,
//	genuineyears.go       … of past years,
//	genuinehabit.go       … as relays and filters leave it,
//	genuineform.go        … with signatures in other forms,
//	genuinedata.go        … with daticert.xml written otherwise,
//	genuinemail.go, genuineoriginal.go, genuineway.go   … with other headers, originals, ways of writing
//	forge.go              what must be refused:
//	forgesender.go        … the original is not by the mittente,
//	forgesigned.go, forgedata.go, forgexml.go   … the signed part, or daticert.xml in it, is not what it seems,
//	forgecms.go, forgeform.go, forgesigner.go   … the signature, or who signed,
//	forgekey.go, forgepath.go   … the certificate, or its path to a root,
//	forgeheader.go, forgelines.go, forgebound.go, forgereader.go   … what readers take in two ways,
//	forgemore.go          … what does not fit elsewhere
//	server.go, session.go, postman.go   the SMTP server, and the receipts that it sends
//	samples.go, backlog.go, large.go    mail in quantity
//
// A new sample is one call of ok (genuine.go) or no (forge.go), with a name of its
// own, beside its like; a new group of them, a function in the list there. The tests
// of package pec take all of them, and compare with openssl.
//
// Limits: keys are generated when a provider is made, so signatures differ from
// run to run though everything else is repeatable. Nothing here verifies
// anything, and nothing here is fit to certify real mail.
package pectest
