package console

import (
	_ "embed"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Languages are those the console speaks, the first by default.
var Languages = []string{"it", "en"}

// wordsFile is the one catalogue: "key = italian | english", a line each.
//
//go:embed words.txt
var wordsFile string

// words are the catalogue by key, each with its text in every language.
type words map[string][2]string

func loadWords() (words, error) {
	out := words{}
	for i, line := range strings.Split(wordsFile, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, text, ok := strings.Cut(line, " = ")
		it, en, ok2 := strings.Cut(text, " | ")
		key, it, en = strings.TrimSpace(key), strings.TrimSpace(it), strings.TrimSpace(en)
		if !ok || !ok2 || it == "" || en == "" || strings.Contains(en, " | ") {
			return nil, fmt.Errorf("words.txt:%d: write key = italiano | english", i+1)
		}
		if _, twice := out[key]; twice {
			return nil, fmt.Errorf("words.txt:%d: %q stands twice", i+1, key)
		}
		out[key] = [2]string{it, en}
	}
	return out, nil
}

// in is the catalogue's function for one language. An unknown key shows
// itself, so that a page never breaks for a word.
func (w words) in(lang string) func(key string, args ...any) string {
	n := slices.Index(Languages, lang)
	return func(key string, args ...any) string {
		t, ok := w[key]
		if !ok {
			return key
		}
		if len(args) == 0 {
			return t[n]
		}
		return fmt.Sprintf(t[n], args...)
	}
}

const langCookie = "sportello-lang"

// language is what a request asks for: the switch, else the default.
func language(r *http.Request) string {
	if cookie, err := r.Cookie(langCookie); err == nil && slices.Contains(Languages, cookie.Value) {
		return cookie.Value
	}
	return Languages[0]
}

func (c *Console) setLanguage(w http.ResponseWriter, r *http.Request) {
	lang := r.PostFormValue("lang")
	if !slices.Contains(Languages, lang) {
		lang = Languages[0]
	}
	http.SetCookie(w, &http.Cookie{Name: langCookie, Value: lang, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true,
		Secure: c.opt.Secure, SameSite: http.SameSiteStrictMode})
	http.Redirect(w, r, localPath(r.PostFormValue("to")), http.StatusSeeOther)
}

// localPath is where a redirect may lead: a page of this console, never
// another site ("//host", "/\host").
func localPath(s string) string {
	if !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\\r\n\t") {
		return "/"
	}
	return s
}
