package rules

import (
	"html"
	"strings"
	"testing"
)

// underName are the ways in which a line stands below a signature, or in a line with an
// address; from the fifth on only what binds the request is tried.
func underName(line string) []string {
	inHTML := func(name string) string {
		return "html:<div>" + html.EscapeString(coreForm) + "</div><div>" + name + "<br>" + html.EscapeString(line) + "</div>"
	}
	return []string{
		coreForm + "\n\nCordiali saluti\nMario Rossi\n" + line,
		coreForm + "\n\nMario Rossi\n\n" + line,
		coreForm + "\n\nCordiali saluti\nMario Rossi\nvia Roma 3, Lecce - tel. 0832 555123\n" + line,
		inHTML("Mario Rossi"), inHTML("<b>Mario Rossi</b><br>via Roma 3 - tel. 0832 555123"),
		coreForm + "\n\nMario Rossi\nvia Roma 3, Lecce - tel. 0832 555123 - " + line,
		coreForm + "\n\nvia Roma 3, Lecce | tel. 0832 555123 | " + line,
		coreForm + "\n\nMario Rossi\nvia Roma 3, Lecce, tel. 0832 555123, " + line,
		"Mario Rossi\nvia Roma 3, Lecce - tel. 0832 555123 - " + line + "\n\n" + coreForm + "\n\nMario Rossi",
	}
}

// Below the writer's name trades, hours and feasts change nothing; what binds the request
// is seen there, and in a line with an address too.
func TestFurniture(t *testing.T) {
	s := defaultSet(t)
	read := func(text string) Outcome {
		m := request("Disattivazione casella", text)
		if page, ok := strings.CutPrefix(text, "html:"); ok {
			m.Text, m.HTML = "", page
		}
		return s.Read(m).Outcome
	}
	for _, line := range tradesBelow {
		for _, text := range underName(line)[:5] {
			if got := read(text); got != Accept {
				t.Errorf("%s: %s", got, text)
			}
		}
	}
	for _, line := range saidBelow {
		for _, text := range underName(line) {
			if read(text) == Accept {
				t.Errorf("accepted: %s", text)
			}
		}
	}
}

// tradesBelow is printed for everybody, saidBelow binds the request.
var (
	tradesBelow = []string{
		"Prove: martedì e giovedì ore 21",
		"Prove del coro: lunedì ore 20.45, sala parrocchiale",
		"PROSSIMI PRELIEVI: 14 marzo, 13 giugno, 12 settembre - ore 8-11",
		"Prossimi appuntamenti: 12 marzo cena sociale, 3 aprile gita a Loreto",
		"prove di carico, monitoraggi strutturali, diagnosi energetiche",
		"segreteria telefonica sempre attiva",
		"segreteria telefonica 24 ore su 24",
		"Reception 24h - chiusura stagionale dal 7 gennaio al 28 febbraio",
		"apertura stagionale da Pasqua a ottobre",
		"turno notturno: settimana dal 22 al 28 febbraio, chiamata 0742 81 30 55",
		"farmacia di turno: sabato 6 e domenica 7 marzo",
		"Si riceve esclusivamente previo appuntamento",
		"visite solo su appuntamento, tel. 0932 55 10 20",
		"5x1000 alla nostra associazione: C.F. 92012340567",
		"Azienda certificata ISO 9001:2015 e ISO 14001:2015",
		"Sistema qualità certificato UNI EN ISO 9001 - cert. n. 2210",
		"Iscritta al registro delle imprese di Cuneo, REA CN 188220",
		"Capitale sociale euro 10.000,00 interamente versato",
		"Responsabile del procedimento: rag. Pierluigi Tonti",
		"orari segreteria: lun-ven 10.30-12.30",
		"ufficio aperto al pubblico dal lunedì al venerdì 11-13",
		"Lezioni di teoria: ore 10 / 15 / 18 / 20",
		"corsi serali e preparazione esami, recupero punti",
		"v.le Diaz 5 (citofono Bianchi)",
		"riunioni: lupetti sab 15.30, reparto sab 17",
		"riunione soci: venerdì ore 21, poi tutti al bar",
		"riunione settimanale: giovedì ore 20, Hotel Europa",
		"Lep pozdrav, cordiali saluti",
		"Mit freundlichen Grüßen",
		"\"Il cliente ha sempre ragione, il lunedì un po' meno\"",
		"m. 348 77 21 096 (in auto: lasciare messaggio)",
		"fax 0331 20 11 09 (attivo solo la mattina)",
		"fornace visitabile lun-ven 10-16",
		"biblioteca: mar-sab 15-19 - 0587 29 98 04",
		"laboratorio di terracotta il sabato",
		"Catechismo: sabato ore 15 - Oratorio: domenica dalle 15",
		"SS. Messe: feriale 18, festivo 8 - 10 - 18.30",
		"Confessioni il sabato dalle 16",
		"pensione per cani e gatti, addestramento, vaccini",
		"pronto soccorso notturno e festivo 366 80 51 117",
		"onoranze funebri, servizio 24 ore, cremazioni",
		"noleggio ponteggi - lavori in quota - preventivi gratuiti lun/sab 8-19",
		"Autotrasporto c/terzi albo TO/2204417",
		"consegne a domicilio dal martedì al sabato",
		"mercati: lunedì Asti, mercoledì Alba, venerdì Canelli",
		"produzione propria, vendita all'ingrosso e al minuto",
		"allenamenti: martedì e giovedì 18.30, palestra Coni",
		"prossima partita: domenica 7 febbraio ore 14.30",
		"Stagione teatrale 2026/2027",
		"abbonamenti e biglietti: botteghino mar-ven 17-19",
		"dal 1958 al servizio degli agricoltori",
		"specialista in ortodonzia, protesi e implantologia",
		"amministrazioni condominiali, locazioni, successioni",
		"centralino 0376 52 01 88 - lun/gio 8.30-17, ven 8.30-13",
		"Chambres avec vue sur le lac - Rooms with lake view",
		"Sportello IMU: mercoledì 14-17",
		"partenze da Olbia: sabato ore 9, rientro domenica sera",
		"numero verde gratuito, anche da cellulare",
		"Banda musicale - majorettes - scuola allievi dai 7 anni",
		"Cena sociale: sabato 13 febbraio",
		"Mostra \"Colori d'inverno\" dal 6 dicembre al 6 gennaio",
		"Sagra della porchetta 5-6-7 giugno",
		"Festa del patrono: 24 agosto",
	}
	saidBelow = []string{
		"PS: la disattivazione dal 31 gennaio",
		"P.S. non prima di marzo",
		"N.B. attendere conferma",
		"Nota: da confermare",
		"Nota: chiudere a fine mese",
		"dimenticavo: dal 31 dicembre",
		"aggiungo: non prima del 15 marzo",
		"Decorrenza: 31 dicembre",
		"Decorrenza 31/12/2026",
		"decorrenza: fine anno",
		"a partire dal 1° marzo",
		"dal 1° marzo",
		"dal 31 gennaio",
		"entro Natale",
		"dopo le feste",
		"dopo Pasqua",
		"a fine mese",
		"da febbraio",
		"a gennaio",
		"fine febbraio",
		"non prima di lunedì",
		"martedì",
		"in attesa di delibera",
		"in attesa del commercialista",
		"in attesa di conferma dal commercialista",
		"previa delibera del consiglio",
		"salvo diverso accordo",
		"salvo ripensamenti",
		"previo accordo telefonico",
		"bozza",
		"BOZZA del 12 gennaio",
		"prova",
		"solo una prova",
		"prova di invio",
		"da firmare",
		"da inviare lunedì",
		"da mandare a gennaio",
		"firma del presidente: segue",
		"segue firma del marito",
		"visto: si attende il socio",
		"Prossima riunione del consiglio: 15 marzo, decide",
		"Assemblea per la decisione: 15 marzo",
		"Scadenza contratto: 31 marzo",
		"Ultimo giorno di lavoro: 28 febbraio",
		"Chiusura dal 1 marzo",
		"chiusura: dal 7 gennaio",
		"disattivazione: lunedì 8 febbraio",
		"Casella: chiusa a marzo",
		"rimborso su IBAN IT60X0542811101000000123456",
		"IBAN IT60X0542811101000000123456",
		"IBAN per il rimborso: IT60X0542811101000000123456",
		"Conto: IBAN IT60X0542811101000000123456 (mia moglie)",
		"per conto di Anna Bianchi",
		"firmato dalla figlia Anna Bianchi",
		"p. il titolare, la segretaria",
		"Il titolare: Anna Bianchi",
		"scritto da mia figlia",
		"pratica sospesa",
		"pratica trattata da: avv. Anna Bini, attendere sua conferma",
		"Referente: dott. Bini, sentire prima lui",
		"Responsabile: il commercialista, sentitelo prima",
		"Questa casella riceve le notifiche del tribunale fino a marzo",
		"anche la casella info@pec.example.it",
		"anche le altre due",
		"insieme alla seconda casella",
		"con il dominio",
		"con il dominio e la posta",
		"stessa cosa per il dominio",
		"telefonare prima di procedere",
		"tel. 348 77 21 096, chiamare prima",
		"chiamare prima dell'operazione, ore serali",
		"ore 21, richiamare",
		"operativa fino al 31 marzo",
		"attiva fino al 7 marzo",
		"in funzione fino a giugno",
		"servizio attivo sino a febbraio",
		"stagione finita, poi si chiude",
		"gara aperta fino al 20 dicembre",
		"concorso: domande entro il 28 febbraio",
		"fatture in arrivo fino a febbraio",
		"ultime consegne a febbraio",
		"scadenze: IVA 16 marzo, poi basta",
		"udienza: 12 marzo",
		"collaudo: 12 marzo",
		"nuova sede dal 1° marzo",
		"nuova PEC dal 1° marzo",
		"in carica fino al 31 marzo",
		"presidente fino al 31 marzo",
		"presidente uscente",
		"in attesa di nomina",
		"subentro: 1 marzo",
		"cessione d'azienda: 1 marzo",
		"ferie dal 1 al 15 marzo, procedete dopo",
		"ferie fino al 15 marzo",
		"rientro il 15 marzo",
		"assente fino al 15 marzo",
		"contatto dal 15 marzo: 348 77 21 096",
		"tempo fino a sabato",
		"mercoledì vi dico",
		"lunedì richiamo",
		"sabato la firma",
		"giovedì il resto",
		"urgente ma non subito",
		"tra un mese",
		"tra due settimane",
		"fra quindici giorni",
		"ancora in uso",
		"valida fino a marzo",
		"efficacia: 31 marzo",
	}
)
