package console

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"sportello/rules"
)

// printPage is the fascicolo: everything about a case with its proofs, for
// paper or PDF.
func (c *Console) printPage(w http.ResponseWriter, r *http.Request) {
	d, err := c.desk.Case(r.Context(), r.PathValue("id"))
	if err != nil {
		c.failedPage(w, r, err)
		return
	}
	v := c.caseView(r, d, nil, "")
	v.Print = true
	slices.Reverse(v.Timeline)
	c.show(w, r, http.StatusOK, "print", "print.title", v)
}

//go:embed export.txt
var exportReadme string

// export is a case as a zip that proves itself without this program.
func (c *Console) export(w http.ResponseWriter, r *http.Request) {
	d, err := c.desk.Case(r.Context(), r.PathValue("id"))
	if err != nil {
		c.failedExport(w, r, err)
		return
	}
	saveAs(w, "fascicolo-"+d.Case.ID+".zip")
	w.Header().Set("Content-Type", "application/zip")
	z := zip.NewWriter(w)
	if err := errors.Join(c.exportInto(r, z, d), z.Close()); err != nil {
		c.log.Error("export", "case", d.Case.ID, "error", err)
	}
}

// exportMany is the dossiers of every case that passes the filters of a query:
// of one mailbox, it answers a customer who asks what is kept of him.
func (c *Console) exportMany(w http.ResponseWriter, r *http.Request) {
	q, err := ParseQuery(r)
	if err != nil {
		fail(w, http.StatusBadRequest, err)
		return
	}
	q.Limit, q.After = 200, ""
	list, err := c.desk.Cases(r.Context(), q)
	if err != nil {
		failed(w, err)
		return
	}
	saveAs(w, "fascicoli.zip")
	w.Header().Set("Content-Type", "application/zip")
	z := zip.NewWriter(w)
	for {
		for _, x := range list.Cases {
			d, err := c.desk.Case(r.Context(), x.ID)
			if err == nil {
				err = c.exportInto(r, z, d)
			}
			if err != nil {
				c.breakOff("export", fmt.Errorf("case %s: %w", x.ID, err))
			}
		}
		if q.After = list.Next; q.After == "" {
			break
		}
		if list, err = c.desk.Cases(r.Context(), q); err != nil {
			c.breakOff("export", err)
		}
	}
	if err := z.Close(); err != nil {
		c.log.Error("export", "error", err)
	}
}

// breakOff ends an answer that has begun and cannot be whole: its connection
// breaks, so that nobody takes a part for the whole.
func (c *Console) breakOff(what string, err error) {
	c.log.Error(what, "error", err)
	panic(http.ErrAbortHandler)
}

func (c *Console) failedExport(w http.ResponseWriter, r *http.Request, err error) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		failed(w, err)
		return
	}
	c.failedPage(w, r, err)
}

// exportInto adds the folder of a case; where something of it cannot be read,
// with what can, and a file that says so.
func (c *Console) exportInto(r *http.Request, to *zip.Writer, d *rules.Detail) error {
	ctx := r.Context()
	z := &bundle{zip: to, at: c.now(), folder: "fascicolo-" + d.Case.ID + "/"}
	err := errors.Join(c.exportMessages(ctx, z, d), c.exportJournal(ctx, z, d), c.exportCase(z, d), c.exportTrust(ctx, z))
	if ctx.Err() != nil {
		return ctx.Err() // the reader is gone
	}
	if err != nil {
		_ = z.add("INCOMPLETO.txt", []byte("Il fascicolo non è completo: qualcosa non si è potuto leggere. Lo si esporti di nuovo.\n"))
	}
	readme := fmt.Sprintf(exportReadme, d.Case.ID, c.now().In(c.desk.Rules().Calendar.Zone).Format(time.RFC3339), AuthorOf(r), d.Case.Messages[0], proofOfDelivery(d))
	_ = z.add("LEGGIMI.txt", []byte(readme))
	_ = z.add("SHA256SUMS", z.sums.Bytes())
	return err
}

// delivery tells how the delivery of an answer is proved from the dossier.
const delivery = `  5. Che la risposta fu consegnata: la ricevuta di avvenuta consegna è firmata dal gestore come la richiesta
       openssl smime -verify -in ricevute/%[1]d.eml -CAfile roots.pem -purpose any -out consegna.txt
     e nomina in <msgid> il Message-ID della lettera; dice anche a chi (<consegna>), il giorno e l'ora.
       grep "^Message-ID" lettere/%[2]d-%[3]s.txt
       grep -E "tipo=|<msgid|<giorno|<ora>|<consegna" ricevute/%[1]d-daticert.xml
     Il testo consegnato è nella stessa parte firmata, in postacert.eml.
`

// proofOfDelivery is how to prove that the last letter that was delivered was;
// "" where none was.
func proofOfDelivery(d *rules.Detail) string {
	for _, l := range slices.Backward(d.Case.Letters) {
		for _, r := range l.Receipts {
			if n := d.Message(l.N, r); n != 0 && r.Kind == rules.ReceiptDelivered {
				return fmt.Sprintf(delivery, n, l.N, fileName(l.Name))
			}
		}
	}
	return ""
}

// bundle is a zip with the sums of what is in it.
type bundle struct {
	zip    *zip.Writer
	at     time.Time
	folder string
	sums   bytes.Buffer
}

func (b *bundle) add(name string, data []byte) error { return b.copy(name, bytes.NewReader(data)) }

func (b *bundle) copy(name string, r io.Reader) error {
	w, err := b.zip.CreateHeader(&zip.FileHeader{Name: b.folder + name, Method: zip.Deflate, Modified: b.at})
	if err != nil {
		return err
	}
	h := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w, h), r); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	fmt.Fprintf(&b.sums, "%s  %s\n", hex.EncodeToString(h.Sum(nil)), name)
	return nil
}

// exportMessages adds the raw bytes of the request, of what joined it and of
// every receipt, as the mailbox gave them.
func (c *Console) exportMessages(ctx context.Context, z *bundle, d *rules.Detail) error {
	kinds := map[uint64]string{}
	for _, m := range d.Case.Messages {
		kinds[m] = "messaggi"
	}
	for i := range d.Events {
		if e := &d.Events[i]; e.Message != 0 && e.Receipt != nil {
			kinds[e.Message] = "ricevute"
		}
	}
	ids := make([]uint64, 0, len(kinds))
	for id := range kinds {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var all error
	for _, id := range ids {
		m, err := c.desk.Message(ctx, id)
		if err == nil && m.Erased() {
			gone := fmt.Sprintf("Il messaggio %d (SHA-256 %s) non è più nell'archivio: %s.\n", id, m.Digest, c.views["it"].words("status."+m.Status))
			all = errors.Join(all, z.add(fmt.Sprintf("%s/%d-cancellato.txt", kinds[id], id), []byte(gone)))
			continue
		}
		var raw io.ReadCloser
		if err == nil {
			raw, err = c.desk.Raw(ctx, id)
		}
		if err != nil {
			all = errors.Join(all, fmt.Errorf("message %d: %w", id, err))
			continue
		}
		all = errors.Join(all, z.copy(fmt.Sprintf("%s/%d.eml", kinds[id], id), raw))
		raw.Close()
		all = errors.Join(all, c.exportDaticert(ctx, z, kinds[id], id))
	}
	return all
}

// exportDaticert adds the certification data of an envelope or a receipt as
// they read: in the message they are encoded. One that the customer's own
// message holds is not the provider's.
func (c *Console) exportDaticert(ctx context.Context, z *bundle, folder string, id uint64) error {
	raw, err := c.desk.Raw(ctx, id)
	if err != nil {
		return fmt.Errorf("message %d: %w", id, err)
	}
	defer raw.Close()
	_ = walk(raw, func(p Part, content io.Reader) error { // what cannot be read has no such part; its bytes are there
		if p.Original || p.Name != "daticert.xml" {
			return nil
		}
		err = z.copy(fmt.Sprintf("%s/%d-daticert.xml", folder, id), content)
		return errDone
	})
	return err
}

// exportJournal adds the entries of the case: for people as JSON lines, and
// each as the bytes its hash is made of.
func (c *Console) exportJournal(ctx context.Context, z *bundle, d *rules.Detail) error {
	var lines, hashes bytes.Buffer
	enc := json.NewEncoder(&lines)
	for i := range d.Events {
		e := &d.Events[i]
		if err := enc.Encode(struct {
			*rules.Event
			Private *rules.Private `json:"private_part,omitempty"`
		}{e, e.Private}); err != nil {
			return err
		}
		if c.opt.Entry == nil {
			continue
		}
		x, err := c.opt.Entry(ctx, e.Seq)
		if err != nil {
			return fmt.Errorf("journal entry %d: %w", e.Seq, err)
		}
		name := fmt.Sprintf("giornale/%08d.bin", e.Seq)
		if err := z.add(name, append(x.Before[:], x.Public...)); err != nil {
			return err
		}
		fmt.Fprintf(&hashes, "%s  %s\n", hex.EncodeToString(x.Hash[:]), name)
	}
	if hashes.Len() > 0 {
		if err := z.add("giornale/HASHES", hashes.Bytes()); err != nil {
			return err
		}
	}
	return z.add("giornale.jsonl", lines.Bytes())
}

func (c *Console) exportCase(z *bundle, d *rules.Detail) error {
	raw, err := json.MarshalIndent(d.Case, "", "  ")
	if err != nil {
		return err
	}
	for _, l := range d.Case.Letters {
		text := fmt.Sprintf("To: %s\nSubject: %s\nMessage-ID: <%s>\n\n%s", l.To, l.Subject, l.MessageID, l.Text)
		if err := z.add(fmt.Sprintf("lettere/%d-%s.txt", l.N, fileName(l.Name)), []byte(text)); err != nil {
			return err
		}
	}
	return z.add("pratica.json", append(raw, '\n'))
}

func (c *Console) exportTrust(ctx context.Context, z *bundle) error {
	if c.opt.Trust == nil {
		return nil
	}
	t, err := c.opt.Trust(ctx)
	if err != nil || len(t.RootsPEM) == 0 {
		return err
	}
	return z.add("roots.pem", t.RootsPEM)
}
