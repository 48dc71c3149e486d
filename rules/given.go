package rules

// given are Italian first names, the common ones and those of the old: two
// capitalised words with one of them are a person.
var given = set(`
	achille ada adalgisa adamo adele adelina adriana adriano agata agnese agostino albertina alberto albino alcide alda aldo alessandra
	alessandro alessia alessio alfio alfonso alfredo alice alighiero alvaro alvise amalia amato ambra ambrogio amedeo amerigo amilcare
	amina amos anastasia andrea angela angelica angelo angiolina angiolino aniello anita anna annalisa annamaria anselmo antonella
	antonello antonia antonietta antonino antonio apollonia argia aristide armando armida arnaldo arturo assunta assuntina attilio augusta
	augusto aurelia aurelio aurora azzurra baldassarre barbara bartolomeo basilio battista beatrice benedetta benedetto beniamino benito
	bernardo berta biagio bianca bice bonifacio brando brigida bruna brunella bruno calogero camilla candida carla carlo carlotta carmela
	carmelo carmen carmine carolina cataldo catello caterina cecilia celestina celestino cesare cesira chiara cinzia cinzio cirillo ciro
	clara claretta clarissa claudia claudio clelia clemente clotilde concetta consolata corradino corrado cosimo costantino costanza
	crispino cristian cristiana cristiano cristina dalia damiano daniela daniele danilo dante dario davide debora deborah delia demetrio
	desiderio diana diego dina dino dionisio dolores domenico donata donatella donatello donato dora doriana doriano doris edda edgar
	edgardo edoardo edvige efisio egidio elda elena eleonora eleuterio elia eliana elio elisa elisabetta eliseo eloisa elvio elvira
	emanuela emanuele emerenziana emidio emilia emilio emma enea ennio enrica enrico enzo ercole eriberto erica erika ermanno erminia
	erminio ernestina ernesto ersilia ester esterina ettore eufemia eugenia eugenio eusebio eva evelina ezio fabiana fabio fabiola fabrizio
	fausta fausto fedele federica federico federigo felicita ferdinando fermina fernando fiammetta filiberto filippo filomena fiorella
	fiorenza fiorenzo flaminia flaminio flavia flavio floriana floriano fortunata fortunato francesca francesco franco fulvia fulvio
	gabriela gabriele gabriella gaetano gaia gaspare gavino gelsomina gemma gennaro gerardina gerardo germana gerolamo giacomo giada
	gianfranco gianluca gianluigi gianmarco gianni gianpaolo gilberto gilda gina gino gioacchino giocondo giona giordano giorgia giorgio
	giosue giovanna giovanni gisella giuditta giulia giuliana giuliano giulio giuseppe giuseppina goffredo grazia graziella gregorio greta
	gualtiero guerrino guglielmo guido gustavo iacopo ida iginio ignazio igor ilaria ilario ileana immacolata ines iolanda iole irene
	isabella isidoro italo iva ivan ivana ivano ivonne jacopo jessica katia lara laura lauretta lauro lavinia leandro leda lelio leo
	leonardo leone leonida leonilde leopoldo letizia liberato licia lidia liliana lina lino lionello lisa livia livio loredana lorena
	lorenza lorenzo loretta loris luana luca lucia luciana luciano lucilio lucilla lucrezia ludovica ludovico luigi luigia luisa maddalena
	mafalda manfredi manlio manuel manuela mara marcantonio marcella marcellina marcellino marcello marco margherita maria mariangela
	marianna mariano mariapia mariateresa marilena marilisa marina mario marisa marta martina marzia marzio massimiliano massimo matilde
	matteo mattia maura maurizio mauro melissa mercedes michela michele mimmo minerva miranda mirco mirella miriam mirko mirta moira monica
	morena moreno nadia nando narciso natalia natalino nazzareno nello nereo nerina nerio nevio nicodemo nicola nicolas nicole nicoletta
	nicolo nilde nina nino nives noemi nunzia nunzio oddone odetta odoardo ofelia olga olimpia olindo olivia oliviero omar onofrio orazio
	oreste oriana orietta orlando ornella orsola oscar osvaldo otello ottavia ottavio ottone palmira palmiro pamela paola paolo pasquale
	patrizia patrizio pellegrino petronilla pia piera pierluigi piero pietro pino pio pompeo prospero quinto quirino rachele raffaele
	raffaella raimondo ramona rebecca regina remigio remo renata renato renzo riccardo rina rino rita roberta roberto rocco rodolfo rolando
	romana romano romeo romilda romolo romualdo rosa rosalba rosalia rosalinda rosamaria rosanna rosaria rosario rosina rosolino rossana
	rossella ruben rufina ruggero ruggiero sabatino sabina sabino sabrina salvatore samantha samuela samuele sandra sandro santina santino
	sara sauro saverio savina savino sebastiano selene serena sergio severino sibilla sigismondo silvana silvano silverio silvestro silvia
	silvio simeone simona simone sira siro sofia sonia sonja spartaco stefania stefano susanna susi tamara tancredi tania tarcisio tea
	teodora teodoro terenzio teresa tiberio tina tino tito tiziana tiziano tommaso tonino totuccio tullia tullio ubaldo ugo ulderico ulisse
	umberta umberto urbano ursula valentina valentino valeria valerio vanda vanessa vanna vasco venanzio venera veniero vera verdiana
	veronica vilma vincenzo vinicio viola violetta virgilia virgilio virginia vitale vito vittore vittoria vittorino vittorio viviana
	vladimiro walter wanda wilma wladimiro yuri zaira zelinda zeno zita`)

// shortFor are the names by which one is called and that do not begin as one's own.
var shortFor = map[string][]string{
	"bepi": {"giuseppe"}, "beppe": {"giuseppe"}, "checco": {"francesco"}, "cecco": {"francesco"}, "cesco": {"francesco"}, "cettina": {"concetta"},
	"ciccio": {"francesco"}, "dora": {"teodora", "isidora"}, "gianni": {"giovanni"}, "gino": {"luigi"}, "giosi": {"giuseppina"}, "ketty": {"caterina"},
	"lele": {"raffaele", "gabriele", "emanuele"}, "lella": {"raffaella", "gabriella"}, "lello": {"raffaele"}, "meo": {"bartolomeo"},
	"mimma": {"domenica"}, "mimmo": {"domenico"}, "mino": {"domenico", "giacomo"}, "momo": {"girolamo"}, "nando": {"ferdinando"},
	"nanni": {"giovanni"}, "nino": {"antonio", "giovanni", "antonino"}, "peppe": {"giuseppe"}, "peppino": {"giuseppe"}, "pina": {"giuseppina"},
	"pino": {"giuseppe"}, "pinuccia": {"giuseppina"}, "pippo": {"filippo", "giuseppe"}, "ricky": {"riccardo"}, "rosi": {"rosa"},
	"tano": {"gaetano"}, "tino": {"agostino", "costantino"}, "titti": {"tiziana", "concetta"}, "tonino": {"antonio"}, "toto": {"salvatore", "antonio"},
	"turi": {"salvatore"}, "zina": {"teresa", "vincenza"},
}
