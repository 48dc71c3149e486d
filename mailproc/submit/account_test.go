package submit

import (
	"strings"
	"testing"
)

func TestAccountsThatCannotBe(t *testing.T) {
	pass := func() (string, error) { return secret, nil }
	for name, a := range map[string]Account{
		"no address":        {User: desk, Password: pass},
		"no scheme":         {URL: "mail.pec.example.it", User: desk, Password: pass},
		"other scheme":      {URL: "http://mail.pec.example.it", User: desk, Password: pass},
		"password in URL":   {URL: "smtps://desk:pw@mail.pec.example.it", User: desk, Password: pass},
		"path":              {URL: "smtps://mail.pec.example.it/relay", User: desk, Password: pass},
		"query":             {URL: "smtps://mail.pec.example.it?auth=no", User: desk, Password: pass},
		"plaintext abroad":  {URL: "smtp://mail.pec.example.it", User: desk, Password: pass, Plaintext: true},
		"plaintext and TLS": {URL: "smtps://127.0.0.1", User: desk, Password: pass, Plaintext: true},
		"no user":           {URL: "smtps://127.0.0.1", Password: pass},
		"no password":       {URL: "smtps://127.0.0.1", User: desk},
	} {
		if err := a.Check(); err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), "pw") {
			t.Errorf("%s: the error shows the password: %v", name, err)
		}
	}
	for _, a := range []Account{
		{URL: "smtps://mail.pec.example.it/", User: desk, Password: pass},
		{URL: "smtp://mail.pec.example.it", User: desk, Password: pass},
		{URL: "smtp://[::1]:2525", User: desk, Password: pass, Plaintext: true},
		{URL: "smtps://127.0.0.1", NoAuth: true},
	} {
		if err := a.Check(); err != nil {
			t.Errorf("%s: %v", a.URL, err)
		}
	}
}

// TestNoPasswordInTheClear: a server that offers no TLS on smtp:// is not told the password, nor any letter.
func TestNoPasswordInTheClear(t *testing.T) {
	r := &relay{}
	acc := r.start(t)
	acc.Plaintext = false
	_, err := sender(t, acc).Send(t.Context(), compose(t, 1))
	if e, _ := typedOf(err); e == nil || e.Kind != Unreachable || e.Stage != AtHello || !strings.Contains(e.Text, "smtps://") {
		t.Errorf("got %v", err)
	}
	if r.logins != 0 || len(r.got) != 0 {
		t.Errorf("%d logins and %d letters in the clear", r.logins, len(r.got))
	}
}

// TestKindOf: what the codes mean, and where their ranges end.
func TestKindOf(t *testing.T) {
	for _, c := range []struct {
		stage Stage
		code  int
		want  Kind
	}{
		{AtConnect, 554, Unreachable}, {AtHello, 421, Unreachable}, {AtHello, 530, Login},
		{AtLogin, 454, Temporary}, {AtLogin, 499, Temporary}, {AtLogin, 500, Login}, {AtLogin, 535, Login}, {AtLogin, 599, Login}, {AtLogin, 600, Temporary},
		{AtMail, 530, Login}, {AtMail, 503, Temporary}, {AtRcpt, 450, Temporary}, {AtRcpt, 500, Permanent}, {AtData, 599, Permanent}, {AtData, 600, Temporary},
		{AtEnd, 399, Uncertain}, {AtEnd, 400, Temporary}, {AtEnd, 499, Temporary}, {AtEnd, 500, Permanent}, {AtEnd, 503, Temporary}, {AtEnd, 600, Uncertain},
	} {
		if got := kindOf(c.stage, c.code); got != c.want {
			t.Errorf("%d at %s is %s, want %s", c.code, c.stage, got, c.want)
		}
	}
}
