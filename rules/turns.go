package rules

// turns are runs of words that mean together what they do not mean apart, by the
// sign they are (sign.go); those of no sign are idioms, in which a word that
// would be one means nothing. The longest that fits counts.
//
// A line is a turn. Its places stand in order, each with its choices between
// bars; a word that ends with * is a stem, and those after ! must not follow. An
// adverb in -mente may stand between. No weights outweigh a line that begins with !!. To add a turn, add its line under its sign
// and try it: TestHarmfulBesideTheForm, TestHarmlessBesideTheForm.
var turns = []struct{ sign, lines string }{
	{"", idioms},

	// It is taken back, or was never meant.
	{signRevocation, `
		rinuncio|rinunciamo|rinunciare|rinunciando a|alla|all chiud*|disattiv*|cancell*|elimin*|chiusura|richiesta
		cambi* idea|parere|opinione
		dico|diciamo di no
		ritiro|ritiriamo tutto|tutta
		come mai|non detto|inviat*|ricevut*|spedit*|pervenut*|arrivat*|scritt*|avvenut*
		era per|a aruba|register|poste|altri|altro|un
		falso allarme
		fatto confusione|pasticcio|casino
		non era|e per|a|destinata|diretta voi|a
		non intendevo|volevo questo|questa|cio|farlo|mandarla|mandarlo|inviarla
		partita da sola
	`},

	// The data are to be erased, as the law on privacy has it.
	{signErasure, `
		art|articolo 17
		dati dai|dal|dalla|dalle vostri|vostro|vostra|vostre
		diritti|diritto gdpr|privacy
		diritto di accesso|oblio|cancellazione ai|dei|sui dati
	`},

	// The writer was made to send it, cheated, or goes to court.
	{signDispute, `
		!! chiamato|telefonato|contattato|cercato|chiamata|cercata|contattata|chiamati|cercati da|dal|con|col numero|prefisso !verde|vostro
		!! collegato|collegata|entrato|entrata al|sul|nel mio|nostro computer|pc|telefono
		!! impugno|impugniamo fin|la|l|ogni|il|questa|questo
		!! sotto dettatura
		avete rubato|sottratto|estorto
		avete|hanno preso|tolto|fregato|scalato|prelevato|sfilato i|dei|soldi|denaro
		avete|hanno torto|imbrogliato|fregato
		avuto|ricevuto|ottenuto il|lo rimborso|storno
		cc|pc avv|avvocato|legale
		seguita|seguito|curata|curato dall|da avv|avvocato|avvocata|legale
		!! ne faceste|fate|facciate|faccia parola
		al|per telefono da un|una|uno !vostro|vostra|vs|operatore|operatrice
		!! avete|hanno risposto|detto|scritto che ero|sono|eravamo|era fuori|oltre tempo|termine|termini|tardi
		bloccato|contestato|stornato|revocato il|l|la pagamento|addebito|rid|sdd
		che|come diceva|dice|chiedeva|chiede|ordinava|dicevano il|la|l|un messaggio|mail|avviso|finestra|signore|signora|telefonata|sms|operatore
		chi mi|ci ha|hanno chiamato|telefonato|contattato|cercato
		chiesto|chiede|dato|detto un|il|i|dei codice|codici|password|pin|dati
		collegato|collegata|collegati al|sul|nel computer|pc
		collegato|collegata|collegati al|sul|nel mio computer|pc|telefono|cellulare|schermo|dispositivo
		comparso|comparsa|apparso|apparsa|uscito|uscita|spuntato un|una|l|il|la avviso|finestra|messaggio|schermata|popup|scritta
		con|all|alla|un|l unione|associazione consumatori
		cosi impara|imparano
		entrato|entrati|entrata nella|nel|nell|in mia|casella|account|indirizzo|posta
		entrato|entrati|entrata|entrate nel|nella|nei mio|mia|miei
		errore da|dal|dalla mio|mia|un|una
		fatture|messaggi|mail|lettere mai fatte|fatti|scritte|scritti|mandate|mandati|inviate|inviati da me|noi
		hanno|ha avuto accesso
		hanno|ha detto cosa
		lettera|pagine|carte|raccomandata|citazione|diffida per|contro voi
		hanno|ha fatto firmare|scrivere|mandare|copiare|inviare
		hanno|ha obbligato|obbligata|forzato|forzata !a|ad|dal|per
		ha|hanno imposto|ordinato|intimato|ingiunto di
		ho|abbiamo|mi diritto|spetta
		interessi di|legali|maturati|moratori
		che diceva|dicevano|dicono di essere|chiamare
		dove notificarmi|notificarci|trovarmi|trovarci|cercarmi|cercarci
		esposto ai|alla|all|al
		gente|qualcuno|persone|chi che approfitta|approfittano
		mai detto di
		mi|ci diceva|dicevano di scriver*|mandar*|spedir*|inviar*|firmar*|copiar*
		mi|ci pressa|pressano|assilla|assillano|tormenta|tormentano perche|per
		non dire|dite|dirlo|ditelo a nessuno
		non mi|ci trova|trovano|trovera|troveranno piu
		risulta|risultano un|degli|uno accesso|accessi
		messo|messa|messi alle strette
		mi|ci hanno detto di|che scriver*|mandar*|spedir*|inviar*|firmar*|copiar*|incollar*
		ordine|contratto|acquisto che non ho|abbiamo mai
		l ho|abbiamo appena comprata|presa|acquistata|attivata|aperta|rinnovata
		l ho|abbiamo comprata|acquistata la|ieri|una|pochi|poche|da|questa
		letto|dato|detto|comunicato|fornito|girato il|un|i|lo codice|codicino|numero|pin|otp arrivato|ricevuto|che|sul|via
		mio|nostro|un|al|dal|col legale !rappresentante
		mi|ci chiede|chiedono|dice|dicono|ordina|ordinano|impone|impongono|obbliga|obbligano di|a inviar*|mandar*|scriver*|copiar*|spedir*|disattiv*|chiuder*
		mi|ci hanno|ha chiamato|telefonato|contattato da|dal|dicendo|qualcuno|uno
		non e|era giusto|corretto|regolare
		non finisce qui|qua|cosi
		non mi|ci sta|stava|va|piace bene|giu|affatto
		non ricordo|ricordiamo|risulta di|d aver|averla|averlo|avere fatto|ordinato|acquistato|chiesto|richiesto|rinnovato|autorizzato|comprato
		premuto|schiacciato|cliccato invio|invia
		prima attivazione
		primo acquisto
		qualcuno|ignoti ha|hanno
		ricorso|opposizione|appello|impugnazione contro
		rinnovato|rinnovata io|manualmente
		rinnovo manuale
		sedi opportune|competenti|giudiziarie
		signorina|signora|signore|ragazzo|ragazza|tizio|tizia|operatore|operatrice|tecnico|impiegato|impiegata|qualcuno della|di|dell|del|dalla|delle banca|poste|posta|microsoft|amazon|finanza|polizia|telecom|enel
		storno|rimborso alla|a banca|paypal
		uno|una|qualcuno|signore|signora che dice|diceva|sosteneva|sostiene di|che
		uno|una|qualcuno|tale|tizio dell|della|dall|dalla|del|dal|di
		un|una certo|certa signore|signora|signor|dottor|dott|sig|tecnico|operatore
		un|una signore|signora|persona|tale|ragazzo|ragazza|uomo|donna al|mi|che telefono|ha|diceva|chiamava
		vie di fatto
		vie|azioni|azione legali|legale|giudiziarie|giudiziaria
	`},

	// Nothing is to be done.
	{signNegation, `
		nessuna azione|operazione|richiesta|chiusura
		non ha|aveva|avrebbe senso chiuder*|disattivar*|cancellar*|eliminar*|proceder*|farlo|mandar*
		nulla|niente da fare|eseguire
	`},

	// It is a trial, an example, something still to be seen by others.
	{signDraft, `
		alla firma
		ambiente di sviluppo|test|prova|collaudo|formazione
		conoscenza e parere
		consigliamo|consiglio|suggeriamo|suggerisco di scrivere|mandare|usare|inviare|copiare
		copia|versione|testo|documento non ufficiale|definitiva|definitivo
		esercizio !del|dei|di|dell|della|delle|diritto|provvisorio|recesso
		esercizio di compilazione|scrittura|prova|stile
		in via cautelare|cautelativa|sperimentale|provvisoria|temporanea|preliminare|preventiva|informale|eccezionale
		in visione
		manifestazione d|di interesse
		mero|puro|semplice titolo
		messaggio|mail|comunicazione|testo generato|generata|creato|creata|prodotto da|dal|dalla|durante|automaticamente|in|nel|per
		modello a|b|c|1|2
		nota bene
		nota per !il|l|la|voi|chi
		per il|un|vostro|mio visto|parere|nullaosta
		per|di esercizio|controllo|verifica !del|dei|dell
		prima stesura
		privo|priva|privi|prive di|d|della|ogni valore|effetto|effetti|efficacia|validita|valenza|rilevanza
		proposta di
		proviamo cosi|a|con|se
		provo|proviamo|provare a
		senza valore|effetto|effetti|efficacia|validita|valenza
		senza|nessun|nessuna|alcun|alcuna valore|effetto|effetti|efficacia|validita|alcun|alcuna !ritardo|costo|penale|onere|problema|dubbio|spesa
		titolo|scopo|fini|fine informativo|informativi|esemplificativo|cautelativo|dimostrativo|indicativo|conoscitivo|esplorativo|sperimentale
		traccia !di|dei|della|delle
		uso interno
		vedi|veda|vedasi|vedere nota|allegat*|retro
		verifica invio|ricezione|funzionamento
		verifica|verifico|controllo|provo|vedo|vediamo che|se il|la|lo|l|questo|questa modulo|testo|mail|invio|sistema|procedura|messaggio|posta
		versione buona|giusta|corretta|definitiva|finale
		versione|testo|copia preliminare|provvisoria|provvisorio|interna|interno
	`},

	// The writer is not sure.
	{signDoubt, `
		!! abbastanza|quasi|discretamente sicuro|sicura|sicuri|sicure|convinto|convinta|convinti|convinte
		!! non ho|abbiamo ben|bene afferrato|capito|compreso|letto
		!! non ho|abbiamo afferrato|letto|compreso bene|tutto !da|che|il|i|le
		spero sia|che il|la modo|modulo|procedura|strada giusto|giusta|corretto|corretta
		spero sia|che sia il|la modo|modulo|procedura|strada giusto|giusta|corretto|corretta
		che|come mi ricordavo|ricordo
		ci dormo|rifletto|penso|pensiamo|ragiono su|sopra|ancora
		ci teneva|tiene|tenevano|tengono molto|tanto|parecchio|a
		di non farlo|chiuderla|disattivarla|procedere|cancellarla|eliminarla
		do|diamo|dando per scontato|scontata|certo|sicuro
		eravamo|siamo|erano divisi|divise|indecisi
		guardate|vedete|decidete|scegliete voi quale|quali|cosa|se
		messo|scritto|inventato|inventata|copiato|tirato a caso
		momento di rabbia|sconforto|debolezza|nervosismo|stanchezza|confusione
		mi|ci pare|sembra|pareva di|che !aver|avere
		non lo|la|li trovo|trovavo
		non riesco|riusciamo piu|ad|a entrare|accedere|ad|a !usarla|leggerla|gestirla|seguirla|starci|stare
		non trovo|trovavo|ricordo il|la|l|i|lo numero|codice|ordine|dati|pannello|nome|password
		pensavo|pensavamo|pensando|valutando|valutavo di chiud*|disattiv*|cancell*|elimin*|reced*|disdir*
		per|a|di pensarci|rifletterci|ripensarci
		prendo|prendiamo tempo|qualche
		senza convinzione
		senza leggerla|leggerlo
		spero|speriamo basti|bastino
		uno|una|quello|quella a caso
		vada|va bene lo stesso|uguale
		sia|e vera|vero|autentica|autentico|affidabile|attendibile
	`},

	// It holds only if something else does.
	{signCondition, `
		!! nb|ps|nota attendere|attendete|attenda|aspettare|aspettate|aspetti
		!! commercialista|notaio|avvocato|presidente|consiglio|direttivo|socio|soci|moglie|marito|curia|assemblea permettendo
		!! attendo|aspetto|aspettiamo|attendiamo luce|semaforo verde
		!! un cenno|segnale|segno dal|del|della|dalla presidente|direttivo|consiglio|parroco|commercialista|socio|curia|notaio|tribunale
		!! vendita|trattativa|compravendita|affare va|vada|andasse|andra in porto
		!! aperto|aperta|aperti|aperte ad altre|altra soluzioni|soluzione|proposte|proposta|offerte|offerta
		!! soluzioni|proposte|offerte alternative
		!! a bocce ferme
		!! a valle del|della|dell|dello
		a fronte del|di|della|d|dello rimborso|pagamento|restituzione|storno|accredito|un|uno
		a meno che|di
		a patto|condizione
		acquist* efficacia|valore|validita
		acquist*|hanno|ha|avra|avranno efficacia|valore|validita solo|soltanto|unicamente
		all|nell|dall|dell|sull allegato|allegata|allegati
		basta|basterebbe che non|si|la|il|smett*
		basta|basterebbe togliere|levare|disattivare|fermare|bloccare|spegnere
		ben inteso
		come da|in|nell allegato|allegata|allegati !documento|carta|modulo|copia
		con l accordo|intesa|impegno
		chiuso|chiusa|chiusi|chiuse solo|soltanto per
		con la garanzia|promessa|clausola|condizione
		cosi almeno qualcuno
		conferma ve|vi|segue
		confermo|confermiamo a voce
		confermo|confermiamo la|questa richiesta telefonica
		confermo|confermiamo telefon*|poi|domani
		confermo|confermiamo|procedo|firmo solo|soltanto|dopo|quando
		con|senza il|l via|ok
		dare|dar|darvi|darle|dara|daranno|dia|do|da|dando|dato|avere|aver|aspetto|ricevo il|l via|ok|benestare|permesso !vostro
		di modo che
		e quello|quella allegato|allegata|nell|in
		e|sono|ancora in corso|itinere !di|d
		facciamo finta|che|cosi|dopo|a|come
		fatto|avuto in|il tempo a|di salvar*|scaricar*|copiar*|stampar*
		fatto|fatta|fatti|fatte salvo|salva|salvi|salve
		fermo|ferma|fermi restando
		in cambio di|del|della|d
		in difetto|mancanza|assenza|carenza di|d|vostro|vostra|vostre|tale
		in gran parte
		in modo che|da
		in parte
		mi|ci|me|noi basta|basterebbe|bastava|bastavano togliere|levare|disattivare|spegnere|che|non
		gliene parlo|parliamo|parlero|parleremo|discuto
		ne parlo|parliamo|discuto|discutiamo con
		nell|nella eventualita
		non senza il|la|l|un|aver
		sempre che|se
		solo con uno|lo|il|la|un sconto|rimborso|conferma|firma|garanzia|consenso|autorizzazione
		s|si intende
		una volta che
		vale|valga come !recesso|disdetta|richiesta|domanda|comunicazione|formale|mia|dichiarazione
		vale|valgono quella|quello|quanto|solo|la|il|soltanto
		ve la|lo|le|li|ne da|dice|spiega|manda|conferma|fa
		ve lo|la|li|le spiego|dico|racconto|comunico|porto
		vi|ve do|diamo|daro|daremo|dico|diro conferma|risposta|riscontro|notizie|notizia|certezza
		vostra|una|migliore proposta|offerta|controproposta|controfferta
	`},

	// It is for later.
	{signDeferral, `
		!! diciamo|facciamo|mettiamo|magari|chiaro passat*|finit*|terminat*|conclus*|chius* le|la|i|gli|l|il|lo|natale|pasqua|capodanno|ferragosto
		!! cioe|ossia|diciamo|facciamo|mettiamo|magari|anche da|dal|a|dopo|per|verso|tra|fra gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre|natale|pasqua|capodanno|ferragosto|primavera|estate !scorso
		!! diciamo|facciamo|mettiamo|magari|cioe con|dopo|verso|per|a la|le|l|il|i|gli fine|feste|ferie|vacanze|anno|befana|stagione|inventario|saldi|esami
		!! a feste|ferie|saldi|stagione|lavori|inventario|bilancio|conti passate|finite|finiti|conclusi|conclusa|concluso|finito|finita|chiuso|chiusi|chiusa
		!! in coda a|al|all|alla|alle|ai|agli
		!! lascio|lasciamo|lasciate|lasciamo passare il|la|le|l|i|un|una
		!! cinque|5|tre|3 giorni sono|mi|ci pochi|pochini|insufficienti|bastano
		!! ancora una|qualche|due|tre settimana|settimane di|e
		!! settimana|settimane|giorni in piu rispetto|per|prima
		!! tempo una|qualche settimana
		!! tempo di comprare|finire|trovare|copiare|scaricare|salvare|sistemare
		al momento
		all atto|esito|arrivo|apertura|approvazione del|della|dell|di
		al|alla conclusione|consegna|perfezionamento|completamento|termine|compimento del|della|dell|dei|delle
		che e presto|tardi
		dal giorno del|della|dell|di|in|che
		dalla data del|della|dell|di|in|che
		e vi|ve dico|diciamo !grazie|la|che|ciao|addio|arrivederci|di
		faccio|facciamo sapere
		fino ad|a allora
		i dettagli a|al|per|ve
		la data la|ve|sara|va
		nelle more
		per il momento
		per la|il|l|tutta|tutto durata|periodo|stagione|inverno|estate|intera|intero !residuo|non|rimanente|restante|trascorso|passato
		per ora|adesso
		preso|prende|prendono tempo
		troppo|ancora|che presto
		vi|ve chiamo|chiamiamo|avviso|avvisiamo|aggiorno|aggiorniamo
	`},

	// Somebody else decides, or the mailbox is somebody else's.
	{signThirdPerson, `
		!! io ero il|la|l|un|una legale|presidente|titolare|liquidatore|amministratore|amministratrice|socio|rappresentante
		!! sono la|il perpetua|badante|colf|sacrestano|sagrestano|custode|portinaia|portiere
		!! non figuro|risulto|compaio piu in|nella|sulla|come
		!! alcun|nessun titolo per
		!! me|ce l ha passata|girata|data un|una|l agenzia|societa|ditta|studio
		a sua|loro insaputa
		avevamo|abbiamo|usavamo|usiamo in due|tre|comune|condivisione
		a|in nome|vece !mio|nostro
		certificato di morte|decesso
		chiesto lui|lei
		ci lavora|lavorano|lavoriamo|accede|accedono|entrano in|anche|tutti|tre|due|pure
		ci penso|pensa|pensano io|mio|mia|il|la|lo
		comprata|comprato|acquistata|acquistato|rilevata|rilevato altri
		condivisa|condiviso|condividiamo|condivido con
		conto terzi
		!! agisco|agiamo|scrivo|scriviamo|opero|firmo|gestivo|gestisco|tenevo|tengo conto terzi
		!! usata|usato|utilizzata|adoperata|condivisa|letta anche|pure da|dai|dal|dalla|con
		dato|data|dati il benservito
		decido|decide|decidono|decidiamo io|lui|lei|loro|noi
		decisione|scelta l ha|hanno presa|fatta
		di|a|da questo|questa signore|signora
		e mancato|mancata
		ero|sono|eravamo la|il|l sua|suo|loro !volta|servizio|contatto
		facciamo|provvediamo|pensiamo noi
		fatto|pensato|scritto tutto lui|lei|loro|mia|mio|il|la
		fa|scrive|manda|firma|decide per me|noi|lui|lei
		firma del|di mio|mia|un|altro
		firma la|lo mette|fa|appone
		firmo e basta
		firmo|firma|scrivo|scrive al posto
		firmo|firma|scrivo|scrive in vece
		gestisco|gestisce|curo|seguo io
		ha|hanno cambiato la|le|tutte password|le
		ho|abbiamo delegato|incaricato
		il|del|dal|al|mio|nostro capo !di|d|dello|della|del|mi|ci
		in comune|condivisione|compartecipazione con
		io eseguo|obbedisco
		l ha fatto|fatta|pagato|pagata|ordinato|acquistato mio|mia|il|la|un
		l ha|aveva pagata|usata|gestita|tenuta mio|mia|il|la|un|una
		l ha|aveva pagata|usata|gestita|tenuta sempre|solo|soltanto mio|mia|il|la|un|una
		l ha|hanno inviata|inviato|mandata|mandato|spedita|spedito|compilata|compilato
		l ho|abbiamo fatto|scritto|compilato|mandato|preparato|preparata|compilata|scritta io|noi
		messo|mette|apposto la sua|propria firma
		mi sono dimesso|dimessa
		mia|mio|sua|suo ex
		mi|ci ha|hanno chiesto di mandare|mandarvi|inviare|inviarvi|scrivere|scrivervi|farlo|chiudere|disattivare
		mi|ci ha|hanno delegato|incaricato|autorizzato|licenziato|licenziata|licenziati
		mi|ci ha|hanno pregato|incaricato|delegato di
		mi|ci licenzia|licenziano|licenziera|licenzieranno
		nuova|nuovo segretaria|segretario|impiegata|impiegato|contabile|ragioniera|ragioniere
		papa|mamma|padre|madre|marito|moglie|nonno|nonna|fratello|sorella|zio|zia|suocero|suocera|figlio|figlia|babbo|socio|titolare non e capace|in|pratico|pratica|grado|lucido|lucida|autosufficiente
		papa|mamma|padre|madre|marito|moglie|nonno|nonna|fratello|sorella|zio|zia|suocero|suocera|figlio|figlia|babbo|socio|titolare non sa|puo|riesce|usa|capisce|vede|vuole
		papa|mamma|padre|madre|marito|moglie|nonno|nonna|fratello|sorella|zio|zia|titolare|figlio|figlia non c|ce e
		la|lo cedo|cediamo|vendo|vendiamo al|alla|ad|all|a
		gestione|servizio|ufficio|area pec|caselle|posta clienti
		!! a|in nome della minoranza
		p|pp|per il|la titolare|intestatario|intestataria|presidente|sindaco !e
		passata|passato|passati di mano
		!! risposta|risposte|comunicazione|comunicazioni|riscontro va|vanno indirizzat*|inviat*|mandat*|spedit* al|alla|allo|agli|ai|all|presso !mittente|mio|mia|medesim*|stess*|indirizzo|sottoscritt*|scrivent*|present*
		per conto !proprio|nostro|mio|suo
		per lui|lei|loro
		proprieta|titolarita e cambiata|passata
		qualcun|qualcuno altro|altri
		recesso|disattivazione|chiusura|disdetta di|per un|una signore|signora|amico|amica|vicino|vicina|parente|cliente|persona|conoscente|anziano|anziana
		scrivo|firmo|rispondo|mando|compilo|invio io !stesso|stessa|personalmente|da|di|direttamente
		sono solo|soltanto|solamente il|la|un|una
		sono stato|stata sostituito|sostituita|rimosso|rimossa|revocato|revocata
		suo|sua figlio|figlia|marito|moglie|nipote|fratello|sorella
		uno|una|da sconosciuto|sconosciuta|sconosciuti
		un|qualcun altro che|la|lo|usa
		usato il mio|nostro nome|account
		vecchio|vecchia|precedente|ex|antico proprietario|titolare|intestatario|intestataria|proprietaria
		venuto|venuta a mancare
	`},

	// Another mailbox is meant, or meant too.
	{signSecondMailbox, `
		chiud*|disattiv*|cancell*|elimin* quella|quello di|vecchia|vecchio|precedente|altra|prima|con|intestata|mia|sua
		il|la primo|prima va|andava bene|benissimo
		recesso riguarda il|la second*|prim*
		da chiudere|disattivare|cancellare|eliminare e quella !da|in|dalla|che|sopra
		e quello|quella vecchio|vecchia|sbagliato|sbagliata|precedente|nuovo|nuova|secondario|secondaria
		era|e per quella|quello
		era|e per un altra|altro
		intendo|intendevo|intendiamo|intendevamo la|l|quella casella|pec|indirizzo|altra|vecchia|nuova|che|del|della|di
		mi riferisco|riferivo
		non la|il 1|2|3|prima|seconda|terza|primo|secondo
		!! la|il cui casella|pec|indirizzo|account
		!! me|mi|ce|ci ne basta|serve|bastava|serviva una|uno
		!! me|mi|ne basta|bastava una|uno sola|solo
		parlo|parlavo|parliamo|parlavamo|parlando della|dell casella|pec|indirizzo|altra
		parlo|parliamo di quella|quello
		quella|quello|questa buona|buono|giusta|giusto|principale|vera|vero|primaria !della|dell|del|di
		scrivo|scriviamo|mando|invio|parlo da|dalla|dall|con quella|quello|altra|vecchia|nuova|un|una|secondo|seconda !po|certo|ritardo|altro
		sull|all altra
		voglio|volevo|intendo dire
	`},

	// Something more is asked for.
	{signSecondRequest, `
		!! confermo|confermiamo dunque|quindi|pertanto|volentieri|senz|con il|l rinnovo|attivazione
		!! scendo|scendiamo|ripiego|ripieghiamo al|alla|sul|sulla|su versione|formula|tariffa|fascia|taglia|pacchetto|modello
		!! insieme al|allo|alla|all|ai|alle account|dominio|spazio|hosting|firma|sito|abbonamento|spid|seconda|altra|altre
		!! modello|versione|formula|taglia|tariffa inferiore|minore|economica|ridotta
		!! meno spazio|giga|mega
		!! mi|ci bastano dieci|venti|cinque|cento|pochi mega|giga
		!! passatemi|passateci a|al|alla|sul
		!! passate me|noi a|al|alla
		!! per il resto tutto invariato|uguale|identico
		!! mi|ci cancello|cancellate|tolgo|togliete|cancelliamo dalla|dalle newsletter|notifiche|promozioni
		!! webmail va|resta|rimane|funziona
		altra cosa|questione
		cambio|cambiare|passaggio|passare|cambiato|cambiata piano|profilo|offerta|tariffa|formula|versione
		cambio|passaggio|passare di|a|al|all|alla|ad|un piano|profilo|offerta|tariffa|formula|versione
		attivar*|riattivar*|aprir*|riaprir*|ricrear*|registrar*|riprender*|riaver*|conservar*|mantener*|portar* lo|la|il stesso|stessa|medesimo|medesima indirizzo|casella|nome|pec|account
		cambiato|cambiata mail|email|numero|cellulare|telefono|contatti|contatto|recapito
		chiesto altro|solo|soltanto|informazioni
		due|tre|altri|entrambi ordini|rinnovi
		il|del resto del|della|dei contratto|servizio|servizi|abbonamento
		mi|ci interessava|premeva|incuriosiva sapere|capire|conoscere
		si attiva|attivano|attivi|attivera l|la|un|una|in|automaticamente|quella|il
		stessa richiesta per|anche
		indirizzo|nome identico|uguale|invariato|immutato
		stesso|stessa cosa|discorso|vale
		tutti|tutte e due
		vi|ve ricordo|rammento|avverto|diffido
	`},

	// The mailbox, or what is in it, is still needed.
	{signNeeded, `
		!! conto dormiente
		!! si|ci risveglia|risvegliano|risvegliera
		!! mezzo|mezza spegnimento|chiusura
		!! salto|saltiamo un giro|turno|anno
		!! rimessa|rimesso in piedi|funzione
		!! sono|siamo raggiungibile|raggiungibili|reperibile|reperibili qui|qua
		!! sto|stiamo rifacendo|scaricando|copiando|salvando|esportando|stampando il|la|le|i|gli|l|tutto|tutti|ancora|un
		!! cosi non scade|scadra piu|mai
		!! durata|validita illimitata|eterna
		!! diventa|diventera gratuita|gratis
		!! che io sappia e|si reversibile|riattiva|riapre
		ordine di esibizione|conservazione|custodia
		agli atti del|di|della|dell processo|giudizio|procedimento|causa|ricorso
		causa|ricorso|processo|giudizio|procedimento|lite|gara|contenzioso pendente|aperto|aperta
		causa|ricorso|processo|giudizio|procedimento|lite|gara|contenzioso|istruttoria in corso
		digitale questa|questo|presso
		!! leggo|leggiamo|ricevo|riceviamo qui !che|sul|nel|sulla|nella
		digitale e questa|questo|presso
		digitale la|il presente
		domicilio presso la|questa presente|casella|pec|medesima
		istituzionale la|il|questa|questo
		come recapito|domicilio|riferimento
		dentro ci
		do|diamo|da|dare un occhiata
		fatto|ricevuto|in un|corso accertamento|controllo|ispezione
		continua|continuano|prosegue|proseguono come prima
		decreto|decreti ingiuntivo|ingiuntivi
		esito|graduatoria|risultati|responso esce|escono|arriva|arrivano
		fa|fanno comodo
		ho|abbiamo un|una|dei|alcuni|ancora ricorso|ricorsi|causa|contenzioso|processo|pratica|istanza
		in causa|lite con|contro
		l ho|abbiamo appena messa|comunicata|pubblicata|inserita|data|stampata|indicata|fornita
		!! non si e|sono ancora|piu|bene salvat*|scaricat*|copiat*|esportat*
		!! non si e|sono salvat*|scaricat*|copiat*|esportat*|stampat*
		l unica|unico che ho|abbiamo|possiedo|possediamo
		lasciato|lasciata|lasciati|rimasto|rimasti|rimaste|resta|restano dentro
		mi|ci ha|hanno citato|convocato|notificato|perquisito|accertato|multato
		pratica|pratiche|domanda|istanza|causa|posizione|procedura|procedimento|fascicolo ancora aperta|aperto|aperte|aperti|pendente|pendenti|in
		rimasta|rimasto|rimaste|rimasti|resta|restano|rimane|rimangono da scaricar*|spedir*|inviar*|salvar*|stampar*|copiar*|leggere|recuperar*
		sono|siamo obbligato|obbligata|obbligati|tenuto|tenuta|tenuti
	`},

	// It was written by another and is passed on.
	{signForward, `
		!! ci|mi fa|fanno mandare|inviare|spedire
		!! questo|questa|testo lo|l ha|hanno scritto|preparato|predisposto !io
		ricevo|riceviamo e giro|inoltro|trasmetto
		vi|ve giro|rigiro la|il|quanto|questa|questo
	`},

	// Money, and where it is to go.
	{signIBAN, `
		cambiato banca|carta|conto
		carta l|con|dell ho|abbiamo|addebito|cui restituita|bloccata|chiusa|buttata|estinta|tagliata|cambiata|smarrita|persa
		carta e|era scaduta|bloccata|smarrita|annullata|disattivata|cambiata
		carta non esiste|funziona|vale
		conto corrente
	`},
}
