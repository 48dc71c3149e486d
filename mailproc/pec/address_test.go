package pec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAddress(t *testing.T) {
	for in, want := range map[string]string{
		"Mario@PEC.Example.IT": "mario@pec.example.it", " <mario@pec.example.it> ": "mario@pec.example.it",
		"mailto:mario@pec.example.it": "mario@pec.example.it", "mario@pec.example.it.": "mario@pec.example.it",
		"àb@pec.example.it": "àb@pec.example.it", "": "", "<>": "", "MARIO@PEC.EXAMPLE.İT": "mario@pec.example.İt",
	} {
		if got := Address(in); got != want {
			t.Errorf("Address(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"Mario@PEC.Example.IT.": "pec.example.it", "mario": "", "a@b@c.example.org": "", "a@b": "", "a b@c.example.org": "", "a@.it": "", "a@c..example.org": ""} {
		if got := Domain(in); got != want {
			t.Errorf("Domain(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestMailboxOf: one sender, or none that could be meant.
func TestMailboxOf(t *testing.T) {
	for in, want := range map[string]string{
		"mario@pec.example.it":                            "mario@pec.example.it",
		"<mario@pec.example.it>":                          "mario@pec.example.it",
		"Mario Rossi <mario@pec.example.it>":              "mario@pec.example.it",
		`"Rossi, Mario" <mario@pec.example.it>`:           "mario@pec.example.it",
		"Rossi, Mario <mario@pec.example.it>":             "mario@pec.example.it",
		`"a@b.example.org" <mario@pec.example.it>`:        "mario@pec.example.it",
		`"a \" <x@y.example.org>" <mario@pec.example.it>`: "mario@pec.example.it",
		"mario@pec.example.it <mario@pec.example.it>":     "mario@pec.example.it",
		"mario@pec.example.it (Mario (il vecchio))":       "mario@pec.example.it",
		"=?utf-8?q?a=40b?= <mario@pec.example.it>":        "mario@pec.example.it",
		"Società\xe0 <mario@pec.example.it>":              "mario@pec.example.it",
		"Mario\r\n <mario@pec.example.it>":                "mario@pec.example.it",
		"":                                                "", "Mario": "", "mario": "", "<>": "", "mario@": "", "@pec.example.it": "",
		"eva@x.example.org, mario@pec.example.it":               "",
		"Eva <eva@x.example.org>, Mario <mario@pec.example.it>": "",
		"eva@x.example.org <mario@pec.example.it>":              "",
		"<eva@x.example.org> <mario@pec.example.it>":            "",
		"Gruppo: mario@pec.example.it;":                         "",
		"Gruppo: <mario@pec.example.it>;":                       "",
		"mario(x)@pec.example.it":                               "",
		`mario@pec." "example.it`:                               "", `mario@pec.example.it" <x"`: "", `"x"mario@pec.example.it`: "",
		"<mario(x)@pec.example.it>":               "",
		`"mario"@pec.example.it`:                  "",
		`<"mario"@pec.example.it>`:                "",
		"mario@pec.example.it>":                   "",
		"<mario@pec.example.it":                   "",
		`"Mario <mario@pec.example.it>`:           "",
		"(Mario <mario@pec.example.it>":           "",
		"<mario@pec.example.it> x":                "",
		"<mario@pec.example.it>, ":                "",
		"mario@pec.example.it\x00":                "",
		"eva@x.example.org\rmario@pec.example.it": "",
		"<@relay.it:mario@pec.example.it>":        "",
		"mario@=?utf-8?q?pec=2Eexample=2Eit?=":    "",
		"mario@[127.0.0.1]":                       "",
	} {
		got, ok := mailboxOf(in)
		if ok != (want != "") || ok && got != want {
			t.Errorf("mailboxOf(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}

func TestEnvelopeAddress(t *testing.T) {
	const notice = "posta-certificata@pec.example.it"
	for in, want := range map[string]string{
		`"Per conto di: mario@pec.example.it" <` + notice + `>`:                    "Per conto di: mario@pec.example.it",
		`Per conto di: mario@pec.example.it <` + notice + `>`:                      "Per conto di: mario@pec.example.it",
		"=?iso-8859-1?Q?Per_conto_di=3A_mario=40pec.example.it?= <" + notice + ">": "Per conto di: mario@pec.example.it",
		notice:             "",
		"<" + notice + ">": "",
	} {
		a, d, ok := envelopeAddress(in)
		if !ok || a != notice || d != want {
			t.Errorf("%q: %q %q %v", in, a, d, ok)
		}
	}
	for _, in := range []string{
		"Eva <eva@x.example.org>, <" + notice + ">", "eva@x.example.org <" + notice + ">", `"Per conto di: <` + notice + `>`, "<" + notice + "> x", "<" + notice + ".>x",
		"Per conto di: a@x.example.org, b@y.example.org <" + notice + ">", "x(<" + notice + ">)@example.org", "Eva\r<" + notice + ">", "",
	} {
		if a, _, ok := envelopeAddress(in); ok {
			t.Errorf("%q: %q", in, a)
		}
	}
}

func TestParseMedia(t *testing.T) {
	for in, want := range map[string]content{
		`multipart/signed; protocol="application/pkcs7-signature"; micalg=SHA1; boundary="a b;c"`: {typ: "multipart/signed", protocol: "application/pkcs7-signature", micalg: "sha1", delimiter: "--a b;c"},
		"Text/Plain; Charset=ISO-8859-1; format=flowed":                                           {typ: "text/plain", charset: "iso-8859-1"},
		"text/plain ; charset = \"utf-8\" (comment)":                                              {typ: "text/plain", charset: "utf-8"},
		"text (plain)": {typ: "text/plain"}, "": {typ: "text/plain"}, ";": {typ: "text/plain"}, "text": {typ: "text/plain"},
		"application/pdf; name=documento finale.pdf":                        {typ: "application/pdf", name: "documento finale.pdf"},
		"application/pdf; name=\"a\\\"b.pdf\"":                              {typ: "application/pdf", name: `a"b.pdf`},
		"application/pdf; name*=iso-8859-1'it'citt%E0.pdf":                  {typ: "application/pdf", name: "città.pdf"},
		"application/pdf; name*0*=utf-8''cit; name*1*=t%C3%A0; name*2=.pdf": {typ: "application/pdf", name: "città.pdf"},
		"application/pdf; name=\"=?utf-8?q?citt=C3=A0.pdf?=\"":              {typ: "application/pdf", name: "città.pdf"},
		"application/pdf; name=\"citt\xe0.pdf\"":                            {typ: "application/pdf", name: "città.pdf"},
		"multipart/mixed; boundary=a; boundary=b":                           {typ: "multipart/mixed", delimiter: "--b", ambiguous: true},
		"multipart/mixed; boundary=a; boundary=a":                           {typ: "multipart/mixed", delimiter: "--a"},
		"multipart/mixed; boundary=a; boundary*0=b":                         {typ: "multipart/mixed", delimiter: "--a", ambiguous: true},
		"multipart/mixed; boundary=\"unclosed":                              {typ: "multipart/mixed", delimiter: "--unclosed", ambiguous: true},
		"multipart/mixed;\r\n\tboundary=\"x\"":                              {typ: "multipart/mixed", delimiter: "--x"},
	} {
		var got content
		got.contentType([]byte(in), &mediaRoom{})
		want.declared = true
		if d := cmp.Diff(want, got, cmp.AllowUnexported(content{})); d != "" {
			t.Errorf("%q (-want +got):\n%s", in, d)
		}
	}
}

func TestDecodeText(t *testing.T) {
	for in, want := range map[string]string{
		"ciao": "ciao", "a\r\n b": "a b", "a\n\tb": "a b", "Attivit\xe0": "Attività", "Attività": "Attività",
		"=?utf-8?q?Attivit=C3=A0?= x":   "Attività x",
		"=?iso-8859-1?B?QXR0aXZpdOA=?=": "Attività",
		"=?windows-1252?q?=80?=":        "€",
		"=?utf-8?q?Attivit=E0?=":        "Attività",
		"=?x-klingon?q?a?=":             "a",
		"=?utf-8?q?a?= =?utf-8?q?b?=":   "ab",
		"=?utf-8?x?a?=":                 "=?utf-8?x?a?=",
		"a\x00b\rc\x1b[31m":             "a b c [31m",
	} {
		if got := decodeText(in); got != want {
			t.Errorf("decodeText(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHeaderAutomatic(t *testing.T) {
	for in, want := range map[string]bool{
		"": false, "Auto-Submitted: no": false, "Auto-Submitted: auto-replied (x)": true, "Auto-Submitted: AUTO-GENERATED; a=b": true,
		"Precedence: bulk": true, "Precedence: List": true, "Precedence: first-class": false, "List-Id: <a.b>": true, "List-Unsubscribe: <mailto:a@b.example.org>": true,
		"Return-Path: <>": true, "Return-Path:<a@b.example.org>": false,
	} {
		h := readOuter([]byte("From: a@b.example.org\r\n" + in + "\r\n\r\n"))
		if got := h.header().Automatic(); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}
