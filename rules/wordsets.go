package rules

// The words that more than one rule asks for, by what they are. A word that a
// single rule asks for stands below that rule; one that means something wherever
// it stands, in lexicon.go or sign.go; a run of words in turns.go.

// Articles and prepositions.
var (
	article   = set("il la lo i gli le un una uno") // begin an object: "ho un ricorso aperto" is no past tense
	of        = set("di del dello della dell dei degli delle")
	fromWhere = set("da dal dai dall dalla dallo dagli dalle")
	// determiner: what a feminine plural follows: "le chiamate"
	determiner = set(`
		a ad alcune alle altre belle buone certe come con da dalle delle di due gia in le mie molte nelle nostre per piu poche quanto
		quelle queste sempre sue sulle tante tre tue tutte varie vostre`)
)

// Who: the writer, the holder, the desk.
var (
	pronoun     = set("la lo li le mi ci io l")
	toMe        = set("mi ci me noi")
	mine        = set("me mio nome noi sottoscritto sottoscritta scrivente ditta societa nostra mia") // of the writer
	theHolder   = set("il la del della dal dalla al alla")                                            // before who is meant
	thatOf      = set("quella quello quelle")
	yours       = set("voi vostra vostro vs")
	hasOne      = set("ha hanno usa") // with ofTheirOwn: "mia moglie ha già la sua"
	ofTheirOwn  = set("una sua propria un loro")
	whoever     = set("chi")
	byTradeAs   = set("lavoro faccio lavoravo facevo come faro")                    // "faccio il geometra"
	itsBusiness = set("ditta negozio azienda studio attivita impresa officina bar") // what people have a mailbox for

	objectPronoun = set("la lo l li le mi ci m c")
)

// Verbs.
var (
	// auxiliary: the present forms that make a past tense with a participle
	auxiliary = set(`
		abbiamo avendo avendola avendolo avendone avete avrei avremmo essendo essendoci essendomi essendosi ha hai hanno ho sei sia siamo
		siete sono`)
	infinitiveHave = set("aver avere averlo averla averli averle averne avervi averci avermi")                 // make a past tense with a participle: "mi scuso per non averlo fatto"
	being          = set("era erano essendo essere fosse risulta sarebbe sia siamo siano sono stata stato xe") // only join a quality
	am             = set("sono essendo")
	writing        = set("scrivo scriviamo")
	knowing        = set("sapere")
	// having: to have, to use, to have been given
	having = set(`
		abbiamo adoperiamo adopero aperto attivato avendo dispongo disponiamo possesso possiedo avere avevo basta basti basto ha hanno ho passato preso presso riceviamo ricevo
		tengo usiamo uso utilizziamo utilizzo`)
	iUse       = set("uso usiamo utilizzo utilizziamo adopero adoperiamo")
	announcing = set("scrivo scriviamo mando invio contatto rivolgo parlato sentito telefonato") // by which the writer tells of his writing
	// presentVerb: common verbs that no ending gives away
	presentVerb = set(`
		abita abitano allego andiamo apro aspetto attendo basta bastano chiedo chiudiamo chiudo compie compio comunico confermo
		consideriamo considero copio costa costano credo dice dichiaro dico dicono disdico dite divento entro esercitiamo esercito fa
		facciamo faccio fanno gestisco incollo inviamo invio lavora lavorano lavoro leggo mandiamo mando nasce nascono ne paghiamo pago
		parto passo penso procedo recediamo recedo resto ricevo richiedo rimango ringraziamo ringrazio riporto salutiamo saluto scriviamo
		scrivo serve servono smetto so speriamo spero sposo sta stanno sto studia studiano torno trascrivo trasmetto usa usiamo uso
		utilizziamo utilizzo va vado vanno vendo vive vivo vivono`)
	// present: those that are nouns as well ("cura", "resta"): verbs only where a predicate is looked for
	present = set(`
		accede apre arriva cerca chiede consulta convoca cura decide deve dice dorme dura entra figura finisce gestisce guarda guardo manda
		mette metto mettono notifica occupa passa pensa perde prende puo resta riceve rimane risponde sa sanno scatta scrive spetta tiene
		tocca torna vale vede viene vuole`)
	beforeAVerb = set("si mi ci vi ti non nn nun")                                                 // what a verb follows
	opens       = set("che ma mentre perche percio pero poiche quindi sicche siccome xche xk xke") // begin another clause
)

// Denied, supposed, counted.
var (
	denial      = set("mica neanche nemmeno neppure nessun nessuna nessuno niente nn nol non nulla nun")
	noMore      = set("piu")
	never       = set("mai niente nulla nessuno nessuna nessun")
	needless    = set("bisogno occorre serve necessario") // "non occorre che …"
	supposing   = set("se qualora ove")
	howMany     = set("alcune alcuni arte cinque diverse diversi due molti otto quattro sei sette tante tanti tre")
	anotherOne  = set("un una quella quello altra altro")
	possessed   = set("proprio propria sua suo altra altro altre una quella quello nuova nuovo gia due casella pec") // what one says to have
	onlyFew     = set("solo soltanto solamente")
	adversative = set("ma pero solo bensi") // what goes on from a denial: "non voglio rinnovare ma tengo la casella"
	otherOnes   = set("quelle altre quella altra")
	partly      = set("consultazione durata entrata invio lettura notifiche parte periodo ricezione sms stagione tempo uscita") // of the mailbox or of what it does
)

// When.
var (
	nowadays = set("ora adesso ormai gia oggi")
	atOnce   = set("subito adesso ora oggi")
	forward  = set("entro per prossimo prossima fino") // before a day to come
	weekday  = set("lunedi martedi mercoledi giovedi venerdi sabato domenica")
)

// Where.
var (
	here      = set("ci qui dentro questa questo sopra pannello")
	atThis    = set("qui qua questa questo")
	otherWays = set("normale ordinaria app casa raccomandata sms cartacea carta postino telefono altra whatsapp") // by which letters come, if not by the mailbox
	street    = set(`
		borgo calle campo contra contrada corso fondamenta largo lungarno lungotevere piazza piazzale rione riva riviera salita strada via
		viale vicolo`)
	atDesk = set("ufficio servizio assistenza supporto reparto sportello settore help desk") // make "PEC" the name of the desk: "ufficio PEC"
)

// Persons, firms and bodies.
var (
	// qualities: in which one disposes of a body's mailbox
	qualities = set(`
		accomandataria accomandatario amministratore amministratrice capogruppo ceo comandante commissaria commissario consigliera consigliere
		coordinatore coordinatrice direttore direttrice dirigente fondatore fondatrice governatore liquidatore liquidatrice manager parroco
		preposta preposto preside presidente priora priore rapp rappresentante rappte responsabile rettore rettrice segretaria segretario
		sindaca sindaco socia socio superiora tesoriera tesoriere vicepresidente`)
	// represents: in which a person may dispose of a firm's mailbox
	represents = set(`
		accomandataria accomandatario amministratore amministratori amministratrice associati ceo comandante commissaria commissario
		consigliere delegato direttore direttrice dirigente ditta fondatore fondatrice impresa liquidatore liquidatrice parroco preside
		presidente proprietaria proprietario rapp rappresentante rappresentanti rappte responsabile rettore rettrice sindaco soci socia
		socie socio titolare unico vicepresidente`)
	// decides: whose word a request may wait for
	decides = set(`
		amministratore amministratrice assemblea avvocato cda commercialista commissario commissione condomini consiglio curatore direttivo
		eredi giudice legale liquidatore notaio presidente proprietario soci socia socio tesoriere titolare tribunale`)
	// legalForm: of a firm, and what is written for it
	legalForm = set(`
		accomandita agricola aps arl asd azioni c collettivo coop cooperativa dilettantistica ditta e f gmbh impresa individuale l limitata ltd odv
		onlus p r responsabilita rl s sapa sas scarl semplice semplificata snc sociale societa spa srl srls unipersonale`)
	// bodies: what firms and associations are called
	bodies = set(`
		agenzia agriturismo albergo asd associazione autocarrozzeria autofficina azienda banda bar cantina cantine carrozzeria cartoleria
		caseificio cassa centro circolo club collegio comitato comune comunita condominio confraternita congregazione consorzio cooperativa
		coro corpo costruzioni croce diocesi ditta edil enoteca ente falegnameria farmacia federazione ferramenta fondazione frantoio
		gelateria gruppo hotel immobiliare impianti impresa istituto lavanderia libreria macelleria molino officina ordine ottica palestra
		masseria tenuta fattoria autotrasporti trasporti tintoria erboristeria profumeria merceria gioielleria oreficeria
		panificio parrocchia pasticceria patronato pension pizzeria provincia ristorante sartoria scuola sindacato societa studio
		termoidraulica tessitura tipografia trattoria unione vetreria vivaio`)
	saint = set("san santo santa sant ss sta") // "S. Martino", "San Martino"
)
