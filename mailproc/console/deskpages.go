package console

import (
	"net/http"
	"net/url"
	"strconv"

	"sportello/rules"
)

func (c *Console) trustPage(w http.ResponseWriter, r *http.Request) {
	if c.opt.Trust == nil {
		c.show(w, r, http.StatusOK, "trust", "trust.title", (*Trust)(nil))
		return
	}
	v, err := c.opt.Trust(r.Context())
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	c.show(w, r, http.StatusOK, "trust", "trust.title", v)
}

func (c *Console) proceduresPage(w http.ResponseWriter, r *http.Request) {
	c.show(w, r, http.StatusOK, "procedures", "procedures.title", c.desk.Rules().Procedures)
}

// procedureView is a procedure with its letters, tried on an invented case.
type procedureView struct {
	*rules.Procedure
	Samples []rules.Sample
}

func (c *Console) procedurePage(w http.ResponseWriter, r *http.Request) {
	set := c.desk.Rules()
	p := set.Procedure(r.PathValue("name"))
	if p == nil {
		c.notFound(w, r)
		return
	}
	c.show(w, r, http.StatusOK, "procedure", "procedures.title", procedureView{p, set.Samples(p.Name)})
}

// logView is a stretch of the journal, the newest first.
type logView struct {
	Events []entry
	Height uint64
	Older  string // URL of the page before; "": none
	Newest string // URL of the last page
	Latest bool   // this is the end of the journal: it is kept live
	Filter journalFilter
	Query  url.Values
	People []string
}

// names are those of all users.
func (c *Console) names() (out []string, err error) {
	all, err := c.people.List()
	for _, u := range all {
		out = append(out, u.Name)
	}
	return out, err
}

const logPage = 200

func (c *Console) logPage(w http.ResponseWriter, r *http.Request) {
	status := statusOf(r)
	upto, err := number(r, "upto", status.Height)
	if err != nil {
		c.sorry(w, r, http.StatusBadRequest, "error.query")
		return
	}
	upto = min(upto, status.Height)
	f, err := c.journalFilter(r)
	if err != nil {
		c.sorry(w, r, http.StatusBadRequest, "error.query")
		return
	}
	v := logView{Height: status.Height, Latest: upto == status.Height, Filter: f, Query: r.URL.Query()}
	events, older, err := c.newest(r.Context(), &f, upto, logPage)
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	for _, e := range events {
		v.Events = append(v.Events, entry{e})
	}
	if older > 0 {
		v.Older = "/log?" + with(r.URL.Query(), "upto", strconv.FormatUint(older, 10))
	}
	v.Newest = "/log?" + with(r.URL.Query(), "upto", "")
	if v.People, err = c.names(); err != nil {
		c.failedPage(w, r, err)
		return
	}
	c.show(w, r, http.StatusOK, "log", "log.title", v)
}

func (c *Console) verify(w http.ResponseWriter, r *http.Request) {
	if _, err := c.desk.Verify(r.Context()); err != nil {
		c.log.Error("the journal does not verify", "error", err)
		c.render(w, r, http.StatusInternalServerError, &page{Name: "error", Title: "error.title", Problem: c.views[language(r)].words("error.chain", err.Error()), Data: http.StatusInternalServerError})
		return
	}
	http.Redirect(w, r, "/system?done=verified", http.StatusSeeOther)
}

func (c *Console) systemPage(w http.ResponseWriter, r *http.Request) {
	c.show(w, r, http.StatusOK, "system", "system.title", nil)
}

// demoView is the form of "write to the desk as a customer".
type demoView struct {
	Forms     []*rules.Procedure
	Samples   []DemoMessage
	Addresses map[string]string
	Message   DemoMessage
}

func (c *Console) demoPage(w http.ResponseWriter, r *http.Request) {
	m := DemoMessage{From: "mario.rossi@pec.example.it"}
	n, err := number(r, "sample", 0)
	if err == nil && n < uint64(len(c.opt.DemoSamples)) {
		m = c.opt.DemoSamples[n]
	}
	c.askDemo(w, r, http.StatusOK, m, "")
}

func (c *Console) askDemo(w http.ResponseWriter, r *http.Request, status int, m DemoMessage, problem string) {
	if c.opt.Demo == nil {
		c.notFound(w, r)
		return
	}
	v := demoView{Addresses: c.desk.Rules().Addresses, Message: m, Samples: c.opt.DemoSamples}
	for _, p := range c.desk.Rules().Procedures {
		if p.Form != nil {
			v.Forms = append(v.Forms, p)
		}
	}
	c.render(w, r, status, &page{Name: "demo", Title: "demo.title", Data: v, Problem: problem})
}

func (c *Console) demoSend(w http.ResponseWriter, r *http.Request) {
	if c.opt.Demo == nil {
		c.notFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 256<<10)
	m := DemoMessage{From: r.PostFormValue("from"), To: r.PostFormValue("to"), Subject: r.PostFormValue("subject"), Text: r.PostFormValue("text"),
		Ordinary: r.PostFormValue("kind") == "ordinary"}
	if err := c.opt.Demo(r.Context(), m); err != nil {
		c.askDemo(w, r, http.StatusUnprocessableEntity, m, err.Error())
		return
	}
	http.Redirect(w, r, "/?done=demo&order=received&mailbox="+url.QueryEscape(m.From), http.StatusSeeOther)
}
