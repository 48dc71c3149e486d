package rules

import "strings"

// phrase is a run of words, each place with its choices; it means something
// that its words alone do not.
type phrase struct {
	sign   string // "" for an idiom, which means nothing
	places [][]string
	except []string // words that must not follow
}

// phrases are found by the first two letters of their first word.
var phrases = func() map[string][]phrase {
	m := map[string][]phrase{}
	for line := range strings.SplitSeq(idioms+"\n"+turns, "\n") {
		sign, words, found := strings.Cut(strings.TrimSpace(line), ": ")
		if !found {
			sign, words = "", sign
		}
		p := phrase{sign: sign}
		for place := range strings.FieldsSeq(words) {
			if not, yes := strings.CutPrefix(place, "!"); yes {
				p.except = strings.Split(not, "|")
				continue
			}
			p.places = append(p.places, strings.Split(place, "|"))
		}
		if len(p.places) == 0 {
			continue
		}
		keys := map[string]bool{}
		for _, w := range p.places[0] {
			if key := (w + " ")[:2]; !keys[key] {
				keys[key] = true
				m[key] = append(m[key], p)
			}
		}
	}
	return m
}()

// idioms hold words that would be a sign by themselves.
const idioms = `chi l avrebbe|avrebbero mai detto
	non vale|valeva la candela|pena|spesa
	fare|far|faccio|facciamo|farne a meno !che
	non esitate|esiti|esitare
	se|ove|qualora necessario|occorre|occorra
	salvo errori
	se non sbaglio|erro
	se non ricordo male
	se ricordo bene
	se dio vuole
	se non e|sia|strettamente|davvero necessario|indispensabile|strettamente
	non vale|val la pena
	solo se serve
	se vedum|vedemo|vedem
	nient|niente|senz altro
	senza dubbio|indugio|ritardo|impegno
	nulla da eccepire
	a|ad ogni|buon buon|fine
	una volta per tutte
	ancora una volta
	da|d ora|oggi in poi
	fin|sin|prima d ora
	non so|sappiamo piu che|cosa farmene|farcene|farne
	non so|sappiamo che|cosa farmene|farcene|farne
	recesso con effetto immediato
	nessun caso di|assistenza
	niente osta da
	sostituisce l originale
	non segue|seguira in|l originale
	non segue|seguira originale|cartaceo|alcun
	originale cartaceo|analogico
	non vedo|vediamo l ora
	ringrazio|grazie per ora
	se non chiedo|disturbo troppo
	ora tarda
	buon fine settimana
	voglio|vogliamo bene
	alla prossima vita|avventura|volta
	lascia|lasciaci|lasciate una|la recensione
	dovrebbe|dovrebbero essere giusto|giusta|corretto|corretta|esatto|esatta|tutto|quello|quella|giusti|corretti|ok|sufficiente
	se|ove richiesto|richiesta|richiesti|richieste|gradito|gradita|utile|opportuno
	nulla|niente a pretendere
	come potete|potrete|puo vedere|notare|constatare|capire|immaginare
	sarebbe bello|stato
	spero|speriamo di no|si
	se ho|abbiamo capito|inteso bene
	pagamenti|pagamento|nulla|niente|conti|fatture|pendenze in sospeso
	previo appuntamento
	mi|ci decido|decidiamo
	finalmente deciso|decisa|decisi
	si e no
	pannello di controllo
	quando volete
	non posso|possiamo che
	non mi|ci resta|rimane che
	non fa per me|noi
	senza riserve|riserva|condizioni|ripensamenti|pentimenti|rimpianti
	non ho|abbiamo ripensamenti|rimpianti|pentimenti|riserve
	stati|stato|stata costretti|costretto|costretta a chiudere|cessare|lasciare|smettere !la|questa|il
	con calma|comodo ma fate
	fate|faccia|fai con|a comodo|calma|piacimento`

// turns are words that together change what is asked, and apart do not.
const turns = `third-person: mi|ci ha|hanno delegato|incaricato|autorizzato
	third-person: comprata|comprato|acquistata|acquistato|rilevata|rilevato altri
	deferral: preso|prende|prendono tempo
	doubt: ci teneva|tiene|tenevano|tengono molto|tanto|parecchio|a
	third-person: ha|hanno cambiato la|le|tutte password|le
	second-request: mi|ci interessava|premeva|incuriosiva sapere|capire|conoscere
	dispute: ha|hanno imposto|ordinato|intimato|ingiunto di
	third-person: l ha|aveva pagata|usata|gestita|tenuta sempre|solo|soltanto mio|mia|il|la|un|una
	third-person: l ha|aveva pagata|usata|gestita|tenuta mio|mia|il|la|un|una
	third-person: decisione|scelta l ha|hanno presa|fatta
	doubt: eravamo|siamo|erano divisi|divise|indecisi
	doubt: senza convinzione
	dispute: ricorso|opposizione|appello|impugnazione contro
	third-person: messo|mette|apposto la sua|propria firma
	third-person: vecchio|vecchia|precedente|ex|antico proprietario|titolare|intestatario|intestataria|proprietaria
	third-person: avevamo|abbiamo|usavamo|usiamo in due|tre|comune|condivisione
	third-person: ero|sono|eravamo la|il|l sua|suo|loro !volta|servizio|contatto
	second-request: si attiva|attivano|attivi|attivera l|la|un|una|in|automaticamente|quella|il
	dispute: non ricordo|ricordiamo|risulta di|d aver|averla|averlo|avere fatto|ordinato|acquistato|chiesto|richiesto|rinnovato|autorizzato|comprato
	doubt: non trovo|trovavo|ricordo il|la|l|i|lo numero|codice|ordine|dati|pannello|nome|password
	doubt: che|come mi ricordavo|ricordo
	doubt: do|diamo|dando per scontato|scontata|certo|sicuro
	condition: a fronte del|di|della|d|dello rimborso|pagamento|restituzione|storno|accredito|un|uno
	condition: in cambio di|del|della|d
	condition: una volta che
	dispute: non mi|ci sta|stava|va|piace bene|giu|affatto
	dispute: non e|era giusto|corretto|regolare
	condition: in difetto|mancanza|assenza|carenza di|d|vostro|vostra|vostre|tale
	third-person: il|del|dal|al|mio|nostro capo !di|d|dello|della|del|mi|ci
	third-person: mia|mio|sua|suo ex
	third-person: mi|ci ha|hanno licenziato|licenziata|licenziati
	third-person: suo|sua figlio|figlia|marito|moglie|nipote|fratello|sorella
	forwarded: vi|ve giro|rigiro la|il|quanto|questa|questo
	dispute: con|all|alla|un|l unione|associazione consumatori
	dispute: non finisce qui|qua|cosi
	draft: proviamo cosi|a|con|se
	second-request: cambiato|cambiata mail|email|numero|cellulare|telefono|contatti|contatto|recapito
	third-person: nuova|nuovo segretaria|segretario|impiegata|impiegato|contabile|ragioniera|ragioniere
	third-person: proprieta|titolarita e cambiata|passata
	third-person: qualcun|qualcuno altro|altri
	revocation: cambi* parere|opinione
	condition: acquist* efficacia|valore|validita
	draft: uso interno
	draft: copia|versione|testo|documento non ufficiale|definitiva|definitivo
	draft: versione|testo|copia preliminare|provvisoria|provvisorio|interna|interno
	dispute: vie di fatto
	dispute: avete rubato|sottratto|estorto
	dispute: l ho|abbiamo appena comprata|presa|acquistata|attivata|aperta|rinnovata
	dispute: l ho|abbiamo comprata|acquistata la|ieri|una|pochi|poche|da|questa
	still-needed: fa|fanno comodo
	still-needed: do|diamo|da|dare un occhiata
	still-needed: lasciato|lasciata|lasciati|rimasto|rimasti|rimaste|resta|restano dentro
	still-needed: dentro ci
	third-person: fatto|pensato|scritto tutto lui|lei|loro|mia|mio|il|la
	third-person: firmo e basta
	dispute: hanno|ha fatto firmare|scrivere|mandare|copiare|inviare
	dispute: hanno|ha detto cosa
	third-person: mi sono dimesso|dimessa
	third-person: sono stato|stata sostituito|sostituita|rimosso|rimossa|revocato|revocata
	second-mailbox: non la|il 1|2|3|prima|seconda|terza|primo|secondo
	third-person: gestisco|gestisce|curo|seguo io
	third-person: mi|ci ha|hanno pregato|incaricato|delegato di
	third-person: mi|ci ha|hanno chiesto di mandare|mandarvi|inviare|inviarvi|scrivere|scrivervi|farlo|chiudere|disattivare
	dispute: uno|una|qualcuno|tale|tizio dell|della|dall|dalla|del|dal|di
	dispute: chiesto|chiede|dato|detto un|il|i|dei codice|codici|password|pin|dati
	dispute: entrato|entrati|entrata|entrate nel|nella|nei mio|mia|miei
	dispute: qualcuno|ignoti ha|hanno
	doubt: sia|e vera|vero|autentica|autentico|affidabile|attendibile
	revocation: non era|e per|a|destinata|diretta voi|a
	revocation: era per|a aruba|register|poste|altri|altro|un
	still-needed: mi|ci ha|hanno citato|convocato|notificato|perquisito|accertato|multato
	still-needed: fatto|ricevuto|in un|corso accertamento|controllo|ispezione
	still-needed: in causa|lite con|contro
	third-person: firma la|lo mette|fa|appone
	third-person: firma del|di mio|mia|un|altro
	condition: dare|dar|darvi|darle|dara|daranno|dia|do|da|dando|dato|avere|aver|aspetto|ricevo il|l via|ok|benestare|permesso !vostro
	condition: con|senza il|l via|ok
	condition: confermo|confermiamo a voce
	condition: e|sono|ancora in corso|itinere !di|d
	dispute: mio|nostro|un|al|dal|col legale !rappresentante
	dispute: vie|azioni|azione legali|legale|giudiziarie|giudiziaria
	dispute: avete|hanno preso|tolto|fregato|scalato|prelevato|sfilato i|dei|soldi|denaro
	dispute: avete|hanno torto|imbrogliato|fregato
	dispute: che|come diceva|dice|chiedeva|chiede|ordinava|dicevano il|la|l|un messaggio|mail|avviso|finestra|signore|signora|telefonata|sms|operatore
	doubt: messo|scritto|inventato|inventata|copiato|tirato a caso
	doubt: non riesco|riusciamo piu|ad|a entrare|accedere|ad|a !usarla|leggerla|gestirla|seguirla|starci|stare
	still-needed: ho|abbiamo un|una|dei|alcuni|ancora ricorso|ricorsi|causa|contenzioso|processo|pratica|istanza
	third-person: scrivo|firmo|rispondo|mando|compilo|invio io !stesso|stessa|personalmente|da|di|direttamente
	third-person: l ho|abbiamo fatto|scritto|compilato|mandato|preparato|preparata|compilata|scritta io|noi
	third-person: facciamo|provvediamo|pensiamo noi
	third-person: ci penso|pensa|pensano io|mio|mia|il|la|lo
	third-person: papa|mamma|padre|madre|marito|moglie|nonno|nonna|fratello|sorella|zio|zia|suocero|suocera|figlio|figlia|babbo|socio|titolare non sa|puo|riesce|usa|capisce|vede|vuole
	third-person: papa|mamma|padre|madre|marito|moglie|nonno|nonna|fratello|sorella|zio|zia|suocero|suocera|figlio|figlia|babbo|socio|titolare non e capace|in|pratico|pratica|grado|lucido|lucida|autosufficiente
	second-mailbox: quella|quello|questa buona|buono|giusta|giusto|principale|vera|vero|primaria !della|dell|del|di
	second-mailbox: scrivo|scriviamo|mando|invio|parlo da|dalla|dall|con quella|quello|altra|vecchia|nuova|un|una|secondo|seconda !po|certo|ritardo|altro
	draft: privo|priva|privi|prive di|d|della|ogni valore|effetto|effetti|efficacia|validita|valenza|rilevanza
	draft: senza valore|effetto|effetti|efficacia|validita|valenza
	draft: senza|nessun|nessuna|alcun|alcuna valore|effetto|effetti|efficacia|validita|alcun|alcuna !ritardo|costo|penale|onere|problema|dubbio|spesa
	draft: ambiente di sviluppo|test|prova|collaudo|formazione
	draft: messaggio|mail|comunicazione|testo generato|generata|creato|creata|prodotto da|dal|dalla|durante|automaticamente|in|nel|per
	second-request: stesso|stessa cosa|discorso|vale
	second-request: stessa richiesta per|anche
	third-person: a|in nome|vece !mio|nostro
	dispute: collegato|collegata|collegati al|sul|nel mio|computer|pc
	dispute: rinnovato|rinnovata io|manualmente
	dispute: rinnovo manuale
	deferral: troppo|ancora|che presto
	deferral: che e presto|tardi
	condition: acquist*|hanno|ha|avra|avranno efficacia|valore|validita solo|soltanto|unicamente
	data-erasure: art|articolo 17
	still-needed: causa|ricorso|processo|giudizio|procedimento|lite|gara|contenzioso|istruttoria in corso
	still-needed: causa|ricorso|processo|giudizio|procedimento|lite|gara|contenzioso pendente|aperto|aperta
	dispute: hanno|ha avuto accesso
	second-mailbox: da chiudere|disattivare|cancellare|eliminare e quella !da|in|dalla|che|sopra
	forwarded: ricevo|riceviamo e giro|inoltro|trasmetto
	third-person: firmo|firma|scrivo|scrive al posto
	third-person: firmo|firma|scrivo|scrive in vece
	third-person: decido|decide|decidono|decidiamo io|lui|lei|loro|noi
	third-person: fa|scrive|manda|firma|decide per me|noi|lui|lei
	third-person: l ha|hanno inviata|inviato|mandata|mandato|spedita|spedito|compilata|compilato
	third-person: sono solo|soltanto|solamente il|la|un|una
	dispute: un|una signore|signora|persona|tale|ragazzo|ragazza|uomo|donna al|mi|che telefono|ha|diceva|chiamava
	condition: confermo|confermiamo|procedo|firmo solo|soltanto|dopo|quando
	deferral: dal giorno del|della|dell|di|in|che
	deferral: dalla data del|della|dell|di|in|che
	draft: esercizio di compilazione|scrittura|prova|stile
	revocation: partita da sola
	second-mailbox: era|e per un altra|altro
	second-mailbox: era|e per quella|quello
	revocation: fatto confusione|pasticcio|casino
	condition: vostra|una|migliore proposta|offerta|controproposta|controfferta
	doubt: pensavo|pensavamo|pensando|valutando|valutavo di chiud*|disattiv*|cancell*|elimin*|reced*|disdir*
	doubt: di non farlo|chiuderla|disattivarla|procedere|cancellarla|eliminarla
	negation: nulla|niente da fare|eseguire
	negation: nessuna azione|operazione|richiesta|chiusura
	iban: carta e|era scaduta|bloccata|smarrita|annullata|disattivata|cambiata
	iban: carta non esiste|funziona|vale
	iban: cambiato banca|carta|conto
	dispute: bloccato|contestato|stornato|revocato il|l|la pagamento|addebito|rid|sdd
	third-person: l ha fatto|fatta|pagato|pagata|ordinato|acquistato mio|mia|il|la|un
	dispute: primo acquisto
	dispute: prima attivazione
	draft: versione buona|giusta|corretta|definitiva|finale
	dispute: premuto|schiacciato|cliccato invio|invia
	condition: vi|ve do|diamo|daro|daremo|dico|diro conferma|risposta|riscontro|notizie|notizia|certezza
	condition: ne parlo|parliamo|discuto|discutiamo con
	third-person: uno|una|da sconosciuto|sconosciuta|sconosciuti
	third-person: ho|abbiamo delegato|incaricato
	third-person: usato il mio|nostro nome|account
	dispute: entrato|entrati|entrata nella|nel|nell|in mia|casella|account|indirizzo|posta
	dispute: hanno|ha obbligato|obbligata|forzato|forzata !a|ad|dal|per
	draft: manifestazione d|di interesse
	condition: vale|valga come !recesso|disdetta|richiesta|domanda|comunicazione|formale|mia|dichiarazione
	condition: conferma ve|vi|segue
	third-person: per conto !proprio|nostro|mio|suo
	third-person: per lui|lei|loro
	third-person: chiesto lui|lei
	third-person: a sua|loro insaputa
	third-person: venuto|venuta a mancare
	third-person: e mancato|mancata
	second-request: tutti|tutte e due
	dispute: interessi di|legali|maturati|moratori
	condition: basta|basterebbe che non|si|la|il|smett*
	condition: mi|ci basta|basterebbe togliere|levare|disattivare|spegnere|che|non
	doubt: mi|ci pare|sembra|pareva di|che !aver|avere
	second-request: chiesto altro|solo|soltanto|informazioni
	second-request: altra cosa|questione
	doubt: non lo|la|li trovo|trovavo
	second-request: vi|ve ricordo|rammento|avverto|diffido
	second-mailbox: mi riferisco|riferivo
	second-mailbox: parlo|parliamo di quella|quello
	second-mailbox: voglio|volevo|intendo dire
	second-mailbox: intendo|intendevo|intendiamo|intendevamo la|l|quella casella|pec|indirizzo|altra|vecchia|nuova|che|del|della|di
	second-mailbox: parlo|parlavo|parliamo|parlavamo|parlando della|dell casella|pec|indirizzo|altra
	draft: in visione
	draft: per il|un|vostro|mio visto|parere|nullaosta
	draft: conoscenza e parere
	draft: alla firma
	draft: prima stesura
	draft: provo|proviamo|provare a
	condition: nell|nella eventualita
	dispute: uno|una|qualcuno|signore|signora che dice|diceva|sosteneva|sostiene di|che
	third-person: passata|passato|passati di mano
	deferral: nelle more
	deferral: fino ad|a allora
	condition: s|si intende
	condition: ben inteso
	condition: fermo|ferma|fermi restando
	condition: con l accordo|intesa|impegno
	condition: con la garanzia|promessa|clausola|condizione
	dispute: ho|abbiamo|mi diritto|spetta
	still-needed: come recapito|domicilio|riferimento
	third-person: un|qualcun altro che|la|lo|usa
	draft: titolo|scopo|fini|fine informativo|informativi|esemplificativo|cautelativo|dimostrativo|indicativo|conoscitivo|esplorativo|sperimentale
	draft: mero|puro|semplice titolo
	draft: per|di esercizio|controllo|verifica !del|dei|dell
	draft: verifica invio|ricezione|funzionamento
	draft: modello a|b|c|1|2
	draft: proposta di
	draft: traccia !di|dei|della|delle
	draft: esercizio !del|dei|di|dell|della|delle|diritto|provvisorio
	deferral: la data la|ve|sara|va
	third-person: conto terzi
	condition: in modo che|da
	condition: di modo che
	iban: conto corrente
	condition: fatto|fatta|fatti|fatte salvo|salva|salvi|salve
	condition: sempre che|se
	condition: a patto|condizione
	condition: a meno che|di
	condition: in parte
	condition: in gran parte
	condition: facciamo finta|che|cosi|dopo|a|come
	condition: confermo|confermiamo telefon*|poi|domani
	condition: confermo|confermiamo la|questa richiesta telefonica
	condition: vale|valgono quella|quello|quanto|solo|la|il|soltanto
	draft: vedi|veda|vedasi|vedere nota|allegat*|retro
	draft: nota bene
	condition: all|nell|dall|dell|sull allegato|allegata|allegati
	revocation: cambi* idea
	revocation: come mai|non detto|inviat*|ricevut*|spedit*|pervenut*|arrivat*|scritt*|avvenut*
	revocation: falso allarme
	revocation: non intendevo|volevo questo|questa|cio|farlo|mandarla|mandarlo|inviarla
	third-person: ci lavora|lavorano|lavoriamo|accede|accedono|entrano in|anche|tutti|tre|due|pure
	third-person: papa|mamma|padre|madre|marito|moglie|nonno|nonna|fratello|sorella|zio|zia|titolare|figlio|figlia non c|ce e
	third-person: in comune|condivisione|compartecipazione con
	third-person: condivisa|condiviso|condividiamo|condivido con
	third-person: di|a|da questo|questa signore|signora
	third-person: io eseguo|obbedisco
	second-mailbox: sull|all altra
	dispute: un|una certo|certa signore|signora|signor|dottor|dott|sig|tecnico|operatore
	dispute: chi mi|ci ha|hanno chiamato|telefonato|contattato|cercato
	dispute: mi|ci hanno|ha chiamato|telefonato|contattato da|dal|dicendo|qualcuno|uno
	dispute: signorina|signora|signore|ragazzo|ragazza|tizio|tizia|operatore|operatrice|tecnico|impiegato|impiegata|qualcuno della|di|dell|del|dalla|delle banca|poste|posta|microsoft|amazon|finanza|polizia|telecom|enel
	dispute: letto|dato|detto|comunicato|fornito|girato il|un|i|lo codice|codicino|numero|pin|otp arrivato|ricevuto|che|sul|via
	dispute: comparso|comparsa|apparso|apparsa|uscito|uscita|spuntato un|una|l|il|la avviso|finestra|messaggio|schermata|popup|scritta
	second-mailbox: e quello|quella vecchio|vecchia|sbagliato|sbagliata|precedente|nuovo|nuova|secondario|secondaria
	condition: ve lo|la|li|le spiego|dico|racconto|comunico|porto
	dispute: mi|ci chiede|chiedono|dice|dicono|ordina|ordinano|impone|impongono|obbliga|obbligano di|a inviar*|mandar*|scriver*|copiar*|spedir*|disattiv*|chiuder*
	deferral: per la|il|l|tutta|tutto durata|periodo|stagione|inverno|estate|intera|intero !residuo|non|rimanente|restante|trascorso|passato
	second-request: il|del resto del|della|dei contratto|servizio|servizi|abbonamento
	deferral: i dettagli a|al|per|ve
	still-needed: l unica|unico che ho|abbiamo|possiedo|possediamo
	condition: fatto|avuto in|il tempo a|di salvar*|scaricar*|copiar*|stampar*
	condition: solo con uno|lo|il|la|un sconto|rimborso|conferma|firma|garanzia|consenso|autorizzazione
	third-person: certificato di morte|decesso
	data-erasure: diritti|diritto gdpr|privacy
	data-erasure: diritto di accesso|oblio|cancellazione ai|dei|sui dati
	condition: come da|in|nell allegato|allegata|allegati !documento|carta|modulo|copia
	second-request: due|tre|altri|entrambi ordini|rinnovi
	dispute: avuto|ricevuto|ottenuto il|lo rimborso|storno
	dispute: cosi impara|imparano
	draft: in via cautelare|cautelativa|sperimentale|provvisoria|temporanea|preliminare|preventiva|informale|eccezionale
	draft: consigliamo|consiglio|suggeriamo|suggerisco di scrivere|mandare|usare|inviare|copiare
	doubt: prendo|prendiamo tempo|qualche
	doubt: per|a|di pensarci|rifletterci|ripensarci
	doubt: ci dormo|rifletto|penso|pensiamo|ragiono su|sopra|ancora
	deferral: e vi|ve dico|diciamo !grazie|la|che|ciao|addio|arrivederci|di
	condition: non senza il|la|l|un|aver
	still-needed: agli atti del|di|della|dell processo|giudizio|procedimento|causa|ricorso
	condition: e quello|quella allegato|allegata|nell|in
	condition: basta|basterebbe togliere|levare|disattivare|fermare|bloccare|spegnere
	dispute: sedi opportune|competenti|giudiziarie
	dispute: storno|rimborso alla|a banca|paypal
	condition: ve la|lo|le|li|ne da|dice|spiega|manda|conferma|fa
	draft: verifica|verifico|controllo|provo|vedo|vediamo che|se il|la|lo|l|questo|questa modulo|testo|mail|invio|sistema|procedura|messaggio|posta
	dispute: errore da|dal|dalla mio|mia|un|una
	still-needed: sono|siamo obbligato|obbligata|obbligati|tenuto|tenuta|tenuti
	deferral: per ora|adesso
	deferral: per il momento
	deferral: al momento
	deferral: all atto|esito|arrivo|apertura|approvazione del|della|dell|di
	deferral: al|alla conclusione|consegna|perfezionamento|completamento|termine|compimento del|della|dell|dei|delle
	deferral: vi|ve chiamo|chiamiamo|avviso|avvisiamo|aggiorno|aggiorniamo
	deferral: faccio|facciamo sapere`

// turn is the phrase at token i, but for those that mean nothing where they stand.
func (r *reader) turn(s *sentence, i int) (sign string, n int) {
	name, k := r.phrase(s, i)
	switch w := r.toks[i].word; {
	case k < 2:
	case name == signThirdPerson && i+k < s.to && r.names[r.toks[i+k].word]:
		name = "" // "a nome Conti", his own
	case name == signThirdPerson && (w == "a" || w == "nome") && r.forBoard(s, i+k):
		name = "" // "a nome del nuovo consiglio direttivo"
	case name == signThirdPerson && k == 2 && w == "per" && r.writesForOwnBody(s, i+k):
		name = "" // "vi scrivo per conto dell'associazione, di cui sono il presidente"
	case name == signSecondMailbox && w == "e" && r.renewedAlone(s, i+k):
		name = "" // "e quella vecchia si è rinnovata da sola"
	case name == "dispute" && r.al.form == nil && k == 2 && w == "rinnovo":
		name = "" // one asks how to set it, and contests nothing
	case name == signDeferral && w == "dalla" && i > s.from+2 && r.ownTerm(i-1):
		name = "" // "entro trenta giorni dalla data dell'ordine"
	case name == "still-needed" && r.negated(s, i):
		name = "" // "non ho alcuna causa in corso"
	}
	return name, k
}

// renewedAlone reports whether the old mailbox, named before i, is this one: it
// renewed itself, and the writer has taken a new one.
func (r *reader) renewedAlone(s *sentence, i int) bool {
	if i+2 >= s.to || !anyPrefix(r.toks[i-1].word, "vecchi", "precedent") || r.toks[i].word != "si" || !r.is(i+1) || !anyPrefix(r.toks[i+2].word, "rinnovat") {
		return false
	}
	return r.told(s, s.from) && r.holdsStem(s.from, i-2, "nuov", "altr") && !r.holdsStem(s.from, s.to, "quest") &&
		(i+3 == s.to || anyPrefix(r.toks[i+3].word, "automatic") && i+4 == s.to || r.word(s, i+3) == "da" && i+5 == s.to)
}

// phrase finds the longest phrase at token i of the sentence, and how many tokens it takes.
func (r *reader) phrase(s *sentence, i int) (sign string, n int) {
	w := r.toks[i].word
	if len(w) == 0 {
		return "", 0
	}
	list := phrases[(w + " ")[:2]]
	for k := range list {
		p := &list[k]
		if len(p.places) <= n || len(p.places) > s.to-i {
			continue
		}
		if k := p.at(r.toks[i:s.to]); k > n {
			sign, n = p.sign, k
		}
	}
	return sign, n
}

// at reports how many tokens the phrase takes at the first, 0 when it is not
// there. An adverb may stand within: "a titolo puramente informativo".
func (p *phrase) at(toks []token) int {
	n := 0
	for i, place := range p.places {
		if i > 0 && n+1 < len(toks) && strings.HasSuffix(toks[n].word, "mente") && !oneWord(toks[n].word, place) {
			n++
		}
		if n == len(toks) || !oneWord(toks[n].word, place) {
			return 0
		}
		n++
	}
	if len(p.except) > 0 && n < len(toks) && oneWord(toks[n].word, p.except) {
		return 0
	}
	return n
}

func oneWord(w string, choices []string) bool {
	for _, c := range choices {
		if c == w || len(c) > 1 && c[len(c)-1] == '*' && strings.HasPrefix(w, c[:len(c)-1]) {
			return true
		}
	}
	return false
}
