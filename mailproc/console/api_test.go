package console

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"sportello/rules"
)

var rewrite = flag.Bool("update", false, "rewrite the table of the API in README.md")

// The table in the README is the list of routes, word for word.
func TestTheReadmeNamesEveryRoute(t *testing.T) {
	o := newOffice(t)
	var b strings.Builder
	b.WriteString("| request | who | answers |\n|---|---|---|\n")
	for _, r := range o.con.routes() {
		var query []string
		for _, p := range r.Query {
			query = append(query, p.Name+"=")
		}
		path := r.Path
		if len(query) > 0 {
			path += "?" + strings.Join(query, "&")
		}
		fmt.Fprintf(&b, "| `%s %s` | %s | %s |\n", r.Method, path, r.Role, r.What)
	}
	raw, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(raw), "<!-- routes -->\n")
	table, after, ok2 := strings.Cut(rest, "<!-- /routes -->")
	if !ok || !ok2 {
		t.Fatal("README.md has no table of routes")
	}
	if *rewrite {
		if err := os.WriteFile("README.md", []byte(before+"<!-- routes -->\n"+b.String()+"<!-- /routes -->"+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if table != b.String() {
		t.Errorf("README.md says another thing than the routes; run this test with -update:\n%s", b.String())
	}
}

// ask puts a question to the handlers as the socket's owner.
func (o *office) ask(method, path string, body any) *httptest.ResponseRecorder {
	o.t.Helper()
	var in io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			o.t.Fatal(err)
		}
		in = bytes.NewReader(raw)
	}
	r := httptest.NewRequest(method, path, in)
	r.Header.Set(AuthorHeader, "root")
	w := httptest.NewRecorder()
	o.con.Socket().ServeHTTP(w, r)
	return w
}

// Every route answers as its schema says, neither less nor more, and takes the
// body that its schema describes.
func TestAnswersAreAsTheSchemaSays(t *testing.T) {
	o := newOffice(t, func(opt *Options) { opt.FourEyes = true }, withIncidents)
	o.desk.fill(t)
	doc := o.schema()
	c := o.inState(rules.InReview)
	spare := o.inState(rules.Closed)
	var parked []uint64
	key := ""
	for id, m := range o.desk.messages {
		if m.Status == "parked" {
			parked = append(parked, id)
		}
	}
	asked := map[string]any{
		"/api/cases/{id}/acts":    rules.Act{Verb: "note", Text: "una nota", Version: c.Version},
		"/api/cases/{id}/preview": rules.Act{Verb: "reject", Reason: rules.MissingFields},
		"POST /api/users":         newUser{"nina", Viewer, password},
		"POST /api/users/{name}":  userChange{Role: Operator},
		"POST /api/tokens":        newToken{"prova"},
	}
	for _, r := range o.con.routes() {
		name := r.Method + " " + r.Path
		path := r.Path
		for from, to := range map[string]string{"/cases/{id}": "/cases/" + c.ID, "/parked/{id}/replay": fmt.Sprintf("/parked/%d/replay", parked[0]), "/parked/{id}/open": fmt.Sprintf("/parked/%d/open", parked[1]),
			"/messages/{id}": fmt.Sprintf("/messages/%d", c.Messages[0]),
			"/files/{n}":     "/files/1", "{name}": "nina", "{key}": key} {
			path = strings.Replace(path, from, to, 1)
		}
		body := asked[r.Path]
		if body == nil {
			body = asked[name]
		}
		if (body != nil) != (r.Body != nil) {
			t.Fatalf("%s: the test sends %v, the route reads %v", name, body, r.Body)
		}
		want := http.StatusOK
		switch r.Path {
		case "/api/cases/{id}/drop":
			want = http.StatusUnprocessableEntity // nothing is proposed
		case "/api/messages/{id}/files/{n}":
			path = strings.Replace(path, fmt.Sprint(c.Messages[0]), fmt.Sprint(o.withFile()), 1)
		}
		w := o.asUser("capo", password, r.Method, path, body)
		if key == "" && r.Path == "/api/tokens" && r.Method == "POST" {
			list, err := o.con.people.tokens("capo")
			if err != nil || len(list) != 1 {
				t.Fatalf("tokens: %v %v", list, err)
			}
			key = list[0].Key
		}
		if w.Code != want {
			t.Errorf("%s: %d, want %d: %.300s", name, w.Code, want, w.Body)
			continue
		}
		o.fits(doc, name, r, w)
	}
	for _, id := range []string{c.ID, spare.ID} { // a case in its full life, with letters and receipts
		w := o.ask("GET", "/api/cases/"+id, nil)
		o.fits(doc, "case "+id, route{Method: "GET", Path: "/api/cases/{id}"}, w)
	}
}

// withFile is a message whose first file can be saved.
func (o *office) withFile() uint64 {
	for id := range o.desk.messages {
		if list, err := o.con.files(o.t.Context(), id); err == nil && slices.ContainsFunc(list, func(f fileView) bool { return f.N == 1 }) {
			return id
		}
	}
	for id := range o.desk.messages {
		return id
	}
	return 0
}

func (o *office) schema() map[string]any {
	o.t.Helper()
	w := o.ask("GET", "/api/openapi.json", nil)
	var doc map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || doc["openapi"] != "3.1.0" {
		o.t.Fatalf("the schema: %v: %.200s", err, w.Body)
	}
	return doc
}

// fits compares an answer with what the document says of its route.
func (o *office) fits(doc map[string]any, name string, r route, w *httptest.ResponseRecorder) {
	o.t.Helper()
	op := doc["paths"].(map[string]any)[r.Path].(map[string]any)[strings.ToLower(r.Method)].(map[string]any)
	which := "200"
	if w.Code >= 400 {
		which = "default"
	}
	media := w.Header().Get("Content-Type")
	content := op["responses"].(map[string]any)[which].(map[string]any)["content"].(map[string]any)[media]
	if content == nil {
		o.t.Errorf("%s answers %s, which its schema does not name", name, media)
		return
	}
	schema, ok := content.(map[string]any)["schema"]
	if !ok || strings.HasSuffix(media, "zip") {
		return
	}
	v := validator{schemas: doc["components"].(map[string]any)["schemas"].(map[string]any)}
	for _, line := range bytes.Split(bytes.TrimSpace(w.Body.Bytes()), []byte("\n")) {
		var got any
		if err := json.Unmarshal(line, &got); err != nil {
			o.t.Errorf("%s: %v: %.200s", name, err, line)
			return
		}
		v.check(name, schema.(map[string]any), got)
	}
	for _, p := range v.problems {
		o.t.Error(p)
	}
}

// validator knows as much of JSON Schema as our own needs.
type validator struct {
	schemas  map[string]any
	problems []string
}

func (v *validator) bad(format string, args ...any) {
	if len(v.problems) < 10 {
		v.problems = append(v.problems, fmt.Sprintf(format, args...))
	}
}

func (v *validator) check(at string, s map[string]any, got any) {
	if ref, ok := s["$ref"].(string); ok {
		s, _ = v.schemas[strings.TrimPrefix(ref, "#/components/schemas/")].(map[string]any)
		if s == nil {
			v.bad("%s: %s is not described", at, ref)
			return
		}
	}
	if either, ok := s["anyOf"].([]any); ok {
		if got != nil {
			v.check(at, either[0].(map[string]any), got)
		}
		return
	}
	if list, ok := s["enum"].([]any); ok && !slices.Contains(list, got) {
		v.bad("%s: %v is none of %v", at, got, list)
	}
	switch s["type"] {
	case "object":
		m, ok := got.(map[string]any)
		if !ok {
			v.bad("%s: %T, want an object", at, got)
			return
		}
		v.object(at, s, m)
	case "array":
		list, ok := got.([]any)
		if !ok {
			v.bad("%s: %T, want a list", at, got)
		}
		for i, x := range list {
			v.check(fmt.Sprintf("%s[%d]", at, i), s["items"].(map[string]any), x)
		}
	case "string":
		text, ok := got.(string)
		if !ok {
			v.bad("%s: %T, want a string", at, got)
		}
		if s["format"] == "date-time" {
			if _, err := time.Parse(time.RFC3339, text); err != nil {
				v.bad("%s: %v", at, err)
			}
		}
	case "integer", "number":
		if _, ok := got.(float64); !ok {
			v.bad("%s: %T, want a number", at, got)
		}
	case "boolean":
		if _, ok := got.(bool); !ok {
			v.bad("%s: %T, want true or false", at, got)
		}
	default:
		v.bad("%s: the schema says %v", at, s)
	}
}

func (v *validator) object(at string, s, m map[string]any) {
	props, _ := s["properties"].(map[string]any)
	if required, ok := s["required"].([]any); ok {
		for _, k := range required {
			if _, ok := m[k.(string)]; !ok {
				v.bad("%s: %q is missing", at, k)
			}
		}
	}
	for k, x := range m {
		switch p := props[k].(type) {
		case map[string]any:
			v.check(at+"."+k, p, x)
		default:
			if more, ok := s["additionalProperties"].(map[string]any); ok {
				v.check(at+"."+k, more, x)
			} else {
				v.bad("%s: %q is in no schema", at, k)
			}
		}
	}
}

// A body with a key that means nothing is refused, not half understood.
func TestUnknownKeysAreRefused(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	c := o.inState(rules.InReview)
	for path, body := range map[string]any{
		"/api/cases/" + c.ID + "/acts": map[string]any{"verb": "note", "text": "x", "reson": "typo"},
		"/api/users":                   map[string]any{"name": "nina", "role": "viewer", "password": password, "admin": true},
		"/api/users/anna":              map[string]any{"rôle": "admin"},
	} {
		if w := o.ask("POST", path, body); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

// What is too large is refused with the limit, whichever door it comes by.
func TestTooLargeNamesTheLimit(t *testing.T) {
	o := newOffice(t)
	o.desk.fill(t)
	c := o.inState(rules.InReview)
	act := rules.Act{Verb: "answer", Text: "in allegato", Files: []rules.LetterFile{{Name: "log.txt", Data: make([]byte, maxAct+2<<20)}}}
	if w := o.ask("POST", "/api/cases/"+c.ID+"/acts", act); w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "20 MiB") {
		t.Errorf("over the socket: %d %s", w.Code, w.Body)
	}
	act.Files[0].Data = act.Files[0].Data[:maxAct-1<<20]
	if w := o.ask("POST", "/api/cases/"+c.ID+"/acts", act); w.Code != http.StatusOK {
		t.Errorf("just below: %d %.200s", w.Code, w.Body)
	}
	const lines = 78.0 / 57 // 57 bytes make a line of base64
	if letter := float64(max(maxAct, maxBody/4*3)) * lines; letter > 30e6 {
		t.Errorf("what is taken may make a letter of %.0f bytes, which providers refuse", letter)
	}
	r := o.visit("anna").post("/cases/"+c.ID+"/acts", url.Values{"verb": {"answer"}, "text": {strings.Repeat("x", maxAct+1)}})
	r.want(t, http.StatusRequestEntityTooLarge, "Gli allegati possono avere in tutto 20 MiB")
}
