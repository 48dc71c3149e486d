package rules

import (
	"strings"
	"testing"
)

// messages whose reading is timed: the daemon's budget for all it does with a
// message is about 150 µs.
func benchmarks(tb testing.TB) map[string]Message {
	withdrawal := request("Recesso", strings.Split(withdrawals, "\n")[0])
	withdrawal.Mailbox = "customer.service"
	html := request("Disattivazione casella", "")
	html.HTML = "<html><head><style>p{margin:0}</style></head><body><p>Buongiorno,</p><p>" + coreForm + "</p><p>Cordiali saluti<br>Mario Rossi</p></body></html>"
	return map[string]Message{
		"plain":      request("Disattivazione casella", plainRequest),
		"withdrawal": withdrawal,
		"html":       html,
		"typos":      request("Disattivazione casella", besideForm(tb, "filled.txt")[4]),
		"story":      request("Disattivazione casella", "Gentili signori,\nho cucito vestiti per quarantasei anni, prima a casa di mia suocera e poi in un negozietto sotto i portici, e questa posta certificata me l'aveva fatta fare la ragazza della Confartigianato. Adesso gli occhi non mi aiutano più e il negozio l'ho dato via in primavera. Quindi questa casella proprio non mi serve.\n\n"+coreForm+"\n\nVi auguro ogni bene.\nMario Rossi"),
		"free":       request("Chiusura", "Buongiorno, vorrei chiudere la mia casella perché cambio lavoro e passo ad altro gestore. Come devo fare? Grazie, Mario Rossi"),
		"long":       request("Disattivazione casella", strings.Repeat("Una riga di testo che non c'entra nulla con la richiesta.\n", 400)+coreForm),
	}
}

func BenchmarkRead(b *testing.B) {
	s := defaultSet(b)
	for name, m := range benchmarks(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Read(m)
			}
		})
	}
}

func BenchmarkDecide(b *testing.B) {
	s := defaultSet(b)
	m := request("Disattivazione casella", plainRequest)
	f := Facts{Registry: true, Ours: true, SHA1: "review", Read: m.Delivered, Mailbox: &MailboxFact{Address: m.Sender, Status: "active", Holder: "Mario Rossi"}}
	r := s.Read(m)
	b.ReportAllocs()
	for b.Loop() {
		if d := s.Decide(m, r, f); d.Outcome != Accept {
			b.Fatal(d.Outcome, d.Reason)
		}
	}
}
