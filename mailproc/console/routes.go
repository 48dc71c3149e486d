package console

import (
	"net/http"
	"slices"

	"sportello/rules"
)

// route is an address of the JSON API. One list makes the handlers, their
// roles, the schema at /api/openapi.json, the page /api and the table in this
// package's README, so that none can say another thing than the others.
type route struct {
	Method, Path string
	Role         Role // least role that may ask
	What         string
	Query        []param
	Body         any    // nil: none
	Answer       any    // nil: bytes
	Media        string // of an answer that is not JSON
	do           http.HandlerFunc
}

// param is a parameter of a query.
type param struct{ Name, What string }

var filterParams = []param{{"state", "new, review, waiting, accepted, rejected, answered, withdrawn, closed"}, {"procedure", "name of a procedure"},
	{"mailbox", "certified sender; without a domain, how it begins"}, {"outcome", "accept, reject, guide, review, none (taken back)"}, {"reason", "a reason code"},
	{"from", "received on this day or after: 2026-11-27, today, yesterday"}, {"to", "received on this day or before"}, {"due_by", "an answer is owed by the end of this day"},
	{"assignee", "of this operator; -: of nobody"},
	{"overdue", "true: the term has passed without an answer"}, {"task", "true: a step waits for a person to carry it out"}, {"q", "protocol numbers, or beginnings of words of mailbox, subject and fields; or one identifier whole: of an envelope, of a letter (Message-ID), of a message's bytes (SHA-256)"},
	{"order", "attention (what needs a person, then the soonest due) or received (newest first)"}}

func (c *Console) routes() []route {
	page := append(slices.Clone(filterParams), param{"limit", "1 to 1000"}, param{"after", "`next` of the page before"})
	return []route{
		{Method: "GET", Path: "/api/cases", Role: Viewer, What: "the queue", Query: page, Answer: casesAnswer{}, do: c.apiCases},
		{Method: "GET", Path: "/api/cases/{id}", Role: Viewer, What: "a case with everything that explains it", Answer: CaseAnswer{}, do: c.apiCase},
		{Method: "GET", Path: "/api/cases/{id}/export", Role: Viewer, What: "its dossier, a zip that verifies with openssl alone", Media: "application/zip", do: c.export},
		{Method: "POST", Path: "/api/cases/{id}/acts", Role: Operator, What: "decide; answers the case as it is then, 202 when the approval waits for a second person",
			Body: rules.Act{}, Answer: rules.Detail{}, do: c.apiAct},
		{Method: "POST", Path: "/api/cases/{id}/preview", Role: Operator, What: "the letters that an act would send, and the steps that would follow; nothing is done", Body: rules.Act{}, Answer: lettersAnswer{}, do: c.apiPreview},
		{Method: "POST", Path: "/api/cases/{id}/drop", Role: Operator, What: "take a proposed approval back (four eyes)", Answer: CaseAnswer{}, do: c.apiDrop},
		{Method: "GET", Path: "/api/export", Role: Viewer, What: "the dossiers of every case that passes the filters, in one zip", Query: filterParams, Media: "application/zip", do: c.exportMany},
		{Method: "GET", Path: "/api/parked", Role: Viewer, What: "messages that are no request, newest first",
			Query: []param{{"before", "number of a message: older ones only"}, {"limit", "1 to 1000"}, {"reason", "only with this reason"}}, Answer: parkedAnswer{}, do: c.apiParked},
		{Method: "POST", Path: "/api/parked/{id}/replay", Role: Operator, What: "look at a parked message again", Answer: replayedAnswer{}, do: c.apiReplay},
		{Method: "POST", Path: "/api/parked/{id}/open", Role: Operator, What: "make a case of a parked message, for a person to decide", Answer: openedAnswer{}, do: c.apiOpenParked},
		{Method: "GET", Path: "/api/messages/{id}", Role: Viewer, What: "a stored message", Answer: rules.MessageView{}, do: c.apiMessage},
		{Method: "GET", Path: "/api/messages/{id}/raw", Role: Viewer, What: "its bytes as received", Media: "application/octet-stream", do: c.apiRaw},
		{Method: "GET", Path: "/api/messages/{id}/files", Role: Viewer, What: "the files that came with it", Answer: filesAnswer{}, do: c.apiFiles},
		{Method: "GET", Path: "/api/messages/{id}/files/{n}", Role: Viewer, What: "one of them, decoded", Media: "application/octet-stream", do: c.apiFile},
		{Method: "GET", Path: "/api/journal", Role: Viewer, What: "the journal, one entry a line", Query: []param{{"from", "height of the first entry"},
			{"limit", "1 to 10000"}, {"case", "of this case"}, {"author", "what this person did"}, {"since", "of this day or after; also an instant, or how long ago: 8h"}, {"until", "of this day or before"}, {"follow", "1: go on with what happens"}}, Answer: rules.Event{}, Media: "application/x-ndjson", do: c.apiJournal},
		{Method: "POST", Path: "/api/journal/verify", Role: Operator, What: "prove the chain from its first entry", Answer: verifiedAnswer{}, do: c.apiVerify},
		{Method: "GET", Path: "/api/letters", Role: Viewer, What: "letters that failed, whose receipt is overdue, that are uncertain, or have not gone out", Query: []param{{"state", "only failed, overdue, uncertain, held, owed or trying"}}, Answer: openLettersAnswer{}, do: c.apiLetters},
		{Method: "GET", Path: "/api/incidents", Role: Viewer, What: "what is wrong now: servers, disk, promises in danger", Answer: incidentsAnswer{}, do: c.apiIncidents},
		{Method: "POST", Path: "/api/retry", Role: Operator, What: "try again now what waits for its next try: logins, letters, steps, the registry", Answer: retriedAnswer{}, do: c.apiRetry},
		{Method: "GET", Path: "/api/statistics", Role: Viewer, What: "the numbers of the statistics page", Query: []param{{"days", "1 to 3660; default 30"}, {"month", "instead of days: 2026-10, or last"}}, Answer: Statistics{}, do: c.apiStatistics},
		{Method: "GET", Path: "/api/procedures", Role: Viewer, What: "the procedures in force", Answer: proceduresAnswer{}, do: c.apiProcedures},
		{Method: "GET", Path: "/api/trust", Role: Viewer, What: "whose signatures are believed", Answer: Trust{}, do: c.apiTrust},
		{Method: "GET", Path: "/api/status", Role: Viewer, What: "the desk at a glance", Answer: rules.Status{}, do: c.apiStatus},
		{Method: "GET", Path: "/api/users", Role: Admin, What: "who may use the console", Answer: usersAnswer{}, do: c.apiUsers},
		{Method: "POST", Path: "/api/users", Role: Admin, What: "add a user", Body: newUser{}, Answer: UserInfo{}, do: c.apiAddUser},
		{Method: "GET", Path: "/api/users/{name}/tokens", Role: Admin, What: "a user's bearer tokens", Answer: tokensAnswer{}, do: c.apiUserTokens},
		{Method: "DELETE", Path: "/api/users/{name}/tokens", Role: Admin, What: "end all of them", Answer: tokensAnswer{}, do: c.apiDropUserTokens},
		{Method: "POST", Path: "/api/users/{name}", Role: Admin, What: "change a user's role or password", Body: userChange{}, Answer: UserInfo{}, do: c.apiChangeUser},
		{Method: "DELETE", Path: "/api/users/{name}", Role: Admin, What: "remove a user, with sessions and tokens", Answer: usersAnswer{}, do: c.apiRemoveUser},
		{Method: "GET", Path: "/api/tokens", Role: Viewer, What: "one's own bearer tokens", Answer: tokensAnswer{}, do: c.apiTokens},
		{Method: "POST", Path: "/api/tokens", Role: Viewer, What: "make one; it is told this once", Body: newToken{}, Answer: tokenAnswer{}, do: c.apiMakeToken},
		{Method: "DELETE", Path: "/api/tokens/{key}", Role: Viewer, What: "end one", Answer: tokensAnswer{}, do: c.apiDropToken},
		{Method: "GET", Path: "/api/openapi.json", Role: Viewer, What: "this list with its schemas (OpenAPI 3.1)", Media: "application/json", do: c.apiSchema},
	}
}

// api is the JSON API behind the console's own doors: the author of an act is
// who logged in, or whose bearer token it is.
func (c *Console) api(mux *http.ServeMux) {
	for _, r := range c.routes() {
		mux.HandleFunc(r.Method+" "+r.Path, c.need(r.Role, r.do))
	}
	mux.HandleFunc("GET /api", c.need(Viewer, func(w http.ResponseWriter, r *http.Request) {
		c.show(w, r, http.StatusOK, "api", "api.title", c.routes())
	}))
	mux.HandleFunc("/api/", c.need(Viewer, func(w http.ResponseWriter, r *http.Request) {
		fail(w, http.StatusNotFound, errNoRoute)
	}))
}

var errNoRoute error = &rules.ErrRefused{Why: "there is no such address: see GET /api/openapi.json"}

// Socket is the same API for whoever may open the daemon's socket: its owner,
// who may do everything in the name he says, but not what takes two people. A
// user who proves who he is (a bearer token, or name and password) acts as
// himself, in his role. More are further handlers.
func (c *Console) Socket(more ...func(*http.ServeMux)) http.Handler {
	mux := http.NewServeMux()
	for _, r := range c.routes() {
		mux.HandleFunc(r.Method+" "+r.Path, func(w http.ResponseWriter, q *http.Request) {
			if u := userOf(q); u != nil && !u.Role.May(r.Role) {
				fail(w, http.StatusForbidden, errRole)
				return
			}
			r.do(w, q)
		})
	}
	for _, register := range more {
		register(mux)
	}
	return c.atSocket(mux)
}
