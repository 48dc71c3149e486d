package rules

import (
	"strings"
	"testing"
)

// withdrawals are ways to fill the other form.
var withdrawals = `Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d\'ordine 300123456 per il pannello di controllo MROSSI -EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d\'ordine 300123456 per il pannello di controllo MROSSI -EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso e chiede il rimborso.
La sottoscritta società Rossi S.r.l. dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d\'ordine 300123456 per il pannello di controllo MROSSI -EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Io sottoscritto Mario Rossi dichiaro di non avere più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente, indipendentemente dalla scadenza effettiva, avvalendomi del diritto di recesso.
Il sottoscritto Mario Rossi dichiara di non aver piu' intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine n. 300123456 del 10/11/2026 per il pannello di controllo MROSSI-EURO, consapevole che la casella verra' cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it, rinnovata con n° ordine 300123456, per il pannello di controllo "MROSSI-EURO", consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine: 300123456 per il pannello di controllo: MROSSI - EURO consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva avvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d’ordine __300123456__ per il pannello di controllo __MROSSI__ -EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO -EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo mrossi-euro, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.\n\nRestando in attesa del rimborso, porgo distinti saluti.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.\nResto in attesa di conferma dello storno.
Oggetto: esercizio del diritto di recesso\n\nIl sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizare la casella PEC mario.rossi@pec.example.it rinovata con numero d'ordine 300123456 per il panello di controlo MROSSI-EURO, consapevole che la casella verrà cancelata alla ricezzione della presente indipendentemente dalla scadenza efettiva, avalendosi del dirito di reccesso.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it\nrinnovata con numero d'ordine 300123456\nper il pannello di controllo MROSSI-EURO,\nconsapevole che la casella verrà cancellata alla ricezione della presente\nindipendentemente dalla scadenza effettiva,\navvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi, nato il 12/03/1971 a Lecce, residente in via Roma 3, C.F. RSSMRA71C12E506X, dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Spett.le Gestore,\nai sensi delle condizioni di servizio il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata automaticamente con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 in data 10/11/2026 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso. Chiedo pertanto il rimborso dell'importo pagato.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso, avendo chiuso la propria attività.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it, rinnovata con numero d'ordine 300123456 in data 2 novembre 2026, per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
La società Rossi S.r.l. dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.\nMario Rossi\nAmministratore unico
Io sottoscritto Mario Rossi dichiaro di non avere più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con n. d'ordine 300123456 per il pannello MROSSI-EURO, consapevole che la casella sarà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendomi del diritto di recesso.
Il sottoscritto Mario Rossi, avvalendosi del diritto di recesso, dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata automaticamente con numero d'ordine 300123456 per il pannello di controllo MROSSI - EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso entro i 30 giorni.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO per un importo di 36,60 euro, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso e chiede il rimborso di quanto pagato.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, ed è consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, e si avvale del diritto di recesso.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it, essendo passato ad altro gestore, rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi, nato a Bari il 3/4/1970, C.F. RSSMRA70D03A662X, residente in Bari, via Sparano 10, dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente, indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Casella: mario.rossi@pec.example.it\nOrdine: 300123456\nPannello: MROSSI-EURO\n\nIl sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi\ndichiara\n- di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO;\n- di essere consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva;\n- di avvalersi del diritto di recesso.
Il sottoscritto Mario Rossi dichiara di non voler più utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con n. ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella sarà eliminata al ricevimento della presente a prescindere dalla scadenza effettiva, esercitando il diritto di recesso.
Il sottoscritto Mario Rossi dichiara che non intende più utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con ordine n. 300123456 per il pannello di controllo MROSSI-EURO, ben sapendo che la casella verrà cancellata alla ricezione della presente indipendentemente dalla effettiva scadenza. Si avvale del diritto di recesso.
Io Mario Rossi dichiaro che non ho più intenzione di usare la casella PEC mario.rossi@pec.example.it, rinnovata con ordine 300123456 per il pannello MROSSI-EURO, e sono consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva. Mi avvalgo del diritto di recesso.
Il sottoscritto Mario Rossi comunica di non avere più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 (pannello di controllo MROSSI-EURO), consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi, ai sensi del diritto di recesso, dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine #300123456 per il pannello di controllo denominato MROSSI-EURO, consapevole che la stessa verrà cancellata alla ricezione della presente indipendentemente dalla sua scadenza effettiva (avvalendosi del diritto di recesso).
Con la presente il sottoscritto Mario Rossi recede dal rinnovo e dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d'ordine 300123456 per il pannello di controllo MROSSI-EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso.
Il sottoscritto Mario Rossi dichiara di non aver più intenzione di utilizzare la casella PEC mario.rossi@pec.example.it rinnovata con numero d\'ordine 300123456 per il pannello di controllo MROSSI -EURO, consapevole che la casella verrà cancellata alla ricezione della presente indipendentemente dalla scadenza effettiva, avvalendosi del diritto di recesso ex art. 52 Codice del consumo.`

func TestWaysToWithdraw(t *testing.T) {
	s := defaultSet(t)
	for line := range strings.SplitSeq(withdrawals, "\n") {
		for _, subject := range []string{"Recesso", "Diritto di recesso dal rinnovo", "Recesso rinnovo casella PEC ordine 300123456", "Richiesta rimborso rinnovo", "Recesso entro 30 giorni"} {
			m := request(subject, strings.ReplaceAll(line, `\n`, "\n"))
			m.Mailbox = "customer.service"
			if r := s.Read(m); r.Outcome != Accept || r.Fields["ordine"] != "300123456" || !strings.EqualFold(r.Fields["pannello"], "MROSSI") {
				t.Errorf("%s: %s\n\t%s %s: %v %q %v", subject, line, r.Outcome, r.Reason, r.Reasons, r.Explanation.LeftOver, r.Fields)
				break
			}
		}
	}
}

// besideWithdrawal is what stands round a withdrawal, FORM for its words.
var besideWithdrawal = `FORM In attesa del rimborso, cordiali saluti.
FORM In attesa di un Vs. riscontro in merito allo storno, cordiali saluti.
FORM Resto in attesa dello storno con lo stesso metodo di pagamento.
FORM Grazie per lo storno.
FORM Importo: 30,50 euro
FORM Importo dell'ordine: € 30,50
FORM Ordine del 10/11/2026.
FORM Data ordine: 10 novembre 2026
Lecce, 10/11/2026\n\nFORM
FORM\n\nLecce 10 novembre 2026
FORM\n\nNapoli, li 10.11.2026 - Mario Rossi
Spett.le\nGestore PEC\nServizio Clienti\n\nOggetto: recesso dal contratto\n\nFORM
Spett.le Servizio Clienti,\ncon la presente, ai sensi delle condizioni contrattuali,\nFORM
OGGETTO: DICHIARAZIONE DI RECESSO\nFORM
Oggetto: Dichiarazione di recesso ordine n. 300123456 del 10/11/2026\nFORM
Dichiarazione di recesso\n\nFORM
DICHIARAZIONE\nFORM
DICHIARAZIONE DI RECESSO\n\nFORM\n\nFirma\nMario Rossi
Da: Mario Rossi\nA: Servizio Clienti\nOggetto: recesso\n\nFORM
Buongiorno,\ninvio la dichiarazione di recesso come da vostro esempio:\n\nFORM
Come da esempio sul vostro sito: FORM
Come da fac-simile sul sito: FORM
Rif. ordine 300123456\nFORM
Ordine n. 300123456 - casella mario.rossi@pec.example.it\nFORM
In riferimento al rinnovo automatico dell'ordine 300123456, FORM
In riferimento all'ordine 300123456 del 10/11/2026 FORM
In relazione al rinnovo automatico, FORM
Entro i 30 giorni previsti, FORM
Nel rispetto dei termini previsti, FORM
Entro i termini previsti, FORM
A seguito del rinnovo automatico, FORM
Con riferimento al rinnovo in oggetto, FORM
> La invitiamo a compilare il modulo\n>\n> Il sottoscritto ____ dichiara\n\nFORM
Il giorno 10 nov 2026, alle ore 09:12, Servizio Clienti <clienti@pec.example.com> ha scritto:\n> Gentile cliente, compili\n\nFORM
FORM\n\nIl giorno mar 10 nov 2026 alle ore 09:12 Servizio Clienti\n<clienti@pec.example.com> ha scritto:\n\n> Gentile cliente,\n> Il sottoscritto ______ dichiara
FORM\n\nDa: Servizio Clienti <clienti@pec.example.com>\nInviato: martedì 10 novembre 2026 09:12\nA: mario.rossi@pec.example.it\nOggetto: rinnovo\n\nGentile cliente
FORM\n\n-----Messaggio originale-----\nDa: Servizio\nInviato: martedì\nA: Mario\nOggetto: x\n\nGentile cliente non potete
FORM\n\n________________________________\nDa: Servizio Clienti <clienti@pec.example.com>\nInviato: martedì 10 novembre 2026 09:12\nA: mario.rossi@pec.example.it\nOggetto: rinnovo
FORM Inviato con Libero Mail
FORM\n\n--------\nMario Rossi
FORM\n\n---\nMario Rossi
FORM\n\n* * *
FORM\n\n=====
FORM\nMario Rossi\nPer contatti: 333 1234567
FORM\nMario Rossi\nCell: 333 1234567\nEmail: mario@example.org
FORM\nMario Rossi - mario@example.org - 333 1234567
FORM\nMario Rossi\nmario@example.org
FORM\nMario Rossi\n(documento firmato digitalmente ai sensi dell'art. 24 del D.Lgs. 82/2005)
FORM\nFirmato digitalmente da Mario Rossi
FORM\n\nMario Rossi nato a Lecce il 12/03/1971`

func TestAroundAWithdrawal(t *testing.T) {
	s := defaultSet(t)
	form := strings.Split(withdrawals, "\n")[0]
	for line := range strings.SplitSeq(besideWithdrawal, "\n") {
		m := request("Recesso", strings.NewReplacer("FORM", form, `\n`, "\n").Replace(line))
		m.Mailbox = "customer.service"
		if r := s.Read(m); r.Outcome != Accept {
			t.Errorf("%s\n\t%s %s: %v %q", line, r.Outcome, r.Reason, r.Reasons, r.Explanation.LeftOver)
		}
	}
}

// One turn changed makes another declaration of it, which a person reads.
func TestAlteredWithdrawals(t *testing.T) {
	s := defaultSet(t)
	for _, c := range [][2]string{
		{"di non aver più", "di aver"},
		{"di non aver più", "di voler"},
		{"di non aver più intenzione di utilizzare", "di voler utilizzare"},
		{"di non aver più intenzione di utilizzare", "che intende utilizzare"},
		{"di non aver più intenzione di utilizzare", "che ha intenzione di mantenere"},
		{"di utilizzare", "di cancellare"},
		{"di utilizzare", "di rinnovare"},
		{"consapevole che", "non consapevole che"},
		{"verrà cancellata", "non verrà cancellata"},
		{"verrà cancellata", "verrà mantenuta"},
		{"verrà cancellata", "verrà sospesa"},
		{"verrà cancellata", "sarà riattivata"},
		{"alla ricezione della presente indipendentemente dalla", "alla"},
		{"alla ricezione della presente indipendentemente dalla scadenza effettiva", "alla scadenza naturale"},
		{"indipendentemente dalla", "solo alla"},
		{"avvalendosi del", "rinunciando al"},
		{"avvalendosi del", "non avvalendosi del"},
		{"avvalendosi del", "riservandosi il"},
		{"dichiara", "non dichiara"},
		{"dichiara", "dichiarerà"},
		{"dichiara", "dichiarava"},
		{"rinnovata", "non rinnovata"},
		{"rinnovata", "da rinnovare"},
		{"di non aver più intenzione di utilizzare", "di non sapere più utilizzare"},
		{"di non aver più intenzione di utilizzare", "di non poter più utilizzare"},
		{"di non aver più intenzione", "di non aver ancora intenzione"},
		{"di non aver più intenzione", "di non aver mai avuto intenzione"},
		{"alla ricezione", "un mese dopo la ricezione"},
		{"alla ricezione della presente", "all'arrivo della nuova"},
		{"diritto di recesso", "diritto di ripensamento"},
		{"Il sottoscritto Mario Rossi", "Mia madre Anna Rossi"},
		{"Il sottoscritto Mario Rossi", "L'ing. Mario Rossi mi incarica e"},
		{"Il sottoscritto Mario Rossi", "Il signor Mario Rossi"},
		{"la casella PEC", "solo una delle caselle PEC"},
		{"effettiva", "effettiva del contratto in corso con altri"},
		{"consapevole che la casella verrà cancellata", "sapendo che la casella resterà"},
	} {
		if !strings.Contains(coreWithdrawal, c[0]) {
			t.Fatalf("%q is no part of the form", c[0])
		}
		m := request("Recesso", strings.Replace(coreWithdrawal, c[0], c[1], 1)+"\nMario Rossi")
		m.Mailbox = "customer.service"
		if r := s.Read(m); r.Outcome != Review {
			t.Errorf("%q for %q: %s %s", c[1], c[0], r.Outcome, r.Reason)
		}
	}
}
