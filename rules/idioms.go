package rules

// idioms are turns that mean nothing: a manner of speaking, in which a word that would be
// a sign is none. They are written as those of turns.go are.
const idioms = `
	ancora piu|meno|meglio|peggio
	anzi buonanotte|buonasera|buongiorno|buona|buon
	alla prossima vita|avventura|volta
	direi|mi pare|sembra che|puo puo|possa bastare
	direi che basta|bastano
	alla prossima speriamo|spero di no
	avvisarmi|avvisatemi|avvisate|avvertitemi|confermarmi|confermatemi|comunicarmi|comunicatemi|ditemi|dirmi|sapere quando|appena avete|avrete|l|la|e|sara|verra|viene
	ancora una volta
	a|ad ogni|buon buon|fine
	buon fine settimana
	che porta|riporta|reca quello|quella giusto|giusta
	chi l avrebbe|avrebbero mai detto
	come potete|potrete|puo vedere|notare|constatare|capire|immaginare
	casa madre
	cosi come concordato|indicato|richiesto|detto|spiegato
	come concordato|concordata|d con|col il|i vostro|vostri|vs|servizio|operatore|operatrice|assistenza
	e altresi consapevole
	se potete|puo|riuscite fare|far presto
	con calma|comodo ma fate
	poi stop|amen
	se no mi|ci|lo scordo|dimentico|scordiamo|dimentichiamo|addormento
	se no mi passa di mente
	senno mi|ci scordo|dimentico|scordiamo|dimentichiamo|addormento
	senno mi passa di mente
	da|d ora|oggi in poi
	dovrebbe|dovrebbero essere giusto|giusta|corretto|corretta|esatto|esatta|tutto|quello|quella|giusti|corretti|ok|sufficiente
	fare|far|faccio|facciamo|farne a meno !che
	accredito|riaccredito|rimborso|storno|accreditarmi|rimborsarmi su|sul|sulla|sullo|con|con|tramite|allo|alla stesso|stessa|medesimo|medesima|stesso mezzo|metodo|carta|strumento|conto|modalita
	evitare altri|altre|ulteriori|nuovi|nuove|l|il rinnovi|addebiti|costi|spese|pagamenti|addebito|rinnovo
	evitare il prossimo|nuovo rinnovo|addebito|pagamento
	evitare che si|mi|ci rinnovi|addebitiate|addebitino
	fate|fa|faccia prima a
	fate|fatelo|faccia|fallo|procedete|provvedete|chiudetela|disattivatela il|al piu|prima presto|possibile
	fatevelo|fatevela dire
	fate|faccia|fai con|a comodo|calma|piacimento
	fate|fatelo|faccia|fallo|procedete|provvedete|chiudetela|disattivatela|procedere|provvedere|chiuderla|disattivarla appena|quando potete|potrete|possibile|riuscite
	finalmente deciso|decisa|decisi
	giorno|giorni|momento|settimana|mese in cui pensavo|pensavamo di chiud*|disattiv*|cancell*|elimin*|reced*|disdir*
	che infatti non chiedo|chiediamo|pretendo|pretendiamo
	e|ho|abbiamo|dico detto stop
	e|dico stop
	fin|sin|prima d ora
	ho|abbiamo bisogno|necessita|esigenza di chiud*|disattiv*|cancell*|elimin*|cessar*
	ho|abbiamo la|l necessita|esigenza di chiud*|disattiv*|cancell*|elimin*|cessar*
	indipendentemente|prescindere dalla|da|dal scadenza|termine
	lascia|lasciaci|lasciate una|la recensione
	lei|lui non c e piu
	mandatemi|inviatemi|scrivetemi|fatemi un|una|due messaggio|messaggino|mail|riga|righe|conferma|cenno|pec|parole !con
	mi|ci decido|decidiamo
	mi|ci ha|hanno|e detto|stato di|detto mandare|mandarvi|scrivere|scrivervi|inviare|inviarvi|compilare|fare
	nessun caso di|assistenza
	niente osta da
	nient|niente|senz altro
	nessun|nessuna|nessuno domanda|condizione|ripensamento|dubbio|pendenza|obiezione|riserva|pentimento|rimpianto|contestazione|osservazione|problema|rancore|polemica !e|per|ma|su|sulla|sul|con|risolto|risolta
	note|pendenze|pendenza|sospesi|contestazioni|osservazioni|eccezioni|riserve|condizioni|annotazioni nessuna|nessuno|nulla|niente
	non saprei che|cosa altro|aggiungere|dire|scrivere
	non saprei cos|che altro aggiungere|dire|scrivere
	non ho|abbiamo intenzione di mantenerla|tenerla|rinnovar*|continuare|proseguire
	non vedo|vediamo perche|motivo dovrei|dovremmo|di|continuare|tenerla|pagare
	inutile tenerla|continuare|mantenerla|pagare|pagarla|conservarla
	mi|ci preme sottolineare|ringraziare|ringraziarvi|dire|precisare|dirvi
	poco|non importa che|se
	prima lo|la fate|chiudete|disattivate e|meglio|piu
	salvo mia|nostra|mio|una svista|errore|dimenticanza|distrazione
	se potete|puo|puoi|riuscite dammi|datemi|mandami|mandatemi|fatemi|fammi|mandateci|dateci una|un conferma|cenno|riscontro|ricevuta
	se lei|voi avesse|aveste|ha|avete bisogno di altro|altri|altre|ulteriori|qualcosa|chiarimenti
	non cambio|cambiero|cambieremo|cambiamo idea|parere
	non ho|abbiamo cambiato idea|parere !sul|sulla|riguardo
	non esitate|esiti|esitare
	non fa per me|noi
	non ho|abbiamo ripensamenti|rimpianti|pentimenti|riserve
	non mi|ci resta|rimane che
	non posso|possiamo che
	non segue|seguira in|l originale
	non segue|seguira originale|cartaceo|alcun
	non so|sappiamo a|con chi|dove rivolgermi|scrivere|rivolgerci
	non so|sappiamo bene a|con|dove chi|rivolgermi|scrivere rivolgermi|scrivere|rivolgerci|a
	non voglio|vogliamo piu la|questa|questo|il|avere|avere pec|casella|servizio|la
	non so|sappiamo se ho|abbiamo compilato|scritto|messo|riempito|fatto tutto|bene|giusto|correttamente|tutti|scritto
	non so|sappiamo che|cosa farmene|farcene|farne
	non so|sappiamo piu che|cosa farmene|farcene|farne
	non vale|val la pena
	non ne vale|val piu|la la|pena
	non ne vale|valeva la pena
	non vale|valeva la candela|pena|spesa
	non vedo|vediamo l ora
	nulla da eccepire
	nulla|niente a pretendere
	ora tarda
	originale cartaceo|analogico
	pagamenti|pagamento|nulla|niente|conti|fatture|pendenze in sospeso
	pannello di controllo
	potete|potrete|puo scrivermi|rispondermi|contattarmi|chiamarmi|telefonarmi|scriverci|contattarci
	per il momento|resto e tutto
	per ora|adesso e tutto
	per non pagare|ripagare|spendere|dover|ricevere un|altri|altro|altre|ancora|pagare|spese|fatture|soldi
	prima della scadenza !che
	prima che si rinnovi|rinnovasse
	prima che mi|ci addebitiate|addebitino|rinnoviate
	prima che arrivi|parta un|il|l altro|nuovo|prossimo|ulteriore|addebito|rinnovo
	pausa pranzo|caffe
	punto|punti vendita
	previo appuntamento
	quando volete
	recesso con effetto immediato
	resta|rimane|restava|rimaneva|manca|mancava da chiudere|levare|disattivare|togliere|eliminare|cancellare|disdire|sistemare !anche|prima|quella|l
	rinnovo che non volevo|volevamo|desideravo|desideravamo|interessa|interessava|serve|serviva
	ringrazio|grazie per ora
	sala d attesa|aspetto
	salvo errori
	sarebbe bello|stato
	se dio vuole
	se ho|abbiamo capito|inteso bene
	se non chiedo|disturbo troppo
	se non e|sia|strettamente|davvero necessario|indispensabile|strettamente
	se non ricordo male
	se non sbaglio|erro
	se ricordo bene
	se ho|abbiamo sbagliato|scritto|dimenticato|omesso|saltato qualcosa|male
	se qualcosa non va|torna|funziona
	se non va|fosse bene|chiaro|scritto|tutto cosi|chiamatemi|scrivetemi|ditemelo|scusatemi|bene
	se ce|c e|fosse|ci qualche|un|sono problema|problemi|dubbio|dubbi chiamatemi|contattatemi|scrivetemi|ditemelo|avvisatemi|telefonatemi
	se vedum|vedemo|vedem
	senza se e senza ma
	senza attendere|aspettare la|il|l scadenza|rinnovo|naturale scadenza|termine
	senza attendere|aspettare la|il|l scadenza|rinnovo
	senza dubbio|indugio|ritardo|impegno|riserve|riserva|condizioni|ripensamenti|pentimenti|rimpianti
	se|ove richiesto|richiesta|richiesti|richieste|gradito|gradita|utile|opportuno
	se|ove|qualora necessario|occorre|occorra
	si e no
	solo se serve
	sono|siamo|erano|eravamo tornato|tornata|tornati|tornate !a|ad|in|utile|utili|comodo|comoda|attiva
	sostituisce l originale
	spero|speriamo di no|si
	spero|speriamo di non aver|avere sbagliato|dimenticato|scritto|fatto|commesso !casella|caselle|modulo|indirizzo
	tanto vale
	stati|stato|stata costretti|costretto|costretta a chiudere|cessare|lasciare|smettere !la|questa|il
	una volta per tutte
	raccomando vogliatevi bene
	vorranno|vorra bene
	voglio|vogliamo bene
`
