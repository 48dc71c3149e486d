package pec

import (
	"bytes"
	"net/mail"
	"strings"
	"time"
)

// outerHeader is the header of a message, its fields as they stand.
type outerHeader struct {
	from, to, subject, messageID, inReplyTo, references once
	reference, returnPath, trasporto, ricevuta          once
	autoSubmitted, precedence, listID, date             once

	bareLF bool // a line ends with LF by itself
}

// readOuter takes the fields that matter; of those given twice the first.
func readOuter(block []byte) outerHeader {
	var h outerHeader
	text := string(block) // the values are parts of it
	h.bareLF = bytes.Count(block, []byte("\n")) != bytes.Count(block, lineEnd)
	eachField(block, func(name []byte, from, to int) {
		for _, f := range outerFields {
			if len(f.name) != len(name) || !equalFold(name, f.name) {
				continue
			}
			place := f.place(&h)
			place.count++
			if place.count == 1 {
				place.value = text[from:to]
			}
			return
		}
	})
	return h
}

// once is a field that should be given once: its first value, and how often it is there.
type once struct {
	value string
	count int
}

func (o *once) text() string { return unfold(o.value) }

// outerFields says where each field is kept.
var outerFields = []struct {
	name  string
	place func(*outerHeader) *once
}{
	{"from", func(h *outerHeader) *once { return &h.from }},
	{"to", func(h *outerHeader) *once { return &h.to }},
	{"date", func(h *outerHeader) *once { return &h.date }},
	{"subject", func(h *outerHeader) *once { return &h.subject }},
	{"message-id", func(h *outerHeader) *once { return &h.messageID }},
	{"in-reply-to", func(h *outerHeader) *once { return &h.inReplyTo }},
	{"references", func(h *outerHeader) *once { return &h.references }},
	{"return-path", func(h *outerHeader) *once { return &h.returnPath }},
	{"x-trasporto", func(h *outerHeader) *once { return &h.trasporto }},
	{"x-ricevuta", func(h *outerHeader) *once { return &h.ricevuta }},
	{"x-riferimento-message-id", func(h *outerHeader) *once { return &h.reference }},
	{"auto-submitted", func(h *outerHeader) *once { return &h.autoSubmitted }},
	{"precedence", func(h *outerHeader) *once { return &h.precedence }},
	{"list-id", func(h *outerHeader) *once { return &h.listID }},
	{"list-unsubscribe", func(h *outerHeader) *once { return &h.listID }},
}

// header decodes the fields for people.
func (h *outerHeader) header() Header {
	out := Header{
		From: decodeText(h.from.value), To: decodeText(h.to.value), Subject: decodeText(h.subject.value),
		MessageID: bareID(h.messageID.text()), InReplyTo: firstID(h.inReplyTo.text()),
		References: idList(h.references.text()), Reference: bareID(h.reference.text()),
		Trasporto: lowerToken(h.trasporto.value), Ricevuta: lowerToken(h.ricevuta.value),
		AutoSubmitted: lowerToken(h.autoSubmitted.value), Precedence: lowerToken(h.precedence.value),
		ListID: strings.ToLower(decodeText(h.listID.value)), Date: parseDate(h.date.text()),
	}
	if h.returnPath.count > 0 {
		if out.ReturnPath = bareID(h.returnPath.text()); out.ReturnPath == "" {
			out.ReturnPath = "<>"
		}
	}
	return out
}

// bareID is a Message-ID without angle brackets and blanks.
func bareID(s string) string {
	if strings.ContainsAny(s, " \t\r\n") {
		s = strings.Join(strings.Fields(s), "")
	}
	return strings.TrimSuffix(strings.TrimPrefix(s, "<"), ">")
}

func firstID(s string) string {
	if ids := idList(s); len(ids) > 0 {
		return ids[0]
	}
	return ""
}

// maxReferences bounds the References kept; the last ones are the nearest.
const maxReferences = 100

// idList reads the Message-IDs of a References field, in order, without angle brackets.
func idList(s string) []string {
	var out []string
	for s != "" {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			break
		}
		s = s[i+1:]
		j := strings.IndexByte(s, '>')
		if j < 0 {
			break
		}
		if id := bareID(s[:j]); id != "" {
			if len(out) == 2*maxReferences {
				out = out[:copy(out, out[maxReferences:])]
			}
			out = append(out, id)
		}
		s = s[j+1:]
	}
	return out[max(0, len(out)-maxReferences):]
}

// parseDate reads a Date field; zero when it cannot be read.
func parseDate(s string) time.Time {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}
	}
	for _, layout := range []string{"Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	t, err := mail.ParseDate(s)
	if err != nil {
		return time.Time{}
	}
	return t
}
