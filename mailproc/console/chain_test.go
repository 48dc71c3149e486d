package console

import (
	"context"
	"errors"
	"net/http"
	"testing"
)

// brokenChain is a desk whose journal somebody wrote in.
type brokenChain struct{ *fakeDesk }

func (brokenChain) Verify(context.Context) (uint64, error) {
	return 0, errors.New("entry 7: its hash is another")
}

// Whoever finds that the journal was changed is told what to do with it.
func TestABrokenChainIsSaid(t *testing.T) {
	o := newOffice(t, func(opt *Options) { opt.Desk = brokenChain{opt.Desk.(*fakeDesk)} })
	o.visit("anna").post("/log/verify", nil).want(t, http.StatusInternalServerError, "Il giornale NON è integro: entry 7: its hash is another.", "la cartella dei dati va lasciata com&#39;è")
}
